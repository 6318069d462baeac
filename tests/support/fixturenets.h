// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nets of the OFA fixtures with the weights and inputs of the fixtures' rule.
#pragma once

#include "fixturespaces.h"

#include "engine/engine.h"
#include "space/keys.h"

#include <algorithm>

namespace testing {

/// One engine for a whole test program: it is never unloaded.
inline paretoscope::Engine& engine()
{
    static const auto engine = paretoscope::openEngine({1, "cpu"}); // tests run side by side
    return *engine;
}

inline paretoscope::Tensor fixtureTensor(const paretoscope::WeightKey& key)
{
    using namespace paretoscope;
    std::int64_t n = 1;
    for (const auto d : key.shape)
        n *= d;
    if (key.dtype == "int64") {
        const auto zero = std::make_shared<Bytes>(static_cast<std::size_t>(n) * sizeof(std::int64_t));
        return Tensor(DType::I64, key.shape, *zero, zero);
    }
    std::vector<float> values(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = fixtureWeight(key.name, key.shape, i);
    return Tensor::fromFloats(key.shape, values);
}

inline paretoscope::StateDict fixtureWeights(const paretoscope::SearchSpace& space)
{
    paretoscope::StateDict weights;
    for (const auto& key : paretoscope::supernetKeys(space))
        weights.add(key.name, fixtureTensor(key));
    return weights;
}

/// float32(2·(2u − 1)) of the tag, or with another scale.
inline paretoscope::Tensor fixtureInput(const std::string& tag, const paretoscope::Shape& shape, double scale = 2)
{
    std::int64_t n = 1;
    for (const auto d : shape)
        n *= d;
    std::vector<float> values(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(scale * (2 * fixtureUniform(tag, i) - 1));
    return paretoscope::Tensor::fromFloats(shape, values);
}

/// The subnet of a case: `arch` and, where it stands there, `image_size`.
inline paretoscope::Subnet fixtureSubnet(const paretoscope::SearchSpace& space, const paretoscope::Json& entry)
{
    using namespace paretoscope;
    auto genotype = genotypeFromJson(JsonView(entry.at("arch"), "arch"));
    genotype.resolution = entry.value("image_size", space.resolutions.back());
    return subnetFromGenotype(space, genotype, "arch", ResolutionRule::Any);
}

inline double largestDifference(const std::vector<double>& a, const std::vector<double>& b)
{
    double largest = a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, std::isfinite(a[i]) ? std::abs(a[i] - b[i]) : std::numeric_limits<double>::infinity());
    return largest;
}

inline std::vector<double> doublesOf(const paretoscope::Json& list) { return list.get<std::vector<double>>(); }

} // namespace testing

#define QVERIFY_CLOSE(found, expected, tolerance)                                                                      \
    do {                                                                                                               \
        const double difference = testing::largestDifference(found, expected);                                         \
        QVERIFY2(difference <= (tolerance), qPrintable(QStringLiteral("differs by %1, allowed %2").arg(difference).arg(tolerance)));  \
    } while (false)

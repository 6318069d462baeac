// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The predictor fixtures of the reference implementation, and predictors with formula weights.
#pragma once

#include "support.h"

#include "predict/mlpweights.h"
#include "predict/predictorfile.h"
#include "space/sampling.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

#include <QTest>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace testing {

using namespace paretoscope;

struct FixtureGroup {
    const char* key;
    const char* space;
    EncodingKind kind;
};

inline const std::vector<FixtureGroup>& fixtureGroups()
{
    static const std::vector<FixtureGroup> groups{
        {"mbv3_r4", "ofa-mbv3-w1.0", EncodingKind::OfaNas},
        {"mbv3_r25", "ofa-mbv3-w1.0", EncodingKind::OfaNas},
        {"mbv2_r4", "ofa-proxyless-w1.3", EncodingKind::OfaNas},
        {"resnet_r8", "ofa-resnet50", EncodingKind::OfaNasResNet},
        {"tutorial_128", "ofa-mbv3-w1.2", EncodingKind::Tutorial128},
    };
    return groups;
}

inline const Json& predictorFixtures()
{
    static const Json json = readJsonFile(referenceDir() / "fixtures/ofa/predictor_and_latency.json");
    return json;
}

inline std::vector<int> fixtureResolutions(const FixtureGroup& group)
{
    const auto& g = predictorFixtures()[group.key];
    return g.contains("image_size_list") ? g["image_size_list"].get<std::vector<int>>() : tutorialResolutions();
}

inline Encoding fixtureEncoding(const FixtureGroup& group)
{
    return Encoding(group.kind, builtInSpace(group.space), fixtureResolutions(group), group.key);
}

/// The subnet of a case; the tutorial's cases hold the resolution beside the architecture.
inline Subnet fixtureSubnet(const Json& c, const SearchSpace& space)
{
    Json arch = c["arch"];
    if (c.contains("r"))
        arch["r"] = c["r"];
    return subnetFromGenotype(space, genotypeFromJson(JsonView(arch, "fixture")), "fixture", ResolutionRule::Any);
}

/// Tensors of the published shape, 3 hidden layers of `width`, by the fixtures' formula.
inline StateDict formulaTensors(MlpLayout layout, int inputs, int width = 400)
{
    std::vector<std::pair<std::string, Shape>> keys;
    for (int i = 0; i < 3; ++i) {
        const auto stem =
            layout == MlpLayout::Sequential ? std::to_string(2 * i) : "layers." + std::to_string(i) + ".0";
        keys.push_back({stem + ".weight", {width, i == 0 ? inputs : width}});
        keys.push_back({stem + ".bias", {width}});
    }
    if (layout == MlpLayout::Sequential) {
        keys.push_back({"6.weight", {1, width}});
        keys.push_back({"6.bias", {1}});
    } else {
        keys.push_back({"layers.3.weight", {1, width}});
        keys.push_back({"base_acc", {}});
    }
    StateDict tensors;
    for (const auto& [key, shape] : keys) {
        std::size_t n = 1;
        for (const auto d : shape)
            n *= static_cast<std::size_t>(d);
        std::vector<float> values(n);
        for (std::size_t i = 0; i < n; ++i)
            values[i] = fixtureWeight(key, shape, i);
        tensors.add(key, Tensor::fromFloats(shape, values));
    }
    return tensors;
}

inline MlpLayout layoutOf(const FixtureGroup& group)
{
    return group.kind == EncodingKind::Tutorial128 ? MlpLayout::Sequential : MlpLayout::OfaNas;
}

/// The tensors with some replaced (or added), and some left out.
inline StateDict changed(
    const StateDict& tensors, const std::map<std::string, Tensor>& replaced, const std::string& without = {})
{
    StateDict result;
    for (const auto& t : tensors.tensors()) {
        const auto other = replaced.find(t.name);
        if (t.name != without)
            result.add(t.name, other == replaced.end() ? t.tensor : other->second);
    }
    for (const auto& [name, tensor] : replaced)
        if (!tensors.find(name))
            result.add(name, tensor);
    return result;
}

inline std::vector<Subnet> randomSubnets(
    const SearchSpace& space, std::size_t n, std::uint64_t seed, const std::vector<int>& resolutions)
{
    Random random(seed);
    std::vector<Subnet> list;
    for (std::size_t i = 0; i < n; ++i)
        list.push_back(uniformSubnet(space, random, resolutions[random.below(resolutions.size())]));
    return list;
}

constexpr const char* kRealPredictor = "real/once-for-all/acc_predictor.pth";

} // namespace testing

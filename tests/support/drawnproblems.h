// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search problems without files: a predictor with drawn effects and devices with made-up but sensible costs.
#pragma once

#include "base/random.h"
#include "fixturespaces.h"
#include "search/problem.h"
#include "space/accounting.h"

namespace testing {

inline paretoscope::AdditiveCoefficients drawnCoefficients(const paretoscope::SearchSpace& space, const std::vector<int>& resolutions, bool stageTerms, std::uint64_t seed)
{
    paretoscope::Random random(seed);
    paretoscope::AdditiveCoefficients c;
    c.resolutions = resolutions;
    for (std::size_t i = 0; i < resolutions.size(); ++i)
        c.offsets.push_back(static_cast<float>(0.55 + 0.02 * static_cast<double>(i)));
    const auto plain = paretoscope::additiveColumns(space, false), all = paretoscope::additiveColumns(space, stageTerms);
    for (std::size_t i = 0; i < all; ++i) // effects of a block's choices; terms of second order are small
        c.effects.push_back(static_cast<float>((i < plain ? 0.006 : 0.0002) * (random.uniform() - 0.2)));
    c.stageTerms = stageTerms;
    return c;
}

inline paretoscope::AccuracyPredictor drawnPredictor(const paretoscope::SearchSpace& space, const std::vector<int>& resolutions, bool stageTerms, std::uint64_t seed = 1)
{
    return {std::make_shared<const paretoscope::AdditivePredictor>(drawnCoefficients(space, resolutions, stageTerms, seed), space, "drawn"), {}};
}

/// Milliseconds that are no multiple of MACs: a constant for each block and a price that differs from block to block.
inline paretoscope::CostTable drawnLatency(const std::shared_ptr<const paretoscope::Parts>& parts, const std::vector<int>& resolutions, std::uint64_t seed, double perMac = 5e-8)
{
    return paretoscope::CostTable::make(parts, resolutions, [=](std::size_t part, int variant, const paretoscope::Block& b, int size) {
        const auto mixed = paretoscope::mix64(seed * 1000003 + part * 131 + static_cast<std::size_t>(variant));
        const double price = 0.5 + static_cast<double>(mixed >> 11) * 0x1p-53;
        return 0.05 + perMac * price * static_cast<double>(account(b, size).macs);
    });
}

inline paretoscope::SearchDevice drawnDevice(const std::string& id, const std::shared_ptr<const paretoscope::Parts>& parts, const std::vector<int>& resolutions, std::uint64_t seed)
{
    paretoscope::SearchDevice d;
    d.id = id;
    d.latencyMs.push_back(drawnLatency(parts, resolutions, seed));
    auto energy = drawnLatency(parts, resolutions, seed + 1, 2e-8).values();
    for (double& e : energy)
        e *= 1e-3;
    d.energyJ.emplace_back(parts, resolutions, std::move(energy));
    d.co2eGPerMillionPerJ = 150;
    return d;
}

inline const std::vector<int> kResolutions{128, 160, 192, 224};

inline paretoscope::SearchProblem drawnProblem(const std::string& net, bool stageTerms, std::vector<int> resolutions = kResolutions, std::size_t devices = 1)
{
    const auto parts = std::make_shared<const paretoscope::Parts>(fixtureSpace(net));
    std::vector<paretoscope::SearchDevice> list;
    for (std::size_t i = 0; i < devices; ++i)
        list.push_back(drawnDevice("device-" + std::to_string(i + 1), parts, resolutions, 7 + 10 * i));
    return {parts, drawnPredictor(parts->space(), resolutions, stageTerms), std::move(list)};
}

/// Calls body(subnet) for every allowed subnet, one by one.
template <typename Body>
void forEveryAllowed(const paretoscope::SearchSpace& space, const paretoscope::AllowedChoices& allowed, Body body)
{
    const auto stages = static_cast<int>(space.stages.size());
    std::vector<std::vector<std::uint64_t>> indices; // of the configurations that are allowed, by stage
    paretoscope::Subnet probe = allowed.repaired(space.smallest());
    for (int stage = 0; stage < stages; ++stage) {
        indices.emplace_back();
        auto s = probe;
        for (std::uint64_t i = 0; i < space.stageConfigurations(stage); ++i) {
            space.setStage(s, stage, i);
            if (allowed.allows(s))
                indices.back().push_back(i);
        }
    }
    const auto visit = [&](auto&& self, paretoscope::Subnet& s, int stage) -> void {
        if (stage == stages)
            return body(static_cast<const paretoscope::Subnet&>(s));
        for (const auto i : indices[static_cast<std::size_t>(stage)]) {
            space.setStage(s, stage, i);
            self(self, s, stage + 1);
        }
    };
    const auto widths = [&](auto&& self, paretoscope::Subnet& s, int gene) -> void {
        if (gene == space.widthGenes())
            return visit(visit, s, 0);
        for (int w = 0; w < space.widthChoices(); ++w) {
            s.width[static_cast<std::size_t>(gene)] = static_cast<std::uint8_t>(w);
            self(self, s, gene + 1);
        }
    };
    for (const int r : allowed.resolutions()) {
        auto s = probe;
        s.resolution = static_cast<std::uint16_t>(r);
        if (!space.isResNet()) {
            widths(widths, s, 0);
            continue;
        }
        for (const auto d : allowed.depths(0)) {
            s.depth[0] = d;
            widths(widths, s, 0);
        }
    }
}

} // namespace testing

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Problems for tests of solvers that need no reference material: formula weights, MACs and a made-up device.
#pragma once

#include "../predict/predictorfixtures.h"

#include "predict/mlp.h"
#include "search/problem.h"

#include <memory>
#include <vector>

namespace testing {

/// A small MLP with formula weights; rugged, since its weights are noise.
inline AccuracyPredictor ruggedPredictor(const SearchSpace& space, const std::vector<int>& resolutions, int width = 24)
{
    const Encoding encoding(EncodingKind::OfaNas, space, resolutions, "formula");
    return {std::make_shared<const MlpPredictor>(
                formulaTensors(MlpLayout::OfaNas, encoding.inputs(), width), encoding, "formula"),
        {}};
}

inline AccuracyPredictor additivePredictor(const SearchSpace& space, const std::vector<int>& resolutions)
{
    AdditiveCoefficients c;
    c.resolutions = resolutions;
    for (std::size_t i = 0; i < resolutions.size(); ++i)
        c.offsets.push_back(0.6f + 0.02f * static_cast<float>(i));
    const auto columns = additiveColumns(space, false);
    for (std::size_t i = 0; i < columns; ++i)
        c.effects.push_back(static_cast<float>(0.004 * fixtureUniform("effects", i)));
    return {std::make_shared<const AdditivePredictor>(c, space, "formula"), {}};
}

/// Latencies that follow the MACs, with a share of noise for each part.
inline SearchDevice noisyDevice(
    const std::shared_ptr<const Parts>& parts, const std::vector<int>& resolutions, const char* id = "noisy")
{
    const auto macs = CostTable::macs(parts, resolutions);
    auto values = macs.values();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] *= 1e-7 * (0.5 + fixtureUniform(id, i));
    return {id, {CostTable(parts, resolutions, std::move(values))}, {}, 0, 1};
}

inline SearchProblem ruggedProblem(const std::vector<int>& resolutions = {160, 192})
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    return {parts, ruggedPredictor(parts->space(), resolutions), {noisyDevice(parts, resolutions)}};
}

/// 12 configurations a stage, 248,832 subnets at one resolution.
inline Choices fewChoices(std::vector<int> depths = {2, 3})
{
    Choices c;
    c.kernels = {3};
    c.expansions = {3, 6};
    c.depths = std::move(depths);
    return c;
}

/// Every subnet of a task whose choices are few, at one resolution after the other.
inline std::vector<Subnet> allSubnets(const SearchTask& task)
{
    const auto& space = task.problem->space();
    std::vector<Subnet> all;
    for (const int r : task.resolutions()) {
        std::vector<Subnet> some{Subnet{}};
        some.front().resolution = static_cast<std::uint16_t>(r);
        for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage) {
            const auto& spec = space.stages[static_cast<std::size_t>(stage)];
            const auto gene = static_cast<std::size_t>(space.depthGene(stage));
            std::vector<Subnet> longer;
            for (const auto depth : task.allowed.depths(static_cast<int>(gene))) {
                auto deeper = some;
                for (auto& s : deeper)
                    s.depth[gene] = depth;
                for (int b = 0; b < spec.baseDepth + depth; ++b) {
                    std::vector<Subnet> next;
                    for (const auto& s : deeper)
                        for (const auto op : task.allowed.ops(spec.firstSlot + b)) {
                            next.push_back(s);
                            next.back().op[static_cast<std::size_t>(spec.firstSlot + b)] = op;
                        }
                    deeper = std::move(next);
                }
                longer.insert(longer.end(), deeper.begin(), deeper.end());
            }
            some = std::move(longer);
        }
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace testing

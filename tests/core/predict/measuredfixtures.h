// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measured nets: the published ones with their runs told apart, and made-up ones of a known truth.
#pragma once

#include "predictorfixtures.h"

#include "predict/heldout.h"
#include "predict/runs.h"

#include <cmath>

namespace testing {

constexpr const char* kMeasured = "real/measured/ofa_mbv3_w1.0_imagenet_top1.csv";

/// The published measurements; the four runs of the random ones as groups of their own.
inline std::vector<Sample> measuredSamples(const SearchSpace& space)
{
    auto samples = readSamples(referenceDir() / kMeasured, space);
    splitRuns(samples, {"moofa_random", {0, 503, 1006, 1497}}, "measured");
    return samples;
}

struct Truth {
    double noise = 0.05; // percentage points
    double interaction = 0.5; // strength of what no additive score can say
};

/// Quadratic in 1/r, in percent.
inline double madeUpLevel(int r) { return 80 - 800.0 / r - 60'000.0 / (static_cast<double>(r) * r); }

/// Nets drawn as the reference draws, with an accuracy of about the size of real ones.
inline std::vector<Sample> madeUpSamples(
    const SearchSpace& space, std::size_t n, const std::vector<int>& resolutions, Truth truth = {}, std::uint64_t seed = 7)
{
    Random random(seed);
    PythonRandom reference(seed);
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < n; ++i) {
        Sample s;
        s.subnet = referenceSubnet(space, reference, resolutions[random.below(resolutions.size())]);
        double sum = 0, kernels = 0, expansions = 0;
        int blocks = 0;
        for (int slot = 0; slot < space.slotCount(); ++slot)
            if (const auto op = s.subnet.op[static_cast<std::size_t>(slot)]) {
                const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(slot))];
                sum += 0.1 + 0.02 * (slot % 3) + 0.01 * stage.kernelOf(op) + 0.03 * stage.expansionOf(op);
                kernels += stage.kernelOf(op);
                expansions += stage.expansionOf(op);
                ++blocks;
            }
        const double curve = truth.interaction * 0.02 * (kernels / blocks - 5) * (expansions - 4.3 * blocks);
        const double noise = truth.noise * std::sqrt(12.0) * (random.uniform() - 0.5);
        s.top1Percent = madeUpLevel(s.subnet.resolution) - 4 + sum + curve + noise;
        samples.push_back(s);
    }
    return samples;
}

/// Deals the samples out to runs "run a", "run b", … and shifts each.
inline void shiftRuns(std::vector<Sample>& samples, const std::vector<double>& shiftPercent)
{
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto run = i % shiftPercent.size();
        samples[i].group = std::string("run ") + static_cast<char>('a' + run);
        samples[i].top1Percent += shiftPercent[run];
    }
}

} // namespace testing

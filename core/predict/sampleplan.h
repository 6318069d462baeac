// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which subnets to measure, so that a predictor can be fitted to some of them, its bands found on others and its error on
// the rest.
#pragma once

#include "predict/samples.h"
#include "space/network.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace paretoscope {

inline constexpr const char* kTrainMark = "train";
inline constexpr const char* kCalibrationMark = "calibration";
inline constexpr const char* kHeldOutMark = "held-out";

struct SamplePlan {
    std::size_t count = 0;
    std::uint64_t seed = 1;
    double calibration = 0.2; // share of the samples
    double heldOut = 0.35;
};

/// Distinct subnets, resolutions in turn: of each the smallest and the largest first (to train on, so that nothing lies
/// outside), then spread evenly over MACs. Marks are drawn sample by sample, so that a longer plan begins with a shorter
/// one. The accuracies are 0.
/// @throws ValueError when the space has not so many subnets, or the shares leave nothing to train on.
std::vector<Sample> planSamples(const std::shared_ptr<const Parts>& parts, const SamplePlan& plan);

/// Samples by their marks.
struct MarkedSamples {
    std::vector<Sample> train, calibration, heldOut;
    /// Nothing where a sample has another mark or none, or a part would be empty.
    static std::optional<MarkedSamples> of(std::span<const Sample> samples);
};

} // namespace paretoscope

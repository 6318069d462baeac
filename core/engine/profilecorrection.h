// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How well sums over blocks meet measured nets, and what is added to them where that helps.
#pragma once

#include "device/device.h"
#include "space/costtable.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// A net that was run as a whole.
struct MeasuredNet {
    Subnet subnet;
    double measuredMs = 0;
    double predictedMs = 0; // by a correction that had not seen it, where one is used
};

/// Whole net = fixedMs + factor × sum of its blocks.
struct OverheadCorrection {
    double fixedMs = 0;
    double factor = 1;
    bool operator==(const OverheadCorrection&) const = default;
};

/// "whole net = 0.3 ms + 1.2 × the sum of its blocks"
std::string describe(const OverheadCorrection& correction);

/// The corrected sums as a table: the fixed part stands with the classifier, which every net has.
CostTable corrected(const CostTable& table, const OverheadCorrection& correction);

struct Validation {
    std::vector<MeasuredNet> nets;
    std::optional<OverheadCorrection> correction; // fitted to all nets
    std::optional<DeviceError> plainError;        // of the sums as they are; none without nets
    std::optional<DeviceError> error;             // of what is used; with a correction, of five folds held out
    std::vector<std::string> warnings;            // for whoever reads a figure of the device
};

/// `nets` have what was measured. Tries a factor, then a factor and a fixed part, and keeps the simplest that no other
/// clearly betters on held-out folds. @throws ValueError when the table lacks a resolution.
Validation validate(const CostTable& table, std::vector<MeasuredNet> nets);

/// What "additive" must mean for a table to be used without reserve.
inline constexpr double kProfileLeastR2 = 0.95;
inline constexpr double kProfileMostMapePercent = 10;
inline constexpr double kProfileLeastTau = 0.9;

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Split-conformal intervals: how far a predictor was off on nets that it was not fitted to says how far it may be off
// on the next one, whatever the distribution (Vovk et al. 2005; Lei et al., JASA 2018, §2.2).
#pragma once

#include "base/json.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// One net of the calibration set.
struct Residual {
    int resolution = 0;
    double percent = 0; // measured minus predicted top-1
    bool operator==(const Residual&) const = default;
};

/// Half-widths of symmetric intervals for each resolution. A resolution with too few calibration nets takes the pooled
/// width, and says so.
struct ConformalBands {
    struct Row {
        int resolution = 0;
        int nets = 0;
        double halfWidthPercent = 0;
        bool pooled = false;
        /// Measured share, in percent, of the nets of a group that the band covers when the group was left out of both
        /// fit and band.
        std::optional<double> coveragePercent;
        std::string basis; // words on where the width is from, if not from nets of this resolution
        bool operator==(const Row&) const = default;
    };
    double level = 0.9;
    std::vector<Row> rows; // by resolution, ascending; empty when even all nets together were too few
    std::optional<double> pooledHalfWidthPercent;
    int nets = 0;

    /// Nothing when there were too few nets.
    std::optional<double> halfWidthPercent(int resolution) const;
    /// "90 % split-conformal, 96 nets at 192" or "… pooled over 300 nets (7 at 176)"; empty without an interval.
    std::string describe(int resolution) const;
    bool operator==(const ConformalBands&) const = default;
};

/// Fewer nets than this at a resolution are pooled with the others: the order statistic would be an extreme one.
inline constexpr int kFewestConformalNets = 20;

/// The finite-sample quantile: of n sorted absolute residuals the one of rank ⌈(n + 1) · level⌉; nothing when that is
/// beyond n. @throws ValueError when the level is not between 0 and 1.
std::optional<double> conformalHalfWidth(std::vector<double> absoluteResiduals, double level);

/// @throws ValueError when the level is not between 0 and 1, or a residual is not finite.
ConformalBands fitConformal(std::span<const Residual> residuals, double level = 0.9);

/// The chances that 0, 1, … of `nets` nets lie inside a band made of `calibration` other nets. The band's own coverage
/// varies with those, as Beta(k, n + 1 - k) of rank k (Vovk 2012, conditional validity), so this is beta-binomial.
/// @throws ValueError where so few nets give no band.
std::vector<double> insideChances(int nets, int calibration, double level);
/// Of the sum of two independent counts.
std::vector<double> chancesOfSum(const std::vector<double>& a, const std::vector<double>& b);
/// The counts that lie in the middle 95 % of the chances.
struct InsideRange {
    int low = 0;
    int high = 0;
};
InsideRange expectedInside(const std::vector<double>& chances);

Json toJson(const ConformalBands& bands);
ConformalBands conformalFromJson(const JsonView& view);

} // namespace paretoscope

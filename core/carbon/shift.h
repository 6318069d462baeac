// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When to run a job: an hourly series of intensities, an earliest start, a latest finish and a duration give the hours
// that emit least, in one block or with pauses (§7.4; Wiesner et al., Middleware 2021; Dodge et al., FAccT 2022).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace paretoscope {

struct ShiftRequest {
    std::span<const double> gPerKwh; // one value an hour
    std::size_t earliest = 0;        // first hour in which the job may run; "now"
    std::size_t finishBy = 0;        // the job is done before this hour starts; 0: the end of the series
    double durationH = 0;            // need not be whole; the last hour is then used in part
    /// Energy that one pause costs, as hours of running, spent in the hour in which the job resumes (a checkpoint that is
    /// written and read again). Only for plans with pauses; it costs energy, not time.
    double overheadHPerPause = 0;
};

struct ShiftPiece {
    std::size_t start = 0; // hour
    double hours = 0;
    bool operator==(const ShiftPiece&) const = default;
};

struct ShiftPlan {
    std::vector<ShiftPiece> pieces; // in time order; one for a block
    double gPerKwh = 0;             // emissions over the job's own energy, overhead included
    std::size_t pauses() const { return pieces.empty() ? 0 : pieces.size() - 1; }
};

struct ShiftResult {
    ShiftPlan now;   // a block from `earliest` on
    ShiftPlan block; // the best block; the earliest of equals
    ShiftPlan pause; // the best hours with pauses; never worse than the block
    double windowMeanGPerKwh = 0; // plain mean of the hours of the window
    /// 1 - plan / reference; 0 where the reference is 0.
    static double saving(double plan, double reference) { return reference > 0 ? 1 - plan / reference : 0; }
};

/// O(n) for the block by prefix sums; O(n log n) with free pauses, O(n * duration) where a pause costs something.
/// @throws ValueError for an intensity that is negative or missing (NaN), naming the hour; a window outside the series or
/// shorter than the job; a duration that is not above 0; or a problem too large to solve (n * duration over 50 million).
ShiftResult shift(const ShiftRequest& request);

/// The mean over every start of the series of what the best block within `slackH` hours saves against starting at once
/// (1 - Σ best / Σ now); with pauses, the cheapest hours of duration + slack. As in ci_shift_stats_2020.csv.
/// @throws ValueError as `shift`.
struct AverageSaving {
    double block = 0;
    double pause = 0;
    std::size_t starts = 0;
};
AverageSaving averageSaving(std::span<const double> gPerKwh, std::size_t durationH, std::size_t slackH);

/// An hourly series from the shape of a year: meanGPerKwh * relative[month][hour], from an hour since 1970 (UTC) on.
/// @throws ValueError for a shape that is negative or not a number.
std::vector<double> seriesFromProfile(const std::array<std::array<double, 24>, 12>& relative, double meanGPerKwh, std::int64_t firstHour,
    std::size_t hours);

} // namespace paretoscope

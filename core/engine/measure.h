// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The latency of one net on this computer.
#pragma once

#include "base/estimate.h"
#include "base/progress.h"
#include "engine/engine.h"

#include <string>

namespace paretoscope {

struct MeasureOptions {
    double warmUpS = 0.3;  // runs that do not count: caches, clock frequency, allocators
    double seconds = 2;    // of runs that count
    int atLeast = 30;      // of them
    int atMost = 10'000;
    OnStep onStep;
};

struct MeasuredLatency {
    double medianMs = 0;
    double p5Ms = 0, p95Ms = 0; // 90 % of the runs lie between
    double q1Ms = 0, q3Ms = 0;
    double fastestMs = 0;
    int repeats = 0;
    int warmUps = 0;
    /// Interquartile range over the median, in percent: above 10 the computer was doing something else.
    double spreadPercent() const { return 100 * (q3Ms - q1Ms) / medianMs; }
    /// The median with the runs' 5th and 95th percentile.
    Estimate estimate(const std::string& source) const { return {medianMs, p5Ms, p95Ms, Kind::Measured, source}; }
};

/// Runs back to back. @throws Cancelled; what the run throws.
MeasuredLatency measureLatency(TimedRun& run, const MeasureOptions& options = {});

} // namespace paretoscope

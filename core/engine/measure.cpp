// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measure.h"

#include "engine/timingsummary.h"

#include <algorithm>
#include <vector>

namespace paretoscope {

MeasuredLatency measureLatency(TimedRun& run, const MeasureOptions& options)
{
    MeasuredLatency result;
    // Time is that of the runs themselves, so that what is measured does not depend on what stands between them.
    for (double spent = 0; spent < 1000 * options.warmUpS || result.warmUps < 3; ++result.warmUps) {
        reportStep(options.onStep, "warming up", 0);
        spent += run.runMs();
    }
    std::vector<double> times;
    for (double spent = 0; static_cast<int>(times.size()) < options.atMost && (spent < 1000 * options.seconds || static_cast<int>(times.size()) < options.atLeast);) {
        const double byTime = spent / (1000 * options.seconds), byRuns = static_cast<double>(times.size()) / options.atLeast;
        reportStep(options.onStep, "measuring", std::min({byTime, byRuns, 1.0}));
        times.push_back(run.runMs());
        spent += times.back();
    }
    std::sort(times.begin(), times.end());
    result.repeats = static_cast<int>(times.size());
    result.fastestMs = times.front();
    result.p5Ms = quantile(times, 0.05);
    result.q1Ms = quantile(times, 0.25);
    result.medianMs = quantile(times, 0.5);
    result.q3Ms = quantile(times, 0.75);
    result.p95Ms = quantile(times, 0.95);
    return result;
}

} // namespace paretoscope

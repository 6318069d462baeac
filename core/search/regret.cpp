// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/regret.h"

#include "base/error.h"
#include "base/rankstats.h"
#include "search/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace paretoscope {

namespace {

void check(const DeviceFront& front, const char* where)
{
    const auto n = front.top1Percent.size();
    if (front.latencyOnAMs.size() != n || front.latencyOnBMs.size() != n)
        throw ValueError({where, "lists of different lengths",
            fmt::format("{} accuracies, {} and {} latencies", n, front.latencyOnAMs.size(), front.latencyOnBMs.size()), "as many"});
    for (const auto values : {front.top1Percent, front.latencyOnAMs, front.latencyOnBMs})
        checkFiniteRows(values, 1, where);
}

/// A subnet that is in both fronts counts once.
double tauOfUnion(const DeviceFront& a, const DeviceFront& b)
{
    std::vector<std::array<double, 3>> points;
    for (const auto* front : {&a, &b})
        for (std::size_t i = 0; i < front->top1Percent.size(); ++i)
            points.push_back({front->latencyOnAMs[i], front->latencyOnBMs[i], front->top1Percent[i]});
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    std::vector<double> onA, onB;
    for (const auto& p : points) {
        onA.push_back(p[0]);
        onB.push_back(p[1]);
    }
    return kendallTau(onA, onB);
}

} // namespace

CrossDeviceRegret crossDeviceRegret(
    const DeviceFront& soughtForA, const DeviceFront& soughtForB, std::optional<double> fromMs, std::optional<double> toMs)
{
    check(soughtForA, "front sought for the first device");
    check(soughtForB, "front sought for the second device");
    CrossDeviceRegret result{{soughtForB.latencyOnBMs, soughtForB.top1Percent}, {soughtForA.latencyOnBMs, soughtForA.top1Percent}, {},
        tauOfUnion(soughtForA, soughtForB)};
    result.regret = regretOf(result.transferred, result.own, fromMs, toMs);
    return result;
}

} // namespace paretoscope

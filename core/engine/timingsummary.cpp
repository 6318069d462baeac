// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/timingsummary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace paretoscope {

namespace {

constexpr double kFarSlower = 1.5;             // rounds beyond this are left out
constexpr double kSdPerQuartileRange = 0.7413; // of a normal distribution
constexpr double kErrorOfMedian = 1.2533;      // over that of the mean, likewise: √(π/2)

using Times = std::vector<std::vector<double>>; // by item

/// `scale` by round; 0 leaves the round out.
Times timesOf(std::span<const int> groupOfItem, std::span<const TimingRound> rounds, const std::vector<double>& scale)
{
    Times times(groupOfItem.size());
    for (std::size_t r = 0; r < rounds.size(); ++r) {
        const auto mine = itemsOfGroup(groupOfItem, rounds[r].group);
        for (std::size_t k = 0; k < mine.size() && scale[r] > 0; ++k)
            times[mine[k]].push_back(scale[r] * rounds[r].ms[k]);
    }
    return times;
}

std::vector<double> slowdownsOf(std::span<const int> groupOfItem, std::span<const TimingRound> rounds)
{
    std::vector<double> usualMs;
    for (const auto& ms : timesOf(groupOfItem, rounds, std::vector<double>(rounds.size(), 1.0)))
        usualMs.push_back(ms.empty() ? 0 : median(ms));
    std::vector<double> slowdowns;
    for (const auto& r : rounds) {
        const auto mine = itemsOfGroup(groupOfItem, r.group);
        std::vector<double> ratios;
        for (std::size_t k = 0; k < mine.size(); ++k)
            if (groupOfItem[mine[k]] == kEveryGroup && usualMs[mine[k]] > 0)
                ratios.push_back(r.ms[k] / usualMs[mine[k]]);
        slowdowns.push_back(ratios.empty() ? 1 : median(ratios));
    }
    return slowdowns;
}

std::vector<bool> usedRounds(std::span<const TimingRound> rounds, const std::vector<double>& slowdowns)
{
    std::map<int, std::vector<double>> ofGroup;
    for (std::size_t r = 0; r < rounds.size(); ++r)
        ofGroup[rounds[r].group].push_back(slowdowns[r]);
    std::vector<bool> used;
    for (std::size_t r = 0; r < rounds.size(); ++r)
        used.push_back(slowdowns[r] <= std::max(kFarSlower, median(ofGroup[rounds[r].group])));
    return used;
}

double meanOfFasterHalf(std::vector<double> ms)
{
    std::sort(ms.begin(), ms.end());
    const auto half = static_cast<std::ptrdiff_t>((ms.size() + 1) / 2);
    return std::accumulate(ms.begin(), ms.begin() + half, 0.0) / static_cast<double>(half);
}

ItemTiming timingOf(const std::vector<double>& ms)
{
    ItemTiming t;
    t.runs = static_cast<int>(ms.size());
    if (ms.empty())
        return t;
    t.ms = meanOfFasterHalf(ms);
    t.lowMs = quantile(ms, 0.25);
    t.highMs = quantile(ms, 0.75);
    t.standardErrorMs = kErrorOfMedian * kSdPerQuartileRange * (t.highMs - t.lowMs) / std::sqrt(static_cast<double>(ms.size()));
    return t;
}

} // namespace

double quantile(std::vector<double> values, double q)
{
    std::sort(values.begin(), values.end());
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], at - static_cast<double>(below));
}

TimingSummary summarise(std::span<const int> groupOfItem, std::span<const TimingRound> rounds)
{
    TimingSummary s;
    auto scale = slowdownsOf(groupOfItem, rounds);
    const auto used = usedRounds(rounds, scale);
    for (std::size_t r = 0; r < rounds.size(); ++r) {
        ++(used[r] ? s.rounds : s.discarded);
        if (used[r])
            s.slowestPercent = std::max(s.slowestPercent, 100 * (scale[r] - 1));
        scale[r] = used[r] ? 1 / scale[r] : 0;
    }
    std::vector<double> scatter;
    for (const auto& ms : timesOf(groupOfItem, rounds, scale)) {
        const auto& t = s.items.emplace_back(timingOf(ms));
        if (t.ms > 0)
            scatter.push_back(100 * (t.highMs - t.lowMs) / t.ms);
    }
    if (!scatter.empty())
        s.scatterPercent = median(scatter);
    return s;
}

double standardErrorPercent(const TimingSummary& summary)
{
    double error = 0, all = 0;
    for (const auto& t : summary.items) {
        error += t.standardErrorMs;
        all += t.ms;
    }
    return all > 0 ? 100 * error / all : 0;
}

} // namespace paretoscope

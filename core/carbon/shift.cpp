// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/shift.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace paretoscope {

namespace {

constexpr double kMostSteps = 5e7;

void checkSeries(std::span<const double> g)
{
    for (std::size_t i = 0; i < g.size(); ++i)
        if (!std::isfinite(g[i]) || g[i] < 0)
            throw ValueError({fmt::format("hour {} of the series", i), std::isnan(g[i]) ? "the intensity is missing" : "number out of range",
                fmt::format("{}", g[i]), "0 or more"});
}

std::vector<double> prefixSums(std::span<const double> g)
{
    std::vector<double> sums(g.size() + 1, 0.0);
    for (std::size_t i = 0; i < g.size(); ++i)
        sums[i + 1] = sums[i] + g[i];
    return sums;
}

// Whole hours and the rest of a duration; a rest within rounding of an hour counts as one.
std::pair<std::size_t, double> split(double durationH)
{
    const double whole = std::floor(durationH + 1e-9);
    const double rest = durationH - whole;
    return {static_cast<std::size_t>(whole), rest > 1e-9 ? rest : 0.0};
}

ShiftPlan joined(const std::vector<ShiftPiece>& hours, double cost, double durationH)
{
    ShiftPlan plan;
    plan.gPerKwh = cost / durationH;
    for (const auto& piece : hours) {
        // An hour that is used in part ends a piece: the job stands still for the rest of it.
        auto* last = plan.pieces.empty() ? nullptr : &plan.pieces.back();
        if (last && static_cast<double>(last->start) + last->hours == static_cast<double>(piece.start))
            last->hours += piece.hours;
        else
            plan.pieces.push_back(piece);
    }
    return plan;
}

// With free pauses the cheapest hours win; the dearest of them is the one used in part.
ShiftPlan cheapestHours(std::span<const double> g, std::size_t from, std::size_t to, double durationH)
{
    const auto [whole, rest] = split(durationH);
    const std::size_t wanted = whole + (rest > 0 ? 1 : 0);
    std::vector<std::size_t> order(to - from);
    std::iota(order.begin(), order.end(), from);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return g[a] != g[b] ? g[a] < g[b] : a < b; });
    order.resize(wanted);
    const std::size_t partial = rest > 0 ? order.back() : to;
    std::sort(order.begin(), order.end());
    std::vector<ShiftPiece> hours;
    double cost = 0;
    for (const auto h : order) {
        const double part = h == partial ? rest : 1.0;
        hours.push_back({h, part});
        cost += g[h] * part;
    }
    return joined(hours, cost, durationH);
}

// Cheapest way to run `done` units by the end of hour h, running or not in it; a resume costs its overhead there.
ShiftPlan withOverhead(const ShiftRequest& r, std::size_t from, std::size_t to)
{
    const auto [whole, partOfHour] = split(r.durationH);
    const double rest = partOfHour; // clang 14 lets no lambda capture a structured binding
    const std::size_t units = whole + (rest > 0 ? 1 : 0), n = to - from;
    if (static_cast<double>(n) * static_cast<double>(units + 1) > kMostSteps)
        throw ValueError({"duration", "too many hours to plan with costly pauses", fmt::format("{} hours in a window of {}", units, n),
            fmt::format("a product of at most {:g}", kMostSteps)});
    // Only the last unit may be a part of an hour: the job ends when it is done.
    const auto size = [&](std::size_t unit) { return unit + 1 == units && rest > 0 ? rest : 1.0; };
    constexpr double inf = std::numeric_limits<double>::infinity();
    std::vector<double> off(units + 1, inf), on(units + 1, inf);
    off[0] = 0;
    std::vector<bool> ranBefore(n * (units + 1)), offFromOn(n * (units + 1));
    for (std::size_t h = 0; h < n; ++h) {
        const double g = r.gPerKwh[from + h];
        std::vector<double> nextOff(units + 1, inf), nextOn(units + 1, inf);
        for (std::size_t d = 0; d <= units; ++d) {
            offFromOn[h * (units + 1) + d] = on[d] < off[d];
            nextOff[d] = std::min(on[d], off[d]);
            if (d == 0)
                continue;
            const double run = g * size(d - 1);
            const double stay = on[d - 1] + run, resume = off[d - 1] + run + (d > 1 ? g * r.overheadHPerPause : 0);
            ranBefore[h * (units + 1) + d] = stay <= resume;
            nextOn[d] = std::min(stay, resume);
        }
        off.swap(nextOff);
        on.swap(nextOn);
    }
    bool running = on[units] < off[units];
    const double cost = std::min(on[units], off[units]);
    std::vector<ShiftPiece> hours;
    std::size_t d = units;
    for (std::size_t h = n; h-- > 0;) {
        const auto at = h * (units + 1) + d;
        if (running) {
            hours.push_back({from + h, size(d - 1)});
            running = ranBefore[at];
            --d;
        } else {
            running = offFromOn[at];
        }
    }
    std::reverse(hours.begin(), hours.end());
    return joined(hours, cost, r.durationH);
}

} // namespace

ShiftResult shift(const ShiftRequest& r)
{
    checkSeries(r.gPerKwh);
    if (!std::isfinite(r.durationH) || !(r.durationH > 0))
        throw ValueError({"duration", "number out of range", fmt::format("{}", r.durationH), "more than 0 hours"});
    if (!std::isfinite(r.overheadHPerPause) || r.overheadHPerPause < 0)
        throw ValueError({"overhead", "number out of range", fmt::format("{}", r.overheadHPerPause), "0 hours or more"});
    const std::size_t to = r.finishBy ? r.finishBy : r.gPerKwh.size();
    if (to > r.gPerKwh.size() || r.earliest >= to)
        throw ValueError({"window", "the window lies outside the series", fmt::format("hours {} to {}", r.earliest, to),
            fmt::format("0 to {}", r.gPerKwh.size())});
    const auto window = static_cast<double>(to - r.earliest);
    if (r.durationH > window + 1e-9)
        throw ValueError({"duration", "the job does not fit into its window", fmt::format("{:g} hours", r.durationH), fmt::format("at most {:g}", window)});
    const auto sums = prefixSums(r.gPerKwh);
    const auto [whole, rest] = split(r.durationH);
    const auto cost = [&, w = whole, f = rest](std::size_t start) {
        return sums[start + w] - sums[start] + (f > 0 ? f * r.gPerKwh[start + w] : 0.0);
    };
    const std::size_t last = to - whole - (rest > 0 ? 1 : 0);
    std::size_t best = r.earliest;
    for (std::size_t s = r.earliest; s <= last; ++s)
        if (cost(s) < cost(best) * (1 - 1e-12)) // differences of prefix sums carry rounding; equals keep the earliest
            best = s;
    ShiftResult result;
    result.now = {{{r.earliest, r.durationH}}, cost(r.earliest) / r.durationH};
    result.block = {{{best, r.durationH}}, cost(best) / r.durationH};
    result.windowMeanGPerKwh = (sums[to] - sums[r.earliest]) / window;
    result.pause = r.overheadHPerPause > 0 ? withOverhead(r, r.earliest, to) : cheapestHours(r.gPerKwh, r.earliest, to, r.durationH);
    if (result.pause.gPerKwh >= result.block.gPerKwh * (1 - 1e-12))
        result.pause = result.block; // never pause for nothing
    return result;
}

AverageSaving averageSaving(std::span<const double> g, std::size_t durationH, std::size_t slackH)
{
    checkSeries(g);
    const std::size_t window = durationH + slackH;
    if (durationH == 0 || window > g.size())
        throw ValueError({"duration", "the job and its slack do not fit into the series", fmt::format("{} + {} hours", durationH, slackH),
            fmt::format("1 to {} hours together", g.size())});
    const auto sums = prefixSums(g);
    const auto block = [&](std::size_t s) { return sums[s + durationH] - sums[s]; };
    AverageSaving result;
    double now = 0, best = 0, cheapest = 0;
    // The running minimum of block costs, and the `durationH` cheapest hours of the window as two ordered sets.
    std::vector<std::size_t> queue;
    std::size_t head = 0;
    using Hour = std::pair<double, std::size_t>;
    std::set<Hour> in, out;
    double sum = 0;
    const auto add = [&](std::size_t h) {
        in.insert({g[h], h});
        sum += g[h];
        if (in.size() > durationH) {
            sum -= in.rbegin()->first;
            out.insert(*in.rbegin());
            in.erase(std::prev(in.end()));
        }
    };
    const auto remove = [&](std::size_t h) {
        if (out.erase({g[h], h}))
            return;
        in.erase({g[h], h});
        sum -= g[h];
        if (!out.empty()) {
            sum += out.begin()->first;
            in.insert(*out.begin());
            out.erase(out.begin());
        }
    };
    for (std::size_t h = 0; h < window; ++h)
        add(h);
    const auto push = [&](std::size_t s) {
        while (queue.size() > head && block(queue.back()) >= block(s))
            queue.pop_back();
        queue.push_back(s);
    };
    for (std::size_t s = 0; s < slackH; ++s)
        push(s);
    for (std::size_t s = 0; s + window <= g.size(); ++s) {
        push(s + slackH);
        while (queue[head] < s)
            ++head;
        now += block(s);
        best += block(queue[head]);
        cheapest += sum;
        ++result.starts;
        if (s + window < g.size()) {
            remove(s);
            add(s + window);
        }
    }
    result.block = ShiftResult::saving(best, now);
    result.pause = ShiftResult::saving(cheapest, now);
    return result;
}

std::vector<double> seriesFromProfile(const std::array<std::array<double, 24>, 12>& relative, double meanGPerKwh, std::int64_t firstHour, std::size_t hours)
{
    if (!std::isfinite(meanGPerKwh) || meanGPerKwh < 0)
        throw ValueError({"g_per_kwh", "number out of range", fmt::format("{}", meanGPerKwh), "0 or more"});
    for (std::size_t m = 0; m < 12; ++m)
        for (std::size_t h = 0; h < 24; ++h)
            if (!std::isfinite(relative[m][h]) || relative[m][h] < 0)
                throw ValueError({fmt::format("profile[{}][{}]", m, h), "number out of range", fmt::format("{}", relative[m][h]), "0 or more"});
    std::vector<double> series(hours);
    for (std::size_t i = 0; i < hours; ++i) {
        const std::int64_t hour = firstHour + static_cast<std::int64_t>(i);
        const std::chrono::sys_days day{std::chrono::days(hour >= 0 ? hour / 24 : (hour - 23) / 24)};
        const std::chrono::year_month_day date(day);
        const auto ofDay = static_cast<std::size_t>(((hour % 24) + 24) % 24);
        series[i] = meanGPerKwh * relative[static_cast<unsigned>(date.month()) - 1][ofDay];
    }
    return series;
}

} // namespace paretoscope

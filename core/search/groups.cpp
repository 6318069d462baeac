// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/groups.h"

#include "base/error.h"
#include "search/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace paretoscope {

namespace {

constexpr char kWhere[] = "groups by accuracy";

void check(std::span<const double> cost, std::span<const double> top1Percent, std::span<const double> halfWidthPercent)
{
    if (cost.size() != top1Percent.size() || (halfWidthPercent.size() != 1 && halfWidthPercent.size() != cost.size()))
        throw ValueError({kWhere, "lists of different lengths",
            fmt::format("{} costs, {} accuracies, {} half-widths", cost.size(), top1Percent.size(), halfWidthPercent.size()),
            "as many of each, or one half-width"});
    checkRows(cost, 1, kWhere);
    checkFiniteRows(top1Percent, 1, kWhere);
    checkRows(halfWidthPercent, 1, kWhere);
    for (const double h : halfWidthPercent)
        if (h < 0)
            throw ValueError({kWhere, "negative half-width", fmt::format("{}", h), "0 or more"});
}

} // namespace

AccuracyGroups groupByAccuracy(std::span<const double> cost, std::span<const double> top1Percent, std::span<const double> halfWidthPercent)
{
    check(cost, top1Percent, halfWidthPercent);
    const auto n = static_cast<std::uint32_t>(cost.size());
    const auto width = [&](std::uint32_t point) { return halfWidthPercent[halfWidthPercent.size() == 1 ? 0 : point]; };
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        return top1Percent[a] != top1Percent[b] ? top1Percent[a] > top1Percent[b] : cost[a] != cost[b] ? cost[a] < cost[b] : a < b;
    };
    AccuracyGroups result;
    auto& order = result.byTop1;
    order.resize(n);
    std::iota(order.rbegin(), order.rend(), 0u); // a front that rises with its cost is in order at once
    if (!std::is_sorted(order.begin(), order.end(), before))
        std::sort(order.begin(), order.end(), before);

    // One formula decides everywhere, so that a pair at the edge of the band is in all answers or in none.
    const auto isAlike = [&](std::uint32_t from, std::uint32_t other) {
        const double gap = top1Percent[from] - top1Percent[other];
        return (gap < 0 ? -gap : gap) <= width(from);
    };
    result.alike.resize(n);
    std::uint32_t begin = 0, end = 0;
    for (std::uint32_t at = 0; at < n; ++at) {
        const auto point = order[at];
        if (halfWidthPercent.size() == 1) { // the interval slides
            while (!isAlike(point, order[begin]))
                ++begin;
            end = std::max(end, at + 1);
            while (end < n && isAlike(point, order[end]))
                ++end;
        } else {
            const auto first = order.begin(), here = first + at;
            begin = static_cast<std::uint32_t>(std::partition_point(first, here, [&](auto other) { return !isAlike(point, other); }) - first);
            end = static_cast<std::uint32_t>(std::partition_point(here, order.end(), [&](auto other) { return isAlike(point, other); }) - first);
        }
        result.alike[point] = {begin, end};
    }

    result.groupOf.resize(n);
    for (std::uint32_t at = 0; at < n;) {
        AccuracyGroups::Group group{{at, result.alike[order[at]].end}, order[at], order[at]};
        for (; at < group.members.end; ++at) {
            if (cost[order[at]] < cost[group.cheapest])
                group.cheapest = order[at];
            result.groupOf[order[at]] = static_cast<std::uint32_t>(result.groups.size());
        }
        result.groups.push_back(group);
    }
    return result;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/attainment.h"

#include "base/error.h"
#include "search/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace paretoscope {

std::vector<double> attainedBy(std::span<const std::vector<double>> fronts, std::size_t runs)
{
    if (runs < 1 || runs > fronts.size())
        throw ValueError({"attainment", "number of runs out of range", fmt::format("{}", runs), fmt::format("1 to {}", fronts.size())});
    struct Event {
        double x, y;
        std::size_t front;
    };
    std::vector<Event> events;
    for (std::size_t f = 0; f < fronts.size(); ++f) {
        checkRows(fronts[f], 2, "attainment");
        for (std::size_t i = 0; i < fronts[f].size(); i += 2)
            events.push_back({fronts[f][i], fronts[f][i + 1], f});
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.x < b.x; });
    std::vector<double> lowest(fronts.size(), std::numeric_limits<double>::infinity()), sorted, corners;
    double level = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < events.size();) {
        const double x = events[i].x;
        for (; i < events.size() && events[i].x == x; ++i)
            lowest[events[i].front] = std::min(lowest[events[i].front], events[i].y);
        sorted = lowest;
        const auto wanted = sorted.begin() + (runs - 1);
        std::nth_element(sorted.begin(), wanted, sorted.end());
        if (*wanted < level) {
            level = *wanted;
            corners.insert(corners.end(), {x, level});
        }
    }
    return corners;
}

Attainment attainmentOf(std::span<const std::vector<double>> fronts)
{
    return {attainedBy(fronts, 1), attainedBy(fronts, (fronts.size() + 1) / 2), attainedBy(fronts, fronts.size())};
}

} // namespace paretoscope

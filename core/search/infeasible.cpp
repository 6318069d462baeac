// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/infeasible.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// How far a value lies outside, relative to the limit.
double miss(const Dimension& d, double v)
{
    const double over = std::isfinite(d.most) ? v - d.most : -kInfinity, under = std::isfinite(d.least) ? d.least - v : -kInfinity;
    const double limit = over > under ? d.most : d.least;
    return std::max({over, under, 0.0}) / std::max(std::abs(limit), std::numeric_limits<double>::min());
}

} // namespace

Infeasible explainInfeasible(const SearchTask& task, const Points& points)
{
    Infeasible result;
    const auto columns = task.dimensions.size();
    std::vector<double> needed(columns, kInfinity); // smallest relative change of each limit
    std::vector<double> value(columns, 0.0);
    double least = kInfinity;
    std::size_t nearest = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        double sum = 0;
        std::size_t missed = 0, last = 0;
        for (std::size_t c = 0; c < columns; ++c)
            if (const double m = miss(task.dimensions[c], points.at(i, c)); m > 0) {
                sum += m;
                ++missed;
                last = c;
            }
        if (sum < least) {
            least = sum;
            nearest = i;
        }
        if (missed == 1 && sum < needed[last]) {
            needed[last] = sum;
            value[last] = points.at(i, last);
        }
    }
    if (points.empty())
        return result;
    result.nearest = points.subnets[nearest];
    const auto row = points.row(nearest);
    result.nearestValues.assign(row.begin(), row.end());
    for (std::size_t c = 0; c < columns; ++c)
        if (std::isfinite(needed[c])) {
            const auto& d = task.dimensions[c];
            result.relaxations.push_back({d.quantity, value[c] > d.most ? d.most : d.least, value[c]});
        }
    return result;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/picks.h"

#include "base/error.h"
#include "search/indicators.h"
#include "search/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace paretoscope {

namespace {

struct Scored {
    std::size_t row = 0;
    double score = std::numeric_limits<double>::infinity();
    void consider(std::size_t i, double s)
    {
        if (s < score)
            *this = {i, s};
    }
};

/// `use(i, scaled)` for every row, with its values scaled from the ideal (0) to the nadir (1).
template <typename Use>
void eachScaled(std::span<const double> front, const Ranges& ranges, Use use)
{
    const auto columns = ranges.ideal.size();
    std::vector<double> scaled(columns);
    for (std::size_t i = 0; i < front.size() / columns; ++i) {
        for (std::size_t c = 0; c < columns; ++c) {
            const double extent = ranges.nadir[c] - ranges.ideal[c];
            scaled[c] = extent > 0 ? (front[i * columns + c] - ranges.ideal[c]) / extent : 0;
        }
        use(i, scaled);
    }
}

} // namespace

std::optional<Knee> kneeOf(std::span<const double> front, std::size_t columns)
{
    checkFiniteRows(front, columns, "knee of a front");
    if (columns < 2 || front.size() < 3 * columns)
        return {};
    const auto ranges = rangesOf(front, columns);
    if (!std::equal(ranges.ideal.begin(), ranges.ideal.end(), ranges.nadir.begin(), std::less<>()))
        return {};
    Scored knee;
    std::vector<Scored> ends(columns);
    eachScaled(front, ranges, [&](std::size_t i, const std::vector<double>& scaled) {
        const double sum = std::accumulate(scaled.begin(), scaled.end(), 0.0);
        knee.consider(i, sum);
        for (std::size_t c = 0; c < columns; ++c)
            if (scaled[c] == 0)
                ends[c].consider(i, sum);
    });
    double height = 0;
    for (const auto& end : ends) {
        if (end.row == knee.row)
            return {};
        height += end.score / static_cast<double>(columns);
    }
    const double depth = 1 - knee.score / height;
    return depth > 1e-12 ? std::optional<Knee>({knee.row, depth}) : std::nullopt; // a straight front rounds to about 1e-16
}

std::optional<std::size_t> compromiseOf(std::span<const double> front, std::size_t columns, std::span<const double> weights)
{
    checkFiniteRows(front, columns, "compromise on a front");
    double total = 0;
    for (const double w : weights) {
        if (!(w >= 0) || std::isinf(w))
            throw ValueError({"compromise on a front", "weight out of range", fmt::format("{}", w), "finite, 0 or more"});
        total += w;
    }
    if (weights.size() != columns || !(total > 0))
        throw ValueError({"compromise on a front", "weights do not fit",
            fmt::format("{} with a sum of {}", weights.size(), total), fmt::format("{} with a sum above 0", columns)});
    if (front.empty())
        return {};
    constexpr double kRho = 0.001;
    Scored best;
    eachScaled(front, rangesOf(front, columns), [&](std::size_t i, const std::vector<double>& scaled) {
        double largest = 0, sum = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            const double term = weights[c] / total * scaled[c];
            largest = std::max(largest, term);
            sum += term;
        }
        best.consider(i, largest + kRho * sum);
    });
    return best.row;
}

} // namespace paretoscope

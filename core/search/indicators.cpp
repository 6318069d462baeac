// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/indicators.h"

#include "base/error.h"
#include "search/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The largest, over the reference, of what its best partner in the front leaves: `gap(a, r)` of a column.
template <typename Gap>
double worstOfBest(std::span<const double> front, std::span<const double> reference, std::size_t columns, Gap gap)
{
    double worst = -kInfinity;
    for (std::size_t r = 0; r < reference.size(); r += columns) {
        double best = kInfinity;
        for (std::size_t a = 0; a < front.size(); a += columns) {
            double largest = -kInfinity;
            for (std::size_t c = 0; c < columns && largest < best; ++c)
                largest = std::max(largest, gap(front[a + c], reference[r + c]));
            best = std::min(best, largest);
        }
        worst = std::max(worst, best);
    }
    return worst;
}

void checkBoth(std::span<const double> front, std::span<const double> reference, std::size_t columns, const char* where)
{
    checkRows(front, columns, where);
    checkRows(reference, columns, where);
    if (reference.empty())
        throw ValueError({where, "the reference front is empty", "", ""});
}

} // namespace

Ranges rangesOf(std::span<const double> values, std::size_t columns)
{
    checkFiniteRows(values, columns, "ranges of a front");
    if (values.empty())
        throw ValueError({"ranges of a front", "no rows", "", ""});
    Ranges ranges{{values.begin(), values.begin() + columns}, {values.begin(), values.begin() + columns}};
    for (std::size_t i = columns; i < values.size(); i += columns)
        for (std::size_t c = 0; c < columns; ++c) {
            ranges.ideal[c] = std::min(ranges.ideal[c], values[i + c]);
            ranges.nadir[c] = std::max(ranges.nadir[c], values[i + c]);
        }
    return ranges;
}

std::vector<double> normalised(std::span<const double> values, const Ranges& ranges)
{
    const auto columns = ranges.ideal.size();
    checkRows(values, columns, "normalised front");
    std::vector<double> scaled(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double low = ranges.ideal[i % columns], extent = ranges.nadir[i % columns] - low;
        scaled[i] = extent > 0 ? (values[i] - low) / extent : 0;
    }
    return scaled;
}

double invertedGenerationalDistancePlus(std::span<const double> front, std::span<const double> reference, std::size_t columns)
{
    checkBoth(front, reference, columns, "IGD+");
    if (front.empty())
        return kInfinity;
    double sum = 0;
    for (std::size_t r = 0; r < reference.size(); r += columns) {
        double nearest = kInfinity;
        for (std::size_t a = 0; a < front.size(); a += columns) {
            double squares = 0;
            for (std::size_t c = 0; c < columns; ++c) {
                const double worse = front[a + c] > reference[r + c] ? front[a + c] - reference[r + c] : 0;
                squares += worse * worse;
            }
            nearest = std::min(nearest, squares);
        }
        sum += std::sqrt(nearest);
    }
    return sum / static_cast<double>(reference.size() / columns);
}

double additiveEpsilon(std::span<const double> front, std::span<const double> reference, std::size_t columns)
{
    checkBoth(front, reference, columns, "additive epsilon");
    return worstOfBest(front, reference, columns, [](double a, double r) { return a == r ? 0 : a - r; });
}

double multiplicativeEpsilon(std::span<const double> front, std::span<const double> reference, std::size_t columns)
{
    checkBoth(front, reference, columns, "multiplicative epsilon");
    for (const auto values : {front, reference})
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!(values[i] > 0))
                throw ValueError({"multiplicative epsilon", "a value without a ratio",
                    fmt::format("{} in row {}, column {}", values[i], i / columns, i % columns), "above 0"});
    return worstOfBest(front, reference, columns, [](double a, double r) { return a == r ? 1 : a / r; });
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rankstats.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace paretoscope {

namespace {

double pairs(std::size_t n) { return 0.5 * static_cast<double>(n) * (static_cast<double>(n) - 1); }

/// The number of pairs within runs of equal neighbours.
template <typename Same>
double tiedPairs(std::size_t n, Same same)
{
    double tied = 0;
    for (std::size_t begin = 0, i = 1; i <= n; ++i)
        if (i == n || !same(begin, i)) {
            tied += pairs(i - begin);
            begin = i;
        }
    return tied;
}

/// Sorts and counts the pairs that stand the wrong way round.
std::uint64_t inversions(std::vector<double>& values)
{
    std::uint64_t count = 0;
    std::vector<double> merged(values.size());
    for (std::size_t width = 1; width < values.size(); width *= 2) {
        for (std::size_t begin = 0; begin < values.size(); begin += 2 * width) {
            const auto middle = std::min(begin + width, values.size()),
                       end = std::min(begin + 2 * width, values.size());
            std::size_t i = begin, j = middle, to = begin;
            while (i < middle || j < end) {
                if (j == end || (i < middle && values[i] <= values[j])) {
                    merged[to++] = values[i++];
                } else {
                    count += middle - i;
                    merged[to++] = values[j++];
                }
            }
        }
        values.swap(merged);
    }
    return count;
}

} // namespace

double kendallTau(std::span<const double> a, std::span<const double> b)
{
    const std::size_t n = a.size();
    if (n < 2)
        return 0;
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(),
        [&](std::size_t i, std::size_t j) { return a[i] != a[j] ? a[i] < a[j] : b[i] < b[j]; });
    const double tiedInA = tiedPairs(n, [&](std::size_t i, std::size_t j) { return a[order[i]] == a[order[j]]; });
    const double tiedInBoth = tiedPairs(
        n, [&](std::size_t i, std::size_t j) { return a[order[i]] == a[order[j]] && b[order[i]] == b[order[j]]; });
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i)
        values[i] = b[order[i]];
    const auto discordant = static_cast<double>(inversions(values));
    const double tiedInB = tiedPairs(n, [&](std::size_t i, std::size_t j) { return values[i] == values[j]; });
    const double all = pairs(n), scale = std::sqrt((all - tiedInA) * (all - tiedInB));
    return scale > 0 ? (all - tiedInA - tiedInB + tiedInBoth - 2 * discordant) / scale : 0;
}

double rootMeanSquareError(std::span<const double> a, std::span<const double> b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return a.empty() ? 0 : std::sqrt(sum / static_cast<double>(a.size()));
}

double meanAbsoluteError(std::span<const double> a, std::span<const double> b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]);
    return a.empty() ? 0 : sum / static_cast<double>(a.size());
}

} // namespace paretoscope

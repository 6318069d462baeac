// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sorting doubles by their place between the smallest and the largest, as most of what a search compares is spread out.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace paretoscope {

/// Equal parts of the range of finite values. A larger value is never in a lower part, infinite ones included; so values
/// in different parts differ.
class Buckets {
public:
    Buckets(double low, double high, std::size_t count)
        : m_low(low)
        , m_scale(high > low ? static_cast<double>(count) / (high - low) : 1)
        , m_last(static_cast<double>(count - 1))
    {
    }
    /// Over column `column` of [rows][columns].
    static Buckets over(std::span<const double> values, std::size_t columns, std::size_t column, std::size_t count)
    {
        double low = std::numeric_limits<double>::max(), high = -low;
        for (std::size_t i = column; i < values.size(); i += columns) {
            const double v = values[i];
            if (std::abs(v) <= std::numeric_limits<double>::max()) {
                low = v < low ? v : low;
                high = v > high ? v : high;
            }
        }
        return low <= high ? Buckets(low, high, count) : Buckets(0, 0, count);
    }
    std::size_t of(double v) const
    {
        const double t = (v - m_low) * m_scale;
        return t > 0 ? static_cast<std::size_t>(t < m_last ? t : m_last) : 0; // NaN (0 * infinity) becomes 0
    }

private:
    double m_low, m_scale, m_last;
};

/// Sorts by `less`, which orders by `key` (a double, not NaN) first. Linear where keys are spread evenly, never worse
/// than O(n log n).
template <typename Item, typename Key, typename Less>
void sortByBuckets(std::vector<Item>& items, Key key, Less less)
{
    const auto n = items.size();
    if (n < 512) {
        std::sort(items.begin(), items.end(), less);
        return;
    }
    std::vector<double> keys(n);
    std::transform(items.begin(), items.end(), keys.begin(), key);
    const auto count = n / 8;
    const auto buckets = Buckets::over(keys, 1, 0, count);
    std::vector<std::uint32_t> start(count + 1, 0), at(n);
    for (std::size_t i = 0; i < n; ++i) {
        at[i] = static_cast<std::uint32_t>(buckets.of(keys[i]));
        ++start[at[i] + 1];
    }
    for (std::size_t b = 0; b < count; ++b)
        start[b + 1] += start[b];
    std::vector<Item> sorted(n);
    auto next = start;
    for (std::size_t i = 0; i < n; ++i)
        sorted[next[at[i]]++] = items[i];
    for (std::size_t b = 0; b < count; ++b)
        std::sort(sorted.begin() + start[b], sorted.begin() + start[b + 1], less);
    items = std::move(sorted);
}

} // namespace paretoscope

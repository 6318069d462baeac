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
    /// Over `value(0)` … `value(rows - 1)`.
    template <typename Value>
    static Buckets over(std::size_t rows, std::size_t count, Value value)
    {
        double low = std::numeric_limits<double>::max(), high = -low;
        for (std::size_t i = 0; i < rows; ++i) {
            const double v = value(i);
            if (std::abs(v) <= std::numeric_limits<double>::max()) {
                low = v < low ? v : low;
                high = v > high ? v : high;
            }
        }
        return low <= high ? Buckets(low, high, count) : Buckets(0, 0, count);
    }
    /// Over column `column` of [rows][columns].
    static Buckets over(std::span<const double> values, std::size_t columns, std::size_t column, std::size_t count)
    {
        return over(values.size() / columns, count, [&](std::size_t i) { return values[i * columns + column]; });
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
    const auto count = n / 8;
    const auto buckets = Buckets::over(n, count, [&](std::size_t i) { return key(items[i]); });
    std::vector<std::uint32_t> end(count + 1, 0); // where a bucket begins, and once it is filled, where it ends
    for (const auto& item : items)
        ++end[buckets.of(key(item)) + 1];
    for (std::size_t b = 1; b < count; ++b)
        end[b + 1] += end[b];
    std::vector<Item> sorted(n);
    for (const auto& item : items)
        sorted[end[buckets.of(key(item))]++] = item;
    for (std::size_t b = 0; b < count; ++b)
        std::sort(sorted.begin() + (b > 0 ? end[b - 1] : 0), sorted.begin() + end[b], less);
    items = std::move(sorted);
}

} // namespace paretoscope

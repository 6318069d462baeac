// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/sweep.h"

#include "search/buckets.h"

#include <bit>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kFewRows = 256; // below, looking ahead costs more than it saves

} // namespace

std::vector<Row2> survivors2(std::span<const double> values)
{
    const auto n = values.size() / 2;
    std::vector<Row2> rows;
    rows.reserve(n); // what is not written costs no memory
    if (n < kFewRows) {
        for (std::size_t i = 0; i < n; ++i)
            rows.push_back({values[2 * i], values[2 * i + 1], static_cast<std::uint32_t>(i)});
        return rows;
    }
    const auto count = std::min<std::size_t>(4096, std::bit_ceil(n / 16));
    const auto x = Buckets::over(values, 2, 0, count);
    std::vector<double> below(count + 1, kInfinity); // [b + 1]: lowest y in bucket b, then in buckets up to b
    for (std::size_t i = 0; i < n; ++i) {
        auto& lowest = below[x.of(values[2 * i]) + 1];
        lowest = std::min(lowest, values[2 * i + 1]);
    }
    for (std::size_t b = 1; b <= count; ++b)
        below[b] = std::min(below[b], below[b - 1]);
    for (std::size_t i = 0; i < n; ++i) {
        const double bound = below[x.of(values[2 * i])];
        if (values[2 * i + 1] < bound || bound == kInfinity)
            rows.push_back({values[2 * i], values[2 * i + 1], static_cast<std::uint32_t>(i)});
    }
    return rows;
}

std::vector<Row3> survivors3(std::span<const double> values)
{
    const auto n = values.size() / 3;
    const auto row = [&](std::size_t i) {
        return Row3{values[3 * i], values[3 * i + 1], values[3 * i + 2], static_cast<std::uint32_t>(i)};
    };
    std::vector<Row3> rows;
    rows.reserve(n);
    if (n < kFewRows) {
        for (std::size_t i = 0; i < n; ++i)
            rows.push_back(row(i));
        return rows;
    }
    const auto side = std::clamp<std::size_t>(static_cast<std::size_t>(std::sqrt(static_cast<double>(n) / 8)), 4, 128);
    const auto x = Buckets::over(values, 3, 0, side), y = Buckets::over(values, 3, 1, side);
    const auto width = side + 1;
    std::vector<double> below(width * width, kInfinity); // as in two columns: lowest z of lower buckets
    for (std::size_t i = 0; i < n; ++i) {
        auto& lowest = below[(x.of(values[3 * i]) + 1) * width + y.of(values[3 * i + 1]) + 1];
        lowest = std::min(lowest, values[3 * i + 2]);
    }
    for (std::size_t a = 1; a < width; ++a)
        for (std::size_t b = 1; b < width; ++b)
            below[a * width + b] = std::min({below[a * width + b], below[(a - 1) * width + b], below[a * width + b - 1]});
    for (std::size_t i = 0; i < n; ++i) {
        const double bound = below[x.of(values[3 * i]) * width + y.of(values[3 * i + 1])];
        if (values[3 * i + 2] < bound || bound == kInfinity)
            rows.push_back(row(i));
    }
    return rows;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of flat arrays [rows][columns] in which smaller is better, compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace paretoscope {

/// @throws ValueError for no columns, a size that is no multiple of them, or a NaN. `where` says whose rows they are.
void checkRows(std::span<const double> values, std::size_t columns, const char* where);
/// As checkRows(), and infinite values are refused, too.
void checkFiniteRows(std::span<const double> values, std::size_t columns, const char* where);

inline bool isNowhereWorse(const double* a, const double* b, std::size_t columns)
{
    for (std::size_t c = 0; c < columns; ++c)
        if (a[c] > b[c])
            return false;
    return true;
}

/// At least as good everywhere and better somewhere.
inline bool dominates(const double* a, const double* b, std::size_t columns)
{
    bool better = false;
    for (std::size_t c = 0; c < columns; ++c) {
        if (a[c] > b[c])
            return false;
        better |= a[c] < b[c];
    }
    return better;
}

/// By the first column, then the second, …, then by place.
struct LexicographicLess {
    const double* values;
    std::size_t columns;
    bool operator()(std::uint32_t a, std::uint32_t b) const
    {
        const double *p = values + a * columns, *q = values + b * columns;
        for (std::size_t c = 0; c < columns; ++c)
            if (p[c] != q[c])
                return p[c] < q[c];
        return a < b;
    }
};

} // namespace paretoscope

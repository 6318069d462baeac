// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How close a front comes to a reference front. Smaller is better in every column, and in the indicators themselves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace paretoscope {

/// The best and the worst value of each column.
struct Ranges {
    std::vector<double> ideal, nadir;
    bool operator==(const Ranges&) const = default;
};

/// @throws ValueError for a size that does not fit, NaN, an infinite value, or no rows.
Ranges rangesOf(std::span<const double> values, std::size_t columns);
/// Every column from 0 (ideal) to 1 (nadir); 0 throughout in a column without extent. Values beyond stay beyond.
std::vector<double> normalised(std::span<const double> values, const Ranges& ranges);

/// IGD+ (Ishibuchi et al., EMO 2015, eq. 14): from each row of the reference the distance to the nearest row of the
/// front, only as far as that row is worse; the mean. Weakly Pareto compliant. The columns count alike, so normalise
/// both by the ranges of the reference first. Infinite for an empty front.
/// @throws ValueError for a size that does not fit, NaN, or an empty reference; so do the next two.
double invertedGenerationalDistancePlus(std::span<const double> front, std::span<const double> reference, std::size_t columns);

/// The least that has to be taken off all values of the front for it to be nowhere worse than the reference
/// (Zitzler et al., IEEE TEVC 7(2), 2003, §IV). Negative when there is room; infinite for an empty front.
double additiveEpsilon(std::span<const double> front, std::span<const double> reference, std::size_t columns);
/// The same as a factor: 1 when equal. @throws ValueError for values that are not positive, too.
double multiplicativeEpsilon(std::span<const double> front, std::span<const double> reference, std::size_t columns);

} // namespace paretoscope

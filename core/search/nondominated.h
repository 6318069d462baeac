// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Smaller is better in every column: negate what is maximised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace paretoscope {

/// Rows that no other row dominates (none is at least as good everywhere and better somewhere); of rows that are equal
/// in all columns the first stays. Ascending by the first column, then the second, …
/// `values` is [rows][columns]; two and three columns take O(n log n), more O(n log n + n f) with f of the result.
/// @throws ValueError for a NaN, or a size that is no multiple of `columns`.
std::vector<std::uint32_t> nondominated(std::span<const double> values, std::size_t columns);

/// Ranks as in NSGA-II: 0 for the rows that nothing dominates, 1 for those that only rank 0 dominates, …
std::vector<std::uint32_t> nondominatedRanks(std::span<const double> values, std::size_t columns);

} // namespace paretoscope

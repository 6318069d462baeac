// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace paretoscope {

/// The x ≥ 0 that minimises ‖A x − b‖², by the active-set method of Lawson and Hanson (Solving Least Squares Problems,
/// 1974, chapter 23). `a` is [b.size(), columns] in C order. Fewer rows than columns, columns of zeros and columns that
/// depend on each other are fine: of columns that do the same, the first that helps is used and the others stay 0.
/// @throws ValueError for a size that does not fit and for numbers that are not finite.
std::vector<double> nonNegativeLeastSquares(std::span<const double> a, std::span<const double> b, std::size_t columns);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How good predictions are.
#pragma once

#include <span>

namespace paretoscope {

/// Kendall's tau-b (ties corrected) in O(n log n) (Knight, JASA 1966). 0 where it is undefined: fewer than two values,
/// or all values of one side equal. The spans are equally long and hold no NaN.
double kendallTau(std::span<const double> a, std::span<const double> b);

double rootMeanSquareError(std::span<const double> a, std::span<const double> b);
double meanAbsoluteError(std::span<const double> a, std::span<const double> b);

} // namespace paretoscope

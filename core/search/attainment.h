// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search that draws random numbers reaches in how many of its runs.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace paretoscope {

/// The corners of the staircase that at least `runs` of the fronts attain (Grunert da Fonseca, Fonseca and Hall, EMO 2001):
/// [corners][2], the first column rising, the second falling. Both columns: smaller is better. `runs` 1 is the best
/// that any run reached, fronts.size() what all did. Empty where too few fronts have points.
/// @throws ValueError for `runs` that is not 1 … fronts.size(), a front that is not [rows][2], or NaN.
std::vector<double> attainedBy(std::span<const std::vector<double>> fronts, std::size_t runs);

struct Attainment {
    std::vector<double> best, median, worst;
    bool operator==(const Attainment&) const = default;
};

/// The median is what at least half of the runs attain. @throws ValueError as attainedBy(), or for no fronts.
Attainment attainmentOf(std::span<const std::vector<double>> fronts);

} // namespace paretoscope

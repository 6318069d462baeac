// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Single points of a front that deserve a mark. Smaller is better in every column; each is scaled from the ideal (0) to
// the nadir (1) of the front first. Of points that are equally good the first is taken.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace paretoscope {

/// Where a front bends most.
struct Knee {
    std::size_t row = 0;
    double depth = 0; // how far below the ends, as a share of the way from them to the ideal point; 0 … 1
    bool operator==(const Knee&) const = default;
};

/// The point with the smallest sum of scaled values. With two columns that is the one farthest below the chord between
/// the ends (Das, Structural Optimization 18, 1999; Kneedle: Satopaa et al., ICDCSW 2011); with more the plane of equal
/// sums stands in for the one through the extreme points, at their mean height. Nothing where no point lies below: a
/// straight or bulging front, fewer than three rows, one column, or a column without extent.
/// @throws ValueError for a size that does not fit, NaN, or an infinite value.
std::optional<Knee> kneeOf(std::span<const double> front, std::size_t columns);

/// The point with the smallest weighted augmented Chebyshev distance to the ideal point (Steuer and Choo, Mathematical
/// Programming 26, 1983): max(w z) + rho sum(w z) with the weights scaled to a sum of 1 and rho = 0.001. Nothing for an
/// empty front.
/// @throws ValueError as kneeOf(), or for weights that are negative, not finite, all 0, or not one for each column.
std::optional<std::size_t> compromiseOf(std::span<const double> front, std::size_t columns, std::span<const double> weights);

} // namespace paretoscope

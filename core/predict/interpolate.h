// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accuracy at resolutions between the measured ones: the level of a net follows a quadratic in 1/r closely.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// What interpolation needs of measured resolutions, so that a curve and not a line is fitted.
inline constexpr std::size_t kFewestForInterpolation = 3;

/// Least squares of a quadratic in 1/r through (measured, levels), read off at `wanted`. With two points, a line.
/// @throws ValueError when there is one point only.
std::vector<double> interpolatedLevels(
    std::span<const int> measured, std::span<const double> levels, std::span<const int> wanted);

/// @throws ValueError when there are too few measured resolutions, or a wanted one does not lie between two of them or
/// is one of them.
void checkInterpolation(std::span<const int> measured, std::span<const int> wanted, const std::string& where);

/// The measured resolutions on both sides; `measured` is ascending and surrounds it.
struct Neighbours {
    int below = 0;
    int above = 0;
};
Neighbours neighboursOf(std::span<const int> measured, int resolution);

} // namespace paretoscope

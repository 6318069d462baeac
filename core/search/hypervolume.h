// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much of the space up to a reference point a set of points dominates (Zitzler and Thiele, IEEE TEVC 3(4), 1999).
// Exact, apart from rounding. Smaller is better in every column; the columns' scales multiply.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace paretoscope {

/// `values` is [rows][columns] with as many columns as `reference`. Rows that are not better than the reference in every
/// column add nothing; so do dominated ones. O(n log n) in two and three columns; in more, one column is swept and
/// each row is held against its neighbours in a k-d tree: O(n^2) in the worst case in four, exponential in the columns.
/// @throws ValueError for a size that does not fit, NaN, a row at minus infinity, or a reference that is not finite.
double hypervolume(std::span<const double> values, std::span<const double> reference);

/// By how much the hypervolume would fall without a row, for each row; 0 where a row has a duplicate.
/// @throws ValueError as hypervolume().
std::vector<double> hypervolumeContributions(std::span<const double> values, std::span<const double> reference);

/// The hypervolume of a growing set. Keeps the front only: two columns take O(log n) a row, more O(n) and what the
/// neighbours cost.
class HypervolumeTrace {
public:
    /// @throws ValueError for no column, or one that is not finite.
    explicit HypervolumeTrace(std::vector<double> reference);
    /// By how much the volume grows; 0 for a row that another one dominates or equals.
    /// @throws ValueError as hypervolume().
    double add(std::span<const double> row);
    double volume() const { return m_volume; }
    /// Rows of the front below the reference point.
    std::size_t size() const;

private:
    double addToRows(std::span<const double> row);

    std::vector<double> m_reference;
    std::map<double, double> m_steps; // of two columns
    std::vector<double> m_rows;       // of any other number
    std::vector<double> m_clipped, m_bound;
    double m_volume = 0;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parallel coordinates as numbers: which figures there are, where their axes stand, and what a height on one means.
#pragma once

#include "state/table.h"

#include <QPointF>
#include <QRectF>
#include <QSize>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope::desktop {

struct ParallelAxis {
    std::string column; // as in Brush
    bool flipped = false;
    bool logarithmic = false; // where all values are positive
    bool robust = false;      // from the 1st to the 99th percentile only
    bool hidden = false;      // an axis with a brush is shown all the same
    bool operator==(const ParallelAxis&) const = default;
};

using AxisFlag = bool ParallelAxis::*;

/// How it is looked at, from left to right. Not part of the question; a session can keep it.
struct ParallelAxes {
    std::vector<ParallelAxis> axes;
    bool operator==(const ParallelAxes&) const = default;

    /// Over those in between.
    void move(std::size_t from, std::size_t to);
};

struct AxisRange {
    double low = 0, high = 0;
    void widen(double value);
    bool operator==(const AxisRange&) const = default;
};

/// A figure of all sampled subnets.
struct AxisColumn {
    std::string name; // as in Brush
    std::optional<Metric> metric;
    std::vector<double> values; // of the cloud
    AxisRange whole, robust;
};

/// In the order in which they are shown first. None for an empty cloud.
std::vector<AxisColumn> columnsOf(const World& world, const Table& cloud);

/// Nothing where the column has none.
const Brush* brushOn(std::string_view column, const std::vector<Brush>& brushes);

/// An axis that is shown.
struct PlacedAxis {
    std::size_t column = 0, view = 0; // indices into AxisLayout::columns() and ParallelAxes::axes
    AxisRange range;
    bool logarithmic = false, flipped = false;
    double x = 0;
    bool operator==(const PlacedAxis&) const = default;
};

/// The axes in a rectangle, in its pixels.
class AxisLayout {
public:
    static constexpr double kSide = 44; // room for half a title
    static constexpr double kGrab = 12; // a hand grabs ends of brushes, and to both sides of an axis
    static constexpr double kSpill = 2; // the density is a little higher than the axes, so that lines at their ends are whole

    /// The axes are to be placed anew.
    void setColumns(std::vector<AxisColumn> columns);
    /// Ranges begin with those of the cloud. They only grow after that, so that axes do not move under a limit that is dragged.
    void widenBy(const World& world, const Table& table);
    /// With the columns that are missing at its end.
    ParallelAxes completed(ParallelAxes view) const;
    /// `line` is the height of a line of text.
    void place(const ParallelAxes& view, const std::vector<Brush>& brushes, const QSize& size, double line);

    const std::vector<AxisColumn>& columns() const { return m_columns; }
    const std::vector<PlacedAxis>& axes() const { return m_axes; }
    const AxisColumn& columnOf(const PlacedAxis& axis) const { return m_columns[axis.column]; }
    /// From the tops to the feet of the axes.
    const QRectF& plot() const { return m_plot; }
    QRectF densityRect() const;
    int width() const { return m_width; }
    double slotWidth() const;

    /// Nothing where it is not shown.
    std::optional<std::size_t> find(std::string_view column) const;
    std::optional<std::size_t> nearest(double x) const;
    double yOf(const PlacedAxis& axis, double value) const;
    double yInside(const PlacedAxis& axis, double value) const;
    /// At the end of a robust axis everything beyond is meant, too.
    double valueAt(const PlacedAxis& axis, double y) const;

private:
    std::vector<AxisColumn> m_columns;
    std::vector<PlacedAxis> m_axes;
    QRectF m_plot;
    int m_width = 0;
};

} // namespace paretoscope::desktop

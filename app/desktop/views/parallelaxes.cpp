// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/parallelaxes.h"

#include "state/brushes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr std::string_view kOrder[] = {"latency", "top1", "energy", "co2e", "params", "macs", "peak-activation-bytes", "weight-bytes", kResolutionColumn, kDepthColumn};
constexpr double kBadges = 18; // room for the letters of pins

/// The value that `share` of the values lie below.
double quantile(std::vector<double> values, double share)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

/// 0 at the bottom, 1 at the top.
double shareOf(const PlacedAxis& axis, double value)
{
    const auto [low, high] = axis.range;
    const double s = axis.logarithmic ? std::log(std::max(value, low * 1e-9) / low) / std::log(high / low) : (value - low) / (high - low);
    return axis.flipped ? 1 - s : s;
}

} // namespace

void ParallelAxes::move(std::size_t from, std::size_t to)
{
    const auto a = static_cast<std::ptrdiff_t>(from), b = static_cast<std::ptrdiff_t>(to);
    const auto begin = axes.begin();
    if (a < b)
        std::rotate(begin + a, begin + a + 1, begin + b + 1);
    else
        std::rotate(begin + b, begin + a, begin + a + 1);
}

void AxisRange::widen(double value)
{
    low = std::min(low, value);
    high = std::max(high, value);
}

std::vector<AxisColumn> columnsOf(const World& world, const Table& cloud)
{
    std::vector<AxisColumn> columns;
    if (cloud.size() == 0)
        return columns;
    for (const auto name : kOrder) {
        const auto source = NamedColumn::find(cloud, name);
        if (!source)
            continue;
        AxisColumn column{std::string(name), metricOfColumn(name), {}, {}, {}};
        column.values.reserve(cloud.size());
        for (std::size_t i = 0; i < cloud.size(); ++i)
            column.values.push_back(source->at(world, cloud, i));
        const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
        column.whole = {*low, *high};
        column.robust = {quantile(column.values, 0.01), quantile(column.values, 0.99)};
        columns.push_back(std::move(column));
    }
    return columns;
}

const Brush* brushOn(std::string_view column, const std::vector<Brush>& brushes)
{
    const auto it = std::find_if(brushes.begin(), brushes.end(), [&](const Brush& b) { return b.column == column; });
    return it == brushes.end() ? nullptr : &*it;
}

void AxisLayout::setColumns(std::vector<AxisColumn> columns)
{
    m_columns = std::move(columns);
    m_axes.clear();
}

void AxisLayout::widenBy(const World& world, const Table& table)
{
    for (auto& column : m_columns)
        if (const auto source = NamedColumn::find(table, column.name))
            for (std::size_t i = 0; i < table.size(); ++i)
                column.whole.widen(source->at(world, table, i));
}

ParallelAxes AxisLayout::completed(ParallelAxes view) const
{
    for (const auto& column : m_columns)
        if (std::none_of(view.axes.begin(), view.axes.end(), [&](const ParallelAxis& a) { return a.column == column.name; }))
            view.axes.push_back({.column = column.name});
    return view;
}

void AxisLayout::place(const ParallelAxes& view, const std::vector<Brush>& brushes, const QSize& size, double line)
{
    m_width = size.width();
    m_plot = QRectF(QPointF(kSide, 2 * line + 14), QPointF(std::max(kSide + 1, size.width() - kSide - kBadges), std::max(2 * line + 15, size.height() - line - 8)));
    m_axes.clear();
    for (std::size_t v = 0; v < view.axes.size(); ++v) {
        const auto& wanted = view.axes[v];
        const auto column = std::find_if(m_columns.begin(), m_columns.end(), [&](const AxisColumn& c) { return c.name == wanted.column; });
        if (column == m_columns.end())
            continue;
        PlacedAxis axis{static_cast<std::size_t>(column - m_columns.begin()), v, wanted.robust && column->robust.high > column->robust.low ? column->robust : column->whole, false, wanted.flipped, 0};
        if (axis.range.high <= axis.range.low) // all are the same
            axis.range = {axis.range.low - 1, axis.range.high + 1};
        axis.logarithmic = wanted.logarithmic && axis.range.low > 0;
        if (!wanted.hidden || brushOn(column->name, brushes))
            m_axes.push_back(axis);
    }
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        m_axes[i].x = m_axes.size() == 1 ? m_plot.center().x() : m_plot.left() + m_plot.width() * static_cast<double>(i) / static_cast<double>(m_axes.size() - 1);
}

QRectF AxisLayout::densityRect() const
{
    if (m_axes.empty())
        return {};
    return QRectF(QPointF(std::floor(m_axes.front().x), std::floor(m_plot.top() - kSpill)), QPointF(std::ceil(m_axes.back().x), std::ceil(m_plot.bottom() + kSpill)));
}

double AxisLayout::slotWidth() const { return m_axes.size() < 2 ? 2 * kSide : m_axes[1].x - m_axes[0].x; }

std::optional<std::size_t> AxisLayout::find(std::string_view column) const
{
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        if (columnOf(m_axes[i]).name == column)
            return i;
    return std::nullopt;
}

std::optional<std::size_t> AxisLayout::nearest(double x) const
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        if (!best || std::abs(m_axes[i].x - x) < std::abs(m_axes[*best].x - x))
            best = i;
    return best;
}

double AxisLayout::yOf(const PlacedAxis& axis, double value) const { return m_plot.bottom() - shareOf(axis, value) * m_plot.height(); }

double AxisLayout::yInside(const PlacedAxis& axis, double value) const { return std::clamp(yOf(axis, value), m_plot.top(), m_plot.bottom()); }

double AxisLayout::valueAt(const PlacedAxis& axis, double y) const
{
    double s = (m_plot.bottom() - y) / m_plot.height();
    if (axis.flipped)
        s = 1 - s;
    const auto [low, high] = axis.range;
    if (s <= 0)
        return std::min(low, columnOf(axis).whole.low);
    if (s >= 1)
        return std::max(high, columnOf(axis).whole.high);
    return axis.logarithmic ? low * std::pow(high / low, s) : low + s * (high - low);
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/paralleldensity.h"

#include "state/brushes.h"
#include "state/filter.h"

#include <utility>
#include <variant>

namespace paretoscope::desktop {

namespace {

QRgb withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour.rgba();
}

} // namespace

ParallelDensity::ParallelDensity(QObject* parent)
    : QObject(parent)
{
    connect(&m_maker, &DensityMaker::made, this, [this](const QImage& image) {
        m_picture = image;
        emit changed();
    });
}

void ParallelDensity::follow(const ExplorerState& state)
{
    const auto& q = state.question();
    RowsKey key{state.world(), state.cloud(), q.limits, q.filter, q.brushes, q.showInfeasible, q.showDominated};
    if (key == m_rowsKey)
        return;
    m_rowsKey = std::move(key);
    ++m_rowsMade;
    m_rows.clear();
    m_passing = 0;
    const auto& cloud = state.cloud();
    if (!cloud || !state.world())
        return;
    const auto parsed = Filter::parse(QString::fromStdString(q.filter));
    const auto* filter = std::get_if<Filter>(&parsed);
    for (std::size_t i = 0; i < cloud->size(); ++i) {
        const bool feasible = missed(*cloud, i, q).empty();
        const bool passes = feasible && passesBrushes(*state.world(), *cloud, i, q.brushes) && (!filter || filter->passes(*state.world(), *cloud, i));
        m_passing += passes;
        m_rows.push_back(!(feasible ? q.showDominated : q.showInfeasible) ? 0 : passes ? 2 : 1);
    }
}

const QImage& ParallelDensity::picture(const AxisLayout& layout, qreal ratio, const Colours& c)
{
    // Grey lines all over are soon a wall: they are context only.
    PictureKey key{m_rowsMade, layout.axes(), (layout.densityRect().size() * ratio).toSize(), ratio, withAlpha(c.cloud, c.dark ? 190 : 175), withAlpha(c.infeasible, c.dark ? 90 : 115)};
    if (key == m_pictureKey)
        return m_picture;
    const bool sameShape = key.axes == m_pictureKey.axes && key.size == m_pictureKey.size && key.ratio == m_pictureKey.ratio && !m_picture.isNull();
    m_pictureKey = std::move(key);
    ++m_asked;
    if (layout.axes().size() < 2 || m_pictureKey.size.isEmpty()) {
        m_maker.cancel();
        m_picture = QImage();
        return m_picture;
    }
    DensityMaker::Job job{linesOver(layout, ratio), m_pictureKey.size, ratio, QColor::fromRgba(m_pictureKey.passing), QColor::fromRgba(m_pictureKey.others)};
    if (sameShape) {
        m_maker.ask(std::move(job)); // the last picture stays until then: its lines are where the axes are
        return m_picture;
    }
    m_maker.cancel();
    m_picture = DensityMaker::make(job);
    return m_picture;
}

Polylines ParallelDensity::linesOver(const AxisLayout& layout, qreal ratio) const
{
    Polylines lines;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i] != 0) {
            rows.push_back(i);
            lines.passing.push_back(m_rows[i] == 2);
        }
    const auto corner = layout.densityRect().topLeft();
    lines.y.reserve(rows.size() * layout.axes().size());
    for (const auto& axis : layout.axes()) {
        lines.x.push_back((axis.x - corner.x()) * ratio);
        const auto& values = layout.columnOf(axis).values;
        for (const auto row : rows)
            lines.y.push_back(static_cast<float>((layout.yOf(axis, values[row]) - corner.y()) * ratio));
    }
    return lines;
}

} // namespace paretoscope::desktop

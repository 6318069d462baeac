// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/parallelpainter.h"

#include "views/parallelwords.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr double kBrushWidth = 12;
constexpr double kApart = 15; // letters of pins

QColor withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

} // namespace

ParallelPainter::ParallelPainter(QPainter& painter, const AxisLayout& layout, const Question& question, const Colours& colours)
    : m_painter(painter)
    , m_layout(layout)
    , m_question(question)
    , m_colours(colours)
{
}

void ParallelPainter::axis(const PlacedAxis& axis, bool current, bool moving)
{
    auto& p = m_painter;
    const auto& c = m_colours;
    const auto& area = m_layout.plot();
    const auto& column = m_layout.columnOf(axis);
    const QFontMetricsF metrics(p.font());
    const double line = std::ceil(metrics.height()), room = std::min(m_layout.slotWidth(), 2 * AxisLayout::kSide) - 4;
    const QRectF head(axis.x - room / 2, 3, room, line), top(axis.x - room / 2, 7 + line, room, line), foot(axis.x - room / 2, area.bottom() + 5, room, line);
    if (current || moving) {
        p.setPen(current ? QPen(c.accent, 1, Qt::DotLine) : QPen(Qt::NoPen));
        p.setBrush(moving ? QBrush(withAlpha(c.accent, 40)) : QBrush(Qt::NoBrush));
        p.drawRoundedRect(head.adjusted(-1, -1, 1, 1), 4, 4);
    }
    p.setPen(c.text);
    const QString name = axis.flipped ? QStringLiteral("%1 ↓").arg(titleOf(column)) : titleOf(column);
    p.drawText(head, Qt::AlignCenter, metrics.elidedText(name, Qt::ElideRight, room));
    p.setPen(c.quietText);
    const auto low = shownValue(column, axis.range.low, axis.flipped), high = shownValue(column, axis.range.high, !axis.flipped); // the unit stands above
    p.drawText(top, Qt::AlignCenter, axis.flipped ? low : high);
    p.drawText(foot, Qt::AlignCenter, axis.flipped ? high : low);
    p.setPen(QPen(c.quietText, 1));
    p.drawLine(QPointF(axis.x, area.top()), QPointF(axis.x, area.bottom()));
}

void ParallelPainter::limit(const PlacedAxis& axis)
{
    const auto& column = m_layout.columnOf(axis);
    const auto* limit = column.metric ? m_question.limit(*column.metric) : nullptr;
    if (!limit || !limit->on)
        return;
    auto& p = m_painter;
    const auto& c = m_colours;
    const auto& area = m_layout.plot();
    const double at = m_layout.yInside(axis, limit->value);
    const bool below = isMaximised(*column.metric) != axis.flipped; // what is not allowed
    const double end = below ? area.bottom() : area.top();
    p.setPen(QPen(c.card, 3));
    p.drawLine(QPointF(axis.x, at), QPointF(axis.x, end));
    p.setPen(QPen(c.infeasible, 1.5, Qt::DotLine));
    p.drawLine(QPointF(axis.x, at), QPointF(axis.x, end));
    p.setPen(QPen(c.text, 2));
    p.drawLine(QPointF(axis.x - 8, at), QPointF(axis.x + 8, at));
    const double towards = below ? -5 : 5;
    QPainterPath arrow; // to what is allowed
    arrow.moveTo(axis.x - 4, at);
    arrow.lineTo(axis.x + 4, at);
    arrow.lineTo(axis.x, at + towards);
    arrow.closeSubpath();
    p.fillPath(arrow, c.text);
}

void ParallelPainter::brush(const PlacedAxis& axis, bool withNumbers, bool going)
{
    const auto& column = m_layout.columnOf(axis);
    const auto* b = brushOn(column.name, m_question.brushes);
    if (!b)
        return;
    auto& p = m_painter;
    const auto& c = m_colours;
    const auto& area = m_layout.plot();
    const double low = m_layout.yInside(axis, b->low), high = m_layout.yInside(axis, b->high);
    const double top = std::min(low, high), bottom = std::max(low, high);
    p.save();
    if (going) // at once, for the eye
        p.setOpacity(0.35);
    p.setPen(QPen(c.accent, 1));
    p.setBrush(withAlpha(c.accent, 70));
    p.drawRoundedRect(QRectF(axis.x - kBrushWidth / 2, top, kBrushWidth, std::max(1.0, bottom - top)), 3, 3);
    p.setPen(Qt::NoPen);
    p.setBrush(c.accent);
    for (const double end : {top, bottom})
        p.drawRoundedRect(QRectF(axis.x - 8, end - 2, 16, 4), 2, 2);
    p.restore();
    if (!withNumbers || going)
        return;
    const QFontMetricsF metrics(p.font());
    const bool left = axis.x > m_layout.width() / 2.0;
    for (const bool upper : {true, false}) {
        const auto text = shownValue(column, (low < high) == upper ? b->low : b->high, true);
        const double w = metrics.horizontalAdvance(text) + 10, h = metrics.height() + 2;
        const double y = std::clamp((upper ? top : bottom) - (upper ? h - 2 : 2), area.top() - 2, area.bottom() + 2 - h);
        const QRectF box(left ? axis.x - 12 - w : axis.x + 12, y, w, h);
        p.setPen(QPen(c.line, 1));
        p.setBrush(c.card);
        p.drawRoundedRect(box, 3, 3);
        p.setPen(c.text);
        p.drawText(box, Qt::AlignCenter, text);
    }
}

void ParallelPainter::lines(const CrispLines& crisp, std::optional<std::size_t> hovered)
{
    using Role = CrispLine::Role;
    auto& p = m_painter;
    const auto& c = m_colours;
    const auto& area = m_layout.plot();
    const auto& all = crisp.lines();
    const auto polygons = crisp.over(m_layout);
    const auto selected = std::find_if(all.begin(), all.end(), [](const CrispLine& line) { return line.role == Role::Selection; });
    p.save();
    p.setClipRect(area.adjusted(-3, -3, 3, 3)); // beyond a robust range they leave
    std::vector<std::pair<double, std::size_t>> ends; // by height
    for (std::size_t i = 0; i < polygons.size(); ++i) {
        const auto role = all[i].role;
        const auto& subnet = all[i].subnet;
        // What is selected and has a colour already is drawn wider instead.
        if (role == Role::Selection && std::any_of(all.begin(), all.end(), [&](const CrispLine& o) { return o.role != Role::Selection && o.subnet == subnet; }))
            continue;
        const bool wide = (role != Role::Selection && selected != all.end() && subnet == selected->subnet) || (hovered && all[*hovered].subnet == subnet);
        p.setBrush(Qt::NoBrush);
        const double width = (role == Role::Pin ? 2 : 2.4) + (wide ? 1.2 : 0);
        p.setPen(QPen(withAlpha(c.card, 200), width + 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin)); // stands out from the cloud
        p.drawPolyline(polygons[i]);
        p.setPen(QPen(role == Role::Pin ? c.pin : role == Role::Suggestion ? c.suggestion : c.text, width, role == Role::Selection ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.drawPolyline(polygons[i]);
        if (role != Role::Selection)
            ends.emplace_back(std::clamp(polygons[i].back().y(), area.top(), area.bottom()), i);
    }
    p.restore();
    badges(crisp, std::move(ends));
}

/// Letters that would lie on one another move apart, downwards and then up again from the end of the axis.
void ParallelPainter::badges(const CrispLines& crisp, std::vector<std::pair<double, std::size_t>> ends)
{
    auto& p = m_painter;
    const auto& c = m_colours;
    std::sort(ends.begin(), ends.end());
    for (std::size_t k = 1; k < ends.size(); ++k)
        ends[k].first = std::max(ends[k].first, ends[k - 1].first + kApart);
    double lowest = m_layout.plot().bottom() + 4;
    for (auto end = ends.rbegin(); end != ends.rend(); ++end, lowest -= kApart)
        end->first = std::min(end->first, lowest);
    for (const auto& [y, i] : ends) {
        const auto& line = crisp.lines()[i];
        const bool pin = line.role == CrispLine::Role::Pin;
        const QRectF box(m_layout.axes().back().x + AxisLayout::kGrab + 3, y - 7, 14, 14);
        p.setPen(QPen(c.card, 1));
        p.setBrush(pin ? c.pin : c.suggestion);
        p.drawRoundedRect(box, 3, 3);
        p.setPen(pin || c.dark ? QColor(0x08120e) : QColor(Qt::white));
        p.drawText(box, Qt::AlignCenter, pin ? QString(QLatin1Char(line.letter)) : QStringLiteral("★"));
    }
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/limitlines.h"

#include "state/metrictext.h"

#include <cmath>

namespace paretoscope::desktop {

namespace {

constexpr double kGrab = 6; // pixels around an edge that is dragged

} // namespace

LimitLines::LimitLines(QCustomPlot& plot)
    : m_plot(plot)
{
    const auto line = [&](QCPAxis* axis) { return Line{axis, nullptr, new QCPItemRect(&plot), nullptr}; };
    m_x = line(plot.xAxis); // what lies beyond either is below both edges
    m_y = line(plot.yAxis);
    for (auto* l : {&m_x, &m_y}) {
        l->edge = new QCPItemLine(&plot);
        l->beyond->setPen(Qt::NoPen);
    }
    for (auto* l : {&m_x, &m_y}) {
        l->label = new QCPItemText(&plot);
        l->label->setPositionAlignment(Qt::AlignLeft | (l == &m_x ? Qt::AlignTop : Qt::AlignBottom));
        l->label->setPadding(QMargins(5, 2, 5, 2));
    }
}

void LimitLines::recolour(const Colours& c, const QFont& font)
{
    auto hatch = c.infeasible;
    hatch.setAlpha(70);
    for (auto* l : {&m_x, &m_y}) {
        l->beyond->setBrush(QBrush(hatch, Qt::BDiagPattern));
        l->edge->setPen(QPen(c.text, 1.5, Qt::DashLine));
        l->label->setColor(c.text);
        l->label->setBrush(c.card);
        l->label->setFont(font);
    }
}

void LimitLines::draw(const ExplorerState& state)
{
    draw(m_x, state, state.question().axes.x);
    draw(m_y, state, state.question().axes.y);
}

void LimitLines::draw(Line& line, const ExplorerState& state, Metric metric)
{
    const auto* limit = state.question().limit(metric);
    const bool on = limit && limit->on && state.world() && state.world()->knows({metric, 0});
    line.edge->setVisible(on);
    line.beyond->setVisible(on);
    line.label->setVisible(on);
    if (!on)
        return;
    const bool horizontal = line.axis == m_plot.xAxis;
    line.value = limit->value * shownFactor(metric);
    // Across the whole of the axis rectangle, whatever part of the other axis is shown.
    const auto set = [&](QCPItemPosition* p, double across) {
        p->setTypeX(horizontal ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
        p->setTypeY(horizontal ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
        horizontal ? p->setCoords(line.value, across) : p->setCoords(across, line.value);
    };
    set(line.edge->start, 0);
    set(line.edge->end, 1);
    set(line.beyond->topLeft, 0);
    set(line.label->position, 0);
    // To the end of the axis that is shown.
    line.beyond->bottomRight->setType(QCPItemPosition::ptAxisRectRatio);
    horizontal ? line.beyond->bottomRight->setCoords(isMaximised(metric) ? 0 : 1, 1) : line.beyond->bottomRight->setCoords(1, isMaximised(metric) ? 1 : 0);
    line.label->setText(QStringLiteral("%1 %2 %3").arg(title(metric), isMaximised(metric) ? QStringLiteral("≥") : QStringLiteral("≤"), shown(metric, limit->value)));
}

LimitLines::Edge LimitLines::edgeAt(const QPointF& at) const
{
    if (!m_plot.axisRect()->rect().contains(at.toPoint()))
        return Edge::None;
    const auto near = [](const Line& line, double pixel) { return line.edge->visible() && std::abs(line.axis->coordToPixel(line.value) - pixel) <= kGrab; };
    return near(m_x, at.x()) ? Edge::X : near(m_y, at.y()) ? Edge::Y : Edge::None;
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/subnetmarks.h"

#include "state/alike.h"
#include "state/metrictext.h"

#include <cmath>

namespace paretoscope::desktop {

namespace {

constexpr int kAlikeOpacity = 150;
constexpr double kAlikeWidth = 9; // pixels

QPainterPath star(double radius)
{
    QPainterPath path;
    for (int i = 0; i < 10; ++i) {
        const double r = i % 2 == 0 ? radius : radius * 0.42, angle = M_PI * (i / 5.0 - 0.5);
        const QPointF at(r * std::cos(angle), r * std::sin(angle));
        i == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    path.closeSubpath();
    return path;
}

} // namespace

SubnetMarks::SubnetMarks(QCustomPlot& plot, const QString& layerOfLetters)
    : m_plot(plot)
    , m_layer(layerOfLetters)
    , m_alike(plot.addGraph())
    , m_selected(plot.addGraph())
    , m_suggestion(plot.addGraph())
{
    for (auto* graph : {m_selected, m_suggestion})
        graph->setLineStyle(QCPGraph::lsNone);
    m_alike->setLineStyle(QCPGraph::lsStepLeft); // as the front
    m_alike->setAdaptiveSampling(false);
}

void SubnetMarks::recolour(const Colours& c)
{
    m_colours = c;
    auto wide = c.suggestion;
    wide.setAlpha(kAlikeOpacity);
    m_alike->setPen(QPen(wide, kAlikeWidth, Qt::SolidLine, Qt::FlatCap));
    m_selected->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(c.text, 2), QBrush(Qt::NoBrush), 15));
    m_suggestion->setScatterStyle(QCPScatterStyle(star(9), QPen(c.card, 1.2), c.suggestion));
}

/// Nothing where a figure of it is not known.
std::optional<QPointF> SubnetMarks::at(const ExplorerState& state, const Subnet& subnet) const
{
    if (!state.world())
        return std::nullopt;
    const auto& axes = state.question().axes;
    const auto x = state.world()->figure(subnet, {axes.x, 0}), y = state.world()->figure(subnet, {axes.y, 0});
    return x && y ? std::optional(QPointF(shownFactor(axes.x) * x->value, shownFactor(axes.y) * y->value)) : std::nullopt;
}

void SubnetMarks::place(QCPGraph& graph, const ExplorerState& state, const std::optional<Subnet>& subnet)
{
    QVector<QCPGraphData> points;
    if (subnet)
        if (const auto point = at(state, *subnet))
            points.append({point->x(), point->y()});
    graph.data()->set(points);
}

/// The part of the front that cannot be told apart from the subnet that is spoken of.
void SubnetMarks::placeAlike(const ExplorerState& state)
{
    QVector<QCPGraphData> points;
    const auto& answer = state.answer();
    const auto& axes = state.question().axes;
    const auto current = state.current();
    // Where the axes are those of the search, so that there is a line to mark.
    const bool marks = answer && current && answer->world == state.world() && answer->result->objectives > 1 && axes.y == Metric::Top1Percent && answer->result->quantities[1] == SearchQuantity{axes.x, 0};
    if (const auto alike = marks ? alikeOf(*answer, *current) : std::nullopt) {
        const auto x = answer->front.column({axes.x, 0}), y = answer->front.column({axes.y, 0});
        for (const auto row : alike->rows)
            points.append({shownFactor(axes.x) * answer->front.at(row, *x), shownFactor(axes.y) * answer->front.at(row, *y)});
    }
    m_alike->data()->set(points.size() > 1 ? points : QVector<QCPGraphData>());
}

void SubnetMarks::draw(const ExplorerState& state)
{
    placeAlike(state);
    const auto& answer = state.answer();
    place(*m_suggestion, state, answer && answer->suggested ? std::optional(answer->front.points.subnets[*answer->suggested]) : std::nullopt);
    place(*m_selected, state, state.selection());
    for (auto* item : m_pins)
        m_plot.removeItem(item);
    m_pins.clear();
    for (const auto& pin : state.question().pins) {
        const auto point = at(state, pin.subnet);
        if (!point)
            continue;
        auto* text = new QCPItemText(&m_plot);
        text->setLayer(m_layer);
        text->setText(QString(QLatin1Char(pin.letter)));
        text->setBrush(m_colours.pin);
        text->setColor(QColor(0x08120e));
        text->setPen(QPen(m_colours.card, 1));
        text->setPadding(QMargins(5, 1, 5, 1));
        text->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom); // outside a rising front: what it marks stays to be seen
        text->position->setCoords(*point);
        m_pins.push_back(text);
    }
}

} // namespace paretoscope::desktop

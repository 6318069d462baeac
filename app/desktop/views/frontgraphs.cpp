// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frontgraphs.h"

#include "state/metrictext.h"
#include "state/secondopinion.h"

#include <cmath>

namespace paretoscope::desktop {

namespace {

constexpr double kMarksApart = 11; // pixels
constexpr int kGhost = 120;        // opacity of an answer to another question

} // namespace

FrontGraphs::FrontGraphs(QCustomPlot& plot)
    : m_plot(plot)
    , m_low(plot.addGraph())
    , m_high(plot.addGraph())
    , m_second(plot.addGraph())
    , m_step(plot.addGraph())
    , m_marks(plot.addGraph())
{
    for (auto* g : {m_low, m_high, m_second, m_step, m_marks}) {
        g->setAdaptiveSampling(false); // it would leave points out
        g->setLineStyle(g == m_marks ? QCPGraph::lsNone : QCPGraph::lsStepLeft); // up to the next point nothing is better
    }
    m_high->setChannelFillGraph(m_low);
}

void FrontGraphs::recolour(const Colours& c)
{
    for (auto* g : {m_low, m_high})
        g->setPen(Qt::NoPen);
    m_high->setBrush(c.frontBand);
    m_colour = c.front;
    m_second->setPen(QPen(c.pin, 1.2, Qt::DashLine));
    m_step->setPen(QPen(c.front, 2));
    m_marks->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(c.front, 1.5), c.card, 8));
}

void FrontGraphs::draw(const ExplorerState& state)
{
    QVector<QCPGraphData> points, low, high;
    const auto& answer = state.answer();
    const auto& axes = state.question().axes;
    const bool fits = answer && answer->world == state.world(); // else its figures are of another device or grid
    const auto x = fits ? answer->front.column({axes.x, 0}) : std::nullopt, y = fits ? answer->front.column({axes.y, 0}) : std::nullopt;
    if (x && y)
        for (std::size_t i = 0; i < answer->front.size(); ++i) {
            const double a = shownFactor(axes.x) * answer->front.at(i, *x), b = shownFactor(axes.y) * answer->front.at(i, *y);
            const double half = axes.y == Metric::Top1Percent ? answer->halfWidthPercent[i] : 0;
            points.append({a, b});
            low.append({a, b - half});
            high.append({a, b + half});
        }
    const bool rising = answer && answer->result->objectives > 1 && axes.y == Metric::Top1Percent;
    m_step->setVisible(rising);
    m_step->data()->set(points);
    thinMarks();
    m_low->data()->set(rising ? low : QVector<QCPGraphData>());
    m_high->data()->set(rising ? high : QVector<QCPGraphData>());
    const auto& opinion = state.second();
    QVector<QCPGraphData> second;
    if (rising && opinion && opinion->of == answer && opinion->own->objectives > 1 && opinion->own->quantities[1] == SearchQuantity{axes.x, 0})
        for (std::size_t i = 0; i < opinion->own->front.size(); ++i)
            second.append({shownFactor(axes.x) * opinion->own->front.at(i, 1), shownFactor(axes.y) * opinion->own->front.at(i, 0)});
    m_second->data()->set(second);
    auto pen = m_step->pen();
    auto colour = m_colour;
    colour.setAlpha(state.phase() == Phase::Stale || state.phase() == Phase::Searching ? kGhost : 255);
    pen.setColor(colour);
    m_step->setPen(pen);
}

void FrontGraphs::thinMarks()
{
    QVector<QCPGraphData> marks;
    QPointF last(-1e9, 0);
    for (const auto& p : *m_step->data()) {
        const QPointF at(m_plot.xAxis->coordToPixel(p.key), m_plot.yAxis->coordToPixel(p.value));
        if (std::hypot(at.x() - last.x(), at.y() - last.y()) >= kMarksApart) {
            marks.append(p);
            last = at;
        }
    }
    m_marks->data()->set(marks);
}

} // namespace paretoscope::desktop

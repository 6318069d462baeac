// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/cloudgraphs.h"

#include "state/brushes.h"
#include "state/filter.h"
#include "state/metrictext.h"

#include <algorithm>
#include <limits>

namespace paretoscope::desktop {

namespace {

constexpr double kSize = 5; // pixels

/// Cividis (Nuñez, Anderton and Renslow 2018), which people with any colour vision see alike; without the end that the
/// background swallows.
QCPColorGradient scaleOf(bool dark)
{
    const QColor stops[] = {QColor(0, 32, 76), QColor(27, 56, 108), QColor(66, 77, 107), QColor(95, 99, 110), QColor(124, 123, 119), QColor(155, 147, 119), QColor(187, 173, 110), QColor(221, 201, 94), QColor(255, 233, 69)};
    QCPColorGradient all;
    all.clearColorStops();
    for (std::size_t i = 0; i < std::size(stops); ++i)
        all.setColorStopAt(static_cast<double>(i) / (std::size(stops) - 1), stops[i]);
    QCPColorGradient part;
    part.clearColorStops();
    const QCPRange from = dark ? QCPRange(0.25, 1) : QCPRange(0, 0.88);
    for (std::size_t i = 0; i < CloudGraphs::kBins; ++i) {
        const double at = static_cast<double>(i) / (CloudGraphs::kBins - 1);
        part.setColorStopAt(at, QColor(all.color(from.lower + at * from.size(), QCPRange(0, 1))));
    }
    return part;
}

} // namespace

CloudGraphs::CloudGraphs(QCustomPlot& plot)
    : m_plot(plot)
    , m_dots(new DotCloud(plot.xAxis, plot.yAxis, kSize))
    , m_scale(new QCPColorScale(&plot))
{
    m_scale->setType(QCPAxis::atRight);
    m_scale->setBarWidth(8);
    m_scale->setRangeDrag(false);
    m_scale->setRangeZoom(false);
    m_scale->setVisible(false); // and in no layout: it takes no room
}

void CloudGraphs::setColoured(bool on)
{
    if (on == m_coloured)
        return;
    m_coloured = on;
    m_scale->setVisible(on);
    if (on) {
        m_plot.plotLayout()->addElement(0, 1, m_scale);
    } else {
        m_plot.plotLayout()->take(m_scale);
        m_plot.plotLayout()->simplify();
    }
    restyle();
}

void CloudGraphs::recolour(const Colours& c, const QFont& font)
{
    m_colours = c;
    auto* axis = m_scale->axis();
    axis->setBasePen(Qt::NoPen);
    axis->setTickPen(Qt::NoPen);
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelColor(c.quietText);
    axis->setLabelColor(c.text);
    axis->setTickLabelFont(font);
    axis->setLabelFont(font);
    restyle();
}

void CloudGraphs::restyle()
{
    auto grey = m_colours.infeasible;
    grey.setAlpha(150);
    std::vector<DotCloud::Style> styles{{{}, grey}};
    const auto gradient = scaleOf(m_colours.dark);
    m_scale->setGradient(gradient);
    for (std::size_t i = 0; i < kBins; ++i) {
        auto colour = m_coloured ? gradient.colorStops().value(static_cast<double>(i) / (kBins - 1)) : m_colours.cloud;
        colour.setAlpha(m_coloured ? 200 : 110);
        styles.push_back({colour, {}});
    }
    m_dots->setStyles(std::move(styles));
}

void CloudGraphs::retitle(const ExplorerState& state)
{
    if (const auto colour = state.question().axes.colour)
        m_scale->axis()->setLabel(QStringLiteral("%1 (%2)").arg(title(*colour), shownUnit(*colour)));
}

void CloudGraphs::draw(const ExplorerState& state)
{
    struct Point {
        double x, y, colour;
    };
    std::vector<std::vector<DotCloud::Dot>> groups(1 + kBins); // infeasible, then by colour
    auto& out = groups.front();
    std::vector<Point> in;
    const auto& q = state.question();
    const auto& cloud = state.cloud();
    const auto column = [&](Metric metric) { return cloud ? cloud->column({metric, 0}) : std::nullopt; };
    const auto x = column(q.axes.x), y = column(q.axes.y), colour = q.axes.colour ? column(*q.axes.colour) : std::nullopt;
    if (x && y) {
        const auto parsed = Filter::parse(QString::fromStdString(q.filter));
        const auto* filter = std::get_if<Filter>(&parsed);
        const double perX = shownFactor(q.axes.x), perY = shownFactor(q.axes.y), perColour = colour ? shownFactor(*q.axes.colour) : 0;
        for (std::size_t i = 0; i < cloud->size(); ++i) {
            if ((filter && !filter->passes(*state.world(), *cloud, i)) || !passesBrushes(*state.world(), *cloud, i, q.brushes))
                continue;
            const double atX = perX * cloud->at(i, *x), atY = perY * cloud->at(i, *y);
            if (!missed(*cloud, i, q).empty())
                out.push_back({atX, atY});
            else if (q.showDominated)
                in.push_back({atX, atY, colour ? perColour * cloud->at(i, *colour) : 0});
        }
        if (!q.showInfeasible)
            out.clear();
    }
    QCPRange range(0, 1);
    if (colour && !in.empty()) {
        const auto [low, high] = std::minmax_element(in.begin(), in.end(), [](const Point& a, const Point& b) { return a.colour < b.colour; });
        range = QCPRange(low->colour, std::max(high->colour, low->colour + 1e-9 * std::max(1.0, std::abs(low->colour))));
    }
    setColoured(colour.has_value());
    retitle(state);
    m_scale->setDataRange(range);
    for (const auto& p : in) {
        const double share = colour ? (p.colour - range.lower) / range.size() : 0;
        groups[1 + std::min(kBins - 1, static_cast<std::size_t>(share * kBins))].push_back({p.x, p.y});
    }
    m_dots->setGroups(std::move(groups));
}

} // namespace paretoscope::desktop

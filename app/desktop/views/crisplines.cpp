// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/crisplines.h"

#include "state/brushes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr double kHitPixels = 8; // around a line that is meant

double distanceToSegment(const QPointF& p, const QPointF& a, const QPointF& b)
{
    const QPointF d = b - a;
    const double length = QPointF::dotProduct(d, d);
    const double t = length > 0 ? std::clamp(QPointF::dotProduct(p - a, d) / length, 0.0, 1.0) : 0;
    const QPointF off = p - (a + t * d);
    return std::hypot(off.x(), off.y());
}

std::vector<CrispLine> linesOf(const ExplorerState& state)
{
    std::vector<CrispLine> lines;
    if (!state.world() || !state.cloud() || state.cloud()->size() == 0)
        return lines;
    using Role = CrispLine::Role;
    const auto& known = state.world()->problem->resolutions();
    const auto add = [&](Role role, char letter, const Subnet& subnet) {
        if (std::find(known.begin(), known.end(), subnet.resolution) != known.end())
            lines.push_back({role, letter, subnet});
    };
    for (const auto& pin : state.question().pins)
        add(Role::Pin, pin.letter, pin.subnet);
    if (state.selection())
        add(Role::Selection, 0, *state.selection());
    if (const auto& answer = state.answer(); answer && answer->suggested)
        add(Role::Suggestion, 0, answer->front.points.subnets[*answer->suggested]);
    return lines;
}

} // namespace

bool CrispLines::follow(const ExplorerState& state, bool anew)
{
    auto lines = linesOf(state);
    if (!anew && lines == m_lines && state.world() == m_world)
        return false;
    m_lines = std::move(lines);
    m_world = state.world();
    std::vector<Subnet> subnets;
    for (const auto& line : m_lines)
        subnets.push_back(line.subnet);
    m_table = subnets.empty() ? Table() : tabulate(*m_world, subnets);
    return true;
}

std::vector<QPolygonF> CrispLines::over(const AxisLayout& layout) const
{
    std::vector<QPolygonF> polygons(m_lines.size());
    for (const auto& axis : layout.axes()) {
        const auto source = NamedColumn::find(m_table, layout.columnOf(axis).name);
        if (!source)
            return {};
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            polygons[i] << QPointF(axis.x, layout.yOf(axis, source->at(*m_world, m_table, i)));
    }
    return polygons;
}

std::optional<std::size_t> CrispLines::at(const AxisLayout& layout, const QPointF& point) const
{
    const auto polygons = over(layout);
    std::optional<std::size_t> best;
    double least = kHitPixels;
    for (std::size_t axis = 1; axis < layout.axes().size(); ++axis)
        for (std::size_t i = 0; i < polygons.size(); ++i) {
            const auto to = static_cast<qsizetype>(axis);
            const double pixels = distanceToSegment(point, polygons[i][to - 1], polygons[i][to]);
            if (pixels <= least) {
                least = pixels;
                best = i;
            }
        }
    return best;
}

} // namespace paretoscope::desktop

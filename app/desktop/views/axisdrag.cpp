// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/axisdrag.h"

#include <algorithm>
#include <cmath>

namespace paretoscope::desktop {

namespace {

constexpr double kStart = 4; // pixels from which a press is a drag
constexpr double kTitleStart = 8;

} // namespace

AxisTarget targetAt(const AxisLayout& layout, const std::vector<Brush>& brushes, const QPointF& at)
{
    using Part = AxisTarget::Part;
    constexpr double kGrab = AxisLayout::kGrab;
    const auto nearest = layout.nearest(at.x());
    if (!nearest)
        return {};
    const auto& axis = layout.axes()[*nearest];
    const auto& area = layout.plot();
    const double aside = std::abs(axis.x - at.x());
    if (at.y() < area.top() - AxisLayout::kSpill)
        return aside <= layout.slotWidth() / 2 ? AxisTarget{Part::Title, *nearest} : AxisTarget{};
    if (aside > std::min(kGrab, layout.slotWidth() / 2) || at.y() > area.bottom() + kGrab)
        return {};
    if (const auto* b = brushOn(layout.columnOf(axis).name, brushes)) {
        const double low = layout.yInside(axis, b->low), high = layout.yInside(axis, b->high);
        const double top = std::min(low, high), bottom = std::max(low, high);
        const double inside = std::min(kGrab, (bottom - top) / 3); // a small brush can still be moved
        const bool lowIsTop = low < high;
        if (at.y() >= top - kGrab && at.y() <= top + inside)
            return {Part::BrushEnd, *nearest, lowIsTop};
        if (at.y() >= bottom - inside && at.y() <= bottom + kGrab)
            return {Part::BrushEnd, *nearest, !lowIsTop};
        if (at.y() > top && at.y() < bottom)
            return {Part::Brush, *nearest};
    }
    return {Part::Axis, *nearest};
}

Qt::CursorShape cursorOver(AxisTarget::Part part)
{
    switch (part) {
    case AxisTarget::Part::Title: return Qt::PointingHandCursor;
    case AxisTarget::Part::BrushEnd: return Qt::SizeVerCursor;
    case AxisTarget::Part::Brush: return Qt::OpenHandCursor;
    case AxisTarget::Part::Axis: return Qt::CrossCursor;
    case AxisTarget::Part::Nothing: break;
    }
    return Qt::ArrowCursor;
}

AxisTarget AxisDrag::press(const AxisLayout& layout, const std::vector<Brush>& brushes, const QPointF& at)
{
    using Part = AxisTarget::Part;
    const auto target = targetAt(layout, brushes, at);
    m_what = target.part == Part::Nothing ? What::Elsewhere : target.part == Part::Title ? What::Title : target.part == Part::Brush ? What::Move : What::Range;
    m_axis = target.axis;
    m_pressed = at;
    m_moved = m_onBrush = false;
    if (!this->brushes())
        return target;
    const auto& axis = layout.axes()[m_axis];
    m_grab = 0;
    m_fixed = layout.valueAt(axis, at.y());
    const auto* b = brushOn(layout.columnOf(axis).name, brushes);
    if (!b)
        return target;
    m_ends = {layout.yInside(axis, b->low), layout.yInside(axis, b->high)};
    const auto [low, high] = m_ends;
    m_onBrush = at.y() >= std::min(low, high) && at.y() <= std::max(low, high);
    if (target.part == Part::BrushEnd) {
        m_fixed = target.low ? b->high : b->low;
        m_grab = (target.low ? low : high) - at.y();
    }
    return target;
}

AxisDrag::Wish AxisDrag::move(const AxisLayout& layout, const QPointF& at)
{
    const double way = m_what == What::Title ? std::abs(at.x() - m_pressed.x()) - kTitleStart : std::abs(at.y() - m_pressed.y()) - kStart;
    if (m_what == What::None || m_what == What::Elsewhere || m_axis >= layout.axes().size() || (!m_moved && way < 0))
        return {};
    m_moved = true;
    const auto& axis = layout.axes()[m_axis];
    if (m_what == What::Range)
        return BrushTo{m_axis, m_fixed, layout.valueAt(axis, at.y() + m_grab)};
    if (m_what == What::Move) {
        const double top = std::min(m_ends.first, m_ends.second), bottom = std::max(m_ends.first, m_ends.second);
        const double by = std::clamp(at.y() - m_pressed.y(), layout.plot().top() - top, layout.plot().bottom() - bottom);
        return BrushTo{m_axis, layout.valueAt(axis, m_ends.first + by), layout.valueAt(axis, m_ends.second + by)};
    }
    const auto to = layout.nearest(at.x());
    if (!to || *to == m_axis)
        return {};
    return AxisTo{std::exchange(m_axis, *to), *to};
}

AxisDrag::End AxisDrag::release()
{
    const auto what = std::exchange(m_what, What::None);
    switch (what) {
    case What::None: return End::Nothing;
    case What::Title: return m_moved ? End::Nothing : End::ClickOnTitle;
    case What::Elsewhere: return End::ClickElsewhere;
    case What::Range:
    case What::Move: break;
    }
    return m_moved ? End::Brushed : m_onBrush ? End::ClickOnBrush : End::ClickOnAxis;
}

} // namespace paretoscope::desktop

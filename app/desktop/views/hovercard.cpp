// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/hovercard.h"

#include "state/metrictext.h"

#include <QScreen>

#include <algorithm>

namespace paretoscope::desktop {

HoverCard::HoverCard(const ExplorerState& state, QWidget* parent)
    : QLabel(parent, Qt::ToolTip)
    , m_state(state)
{
    setMargin(8);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void HoverCard::point(const std::optional<Subnet>& subnet, const QPoint& at)
{
    const auto& world = m_state.world();
    if (!subnet || !world)
        return hide();
    QStringList lines;
    for (const auto& quantity : world->quantities)
        if (quantity.device == 0)
            if (const auto figure = world->figure(*subnet, quantity))
                lines += QStringLiteral("%1  %2").arg(title(quantity.metric), figure->low == figure->high ? shown(quantity.metric, figure->value) : shown(quantity.metric, *figure));
    lines += tr("resolution %1").arg(subnet->resolution);
    setText(lines.join(u'\n'));
    adjustSize();
    const auto there = screen()->availableGeometry();
    move(std::min(at.x() + 16, there.right() - width()), std::min(at.y() + 12, there.bottom() - height()));
    show();
}

} // namespace paretoscope::desktop

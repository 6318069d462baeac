// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/otherdevices.h"

#include "state/devicetext.h"
#include "state/metrictext.h"

#include <QLabel>
#include <QVBoxLayout>

namespace paretoscope::desktop {

OtherDevices::OtherDevices(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    hide();
}

QStringList OtherDevices::linesOf(const World& world, std::size_t device, const Subnet& subnet)
{
    const auto& known = world.devices[device];
    QStringList lines{QString::fromStdString(known.device.title)}, figures;
    for (const auto metric : {Metric::LatencyMs, Metric::EnergyJ, Metric::Co2eGPerMillion})
        if (const auto figure = world.figure(subnet, {metric, static_cast<int>(device)}))
            figures += shown(metric, *figure);
    if (figures.isEmpty())
        figures += tr("nothing is known at resolution %1").arg(subnet.resolution);
    else if (!known.energy.model)
        figures += tr("energy not known");
    lines += figures.join(QStringLiteral(" · "));
    for (const auto& g : deviceGuards(known.device, subnet))
        lines += QStringLiteral("⚠ ") + g;
    return lines;
}

void OtherDevices::show(const World* world, const std::optional<Subnet>& subnet)
{
    while (auto* item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const std::size_t devices = world && subnet ? world->devices.size() : 0;
    for (std::size_t d = 1; d < devices; ++d) {
        auto lines = linesOf(*world, d, *subnet);
        auto* label = new QLabel(this);
        label->setWordWrap(true);
        label->setTextFormat(Qt::RichText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setAccessibleName(lines.join(QStringLiteral("; ")));
        for (auto& line : lines)
            line = line.toHtmlEscaped();
        lines.front() = QStringLiteral("<b>%1</b>").arg(lines.front());
        label->setText(lines.join(QStringLiteral("<br>")));
        label->setToolTip(QString::fromStdString(world->devices[d].device.source).toHtmlEscaped());
        m_layout->addWidget(label);
    }
    setVisible(devices > 1);
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/architecturestrip.h"

#include "views/theme.h"

#include <QPainter>

namespace paretoscope::desktop {

ArchitectureStrip::ArchitectureStrip(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumHeight(74);
}

void ArchitectureStrip::show(const SearchSpace* space, const std::optional<Subnet>& subnet)
{
    m_space = space;
    m_subnet = subnet;
    const auto text = space && subnet ? describe(*space, *subnet) : QString();
    setAccessibleName(text);
    setToolTip(text);
    update();
}

QString ArchitectureStrip::describe(const SearchSpace& space, const Subnet& s)
{
    QStringList stages;
    for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage) {
        const auto& spec = space.stages[static_cast<std::size_t>(stage)];
        QStringList blocks;
        for (int b = 0; b < space.activeBlocks(s, stage); ++b) {
            const auto op = s.op[static_cast<std::size_t>(spec.firstSlot + b)];
            blocks += tr("kernel %1, expansion %2").arg(spec.kernelOf(op)).arg(spec.expansionOf(op));
        }
        stages += tr("stage %1: %2").arg(stage + 1).arg(blocks.join(QStringLiteral("; ")));
    }
    return tr("resolution %1\n%2").arg(s.resolution).arg(stages.join(u'\n'));
}

void ArchitectureStrip::paintEvent(QPaintEvent*)
{
    if (!m_space || !m_subnet)
        return;
    const auto& c = coloursOf(palette());
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    const auto& stages = m_space->stages;
    const double labels = 16, gap = 8, base = height() - labels - 2;
    const double stageWidth = (width() - gap * static_cast<double>(stages.size() - 1)) / static_cast<double>(stages.size());
    auto small = font();
    small.setPointSizeF(small.pointSizeF() * 0.82);
    p.setFont(small);
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const auto& spec = stages[i];
        const double left = static_cast<double>(i) * (stageWidth + gap), w = stageWidth / spec.maxBlocks;
        for (int b = 0; b < spec.maxBlocks; ++b) {
            const auto op = m_subnet->op[static_cast<std::size_t>(spec.firstSlot + b)];
            const QRectF whole(left + b * w, 2, std::max(2.0, w - 2), base - 2);
            if (op == 0) { // switched off: its place stays visible
                p.setPen(QPen(c.line, 1, Qt::DotLine));
                p.setBrush(Qt::NoBrush);
                p.drawRoundedRect(whole.adjusted(0.5, whole.height() * 0.7, -0.5, -0.5), 2, 2);
                continue;
            }
            const double expansion = spec.expansionOf(op) / spec.expansions.back();
            const auto kernels = spec.kernels.size();
            const auto kernel = (op - 1u) / spec.expansions.size();
            const double shade = kernels < 2 ? 1 : 0.35 + 0.65 * static_cast<double>(kernel) / static_cast<double>(kernels - 1);
            auto colour = c.accent;
            colour.setAlphaF(static_cast<float>(shade));
            p.setPen(Qt::NoPen);
            p.setBrush(colour);
            p.drawRoundedRect(whole.adjusted(0, whole.height() * (1 - expansion), 0, 0), 2, 2);
        }
        p.setPen(c.quietText);
        p.drawText(QRectF(left, base + 2, stageWidth, labels), Qt::AlignHCenter | Qt::AlignTop, tr("stage %1").arg(i + 1));
    }
}

} // namespace paretoscope::desktop

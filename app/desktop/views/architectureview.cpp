// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/architectureview.h"

#include "space/accounting.h"
#include "views/architecturestrip.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTableWidget>
#include <QVBoxLayout>

namespace paretoscope::desktop {

namespace {

constexpr double kSmall = 0.88; // of the font

enum Column { Name, Kernel, Expansion, Inside, Out, Map, Macs, MacsShare, Params, Columns };

} // namespace

ArchitectureView::ArchitectureView(ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_heading(new QLabel)
    , m_strip(new ArchitectureStrip)
    , m_blocks(new QTableWidget(0, Columns))
{
    m_blocks->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_blocks->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_blocks->setAlternatingRowColors(true);
    m_blocks->setShowGrid(false);
    m_blocks->verticalHeader()->hide();
    auto small = font();
    small.setPointSizeF(kSmall * small.pointSizeF()); // nine columns in a narrow window
    m_blocks->setFont(small);
    m_blocks->horizontalHeader()->setFont(small);
    m_blocks->setWordWrap(false);
    m_blocks->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_blocks->horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_heading);
    layout->addWidget(m_strip);
    layout->addWidget(m_blocks, 1);
    connect(&m_state, &ExplorerState::changed, this, &ArchitectureView::follow);
    retranslate();
}

void ArchitectureView::retranslate()
{
    m_blocks->setHorizontalHeaderLabels({tr("block"), tr("kernel"), tr("expansion"), tr("mid"), tr("out"), tr("map, px"), tr("MACs"), tr("share"), tr("parameters")});
    m_blocks->horizontalHeaderItem(Inside)->setToolTip(tr("Channels after the expansion"));
    m_blocks->horizontalHeaderItem(Out)->setToolTip(tr("Channels that leave the block"));
    m_blocks->horizontalHeaderItem(Map)->setToolTip(tr("Height and width of the feature map, before and after"));
    m_blocks->horizontalHeaderItem(MacsShare)->setToolTip(tr("Of the MACs of the whole subnet"));
    m_blocks->setAccessibleName(tr("Blocks of the subnet"));
    fill();
}

void ArchitectureView::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (isVisible() && what & (S::WorldChanged | S::AnswerChanged | S::SelectionChanged))
        if (m_shown != m_state.current() || m_world != m_state.world())
            fill();
}

void ArchitectureView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    fill();
}

void ArchitectureView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ArchitectureView::fill()
{
    m_world = m_state.world();
    m_shown = m_world ? m_state.current() : std::nullopt;
    m_strip->show(m_world ? &m_world->space() : nullptr, m_shown);
    if (!m_shown) {
        m_heading->setText(tr("No subnet is selected or suggested."));
        m_blocks->setRowCount(0);
        return;
    }
    m_heading->setText(m_state.selection() ? tr("Selected subnet, resolution %1").arg(m_shown->resolution) : tr("Suggested subnet, resolution %1").arg(m_shown->resolution));
    const QLocale locale;
    const auto all = account(*m_world->bundle->parts, *m_shown);
    m_blocks->setRowCount(static_cast<int>(all.blocks.size()));
    for (std::size_t i = 0; i < all.blocks.size(); ++i) {
        const auto& b = all.blocks[i];
        const auto row = static_cast<int>(i);
        const auto set = [&](Column column, const QString& text) {
            auto* item = new QTableWidgetItem(text);
            item->setTextAlignment((column == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            m_blocks->setItem(row, column, item);
        };
        const bool elastic = b.block.slot >= 0;
        set(Name, b.block.stage >= 0 ? tr("stage %1 · %2").arg(b.block.stage + 1).arg(QString::fromStdString(b.block.name)) : QString::fromStdString(b.block.name));
        set(Kernel, b.block.convolutions.empty() ? QStringLiteral("–") : QString::number(b.block.kernel));
        set(Expansion, elastic ? locale.toString(b.block.expansion, 'g', 4) : QStringLiteral("–"));
        set(Inside, b.block.mid > 0 && elastic ? QString::number(b.block.mid) : QStringLiteral("–"));
        set(Out, QString::number(b.block.out));
        set(Map, b.inputSize == b.outputSize ? QString::number(b.inputSize) : QStringLiteral("%1 → %2").arg(b.inputSize).arg(b.outputSize));
        set(Macs, locale.toString(static_cast<qulonglong>(b.account.macs)));
        set(MacsShare, tr("%1 %").arg(locale.toString(100.0 * static_cast<double>(b.account.macs) / static_cast<double>(all.total.macs), 'f', 1)));
        set(Params, locale.toString(static_cast<qulonglong>(b.account.params)));
    }
}

} // namespace paretoscope::desktop

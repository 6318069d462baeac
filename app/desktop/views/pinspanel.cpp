// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pinspanel.h"

#include "state/compare.h"
#include "state/comparewords.h"
#include "state/metrictext.h"
#include "views/comparedialog.h"
#include "views/theme.h"

#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr Metric kColumns[] = {Metric::LatencyMs, Metric::Top1Percent, Metric::Co2eGPerMillion};
constexpr int kMostVisible = 8; // rows before it scrolls

QString withSign(Metric metric, double difference)
{
    const auto text = shown(metric, std::abs(difference), false);
    return (difference < 0 ? QStringLiteral("−") : QStringLiteral("+")) + text + u' ' + (metric == Metric::Top1Percent ? PinsPanel::tr("points") : shownUnit(metric));
}

} // namespace

PinsPanel::PinsPanel(ExplorerState& state, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_heading(new QLabel(this))
    , m_text(new QLabel(this))
    , m_table(new QTableWidget(0, 1 + static_cast<int>(std::size(kColumns)), this))
    , m_compare(new QPushButton(this))
{
    setProperty("card", true);
    m_heading->setProperty("heading", true);
    m_text->setProperty("quiet", true);
    m_text->setWordWrap(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->addWidget(m_heading);
    layout->addWidget(m_table);
    layout->addWidget(m_text);
    layout->addWidget(m_compare, 0, Qt::AlignLeft);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, [this] {
        if (m_updating || m_table->selectedItems().isEmpty())
            return;
        m_state.select(subnetOf(m_table->currentRow()));
    });
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        const int row = m_table->rowAt(at.y());
        const auto subnet = subnetOf(row);
        if (!subnet || !m_state.question().pinOf(*subnet))
            return;
        QMenu menu;
        const auto* chosen = menu.addAction(tr("Unpin"));
        if (menu.exec(m_table->viewport()->mapToGlobal(at)) == chosen)
            unpin(*subnet); // rows may have moved while the menu was open
    });
    connect(m_compare, &QPushButton::clicked, this, &PinsPanel::compareRequested);
    connect(&m_state, &ExplorerState::changed, this, &PinsPanel::follow);
    retranslate();
}

void PinsPanel::retranslate()
{
    m_heading->setText(tr("Pinned"));
    m_compare->setText(tr("Compare…"));
    m_compare->setToolTip(tr("Two to four pinned subnets side by side"));
    m_table->setAccessibleName(tr("Pinned subnets"));
    QStringList headers{QString()};
    for (const auto metric : kColumns) // the unit tells them apart, and the column is narrow
        headers += metric == Metric::Co2eGPerMillion ? tr("CO₂e %1").arg(shownUnit(metric)) : QStringLiteral("%1 %2").arg(title(metric), shownUnit(metric));
    m_table->setHorizontalHeaderLabels(headers);
    fill();
}

void PinsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void PinsPanel::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & (S::WorldChanged | S::QuestionChanged | S::AnswerChanged))
        fill();
    else if (what & S::SelectionChanged)
        compare();
}

std::optional<Subnet> PinsPanel::subnetOf(int row) const
{
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? std::optional(m_rows[static_cast<std::size_t>(row)].second) : std::nullopt;
}

void PinsPanel::fill()
{
    m_rows.clear();
    const auto& world = m_state.world();
    const auto& answer = m_state.answer();
    if (world && answer && answer->suggested)
        m_rows.emplace_back(QStringLiteral("★"), answer->front.points.subnets[*answer->suggested]);
    if (world)
        for (const auto& pin : m_state.question().pins)
            m_rows.emplace_back(QString(QLatin1Char(pin.letter)), pin.subnet);
    m_updating = true;
    m_table->setRowCount(static_cast<int>(m_rows.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& [mark, subnet] = m_rows[static_cast<std::size_t>(row)];
        m_table->setItem(row, 0, new QTableWidgetItem(mark));
        for (int c = 0; c < static_cast<int>(std::size(kColumns)); ++c) {
            const auto figure = world->figure(subnet, {kColumns[c], 0});
            auto* item = new QTableWidgetItem(figure ? shown(kColumns[c], figure->value, false) : QStringLiteral("–"));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            QStringList tips;
            for (std::size_t d = 0; d < (dependsOnDevice(kColumns[c]) ? world->devices.size() : 1); ++d)
                if (const auto f = world->figure(subnet, {kColumns[c], static_cast<int>(d)}))
                    tips += world->devices.size() > 1 && dependsOnDevice(kColumns[c]) ? QStringLiteral("%1: %2").arg(QString::fromStdString(world->devices[d].device.title), shown(kColumns[c], *f)) : shown(kColumns[c], *f);
            item->setToolTip(tips.join(u'\n'));
            m_table->setItem(row, c + 1, item);
        }
    }
    m_updating = false;
    const int rows = std::clamp(m_table->rowCount(), 1, kMostVisible);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * m_table->verticalHeader()->defaultSectionSize() + 4);
    m_compare->setVisible(CompareDialog::canCompare(m_state));
    setVisible(world != nullptr);
    compare();
}

/// The first row beside the selected one, else beside the last pin.
void PinsPanel::compare()
{
    const auto& world = m_state.world();
    const auto& selection = m_state.selection();
    m_updating = true;
    const auto at = std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& r) { return selection && r.second == *selection; });
    at == m_rows.end() ? m_table->clearSelection() : m_table->selectRow(static_cast<int>(at - m_rows.begin()));
    m_updating = false;
    if (!world || m_rows.size() < 2) {
        m_text->setText(world ? tr("Pin subnets to compare them with the suggested one") : QString());
        return;
    }
    const auto& from = m_rows.front();
    const auto& to = at != m_rows.end() && at != m_rows.begin() ? *at : m_rows.back();
    QStringList parts;
    std::optional<double> probability;
    for (const auto& d : differencesOf(*world, from.second, to.second)) {
        if (std::find(std::begin(kColumns), std::end(kColumns), d.quantity.metric) != std::end(kColumns))
            parts += withSign(d.quantity.metric, d.difference());
        if (d.quantity.metric == Metric::Top1Percent)
            probability = probabilityMoreAccurate(d.a, d.b);
    }
    auto text = QStringLiteral("%1 → %2: %3").arg(from.first, to.first, parts.join(QStringLiteral(", ")));
    text.replace(u'/', QStringLiteral("/\u2060")); // a unit stays on its line
    if (probability)
        text += u'\n' + tr("P(%1 more accurate than %2): %3").arg(to.first, from.first, probabilityText(*probability));
    m_text->setText(text);
    m_text->setToolTip(probability ? tr("From the 90 % intervals, their errors taken as independent") : QString());
}

void PinsPanel::unpin(const Subnet& subnet)
{
    m_state.change(tr("Unpin"), "", [&](Question& q) { std::erase_if(q.pins, [&](const Pin& p) { return p.subnet == subnet; }); });
}

} // namespace paretoscope::desktop

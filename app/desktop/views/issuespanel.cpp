// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/issuespanel.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableWidget>

namespace paretoscope::desktop {

namespace {

enum Column { Time, What, Means, ToDo, kColumns };

} // namespace

IssuesPanel::IssuesPanel(IssueLog& log, const ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_log(log)
    , m_state(state)
    , m_table(new QTableWidget(0, kColumns, this))
    , m_none(new QLabel(this))
    , m_details(new QLabel(this))
    , m_copy(new QPushButton(this))
    , m_clear(new QPushButton(this))
{
    m_table->verticalHeader()->hide();
    m_table->setWordWrap(true);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(Time, QHeaderView::ResizeToContents);
    for (auto* label : {m_none, m_details}) {
        label->setProperty("quiet", true);
        label->setWordWrap(true);
    }
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copy);
    buttons->addWidget(m_clear);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_none);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_details);
    layout->addLayout(buttons);
    connect(m_copy, &QPushButton::clicked, this, &IssuesPanel::copyReport);
    connect(m_clear, &QPushButton::clicked, &m_log, &IssueLog::clear);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &IssuesPanel::showDetails);
    connect(&m_log, &IssueLog::changed, this, &IssuesPanel::fill);
    retranslate();
}

void IssuesPanel::copyReport() const { QApplication::clipboard()->setText(reportOf(m_log.issues(), m_state)); }

void IssuesPanel::retranslate()
{
    m_table->setAccessibleName(tr("Issues"));
    m_table->setHorizontalHeaderLabels({tr("Time"), tr("What happened"), tr("What it means"), tr("What to do")});
    m_none->setText(tr("Nothing went wrong, and nothing is to be careful of."));
    m_copy->setText(tr("Copy report"));
    m_copy->setToolTip(tr("As text, with version, bundle and question, to send to somebody who can help"));
    m_clear->setText(tr("Clear"));
    m_clear->setToolTip(tr("Forget all issues"));
    fill();
}

void IssuesPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void IssuesPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_table->resizeRowsToContents(); // lines are wrapped elsewhere
}

void IssuesPanel::fill()
{
    const auto& issues = m_log.issues();
    const int count = static_cast<int>(issues.size());
    m_table->clearSelection();
    m_table->setRowCount(count);
    for (int row = 0; row < count; ++row) {
        const auto& issue = issues[static_cast<std::size_t>(count - 1 - row)]; // the latest first
        const QString when = QLocale().toString(issue.at.time(), QLocale::ShortFormat) + (issue.times > 1 ? QStringLiteral("  ×%1").arg(issue.times) : QString());
        const QString texts[kColumns] = {when, (issue.kind == Issue::Kind::Problem ? QStringLiteral("✖ ") : QStringLiteral("⚠ ")) + issue.what, issue.means, issue.todo};
        for (int column = 0; column < kColumns; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setToolTip(issue.details);
            item->setTextAlignment(Qt::AlignLeft | Qt::AlignTop);
            m_table->setItem(row, column, item);
        }
    }
    m_table->resizeRowsToContents();
    m_none->setVisible(count == 0);
    m_table->setVisible(count > 0);
    m_copy->setEnabled(count > 0);
    m_clear->setEnabled(count > 0);
    if (count > 0)
        m_table->selectRow(0);
    showDetails();
}

void IssuesPanel::showDetails()
{
    const auto* item = m_table->selectedItems().isEmpty() ? nullptr : m_table->selectedItems().constFirst();
    m_details->setText(item ? item->toolTip() : QString());
    m_details->setVisible(!m_details->text().isEmpty());
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shortcutsheet.h"

#include "mainactions.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QTableWidget>
#include <QVBoxLayout>

namespace paretoscope::desktop {

ShortcutSheet::ShortcutSheet(const MainActions& actions, QWidget* parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_table(new QTableWidget(0, 3, this))
{
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_table);
    layout->addWidget(buttons);
    resize(640, 640);
    retranslate();
}

void ShortcutSheet::retranslate()
{
    setWindowTitle(tr("Shortcuts"));
    m_table->setAccessibleName(tr("Shortcuts"));
    m_table->setHorizontalHeaderLabels({tr("Keys"), tr("Menu"), tr("What it does")});
    m_table->setRowCount(0);
    for (const auto* menu : m_actions.menus())
        for (const auto* action : menu->actions()) {
            if (action->isSeparator() || action->shortcut().isEmpty())
                continue;
            const int row = m_table->rowCount();
            m_table->insertRow(row);
            const QString texts[] = {action->shortcut().toString(QKeySequence::NativeText), menu->title().remove(u'&'), m_actions.titleOf(action)};
            for (int column = 0; column < 3; ++column)
                m_table->setItem(row, column, new QTableWidgetItem(texts[column]));
            m_table->item(row, 2)->setToolTip(action->toolTip());
        }
}

void ShortcutSheet::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

/// They may have been bound anew since.
void ShortcutSheet::showEvent(QShowEvent* event)
{
    retranslate();
    QDialog::showEvent(event);
}

} // namespace paretoscope::desktop

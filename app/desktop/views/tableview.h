// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All subnets as a table: what the plots show, for people who read numbers or cannot see plots.
#pragma once

#include "state/explorerstate.h"

#include <QTableView>

class QMenu;

namespace paretoscope::desktop {

class SubnetTableModel;

class TableView : public QTableView {
    Q_OBJECT
public:
    explicit TableView(ExplorerState& state, QWidget* parent = nullptr);

    void retranslate();
    /// Remembered by what the column shows, for every bundle. The marks always stay.
    void setColumnShown(int column, bool shown);
    /// The selected rows, without hidden columns.
    void copy();

signals:
    /// Of the selected subnet.
    void pinRequested();

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void catchUp();
    void refresh();
    void showSelection();
    void takeCurrent();
    void takeSelection();
    void pinCurrent();
    void fillColumnMenu(QMenu& menu);

    ExplorerState& m_state;
    SubnetTableModel* m_model;
    ExplorerState::Changes m_pending; // what a hidden table has yet to do
    bool m_updating = false;
};

} // namespace paretoscope::desktop

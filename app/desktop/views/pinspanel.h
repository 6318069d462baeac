// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shortlist: pinned subnets beside the suggested one, and what one costs more than the other.
#pragma once

#include "state/explorerstate.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QTableWidget;

namespace paretoscope::desktop {

class PinsPanel : public QFrame {
    Q_OBJECT
public:
    explicit PinsPanel(ExplorerState& state, QWidget* parent = nullptr);
    void retranslate();

signals:
    void compareRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void fill();
    void compare();
    void unpin(const Subnet& subnet);
    std::optional<Subnet> subnetOf(int row) const;

    ExplorerState& m_state;
    QLabel *m_heading, *m_text;
    QTableWidget* m_table;
    QPushButton* m_compare;
    std::vector<std::pair<QString, Subnet>> m_rows; // mark and subnet
    bool m_updating = false;
};

} // namespace paretoscope::desktop

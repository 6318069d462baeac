// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The issues as a table; copied as a report, cleared.
#pragma once

#include "state/issuelog.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableWidget;

namespace paretoscope::desktop {

class IssuesPanel : public QWidget {
    Q_OBJECT
public:
    IssuesPanel(IssueLog& log, const ExplorerState& state, QWidget* parent = nullptr);
    /// All issues as text to the clipboard.
    void copyReport() const;
    void retranslate();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fill();
    void showDetails();

    IssueLog& m_log;
    const ExplorerState& m_state;
    QTableWidget* m_table;
    QLabel *m_none, *m_details;
    QPushButton *m_copy, *m_clear;
};

} // namespace paretoscope::desktop

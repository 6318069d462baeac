// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bottom line: what runs, how far it is, how long it takes; a way to stop it; how many issues there are.
#pragma once

#include "explorer.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace paretoscope::desktop {

class IssueLog;
class Sparkline;

class StatusLine : public QWidget {
    Q_OBJECT
public:
    StatusLine(Explorer& explorer, const IssueLog& issues, QWidget* parent = nullptr);
    QString text() const;
    void retranslate();

signals:
    void stopRequested();
    void issuesRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void refresh();
    void showIssues();
    QString searchingText() const;
    QString resultText() const;

    Explorer& m_explorer;
    const IssueLog& m_log;
    QLabel* m_text;
    Sparkline* m_course; // of the hypervolume
    QProgressBar* m_share;
    QToolButton *m_stop, *m_issues;
};

} // namespace paretoscope::desktop

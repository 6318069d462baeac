// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of a window: bundles and sessions to open, sessions and pictures to save, and which ones were used last.
#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace paretoscope::desktop {

class IssueLog;
class SessionKeeper;

class WindowFiles : public QObject {
    Q_OBJECT
public:
    /// Dialogs belong to the window.
    WindowFiles(QWidget& window, SessionKeeper& keeper, IssueLog& issues);

    /// Asks for a bundle or a session; empty: none was chosen.
    QString browse();
    /// Asks for a place where the session has none yet.
    void save();
    void saveAs();
    void savePicture(QWidget& widget);

    static QStringList recent();
    void remember(const QString& path);
    /// What was open when the last window was closed: a path, or the id of a shipped bundle. Empty: nothing.
    static QString last();
    static void setLast(const QString& pathOrId);

signals:
    void recentChanged(const QStringList& paths);
    /// To be said to the person; empty: it has worked.
    void said(const QString& problem);

private:
    bool saveTo(const QString& path);

    QWidget& m_window;
    SessionKeeper& m_keeper;
    IssueLog& m_issues;
};

} // namespace paretoscope::desktop

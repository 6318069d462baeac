// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sessions of the window: saved by the user, and by itself a moment after every change, so that a crash takes nothing.
#pragma once

#include "explorer.h"
#include "state/session.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace paretoscope::desktop {

class SessionKeeper : public QObject {
    Q_OBJECT
public:
    /// `autosave` is the file that is written by itself; its folder is made.
    SessionKeeper(Explorer& explorer, const QString& autosave, QObject* parent = nullptr);

    const QString& path() const { return m_path; } // of the open session; empty: not saved yet
    bool isModified() const;
    /// What went wrong, and what to do; nothing where it is saved.
    std::optional<QString> save(const QString& path);
    /// The window closes: what is not saved is kept for the next time.
    void finish();
    /// What the last window has left, in good order or not: the file to open; nothing where there is none.
    std::optional<QString> leftBehind() const;
    void dropLeftBehind();

    static QString defaultAutosave();

signals:
    void changed(); // path or whether it is modified
    /// Once, until it works again: what was asked for is not safe.
    void autosaveFailed(const QString& message);

private:
    Session session() const;
    void follow(ExplorerState::Changes what);
    void autosave();

    Explorer& m_explorer;
    QString m_path, m_autosave;
    std::optional<Question> m_saved; // as the file has it
    QTimer m_timer;
    bool m_failed = false;
    bool m_restored = false; // from what was kept, and not saved since
    bool m_kept = false;     // what is kept is of this session
};

} // namespace paretoscope::desktop

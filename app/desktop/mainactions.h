// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that the window can be told to do, once: id, text, tip and shortcut. Menus, tool bar, the sheet of shortcuts
// and the preferences read them from here.
#pragma once

#include "state/explorerstate.h"

#include <QAction>
#include <QKeySequence>
#include <QObject>

#include <vector>

class QMainWindow;
class QMenu;

namespace paretoscope::desktop {

class MainActions : public QObject {
    Q_OBJECT
public:
    static constexpr int kTabs = 5; // of the lower strip

    /// Makes the menus of the window, too.
    explicit MainActions(QMainWindow& window);

    QAction *open, *save, *saveAs, *savePicture, *savePlot, *close, *quit;
    QAction *undo, *redo, *copyChart, *findFilter, *preferences;
    QAction *infeasible, *dominated, *fit, *back, *forward, *leftColumn, *lowerStrip, *fullScreen, *issues, *nextLanguage;
    QAction *search, *stop, *relax;
    QAction *knee, *pin, *compare, *exportSubnet;
    QAction *help, *shortcuts, *about;
    std::vector<QAction*> tabs; // kTabs of them

    /// In the order of the menus. The id is the object name and stays the same in all versions and languages.
    const std::vector<QAction*>& all() const { return m_all; }
    const std::vector<QMenu*>& menus() const { return m_menus; }
    QAction* find(const QString& id) const; // null where there is none

    QKeySequence standardShortcut(const QAction* action) const;
    /// Remembered. The caller has asked conflictOf() before.
    void setShortcut(QAction* action, const QKeySequence& keys);
    void resetShortcuts();
    /// The other action that has these keys, or begins with them; null: they are free.
    QAction* conflictOf(const QAction* action, const QKeySequence& keys) const;

    void enable(Phase phase, bool loaded);
    void retranslate();
    /// What it does in a word, without mnemonic and dots, and whatever it would undo just now.
    QString titleOf(const QAction* action) const;

private:
    struct Entry {
        QAction* action;
        QKeySequence keys; // standard
        const char *text, *tip; // untranslated
    };
    void beginMenu(const char* id, const char* title);
    QAction* make(const char* id, const QKeySequence& keys, const char* text, const char* tip, bool checkable = false);
    void separate();
    const Entry& entryOf(const QAction* action) const;
    void retip(const Entry& entry);

    QMainWindow& m_window;
    std::vector<QMenu*> m_menus;
    std::vector<const char*> m_titles; // of the menus, untranslated
    std::vector<QAction*> m_all;
    std::vector<Entry> m_entries;
};

} // namespace paretoscope::desktop

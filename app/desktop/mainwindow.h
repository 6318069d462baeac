// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window: start page or explore page, tool bar, status line, dock of issues; files and dialogs. What can be done is
// listed in MainActions.
#pragma once

#include "explorer.h"
#include "preferences.h"
#include "sessionkeeper.h"
#include "state/issuelog.h"
#include "windowfiles.h"

#include <QMainWindow>

#include <functional>

class QDialog;
class QDockWidget;
class QStackedWidget;

namespace paretoscope::desktop {

class DevicePicker;
class ExplorePage;
class FilterEdit;
class IssuesPanel;
class MainActions;
class StartPage;
class StatusLine;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `autosave` is where what is not saved is kept.
    explicit MainWindow(const QString& autosave = SessionKeeper::defaultAutosave(), QWidget* parent = nullptr);
    ~MainWindow() override;
    void open(const QString& pathOrId);
    /// What was not saved, else what was open last. False where there is nothing.
    bool restoreLast();
    Explorer& explorer() { return m_explorer; }
    SessionKeeper& keeper() { return m_keeper; }
    MainActions& actions() { return *m_actions; }
    IssueLog& issues() { return m_issues; }

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void makeToolBar();
    void makeCentre();
    void makeDock();
    void connectActions();
    void connectIssues();
    void retranslate();
    void follow(ExplorerState::Changes what);
    void followPhase(Phase phase, bool loaded);
    void updateTitle();
    void updateUndo();
    void browse();
    void stop();
    void togglePin();
    void exportSubnet();
    void jumpToKnee();
    void takePreferences(const Preferences& preferences);
    void nextLanguage();
    void present(QDialog*& dialog, const std::function<QDialog*()>& make);

    Explorer m_explorer;
    SessionKeeper m_keeper;
    IssueLog m_issues;
    WindowFiles m_files;
    Preferences m_preferences;
    MainActions* m_actions;
    StartPage* m_start = nullptr;
    ExplorePage* m_page = nullptr;
    QStackedWidget* m_pages = nullptr;
    DevicePicker* m_device = nullptr;
    FilterEdit* m_filter = nullptr;
    StatusLine* m_status = nullptr;
    IssuesPanel* m_issuesPanel = nullptr;
    QDockWidget* m_dock = nullptr;
    QDialog *m_preferencesDialog = nullptr, *m_shortcuts = nullptr, *m_about = nullptr, *m_help = nullptr, *m_compare = nullptr;
    bool m_opening = false; // a bundle or a session, and not another device
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "explorer.h"
#include "sessionkeeper.h"
#include "views/theme.h"

#include <QMainWindow>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTabWidget;

namespace paretoscope::desktop {

class StartPage;
class TradeoffPlot;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `autosave` is where what is not saved is kept.
    explicit MainWindow(const QString& autosave = SessionKeeper::defaultAutosave(), QWidget* parent = nullptr);
    ~MainWindow() override;
    void open(const QString& pathOrId);
    Explorer& explorer() { return m_explorer; }
    SessionKeeper& keeper() { return m_keeper; }

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void makeActions();
    void makeToolBar();
    void makeCentre();
    void retranslate();
    void follow(ExplorerState::Changes what);
    void fillDevices();
    void updateStatus();
    void updateBanner();
    void updateTitle();
    void browse();
    void save();
    void saveAs();
    bool saveTo(const QString& path);
    void remember(const QString& path);
    void togglePin();
    void takeFilter();
    void jumpToKnee();

    Explorer m_explorer;
    SessionKeeper m_keeper;
    QTabWidget* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    StartPage* m_start = nullptr;
    TradeoffPlot* m_plot = nullptr;
    QLabel *m_banner = nullptr, *m_proof = nullptr, *m_counts = nullptr, *m_status = nullptr, *m_hover = nullptr;
    QComboBox *m_device = nullptr, *m_x = nullptr, *m_y = nullptr;
    QLineEdit* m_filter = nullptr;
    QAction *m_save = nullptr, *m_saveAs = nullptr, *m_open = nullptr, *m_close = nullptr, *m_quit = nullptr, *m_search = nullptr, *m_stop = nullptr, *m_undo = nullptr, *m_redo = nullptr, *m_pin = nullptr, *m_knee = nullptr, *m_infeasible = nullptr,
            *m_dominated = nullptr, *m_fit = nullptr, *m_back = nullptr, *m_forward = nullptr, *m_findFilter = nullptr;
    QMenu *m_fileMenu = nullptr, *m_editMenu = nullptr, *m_viewMenu = nullptr, *m_searchMenu = nullptr, *m_subnetMenu = nullptr;
    QString m_notice; // shown in the banner until the next change of phase
    bool m_updating = false;
};

} // namespace paretoscope::desktop

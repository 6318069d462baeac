// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow.h"

#include "languages.h"
#include "mainactions.h"
#include "picture.h"
#include "views/aboutdialog.h"
#include "views/banner.h"
#include "views/comparedialog.h"
#include "views/devicepicker.h"
#include "views/explorepage.h"
#include "views/exportdialog.h"
#include "views/filteredit.h"
#include "views/helpdialog.h"
#include "views/issuespanel.h"
#include "views/preferencesdialog.h"
#include "views/shortcutsheet.h"
#include "views/startpage.h"
#include "views/statusline.h"
#include "views/tradeoffplot.h"

#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>

namespace paretoscope::desktop {

namespace {

const QString kGeometry = QStringLiteral("geometry");

} // namespace

MainWindow::MainWindow(const QString& autosave, QWidget* parent)
    : QMainWindow(parent)
    , m_keeper(m_explorer, autosave)
    , m_files(*this, m_keeper, m_issues)
    , m_preferences(loadPreferences())
    , m_actions(new MainActions(*this))
{
    setAcceptDrops(true);
    resize(1440, 900);
    m_explorer.loader().setStandardGrid(m_preferences.grid.toStdString());
    makeToolBar();
    makeCentre();
    makeDock();
    connectActions();
    connectIssues();
    auto& state = m_explorer.state();
    connect(&state, &ExplorerState::changed, this, &MainWindow::follow);
    connect(&m_explorer.loader(), &Loader::progressed, this, [this](const QString& step, double share) {
        if (m_explorer.state().phase() == Phase::Loading)
            m_start->showProgress(m_start->property("what").toString(), step, share);
    });
    connect(&m_explorer, &Explorer::sessionOpened, this, [this] {
        if (!m_keeper.path().isEmpty()) // what was kept by itself is no file of the user's
            m_files.remember(m_keeper.path());
    });
    connect(&m_keeper, &SessionKeeper::changed, this, &MainWindow::updateTitle);
    m_start->setContinue(m_keeper.leftBehind().value_or(QString()));
    m_start->setRecent(WindowFiles::recent());
    connect(&m_files, &WindowFiles::recentChanged, m_start, &StartPage::setRecent);
    connect(&m_files, &WindowFiles::said, &m_page->banner(), &Banner::setNotice);
    restoreGeometry(QSettings().value(kGeometry).toByteArray());
    retranslate();
    follow(ExplorerState::PhaseChanged | ExplorerState::QuestionChanged);
}

// Fields that lose the focus while they go still speak to the state, which must be there then.
MainWindow::~MainWindow()
{
    qDeleteAll(findChildren<QDialog*>(QString(), Qt::FindDirectChildrenOnly));
    delete takeCentralWidget();
    qDeleteAll(findChildren<QToolBar*>(QString(), Qt::FindDirectChildrenOnly));
    delete m_dock;
}

void MainWindow::makeToolBar()
{
    auto& state = m_explorer.state();
    auto* bar = addToolBar(QString());
    bar->setObjectName(QStringLiteral("main"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu); // hidden, it could not be brought back by its name
    bar->addAction(m_actions->open);
    m_device = new DevicePicker(state);
    m_device->setMinimumWidth(240);
    bar->addWidget(m_device);
    bar->addActions({m_actions->search, m_actions->stop, m_actions->undo, m_actions->redo});
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_filter = new FilterEdit(state);
    bar->addWidget(m_filter);
    connect(m_device, &DevicePicker::problem, this, [this](const QString& what, const QString& means, const QString& todo, const QString& details) { m_issues.problem(what, means, todo, details); });
}

void MainWindow::makeCentre()
{
    m_start = new StartPage;
    connect(m_start, &StartPage::openRequested, this, &MainWindow::open);
    connect(m_start, &StartPage::browseRequested, this, &MainWindow::browse);
    connect(m_start, &StartPage::cancelRequested, this, [this] { m_explorer.stop(); });
    m_page = new ExplorePage(m_explorer);
    connect(m_page, &ExplorePage::pinRequested, this, &MainWindow::togglePin);
    connect(m_page, &ExplorePage::exportRequested, this, &MainWindow::exportSubnet);
    connect(m_page, &ExplorePage::compareRequested, m_actions->compare, &QAction::trigger);
    m_pages = new QStackedWidget;
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_page);
    setCentralWidget(m_pages);
    m_status = new StatusLine(m_explorer, m_issues);
    statusBar()->addWidget(m_status, 1);
    connect(m_status, &StatusLine::stopRequested, this, [this] { m_explorer.stop(); });
}

void MainWindow::makeDock()
{
    m_issuesPanel = new IssuesPanel(m_issues, m_explorer.state());
    m_dock = new QDockWidget(this);
    m_dock->setObjectName(QStringLiteral("issuesDock"));
    m_dock->setWidget(m_issuesPanel);
    addDockWidget(Qt::BottomDockWidgetArea, m_dock);
    m_dock->hide();
    connect(m_actions->issues, &QAction::triggered, m_dock, &QDockWidget::setVisible);
    connect(m_dock->toggleViewAction(), &QAction::toggled, m_actions->issues, &QAction::setChecked);
    connect(m_status, &StatusLine::issuesRequested, this, [this] { m_dock->setVisible(!m_dock->isVisible()); });
    connect(m_start, &StartPage::detailsRequested, m_dock, &QWidget::show);
    connect(m_start, &StartPage::reportRequested, m_issuesPanel, &IssuesPanel::copyReport);
    connect(&m_page->banner(), &Banner::detailsRequested, m_dock, &QWidget::show);
    connect(&m_page->banner(), &Banner::reportRequested, m_issuesPanel, &IssuesPanel::copyReport);
}

void MainWindow::connectActions()
{
    auto& a = *m_actions;
    auto& state = m_explorer.state();
    const auto on = [this](QAction* action, auto&& f) { connect(action, &QAction::triggered, this, f); };
    on(a.open, [this] { browse(); });
    on(a.save, [this] { m_files.save(); });
    on(a.saveAs, [this] { m_files.saveAs(); });
    on(a.savePlot, [this] { m_files.savePicture(m_page->plot()); });
    on(a.savePicture, [this] { m_files.savePicture(*this); });
    on(a.close, [this] {
        m_keeper.finish();
        m_explorer.close();
    });
    on(a.quit, [this] { close(); });
    on(a.undo, [&state] { state.undoStack().undo(); });
    on(a.redo, [&state] { state.undoStack().redo(); });
    connect(&state.undoStack(), &QUndoStack::indexChanged, this, &MainWindow::updateUndo);
    on(a.copyChart, [this] { copyPicture(m_page->plot()); });
    on(a.findFilter, [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });
    on(a.preferences, [this] {
        present(m_preferencesDialog, [this] {
            auto* dialog = new PreferencesDialog(*m_actions, this);
            connect(dialog, &PreferencesDialog::preferencesChanged, this, &MainWindow::takePreferences);
            return dialog;
        });
    });
    on(a.infeasible, [&state](bool shown) { state.change(tr("Show infeasible"), "", [&](Question& q) { q.showInfeasible = shown; }); });
    on(a.dominated, [&state](bool shown) { state.change(tr("Show dominated"), "", [&](Question& q) { q.showDominated = shown; }); });
    on(a.fit, [this] { m_page->plot().fitView(); });
    on(a.back, [this] { m_page->plot().back(); });
    on(a.forward, [this] { m_page->plot().forward(); });
    for (int i = 0; i < MainActions::kTabs; ++i) {
        auto* tab = a.tabs[static_cast<std::size_t>(i)];
        tab->setVisible(i < m_page->tabCount());
        on(tab, [this, i] {
            m_actions->lowerStrip->setChecked(true);
            m_page->showTab(i);
        });
    }
    connect(a.leftColumn, &QAction::toggled, m_page, &ExplorePage::setLeftColumnShown);
    connect(a.lowerStrip, &QAction::toggled, m_page, &ExplorePage::setLowerStripShown);
    on(a.fullScreen, [this](bool full) { full ? showFullScreen() : showNormal(); });
    on(a.nextLanguage, [this] { nextLanguage(); });
    on(a.search, [this] { m_explorer.search(); });
    on(a.stop, [this] { stop(); });
    on(a.relax, [this] { m_page->relax(); });
    on(a.knee, [this] { jumpToKnee(); });
    on(a.pin, [this] { togglePin(); });
    on(a.compare, [this] { present(m_compare, [this] { return new CompareDialog(m_explorer.state(), this); }); });
    on(a.exportSubnet, [this] { exportSubnet(); });
    on(a.help, [this] { present(m_help, [this] { return new HelpDialog(*m_actions, this); }); });
    on(a.shortcuts, [this] { present(m_shortcuts, [this] { return new ShortcutSheet(*m_actions, this); }); });
    on(a.about, [this] { present(m_about, [this] { return new AboutDialog(m_explorer.state(), this); }); });
}

void MainWindow::connectIssues()
{
    connect(&m_explorer, &Explorer::loadingFailed, this, [this](const QString& what, const QString& message) {
        const bool opening = m_opening || !m_explorer.state().world();
        if (opening)
            m_issues.problem(tr("%1 could not be opened").arg(QFileInfo(what).fileName()), tr("Nothing was changed."), tr("Open another bundle, or get this one again: it may be damaged or unfinished."), message);
        else
            m_issues.problem(tr("The figures for the new device or grid could not be made"), tr("What is shown is the last good answer."), tr("Choose another device or grid, or undo."), message);
        if (!m_explorer.state().world())
            m_start->showError(what, message);
    });
    connect(&m_explorer, &Explorer::searchFailed, this, [this](const QString& message) { m_issues.problem(tr("The search failed"), tr("What is shown is the last good answer."), tr("Change the limits or the device and search again."), message); });
    connect(&m_keeper, &SessionKeeper::autosaveFailed, this, [this](const QString& message) {
        m_issues.problem(tr("The session cannot be kept safe"), tr("After a crash, what was not saved would be lost."), tr("Make room on the disk, or save the session at another place."), message);
        m_page->banner().setNotice(message);
    });
}

void MainWindow::retranslate()
{
    m_actions->retranslate();
    m_dock->setWindowTitle(tr("Issues"));
    updateTitle();
    updateUndo();
}

void MainWindow::open(const QString& pathOrId)
{
    m_start->setProperty("what", pathOrId);
    m_start->showProgress(pathOrId, QStringLiteral("…"), 0);
    m_explorer.open(pathOrId.toStdString());
}

bool MainWindow::restoreLast()
{
    const auto last = m_keeper.leftBehind().value_or(WindowFiles::last());
    if (last.isEmpty())
        return false;
    open(last);
    return true;
}

void MainWindow::browse()
{
    if (const auto path = m_files.browse(); !path.isEmpty())
        open(path);
}

void MainWindow::updateTitle()
{
    const auto& world = m_explorer.state().world();
    if (!world) {
        setWindowTitle(QStringLiteral("Paretoscope"));
        setWindowModified(false);
        return;
    }
    const auto what = m_keeper.path().isEmpty() ? QString::fromStdString(world->bundle->title) : QFileInfo(m_keeper.path()).completeBaseName();
    setWindowTitle(what + QStringLiteral("[*] – Paretoscope"));
    setWindowModified(m_keeper.isModified());
}

void MainWindow::updateUndo()
{
    const auto& stack = m_explorer.state().undoStack();
    const auto show = [](QAction* action, bool can, const QString& plain, const QString& full) {
        action->setEnabled(can);
        action->setText(can ? full : plain);
        action->setIconText(plain); // the tool bar stays as wide as it is
    };
    show(m_actions->undo, stack.canUndo(), tr("Undo"), tr("Undo: %1").arg(stack.undoText()));
    show(m_actions->redo, stack.canRedo(), tr("Redo"), tr("Redo: %1").arg(stack.redoText()));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    for (const auto& url : event->mimeData()->urls())
        if (const auto path = url.toLocalFile(); !path.isEmpty())
            return m_explorer.state().world() && DevicePicker::mayBeDevice(path) ? m_device->importFile(path) : open(path);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_keeper.finish();
    QSettings().setValue(kGeometry, saveGeometry());
    if (m_explorer.state().world()) {
        WindowFiles::setLast(m_keeper.path().isEmpty() ? QString::fromStdString(m_explorer.source()) : m_keeper.path());
        m_page->saveLayout();
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        setLocale(QLocale()); // of numbers in fields that are there already
        retranslate();
    } else if (event->type() == QEvent::WindowStateChange) {
        m_actions->fullScreen->setChecked(isFullScreen());
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    const auto& state = m_explorer.state();
    const bool loaded = state.world() != nullptr;
    if (what & S::PhaseChanged)
        followPhase(state.phase(), loaded);
    if ((what & S::WorldChanged) && loaded) {
        m_issues.setGuards(guardsOf(*state.world()));
        if (what & S::QuestionChanged) // a bundle was opened, and not only another device
            m_files.remember(QString::fromStdString(m_explorer.source()));
        updateTitle();
    } else if ((what & S::WorldChanged) && !loaded) {
        m_issues.setGuards({});
    }
    if (what & (S::PhaseChanged | S::AnswerChanged | S::SelectionChanged))
        for (auto* action : {m_actions->pin, m_actions->exportSubnet})
            action->setEnabled(loaded && state.current());
    if (what & (S::QuestionChanged | S::WorldChanged)) {
        const auto& q = state.question();
        m_actions->compare->setEnabled(CompareDialog::canCompare(state));
        m_actions->infeasible->setChecked(q.showInfeasible);
        m_actions->dominated->setChecked(q.showDominated);
    }
}

void MainWindow::followPhase(Phase phase, bool loaded)
{
    m_pages->setCurrentIndex(loaded && phase != Phase::Loading ? 1 : 0);
    if (!loaded && phase == Phase::Empty) {
        m_start->setContinue(m_keeper.leftBehind().value_or(QString()));
        m_start->showStart();
    }
    if (phase != Phase::Failed)
        m_opening = phase == Phase::Loading;
    m_actions->enable(phase, loaded);
    m_device->setEnabled(loaded && phase != Phase::Loading);
}

void MainWindow::stop()
{
    const auto phase = m_explorer.state().phase();
    if (phase == Phase::Searching || phase == Phase::Loading || phase == Phase::Stale)
        m_explorer.stop();
    else
        m_explorer.state().select(std::nullopt);
}

void MainWindow::togglePin()
{
    auto& state = m_explorer.state();
    const auto subnet = state.current();
    if (!subnet)
        return;
    if (state.question().pinOf(*subnet))
        state.change(tr("Unpin"), "", [&](Question& q) { std::erase_if(q.pins, [&](const Pin& p) { return p.subnet == *subnet; }); });
    else if (const auto letter = state.question().freeLetter())
        state.change(tr("Pin %1").arg(QLatin1Char(*letter)), "", [&](Question& q) { q.pins.push_back({*subnet, *letter}); });
}

/// Another one each time: it is of the subnet that is spoken of now, and an earlier one may still be at work.
void MainWindow::exportSubnet()
{
    if (!m_explorer.state().current())
        return;
    auto* dialog = new ExportDialog(m_explorer.state(), QString::fromStdString(m_explorer.source()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void MainWindow::jumpToKnee()
{
    auto& state = m_explorer.state();
    if (const auto& answer = state.answer(); answer && answer->suggested)
        state.select(answer->front.points.subnets[*answer->suggested]);
}

void MainWindow::takePreferences(const Preferences& preferences)
{
    const auto before = std::exchange(m_preferences, preferences);
    if (preferences.theme != before.theme)
        applyTheme(*qApp, preferences.theme);
    if (preferences.language != before.language)
        Languages::apply(preferences.language);
    m_explorer.loader().setStandardGrid(preferences.grid.toStdString());
}

void MainWindow::nextLanguage()
{
    auto preferences = loadPreferences();
    preferences.language = Languages::next();
    savePreferences(preferences);
    takePreferences(preferences);
}

void MainWindow::present(QDialog*& dialog, const std::function<QDialog*()>& make)
{
    if (!dialog)
        dialog = make();
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

} // namespace paretoscope::desktop

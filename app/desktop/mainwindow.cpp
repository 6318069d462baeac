// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow.h"

#include "state/filter.h"
#include "state/metrictext.h"
#include "views/carbonpanel.h"
#include "views/limitspanel.h"
#include "views/parallelview.h"
#include "views/pinspanel.h"
#include "views/startpage.h"
#include "views/subnetcard.h"
#include "views/tableview.h"
#include "views/tradeoffplot.h"

#include <QAction>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenuBar>
#include <QMimeData>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyle>
#include <QTabWidget>
#include <QToolBar>
#include <QVBoxLayout>

namespace paretoscope::desktop {

namespace {

constexpr int kMostRecent = 6;
constexpr Metric kCosts[] = {Metric::LatencyMs, Metric::EnergyJ, Metric::Co2eGPerMillion, Metric::Macs, Metric::Params, Metric::PeakActivationBytes};

QScrollArea* column(std::initializer_list<QWidget*> cards, int width)
{
    auto* inside = new QWidget;
    auto* layout = new QVBoxLayout(inside);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    for (auto* card : cards)
        layout->addWidget(card);
    layout->addStretch();
    auto* area = new QScrollArea;
    area->setWidget(inside);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The cards are never cut, also where the column scrolls.
    area->setMinimumWidth(std::max(width, inside->minimumSizeHint().width() + area->style()->pixelMetric(QStyle::PM_ScrollBarExtent)));
    return area;
}

} // namespace

MainWindow::MainWindow(const QString& autosave, QWidget* parent)
    : QMainWindow(parent)
    , m_keeper(m_explorer, autosave)
{
    setAcceptDrops(true);
    resize(1440, 900);
    makeActions();
    makeToolBar();
    makeCentre();
    connect(&m_explorer.state(), &ExplorerState::changed, this, &MainWindow::follow);
    connect(&m_explorer.loader(), &Loader::progressed, this, [this](const QString& step, double share) {
        if (m_explorer.state().phase() == Phase::Loading)
            m_start->showProgress(m_start->property("what").toString(), step, share);
    });
    connect(&m_explorer, &Explorer::loadingFailed, this, [this](const QString& what, const QString& message) {
        if (!m_explorer.state().world())
            m_start->showError(what, message);
    });
    connect(&m_keeper, &SessionKeeper::changed, this, &MainWindow::updateTitle);
    connect(&m_keeper, &SessionKeeper::autosaveFailed, this, [this](const QString& message) {
        m_notice = message;
        updateBanner();
    });
    m_start->setContinue(m_keeper.leftBehind().value_or(QString()));
    QSettings settings;
    m_start->setRecent(settings.value(QStringLiteral("recent")).toStringList());
    if (const auto geometry = settings.value(QStringLiteral("geometry")).toByteArray(); !geometry.isEmpty())
        restoreGeometry(geometry);
    retranslate();
    follow(ExplorerState::PhaseChanged);
}

// Fields that lose the focus while they go still speak to the state, which must be there then.
MainWindow::~MainWindow()
{
    delete takeCentralWidget();
    qDeleteAll(findChildren<QToolBar*>(QString(), Qt::FindDirectChildrenOnly));
}

void MainWindow::makeActions()
{
    const auto action = [&](const QKeySequence& keys, auto&& f) {
        auto* a = new QAction(this);
        a->setShortcut(keys);
        connect(a, &QAction::triggered, this, f);
        return a;
    };
    auto& state = m_explorer.state();
    m_open = action(QKeySequence::Open, [this] { browse(); });
    m_save = action(QKeySequence::Save, [this] { save(); });
    m_saveAs = action(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), [this] { saveAs(); });
    m_close = action(QKeySequence::Close, [this] {
        m_keeper.finish();
        m_explorer.close();
    });
    m_quit = action(QKeySequence::Quit, [this] { close(); });
    m_search = action(Qt::Key_F5, [this] { m_explorer.search(); });
    m_stop = action(Qt::Key_Escape, [this] {
        const auto phase = m_explorer.state().phase();
        if (phase == Phase::Searching || phase == Phase::Loading || phase == Phase::Stale)
            m_explorer.stop();
        else
            m_explorer.state().select(std::nullopt);
    });
    m_undo = state.undoStack().createUndoAction(this);
    m_undo->setShortcut(QKeySequence::Undo);
    m_redo = state.undoStack().createRedoAction(this);
    m_redo->setShortcut(QKeySequence::Redo);
    m_pin = action(Qt::Key_P, [this] { togglePin(); });
    m_knee = action(Qt::Key_K, [this] { jumpToKnee(); });
    m_infeasible = action(Qt::Key_I, [this](bool on) { m_explorer.state().change(tr("Show infeasible"), "", [&](Question& q) { q.showInfeasible = on; }); });
    m_dominated = action(Qt::Key_D, [this](bool on) { m_explorer.state().change(tr("Show dominated"), "", [&](Question& q) { q.showDominated = on; }); });
    for (auto* a : {m_infeasible, m_dominated})
        a->setCheckable(true);
    m_fit = action(Qt::Key_F, [this] { m_plot->fitView(); });
    m_back = action(QKeySequence::Back, [this] { m_plot->back(); });
    m_forward = action(QKeySequence::Forward, [this] { m_plot->forward(); });
    m_findFilter = action(QKeySequence::Find, [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });

    m_fileMenu = menuBar()->addMenu(QString());
    m_fileMenu->addActions({m_open, m_save, m_saveAs, m_close});
    m_fileMenu->addSeparator();
    m_fileMenu->addAction(m_quit);
    m_editMenu = menuBar()->addMenu(QString());
    m_editMenu->addActions({m_undo, m_redo});
    m_editMenu->addSeparator();
    m_editMenu->addAction(m_findFilter);
    m_viewMenu = menuBar()->addMenu(QString());
    m_viewMenu->addActions({m_infeasible, m_dominated});
    m_viewMenu->addSeparator();
    m_viewMenu->addActions({m_fit, m_back, m_forward});
    m_searchMenu = menuBar()->addMenu(QString());
    m_searchMenu->addActions({m_search, m_stop});
    m_subnetMenu = menuBar()->addMenu(QString());
    m_subnetMenu->addActions({m_knee, m_pin});
}

void MainWindow::makeToolBar()
{
    auto* bar = addToolBar(QString());
    bar->setObjectName(QStringLiteral("main"));
    bar->setMovable(false);
    bar->addAction(m_open);
    m_device = new QComboBox;
    m_device->setMinimumWidth(240);
    bar->addWidget(m_device);
    bar->addAction(m_search);
    bar->addAction(m_stop);
    bar->addAction(m_undo);
    bar->addAction(m_redo);
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_filter = new QLineEdit;
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(260);
    m_filter->setPlaceholderText(QStringLiteral("lat<20 & k=7"));
    bar->addWidget(m_filter);
    connect(m_device, &QComboBox::activated, this, [this](int i) {
        const auto id = m_device->itemData(i).toString().toStdString();
        m_explorer.state().change(tr("Device %1").arg(m_device->itemText(i)), "", [&](Question& q) { q.devices = {id}; });
    });
    connect(m_filter, &QLineEdit::textChanged, this, &MainWindow::takeFilter);
    connect(m_filter, &QLineEdit::editingFinished, this, [this] { m_explorer.state().endMerge(); });
    m_device->installEventFilter(this);
}

void MainWindow::makeCentre()
{
    auto& state = m_explorer.state();
    m_start = new StartPage;
    connect(m_start, &StartPage::openRequested, this, &MainWindow::open);
    connect(m_start, &StartPage::browseRequested, this, &MainWindow::browse);
    connect(m_start, &StartPage::cancelRequested, this, [this] { m_explorer.stop(); });

    m_plot = new TradeoffPlot(state);
    m_x = new QComboBox;
    m_y = new QComboBox;
    for (auto* box : {m_x, m_y}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->installEventFilter(this);
    }
    m_proof = new QLabel;
    m_counts = new QLabel;
    for (auto* label : {m_proof, m_counts})
        label->setProperty("quiet", true);
    auto* axes = new QHBoxLayout;
    axes->addWidget(m_x);
    axes->addWidget(m_y);
    axes->addStretch();
    axes->addWidget(m_proof);
    m_banner = new QLabel;
    m_banner->setWordWrap(true);
    m_banner->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_banner->hide();
    auto* card = new QFrame;
    card->setProperty("card", true);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(12, 10, 12, 10);
    inside->addLayout(axes);
    inside->addWidget(m_banner);
    inside->addWidget(m_plot, 1);
    inside->addWidget(m_counts);
    auto* table = new TableView(state);
    connect(table, &TableView::pinRequested, this, &MainWindow::togglePin);
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    auto* parallel = new ParallelView(state);
    m_tabs->addTab(parallel, QString());
    m_tabs->addTab(table, QString());
    auto* lower = new QFrame;
    lower->setProperty("card", true);
    auto* lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(8, 4, 8, 8);
    lowerLayout->addWidget(m_tabs);
    auto* stack = new QSplitter(Qt::Vertical);
    stack->setChildrenCollapsible(false);
    stack->addWidget(card);
    stack->addWidget(lower);
    stack->setStretchFactor(0, 3);
    stack->setStretchFactor(1, 2);
    stack->setSizes({520, 280});
    auto* centre = new QWidget;
    auto* around = new QVBoxLayout(centre);
    around->setContentsMargins(0, 8, 0, 8);
    around->addWidget(stack);

    auto* subnetCard = new SubnetCard(state);
    connect(subnetCard, &SubnetCard::pinRequested, this, &MainWindow::togglePin);
    auto* split = new QSplitter;
    split->setChildrenCollapsible(false);
    split->addWidget(column({new LimitsPanel(state), new CarbonPanel(state)}, 300));
    split->addWidget(centre);
    split->addWidget(column({subnetCard, new PinsPanel(state)}, 310));
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setStretchFactor(2, 0);
    split->setSizes({300, 830, 310});

    m_pages = new QStackedWidget;
    m_pages->addWidget(m_start);
    m_pages->addWidget(split);
    setCentralWidget(m_pages);
    m_status = new QLabel;
    statusBar()->addWidget(m_status, 1);

    m_hover = new QLabel(this, Qt::ToolTip);
    m_hover->setMargin(8);
    m_hover->setAttribute(Qt::WA_TransparentForMouseEvents);
    const auto hover = [this](const std::optional<Subnet>& subnet, const QPoint& at) {
        const auto& world = m_explorer.state().world();
        if (!subnet || !world) {
            m_hover->hide();
            return;
        }
        QStringList lines;
        for (const auto& quantity : world->quantities)
            if (quantity.device == 0)
                if (const auto figure = world->figure(*subnet, quantity))
                    lines += QStringLiteral("%1  %2").arg(title(quantity.metric), figure->low == figure->high ? shown(quantity.metric, figure->value) : shown(quantity.metric, *figure));
        lines += tr("resolution %1").arg(subnet->resolution);
        m_hover->setText(lines.join(u'\n'));
        m_hover->adjustSize();
        m_hover->move(at + QPoint(16, 12));
        m_hover->show();
    };
    connect(m_plot, &TradeoffPlot::hovered, this, hover);
    connect(parallel, &ParallelView::hovered, this, hover);
    for (auto* box : {m_x, m_y})
        connect(box, &QComboBox::activated, this, [this, box](int i) {
            const auto metric = static_cast<Metric>(box->itemData(i).toInt());
            m_explorer.state().change(tr("Axis %1").arg(title(metric)), "", [&](Question& q) { (box == m_x ? q.axes.x : q.axes.y) = metric; });
            m_plot->fitView();
        });
}

void MainWindow::retranslate()
{
    updateTitle();
    m_tabs->setTabText(0, tr("Parallel"));
    m_tabs->setTabText(1, tr("Table"));
    m_fileMenu->setTitle(tr("&File"));
    m_editMenu->setTitle(tr("&Edit"));
    m_viewMenu->setTitle(tr("&View"));
    m_searchMenu->setTitle(tr("&Search"));
    m_subnetMenu->setTitle(tr("S&ubnet"));
    const auto name = [](QAction* a, const QString& text, const QString& tip) {
        a->setText(text);
        a->setToolTip(a->shortcut().isEmpty() ? tip : tip + QStringLiteral(" (%1)").arg(a->shortcut().toString(QKeySequence::NativeText)));
    };
    name(m_open, tr("Open…"), tr("Open a bundle or a session"));
    name(m_save, tr("Save session"), tr("Keep bundle, device, limits and pins in a file"));
    name(m_saveAs, tr("Save session as…"), tr("In another file"));
    name(m_close, tr("Close bundle"), tr("Back to the start page"));
    name(m_quit, tr("Quit"), tr("Quit"));
    name(m_search, tr("Search"), tr("Search again"));
    name(m_stop, tr("Stop"), tr("Stop what runs, or clear the selection"));
    name(m_pin, tr("Pin or unpin"), tr("Keep the subnet beside others"));
    name(m_knee, tr("Go to the knee"), tr("Select the suggested subnet"));
    name(m_infeasible, tr("Infeasible subnets"), tr("Show subnets that miss a limit"));
    name(m_dominated, tr("Dominated subnets"), tr("Show the sampled subnets below the front"));
    name(m_fit, tr("Fit"), tr("Show all"));
    name(m_back, tr("Previous view"), tr("Back to the part that was shown before"));
    name(m_forward, tr("Next view"), tr("Forward again"));
    name(m_findFilter, tr("Filter"), tr("Type a filter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_device->setAccessibleName(tr("Target device"));
    m_x->setAccessibleName(tr("Horizontal axis"));
    m_y->setAccessibleName(tr("Vertical axis"));
    updateStatus();
}

void MainWindow::open(const QString& pathOrId)
{
    m_start->setProperty("what", pathOrId);
    m_start->showProgress(pathOrId, QStringLiteral("…"), 0);
    m_explorer.open(pathOrId.toStdString());
}

void MainWindow::browse()
{
    const auto path = QFileDialog::getOpenFileName(this, tr("Open a bundle or a session"), QSettings().value(QStringLiteral("folder")).toString(),
        tr("Bundles and sessions (bundle.json *.zip *%1)").arg(QLatin1String(kSessionSuffix)));
    if (!path.isEmpty())
        open(QFileInfo(path).fileName() == QStringLiteral("bundle.json") ? QFileInfo(path).absolutePath() : path);
}

void MainWindow::save() { m_keeper.path().isEmpty() ? saveAs() : void(saveTo(m_keeper.path())); }

void MainWindow::saveAs()
{
    const QString suffix = QLatin1String(kSessionSuffix);
    auto path = QFileDialog::getSaveFileName(this, tr("Save the session"), QSettings().value(QStringLiteral("folder")).toString() + QStringLiteral("/") + tr("session") + suffix, tr("Sessions (*%1)").arg(suffix));
    if (path.isEmpty())
        return;
    if (!path.endsWith(suffix))
        path += suffix;
    if (saveTo(path))
        remember(path);
}

bool MainWindow::saveTo(const QString& path)
{
    const auto problem = m_keeper.save(path);
    m_notice = problem.value_or(QString());
    updateBanner();
    return !problem;
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

void MainWindow::remember(const QString& path)
{
    if (!QFileInfo::exists(path)) // a shipped one has its own button
        return;
    QSettings settings;
    auto recent = settings.value(QStringLiteral("recent")).toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    recent.resize(std::min<qsizetype>(recent.size(), kMostRecent));
    settings.setValue(QStringLiteral("recent"), recent);
    settings.setValue(QStringLiteral("folder"), QFileInfo(path).absolutePath());
    m_start->setRecent(recent);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    for (const auto& url : event->mimeData()->urls())
        if (url.isLocalFile())
            return open(url.toLocalFile());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_keeper.finish();
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
    QMainWindow::closeEvent(event);
}

/// A letter typed into a list chooses in it, and is no shortcut.
bool MainWindow::eventFilter(QObject* object, QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (!(key->modifiers() & ~Qt::ShiftModifier) && !key->text().isEmpty() && key->text().front().isPrint()) {
            event->accept();
            return true;
        }
    }
    return QMainWindow::eventFilter(object, event);
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    auto& state = m_explorer.state();
    const auto phase = state.phase();
    const bool loaded = state.world() != nullptr;
    if (what & S::PhaseChanged) {
        m_pages->setCurrentIndex(loaded && phase != Phase::Loading ? 1 : 0);
        if (!loaded && phase == Phase::Empty) {
            m_start->setContinue(m_keeper.leftBehind().value_or(QString()));
            m_start->showStart();
        }
        if (phase != Phase::Failed)
            m_notice.clear();
        for (auto* a : {m_close, m_save, m_saveAs})
            a->setEnabled(loaded);
        m_search->setEnabled(loaded && phase != Phase::Searching && phase != Phase::Loading);
        for (auto* a : {m_pin, m_knee, m_infeasible, m_dominated, m_fit, m_back, m_forward, m_findFilter})
            a->setEnabled(loaded);
        for (auto* w : {static_cast<QWidget*>(m_device), static_cast<QWidget*>(m_filter)})
            w->setEnabled(loaded && phase != Phase::Loading);
    }
    if ((what & S::WorldChanged) && loaded) {
        fillDevices();
        remember(QString::fromStdString(m_explorer.source()));
        updateTitle();
    }
    if (what & (S::QuestionChanged | S::WorldChanged)) {
        m_updating = true;
        const auto& q = state.question();
        m_infeasible->setChecked(q.showInfeasible);
        m_dominated->setChecked(q.showDominated);
        m_device->setCurrentIndex(q.devices.empty() ? -1 : m_device->findData(QString::fromStdString(q.devices.front())));
        m_x->setCurrentIndex(m_x->findData(static_cast<int>(q.axes.x)));
        m_y->setCurrentIndex(m_y->findData(static_cast<int>(q.axes.y)));
        // What cannot be read yet is being typed; anything else is as the question has it.
        const bool typing = m_filter->hasFocus() && m_filter->property("wrong").toBool() && !(what & S::WorldChanged);
        if (const auto text = QString::fromStdString(q.filter); text != m_filter->text() && !typing) {
            m_filter->setText(text);
            m_filter->setProperty("wrong", false);
            m_filter->style()->polish(m_filter);
        }
        m_updating = false;
    }
    updateStatus();
    updateBanner();
}

void MainWindow::fillDevices()
{
    const auto& world = *m_explorer.state().world();
    m_device->clear();
    for (const auto& [id, deviceTitle] : deviceChoices(*world.bundle))
        m_device->addItem(QString::fromStdString(deviceTitle), QString::fromStdString(id));
    m_x->clear();
    m_y->clear();
    for (const auto metric : kCosts)
        if (world.knows({metric, 0}))
            m_x->addItem(tr("X  %1").arg(title(metric)), static_cast<int>(metric));
    if (world.knows({Metric::Top1Percent, 0}))
        m_y->addItem(tr("Y  %1").arg(title(Metric::Top1Percent)), static_cast<int>(Metric::Top1Percent));
}

void MainWindow::updateStatus()
{
    auto& state = m_explorer.state();
    const QLocale locale;
    m_proof->clear();
    m_counts->clear();
    switch (state.phase()) {
    case Phase::Empty: m_status->setText(tr("Ready")); return;
    case Phase::Loading: m_status->setText(tr("Opening…")); return;
    case Phase::Searching: m_status->setText(tr("Searching · %1 subnets · %2 s").arg(locale.toString(static_cast<qulonglong>(state.progress().evaluations)), locale.toString(state.progress().elapsedMs / 1000, 'f', 1))); break;
    case Phase::Stale: m_status->setText(m_explorer.loader().busy() ? tr("Figures for the new device or grid are being computed") : tr("What is shown is of another device or grid: search again (F5)")); break;
    case Phase::Infeasible: m_status->setText(tr("⚠ No subnet satisfies the limits")); break;
    case Phase::Failed: m_status->setText(tr("⚠ %1").arg(state.failure())); break;
    case Phase::Ready: m_status->setText(tr("Press F5 or move a limit")); break;
    case Phase::Results: {
        const auto& result = *state.answer()->result;
        m_status->setText(tr("%1 · hypervolume %2 · %3 ms").arg(QString::fromStdString(std::string(name(result.algorithm))), locale.toString(result.hypervolume, 'g', 6), locale.toString(result.wallTimeMs, 'f', 1)));
        break;
    }
    }
    if (const auto& answer = state.answer()) {
        if (answer->result->proof) {
            m_proof->setText(tr("exact for this model · %1 subnets").arg(QString::fromStdString(answer->result->proof->subnetsCovered)));
            m_proof->setToolTip(QString::fromStdString(answer->result->proof->text));
        }
        int feasible = 0;
        const auto& cloud = *state.cloud();
        for (std::size_t i = 0; i < cloud.size(); ++i)
            feasible += missed(cloud, i, state.question()).empty();
        m_counts->setText(tr("◆ front %1   ● feasible %2   ○ infeasible %3   ★ suggested").arg(locale.toString(static_cast<qlonglong>(answer->front.size())), locale.toString(feasible), locale.toString(static_cast<qlonglong>(cloud.size()) - feasible)));
    }
}

void MainWindow::updateBanner()
{
    const auto& state = m_explorer.state();
    QString text;
    if (state.phase() == Phase::Infeasible && state.answer()) {
        text = tr("<b>No subnet satisfies all limits.</b>");
        for (const auto& r : state.answer()->result->infeasible->relaxations)
            text += QStringLiteral(" ") + tr("%1 of %2 instead of %3 would do.").arg(title(r.quantity.metric), shown(r.quantity.metric, r.needed), shown(r.quantity.metric, r.limit));
    } else if (state.phase() == Phase::Failed) {
        text = tr("<b>That did not work.</b> %1 What is shown is the last good answer.").arg(state.failure().toHtmlEscaped());
    }
    if (!m_notice.isEmpty())
        text = text.isEmpty() ? m_notice.toHtmlEscaped() : text + QStringLiteral("<br>") + m_notice.toHtmlEscaped();
    m_banner->setText(text);
    m_banner->setVisible(!text.isEmpty());
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

void MainWindow::jumpToKnee()
{
    auto& state = m_explorer.state();
    if (const auto& answer = state.answer(); answer && answer->suggested)
        state.select(answer->front.points.subnets[*answer->suggested]);
}

void MainWindow::takeFilter()
{
    if (m_updating)
        return;
    const auto parsed = Filter::parse(m_filter->text());
    const auto* problem = std::get_if<FilterProblem>(&parsed);
    m_filter->setProperty("wrong", problem != nullptr);
    m_filter->style()->polish(m_filter);
    m_filter->setToolTip(problem ? problem->text : tr("Conditions joined by &, such as lat<20 & acc>76 & k=7"));
    if (!problem)
        m_explorer.state().change(tr("Filter"), "filter", [&](Question& q) { q.filter = m_filter->text().toStdString(); });
}

} // namespace paretoscope::desktop

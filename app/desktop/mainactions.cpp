// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainactions.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

QString keyOf(const QAction* action) { return QStringLiteral("shortcuts/") + action->objectName(); }

} // namespace

MainActions::MainActions(QMainWindow& window)
    : QObject(&window)
    , m_window(window)
{
    using K = QKeySequence;
    beginMenu("file", QT_TR_NOOP("&File"));
    open = make("open", K(Qt::CTRL | Qt::Key_O), QT_TR_NOOP("Open…"), QT_TR_NOOP("Open a bundle or a session"));
    save = make("save", K(Qt::CTRL | Qt::Key_S), QT_TR_NOOP("Save session"), QT_TR_NOOP("Keep bundle, device, limits and pins in a file"));
    saveAs = make("saveAs", K(Qt::CTRL | Qt::SHIFT | Qt::Key_S), QT_TR_NOOP("Save session as…"), QT_TR_NOOP("In another file"));
    separate();
    savePlot = make("savePlot", {}, QT_TR_NOOP("Save picture of the chart…"), QT_TR_NOOP("The trade-off as it is shown, as PNG, PDF or SVG"));
    savePicture = make("savePicture", {}, QT_TR_NOOP("Save picture of the window…"), QT_TR_NOOP("The whole window as PNG"));
    separate();
    close = make("close", K(Qt::CTRL | Qt::Key_W), QT_TR_NOOP("Close bundle"), QT_TR_NOOP("Back to the start page"));
    quit = make("quit", K(Qt::CTRL | Qt::Key_Q), QT_TR_NOOP("Quit"), QT_TR_NOOP("Quit"));

    beginMenu("edit", QT_TR_NOOP("&Edit"));
    undo = make("undo", K(Qt::CTRL | Qt::Key_Z), QT_TR_NOOP("Undo"), QT_TR_NOOP("Take the last change back"));
    redo = make("redo", K(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QT_TR_NOOP("Redo"), QT_TR_NOOP("Make the change again that was taken back"));
    separate();
    copyChart = make("copyChart", K(Qt::CTRL | Qt::SHIFT | Qt::Key_C), QT_TR_NOOP("Copy chart"), QT_TR_NOOP("The trade-off as a picture, to paste elsewhere"));
    findFilter = make("filter", K(Qt::CTRL | Qt::Key_F), QT_TR_NOOP("Filter"), QT_TR_NOOP("Type a filter"));
    separate();
    preferences = make("preferences", K(Qt::CTRL | Qt::Key_Comma), QT_TR_NOOP("Preferences…"), QT_TR_NOOP("Theme, language, shortcuts and how to begin"));

    beginMenu("view", QT_TR_NOOP("&View"));
    infeasible = make("infeasible", K(Qt::Key_I), QT_TR_NOOP("Infeasible subnets"), QT_TR_NOOP("Show subnets that miss a limit"), true);
    dominated = make("dominated", K(Qt::Key_D), QT_TR_NOOP("Dominated subnets"), QT_TR_NOOP("Show the sampled subnets below the front"), true);
    separate();
    fit = make("fit", K(Qt::Key_F), QT_TR_NOOP("Fit"), QT_TR_NOOP("Show all"));
    back = make("back", K(Qt::ALT | Qt::Key_Left), QT_TR_NOOP("Previous view"), QT_TR_NOOP("Back to the part that was shown before"));
    forward = make("forward", K(Qt::ALT | Qt::Key_Right), QT_TR_NOOP("Next view"), QT_TR_NOOP("Forward again"));
    separate();
    const char* const tabTexts[kTabs] = {QT_TR_NOOP("Parallel coordinates"), QT_TR_NOOP("Table"), QT_TR_NOOP("Emissions"), QT_TR_NOOP("Hypervolume"), QT_TR_NOOP("Architecture")};
    for (int i = 0; i < kTabs; ++i)
        tabs.push_back(make(("tab" + std::to_string(i + 1)).c_str(), K(Qt::Key_1 + i), tabTexts[i], QT_TR_NOOP("Show this tab of the lower strip")));
    separate();
    leftColumn = make("leftColumn", K(Qt::Key_F9), QT_TR_NOOP("Limits and carbon"), QT_TR_NOOP("Show the column on the left"), true);
    lowerStrip = make("lowerStrip", K(Qt::Key_F10), QT_TR_NOOP("Lower strip"), QT_TR_NOOP("Show the tabs below the chart"), true);
    issues = make("issues", K(Qt::CTRL | Qt::SHIFT | Qt::Key_I), QT_TR_NOOP("Issues"), QT_TR_NOOP("Show what went wrong, and what to be careful of"), true);
    fullScreen = make("fullScreen", K(Qt::Key_F11), QT_TR_NOOP("Full screen"), QT_TR_NOOP("Give the window the whole screen"), true);
    nextLanguage = make("nextLanguage", K(Qt::CTRL | Qt::Key_L), QT_TR_NOOP("Next language"), QT_TR_NOOP("Show the window in another language"));
    for (auto* shown : {leftColumn, lowerStrip})
        shown->setChecked(true);

    beginMenu("search", QT_TR_NOOP("&Search"));
    search = make("search", K(Qt::Key_F5), QT_TR_NOOP("Search"), QT_TR_NOOP("Search again"));
    stop = make("stop", K(Qt::Key_Escape), QT_TR_NOOP("Stop"), QT_TR_NOOP("Stop what runs, or clear the selection"));
    separate();
    relax = make("relax", {}, QT_TR_NOOP("Relax to feasible"), QT_TR_NOOP("Change one limit by the least that makes some subnet satisfy all of them"));

    beginMenu("subnet", QT_TR_NOOP("S&ubnet"));
    knee = make("knee", K(Qt::Key_K), QT_TR_NOOP("Go to the knee"), QT_TR_NOOP("Select the suggested subnet"));
    pin = make("pin", K(Qt::Key_P), QT_TR_NOOP("Pin or unpin"), QT_TR_NOOP("Keep the subnet beside others"));
    compare = make("compare", K(Qt::Key_C), QT_TR_NOOP("Compare pinned subnets…"), QT_TR_NOOP("Two to four pinned subnets side by side"));
    separate();
    exportSubnet = make("export", K(Qt::CTRL | Qt::Key_E), QT_TR_NOOP("Export…"), QT_TR_NOOP("Write the subnet as files: weights, configuration, model card"));

    beginMenu("help", QT_TR_NOOP("&Help"));
    help = make("help", K(Qt::Key_F1), QT_TR_NOOP("How to read the picture"), QT_TR_NOOP("A page of help"));
    shortcuts = make("shortcuts", K(Qt::CTRL | Qt::Key_Question), QT_TR_NOOP("Shortcuts"), QT_TR_NOOP("All keys at a glance"));
    separate();
    about = make("about", {}, QT_TR_NOOP("About Paretoscope"), QT_TR_NOOP("Version, licences and whose data this is"));
    retranslate();
}

void MainActions::beginMenu(const char* id, const char* title)
{
    auto* menu = m_window.menuBar()->addMenu(QString());
    menu->setObjectName(QLatin1String(id));
    menu->setToolTipsVisible(true);
    m_menus.push_back(menu);
    m_titles.push_back(title);
}

void MainActions::separate() { m_menus.back()->addSeparator(); }

QAction* MainActions::make(const char* id, const QKeySequence& keys, const char* text, const char* tip, bool checkable)
{
    auto* action = new QAction(&m_window);
    action->setObjectName(QLatin1String(id));
    action->setCheckable(checkable);
    const auto own = QSettings().value(keyOf(action));
    action->setShortcut(own.isValid() ? QKeySequence(own.toString(), QKeySequence::PortableText) : keys);
    m_window.addAction(action); // its keys work also where the menu bar is hidden
    m_menus.back()->addAction(action);
    m_all.push_back(action);
    m_entries.push_back({action, keys, text, tip});
    return action;
}

QAction* MainActions::find(const QString& id) const
{
    const auto it = std::find_if(m_all.begin(), m_all.end(), [&](const QAction* a) { return a->objectName() == id; });
    return it == m_all.end() ? nullptr : *it;
}

const MainActions::Entry& MainActions::entryOf(const QAction* action) const
{
    return *std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.action == action; });
}

QKeySequence MainActions::standardShortcut(const QAction* action) const { return entryOf(action).keys; }

void MainActions::setShortcut(QAction* action, const QKeySequence& keys)
{
    action->setShortcut(keys);
    if (keys == standardShortcut(action))
        QSettings().remove(keyOf(action)); // a later version may have a better one
    else
        QSettings().setValue(keyOf(action), keys.toString(QKeySequence::PortableText));
    retip(entryOf(action));
}

void MainActions::resetShortcuts()
{
    for (auto* action : m_all)
        setShortcut(action, standardShortcut(action));
}

QAction* MainActions::conflictOf(const QAction* action, const QKeySequence& keys) const
{
    if (keys.isEmpty())
        return nullptr;
    for (auto* other : m_all)
        if (other != action && !other->shortcut().isEmpty() && (other->shortcut().matches(keys) != QKeySequence::NoMatch || keys.matches(other->shortcut()) != QKeySequence::NoMatch))
            return other;
    return nullptr;
}

void MainActions::enable(Phase phase, bool loaded)
{
    for (auto* a : {close, save, saveAs, knee, infeasible, dominated, fit, back, forward, findFilter, copyChart, savePlot, leftColumn, lowerStrip})
        a->setEnabled(loaded);
    for (auto* a : tabs)
        a->setEnabled(loaded);
    search->setEnabled(loaded && phase != Phase::Searching && phase != Phase::Loading);
    relax->setEnabled(phase == Phase::Infeasible);
}

void MainActions::retranslate()
{
    for (std::size_t i = 0; i < m_menus.size(); ++i)
        m_menus[i]->setTitle(tr(m_titles[i]));
    for (const auto& entry : m_entries)
        retip(entry);
}

void MainActions::retip(const Entry& entry)
{
    entry.action->setText(tr(entry.text));
    const auto keys = entry.action->shortcut();
    entry.action->setToolTip(keys.isEmpty() ? tr(entry.tip) : QStringLiteral("%1 (%2)").arg(tr(entry.tip), keys.toString(QKeySequence::NativeText)));
}

QString MainActions::titleOf(const QAction* action) const
{
    auto text = tr(entryOf(action).text);
    text.remove(u'&');
    text.remove(u'…');
    return text.trimmed();
}

} // namespace paretoscope::desktop

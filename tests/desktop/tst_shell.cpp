// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is around the charts: actions and keys, preferences, languages, issues, pictures, views that were looked at.
#include "support.h"

#include "base/file.h"
#include "bundle/shipped.h"
#include "languages.h"
#include "mainactions.h"
#include "mainwindow.h"
#include "picture.h"
#include "views/aboutdialog.h"
#include "views/axesbar.h"
#include "views/banner.h"
#include "views/comparedialog.h"
#include "views/explorepage.h"
#include "views/exportdialog.h"
#include "views/helpdialog.h"
#include "views/importdevicedialog.h"
#include "views/issuespanel.h"
#include "views/preferencesdialog.h"
#include "views/shortcutsheet.h"
#include "views/sparkline.h"
#include "views/startpage.h"
#include "views/statusline.h"
#include "views/subnetcard.h"
#include "views/tradeoffplot.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QXmlStreamReader>

#include <set>

using namespace paretoscope;
using namespace paretoscope::desktop;

class TestShell : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void actionsAreUniqueAndSaid();
    void shortcutsAreReboundAndRemembered();
    void conflictsAreSaid();
    void preferencesPersist();
    void newBundlesBeginWithTheGrid();
    void themeIsChosenLive();
    void languageSwitches();
    void noTextIsUnfinished_data();
    void noTextIsUnfinished();
    void everyTextIsInTheTranslations();
    void issuesAreFoldedAndReported();
    void failuresBecomeIssues();
    void whatIsDroppedIsOpened();
    void whatCannotBeOpenedIsDropped();
    void autosaveThatFailsIsSaid();
    void guardsOfABundleWithoutPredictor();
    void aboutAndHelp();
    void picturesAreReadable_data();
    void picturesAreReadable();
    void picturesThatCannotBeSaved();
    void wheelEntersTheHistory();
    void historyOfViews();
    void axesBarAsksTheState();
    void staleAndInfeasibleCanBeMended();
    void statusLineShowsTheSearch();
    void recentFilesAreFew();
    void recentAndLast();
    void exportIsOfTheSubnetThatIsSpokenOf();
    void compareNeedsTwoPins();
    void partsAreHiddenAndTabsChosen();

private:
    static constexpr const char* kBundle = "imagenet-ofa-mbv3-w1.0";
    static bool answered(MainWindow& window)
    {
        return QTest::qWaitFor([&] {
            const auto phase = window.explorer().state().phase();
            return phase == desktop::Phase::Results || phase == desktop::Phase::Infeasible;
        }, 30'000);
    }
    static std::unique_ptr<MainWindow> opened(const QString& bundle = kBundle)
    {
        auto window = std::make_unique<MainWindow>(QString());
        window->resize(1280, 720);
        window->show();
        window->open(bundle);
        return answered(*window) ? std::move(window) : nullptr;
    }
    /// The bundle of the program without its predictors.
    QString withoutPredictor()
    {
        const auto path = m_dir.filePath("plain");
        if (!QFileInfo::exists(path)) {
            auto bundle = openBundle(findBundle(kBundle));
            bundle.predictors.clear();
            bundle.samplesCsv.reset();
            saveBundle(bundle, path.toStdString());
        }
        return path;
    }
    static void useLanguage(const QString& code)
    {
        Languages::apply(code);
        QCoreApplication::sendPostedEvents(); // every window is told of it
        QCoreApplication::processEvents();
    }
    static bool drop(MainWindow& window, const QString& path)
    {
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &event);
        return enter.isAccepted();
    }
    static QString menuTitle(MainWindow& window, const char* id)
    {
        const auto* menu = window.findChild<QMenu*>(id);
        return menu ? menu->title() : QString();
    }
    static QPushButton* button(const QWidget& parent, const QString& text)
    {
        for (auto* b : parent.findChildren<QPushButton*>())
            if (b->text() == text && b->isVisibleTo(&parent))
                return b;
        return nullptr;
    }

    QTemporaryDir m_dir;
};

void TestShell::initTestCase()
{
    QVERIFY(m_dir.isValid());
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_dir.filePath("settings")); // of nobody
    QCoreApplication::setApplicationName("Paretoscope");
    QCoreApplication::setOrganizationName("Paretoscope");
    QCoreApplication::setApplicationVersion("9.8.7");
    applyTheme(*qApp, Theme::Light);
}

void TestShell::init()
{
    QSettings().clear();
    useLanguage("en");
    QLocale::setDefault(QLocale::c());
}

void TestShell::actionsAreUniqueAndSaid()
{
    MainWindow window{QString()};
    const auto& actions = window.actions();
    std::set<QString> ids;
    for (auto* action : actions.all()) {
        QVERIFY2(!action->objectName().isEmpty() && ids.insert(action->objectName()).second, qPrintable(action->objectName()));
        QVERIFY2(!action->text().isEmpty() && !action->toolTip().isEmpty(), qPrintable(action->objectName()));
        QCOMPARE(actions.find(action->objectName()), action);
        if (!action->shortcut().isEmpty())
            QVERIFY2(action->toolTip().contains(action->shortcut().toString(QKeySequence::NativeText)), qPrintable(action->toolTip()));
        const auto* other = actions.conflictOf(action, action->shortcut());
        QVERIFY2(!other, qPrintable(action->objectName() + " and " + (other ? other->objectName() : QString())));
        bool listed = false;
        for (const auto* menu : actions.menus())
            listed = listed || menu->actions().contains(action);
        QVERIFY2(listed, qPrintable(action->objectName()));
    }
    QVERIFY(ids.size() > 30);
    QCOMPARE(actions.find("none"), nullptr);
    // One that is not bound to anything at first is in no conflict.
    QVERIFY(!actions.conflictOf(actions.about, {}));
    QCOMPARE(actions.conflictOf(actions.about, QKeySequence("P")), actions.pin);
}

void TestShell::shortcutsAreReboundAndRemembered()
{
    {
        MainWindow window{QString()};
        window.actions().setShortcut(window.actions().knee, QKeySequence("Ctrl+Shift+K"));
        QVERIFY(window.actions().knee->toolTip().contains("Ctrl+Shift+K"));
    }
    MainWindow window{QString()};
    auto& actions = window.actions();
    QCOMPARE(actions.knee->shortcut(), QKeySequence("Ctrl+Shift+K"));
    QCOMPARE(actions.standardShortcut(actions.knee), QKeySequence("K"));
    ShortcutSheet sheet(actions);
    const auto* table = sheet.findChild<QTableWidget*>();
    QStringList keys;
    for (int row = 0; row < table->rowCount(); ++row)
        keys += table->item(row, 0)->text();
    QVERIFY(keys.contains("Ctrl+Shift+K") && !keys.contains("K") && keys.contains("F5"));
    actions.resetShortcuts();
    QCOMPARE(actions.knee->shortcut(), QKeySequence("K"));
    MainWindow again{QString()};
    QCOMPARE(again.actions().knee->shortcut(), QKeySequence("K"));
}

void TestShell::conflictsAreSaid()
{
    MainWindow window{QString()};
    auto& actions = window.actions();
    PreferencesDialog dialog(actions);
    dialog.show();
    auto* edit = dialog.findChild<QKeySequenceEdit*>("knee");
    QVERIFY(edit);
    const auto type = [&](const char* keys) {
        edit->setKeySequence(QKeySequence(keys));
        emit edit->editingFinished();
    };
    type("P");
    QCOMPARE(actions.knee->shortcut(), QKeySequence("K"));
    QCOMPARE(edit->keySequence(), QKeySequence("K"));
    bool said = false;
    for (const auto* label : dialog.findChildren<QLabel*>())
        said = said || label->text().contains("is taken by “Pin or unpin”");
    QVERIFY(said);
    type("Ctrl+K");
    QCOMPARE(actions.knee->shortcut(), QKeySequence("Ctrl+K"));
    type("");
    QVERIFY(actions.knee->shortcut().isEmpty());
    QVERIFY(!actions.knee->toolTip().contains("("));
}

void TestShell::preferencesPersist()
{
    QVERIFY(loadPreferences() == Preferences());
    const Preferences wanted{Theme::Dark, "de", "FR", true};
    savePreferences(wanted);
    QVERIFY(loadPreferences() == wanted);
    // What another version has left and this one does not know is as if it was not there.
    QSettings settings;
    settings.setValue("theme", "purple");
    settings.setValue("language", "tlh");
    settings.setValue("grid", "Atlantis");
    const auto loaded = loadPreferences();
    QVERIFY(loaded.theme == Theme::System && loaded.language.isEmpty() && loaded.restoreLast);
    QCOMPARE(loaded.grid, QString("World"));
}

void TestShell::newBundlesBeginWithTheGrid()
{
    auto preferences = loadPreferences();
    preferences.grid = "FR";
    savePreferences(preferences);
    auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    QCOMPARE(QString::fromStdString(state.question().carbon.grid), QString("FR"));
    QVERIFY(!state.undoStack().canUndo());

    // Chosen in the dialog, it holds for the next one; a word that is no place holds for none.
    window->actions().preferences->trigger();
    auto* dialog = window->findChild<PreferencesDialog*>();
    QVERIFY(dialog);
    auto* grid = dialog->findChild<QComboBox*>("grid");
    grid->setEditText("Atlantis");
    emit grid->lineEdit()->editingFinished();
    QCOMPARE(grid->lineEdit()->property("wrong").toBool(), true);
    QCOMPARE(loadPreferences().grid, QString("FR"));
    grid->setEditText("DE");
    emit grid->lineEdit()->editingFinished();
    QCOMPARE(grid->lineEdit()->property("wrong").toBool(), false);
    window->open(kBundle);
    QVERIFY(answered(*window));
    QCOMPARE(QString::fromStdString(state.question().carbon.grid), QString("DE"));
}

void TestShell::themeIsChosenLive()
{
    MainWindow window{QString()};
    window.actions().preferences->trigger();
    auto* theme = window.findChild<PreferencesDialog*>()->findChild<QComboBox*>("theme");
    for (const bool dark : {true, false}) {
        const int index = theme->findData(dark ? "dark" : "light");
        theme->setCurrentIndex(index);
        emit theme->activated(index);
        QCOMPARE(coloursOf(qApp->palette()).dark, dark);
        QVERIFY(loadPreferences().theme == (dark ? Theme::Dark : Theme::Light));
    }
}

void TestShell::languageSwitches()
{
    QVERIFY(Languages::codes().contains("de"));
    QCOMPARE(Languages::nameOf("de"), QString("Deutsch"));
    MainWindow window{QString()};
    window.show();
    QCOMPARE(menuTitle(window, "file"), QString("&File"));
    window.actions().nextLanguage->trigger();
    QCoreApplication::processEvents();
    QCOMPARE(Languages::current(), QString("de"));
    QCOMPARE(menuTitle(window, "file"), QString("&Datei"));
    QCOMPARE(window.actions().open->text(), QString("Öffnen …"));
    QVERIFY(window.actions().open->toolTip().contains("Bündel"));
    QCOMPARE(loadPreferences().language, QString("de"));
    QCOMPARE(QCoreApplication::translate("QPlatformTheme", "Cancel"), QString("Abbrechen")); // Qt's own
    QCOMPARE(QLocale().decimalPoint(), QString(","));
    while (Languages::current() != "en")
        window.actions().nextLanguage->trigger();
    QCoreApplication::processEvents();
    QCOMPARE(menuTitle(window, "file"), QString("&File"));
    QCOMPARE(QCoreApplication::translate("QPlatformTheme", "Cancel"), QString("Cancel"));
    // English has its plurals.
    QCOMPARE(QCoreApplication::translate("paretoscope::desktop::StatusLine", "%n issue(s): show them", nullptr, 1), QString("1 issue: show it"));
}

void TestShell::noTextIsUnfinished_data()
{
    QTest::addColumn<QString>("file");
    const QDir folder(PARETOSCOPE_SOURCE_DIR "/translations");
    for (const auto& name : folder.entryList({"*.ts"}))
        QTest::newRow(qPrintable(name)) << folder.filePath(name);
}

namespace {

struct Text {
    QString source;
    QStringList forms;
    bool finished = true;
    bool plural = false;
};

std::vector<Text> textsOf(const QString& path)
{
    QFile file(path);
    std::vector<Text> texts;
    if (!file.open(QIODevice::ReadOnly))
        return texts;
    QXmlStreamReader xml(&file);
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement())
            continue;
        const auto name = xml.name();
        if (name == u"message") {
            texts.emplace_back();
            texts.back().plural = xml.attributes().value("numerus") == u"yes";
        } else if (name == u"source") {
            texts.back().source = xml.readElementText();
        } else if (name == u"translation") {
            texts.back().finished = !xml.attributes().hasAttribute("type");
            if (!texts.back().plural)
                texts.back().forms += xml.readElementText();
        } else if (name == u"numerusform") {
            texts.back().forms += xml.readElementText();
        }
    }
    return texts;
}

} // namespace

void TestShell::noTextIsUnfinished()
{
    QFETCH(QString, file);
    const auto texts = textsOf(file);
    QVERIFY(!texts.empty());
    static const QRegularExpression place("%L?[1-9]");
    for (const auto& text : texts) {
        QVERIFY2(text.finished, qPrintable(text.source));
        QVERIFY2(!text.forms.isEmpty(), qPrintable(text.source));
        for (const auto& form : text.forms) {
            QVERIFY2(!form.trimmed().isEmpty(), qPrintable(text.source));
            // Every place of the source is there, however often and in whatever order.
            std::set<QString> wanted, found;
            for (auto it = place.globalMatch(text.source); it.hasNext();)
                wanted.insert(it.next().captured());
            for (auto it = place.globalMatch(form); it.hasNext();)
                found.insert(it.next().captured());
            QVERIFY2(wanted == found, qPrintable(form));
        }
    }
}

void TestShell::everyTextIsInTheTranslations()
{
    const auto tool = QStandardPaths::findExecutable("lupdate", {QLibraryInfo::path(QLibraryInfo::BinariesPath), "/usr/lib/qt6/bin"});
    if (tool.isEmpty())
        QSKIP("lupdate is not there (qt6-l10n-tools)");
    const auto copy = m_dir.filePath("paretoscope_de.ts");
    QFile::remove(copy);
    QVERIFY(QFile::copy(PARETOSCOPE_SOURCE_DIR "/translations/paretoscope_de.ts", copy));
    QProcess update;
    update.start(tool, {PARETOSCOPE_SOURCE_DIR "/app/desktop", "-silent", "-no-obsolete", "-locations", "none", "-disable-heuristic", "sametext", "-disable-heuristic", "similartext", "-ts", copy});
    QVERIFY(update.waitForFinished(60'000));
    QCOMPARE(update.exitCode(), 0);
    QStringList missing;
    for (const auto& text : textsOf(copy))
        if (!text.finished)
            missing += text.source;
    QCOMPARE(missing, QStringList());
}

void TestShell::issuesAreFoldedAndReported()
{
    IssueLog log;
    QSignalSpy changed(&log, &IssueLog::changed);
    log.problem("It broke", "Nothing is lost", "Mend it", "byte 7");
    log.problem("It froze", "Wait", "Warm it");
    log.problem("It broke", "Nothing is lost", "Mend it", "byte 7");
    log.problem("It broke", "Nothing is lost", "Mend it", "byte 8");
    QCOMPARE(changed.count(), 4);
    QCOMPARE(log.issues().size(), std::size_t(3));
    QCOMPARE(log.issues()[1].times, 2);
    QCOMPARE(log.issues()[1].details, QString("byte 7"));
    QVERIFY(log.issues()[1].at.isValid());
    log.setGuards({{Issue::Kind::Guard, "No error", "Careful", "Measure", {}, {}, 1}});
    log.setGuards({{Issue::Kind::Guard, "No power", "Careful", "Measure", {}, {}, 1}});
    QCOMPARE(log.issues().size(), std::size_t(4)); // in place of those of the other bundle
    QCOMPARE(log.issues().back().what, QString("No power"));

    ExplorerState nothing;
    const auto report = reportOf(log.issues(), nothing);
    for (const auto* part : {"Paretoscope 9.8.7", "No bundle is open", "It broke (×2)", "byte 8", "Warm it"})
        QVERIFY2(report.contains(part), part);
    IssuesPanel panel(log, nothing);
    panel.show();
    QCOMPARE(panel.findChild<QTableWidget*>()->rowCount(), 4);
    QVERIFY(panel.findChild<QTableWidget*>()->item(0, 1)->text().contains("No power")); // the latest first
    button(panel, "Clear")->click();
    QVERIFY(log.issues().empty());
    QVERIFY(!button(panel, "Clear")->isEnabled());
}

void TestShell::failuresBecomeIssues()
{
    const auto broken = m_dir.filePath("x.zip");
    writeFileAtomically(broken.toStdString(), std::string_view("no zip"));
    const auto window = opened();
    QVERIFY(window);
    const auto before = window->issues().issues().size();
    QSignalSpy failed(&window->explorer(), &Explorer::loadingFailed);
    window->open(broken);
    QVERIFY(failed.wait(10'000));
    QCOMPARE(window->issues().issues().size(), before + 1);
    QVERIFY(window->issues().issues().back().what.contains("x.zip"));
    QVERIFY(!window->issues().issues().back().details.isEmpty());
    auto* count = window->findChild<QToolButton*>("issueCount");
    QCOMPARE(count->text(), QString("⚠ %1").arg(before + 1));
    // The banner leads to the details, and to a report that names the bundle and the question.
    auto& banner = window->findChild<ExplorePage*>()->banner();
    auto* dock = window->findChild<QDockWidget*>("issuesDock");
    QVERIFY(dock && !dock->isVisible() && !window->actions().issues->isChecked());
    auto* details = button(banner, "Details");
    auto* report = button(banner, "Copy report");
    QVERIFY(details && report);
    details->click();
    QVERIFY(dock->isVisible() && window->actions().issues->isChecked());
    count->click();
    QVERIFY(!dock->isVisible());
    QApplication::clipboard()->clear();
    report->click();
    const auto text = QApplication::clipboard()->text();
    for (const auto* part : {"9.8.7", kBundle, "samsung-note10", "x.zip"})
        QVERIFY2(text.contains(part), part);
    // Also where there is nothing else to look at.
    MainWindow empty{QString()};
    empty.show();
    auto& page = *empty.findChild<StartPage*>();
    QVERIFY(!button(page, "Copy report"));
    QSignalSpy again(&empty.explorer(), &Explorer::loadingFailed);
    empty.open(broken);
    QVERIFY(again.wait(10'000));
    QVERIFY(button(page, "Details") && button(page, "Copy report"));
    button(page, "Copy report")->click();
    QVERIFY(QApplication::clipboard()->text().contains("No bundle is open"));
    button(page, "Details")->click();
    QVERIFY(empty.findChild<QDockWidget*>("issuesDock")->isVisible());
    // So is a search that failed.
    emit window->explorer().searchFailed("no objective");
    QCOMPARE(window->issues().issues().back().details, QString("no objective"));
}

// Nothing can be written below /proc, not even by root.
void TestShell::whatIsDroppedIsOpened()
{
    MainWindow window{QString()};
    window.show();
    QVERIFY(drop(window, withoutPredictor()));
    QVERIFY(QTest::qWaitFor([&] { return window.explorer().state().world() != nullptr; }, 30'000));
    // A table is of the open bundle: without one it is a file like any other.
    const auto table = m_dir.filePath("160_x.yaml");
    writeFileAtomically(table.toStdString(), std::string_view("nonsense: [1"));
    QVERIFY(drop(window, table));
    QVERIFY(QTest::qWaitFor([&] { return window.findChild<ImportDeviceDialog*>() != nullptr; }, 10'000));
    window.findChild<ImportDeviceDialog*>()->close();
    QVERIFY(window.explorer().state().world() != nullptr);
}

/// What happened is said, and nothing is lost.
void TestShell::whatCannotBeOpenedIsDropped()
{
    const auto text = m_dir.filePath("letter.txt");
    writeFileAtomically(text.toStdString(), std::string_view("Dear all"));
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    state.change("limit", "", [](Question& q) { q.limit(Metric::LatencyMs) = {Metric::LatencyMs, true, 30}; });
    QVERIFY(answered(*window));
    const auto question = state.question();
    const auto world = state.world();
    QSignalSpy failed(&window->explorer(), &Explorer::loadingFailed);
    QVERIFY(drop(*window, text));
    QVERIFY(failed.wait(10'000));
    QVERIFY(state.world() == world && state.question() == question && state.answer());
    const auto& issue = window->issues().issues().back();
    QVERIFY2(issue.what.contains("letter.txt") && !issue.means.isEmpty() && !issue.todo.isEmpty(), qPrintable(issue.what));
    // What is no file is not taken.
    QMimeData words;
    words.setText("hello");
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &words, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(window.get(), &enter);
    QVERIFY(!enter.isAccepted());
}

void TestShell::autosaveThatFailsIsSaid()
{
    MainWindow window("/proc/none/auto.paretoscope");
    window.show();
    window.open(kBundle);
    QVERIFY(answered(window));
    const auto before = window.issues().issues().size();
    window.explorer().state().change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 22}}; });
    QVERIFY(QTest::qWaitFor([&] { return window.issues().issues().size() > before; }, 10'000));
    QVERIFY(window.issues().issues().back().what.contains("cannot be kept safe"));
    const auto& banner = window.findChild<ExplorePage*>()->banner();
    QVERIFY(banner.isVisible() && banner.findChild<QLabel*>()->text().contains("cannot be kept safe"));
}

void TestShell::guardsOfABundleWithoutPredictor()
{
    MainWindow window{QString()};
    window.resize(1280, 720);
    window.show();
    window.open(withoutPredictor());
    QVERIFY(QTest::qWaitFor([&] { return window.explorer().state().world() != nullptr; }, 30'000));
    bool said = false;
    for (const auto& issue : window.issues().issues())
        said = said || (issue.kind == Issue::Kind::Guard && issue.what.contains("no accuracy predictor"));
    QVERIFY(said);
    QVERIFY(window.findChild<TradeoffPlot*>()->summary().contains("has no accuracy predictor"));
    // Another bundle has its own.
    window.open(kBundle);
    QVERIFY(QTest::qWaitFor([&] { return window.explorer().state().phase() == desktop::Phase::Results && window.explorer().state().world()->bundle->predictor(); }, 30'000));
    for (const auto& issue : window.issues().issues())
        QVERIFY(!issue.what.contains("no accuracy predictor"));
    QVERIFY(window.findChild<TradeoffPlot*>()->summary().contains("A front of"));
}

void TestShell::aboutAndHelp()
{
    const auto window = opened();
    QVERIFY(window);
    window->actions().about->trigger();
    const auto* about = window->findChild<AboutDialog*>();
    QVERIFY(about && about->isVisible());
    for (const auto* part : {"9.8.7", "GPL-3.0-or-later", "QCustomPlot", "LibTorch", "Eigen", "nlohmann", "Ember"})
        QVERIFY2(about->text().contains(part), part);
    const auto& licences = window->explorer().state().world()->bundle->licences;
    QVERIFY(!licences.empty());
    for (const auto& l : licences)
        QVERIFY2(about->text().contains(QString::fromStdString(l.licence)), l.what.c_str());
    QTest::keyClick(window.get(), Qt::Key_F1);
    const auto* help = window->findChild<HelpDialog*>();
    QVERIFY(help && help->isVisible());
    QVERIFY(help->text().contains("Pin or unpin") && help->text().contains("F5"));
    window->actions().shortcuts->trigger();
    QVERIFY(window->findChild<ShortcutSheet*>()->isVisible());
}

void TestShell::picturesAreReadable_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("png") << "png" << QByteArray("\x89PNG");
    QTest::newRow("pdf") << "pdf" << QByteArray("%PDF-");
    QTest::newRow("svg") << "svg" << QByteArray("<?xml");
}

void TestShell::picturesAreReadable()
{
    QFETCH(QString, suffix);
    QFETCH(QByteArray, begin);
    const auto window = opened();
    QVERIFY(window);
    auto& plot = *window->findChild<TradeoffPlot*>();
    const auto path = m_dir.filePath("chart." + suffix);
    QVERIFY(!savePicture(plot, path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto bytes = file.readAll();
    QVERIFY(bytes.startsWith(begin) && bytes.size() > 2000);
    if (suffix == "svg")
        QVERIFY(QXmlStreamReader(bytes).readNextStartElement() && bytes.contains(plot.accessibleDescription().left(12).toUtf8()));
    if (suffix != "png")
        return;
    const QImage image(path);
    QCOMPARE(image.size(), plot.size() * 2);
    std::set<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            colours.insert(image.pixel(x, y));
    QVERIFY(colours.size() > 20); // something is drawn
    QApplication::clipboard()->clear();
    window->actions().copyChart->trigger();
    QCOMPARE(QApplication::clipboard()->image().size(), plot.size() * 2);
    QVERIFY(!savePicture(*window, m_dir.filePath("window.png")));
    QCOMPARE(QImage(m_dir.filePath("window.png")).size(), window->size() * 2);
}

void TestShell::picturesThatCannotBeSaved()
{
    ExplorerState state;
    TradeoffPlot plot(state);
    QWidget other;
    const auto said = [&](QWidget& widget, const QString& name) { return savePicture(widget, name).value_or(QString()); };
    QVERIFY(said(plot, m_dir.filePath("no/such/folder.png")).contains("Save it at another place"));
    QVERIFY(said(plot, m_dir.filePath("chart.bmp")).contains(".png, .pdf, .svg"));
    QVERIFY(said(other, m_dir.filePath("window.pdf")).contains(".png"));
    QVERIFY(!QFileInfo::exists(m_dir.filePath("window.pdf")));
    QVERIFY(pictureFilter(plot).contains("*.svg") && !pictureFilter(other).contains("*.svg"));
}

void TestShell::wheelEntersTheHistory()
{
    const auto window = opened();
    QVERIFY(window);
    auto& plot = *window->findChild<TradeoffPlot*>();
    const auto range = [&] { return plot.xAxis->range(); };
    const auto all = range();
    const auto turn = [&] {
        const QPointF at = plot.axisRect()->rect().center();
        QWheelEvent event(at, plot.mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&plot, &event);
    };
    turn();
    turn(); // one view: the wheel has not rested
    const auto near = range();
    QVERIFY(near.size() < all.size());
    QVERIFY(plot.back()); // also before it has rested
    QVERIFY(qFuzzyCompare(range().size(), all.size()));
    QVERIFY(!plot.back());
    QVERIFY(plot.forward());
    QVERIFY(qFuzzyCompare(range().size(), near.size()));
    turn();
    QTest::qWait(500);
    QVERIFY(!plot.forward());
    QVERIFY(plot.back());
    QVERIFY(qFuzzyCompare(range().size(), near.size()));
    // Another axis is another unit: nothing to go back to.
    window->explorer().state().change("Axis", "", [](Question& q) { q.axes.x = Metric::Macs; });
    QVERIFY(!plot.back());
}

void TestShell::historyOfViews()
{
    ViewHistory<int> history;
    QVERIFY(!history.back() && !history.forward());
    for (int view : {1, 2, 2, 3})
        history.remember(view);
    QCOMPARE(*history.back(), 2);
    QCOMPARE(*history.back(), 1);
    QVERIFY(!history.back());
    QCOMPARE(*history.forward(), 2);
    history.remember(9); // what lay ahead is forgotten
    QVERIFY(!history.forward());
    QCOMPARE(*history.back(), 2);
    for (int view = 100; view < 200; ++view)
        history.remember(view);
    int steps = 0;
    while (history.back())
        ++steps;
    QCOMPARE(steps, int(ViewHistory<int>::kMost) - 1);
}

void TestShell::axesBarAsksTheState()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    auto& bar = *window->findChild<AxesBar*>();
    auto* colour = bar.findChild<QComboBox*>("colour");
    auto& plot = *window->findChild<TradeoffPlot*>();
    const int parts = plot.plotLayout()->elementCount();
    const int energy = colour->findData(static_cast<int>(Metric::EnergyJ));
    QVERIFY(energy > 0);
    colour->setCurrentIndex(energy);
    emit colour->activated(energy);
    QVERIFY(state.question().axes.colour == Metric::EnergyJ);
    QVERIFY(plot.plotLayout()->elementCount() > parts); // the scale stands beside
    QTest::qWait(50);
    plot.toPixmap(); // draws with it
    state.undoStack().undo();
    QVERIFY(!state.question().axes.colour);
    QCOMPARE(colour->currentIndex(), 0);
    QCOMPARE(plot.plotLayout()->elementCount(), parts);
    auto* log = bar.findChild<QCheckBox*>("logX");
    log->click();
    QVERIFY(state.question().axes.logX);
    QVERIFY(plot.xAxis->scaleType() == QCPAxis::stLogarithmic);
    QVERIFY(plot.xAxis->range().lower > 0);
    state.undoStack().undo();
    QVERIFY(!log->isChecked() && plot.xAxis->scaleType() == QCPAxis::stLinear);
}

void TestShell::staleAndInfeasibleCanBeMended()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    auto& banner = window->findChild<ExplorePage*>()->banner();
    QVERIFY(!banner.isVisible());
    state.change("Device", "", [](Question& q) { q.devices = {"intel-i7-8700k"}; });
    QVERIFY(!banner.isVisible()); // it is on its way
    window->explorer().stop();
    QVERIFY(state.phase() == desktop::Phase::Stale && banner.isVisible());
    QVERIFY(banner.findChild<QLabel*>()->text().contains("results are from"));
    QVERIFY(banner.findChild<QLabel*>()->text().contains("Note"));
    auto* again = button(banner, "Search again");
    QVERIFY(again);
    again->click();
    QVERIFY(answered(*window));
    QVERIFY(!banner.isVisible());
    QVERIFY(!window->actions().relax->isEnabled());
    state.change("Limits", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 10}, {Metric::Top1Percent, true, 79}}; });
    QVERIFY(QTest::qWaitFor([&] { return state.phase() == desktop::Phase::Infeasible; }, 30'000));
    QVERIFY(window->actions().relax->isEnabled());
    auto* relax = button(banner, "Relax to feasible");
    if (state.answer()->result->infeasible->relaxations.empty()) {
        QVERIFY(!relax);
    } else {
        QVERIFY(relax);
        relax->click();
        QVERIFY(QTest::qWaitFor([&] { return state.phase() == desktop::Phase::Results; }, 30'000));
        QVERIFY(!banner.isVisible());
    }
}

void TestShell::statusLineShowsTheSearch()
{
    Explorer explorer;
    IssueLog log;
    StatusLine line(explorer, log);
    line.show();
    auto& state = explorer.state();
    QCOMPARE(line.text(), QString("Ready"));
    state.setPhase(desktop::Phase::Searching);
    const auto* course = line.findChild<Sparkline*>();
    for (int i = 1; i <= 3; ++i)
        state.setProgress({static_cast<std::uint64_t>(1000 * i), 500.0 * i, 0.25 * i, 2500.0, 0.1 * i});
    for (const auto* part : {"3000 subnets", "75 %", "2.5 s left", "hypervolume 0.3"})
        QVERIFY2(line.text().contains(part), qPrintable(line.text()));
    QCOMPARE(course->values().size(), std::size_t(3));
    QVERIFY(course->isVisible());
    QVERIFY(!line.grab().isNull());
    state.setPhase(desktop::Phase::Ready);
    state.setPhase(desktop::Phase::Searching); // another search begins at nothing
    QVERIFY(course->values().empty());
    for (int i = 0; i < 1000; ++i)
        state.setProgress({1, 1, {}, {}, 0.001 * i});
    QVERIFY(course->values().size() <= 180);
    QCOMPARE(course->values().front(), 0.0); // the whole course
    QCOMPARE(course->values().back(), 0.999);
    QVERIFY(!line.text().contains("left"));
}

void TestShell::recentFilesAreFew()
{
    Explorer explorer;
    SessionKeeper keeper(explorer, {});
    IssueLog log;
    QWidget window;
    WindowFiles files(window, keeper, log);
    QSignalSpy changed(&files, &WindowFiles::recentChanged);
    QStringList paths;
    for (int i = 0; i < 8; ++i) {
        paths.prepend(m_dir.filePath("recent" + QString::number(i)));
        writeFileAtomically(paths.front().toStdString(), std::string_view("x"));
        files.remember(paths.front());
    }
    QCOMPARE(WindowFiles::recent(), paths.mid(0, 6));
    files.remember(paths[3]); // again: it moves up
    QCOMPARE(WindowFiles::recent().size(), 6);
    QCOMPARE(WindowFiles::recent().front(), paths[3]);
    files.remember("imagenet-ofa-mbv3-w1.0"); // shipped ones have a place of their own
    QCOMPARE(WindowFiles::recent().front(), paths[3]);
    QCOMPARE(changed.count(), 9);
}

void TestShell::recentAndLast()
{
    const auto file = m_dir.filePath("mine.paretoscope");
    {
        const auto window = opened();
        QVERIFY(window);
        window->explorer().state().change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 25}}; });
        QVERIFY(answered(*window));
        QVERIFY(!window->keeper().save(file));
    }
    QVERIFY(!QSettings().value("recent").toStringList().contains(file));
    {
        MainWindow window(m_dir.filePath("auto.paretoscope"));
        window.show();
        QVERIFY(!window.restoreLast()); // nothing was closed yet
        window.open(file);
        QVERIFY(answered(window));
        QCOMPARE(QSettings().value("recent").toStringList().value(0), file);
        window.close();
    }
    MainWindow window(m_dir.filePath("auto.paretoscope"));
    window.show();
    QVERIFY(window.restoreLast());
    QVERIFY(answered(window));
    QCOMPARE(window.keeper().path(), file);
    QCOMPARE(window.explorer().state().question().limit(Metric::LatencyMs)->value, 25.0);
}

void TestShell::exportIsOfTheSubnetThatIsSpokenOf()
{
    MainWindow window{QString()};
    window.show();
    QVERIFY(!window.actions().exportSubnet->isEnabled());
    window.open(kBundle);
    QVERIFY(answered(window));
    QVERIFY(window.actions().exportSubnet->isEnabled());
    auto* onCard = button(*window.findChild<SubnetCard*>(), "Export…");
    QVERIFY(onCard && onCard->isEnabled());
    onCard->click();
    auto* dialog = window.findChild<ExportDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    dialog->reject();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(!window.findChild<ExportDialog*>());
    window.actions().exportSubnet->trigger();
    QVERIFY(window.findChild<ExportDialog*>());
}

void TestShell::compareNeedsTwoPins()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    auto* compare = window->actions().compare;
    QVERIFY(!compare->isEnabled());
    const auto& front = state.answer()->front.points.subnets;
    state.change("Pins", "", [&](Question& q) { q.pins = {{front.front(), 'A'}}; });
    QVERIFY(!compare->isEnabled());
    state.change("Pins", "", [&](Question& q) { q.pins.push_back({front.back(), 'B'}); });
    QVERIFY(compare->isEnabled());
    compare->trigger();
    QVERIFY(window->findChild<CompareDialog*>()->isVisible());
    state.undoStack().undo();
    QVERIFY(!compare->isEnabled());
}

void TestShell::partsAreHiddenAndTabsChosen()
{
    const auto window = opened();
    QVERIFY(window);
    auto* tabs = window->findChild<QTabWidget*>();
    QVERIFY(tabs && tabs->count() == MainActions::kTabs);
    auto& actions = window->actions();
    QCOMPARE(window->findChild<ExplorePage*>()->tabCount(), tabs->count());
    actions.lowerStrip->trigger();
    QVERIFY(!tabs->isVisible());
    for (int i = tabs->count() - 1; i >= 0; --i) {
        actions.tabs[static_cast<std::size_t>(i)]->trigger();
        QVERIFY(tabs->isVisible()); // it is brought back
        QCOMPARE(tabs->currentIndex(), i);
    }
    for (int i = 0; i < MainActions::kTabs; ++i)
        QCOMPARE(actions.tabs[static_cast<std::size_t>(i)]->isVisible(), i < tabs->count());
    auto* limits = window->findChild<QWidget*>("leftColumn");
    QVERIFY(limits && limits->isVisible());
    actions.leftColumn->trigger();
    QVERIFY(!limits->isVisible());
    actions.leftColumn->trigger();
    QVERIFY(limits->isVisible());
    window->explorer().close();
    QVERIFY(!actions.leftColumn->isEnabled() && !actions.copyChart->isEnabled() && actions.preferences->isEnabled());
}

QTEST_MAIN(TestShell)
#include "tst_shell.moc"

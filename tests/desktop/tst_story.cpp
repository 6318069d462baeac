// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole story with the hand's own events, which xdotool sends through a real X server: open a bundle, choose device and
// grid, move a limit, search, brush, pin, compare, save, open again; open the bundle that has weights, export from it.
#include "support.h"

#include "mainwindow.h"
#include "views/comparedialog.h"
#include "views/devicepicker.h"
#include "views/exportdialog.h"
#include "views/histogramslider.h"
#include "views/parallelview.h"
#include "views/startpage.h"
#include "views/tradeoffplot.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace paretoscope;
using namespace paretoscope::desktop;

namespace {

constexpr int kPatientMs = 60'000;

/// What a person does. Each call returns when the window has had the events.
class Hand {
public:
    bool does(const QStringList& words)
    {
        QProcess tool;
        tool.start(QStringLiteral("xdotool"), words);
        const bool done = QTest::qWaitFor([&] { return tool.state() == QProcess::NotRunning; }, kPatientMs) && tool.error() == QProcess::UnknownError && tool.exitCode() == 0;
        QTest::qWait(kSettleMs);
        return done;
    }
    bool keys(const QStringList& names) { return does(QStringList{"key", "--delay", "40"} + names); }
    bool types(const QString& text) { return does({"type", "--delay", "15", text}); }
    bool clicks(QWidget* widget, const QPoint& at)
    {
        return does(QStringList{"mousemove"} + place(widget, at) + QStringList{"click", "1"});
    }
    bool clicks(QWidget* widget) { return clicks(widget, widget->rect().center()); }
    bool drags(QWidget* widget, const QPoint& from, const QPoint& to)
    {
        QStringList words = QStringList{"mousemove"} + place(widget, from) + QStringList{"mousedown", "1"};
        for (int i = 1; i <= kSteps; ++i)
            words += QStringList{"mousemove"} + place(widget, from + (to - from) * i / kSteps) + QStringList{"sleep", "0.02"};
        return does(words + QStringList{"mouseup", "1"});
    }
    /// A key that opens a dialog for a file, and the file's name.
    bool choosesFile(const QString& key, const QString& path)
    {
        return does({"key", key, "sleep", "1.5", "key", "ctrl+a", "type", "--delay", "15", "--args", "1", path, "sleep", "0.3", "key", "Return"});
    }

private:
    static constexpr int kSteps = 12, kSettleMs = 150;
    static QStringList place(QWidget* widget, const QPoint& at)
    {
        const auto global = widget->mapToGlobal(at);
        return {QString::number(global.x()), QString::number(global.y())};
    }
};

template <typename F> bool comes(F&& true_) { return QTest::qWaitFor(std::forward<F>(true_), kPatientMs); }

} // namespace

class TestStory : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void theWholeStory();

private:
    bool answered() { return comes([&] { return state().phase() == desktop::Phase::Results && state().answer() && state().answer()->question == state().question(); }); }
    ExplorerState& state() { return m_window->explorer().state(); }
    template <typename T> T* visible(const QString& name = {})
    {
        for (auto* w : QApplication::allWidgets())
            if (auto* t = qobject_cast<T*>(w); t && t->isVisible() && (name.isEmpty() || t->objectName() == name))
                return t;
        return nullptr;
    }
    void opensTheSample(const QString& title);
    void opensImageNet();
    void choosesDeviceAndGrid();
    void limitsLatency();
    void brushes();
    void pinsTwo();
    void compares();
    void savesAndOpensAgain();
    void exportsFromTheOther();

    QTemporaryDir m_dir;
    QProcess m_manager; // of windows
    std::unique_ptr<MainWindow> m_window;
    Hand m_hand;
};

void TestStory::initTestCase()
{
    if (QGuiApplication::platformName() != QStringLiteral("xcb"))
        QSKIP("NOT TESTED: the story needs an X server: xvfb-run -a -s '-screen 0 1600x1000x24' with QT_QPA_PLATFORM=xcb");
    if (QStandardPaths::findExecutable(QStringLiteral("xdotool")).isEmpty())
        QSKIP("NOT TESTED: xdotool is not installed");
    if (!QFile::exists(QFileInfo(PARETOSCOPE_CLI).path() + "/paretoscope_torch.so"))
        QSKIP("NOT TESTED: the engine module is not built (PARETOSCOPE_TORCH)");
    QVERIFY(m_dir.isValid());
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_dir.filePath("settings")); // of nobody
    QApplication::setOrganizationName(QStringLiteral("Paretoscope"));
    QApplication::setApplicationName(QStringLiteral("Paretoscope"));
    qputenv("PARETOSCOPE_CLI", PARETOSCOPE_CLI);
    // A window that is shown before its manager is ready may never become active.
    const auto ready = m_dir.filePath(QStringLiteral("managed"));
    m_manager.start(QStringLiteral("openbox"), {QStringLiteral("--startup"), QStringLiteral("touch ") + ready});
    QVERIFY2(m_manager.waitForStarted(), "openbox is not installed");
    QVERIFY(comes([&] { return QFile::exists(ready); }));
}

void TestStory::cleanupTestCase()
{
    m_window.reset();
    m_manager.terminate();
    m_manager.waitForFinished();
}

void TestStory::opensTheSample(const QString& title)
{
    const auto buttons = m_window->findChild<StartPage*>()->findChildren<QPushButton*>();
    const auto sample = std::find_if(buttons.begin(), buttons.end(), [&](const QPushButton* b) { return b->isVisible() && b->text().contains(title); });
    QVERIFY(sample != buttons.end());
    QVERIFY(m_hand.clicks(*sample));
    QVERIFY(answered());
}

void TestStory::opensImageNet() { opensTheSample(QStringLiteral("ImageNet")); }

void TestStory::choosesDeviceAndGrid()
{
    const auto before = state().question().devices.front();
    const auto& devices = state().world()->bundle->devices;
    const auto other = std::find_if(devices.begin(), devices.end(), [&](const auto& d) { return d.id != before; });
    QVERIFY(other != devices.end());
    QVERIFY(m_hand.clicks(visible<DevicePicker>()));
    QVERIFY(m_hand.types(QString::fromStdString(other->title)));
    QVERIFY(m_hand.keys({"Return"}));
    QVERIFY(answered());
    QCOMPARE(state().question().devices.front(), other->id);

    QComboBox* grid = nullptr;
    for (auto* box : m_window->findChildren<QComboBox*>())
        if (box->accessibleName() == "Electricity grid")
            grid = box;
    QVERIFY(grid);
    QVERIFY(m_hand.clicks(grid->lineEdit()));
    QVERIFY(m_hand.keys({"ctrl+a"}));
    QVERIFY(m_hand.types("norw"));
    QVERIFY(m_hand.keys({"Down", "Return"}));
    QVERIFY(answered());
    QCOMPARE(state().question().carbon.grid, std::string("NO"));
}

void TestStory::limitsLatency()
{
    const auto sliders = m_window->findChildren<HistogramSlider*>();
    const auto latency = std::find_if(sliders.begin(), sliders.end(), [](const HistogramSlider* s) { return s->isVisible() && s->accessibleName() == "Limit of Latency, slider"; });
    QVERIFY(latency != sliders.end());
    const auto loose = (*latency)->scaleHigh();
    QVERIFY(m_hand.drags(*latency, {(*latency)->width() - 8, (*latency)->height() / 2}, {(*latency)->width() / 2, (*latency)->height() / 2}));
    QVERIFY(answered());
    const auto* limit = std::as_const(state().question()).limit(Metric::LatencyMs);
    QVERIFY(limit && limit->on && limit->value < loose);
    const auto& front = state().answer()->front;
    QVERIFY(front.size() > 0);
    const auto column = front.column({Metric::LatencyMs, 0});
    for (std::size_t i = 0; i < front.size(); ++i)
        QVERIFY(front.at(i, *column) <= limit->value);
    const auto answer = state().answer();
    QVERIFY(m_hand.keys({"F5"}));
    QVERIFY(comes([&] { return state().phase() == desktop::Phase::Results && state().answer() != answer; }));
}

void TestStory::brushes()
{
    auto* parallel = visible<ParallelView>();
    QVERIFY(parallel);
    const auto& q = state().question();
    const auto& front = state().answer()->front;
    const auto top1 = front.column({Metric::Top1Percent, 0});
    const auto low = parallel->place("top1", front.at(0, *top1)), high = parallel->place("top1", front.at(front.size() - 1, *top1));
    QVERIFY(low && high);
    QVERIFY(m_hand.drags(parallel, low->toPoint(), high->toPoint()));
    QCOMPARE(q.brushes.size(), 1U);
    QCOMPARE(q.brushes.front().column, std::string("top1"));
    QVERIFY(std::abs(q.brushes.front().low - front.at(0, *top1)) < 1);
    QVERIFY(q.brushes.front().high > q.brushes.front().low);
}

void TestStory::pinsTwo()
{
    auto* plot = visible<TradeoffPlot>();
    const auto area = plot->axisRect()->rect();
    QVERIFY(m_hand.clicks(plot, area.topLeft() + QPoint(12, 12))); // nothing is there
    QVERIFY(m_hand.keys({"k", "p"}));
    QCOMPARE(state().question().pins.size(), 1U);
    QVERIFY(m_hand.keys({"Left", "Left", "Left", "p"}));
    QCOMPARE(state().question().pins.size(), 2U);
    QVERIFY(!(state().question().pins[0].subnet == state().question().pins[1].subnet));
}

void TestStory::compares()
{
    QVERIFY(m_hand.keys({"c"}));
    auto* dialog = visible<CompareDialog>();
    QVERIFY(dialog);
    QVERIFY(m_hand.keys({"Escape"}));
    QVERIFY(comes([&] { return !visible<CompareDialog>(); }));
}

void TestStory::savesAndOpensAgain()
{
    const auto question = state().question();
    const auto path = m_dir.filePath("mine.paretoscope");
    QVERIFY(m_hand.choosesFile("ctrl+shift+s", path));
    QVERIFY(QFileInfo::exists(path));
    QVERIFY(!m_window->keeper().isModified());
    QVERIFY(m_hand.keys({"ctrl+w"}));
    QVERIFY(comes([&] { return state().phase() == desktop::Phase::Empty; }));
    QVERIFY(m_hand.choosesFile("ctrl+o", path));
    QVERIFY(answered());
    QVERIFY(state().question() == question);
    QCOMPARE(state().question().pins.size(), 2U);
}

void TestStory::exportsFromTheOther()
{
    QVERIFY(m_hand.keys({"ctrl+w"}));
    QVERIFY(comes([&] { return state().phase() == desktop::Phase::Empty; }));
    opensTheSample(QStringLiteral("Fashion-MNIST"));
    QVERIFY(m_hand.keys({"k", "ctrl+e"}));
    QVERIFY(comes([&] { return visible<ExportDialog>(); }));
    for (const auto& [field, text] : {std::pair{"folder", m_dir.path()}, {"name", QStringLiteral("chosen")}}) {
        QVERIFY(m_hand.clicks(visible<QLineEdit>(field)));
        QVERIFY(m_hand.keys({"ctrl+a"}));
        QVERIFY(m_hand.types(text));
    }
    QVERIFY(m_hand.clicks(visible<QPushButton>("export")));
    QVERIFY(comes([&] { return visible<QLabel>("written"); }));
    QVERIFY2(visible<QLabel>("written")->text().contains(m_dir.filePath("chosen")), qPrintable(visible<QLabel>("written")->text()));
    for (const char* file : {"subnet.safetensors", "model-card.md", "provenance.json"})
        QVERIFY2(QFileInfo(m_dir.filePath("chosen/") + file).size() > 0, file);
    QVERIFY(m_hand.keys({"Escape"}));
    QVERIFY(comes([&] { return !visible<ExportDialog>(); }));
}

void TestStory::theWholeStory()
{
    m_window = std::make_unique<MainWindow>(QString());
    m_window->resize(1440, 900);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get(), kPatientMs));
    for (const auto chapter : {&TestStory::opensImageNet, &TestStory::choosesDeviceAndGrid, &TestStory::limitsLatency, &TestStory::brushes, &TestStory::pinsTwo, &TestStory::compares, &TestStory::savesAndOpensAgain, &TestStory::exportsFromTheOther}) {
        (this->*chapter)();
        if (QTest::currentTestFailed()) {
            m_window->grab().save(QStringLiteral("tst_story-failed.png"));
            return;
        }
    }
    for (const auto& issue : m_window->issues().issues())
        QVERIFY2(issue.kind != Issue::Kind::Problem, qPrintable(issue.what));
}

QTEST_MAIN(TestStory)
#include "tst_story.moc"

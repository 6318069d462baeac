// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening, searching, another device, failures: the window offscreen, driven through what the user touches.
#include "support.h"

#include "base/file.h"
#include "mainwindow.h"
#include "views/histogramslider.h"
#include "views/limitspanel.h"
#include "views/startpage.h"
#include "views/subnetcard.h"
#include "views/tradeoffplot.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace paretoscope;
using namespace paretoscope::desktop;

class TestExplorer : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void opensAndSearches();
    void anotherDeviceIsAnotherWorld();
    void anotherGridKeepsTheFront();
    void whatCannotBeOpenedSaysWhy();
    void openingCanBeCancelled();
    void limitsAreTypedAndDragged();
    void infeasibleIsSaidAndRelaxed();
    void filterSaysWhatIsWrong();
    void pinsAndSelection();
    void rectangleBrushesBothAxes();
    void undoGoesThroughTheWindow();
    void themesDraw();
    void sessionsAreSavedAndOpened();
    void whatIsNotSavedIsKept();
    void whatIsRestoredStaysKept();
    void stoppedOnTheWayToAnotherDevice();
    void sessionsThatCannotBeSavedOrOpened();

private:
    static constexpr const char* kBundle = "imagenet-ofa-mbv3-w1.0";
    static bool answered(MainWindow& window)
    {
        return QTest::qWaitFor([&] {
            const auto phase = window.explorer().state().phase();
            return phase == desktop::Phase::Results || phase == desktop::Phase::Infeasible;
        }, 30'000);
    }
    static std::unique_ptr<MainWindow> opened()
    {
        auto window = std::make_unique<MainWindow>(QString());
        window->resize(1280, 720);
        window->show();
        window->open(kBundle);
        return answered(*window) ? std::move(window) : nullptr;
    }
    static QLineEdit* limitEdit(MainWindow& window, Metric metric)
    {
        for (auto* edit : window.findChild<LimitsPanel*>()->findChildren<QLineEdit*>())
            if (edit->accessibleName().endsWith(title(metric)))
                return edit;
        return nullptr;
    }
    static QString title(Metric metric) { return metric == Metric::LatencyMs ? "Latency" : metric == Metric::Top1Percent ? "Top-1" : "Energy"; }
    static void type(QLineEdit* edit, const QString& text)
    {
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
};

void TestExplorer::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true); // settings of nobody
    QLocale::setDefault(QLocale::c());
    applyTheme(*qApp, Theme::Light);
}

void TestExplorer::opensAndSearches()
{
    MainWindow window{QString()};
    window.show();
    auto& state = window.explorer().state();
    QVERIFY(state.phase() == desktop::Phase::Empty);
    QVERIFY(window.findChild<StartPage*>()->isVisible());
    window.open(kBundle);
    QVERIFY(state.phase() == desktop::Phase::Loading);
    QSignalSpy steps(&window.explorer().loader(), &Loader::progressed);
    QVERIFY(answered(window));
    QVERIFY(steps.count() > 5);
    QVERIFY(!window.findChild<StartPage*>()->isVisible());
    QVERIFY(state.answer()->result->proof && state.answer()->front.size() > 300);
    QCOMPARE(QString::fromStdString(state.question().devices.front()), QString("samsung-note10")); // the phone first
    QVERIFY(window.windowTitle().startsWith("ImageNet"));
    QVERIFY(state.current());
    QVERIFY(window.findChild<TradeoffPlot*>()->summary().contains("A front of"));
    window.explorer().close();
    QVERIFY(state.phase() == desktop::Phase::Empty && !state.world());
    QVERIFY(window.findChild<StartPage*>()->isVisible());
}

void TestExplorer::anotherDeviceIsAnotherWorld()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    const auto before = state.answer();
    state.change("Device", "", [](Question& q) { q.devices = {"intel-i7-8700k"}; });
    QVERIFY(state.phase() == desktop::Phase::Stale);
    QVERIFY(state.answer() == before); // the last good view stays
    QVERIFY(answered(*window));
    QVERIFY(state.answer() != before);
    QCOMPARE(QString::fromStdString(state.world()->devices.front().device.id), QString("intel-i7-8700k"));
    state.undoStack().undo();
    QVERIFY(answered(*window));
    QCOMPARE(QString::fromStdString(state.world()->devices.front().device.id), QString("samsung-note10"));
    QVERIFY(state.answer()->result->front == before->result->front);
}

void TestExplorer::anotherGridKeepsTheFront()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    const auto before = state.answer();
    const auto net = *state.current();
    const double world = state.world()->figure(net, {Metric::Co2eGPerMillion, 0})->value;
    state.change("Grid", "", [](Question& q) { q.carbon.grid = "FR"; });
    QVERIFY(answered(*window));
    QVERIFY(state.answer()->result->front == before->result->front);
    QVERIFY(state.world()->figure(net, {Metric::Co2eGPerMillion, 0})->value < 0.3 * world);
}

void TestExplorer::whatCannotBeOpenedSaysWhy()
{
    const QTemporaryDir dir;
    writeFileAtomically(dir.filePath("x.zip").toStdString(), std::string_view("no zip"));
    MainWindow window{QString()};
    window.show();
    QSignalSpy failed(&window.explorer(), &Explorer::loadingFailed);
    window.open(dir.filePath("x.zip"));
    QVERIFY(failed.wait(10'000));
    QVERIFY(window.explorer().state().phase() == desktop::Phase::Empty);
    const auto* page = window.findChild<StartPage*>();
    bool said = false;
    for (const auto* label : page->findChildren<QLabel*>())
        said = said || (label->isVisible() && label->text().contains("x.zip could not be opened"));
    QVERIFY(said);

    // With a bundle open the view stays, and says so.
    const auto other = opened();
    QVERIFY(other);
    QSignalSpy again(&other->explorer(), &Explorer::loadingFailed);
    other->open(dir.filePath("x.zip"));
    QVERIFY(again.wait(10'000));
    QVERIFY(other->explorer().state().phase() == desktop::Phase::Failed);
    QVERIFY(other->explorer().state().answer());
    QVERIFY(!other->findChild<StartPage*>()->isVisible());
}

void TestExplorer::openingCanBeCancelled()
{
    MainWindow window{QString()};
    window.show();
    window.open(kBundle);
    window.explorer().stop();
    QVERIFY(window.explorer().state().phase() == desktop::Phase::Empty);
    QTest::qWait(300);
    QVERIFY(!window.explorer().state().world());
    window.open(kBundle);
    QVERIFY(answered(window));
}

void TestExplorer::limitsAreTypedAndDragged()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    auto* edit = limitEdit(*window, Metric::LatencyMs);
    QVERIFY(edit);
    type(edit, "18ms");
    QVERIFY(state.question().limit(Metric::LatencyMs)->on);
    QCOMPARE(state.question().limit(Metric::LatencyMs)->value, 18.0);
    QVERIFY(answered(*window));
    const auto column = state.answer()->front.column({Metric::LatencyMs, 0});
    QVERIFY(state.answer()->front.at(state.answer()->front.size() - 1, *column) <= 18);
    // What is no number stays as it was typed, and changes nothing.
    type(edit, "fast");
    QCOMPARE(edit->text(), QString("fast"));
    QCOMPARE(edit->property("wrong").toBool(), true);
    QCOMPARE(state.question().limit(Metric::LatencyMs)->value, 18.0);
    // A drag over the slider is one step of undo.
    const int steps = state.undoStack().count();
    HistogramSlider* slider = nullptr;
    for (auto* s : window->findChild<LimitsPanel*>()->findChildren<HistogramSlider*>())
        if (s->accessibleName().contains("Latency"))
            slider = s;
    QVERIFY(slider);
    QTest::mousePress(slider, Qt::LeftButton, {}, {150, 34});
    for (int x = 150; x >= 80; x -= 10)
        QTest::mouseMove(slider, {x, 34});
    QTest::mouseRelease(slider, Qt::LeftButton, {}, {80, 34});
    QCOMPARE(state.undoStack().count(), steps + 1);
    QVERIFY(answered(*window));
}

void TestExplorer::infeasibleIsSaidAndRelaxed()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    state.change("Limits", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 10}, {Metric::Top1Percent, true, 76.5}}; });
    QVERIFY(QTest::qWaitFor([&] { return state.phase() == desktop::Phase::Infeasible; }, 30'000));
    bool said = false;
    for (const auto* label : window->findChildren<QLabel*>())
        said = said || (label->isVisible() && label->text().contains("No subnet satisfies all limits"));
    QVERIFY(said);
    for (auto* button : window->findChild<LimitsPanel*>()->findChildren<QPushButton*>())
        if (button->text() == "Relax to feasible") {
            QVERIFY(button->isEnabled());
            button->click();
        }
    QVERIFY(QTest::qWaitFor([&] { return state.phase() == desktop::Phase::Results; }, 30'000));
    QVERIFY(state.answer()->front.size() >= 1);
}

void TestExplorer::filterSaysWhatIsWrong()
{
    const auto window = opened();
    QVERIFY(window);
    QLineEdit* filter = nullptr;
    for (auto* edit : window->findChildren<QLineEdit*>())
        if (edit->accessibleName() == "Filter")
            filter = edit;
    QVERIFY(filter);
    filter->setText("lat<20 & nonsense");
    QCOMPARE(filter->property("wrong").toBool(), true);
    QVERIFY(filter->toolTip().contains("nonsense"));
    filter->setText("lat<20 & k=7");
    QCOMPARE(filter->property("wrong").toBool(), false);
    QCOMPARE(QString::fromStdString(window->explorer().state().question().filter), QString("lat<20 & k=7"));
}

void TestExplorer::pinsAndSelection()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    auto* plot = window->findChild<TradeoffPlot*>();
    plot->setFocus();
    QTest::keyClick(plot, Qt::Key_Right); // along the front
    QVERIFY(state.selection());
    const auto first = *state.selection();
    QTest::keyClick(plot, Qt::Key_Right);
    QVERIFY(*state.selection() != first);
    auto* pin = window->findChild<SubnetCard*>()->findChild<QPushButton*>();
    pin->click();
    QCOMPARE(state.question().pins.size(), std::size_t(1));
    QCOMPARE(pin->text(), QString("Unpin"));
    pin->click();
    QVERIFY(state.question().pins.empty());
}

void TestExplorer::rectangleBrushesBothAxes()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    const auto& q = state.question();
    auto* plot = window->findChild<TradeoffPlot*>();
    const auto drag = [&](const QPoint& from, const QPoint& to) {
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        QTest::mouseMove(plot, (from + to) / 2);
        QMouseEvent move(QEvent::MouseMove, QPointF(to), plot->mapToGlobal(QPointF(to)), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(plot, &move);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, to);
    };
    const auto area = plot->axisRect()->rect();
    const auto from = area.topLeft() + QPoint(area.width() / 4, area.height() / 5), to = area.topLeft() + QPoint(area.width() / 2, area.height() / 2);
    const auto undoable = state.undoStack().count();
    drag(from, to);
    QCOMPARE(q.brushes.size(), std::size_t(2));
    QCOMPARE(state.undoStack().count(), undoable + 1);
    for (const auto& b : q.brushes) {
        const bool x = b.column == "latency";
        QVERIFY(x || b.column == "top1");
        const double low = x ? plot->xAxis->pixelToCoord(from.x()) : plot->yAxis->pixelToCoord(to.y()), high = x ? plot->xAxis->pixelToCoord(to.x()) : plot->yAxis->pixelToCoord(from.y());
        const double pixel = x ? plot->xAxis->range().size() / area.width() : plot->yAxis->range().size() / area.height();
        QVERIFY(std::abs(b.low - low) <= 1.5 * pixel && std::abs(b.high - high) <= 1.5 * pixel);
    }
    // Another rectangle takes its place; a click is none.
    drag(from + QPoint(20, 20), to);
    QCOMPARE(q.brushes.size(), std::size_t(2));
    state.undoStack().undo();
    state.undoStack().undo();
    QVERIFY(q.brushes.empty());
    QTest::mouseClick(plot, Qt::LeftButton, {}, area.topLeft() + QPoint(5, 5));
    QVERIFY(q.brushes.empty());
    // With Space held it moves instead.
    const auto range = plot->xAxis->range();
    plot->setFocus();
    QTest::keyPress(plot, Qt::Key_Space);
    drag(from, to);
    QTest::keyRelease(plot, Qt::Key_Space);
    QVERIFY(q.brushes.empty());
    QVERIFY(plot->xAxis->range() != range);
    // Enter pins.
    QTest::keyClick(plot, Qt::Key_Right);
    QTest::keyClick(plot, Qt::Key_Return);
    QCOMPARE(q.pins.size(), std::size_t(1));
}

void TestExplorer::undoGoesThroughTheWindow()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    const auto before = state.question();
    type(limitEdit(*window, Metric::LatencyMs), "20");
    QVERIFY(state.question() != before);
    state.undoStack().undo();
    QVERIFY(state.question() == before);
    QCOMPARE(limitEdit(*window, Metric::LatencyMs)->text(), QString("off"));
    QVERIFY(answered(*window));
}

void TestExplorer::themesDraw()
{
    for (const auto theme : {Theme::Light, Theme::Dark}) {
        applyTheme(*qApp, theme);
        const auto window = opened();
        QVERIFY(window);
        QTest::qWait(100); // replots are queued
        const auto image = window->grab().toImage();
        const auto& c = coloursOf(qApp->palette());
        QCOMPARE(c.dark, theme == Theme::Dark);
        int front = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                front += image.pixelColor(x, y).rgb() == c.front.rgb();
        QVERIFY2(front > 200, QByteArray::number(front).constData());
    }
    applyTheme(*qApp, Theme::Light);
}

void TestExplorer::sessionsAreSavedAndOpened()
{
    const QTemporaryDir dir;
    const auto file = dir.filePath("mine.paretoscope");
    Question asked;
    std::vector<Subnet> front;
    {
        MainWindow window(dir.filePath("auto.paretoscope"));
        window.show();
        window.open(kBundle);
        QVERIFY(answered(window));
        auto& state = window.explorer().state();
        QVERIFY(!window.keeper().isModified());
        state.change("All", "", [&](Question& q) {
            q.limits = {{Metric::LatencyMs, true, 25}};
            q.carbon.grid = "FR";
            q.filter = "r>160";
            q.pins = {{state.world()->space().largest(), 'A'}};
        });
        QVERIFY(answered(window));
        QVERIFY(window.keeper().isModified() && window.isWindowModified());
        QVERIFY(!window.keeper().save(file));
        QVERIFY(!window.keeper().isModified() && !window.isWindowModified());
        QVERIFY(window.windowTitle().startsWith("mine"));
        asked = state.question();
        front = state.answer()->front.points.subnets;
        window.close();
        QVERIFY(!QFileInfo::exists(dir.filePath("auto.paretoscope")));
    }
    MainWindow window(dir.filePath("auto.paretoscope"));
    window.show();
    window.open(file);
    QVERIFY(answered(window));
    QVERIFY(window.explorer().state().question() == asked);
    QVERIFY(window.explorer().state().answer()->front.points.subnets == front);
    QVERIFY(!window.keeper().isModified());
    QCOMPARE(window.keeper().path(), file);
}

void TestExplorer::whatIsNotSavedIsKept()
{
    const QTemporaryDir dir;
    const auto kept = dir.filePath("sub/auto.paretoscope");
    Question asked;
    {
        MainWindow window(kept);
        window.show();
        window.open(kBundle);
        QVERIFY(answered(window));
        window.explorer().state().change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 22}}; });
        asked = window.explorer().state().question();
        QVERIFY(QTest::qWaitFor([&] { return QFileInfo::exists(kept); }, 10'000)); // by itself: a crash comes unannounced
    }
    MainWindow window(kept);
    window.show();
    QPushButton* go = nullptr;
    for (auto* b : window.findChild<StartPage*>()->findChildren<QPushButton*>())
        if (b->text() == "Continue where you left off")
            go = b;
    QVERIFY(go && go->isVisible());
    go->click();
    QVERIFY(answered(window));
    QVERIFY(window.explorer().state().question() == asked);
    QVERIFY(window.keeper().path().isEmpty()); // it is no file of the user's
}

// Restored and closed again without another change: it is still nowhere else.
void TestExplorer::whatIsRestoredStaysKept()
{
    const QTemporaryDir dir;
    const auto kept = dir.filePath("auto.paretoscope");
    {
        MainWindow window(kept);
        window.show();
        window.open(kBundle);
        QVERIFY(answered(window));
        window.explorer().state().change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 22}}; });
        window.close();
    }
    for (int i = 0; i < 2; ++i) {
        QVERIFY(QFileInfo::exists(kept));
        MainWindow window(kept);
        window.show();
        window.open(kept);
        QVERIFY(answered(window));
        QVERIFY(window.keeper().isModified());
        window.close();
    }
    // Another bundle that is only looked at takes nothing away.
    MainWindow window(kept);
    window.show();
    window.open(kBundle);
    QVERIFY(answered(window));
    window.close();
    QVERIFY(QFileInfo::exists(kept));
}

void TestExplorer::stoppedOnTheWayToAnotherDevice()
{
    const auto window = opened();
    QVERIFY(window);
    auto& state = window->explorer().state();
    const auto world = state.world();
    state.change("Device", "", [](Question& q) { q.devices = {"intel-i7-8700k"}; });
    window->explorer().stop();
    QVERIFY(state.phase() == desktop::Phase::Stale); // its figures are still those of the phone
    QVERIFY(state.world() == world);
    QTest::qWait(200);
    QVERIFY(state.phase() == desktop::Phase::Stale);
    window->explorer().search();
    QVERIFY(answered(*window));
    QCOMPARE(QString::fromStdString(state.world()->devices.front().device.id), QString("intel-i7-8700k"));
    // A limit that is moved meanwhile is part of the answer.
    state.change("Device", "", [](Question& q) { q.devices = {"samsung-note10"}; });
    state.change("Limit", "", [](Question& q) { q.limits = {{Metric::LatencyMs, true, 20}}; });
    QVERIFY(answered(*window));
    QVERIFY(state.answer()->world == state.world());
    QCOMPARE(QString::fromStdString(state.world()->devices.front().device.id), QString("samsung-note10"));
    QCOMPARE(state.answer()->question.limits.front().value, 20.0);
}

void TestExplorer::sessionsThatCannotBeSavedOrOpened()
{
    const QTemporaryDir dir;
    MainWindow window(dir.filePath("auto.paretoscope"));
    window.show();
    QVERIFY(window.keeper().save(dir.filePath("none.paretoscope")));
    window.open(kBundle);
    QVERIFY(answered(window));
    const auto said = window.keeper().save(dir.filePath("no/such/folder.paretoscope"));
    QVERIFY(said && said->contains("was not saved"));
    QVERIFY(window.keeper().path().isEmpty());

    for (const auto& [text, expected] : {std::pair<std::string, const char*>{"{", "not valid JSON"}, {"{\"kind\": \"paretoscope session\", \"schema\": 9}", "of another version"}, {"{\"front\": []}", "no session of Paretoscope"}}) {
        const auto path = dir.filePath("bad.paretoscope");
        writeFileAtomically(path.toStdString(), std::string_view(text));
        QSignalSpy failed(&window.explorer(), &Explorer::loadingFailed);
        window.open(path);
        QVERIFY(failed.wait(10'000));
        QVERIFY2(failed.first().at(1).toString().contains(expected), qPrintable(failed.first().at(1).toString()));
        QVERIFY(window.explorer().state().answer()); // the last good view stays
    }
}

QTEST_MAIN(TestExplorer)
#include "tst_explorer.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parallel coordinates: the density, brushes, and the view under a mouse that is not there.
#include "support.h"

#include "bundle/shipped.h"
#include "search/search.h"
#include "state/brushes.h"
#include "views/densityraster.h"
#include "views/parallelview.h"
#include "views/theme.h"

#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace paretoscope;
using namespace paretoscope::desktop;

Q_DECLARE_METATYPE(std::optional<paretoscope::Metric>)

class TestParallelView : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();

    void nothingIsTransparent();
    void oneLineIsOneLine();
    void linesCountOnceAColumn();
    void densityIsSymmetric();
    void whatLeavesIsCutOff();
    void orderOfLinesDoesNotMatter();
    void steepLinesHang();
    void densityIsFast();

    void brushesPass();
    void rangesAreTyped_data();
    void rangesAreTyped();

    void aDragMakesABrush();
    void itsEndsResize();
    void insideItMoves();
    void aClickRemoves();
    void aDoubleClickTypes();
    void aClickOnATitleFlips();
    void aDragOfATitleReorders();
    void theMenuHidesAndShows();
    void robustEndsMeanAll();
    void axesAreKept();
    void keysWalk();
    void clicksSelectLines();
    void hiddenItDoesNothing();
    void theDensityIsKept();
    void itShowsSomething_data();
    void itShowsSomething();

private:
    /// A view of a thousand subnets that is up.
    struct Shown {
        explicit Shown(const TestParallelView& test, bool visible = true)
            : view(state)
        {
            state.open(test.m_world, test.m_cloud, test.m_question);
            view.resize(830, 300);
            if (visible) {
                view.show();
                QVERIFY(QTest::qWaitForWindowExposed(&view));
                view.grab();
            }
        }
        QPoint at(const char* column, double value) const { return view.place(column, value)->toPoint(); }
        /// Of the axis, from 0 at its bottom to 1.
        QPoint along(const char* column, double share) const
        {
            const auto [low, high] = ends(column);
            return at(column, low + share * (high - low));
        }
        std::pair<double, double> ends(const char* column) const
        {
            const auto& cloud = *state.cloud();
            const auto source = *NamedColumn::find(cloud, column);
            std::vector<double> values;
            for (std::size_t i = 0; i < cloud.size(); ++i)
                values.push_back(source.at(*state.world(), cloud, i));
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            return {*low, *high};
        }
        QPoint titleOf(const char* column) const { return {at(column, 0).x(), 12}; }
        void move(const QPoint& to)
        {
            QMouseEvent event(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&view, &event);
        }
        void drag(const QPoint& from, const QPoint& to)
        {
            QTest::mousePress(&view, Qt::LeftButton, {}, from);
            for (int i = 1; i <= 5; ++i)
                move(from + (to - from) * i / 5);
            QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
        }
        QMenu* menu(const QPoint& where)
        {
            QContextMenuEvent event(QContextMenuEvent::Mouse, where, view.mapToGlobal(where));
            QCoreApplication::sendEvent(&view, &event);
            return view.findChild<QMenu*>();
        }
        static void choose(QMenu* menu, const char* text)
        {
            for (auto* action : menu->actions())
                if (action->text() == QString::fromUtf8(text)) {
                    QVERIFY(action->isEnabled());
                    action->trigger();
                    menu->close();
                    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
                    return;
                }
            QFAIL("no such action");
        }
        std::vector<std::string> order() const
        {
            std::vector<std::string> names;
            for (const auto& a : view.axes().axes)
                names.push_back(a.column);
            return names;
        }
        const std::vector<Brush>& brushes() const { return state.question().brushes; }
        int steps() { return state.undoStack().count(); }

        ExplorerState state;
        ParallelView view;
    };

    static std::uint64_t sum(const std::vector<std::uint32_t>& values, int column, int height)
    {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(column) * height;
        return std::accumulate(begin, begin + height, std::uint64_t{0});
    }
    static Polylines scattered(std::size_t lines, std::vector<double> x, int height)
    {
        Random random(7);
        Polylines set{std::move(x), {}, {}};
        for (std::size_t i = 0; i < set.x.size() * lines; ++i)
            set.y.push_back(0.5f + static_cast<float>(random.uniform() * (height - 1)));
        for (std::size_t i = 0; i < lines; ++i)
            set.passing.push_back(i % 3 != 0);
        return set;
    }
    std::shared_ptr<const Answer> answer() const
    {
        auto a = std::make_shared<Answer>();
        a->world = m_world;
        a->result = std::make_shared<SearchResult>();
        a->front = tabulate(*m_world, std::vector<Subnet>{m_cloud->points.subnets[3], m_cloud->points.subnets[5]});
        a->halfWidthPercent = {0, 0};
        a->suggested = 1;
        return a;
    }

    std::shared_ptr<const World> m_world;
    std::shared_ptr<const Table> m_cloud;
    Question m_question;
};

void TestParallelView::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    applyTheme(*qApp, Theme::Light);
    auto bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(bundle, {*bundle->device("samsung-note10")}, {});
    m_cloud = std::make_shared<const Table>(tabulate(*m_world, cloudOf(*m_world, 1000, 1)));
    m_question.devices = {"samsung-note10"};
}

void TestParallelView::nothingIsTransparent()
{
    const auto density = accumulate({}, 20, 10);
    const auto image = toned(density, QColor(0, 0, 255, 200), QColor(99, 99, 99, 80));
    QCOMPARE(image.size(), QSize(20, 10));
    for (int x = 0; x < 20; ++x)
        for (int y = 0; y < 10; ++y)
            QCOMPARE(image.pixel(x, y), 0u);
    QVERIFY(toned(accumulate({{0, 5}, {1, 1}, {1}}, 0, 10), Qt::blue, Qt::gray).isNull());
    QVERIFY(accumulate({{3}, {1, 2}, {1, 1}}, 20, 10) == density); // one axis has no between
}

void TestParallelView::oneLineIsOneLine()
{
    const auto density = accumulate({{2, 18}, {4.5f, 4.5f}, {1}}, 20, 10);
    const auto image = toned(density, QColor(0, 0, 255, 200), QColor(99, 99, 99, 80));
    for (int x = 0; x < 20; ++x)
        for (int y = 0; y < 10; ++y)
            QCOMPARE(qAlpha(image.pixel(x, y)), x >= 2 && x < 18 && y == 4 ? 200 : 0);
    const auto grey = toned(accumulate({{2, 18}, {5, 5}, {0}}, 20, 10), QColor(0, 0, 255, 200), QColor(99, 99, 99, 80)); // between rows
    QCOMPARE(qAlpha(grey.pixel(9, 4)), qAlpha(grey.pixel(9, 5)));
    QVERIFY(qAlpha(grey.pixel(9, 4)) > 40 && qAlpha(grey.pixel(9, 4)) < 80 && qAlpha(grey.pixel(9, 3)) == 0);
}

void TestParallelView::linesCountOnceAColumn()
{
    const auto lines = scattered(900, {1.3, 40, 47.5, 99.9}, 60); // flat and steep
    const auto density = accumulate(lines, 100, 60);
    for (int x = 0; x < 100; ++x) {
        const bool between = x >= 1 && x < 99 + 1 && x + 0.5 >= 1.3 && x + 0.5 <= 99.9;
        QCOMPARE(sum(density.passing, x, 60), between ? std::uint64_t{600} * Density::kLine : 0);
        QCOMPARE(sum(density.others, x, 60), between ? std::uint64_t{300} * Density::kLine : 0);
    }
}

void TestParallelView::densityIsSymmetric()
{
    auto lines = scattered(50, {0, 64}, 40);
    const auto density = accumulate(lines, 64, 40);
    for (auto& y : lines.y)
        y = 40 - y;
    const auto flipped = accumulate(lines, 64, 40);
    for (int x = 0; x < 64; ++x)
        for (int y = 0; y < 40; ++y) {
            const auto a = static_cast<std::int64_t>(density.passing[static_cast<std::size_t>(x * 40 + y)]), b = static_cast<std::int64_t>(flipped.passing[static_cast<std::size_t>(x * 40 + 39 - y)]);
            QVERIFY2(std::abs(a - b) <= 5 * 50, QByteArray::number(static_cast<qlonglong>(a - b)).constData()); // rounding of a position is 4 of 1024
        }
}

void TestParallelView::whatLeavesIsCutOff()
{
    const float none = std::numeric_limits<float>::quiet_NaN(), far = std::numeric_limits<float>::infinity();
    const auto density = accumulate({{0, 20}, {-50, none, far, 5, 1e30f, /**/ 60, 5, 5, none, -1e30f}, {1, 1, 1, 1, 1}}, 20, 10);
    QCOMPARE(sum(density.passing, 0, 10), std::uint64_t{0});
    QVERIFY(sum(density.passing, 9, 10) <= 2 * Density::kLine && sum(density.passing, 9, 10) > 0); // what crosses is there
}

void TestParallelView::orderOfLinesDoesNotMatter()
{
    auto lines = scattered(777, {0, 33, 64}, 40);
    const auto density = accumulate(lines, 64, 40);
    QVERIFY(accumulate(lines, 64, 40) == density);
    for (std::size_t axis = 0; axis < 3; ++axis)
        std::reverse(lines.y.begin() + static_cast<std::ptrdiff_t>(axis * 777), lines.y.begin() + static_cast<std::ptrdiff_t>((axis + 1) * 777));
    std::reverse(lines.passing.begin(), lines.passing.end());
    QVERIFY(accumulate(lines, 64, 40) == density);
}

void TestParallelView::steepLinesHang()
{
    const auto density = accumulate({{0, 20}, {1, 79}, {1}}, 20, 80); // four rows a column
    for (int x = 0; x < 20; ++x) {
        const auto* column = density.passing.data() + x * 80;
        const auto count = std::count_if(column, column + 80, [](auto v) { return v > 0; });
        QVERIFY2(count >= 4, QByteArray::number(static_cast<qlonglong>(count)).constData());
    }
}

void TestParallelView::densityIsFast()
{
    const auto lines = scattered(10'000, {0, 166, 333, 500, 666, 833, 1000}, 250);
    double best = 1e9, bestToned = 1e9;
    for (int i = 0; i < 7; ++i) {
        QElapsedTimer timer;
        timer.start();
        const auto density = accumulate(lines, 1000, 250);
        best = std::min(best, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
        timer.start();
        const auto image = toned(density, QColor(0, 114, 178, 175), QColor(153, 153, 153, 85));
        bestToned = std::min(bestToned, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
        QVERIFY(!image.isNull());
    }
    qInfo("10 000 lines, 7 axes, 1000 x 250: %.1f ms to add up, %.1f ms to colour", best, bestToned);
    QVERIFY(best + bestToned < 300); // a painter needs 500 ms; a debug build with sanitizers is slow
}

void TestParallelView::brushesPass()
{
    const std::vector<Subnet> ends{m_world->space().largest(), m_world->space().smallest()};
    const auto table = tabulate(*m_world, ends);
    const auto latency = [&](std::size_t row) { return table.at(row, *table.column({Metric::LatencyMs, 0})); };
    const auto passes = [&](const std::vector<Brush>& brushes) { return std::pair(passesBrushes(*m_world, table, 0, brushes), passesBrushes(*m_world, table, 1, brushes)); };
    QCOMPARE(passes({}), std::pair(true, true));
    QCOMPARE(passes({{"latency", 0, latency(1)}}), std::pair(false, true)); // the ends belong to it
    QCOMPARE(passes({{"latency", latency(1), latency(0)}}), std::pair(true, true));
    QCOMPARE(passes({{"latency", std::nextafter(latency(1), 1e9), 1e9}}), std::pair(true, false));
    QCOMPARE(passes({{"r", 200, 224}}), std::pair(true, false));
    QCOMPARE(passes({{"depth", 20, 20}}), std::pair(true, false));
    QCOMPARE(passes({{"depth", 10, 19}}), std::pair(false, true));
    QCOMPARE(passes({{"depth", 0, 100}, {"r", 0, 100}}), std::pair(false, false));
    QCOMPARE(passes({{"colour", 1, 2}}), std::pair(true, true)); // as limits on what is not known
    QVERIFY(!NamedColumn::find(table, "colour") && !metricOfColumn("r") && metricOfColumn("co2e") == Metric::Co2eGPerMillion);
}

void TestParallelView::rangesAreTyped_data()
{
    using M = std::optional<Metric>;
    QTest::addColumn<M>("metric");
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("low"); // NaN: refused
    QTest::addColumn<double>("high");
    const double none = std::numeric_limits<double>::quiet_NaN();
    QTest::newRow("two") << M(Metric::LatencyMs) << "18 20" << 18.0 << 20.0;
    QTest::newRow("the other way") << M(Metric::LatencyMs) << " 20  18 " << 18.0 << 20.0;
    QTest::newRow("units") << M(Metric::LatencyMs) << "18 ms 0.02s" << 18.0 << 20.0;
    QTest::newRow("unit at the end") << M(Metric::LatencyMs) << "0.018 0.02 s" << 18.0 << 20.0;
    QTest::newRow("dash") << M(Metric::LatencyMs) << QString::fromUtf8("18–20 ms") << 18.0 << 20.0;
    QTest::newRow("commas") << M(Metric::LatencyMs) << "18,5 20,5" << 18.5 << 20.5;
    QTest::newRow("shown unit") << M(Metric::EnergyJ) << "50 60" << 0.05 << 0.06;
    QTest::newRow("millions") << M(Metric::Params) << "5M - 6M" << 5e6 << 6e6;
    QTest::newRow("at most") << M(Metric::LatencyMs) << "<20" << 1.0 << 20.0;
    QTest::newRow("at least") << M(Metric::LatencyMs) << QString::fromUtf8("≥ 18 ms") << 18.0 << 99.0;
    QTest::newRow("pixels") << M() << "160 192 px" << 160.0 << 192.0;
    QTest::newRow("one") << M(Metric::LatencyMs) << "18" << none << none;
    QTest::newRow("three") << M(Metric::LatencyMs) << "18 19 20" << none << none;
    QTest::newRow("word") << M(Metric::LatencyMs) << "from 18 20" << none << none;
    QTest::newRow("wrong unit") << M(Metric::LatencyMs) << "18 J 20 J" << none << none;
    QTest::newRow("no unit") << M() << "1 ms 2 ms" << none << none;
    QTest::newRow("beyond") << M(Metric::LatencyMs) << "<0.5" << none << none;
    QTest::newRow("empty") << M(Metric::LatencyMs) << "" << none << none;
}

void TestParallelView::rangesAreTyped()
{
    QFETCH(std::optional<Metric>, metric);
    QFETCH(QString, text);
    QFETCH(double, low);
    QFETCH(double, high);
    const auto range = typedRange(metric, text, {1, 99});
    QCOMPARE(range.has_value(), !std::isnan(low));
    if (range)
        QVERIFY2(std::abs(range->first - low) <= 1e-9 * low && std::abs(range->second - high) <= 1e-9 * high, QByteArray::number(range->first).constData());
}

void TestParallelView::aDragMakesABrush()
{
    Shown s(*this);
    const auto [low, high] = s.ends("latency");
    s.drag(s.along("latency", 0.25), s.along("latency", 0.5));
    QCOMPARE(s.brushes().size(), std::size_t(1));
    QCOMPARE(s.brushes()[0].column, std::string("latency"));
    const double pixel = (high - low) / (s.at("latency", low).y() - s.at("latency", high).y());
    QVERIFY(std::abs(s.brushes()[0].low - (low + 0.25 * (high - low))) <= pixel);
    QVERIFY(std::abs(s.brushes()[0].high - (low + 0.5 * (high - low))) <= pixel);
    QCOMPARE(s.steps(), 1);
    // Beyond the end all is meant, exactly.
    s.drag(s.along("energy", 0.5), s.along("energy", 0) + QPoint(0, 40));
    QCOMPARE(s.brushes().size(), std::size_t(2));
    QCOMPARE(s.brushes()[1].low, s.ends("energy").first);
    QCOMPARE(s.steps(), 2);
    // Another one on the same axis takes its place.
    s.drag(s.along("latency", 0.8), s.along("latency", 0.9));
    QCOMPARE(s.brushes().size(), std::size_t(2));
    QVERIFY(s.brushes()[0].low > low + 0.7 * (high - low));
    QCOMPARE(s.steps(), 3);
    s.state.undoStack().undo();
    s.state.undoStack().undo();
    s.state.undoStack().undo();
    QVERIFY(s.brushes().empty());
    // A press that trembles is no drag, and outside of the axes there is none.
    s.drag(s.along("latency", 0.5), s.along("latency", 0.5) + QPoint(0, 2));
    s.drag(s.along("latency", 0.5) + QPoint(30, 0), s.along("latency", 0.2) + QPoint(30, 0));
    QVERIFY(s.brushes().empty());
}

void TestParallelView::itsEndsResize()
{
    Shown s(*this);
    s.drag(s.along("latency", 0.3), s.along("latency", 0.6));
    const auto before = s.brushes()[0];
    // Grabbed 8 pixels off: the end goes as far as the pointer does.
    s.drag(s.at("latency", before.high) + QPoint(5, -8), s.along("latency", 0.8) + QPoint(5, -8));
    auto [low, high] = s.ends("latency");
    QCOMPARE(s.brushes()[0].low, before.low);
    QVERIFY(std::abs(s.brushes()[0].high - (low + 0.8 * (high - low))) < 0.02 * (high - low));
    QCOMPARE(s.steps(), 2);
    const auto grown = s.brushes()[0];
    s.drag(s.at("latency", before.low), s.along("latency", 0.1));
    QCOMPARE(s.brushes()[0].high, grown.high);
    QVERIFY(s.brushes()[0].low < before.low);
    QCOMPARE(s.steps(), 3);
    // Over the other end: the two change their names.
    s.drag(s.at("latency", s.brushes()[0].low), s.along("latency", 0.95));
    QCOMPARE(s.brushes()[0].low, grown.high);
    s.state.undoStack().undo();
    s.state.undoStack().undo();
    QVERIFY(s.brushes()[0] == grown);
}

void TestParallelView::insideItMoves()
{
    Shown s(*this);
    s.drag(s.along("params", 0.3), s.along("params", 0.6));
    const auto before = s.brushes()[0];
    s.drag(s.along("params", 0.45), s.along("params", 0.65));
    const auto after = s.brushes()[0];
    QVERIFY(after.low > before.low);
    QVERIFY(std::abs((after.high - after.low) - (before.high - before.low)) < 1e-6 * before.high);
    QCOMPARE(s.steps(), 2);
    s.drag(s.at("params", (after.low + after.high) / 2), s.along("params", 1) - QPoint(0, 30)); // stops at the end
    QVERIFY(std::abs(s.brushes()[0].high - s.ends("params").second) < 1e-6 * before.high);
    QVERIFY(std::abs((s.brushes()[0].high - s.brushes()[0].low) - (before.high - before.low)) < 1e-6 * before.high);
    s.state.undoStack().undo();
    QVERIFY(s.brushes()[0] == after);
}

void TestParallelView::aClickRemoves()
{
    Shown s(*this);
    s.drag(s.along("latency", 0.3), s.along("latency", 0.6));
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.along("latency", 0.8)); // beside it
    QTest::qWait(QApplication::doubleClickInterval() + 50);
    QCOMPARE(s.brushes().size(), std::size_t(1));
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.along("latency", 0.45));
    QTRY_VERIFY(s.brushes().empty());
    QCOMPARE(s.steps(), 2);
    s.state.undoStack().undo();
    QCOMPARE(s.brushes().size(), std::size_t(1));
    // Another press does not wait for what the first one could have become.
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.along("latency", 0.45));
    s.drag(s.along("energy", 0.2), s.along("energy", 0.4));
    QCOMPARE(s.brushes().size(), std::size_t(1));
    QCOMPARE(s.brushes()[0].column, std::string("energy"));
}

void TestParallelView::aDoubleClickTypes()
{
    Shown s(*this);
    auto* editor = s.view.findChild<QLineEdit*>();
    QVERIFY(editor && !editor->isVisible());
    const auto type = [&](const QString& text) {
        QTest::mouseDClick(&s.view, Qt::LeftButton, {}, s.along("latency", 0.5));
        QVERIFY(editor->isVisible());
        editor->selectAll();
        QTest::keyClicks(editor, text);
        QTest::keyClick(editor, Qt::Key_Return);
    };
    type("20 30 ms");
    QVERIFY(!editor->isVisible());
    QVERIFY((s.brushes() == std::vector<Brush>{{"latency", 20, 30}}));
    QCOMPARE(s.steps(), 1);
    type("fast");
    QVERIFY(editor->isVisible() && editor->property("wrong").toBool());
    QCOMPARE(s.steps(), 1);
    QTest::keyClick(editor, Qt::Key_Escape);
    QVERIFY(!editor->isVisible());
    // The first click of two does not remove what is to be edited.
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.at("latency", 25));
    QTest::mouseDClick(&s.view, Qt::LeftButton, {}, s.at("latency", 25));
    QTest::qWait(QApplication::doubleClickInterval() + 50);
    QVERIFY(editor->isVisible());
    QCOMPARE(editor->text(), QString("20 30"));
    QTest::keyClick(editor, Qt::Key_Return); // as it was: no step
    QCOMPARE(s.steps(), 1);
    type(">25");
    QCOMPARE(s.brushes()[0].low, 25.0);
    QCOMPARE(s.brushes()[0].high, s.ends("latency").second);
    type(" ");
    QVERIFY(s.brushes().empty());
    QCOMPARE(s.steps(), 3);
}

void TestParallelView::aClickOnATitleFlips()
{
    Shown s(*this);
    QSignalSpy spy(&s.view, &ParallelView::axesChanged);
    const auto [low, high] = s.ends("top1");
    QVERIFY(s.at("top1", low).y() > s.at("top1", high).y());
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.titleOf("top1"));
    QVERIFY(s.at("top1", low).y() < s.at("top1", high).y());
    QCOMPARE(spy.count(), 1);
    QCOMPARE(s.steps(), 0); // how it is looked at is not the question
    s.drag(s.at("top1", low), s.at("top1", (low + high) / 2));
    QCOMPARE(s.brushes()[0].low, low);
    QVERIFY(s.brushes()[0].high > low);
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.titleOf("top1"));
    QVERIFY(s.at("top1", low).y() > s.at("top1", high).y());
}

void TestParallelView::aDragOfATitleReorders()
{
    Shown s(*this);
    const auto before = s.order();
    QCOMPARE(before.front(), std::string("latency"));
    QCOMPARE(before.back(), std::string("depth"));
    s.drag(s.titleOf("latency"), s.titleOf("energy"));
    auto wanted = before;
    std::rotate(wanted.begin(), wanted.begin() + 1, wanted.begin() + 3);
    QVERIFY(s.order() == wanted);
    s.drag(s.titleOf("latency"), s.titleOf("top1"));
    QVERIFY(s.order() == before);
    QVERIFY(std::none_of(s.view.axes().axes.begin(), s.view.axes().axes.end(), [](const ParallelAxis& a) { return a.flipped; }));
    QCOMPARE(s.steps(), 0);
}

void TestParallelView::theMenuHidesAndShows()
{
    Shown s(*this);
    const auto before = s.view.axes();
    s.drag(s.along("energy", 0.3), s.along("energy", 0.6));
    Shown::choose(s.menu(s.titleOf("energy")), "Hide");
    QVERIFY(!s.view.place("energy", 0));
    QVERIFY(s.brushes().empty()); // nothing narrows that cannot be seen
    s.state.undoStack().undo();
    QVERIFY(s.view.place("energy", 0));
    s.state.undoStack().redo();
    QVERIFY(!s.view.place("energy", 0));
    Shown::choose(s.menu({s.at("latency", 0).x() + 40, 150}), "Show all");
    QVERIFY(s.view.place("energy", 0) && s.view.axes() == before);
    Shown::choose(s.menu(s.along("latency", 0.5)), "Logarithmic");
    QVERIFY(s.view.axes().axes[0].logarithmic);
    const auto [low, high] = s.ends("latency");
    const double middle = (s.view.place("latency", low)->y() + s.view.place("latency", high)->y()) / 2;
    QVERIFY(std::abs(s.view.place("latency", std::sqrt(low * high))->y() - middle) < 1e-6);
    s.drag(s.at("latency", std::sqrt(low * high)), s.at("latency", high) - QPoint(0, 20));
    QVERIFY(std::abs(s.brushes()[0].low / std::sqrt(low * high) - 1) < 0.02);
    Shown::choose(s.menu(s.along("latency", 0.2)), "Remove brush");
    QVERIFY(s.brushes().empty());
}

void TestParallelView::robustEndsMeanAll()
{
    Shown s(*this);
    const auto [low, high] = s.ends("params");
    const auto top = s.at("params", high).y(), bottom = s.at("params", low).y();
    Shown::choose(s.menu(s.titleOf("params")), "Robust range (1 % to 99 %)");
    QVERIFY(s.view.place("params", high)->y() < top); // beyond the axis
    s.drag({s.titleOf("params").x(), (top + bottom) / 2}, {s.titleOf("params").x(), top - 20});
    QCOMPARE(s.brushes()[0].high, high);
    s.view.grab();
}

void TestParallelView::axesAreKept()
{
    Shown s(*this);
    const auto all = s.view.axes().axes.size();
    s.view.setAxes({{{.column = "depth"}, {.column = "of another bundle"}, {.column = "top1", .flipped = true, .logarithmic = true}}});
    QCOMPARE(s.view.axes().axes.size(), all + 1);
    QCOMPARE(s.order()[1], std::string("of another bundle"));
    QCOMPARE(s.order()[2], std::string("top1"));
    QCOMPARE(s.order()[3], std::string("latency"));
    QVERIFY(s.view.place("depth", 10)->x() < s.view.place("top1", 70)->x());
    QVERIFY(!s.view.place("of another bundle", 0));
    const auto kept = s.view.axes();
    s.state.open(m_world, m_cloud, m_question);
    QVERIFY(s.view.axes() == kept);
    Shown other(*this, false);
    other.view.setAxes(kept); // before it is shown
    other.view.show();
    QVERIFY(other.view.axes() == kept);
}

void TestParallelView::keysWalk()
{
    Shown s(*this);
    s.view.activateWindow();
    s.view.setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(s.view.hasFocus());
    QCOMPARE(s.view.accessibleName(), QString("Parallel coordinates"));
    QVERIFY2(s.view.accessibleDescription().startsWith("Axis 1 of 10: Latency from "), s.view.accessibleDescription().toUtf8().constData());
    QVERIFY(s.view.accessibleDescription().contains("1000 of 1000 sampled subnets pass"));
    QTest::keyClick(&s.view, Qt::Key_Right);
    QTest::keyClick(&s.view, Qt::Key_Tab);
    QVERIFY(s.view.accessibleDescription().startsWith("Axis 3 of 10: Energy from "));
    s.drag(s.along("energy", 0.3), s.along("energy", 0.6));
    QVERIFY(s.view.accessibleDescription().contains(", brushed from "));
    QVERIFY(!s.view.accessibleDescription().contains("1000 of 1000"));
    QTest::keyClick(&s.view, Qt::Key_Delete);
    QVERIFY(s.brushes().empty());
    QCOMPARE(s.steps(), 2);
    QTest::keyClick(&s.view, Qt::Key_Delete); // nothing there: no step
    QCOMPARE(s.steps(), 2);
    QTest::keyClick(&s.view, Qt::Key_Backtab);
    QVERIFY(s.view.accessibleDescription().startsWith("Axis 2 of 10: Top-1 from "));
    QTest::keyClick(&s.view, Qt::Key_Space);
    QVERIFY(s.view.axes().axes[1].flipped);
    QTest::keyClick(&s.view, Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(s.order()[0], std::string("top1"));
    QTest::keyClick(&s.view, Qt::Key_Return);
    QVERIFY(s.view.findChild<QLineEdit*>()->isVisible());
}

void TestParallelView::clicksSelectLines()
{
    Shown s(*this);
    s.state.setAnswer(answer());
    s.state.change("Pin", "", [&](Question& q) { q.pins = {{m_cloud->points.subnets[3], 'A'}}; });
    QSignalSpy spy(&s.view, &ParallelView::hovered);
    const auto on = [&](std::size_t row) { // between two axes
        const auto& front = s.state.answer()->front;
        const auto a = *s.view.place("latency", front.at(row, *front.column({Metric::LatencyMs, 0}))), b = *s.view.place("top1", front.at(row, *front.column({Metric::Top1Percent, 0})));
        return ((a + b) / 2).toPoint();
    };
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, on(0));
    QVERIFY(s.state.selection() == m_cloud->points.subnets[3]);
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, on(1));
    QVERIFY(s.state.selection() == m_cloud->points.subnets[5]);
    QMouseEvent over(QEvent::MouseMove, on(0), s.view.mapToGlobal(on(0)), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&s.view, &over);
    QVERIFY(spy.last().first().value<std::optional<Subnet>>() == m_cloud->points.subnets[3]);
    QCOMPARE(s.steps(), 1);
}

void TestParallelView::hiddenItDoesNothing()
{
    Shown s(*this, false);
    s.state.setAnswer(answer());
    s.state.change("Limit", "", [](Question& q) { q.limit(Metric::LatencyMs) = {Metric::LatencyMs, true, 30}; });
    QCoreApplication::processEvents();
    QCOMPARE(s.view.rastersMade(), 0);
    QVERIFY(s.view.axes().axes.empty() && s.view.summary() == "Nothing is open.");
    s.view.show(); // catches up
    QVERIFY(QTest::qWaitForWindowExposed(&s.view));
    QTRY_COMPARE(s.view.rastersMade(), 1);
    QCOMPARE(s.view.axes().axes.size(), std::size_t(10));
    QVERIFY(s.view.summary().contains("limited to at most 30.0 ms"));
    s.view.hide();
    s.state.change("Limit", "", [](Question& q) { q.limits[0].value = 40; });
    QCoreApplication::processEvents();
    QCOMPARE(s.view.rastersMade(), 1);
    QVERIFY(s.view.summary().contains("limited to at most 40.0 ms")); // words are made when they are asked for
    s.view.show();
    QTRY_COMPARE(s.view.rastersMade(), 2);
    s.state.close();
    s.view.grab();
    QVERIFY(s.view.summary() == "Nothing is open.");
}

void TestParallelView::theDensityIsKept()
{
    Shown s(*this);
    const int before = s.view.rastersMade();
    s.view.grab();
    s.state.select(m_cloud->points.subnets[7]);
    s.state.change("Pin", "", [&](Question& q) { q.pins = {{m_cloud->points.subnets[3], 'A'}}; });
    s.state.setAnswer(answer());
    s.view.grab();
    QCOMPARE(s.view.rastersMade(), before);
    QVERIFY(!s.view.busy());
    const auto all = s.view.grab().toImage();
    s.state.change("Grid", "", [](Question& q) { q.filter = "lat<30"; });
    s.view.grab();
    QCOMPARE(s.view.rastersMade(), before + 1);
    QVERIFY(s.view.busy()); // made aside; the old one stays meanwhile
    QTRY_VERIFY(!s.view.busy());
    QVERIFY(s.view.grab().toImage() != all);
    // Where axes move, an old picture would be wrong: nothing of it comes late.
    s.state.change("Grid", "", [](Question& q) { q.filter = "lat<25"; });
    s.view.grab();
    s.view.resize(s.view.width() + 1, s.view.height());
    s.view.grab();
    QVERIFY(!s.view.busy());
    const auto moved = s.view.grab().toImage();
    QTest::qWait(100);
    QVERIFY(s.view.grab().toImage() == moved);
    s.view.resize(s.view.width() - 1, s.view.height());
    s.view.grab();
    QCOMPARE(s.view.rastersMade(), before + 4);
    s.drag(s.titleOf("latency"), s.titleOf("top1"));
    s.view.grab();
    QCOMPARE(s.view.rastersMade(), before + 5);
    s.view.resize(700, 300);
    s.view.grab();
    QCOMPARE(s.view.rastersMade(), before + 6);
    applyTheme(*qApp, Theme::Dark);
    s.view.grab();
    QCOMPARE(s.view.rastersMade(), before + 7);
    applyTheme(*qApp, Theme::Light);
}

void TestParallelView::itShowsSomething_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestParallelView::itShowsSomething()
{
    QFETCH(bool, dark);
    applyTheme(*qApp, dark ? Theme::Dark : Theme::Light);
    Shown s(*this);
    s.state.setAnswer(answer());
    s.state.select(m_cloud->points.subnets[900]);
    s.state.change("", "", [&](Question& q) {
        q.pins = {{m_cloud->points.subnets[700], 'A'}, {m_cloud->points.subnets[3], 'B'}};
        q.limits = {{Metric::LatencyMs, true, 35}, {Metric::Top1Percent, true, 73}};
        q.brushes = {{"energy", 0.05, 0.09}};
    });
    QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.titleOf("macs"));
    const auto image = s.view.grab().toImage();
    if (const auto folder = qEnvironmentVariable("PARETOSCOPE_PICTURES"); !folder.isEmpty())
        image.save(folder + QStringLiteral("/parallel-%1.png").arg(dark ? QStringLiteral("dark") : QStringLiteral("light")));
    const auto& c = coloursOf(s.view.palette());
    QCOMPARE(c.dark, dark);
    const auto near = [](const QColor& a, const QColor& b) { return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()) < 30; };
    int card = 0, pin = 0, suggestion = 0, other = 0;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y) {
            const auto colour = image.pixelColor(x, y);
            near(colour, c.card) ? ++card : near(colour, c.pin) ? ++pin : near(colour, c.suggestion) ? ++suggestion : ++other;
        }
    QVERIFY2(card > 50'000 && pin > 1000 && suggestion > 500 && other > 20'000, qPrintable(QStringLiteral("%1 %2 %3 %4").arg(card).arg(pin).arg(suggestion).arg(other)));
    // The tone of the cloud is where lines pass, and only between the axes.
    QVERIFY(near(image.pixelColor(3, 150), c.card) && near(image.pixelColor(image.width() - 3, 290), c.card));
    applyTheme(*qApp, Theme::Light);
}

QTEST_MAIN(TestParallelView)
#include "tst_parallelview.moc"

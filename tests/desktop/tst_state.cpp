// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions, undo, filters, texts of metrics, sessions: the window without a window.
#include "support.h"

#include "bundle/shipped.h"
#include "space/spacejson.h"
#include "state/compare.h"
#include "state/emissions.h"
#include "state/explorerstate.h"
#include "state/filter.h"
#include "state/metrictext.h"
#include "state/session.h"

#include <fmt/format.h>

#include <QSignalSpy>
#include <QTest>

using namespace paretoscope;
using namespace paretoscope::desktop;
using testing::compareText;
using testing::messageOf;

Q_DECLARE_METATYPE(paretoscope::Metric)

class TestState : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aDragIsOneStep();
    void aDragThatComesBackIsNone();
    void undoAndRedo();
    void numbersAreRead_data();
    void numbersAreRead();
    void numbersAreShown();
    void filtersPass_data();
    void filtersPass();
    void filtersSayWhatIsWrong_data();
    void filtersSayWhatIsWrong();
    void sessionsRoundTrip();
    void sessionsSayWhatIsWrong();
    void tableAgreesWithFigures();
    void pinsHaveLetters();
    void subnetsAreCompared();
    void emissionsOverALife();

private:
    std::shared_ptr<const World> m_world;
};

void TestState::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    auto bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(bundle, {*bundle->device("samsung-note10"), *bundle->device("intel-i7-8700k")}, {});
}

void TestState::aDragIsOneStep()
{
    ExplorerState state;
    QSignalSpy spy(&state, &ExplorerState::changed);
    for (const double v : {30.0, 25.0, 20.0})
        state.change("Limit", "latency", [&](Question& q) { q.limit(Metric::LatencyMs) = {Metric::LatencyMs, true, v}; });
    QCOMPARE(spy.count(), 3);
    QCOMPARE(state.undoStack().count(), 1);
    state.change("Limit", "energy", [&](Question& q) { q.limit(Metric::EnergyJ) = {Metric::EnergyJ, true, 1}; });
    state.endMerge();
    state.change("Limit", "energy", [&](Question& q) { q.limit(Metric::EnergyJ).value = 2; });
    QCOMPARE(state.undoStack().count(), 3);
    state.undoStack().undo();
    state.undoStack().undo();
    QCOMPARE(state.question().limits.size(), std::size_t(1));
    QCOMPARE(state.question().limits[0].value, 20.0);
    state.undoStack().undo();
    QVERIFY(state.question() == Question());
    // After an undo a drag is another step.
    state.undoStack().redo();
    state.change("Limit", "latency", [&](Question& q) { q.limit(Metric::LatencyMs).value = 10; });
    QCOMPARE(state.undoStack().count(), 2);
    state.undoStack().undo();
    QCOMPARE(state.question().limits[0].value, 20.0);
}

void TestState::aDragThatComesBackIsNone()
{
    ExplorerState state;
    state.change("PUE", "pue", [](Question& q) { q.carbon.pue = 1.2; });
    state.endMerge();
    for (const double v : {1.3, 1.4, 1.2})
        state.change("PUE", "pue", [&](Question& q) { q.carbon.pue = v; });
    QCOMPARE(state.undoStack().count(), 1);
    QCOMPARE(state.question().carbon.pue, 1.2);
    state.change("PUE", "", [](Question&) {});
    QCOMPARE(state.undoStack().count(), 1);
}

void TestState::undoAndRedo()
{
    ExplorerState state;
    state.change("Pin", "", [&](Question& q) { q.pins.push_back({m_world->space().largest(), *q.freeLetter()}); });
    state.change("Grid", "", [](Question& q) { q.carbon.grid = "FR"; });
    compareText(state.undoStack().undoText().toStdString(), "Grid");
    const auto both = state.question();
    state.undoStack().undo();
    compareText(state.question().carbon.grid, "World");
    state.undoStack().redo();
    QVERIFY(state.question() == both);
    state.select(m_world->space().smallest()); // what is selected is not meaning
    QCOMPARE(state.undoStack().count(), 2);
    state.open(m_world, nullptr, {});
    QCOMPARE(state.undoStack().count(), 0);
    QVERIFY(!state.selection() && state.phase() == Phase::Ready);
}

void TestState::numbersAreRead_data()
{
    QTest::addColumn<Metric>("metric");
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value"); // NaN: refused
    const double none = std::numeric_limits<double>::quiet_NaN();
    QTest::newRow("plain") << Metric::LatencyMs << "18" << 18.0;
    QTest::newRow("unit") << Metric::LatencyMs << "18ms" << 18.0;
    QTest::newRow("blank and sign") << Metric::LatencyMs << " <= 18.5 ms " << 18.5;
    QTest::newRow("seconds") << Metric::LatencyMs << "0.018 s" << 18.0;
    QTest::newRow("comma") << Metric::LatencyMs << "18,5" << 18.5;
    QTest::newRow("shown unit") << Metric::EnergyJ << "54" << 0.054;
    QTest::newRow("joule") << Metric::EnergyJ << "0.054 J" << 0.054;
    QTest::newRow("gram") << Metric::Co2eGPerMillion << "0.5g" << 0.5;
    QTest::newRow("millions") << Metric::Params << "6M" << 6e6;
    QTest::newRow("thousands") << Metric::Params << "600 k" << 6e5;
    QTest::newRow("bytes") << Metric::PeakActivationBytes << "3.1 mb" << 3.1e6;
    QTest::newRow("exponent") << Metric::LatencyMs << "1e2" << 100.0;
    QTest::newRow("wrong unit") << Metric::LatencyMs << "18 J" << none;
    QTest::newRow("m is not M") << Metric::Params << "6m" << none;
    QTest::newRow("nonsense") << Metric::LatencyMs << "fast" << none;
    QTest::newRow("empty") << Metric::LatencyMs << "" << none;
    QTest::newRow("two numbers") << Metric::LatencyMs << "1 . 2 . 3" << none;
    QTest::newRow("infinite") << Metric::LatencyMs << "1e999" << none;
}

void TestState::numbersAreRead()
{
    QFETCH(Metric, metric);
    QFETCH(QString, text);
    QFETCH(double, value);
    const auto read = typed(metric, text);
    QCOMPARE(read.has_value(), !std::isnan(value));
    if (read)
        QVERIFY2(std::abs(*read - value) <= 1e-12 * std::abs(value), QByteArray::number(*read).constData());
}

void TestState::numbersAreShown()
{
    QCOMPARE(shown(Metric::LatencyMs, 17.84), QString("17.8 ms"));
    QCOMPARE(shown(Metric::LatencyMs, 0.01784), QString("0.0178 ms"));
    QCOMPARE(shown(Metric::LatencyMs, 1784.3), QString("1784 ms"));
    QCOMPARE(shown(Metric::EnergyJ, 0.054), QString("54.0 mJ"));
    QCOMPARE(shown(Metric::Params, 4'917'000), QString("4.92 M"));
    QCOMPARE(shown(Metric::Top1Percent, 76.4321, false), QString("76.43"));
    QCOMPARE(shown(Metric::Top1Percent, Estimate{76.4, 76.1, 76.7, Kind::Predicted, ""}), QString::fromUtf8("76.40 ± 0.30 %"));
    QCOMPARE(shown(Metric::EnergyJ, Estimate{0.054, 0.027, 0.108, Kind::Model, ""}), QString::fromUtf8("54.0 mJ (27.0–108.0)"));
    QCOMPARE(shown(Metric::LatencyMs, Estimate{17.8, {}, {}, Kind::Table, ""}), QString("17.8 ms"));
}

void TestState::filtersPass_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("largest");
    QTest::addColumn<bool>("smallest");
    QTest::newRow("empty") << "  " << true << true;
    QTest::newRow("latency") << "lat<20" << false << true;
    QTest::newRow("two") << "acc>76 & lat < 1000 ms" << true << false;
    QTest::newRow("and") << "r=224 AND k=7" << true << false;
    QTest::newRow("depth") << "d<=2" << false << true;
    QTest::newRow("not") << "e!=6 && k≠7" << false << true;
    QTest::newRow("none") << "lat>20 & d=2" << false << false;
}

void TestState::filtersPass()
{
    QFETCH(QString, text);
    QFETCH(bool, largest);
    QFETCH(bool, smallest);
    const auto filter = std::get<Filter>(Filter::parse(text));
    const std::vector<Subnet> ends{m_world->space().largest(), m_world->space().smallest()};
    const auto table = tabulate(*m_world, ends);
    QCOMPARE(filter.passes(*m_world, table, 0), largest);
    QCOMPARE(filter.passes(*m_world, table, 1), smallest);
}

void TestState::filtersSayWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("at");
    QTest::addColumn<QString>("said");
    QTest::newRow("word") << "lat<20 & colour=3" << 9 << QString::fromUtf8("“colour” is not known; known are acc, lat, energy, co2, macs, params, weights, mem, r, k, e, d");
    QTest::newRow("no sign") << "lat" << 0 << QString::fromUtf8("“lat” is not a condition, such as lat<20");
    QTest::newRow("no number") << "lat<fast" << 0 << QString::fromUtf8("“fast” is not a number here");
    QTest::newRow("ends") << "lat<20 &" << 8 << "a condition is missing, such as lat<20";
    QTest::newRow("gene") << "k=seven" << 0 << QString::fromUtf8("“seven” is not a number here");
}

void TestState::filtersSayWhatIsWrong()
{
    QFETCH(QString, text);
    QFETCH(int, at);
    QFETCH(QString, said);
    const auto problem = std::get<FilterProblem>(Filter::parse(text));
    QCOMPARE(problem.text, said);
    QCOMPARE(problem.at, at);
}

void TestState::sessionsRoundTrip()
{
    const auto& space = m_world->space();
    Session s{"imagenet-ofa-mbv3-w1.0", "imagenet-ofa-mbv3-w1.0", space.id, {}, {space.smallest(), space.largest()}, "exact"};
    auto& q = s.question;
    q.devices = {"samsung-note10", "intel-i7-8700k"};
    q.limits = {{Metric::LatencyMs, true, 0.1 + 0.2}, {Metric::Top1Percent, false, 75}};
    q.carbon = {"FR", 1.2, 0.9, 1e6, 250'000, 2.5, 70, 40};
    q.axes = {Metric::EnergyJ, Metric::Top1Percent, Metric::Co2eGPerMillion, true};
    q.filter = "lat<20 & k=7";
    q.brushes = {{"latency", 1.5, 20}};
    q.pins = {{space.largest(), 'A'}, {space.smallest(), 'C'}};
    q.showInfeasible = false;
    const auto json = toJson(s, space);
    QVERIFY(sessionFromJson(JsonView(json, "session"), space) == s);
    const auto again = parseJson(printJson(json), "session");
    QVERIFY(sessionFromJson(JsonView(again, "session"), space) == s);
}

void TestState::sessionsSayWhatIsWrong()
{
    const auto& space = m_world->space();
    const Session s{"b", "b", space.id, {}, {}, "exact"};
    const auto said = [&](const std::function<void(Json&)>& damage) {
        auto json = toJson(s, space);
        damage(json);
        return messageOf([&] { sessionFromJson(JsonView(json, "s.json"), space); });
    };
    compareText(said([](Json&) {}), "no error");
    compareText(said([](Json& j) { j = {{"front", 1}}; }), "s.json: this is no session of Paretoscope: allowed a file that “Save session” wrote");
    compareText(said([](Json& j) { j["schema"] = 2; }), "s.json: schema: the session is of another version of the program: found 2; allowed 1");
    compareText(said([](Json& j) { j["space"] = "fashion-mbv3"; }), "s.json: space: the session belongs to a bundle of another space: found \"fashion-mbv3\"; allowed \"ofa-mbv3-w1.0\"");
    compareText(said([](Json& j) { j["question"]["carbon"]["pue"] = 0.5; }), "s.json: question.carbon.pue: number out of range: found 0.5; allowed 1 to 10");
    compareText(said([](Json& j) { j["question"]["limits"] = Json::array({{{"metric", "top1"}, {"on", true}, {"value", 1}}, {{"metric", "top1"}, {"on", true}, {"value", 1}}}); }),
        "s.json: question.limits[1].metric: this metric is limited twice: found \"top1\"; allowed once");
}

void TestState::tableAgreesWithFigures()
{
    const auto subnets = cloudOf(*m_world, 60, 1);
    QCOMPARE(subnets.size(), std::size_t(60));
    QVERIFY(subnets == cloudOf(*m_world, 60, 1));
    const auto table = tabulate(*m_world, subnets);
    QVERIFY(table.column({Metric::LatencyMs, 1}) && !table.column({Metric::LatencyMs, 2}));
    for (std::size_t i = 0; i < table.size(); ++i)
        for (std::size_t c = 0; c < table.quantities.size(); ++c) {
            const auto figure = m_world->figure(subnets[i], table.quantities[c]);
            QVERIFY(figure);
            QVERIFY2(std::abs(figure->value - table.at(i, c)) <= 1e-6 * std::abs(figure->value), fmt::format("{} {}: {} {}", name(table.quantities[c].metric), table.quantities[c].device, figure->value, table.at(i, c)).c_str());
        }
    auto elsewhere = subnets.front();
    elsewhere.resolution = 40; // a pin of a session, say
    QVERIFY(!m_world->figure(elsewhere, {Metric::LatencyMs, 0}) && !m_world->figure(elsewhere, {Metric::Top1Percent, 0}));
    QVERIFY(m_world->figure(elsewhere, {Metric::Macs, 0}));
    Question q;
    q.limits = {{Metric::LatencyMs, true, 0}, {Metric::Top1Percent, true, 0}, {Metric::EnergyJ, false, 0}};
    QVERIFY(missed(table, 0, q) == std::vector<Metric>{Metric::LatencyMs});
}

void TestState::pinsHaveLetters()
{
    Question q;
    QCOMPARE(*q.freeLetter(), 'A');
    for (char c = 'A'; c <= 'Z'; ++c)
        if (c != 'F')
            q.pins.push_back({m_world->space().largest(), c});
    QCOMPARE(*q.freeLetter(), 'F');
    q.pins.push_back({m_world->space().smallest(), 'F'});
    QVERIFY(!q.freeLetter());
    QCOMPARE(q.pinOf(m_world->space().smallest())->letter, 'F');
}

void TestState::subnetsAreCompared()
{
    const auto& space = m_world->space();
    const auto all = differencesOf(*m_world, space.smallest(), space.largest());
    QCOMPARE(all.size(), std::size_t(8));
    for (const auto& d : all) {
        QCOMPARE(d.quantity.device, 0);
        QVERIFY(d.difference() > 0);
        QCOMPARE(d.winner(), d.quantity.metric == Metric::Top1Percent ? 1 : -1); // more accurate, and dearer in all else
    }
    const Estimate a{75, 74.5, 75.5, Kind::Predicted, ""}, b{75.5, 75, 76, Kind::Predicted, ""};
    QCOMPARE(*probabilityMoreAccurate(a, a), 0.5);
    // 0.5 over sqrt(2) times 0.5 / 1.645: 1.163 standard deviations.
    QVERIFY(std::abs(*probabilityMoreAccurate(a, b) - 0.8776) < 1e-3);
    QVERIFY(std::abs(*probabilityMoreAccurate(a, b) + *probabilityMoreAccurate(b, a) - 1) < 1e-12);
    QVERIFY(!probabilityMoreAccurate(a, Estimate{75, {}, {}, Kind::Predicted, ""}));
    QCOMPARE(*probabilityMoreAccurate(Estimate{1, 1, 1, Kind::Measured, ""}, Estimate{2, 2, 2, Kind::Measured, ""}), 1.0);
}

void TestState::emissionsOverALife()
{
    CarbonAssumptions c;
    c.grid = "500";
    c.inferencesPerDay = 1000;
    c.devices = 10;
    c.lifeYears = 2;
    const auto world = makeWorld(m_world->bundle, {*m_world->bundle->device("samsung-note10")}, c);
    const auto big = emissionsOf(*world, world->space().largest(), c), small = emissionsOf(*world, world->space().smallest(), c);
    // The use phase is what emissions per million say, for as many inferences.
    for (const auto& n : {big, small}) {
        const double perMillion = world->figure(n.subnet, {Metric::Co2eGPerMillion, 0})->value;
        QVERIFY2(std::abs(n.useGPerInference * 1e6 / perMillion - 1) < 0.1, qPrintable(QString::number(n.useGPerInference * 1e6 / perMillion))); // the middle of the draws
        QVERIFY(std::abs(n.inferences - 1000.0 * 10 * 2 * 365) < 1000.0 * 10 * 2);
        QVERIFY(!n.trainingKg && !n.makingKg); // neither stated nor asked for
        QVERIFY(n.totalKg.low && *n.totalKg.low < n.totalKg.value);
    }
    QVERIFY(big.useKg->value > 3 * small.useKg->value);
    QVERIFY(!breakEven(big, small)); // one is better from the first inference on
    c.embodiedKg = 55;
    QVERIFY(emissionsOf(*world, big.subnet, c).makingKg->value > emissionsOf(*world, small.subnet, c).makingKg->value);

    NetEmissions a = small, b = big;
    a.trainingKg = Estimate{2, 1, 4, Kind::Model, ""};
    b.trainingKg = Estimate{1, 0.5, 2, Kind::Model, ""};
    const double each = (b.useKg->value - a.useKg->value) / a.inferences;
    QVERIFY(std::abs(*breakEven(a, b) - 1 / each) < 1e-6 / each);
    QVERIFY(std::abs(*useOvertakes(a) - 2 / (a.useKg->value / a.inferences)) < 1);

    const auto nothing = makeWorld(m_world->bundle, {}, c);
    QCOMPARE(emissionsOf(*nothing, big.subnet, c).reason, std::string("no device is chosen"));
}

QTEST_GUILESS_MAIN(TestState)
#include "tst_state.moc"

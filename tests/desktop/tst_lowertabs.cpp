// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Emissions, hypervolume and architecture: what they show is what the core says.
#include "support.h"

#include "bundle/shipped.h"
#include "search/search.h"
#include "space/accounting.h"
#include "state/alike.h"
#include "state/secondopinion.h"
#include "views/architectureview.h"
#include "views/emissionsview.h"
#include "views/hypervolumeview.h"
#include "views/subnetcard.h"
#include "workers/searcher.h"

#include <QApplication>
#include <QBarSet>
#include <QChart>
#include <QChartView>
#include <QLineSeries>
#include <QLocale>
#include <QStackedBarSeries>
#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace paretoscope;
using namespace paretoscope::desktop;

class TestLowerTabs : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void units_data();
    void units();
    void emissionsAreTheLedgers();
    void emissionsSayWhatIsNotKnown();
    void designOverTargets();
    void breakEvenIsInWords();
    void hypervolumeInWords();
    void architectureAddsUp();
    void alikeIsWithinTheInterval();
    void nothingIsOpen();

private:
    void open(ExplorerState& state) const
    {
        Question q;
        q.devices = {"samsung-note10"};
        state.open(m_world, nullptr, q);
        state.setAnswer(m_answer);
    }
    void pin(ExplorerState& state, std::initializer_list<std::size_t> rows) const
    {
        state.change("pins", "", [&](Question& q) {
            q.pins.clear();
            for (const auto r : rows)
                q.pins.push_back({m_answer->front.points.subnets[r], static_cast<char>('A' + q.pins.size())});
        });
    }

    std::shared_ptr<const Bundle> m_bundle;
    std::shared_ptr<const World> m_world;
    std::shared_ptr<const Answer> m_answer;
};

void TestLowerTabs::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    m_bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10")}, {});
    Question q;
    q.devices = {"samsung-note10"};
    m_answer = Searcher::answerOf(m_world, q, std::make_shared<const SearchResult>(search(*m_world->problem, Searcher::requestOf(*m_world, q))));
}

void TestLowerTabs::units_data()
{
    QTest::addColumn<double>("kg");
    QTest::addColumn<QString>("unit");
    QTest::newRow("mg") << 1e-4 << "mg";
    QTest::newRow("g") << 0.5 << "g";
    QTest::newRow("kg") << 1.0 << "kg";
    QTest::newRow("t") << 2000.0 << "t";
    QTest::newRow("many t") << 1e9 << "t";
    QTest::newRow("nothing") << 0.0 << "mg";
}

void TestLowerTabs::units()
{
    QFETCH(double, kg);
    QTEST(QString::fromLatin1(massUnitFor(kg).name), "unit");
}

void TestLowerTabs::emissionsAreTheLedgers()
{
    ExplorerState state;
    open(state);
    pin(state, {10, 900});
    EmissionsView view(state);
    view.resize(900, 300);
    view.QWidget::show();
    const QChartView* const charts[] = {view.findChild<QChartView*>("bars"), view.findChild<QChartView*>("lines")};
    auto* bars = qobject_cast<QStackedBarSeries*>(charts[0]->chart()->series().value(0));
    QVERIFY(bars);
    QCOMPARE(bars->barSets().size(), 3);
    for (int i = 0; i < 2; ++i) {
        const auto e = emissionsOf(*m_world, state.question().pins[static_cast<std::size_t>(i)].subnet, state.question().carbon);
        double sum = 0;
        for (const auto* set : bars->barSets())
            sum += set->at(i);
        const auto unit = massUnitFor(std::max(emissionsOf(*m_world, state.question().pins[0].subnet, {}).totalKg.value, emissionsOf(*m_world, state.question().pins[1].subnet, {}).totalKg.value));
        QVERIFY(std::abs(sum - e.totalKg.value * unit.perKg) <= 1e-9 * sum);
    }
    QVERIFY2(view.summary().contains("A: ") && view.summary().contains("B: ") && view.summary().contains("Assumed: grid World, PUE 1.56"), qPrintable(view.summary()));
    QCOMPARE(charts[1]->chart()->series().size(), 2); // a line a net: they do not cross
    // Another assumption is another picture.
    const auto before = view.summary();
    state.change("days", "", [](Question& q) { q.carbon.inferencesPerDay = 1e6; });
    QVERIFY(view.summary() != before);
    // No pins: the net that is spoken of.
    state.change("none", "", [](Question& q) { q.pins.clear(); });
    QVERIFY2(view.summary().startsWith("★: "), qPrintable(view.summary()));
}

void TestLowerTabs::emissionsSayWhatIsNotKnown()
{
    ExplorerState state;
    open(state);
    EmissionsView view(state);
    view.QWidget::show();
    state.change("none", "", [](Question& q) { q.carbon.inferencesPerDay = 0; });
    QVERIFY2(view.summary().contains("Not known: no inference is made."), qPrintable(view.summary()));
    QVERIFY(view.findChild<QChartView*>("bars")->chart()->series().isEmpty());
}

void TestLowerTabs::designOverTargets()
{
    ExplorerState state;
    open(state);
    EmissionsView view(state);
    view.QWidget::show();
    view.showRight(EmissionsView::Right::Targets);
    const auto series = view.findChild<QChartView*>("lines")->chart()->series();
    QVERIFY(series.size() >= 5);
    QVERIFY(view.summary().contains("Cai et al. 2020, Table 1"));
    // Once for all is flat or nearly so; a search for every target is not.
    double flattest = 1e9, steepest = 0;
    for (auto* s : series) {
        const auto points = qobject_cast<QLineSeries*>(s)->points();
        const double growth = points.back().y() / points.front().y();
        flattest = std::min(flattest, growth);
        steepest = std::max(steepest, growth);
    }
    QVERIFY2(flattest < 30 && steepest > 900, qPrintable(QString("%1 %2").arg(flattest).arg(steepest)));
}

void TestLowerTabs::breakEvenIsInWords()
{
    // One more training share, less use: even at (2 − 1) kg / (3 − 2) mg.
    NetEmissions a, b;
    a.trainingKg = Estimate{1, {}, {}, Kind::Predicted, ""};
    a.useKg = Estimate{3, {}, {}, Kind::Predicted, ""};
    b.trainingKg = Estimate{2, {}, {}, Kind::Predicted, ""};
    b.useKg = Estimate{2, {}, {}, Kind::Predicted, ""};
    a.inferences = b.inferences = 1e6;
    QCOMPARE(*breakEven(a, b), 1e6);
    QCOMPARE(*useOvertakes(a), 1e6 / 3);
}

void TestLowerTabs::hypervolumeInWords()
{
    ExplorerState state;
    HypervolumeView view(state);
    view.QWidget::show();
    QCOMPARE(view.summary(), "Nothing has been searched yet.");
    open(state);
    QVERIFY2(view.summary().startsWith("exact: hypervolume ") && view.summary().contains("all of it at once") && view.summary().endsWith("The MLP is asked once the limits rest."), qPrintable(view.summary()));
    auto* plot = view.findChild<QCustomPlot*>();
    QVERIFY(!plot->isVisible());
    state.addTrace({100, 10, {}, {}, 0.5});
    state.addTrace({200, 20, {}, {}, 0.7});
    QVERIFY(plot->isVisible());
    QCOMPARE(plot->graph(0)->dataCount(), 2);
    QVERIFY(view.summary().endsWith("The search with the MLP runs."));
    state.setSecond(secondOpinion(m_answer, m_answer->result));
    QVERIFY(view.summary().contains("not to be compared"));
    state.setAnswer(m_answer); // another answer: from the beginning
    QVERIFY(!plot->isVisible() && state.trace().empty());
}

void TestLowerTabs::architectureAddsUp()
{
    ExplorerState state;
    open(state);
    ArchitectureView view(state);
    view.QWidget::show();
    auto* table = view.findChild<QTableWidget*>();
    for (const auto& subnet : {m_world->space().smallest(), m_world->space().largest()}) {
        state.select(subnet);
        const auto all = account(*m_bundle->parts, subnet);
        QCOMPARE(table->rowCount(), static_cast<int>(all.blocks.size()));
        qulonglong macs = 0, params = 0;
        for (int row = 0; row < table->rowCount(); ++row) {
            macs += QLocale().toULongLong(table->item(row, 6)->text());
            params += QLocale().toULongLong(table->item(row, 8)->text());
        }
        QCOMPARE(macs, static_cast<qulonglong>(all.total.macs));
        QCOMPARE(params, static_cast<qulonglong>(all.total.params));
    }
}

void TestLowerTabs::alikeIsWithinTheInterval()
{
    const auto& front = m_answer->front;
    const auto top1 = *front.column({Metric::Top1Percent, 0}), latency = *front.column({Metric::LatencyMs, 0});
    for (const std::size_t row : {std::size_t(0), front.size() / 3, front.size() - 1}) {
        const auto alike = alikeOf(*m_answer, front.points.subnets[row]);
        QVERIFY(alike);
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < front.size(); ++i)
            if (std::abs(front.at(i, top1) - front.at(row, top1)) <= m_answer->halfWidthPercent[row])
                expected.push_back(i);
        QCOMPARE(alike->rows, expected);
        QCOMPARE(front.at(alike->cheapest, latency), front.at(expected.front(), latency)); // a front rises
    }
    const auto aside = m_world->space().largest(); // not of the front
    QVERIFY(!alikeOf(*m_answer, aside));
    // The card says so, and leads to the cheapest.
    ExplorerState state;
    open(state);
    SubnetCard card(state);
    card.show();
    state.select(front.points.subnets[front.size() - 1]);
    const auto alike = alikeOf(*m_answer, front.points.subnets[front.size() - 1]);
    const auto labels = card.findChildren<QLabel*>();
    const auto said = std::find_if(labels.begin(), labels.end(), [](const QLabel* l) { return l->text().contains("cannot be told apart"); });
    QVERIFY(said != labels.end() && (*said)->isVisible());
    QVERIFY2((*said)->text().startsWith(QString::number(alike->rows.size() - 1) + " other"), qPrintable((*said)->text()));
    emit (*said)->linkActivated("#");
    QVERIFY(state.selection() == front.points.subnets[alike->cheapest]);
    state.select(aside);
    QVERIFY(!(*said)->isVisible());
}

void TestLowerTabs::nothingIsOpen()
{
    ExplorerState state;
    EmissionsView emissions(state);
    ArchitectureView architecture(state);
    for (auto* w : {static_cast<QWidget*>(&emissions), static_cast<QWidget*>(&architecture)})
        w->show();
    QCOMPARE(emissions.summary(), "Nothing is open.");
    QCOMPARE(architecture.findChild<QTableWidget*>()->rowCount(), 0);
}

QTEST_MAIN(TestLowerTabs)
#include "tst_lowertabs.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "bundle/shipped.h"
#include "search/search.h"
#include "workers/searcher.h"

#include <QSignalSpy>
#include <QTest>

using namespace paretoscope;
using namespace paretoscope::desktop;

class TestSearcher : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void answersAreThoseOfTheCore();
    void theLatestQuestionWins();
    void cancelledQuestionsGetNoAnswer();
    void infeasibleQuestionsSayWhatWouldDo();
    void anotherGridScalesEmissions();
    void whatIsNotKnownIsLeftOut();
    void endsWhileItSearches();

private:
    static Question below(double latencyMs)
    {
        Question q;
        q.devices = {"samsung-note10"};
        q.limits = {{Metric::LatencyMs, true, latencyMs}};
        return q;
    }
    static std::shared_ptr<const Answer> waitFor(Searcher& searcher)
    {
        QSignalSpy spy(&searcher, &Searcher::answered);
        if (!spy.wait(30'000))
            return nullptr;
        return spy.takeFirst().first().value<std::shared_ptr<const Answer>>();
    }

    std::shared_ptr<const Bundle> m_bundle;
    std::shared_ptr<const World> m_world;
};

void TestSearcher::initTestCase()
{
    m_bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10")}, {});
}

void TestSearcher::answersAreThoseOfTheCore()
{
    Searcher searcher;
    searcher.ask(m_world, below(25));
    QVERIFY(searcher.busy());
    const auto answer = waitFor(searcher);
    QVERIFY(answer && !searcher.busy());
    const auto direct = search(*m_world->problem, Searcher::requestOf(*m_world, below(25)));
    QVERIFY(answer->result->front == direct.front);
    QVERIFY(answer->question == below(25));
    QCOMPARE(answer->front.size(), direct.front.size());
    const auto latency = answer->front.column({Metric::LatencyMs, 0});
    for (std::size_t i = 0; i < answer->front.size(); ++i)
        QVERIFY(answer->front.at(i, *latency) <= 25);
    QVERIFY(answer->suggested && *answer->suggested > 0 && *answer->suggested + 1 < answer->front.size());
    QCOMPARE(answer->halfWidthPercent.size(), answer->front.size());
    QVERIFY(answer->halfWidthPercent.front() > 0.1);
    QVERIFY(answer->groups && !answer->groups->groups.empty());
}

void TestSearcher::theLatestQuestionWins()
{
    Searcher searcher;
    QSignalSpy spy(&searcher, &Searcher::answered);
    for (double limit = 40; limit >= 15; limit -= 0.5) // a slider under the hand
        searcher.ask(m_world, below(limit));
    QTRY_VERIFY_WITH_TIMEOUT(!searcher.busy(), 30'000);
    QTest::qWait(50);
    QVERIFY(spy.count() >= 1);
    QCOMPARE(spy.last().first().value<std::shared_ptr<const Answer>>()->question.limits[0].value, 15.0);
}

void TestSearcher::cancelledQuestionsGetNoAnswer()
{
    Searcher searcher;
    QSignalSpy spy(&searcher, &Searcher::answered);
    searcher.ask(m_world, below(30));
    searcher.cancel();
    QVERIFY(!searcher.busy());
    QTest::qWait(300);
    QCOMPARE(spy.count(), 0);
    searcher.ask(m_world, below(20)); // and goes on afterwards
    QVERIFY(waitFor(searcher));
}

void TestSearcher::infeasibleQuestionsSayWhatWouldDo()
{
    auto q = below(12);
    q.limits.push_back({Metric::Top1Percent, true, 76});
    Searcher searcher;
    searcher.ask(m_world, q);
    const auto answer = waitFor(searcher);
    QVERIFY(answer && answer->result->infeasible && answer->result->front.empty());
    QVERIFY(!answer->result->infeasible->relaxations.empty());
    QVERIFY(!answer->suggested);
    ExplorerState state;
    state.open(m_world, nullptr, q);
    state.setAnswer(answer);
    QVERIFY(state.phase() == desktop::Phase::Infeasible && !state.current());
}

void TestSearcher::anotherGridScalesEmissions()
{
    CarbonAssumptions france;
    france.grid = "FR";
    const auto there = makeWorld(m_bundle, {*m_bundle->device("samsung-note10")}, france);
    const auto net = m_world->space().largest();
    const SearchQuantity emissions{Metric::Co2eGPerMillion, 0}, energy{Metric::EnergyJ, 0};
    QCOMPARE(there->figure(net, energy)->value, m_world->figure(net, energy)->value);
    const double ratio = there->figure(net, emissions)->value / m_world->figure(net, emissions)->value;
    QVERIFY(std::abs(ratio - there->use.gPerKwh.value / m_world->use.gPerKwh.value) < 1e-9);
}

void TestSearcher::whatIsNotKnownIsLeftOut()
{
    const auto world = makeWorld(m_bundle, {}, {}); // no device: nothing on latency or energy
    auto q = below(20);
    q.axes.x = Metric::Macs;
    const auto request = Searcher::requestOf(*world, q);
    QVERIFY(request.limits.empty());
    QCOMPARE(request.objectives.size(), std::size_t(2));
    Searcher searcher;
    searcher.ask(world, q);
    const auto answer = waitFor(searcher);
    QVERIFY(answer && answer->front.size() > 10);
}

void TestSearcher::endsWhileItSearches()
{
    auto searcher = std::make_unique<Searcher>();
    for (int i = 0; i < 20; ++i) {
        searcher->ask(m_world, below(20 + i));
        searcher = std::make_unique<Searcher>();
    }
    QCoreApplication::processEvents();
}

QTEST_GUILESS_MAIN(TestSearcher)
#include "tst_searcher.moc"

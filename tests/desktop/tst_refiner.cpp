// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The second predictor's opinion: comes once the hand rests, belongs to the last answer, is what the core says.
#include "support.h"

#include "bundle/shipped.h"
#include "explorer.h"
#include "search/search.h"
#include "workers/refiner.h"
#include "workers/searcher.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace paretoscope;
using namespace paretoscope::desktop;

class TestRefiner : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void opinionIsThatOfThePredictor();
    void theLastAnswerWins();
    void cancelledAnswersGetNoOpinion();
    void nothingToAsk();
    void followsTheExplorer();

private:
    std::shared_ptr<const Answer> answerBelow(double latencyMs) const
    {
        Question q;
        q.devices = {"samsung-note10"};
        q.limits = {{Metric::LatencyMs, true, latencyMs}};
        return Searcher::answerOf(m_world, q, std::make_shared<const SearchResult>(search(*m_world->problem, Searcher::requestOf(*m_world, q))));
    }
    static std::shared_ptr<const SecondOpinion> opinionOf(const QSignalSpy& spy, int i = 0) { return spy.at(i).first().value<std::shared_ptr<const SecondOpinion>>(); }

    std::shared_ptr<const Bundle> m_bundle;
    std::shared_ptr<const World> m_world;
};

void TestRefiner::initTestCase()
{
    m_bundle = std::make_shared<const Bundle>(openBundle(findBundle("imagenet-ofa-mbv3-w1.0")));
    m_world = makeWorld(m_bundle, {*m_bundle->device("samsung-note10")}, {});
    QVERIFY(m_world->second && m_world->second->predictor()->kind() == PredictorKind::Mlp);
    QVERIFY(m_world->problem->predictor()->kind() == PredictorKind::Additive);
}

void TestRefiner::opinionIsThatOfThePredictor()
{
    Refiner refiner;
    QSignalSpy refined(&refiner, &Refiner::refined), progressed(&refiner, &Refiner::progressed);
    const auto answer = answerBelow(25);
    refiner.ask(answer);
    QVERIFY(refiner.busy());
    QTRY_COMPARE_WITH_TIMEOUT(refined.count(), 1, 30'000);
    QVERIFY(!refiner.busy());
    const auto opinion = opinionOf(refined);
    QVERIFY(opinion->of == answer);
    QCOMPARE(opinion->top1Percent.size(), answer->front.size());
    const auto& mlp = *m_world->second->predictor();
    const auto column = *answer->front.column({Metric::Top1Percent, 0});
    double sum = 0, largest = 0;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < answer->front.size(); ++i) {
        const auto& subnet = answer->front.points.subnets[i];
        QCOMPARE(std::isnan(opinion->top1Percent[i].value), !mlp.knows(subnet.resolution));
        if (!mlp.knows(subnet.resolution))
            continue;
        QCOMPARE(opinion->top1Percent[i].value, mlp.top1Percent(subnet).value);
        const double difference = opinion->top1Percent[i].value - answer->front.at(i, column);
        sum += difference;
        largest = std::max(largest, std::abs(difference));
        ++compared;
    }
    QVERIFY(compared > 0 && opinion->compared == compared);
    QVERIFY(std::abs(opinion->meanDifferencePercent - sum / static_cast<double>(compared)) < 1e-9 && opinion->largestDifferencePercent == largest);
    QVERIFY(largest > 0); // two predictors, not one twice
    // Its own front keeps to the limit, and is no worse by its own figures than the one it began with.
    QVERIFY(!opinion->own->front.empty() && opinion->own->algorithm == Algorithm::Ladder);
    for (std::size_t i = 0; i < opinion->own->front.size(); ++i)
        QVERIFY(opinion->own->front.at(i, 1) <= 25);
    double best = 0;
    for (const auto& e : opinion->top1Percent)
        best = std::isnan(e.value) ? best : std::max(best, e.value);
    double own = 0;
    for (std::size_t i = 0; i < opinion->own->front.size(); ++i)
        own = std::max(own, opinion->own->front.at(i, 0));
    QVERIFY2(own >= best - 1e-3, qPrintable(QString("%1 %2").arg(own).arg(best))); // float32 sums
}

void TestRefiner::theLastAnswerWins()
{
    Refiner refiner;
    QSignalSpy refined(&refiner, &Refiner::refined);
    std::shared_ptr<const Answer> last;
    for (const double limit : {40.0, 30.0, 22.0}) {
        last = answerBelow(limit);
        refiner.ask(last);
    }
    QTRY_COMPARE_WITH_TIMEOUT(refined.count(), 1, 30'000);
    QTest::qWait(2 * Refiner::kRestMs);
    QCOMPARE(refined.count(), 1);
    QVERIFY(opinionOf(refined)->of == last);
}

void TestRefiner::cancelledAnswersGetNoOpinion()
{
    Refiner refiner;
    QSignalSpy refined(&refiner, &Refiner::refined), progressed(&refiner, &Refiner::progressed);
    refiner.ask(answerBelow(30));
    refiner.cancel(); // while it waits
    QVERIFY(!refiner.busy());
    refiner.ask(answerBelow(30));
    QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 0, 30'000);
    refiner.cancel(); // while it searches
    QVERIFY(!refiner.busy());
    QTest::qWait(3 * Refiner::kRestMs);
    QCOMPARE(refined.count(), 0);
}

void TestRefiner::nothingToAsk()
{
    Refiner refiner;
    refiner.ask(answerBelow(1)); // infeasible
    QVERIFY(!refiner.busy());
    auto alone = std::make_shared<Bundle>(*m_bundle);
    alone->predictors.erase(alone->predictors.begin() + 1, alone->predictors.end());
    const auto world = makeWorld(alone, {*m_bundle->device("samsung-note10")}, {});
    QVERIFY(!world->second);
    auto answer = std::make_shared<Answer>(*answerBelow(30));
    answer->world = world;
    refiner.ask(answer);
    QVERIFY(!refiner.busy());
}

void TestRefiner::followsTheExplorer()
{
    Explorer explorer;
    auto& state = explorer.state();
    explorer.open("imagenet-ofa-mbv3-w1.0");
    QTRY_VERIFY_WITH_TIMEOUT(state.second() != nullptr, 30'000);
    QVERIFY(state.second()->of == state.answer());
    state.change("limit", "", [](Question& q) { q.limit(Metric::LatencyMs) = {Metric::LatencyMs, true, 20}; });
    QTRY_VERIFY_WITH_TIMEOUT(state.phase() == desktop::Phase::Results, 30'000);
    QVERIFY(!state.second()); // of another answer
    QTRY_VERIFY_WITH_TIMEOUT(state.second() != nullptr, 30'000);
    QVERIFY(state.second()->of == state.answer());
    explorer.close();
    QVERIFY(!state.second() && !explorer.refiner().busy());
}

QTEST_MAIN(TestRefiner)
#include "tst_refiner.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "drawnproblems.h"
#include "searchproblems.h"

#include "search/archive.h"
#include "search/search.h"

using namespace paretoscope;
using testing::compareText;
using testing::drawnProblem;
using testing::messageOf;

namespace {

constexpr SearchQuantity kTop1{Metric::Top1Percent}, kLatency{Metric::LatencyMs}, kParams{Metric::Params}, kMacs{Metric::Macs}, kEnergy{Metric::EnergyJ}, kCo2e{Metric::Co2eGPerMillion};

SearchRequest request(std::vector<SearchQuantity> objectives, std::vector<Limit> limits = {})
{
    SearchRequest q;
    q.objectives = std::move(objectives);
    q.limits = std::move(limits);
    return q;
}

} // namespace

class TestSearch : public QObject {
    Q_OBJECT
private slots:
    void autoIsExactForAnAdditivePredictor();
    void referenceIsTheLimitsOrTheWorst();
    void severalDevicesAreSeveralObjectivesOrAMean();
    void anotherGridIsNoOtherSearch();
    void limitsThatMoveNeedNoSearch();
    void infeasibleIsExplained();
    void infeasibleForAnMlp();
    void bestOfOneObjective();
    void everyBaselineStaysBelowTheExactFront();
    void stoppedKeepsACoarseFront();
    void archiveIsBoundedAndKeepsTheFront();
    void allowedChoices();
};

void TestSearch::autoIsExactForAnAdditivePredictor()
{
    const auto result = search(drawnProblem("mbv3_w1.0", true), request({kTop1, kLatency}));
    QCOMPARE(result.algorithm, Algorithm::Exact);
    QVERIFY(result.proof && result.proof->exact);
    compareText(result.proof->subnetsCovered, "87034621970289943404"); // 4 × 7371^5
    QVERIFY(result.front.size() > 500);
    for (std::size_t i = 1; i < result.front.size(); ++i) {
        QVERIFY(result.front.at(i, 1) > result.front.at(i - 1, 1));
        QVERIFY(result.front.at(i, 0) > result.front.at(i - 1, 0));
    }
}

void TestSearch::referenceIsTheLimitsOrTheWorst()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    auto result = search(problem, request({kTop1, kMacs}));
    const auto& space = problem.space();
    auto largest = space.largest();
    QCOMPARE(result.reference[1], static_cast<double>(account(*problem.parts(), largest).total.macs));
    auto smallest = space.smallest();
    QCOMPARE(result.reference[0], 100 * problem.predictor()->predict(smallest) - 0.2);
    // By hand: the staircase between front and reference.
    double area = 0;
    for (std::size_t i = 0; i < result.front.size(); ++i) {
        const double next = i + 1 < result.front.size() ? result.front.at(i + 1, 1) : result.reference[1];
        area += (next - result.front.at(i, 1)) * (result.front.at(i, 0) - result.reference[0]);
    }
    QVERIFY(std::abs(result.hypervolume - area) < 1e-9 * area);
    result = search(problem, request({kTop1, kMacs}, {{kMacs, {}, 3e8}, {kTop1, 60.0, {}}}));
    QCOMPARE(result.reference, (std::vector<double>{60, 3e8}));
}

void TestSearch::severalDevicesAreSeveralObjectivesOrAMean()
{
    auto problem = drawnProblem("mbv3_w1.0", false, {160, 192}, 2);
    const auto mean = search(problem, request({kTop1, {Metric::LatencyMs, SearchQuantity::kMeanOfDevices}}));
    for (std::size_t i = 0; i < mean.front.size(); i += 50) {
        const auto& s = mean.front.subnets[i];
        const double a = problem.devices()[0].latencyMs[0].cost(s), b = problem.devices()[1].latencyMs[0].cost(s);
        QVERIFY(std::abs(mean.front.at(i, 1) - (a + b) / 2) < 1e-9);
    }
    SearchRequest q = request({kTop1, {Metric::LatencyMs, 0}, {Metric::LatencyMs, 1}});
    q.epsilon = 0.05;
    const auto both = search(problem, q);
    QVERIFY(both.front.size() > mean.front.size() / 10);
    compareText(messageOf([&] { search(problem, request({kTop1, {Metric::LatencyMs, 2}})); }), "latency: no such device in the search: found 2; allowed 0 to 1");
}

void TestSearch::anotherGridIsNoOtherSearch()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    auto devices = problem.devices();
    for (auto& d : devices)
        d.co2eGPerMillionPerJ *= 3;
    const SearchProblem dirtier(problem.parts(), *problem.predictor(), devices);
    const auto clean = search(problem, request({kTop1, kCo2e}));
    const auto scaled = withGrid(clean, problem, dirtier);
    QVERIFY(scaled.has_value());
    const auto searched = search(dirtier, request({kTop1, kCo2e}));
    QCOMPARE(scaled->front.subnets, searched.front.subnets);
    QVERIFY(std::abs(scaled->hypervolume - searched.hypervolume) < 1e-9 * searched.hypervolume);
    for (std::size_t i = 0; i < searched.front.size(); ++i)
        QVERIFY(std::abs(scaled->front.at(i, 1) - searched.front.at(i, 1)) < 1e-9 * searched.front.at(i, 1));
    // Energy orders subnets as emissions do: one front.
    QCOMPARE(search(problem, request({kTop1, kEnergy})).front.subnets, clean.front.subnets);
}

void TestSearch::limitsThatMoveNeedNoSearch()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto all = search(problem, request({kTop1, kLatency}));
    const double most = all.front.at(all.front.size() / 3, 1);
    const auto narrower = request({kTop1, kLatency}, {{kLatency, {}, most}});
    const auto task = prepare(problem, narrower);
    const auto quick = refiltered(all, task);
    QVERIFY(quick.has_value());
    const auto searched = search(problem, narrower);
    QVERIFY(quick->front == searched.front);
    QCOMPARE(quick->hypervolume, searched.hypervolume);
    const auto other = prepare(problem, request({kTop1, kParams}));
    QVERIFY(!refiltered(all, other).has_value()); // parameters were not carried along
}

void TestSearch::infeasibleIsExplained()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto result = search(problem, request({kTop1, kLatency}, {{kLatency, {}, 0.5}}));
    QVERIFY(result.front.empty());
    QVERIFY(result.infeasible.has_value());
    QCOMPARE(result.infeasible->relaxations.size(), std::size_t{1});
    QVERIFY(result.infeasible->exact);
    const double needed = result.infeasible->relaxations[0].needed;
    QVERIFY(!search(problem, request({kTop1, kLatency}, {{kLatency, {}, needed}})).front.empty());
    QVERIFY(search(problem, request({kTop1, kLatency}, {{kLatency, {}, needed * 0.9999}})).front.empty());
}

void TestSearch::infeasibleForAnMlp()
{
    const auto problem = testing::ruggedProblem();
    // A limit on a cost alone has nothing to do with the predictor: the smallest change is exact.
    const auto fast = search(problem, request({kTop1, kLatency}, {{kLatency, {}, 0.1}}));
    QVERIFY(fast.infeasible && fast.infeasible->exact);
    QCOMPARE(fast.infeasible->relaxations.size(), std::size_t{1});
    auto q = request({kLatency});
    QCOMPARE(fast.infeasible->relaxations[0].needed, search(problem, q).front.at(0, 0));
    // With one on top-1 it is as good as what a search for it finds.
    q = request({kTop1, kLatency}, {{kTop1, 1000.0, {}}});
    q.evaluations = 2000;
    const auto good = search(problem, q);
    QVERIFY(good.infeasible && !good.infeasible->exact && good.infeasible->nearest);
    QCOMPARE(good.infeasible->relaxations.size(), std::size_t{1});
    QVERIFY(good.infeasible->relaxations[0].needed < 1000);
}

void TestSearch::bestOfOneObjective()
{
    const auto problem = drawnProblem("mbv3_w1.0", true);
    const auto front = search(problem, request({kTop1, kLatency})).front;
    const double limit = front.at(front.size() / 2, 1);
    const auto best = search(problem, request({kTop1}, {{kLatency, {}, limit}}));
    QCOMPARE(best.front.size(), std::size_t{1});
    QCOMPARE(best.front.at(0, 0), front.at(front.size() / 2, 0));
    const auto fastest = search(problem, request({kLatency}, {{kTop1, front.at(front.size() / 2, 0), {}}}));
    QCOMPARE(fastest.front.at(0, 0), limit);
}

void TestSearch::everyBaselineStaysBelowTheExactFront()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto exact = search(problem, request({kTop1, kMacs}));
    auto q = request({kTop1, kMacs});
    q.evaluations = 20000;
    double before = 0;
    for (const auto algorithm : {Algorithm::Random, Algorithm::Nsga2}) {
        q.algorithm = algorithm;
        const auto found = search(problem, q);
        QVERIFY(found.evaluations <= 20000);
        QVERIFY(!found.proof.has_value());
        QVERIFY(found.hypervolume < exact.hypervolume);
        QVERIFY(found.hypervolume > before); // evolution beats chance
        before = found.hypervolume;
        const auto again = search(problem, q);
        QVERIFY(again.front == found.front);
    }
    q.algorithm = Algorithm::Ladder;
    compareText(messageOf([&] { search(problem, q); }).substr(0, 40), "ladder: the ladder follows the gradient ");
}

void TestSearch::stoppedKeepsACoarseFront()
{
    const auto problem = drawnProblem("mbv3_w1.0", true);
    std::stop_source stop;
    const auto result = search(problem, request({kTop1, kLatency, kParams}), stop.get_token(), [&](const SearchProgress&) { stop.request_stop(); });
    QVERIFY(result.interrupted);
    QVERIFY(result.front.size() > 100);
    QVERIFY(result.proof.has_value());
    QCOMPARE(result.proof->epsilon, 0.05);
    QCOMPARE(result.notes.size(), std::size_t{1});
    compareText(result.notes[0], "stopped before the exact front was complete: this one is within 5 % of each cost");
}

void TestSearch::archiveIsBoundedAndKeepsTheFront()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    for (const auto& objectives : {std::vector<SearchQuantity>{kTop1, kMacs}, std::vector<SearchQuantity>{kTop1, kLatency, kParams}}) {
        const auto task = prepare(problem, request(objectives));
        Archive small(task, 500), large(task, 100000);
        const Evaluator evaluator(task);
        Evaluator::Workspace workspace;
        Random random(3);
        std::vector<double> row(task.dimensions.size());
        for (int i = 0; i < 20000; ++i) {
            const auto s = task.allowed.uniform(random);
            evaluator.evaluate({&s, 1}, row, workspace);
            small.add(s, row);
            QVERIFY(large.add(s, row) || i > 0);
        }
        QVERIFY(small.size() <= 500);
        QVERIFY(small.front() == large.front());
        QVERIFY(!small.add(small.front().subnets[0], small.front().row(0))); // known
        row[0] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!small.add(task.allowed.uniform(random), row));
    }
}

void TestSearch::allowedChoices()
{
    const auto space = testing::fixtureSpace("mbv3_w1.0");
    const AllowedChoices all(space, {}, {128, 192});
    compareText(all.count(), "43517310985144971702"); // 2 × 7371^5
    const AllowedChoices some(space, {{192}, {3, 7}, {6}, {2, 3}}, {128, 192});
    compareText(some.count(), "248832"); // (4 + 8)^5
    Random random(1);
    for (int i = 0; i < 200; ++i) {
        QVERIFY(some.allows(some.uniform(random)));
        const auto s = all.uniform(random);
        QVERIFY(all.allows(s));
        const auto near = some.repaired(s);
        QVERIFY(some.allows(near));
        if (some.allows(s))
            QCOMPARE(near, s);
    }
    const auto resnet = testing::fixtureSpace("tiny_resnet");
    const AllowedChoices wide(resnet, {}, {128});
    compareText(wide.count(), resnet.subnetsPerResolution());
}

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_search.moc"

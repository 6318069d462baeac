// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "drawnproblems.h"

#include "search/archive.h"
#include "search/exact.h"

#include <algorithm>
#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::drawnProblem;
using testing::forEveryAllowed;
using testing::messageOf;

namespace {

SearchRequest request(std::vector<SearchQuantity> objectives, std::vector<Limit> limits = {}, Choices choices = {})
{
    SearchRequest q;
    q.objectives = std::move(objectives);
    q.limits = std::move(limits);
    q.choices = std::move(choices);
    return q;
}

constexpr SearchQuantity kTop1{Metric::Top1Percent}, kLatency{Metric::LatencyMs}, kMacs{Metric::Macs}, kParams{Metric::Params}, kEnergy{Metric::EnergyJ},
    kPeak{Metric::PeakActivationBytes};

/// The front by looking at every subnet; what is certainly dominated is thrown away in between.
Points bruteForce(const SearchTask& task, std::size_t* count = nullptr)
{
    Points kept;
    kept.dimensions = task.dimensions.size();
    const Evaluator evaluator(task);
    Evaluator::Workspace workspace;
    constexpr std::size_t kBatch = 20000;
    std::vector<Subnet> batch;
    std::vector<double> values;
    std::size_t seen = 0;
    const auto flush = [&] {
        values.resize(batch.size() * kept.dimensions);
        evaluator.evaluate(batch, values, workspace);
        for (std::size_t i = 0; i < batch.size(); ++i)
            kept.add(batch[i], {values.data() + i * kept.dimensions, kept.dimensions});
        kept = frontOf(task, kept);
        seen += batch.size();
        batch.clear();
    };
    forEveryAllowed(task.problem->space(), task.allowed, [&](const Subnet& s) {
        batch.push_back(s);
        if (batch.size() == kBatch)
            flush();
    });
    flush();
    if (count)
        *count = seen;
    return kept;
}

/// Sums in another order differ in the last bits: two points are alike when they differ by less than this share.
constexpr double kAlike = 1e-12;

bool alike(std::span<const double> a, std::span<const double> b, std::size_t columns)
{
    for (std::size_t c = 0; c < columns; ++c)
        if (std::abs(a[c] - b[c]) > kAlike * std::abs(b[c]))
            return false;
    return true;
}

/// Every point of `a` has one in `b` that is alike.
std::size_t missing(const SearchTask& task, const Points& a, const Points& b)
{
    std::size_t lost = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        bool found = false;
        for (std::size_t j = 0; j < b.size() && !found; ++j)
            found = alike(a.row(i), b.row(j), task.objectives);
        lost += !found;
    }
    return lost;
}

void compareWithBruteForce(const SearchProblem& problem, const SearchRequest& q, const char* expectedCount = nullptr)
{
    const auto task = prepare(problem, q);
    std::size_t count = 0;
    const auto all = bruteForce(task, &count);
    const auto exact = solveExact(task, 0, {});
    QVERIFY(exact.finished);
    QVERIFY(exact.proof.exact);
    compareText(exact.proof.subnetsCovered, std::to_string(count));
    if (expectedCount)
        compareText(exact.proof.subnetsCovered, expectedCount);
    QVERIFY(all.size() > 0);
    QCOMPARE(missing(task, all, exact.front), std::size_t{0});
    QCOMPARE(missing(task, exact.front, all), std::size_t{0});
    QCOMPARE(exact.front.size(), all.size());
}

} // namespace

class TestExact : public QObject {
    Q_OBJECT
private slots:
    void agreesWithBruteForce_data();
    void agreesWithBruteForce();
    void agreesOnSeventeenMillion();
    void residualNetsWithWidths();
    void theLargestOfTwoSums();
    void limitsPruneAndNothingElse();
    void limitsOnWhatIsNoObjective();
    void lowerLimitOnACostCutsTheFront();
    void peakMemory();
    void proportionalQuantitiesShareALane();
    void epsilonKeepsItsPromise();
    void infeasibleLimits();
    void stopsWhenTold();
    void badRequests();
};

void TestExact::agreesWithBruteForce_data()
{
    QTest::addColumn<bool>("stageTerms");
    QTest::addColumn<int>("objectives");
    for (const bool stageTerms : {false, true})
        for (int objectives = 1; objectives <= 4; ++objectives)
            QTest::addRow("%s, %d objectives", stageTerms ? "stage-wise" : "slot-wise", objectives) << stageTerms << objectives;
}

void TestExact::agreesWithBruteForce()
{
    QFETCH(bool, stageTerms);
    QFETCH(int, objectives);
    // 12 configurations a stage and two resolutions: half a million subnets.
    const Choices choices{{128, 192}, {3, 7}, {4}, {2, 3}};
    std::vector<SearchQuantity> list{kTop1, kLatency, kParams, kEnergy};
    list.resize(static_cast<std::size_t>(objectives));
    compareWithBruteForce(drawnProblem("mbv3_w1.0", stageTerms), request(list, {}, choices), "497664");
}

void TestExact::agreesOnSeventeenMillion()
{
    // 28 configurations a stage: a sum over stages of tabled sums, in an order of its own.
    const auto problem = drawnProblem("mbv3_w1.0", true);
    const auto task = prepare(problem, request({kTop1, kMacs}, {}, {{192}, {3, 7}, {6}, {2, 3, 4}}));
    const auto& space = problem.space();
    const auto base = task.allowed.repaired(space.smallest());
    std::vector<double> zero(2), row(2);
    Evaluator::Workspace workspace;
    const Evaluator evaluator(task);
    evaluator.evaluate({&base, 1}, zero, workspace);
    std::vector<std::vector<std::pair<double, double>>> stages;
    for (int stage = 0; stage < 5; ++stage) {
        stages.emplace_back();
        auto s = base;
        for (std::uint64_t i = 0; i < space.stageConfigurations(stage); ++i) {
            space.setStage(s, stage, i);
            if (!task.allowed.allows(s))
                continue;
            evaluator.evaluate({&s, 1}, row, workspace);
            stages.back().emplace_back(row[1] - zero[1], row[0] - zero[0]);
        }
        QCOMPARE(stages.back().size(), std::size_t{28});
    }
    std::map<double, double> best; // MACs are whole numbers, so equal ones meet
    std::size_t count = 0;
    const auto visit = [&](double macs, double top1) {
        ++count;
        auto [at, fresh] = best.try_emplace(macs, top1);
        if (!fresh)
            at->second = std::max(at->second, top1);
    };
    for (const auto& [m0, t0] : stages[0])
        for (const auto& [m1, t1] : stages[1])
            for (const auto& [m2, t2] : stages[2]) {
                std::map<double, double> before;
                for (const auto& [m3, t3] : stages[3])
                    for (const auto& [m4, t4] : stages[4])
                        visit(zero[1] + m0 + m1 + m2 + m3 + m4, zero[0] + t0 + t1 + t2 + t3 + t4);
            }
    QCOMPARE(count, std::size_t{17210368});
    std::vector<std::pair<double, double>> front;
    for (const auto& [macs, top1] : best)
        if (front.empty() || top1 > front.back().second + 1e-9)
            front.emplace_back(macs, top1);
    const auto exact = solveExact(task, 0, {});
    QCOMPARE(exact.front.size(), front.size());
    for (std::size_t i = 0; i < front.size(); ++i) {
        QCOMPARE(exact.front.at(i, 1), front[i].first);
        QVERIFY(std::abs(exact.front.at(i, 0) - front[i].second) < 1e-9);
    }
}

void TestExact::residualNetsWithWidths()
{
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("tiny_resnet"));
    const std::vector<int> resolutions{128, 160};
    const SearchProblem problem(parts, testing::drawnPredictor(parts->space(), resolutions, false), {testing::drawnDevice("device", parts, resolutions, 3)});
    Choices choices;
    choices.resolutions = {160};
    choices.expansions = {parts->space().stages[0].expansions.front(), parts->space().stages[0].expansions.back()};
    choices.depths = {0};
    auto q = request({kTop1, kLatency}, {}, choices);
    compareWithBruteForce(problem, q);
    q.objectives.push_back(kParams);
    compareWithBruteForce(problem, q);
}

void TestExact::theLargestOfTwoSums()
{
    const auto parts = std::make_shared<const Parts>(testing::fixtureSpace("mbv3_w1.0"));
    const std::vector<int> resolutions{128, 192};
    auto device = testing::drawnDevice("gpu", parts, resolutions, 3);
    // Launches: the same time for every block that is on, whatever it does.
    device.latencyMs.push_back(CostTable::make(parts, resolutions, [](std::size_t, int, const Block& b, int) { return b.slot < 0 ? 0.1 : b.expansion > 4 ? 0.5 : 0.3; }));
    device.energyJ.clear();
    const SearchProblem problem(parts, testing::drawnPredictor(parts->space(), resolutions, false), {device});
    const Choices choices{{}, {3, 7}, {3, 6}, {2}};
    auto q = request({kTop1, kLatency}, {}, choices); // 16 configurations a stage, two million subnets
    const auto task = prepare(problem, q);
    const auto exact = solveExact(task, 0, {});
    // Neither sum alone decides everywhere.
    bool first = false, second = false;
    for (const auto& s : exact.front.subnets)
        (device.latencyMs[0].cost(s) > device.latencyMs[1].cost(s) ? first : second) = true;
    QVERIFY(first && second);
    q.choices.kernels = {3};
    q.choices.depths = {2, 3};
    compareWithBruteForce(problem, q);
}

void TestExact::limitsPruneAndNothingElse()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto free = prepare(problem, request({kTop1, kLatency}));
    const auto all = solveExact(free, 0, {}).front;
    const double most = all.at(all.size() / 2, 1), least = all.at(all.size() / 4, 0);
    const auto limited = prepare(problem, request({kTop1, kLatency}, {{kLatency, {}, most}, {kTop1, least, {}}}));
    Points expected;
    expected.dimensions = 2;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all.at(i, 1) <= most && all.at(i, 0) >= least)
            expected.add(all.subnets[i], all.row(i));
    const auto found = solveExact(limited, 0, {}).front;
    QVERIFY(expected.size() > 100);
    QCOMPARE(found.values, expected.values);
}

void TestExact::limitsOnWhatIsNoObjective()
{
    const Choices choices{{128, 192}, {3, 7}, {4}, {2, 3}};
    const auto problem = drawnProblem("mbv3_w1.0", true);
    const auto some = bruteForce(prepare(problem, request({kTop1, kLatency, kParams}, {}, choices)));
    const double params = some.at(some.size() / 2, 2);
    compareWithBruteForce(problem, request({kTop1, kLatency}, {{kParams, {}, params}}, choices));
    compareWithBruteForce(problem, request({kTop1, kLatency}, {{kParams, params, {}}}, choices)); // at least so many parameters
    compareWithBruteForce(problem, request({kTop1}, {{kParams, {}, params}, {kLatency, {}, 20.0}}, choices));
}

void TestExact::lowerLimitOnACostCutsTheFront()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto all = solveExact(prepare(problem, request({kTop1, kLatency})), 0, {}).front;
    const double least = all.at(all.size() / 2, 1);
    const auto cut = solveExact(prepare(problem, request({kTop1, kLatency}, {{kLatency, least, {}}})), 0, {});
    QCOMPARE(cut.front.size(), all.size() - all.size() / 2);
    QCOMPARE(cut.front.at(0, 1), least);
    QCOMPARE(cut.notes.size(), std::size_t{1});
    compareText(cut.notes[0], "the lower limit on latency cuts the front: it makes no other subnet eligible");
}

void TestExact::peakMemory()
{
    const Choices choices{{128, 192, 224}, {3, 7}, {3, 6}, {2}};
    const auto problem = drawnProblem("mbv3_w1.0", false);
    auto small = choices;
    small.kernels = {3};
    compareWithBruteForce(problem, request({kTop1, kLatency, kPeak}, {}, small));
    const auto front = solveExact(prepare(problem, request({kTop1, kPeak}, {}, choices)), 0, {}).front;
    QVERIFY(front.size() > 2);
    const double most = front.at(front.size() / 2, 1);
    compareWithBruteForce(problem, request({kTop1, kLatency}, {{kPeak, {}, most}}, small));
}

void TestExact::proportionalQuantitiesShareALane()
{
    // Weight bytes are four times the parameters: the third objective adds no dimension, and no point.
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto two = solveExact(prepare(problem, request({kTop1, kParams})), 0, {}).front;
    const auto three = solveExact(prepare(problem, request({kTop1, kParams, {Metric::WeightBytes}})), 0, {}).front;
    QCOMPARE(three.subnets, two.subnets);
    const double limit = two.at(two.size() / 2, 1);
    const auto limited = solveExact(prepare(problem, request({kTop1, kParams}, {{{Metric::WeightBytes}, {}, 4 * limit}})), 0, {}).front;
    QCOMPARE(limited.size(), two.size() / 2 + 1);
}

void TestExact::epsilonKeepsItsPromise()
{
    for (const bool stageTerms : {false, true}) {
        const auto problem = drawnProblem("mbv3_w1.0", stageTerms);
        const auto task = prepare(problem, request({kTop1, kLatency, kMacs}, {}, {{160, 192}, {3, 7}, {3, 6}, {2, 3}}));
        const auto exact = solveExact(task, 0, {}).front;
        for (const double epsilon : {0.02, 0.1}) {
            const auto outcome = solveExact(task, epsilon, {});
            const auto& close = outcome.front;
            QCOMPARE(outcome.proof.epsilon, epsilon);
            QVERIFY2(close.size() < exact.size(), qPrintable(QString("%1 of %2").arg(close.size()).arg(exact.size())));
            std::size_t unmatched = 0;
            for (std::size_t i = 0; i < exact.size(); ++i) {
                bool matched = false;
                for (std::size_t j = 0; j < close.size() && !matched; ++j)
                    matched = close.at(j, 0) >= exact.at(i, 0) - 1e-9 && close.at(j, 1) <= exact.at(i, 1) * (1 + epsilon) * (1 + kAlike)
                        && close.at(j, 2) <= exact.at(i, 2) * (1 + epsilon) * (1 + kAlike);
                unmatched += !matched;
            }
            QCOMPARE(unmatched, std::size_t{0});
        }
    }
}

void TestExact::infeasibleLimits()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto all = solveExact(prepare(problem, request({kTop1, kLatency})), 0, {}).front;
    const double most = all.at(all.size() / 4, 1), least = all.at(all.size() / 2, 0);
    const auto task = prepare(problem, request({kTop1, kLatency}, {{kLatency, {}, most}, {kTop1, least, {}}}));
    QVERIFY(solveExact(task, 0, {}).front.empty());
    const auto why = explainInfeasible(task, {});
    QVERIFY(why.exact);
    QVERIFY(why.nearest.has_value());
    QCOMPARE(why.relaxations.size(), std::size_t{2});
    // With the limit on latency kept, the best top-1 is that of the front there; and the other way round.
    QCOMPARE(why.relaxations[0].quantity, kTop1);
    QCOMPARE(why.relaxations[0].limit, least);
    QCOMPARE(why.relaxations[0].needed, all.at(all.size() / 4, 0));
    QCOMPARE(why.relaxations[1].quantity, kLatency);
    QCOMPARE(why.relaxations[1].needed, all.at(all.size() / 2, 1));
    for (const auto& change : why.relaxations) {
        auto limits = request({kTop1, kLatency}, {{kLatency, {}, most}, {kTop1, least, {}}});
        auto& limit = limits.limits[change.quantity == kTop1 ? 1 : 0];
        (change.quantity == kTop1 ? limit.least : limit.most) = change.needed;
        QVERIFY(!solveExact(prepare(problem, limits), 0, {}).front.empty());
    }
}

void TestExact::stopsWhenTold()
{
    const auto problem = drawnProblem("mbv3_w1.0", true);
    const auto task = prepare(problem, request({kTop1, kLatency, kParams}));
    int asked = 0;
    const auto outcome = solveExact(task, 0, [&] { return ++asked > 20; });
    QVERIFY(!outcome.finished);
    QVERIFY(outcome.front.empty());
    QVERIFY(asked < 60);
}

void TestExact::badRequests()
{
    const auto problem = drawnProblem("mbv3_w1.0", false);
    const auto message = [&](const SearchRequest& q) { return messageOf([&] { prepare(problem, q); }); };
    compareText(message(request({})), "search: no objective: allowed one or more of top1, latency, energy, co2e, macs, params, weight-bytes, peak-activation-bytes");
    compareText(message(request({kTop1, kTop1})), "search: an objective that is named twice: found top1");
    compareText(message(request({kTop1, kLatency}, {{kLatency, 30.0, 20.0}})), "latency: limits that contradict each other: found at least 30, at most 20");
    compareText(message(request({kTop1}, {{kLatency, {}, std::numeric_limits<double>::quiet_NaN()}})), "latency: a limit that is no number: found nan");
    compareText(message(request({kTop1}, {{kLatency, {}, -1.0}})), "latency: a limit that no subnet can satisfy: found at most -1; allowed more than 0");
    compareText(message(request({kTop1}, {}, {{100}, {}, {}, {}})), "ofa-mbv3-w1.0: a resolution that space, predictor and device do not share: found 100; allowed 128, 160, 192, 224");
    compareText(message(request({kTop1}, {}, {{}, {9}, {}, {}})), "ofa-mbv3-w1.0: the space does not have this kernel: found 9; allowed 3, 5, 7");
    auto q = request({kTop1});
    q.timeMs = 0;
    compareText(message(q), "search: the time limit: found 0 ms; allowed more than 0");
    compareText(messageOf([] { metricFromName("speed", "--objectives"); }),
        "--objectives: unknown objective: found \"speed\"; allowed top1, latency, energy, co2e, macs, params, weight-bytes, peak-activation-bytes");

    const auto parts = problem.parts();
    auto broken = testing::drawnDevice("device", parts, testing::kResolutions, 1);
    auto values = broken.latencyMs[0].values();
    values[17] = std::numeric_limits<double>::quiet_NaN();
    broken.latencyMs[0] = CostTable(parts, testing::kResolutions, values);
    compareText(messageOf([&] { SearchProblem(parts, {}, {broken}); }), "device: the latency table holds a number that cannot be a cost: found nan; allowed finite, 0 or more");
    const auto other = testing::drawnDevice("device", parts, {176, 208}, 1);
    compareText(messageOf([&] { SearchProblem(parts, testing::drawnPredictor(parts->space(), testing::kResolutions, false), {other}); }).substr(0, 70),
        "search: space, predictor and devices have no resolution in common: fou");
    const SearchProblem nothing(parts, {}, {});
    compareText(messageOf([&] { prepare(nothing, request({kTop1})); }), "top1: the bundle has no accuracy predictor: allowed a bundle with one: import --predictor or fit-predictor makes it");
    compareText(messageOf([&] { prepare(nothing, request({kLatency})); }), "latency: needs a device, and the search has none");
}

QTEST_APPLESS_MAIN(TestExact)
#include "tst_exact.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "searchproblems.h"

#include "device/latencytable.h"
#include "search/ladder.h"

#include <algorithm>
#include <chrono>
#include <stop_token>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestLadder : public QObject {
    Q_OBJECT
private slots:
    void findsTheFrontOfASmallSpace();
    void findsTheBestWithinALimit();
    void findsTheCheapestThatIsGoodEnough();
    void sameOnAnyNumberOfThreads();
    void countsEvaluations();
    void keepsToLimitsAndChoices();
    void severalCosts();
    void accuracyAlone();
    void keepsAWarmStart();
    void resNet();
    void proxyless();
    void stopsWhenTold();
    void limitsOutOfReach();
    void needsAnMlp();
    void officialPredictor();
};

namespace {

const SearchQuantity kTop1{Metric::Top1Percent, 0};
const SearchQuantity kLatency{Metric::LatencyMs, 0};
const SearchQuantity kMacs{Metric::Macs, 0};
const SearchQuantity kParams{Metric::Params, 0};
const SearchQuantity kPeak{Metric::PeakActivationBytes, 0};

struct Found {
    Points all;
    Points front;
    std::uint64_t evaluations = 0;
};

Found run(
    const SearchTask& task, const SearchRequest& request, std::stop_token stop = {}, const OnProgress& onProgress = {})
{
    Archive archive(task);
    SearchControl control(request, stop, onProgress);
    searchLadder(task, request, request.warmStart, archive, control);
    return {archive.points(), archive.front(), control.evaluations()};
}

SearchRequest request(std::vector<SearchQuantity> objectives, std::uint64_t evaluations)
{
    SearchRequest r;
    r.objectives = std::move(objectives);
    r.evaluations = evaluations;
    r.threads = 2;
    return r;
}

/// Of top-1 (first column) against a cost (second), above and left of the reference.
double area(const Points& front, double top1, double cost)
{
    double sum = 0, best = top1;
    for (std::size_t i = 0; i < front.size(); ++i) // ascending in cost
        if (front.at(i, 0) > best && front.at(i, 1) < cost) {
            sum += (front.at(i, 0) - best) * (cost - front.at(i, 1));
            best = front.at(i, 0);
        }
    return sum;
}

/// Every allowed subnet with its values.
Points bruteForce(const SearchTask& task)
{
    const auto subnets = testing::allSubnets(task);
    std::vector<double> values(subnets.size() * task.dimensions.size());
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(subnets, values, workspace);
    Points all;
    all.dimensions = task.dimensions.size();
    all.subnets = subnets;
    all.values = values;
    return all;
}

/// The values in the archive are those that the evaluator gives, bit by bit, and every subnet is an allowed one.
void verifyValues(const SearchTask& task, const Points& points)
{
    std::vector<double> values(points.values.size());
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(points.subnets, values, workspace);
    QVERIFY(values == points.values);
    for (const auto& s : points.subnets)
        QVERIFY(task.allowed.allows(s));
}

} // namespace

void TestLadder::findsTheFrontOfASmallSpace()
{
    const auto problem = testing::ruggedProblem();
    auto r = request({kTop1, kLatency}, 20000);
    r.choices = testing::fewChoices();
    r.choices.resolutions = {160};
    const auto task = prepare(problem, r);
    const auto all = frontOf(task, bruteForce(task));
    const double top1 = all.at(0, 0) - 0.1, cost = all.at(all.size() - 1, 1) * 1.1, whole = area(all, top1, cost);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        r.seed = seed;
        const auto found = run(task, r);
        verifyValues(task, found.all);
        const double share = area(found.front, top1, cost) / whole;
        QVERIFY2(share >= 0.999, qPrintable(QString::number(share, 'g', 8)));
        QVERIFY(share <= 1 + 1e-12);
    }
}

void TestLadder::findsTheBestWithinALimit()
{
    const auto problem = testing::ruggedProblem();
    auto r = request({kTop1}, 20000);
    r.choices = testing::fewChoices();
    r.choices.resolutions = {192};
    r.limits = {{kLatency, std::nullopt, 20.0}, {kParams, std::nullopt, 4e6}};
    auto task = prepare(problem, r);
    auto all = bruteForce(task);
    std::vector<double> costs;
    for (std::size_t i = 0; i < all.size(); ++i)
        costs.push_back(all.at(i, 1));
    std::nth_element(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 10), costs.end());
    r.limits[0].most = costs[costs.size() / 10]; // a tenth of the subnets is fast enough
    task = prepare(problem, r);
    const auto best = frontOf(task, all);
    QCOMPARE(best.size(), std::size_t{1});
    const auto found = run(task, r);
    verifyValues(task, found.all);
    QCOMPARE(found.front.size(), std::size_t{1});
    QCOMPARE(found.front.at(0, 0), best.at(0, 0));
}

void TestLadder::findsTheCheapestThatIsGoodEnough()
{
    const auto problem = testing::ruggedProblem();
    auto r = request({kLatency}, 20000);
    r.choices = testing::fewChoices();
    r.choices.resolutions = {160};
    r.limits = {{kTop1, 0.0, std::nullopt}};
    auto task = prepare(problem, r);
    const auto all = bruteForce(task);
    std::vector<double> top1;
    for (std::size_t i = 0; i < all.size(); ++i)
        top1.push_back(all.at(i, 1));
    std::nth_element(top1.begin(), top1.end() - 2000, top1.end());
    r.limits[0].least = *(top1.end() - 2000);
    task = prepare(problem, r);
    const auto best = frontOf(task, all), found = run(task, r).front;
    QCOMPARE(best.size(), std::size_t{1});
    QCOMPARE(found.size(), std::size_t{1});
    QVERIFY2(found.at(0, 0) <= best.at(0, 0) * 1.002,
        qPrintable(QString("%1 instead of %2").arg(found.at(0, 0)).arg(best.at(0, 0))));
}

void TestLadder::sameOnAnyNumberOfThreads()
{
    const auto problem = testing::ruggedProblem();
    for (const auto& objectives : {std::vector<SearchQuantity>{kTop1, kLatency}, {kTop1, kLatency, kParams}, {kTop1}}) {
        auto r = request(objectives, 6000);
        r.limits = {{kMacs, std::nullopt, 4e8}};
        r.seed = 5;
        const auto task = prepare(problem, r);
        r.threads = 1;
        const auto one = run(task, r);
        QVERIFY(!one.front.empty());
        for (const int threads : {2, 3}) {
            r.threads = threads;
            const auto more = run(task, r);
            QVERIFY(more.all == one.all);
            QCOMPARE(more.evaluations, one.evaluations);
        }
        r.seed = 6;
        QVERIFY(run(task, r).all != one.all);
    }
}

void TestLadder::countsEvaluations()
{
    const auto problem = testing::ruggedProblem();
    for (const std::uint64_t limit : {1u, 7u, 50u, 300u, 1000u, 5000u}) {
        const auto r = request({kTop1, kLatency}, limit);
        const auto task = prepare(problem, r);
        const auto found = run(task, r);
        QVERIFY2(found.evaluations <= limit && found.evaluations >= std::min<std::uint64_t>(limit, 50) / 2,
            qPrintable(QString("%1 of %2").arg(found.evaluations).arg(limit)));
        QVERIFY(found.all.size() <= limit && !found.all.empty());
    }
}

void TestLadder::keepsToLimitsAndChoices()
{
    const auto problem = testing::ruggedProblem();
    auto r = request({kTop1, kLatency}, 8000);
    r.choices.kernels = {3, 7};
    r.choices.depths = {2, 4}; // no single block leads from one to the other
    r.choices.expansions = {4, 6};
    r.limits = {{kTop1, std::nullopt, std::nullopt}, {kMacs, std::nullopt, 3.5e8}, {kPeak, std::nullopt, 3.0e6}};
    const auto task = prepare(problem, r);
    const auto found = run(task, r);
    verifyValues(task, found.all);
    QVERIFY(!found.front.empty());
    bool shallow = false, deep = false;
    for (std::size_t i = 0; i < found.front.size(); ++i) {
        QVERIFY(task.satisfies(found.front.row(i)));
        QVERIFY(found.front.at(i, 2) <= 3.5e8 && found.front.at(i, 3) <= 3.0e6);
        const auto& d = found.front.subnets[i].depth;
        shallow = shallow || std::count(d.begin(), d.begin() + 5, 2) > 0;
        deep = deep || std::count(d.begin(), d.begin() + 5, 4) > 0;
    }
    QVERIFY(shallow && deep);
}

void TestLadder::severalCosts()
{
    // Latency as the larger of two sums, beside parameters: better than as many random subnets.
    const std::vector<int> resolutions{160, 192};
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    auto device = testing::noisyDevice(parts, resolutions);
    device.latencyMs.push_back(testing::noisyDevice(parts, resolutions, "other").latencyMs.front());
    const SearchProblem problem(parts, testing::ruggedPredictor(parts->space(), resolutions), {device});
    const auto r = request({kTop1, kLatency, kParams}, 12000);
    const auto task = prepare(problem, r);
    const auto found = run(task, r);
    verifyValues(task, found.all);
    QVERIFY(found.front.size() > 50);
    Random random(3);
    std::vector<Subnet> drawn;
    for (int i = 0; i < 12000; ++i)
        drawn.push_back(task.allowed.uniform(random));
    std::vector<double> values(drawn.size() * 3);
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(drawn, values, workspace);
    Points others;
    others.dimensions = 3;
    others.subnets = drawn;
    others.values = values;
    others = frontOf(task, others);
    std::size_t beaten = 0;
    for (std::size_t i = 0; i < others.size(); ++i)
        for (std::size_t k = 0; k < found.front.size(); ++k)
            if (found.front.at(k, 0) >= others.at(i, 0) && found.front.at(k, 1) <= others.at(i, 1)
                && found.front.at(k, 2) <= others.at(i, 2)) {
                ++beaten;
                break;
            }
    QVERIFY2(beaten * 10 >= others.size() * 9, qPrintable(QString("%1 of %2").arg(beaten).arg(others.size())));
}

void TestLadder::accuracyAlone()
{
    const auto problem = testing::ruggedProblem();
    auto r = request({kTop1}, 20000);
    r.choices = testing::fewChoices();
    r.choices.resolutions = {160};
    auto task = prepare(problem, r);
    QCOMPARE(run(task, r).front.at(0, 0), frontOf(task, bruteForce(task)).at(0, 0));
    r.limits = {{kPeak, std::nullopt, 2.5e6}}; // the only other quantity is no sum
    task = prepare(problem, r);
    const auto best = frontOf(task, bruteForce(task)), found = run(task, r).front;
    QCOMPARE(found.size(), best.size());
    if (!best.empty())
        QCOMPARE(found.at(0, 0), best.at(0, 0));
}

void TestLadder::keepsAWarmStart()
{
    const auto problem = testing::ruggedProblem();
    auto r = request({kTop1, kLatency}, 40000);
    const auto task = prepare(problem, r);
    const auto good = run(task, r).front;
    r.evaluations = 2000;
    r.warmStart = good.subnets;
    r.warmStart.push_back(good.subnets.front());
    r.warmStart.back().resolution = 208; // not allowed
    const auto warm = run(task, r).front;
    for (std::size_t i = 0; i < good.size(); ++i) {
        bool kept = false;
        for (std::size_t k = 0; k < warm.size(); ++k)
            kept = kept || (warm.at(k, 0) >= good.at(i, 0) && warm.at(k, 1) <= good.at(i, 1));
        QVERIFY(kept);
    }
}

void TestLadder::resNet()
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-resnet50"));
    const std::vector<int> resolutions{128, 160, 224};
    const Encoding encoding(EncodingKind::OfaNasResNet, parts->space(), resolutions, "formula");
    const AccuracyPredictor predictor(
        std::make_shared<const MlpPredictor>(
            testing::formulaTensors(MlpLayout::OfaNas, encoding.inputs(), 24), encoding, "formula"),
        {});
    const SearchProblem problem(parts, predictor, {});
    auto r = request({kTop1, kMacs}, 10000);
    r.limits = {{kMacs, std::nullopt, 2.5e9}};
    const auto task = prepare(problem, r);
    const auto found = run(task, r);
    verifyValues(task, found.all);
    QVERIFY(found.front.size() > 10);
    std::vector<int> widths(3, 0);
    for (const auto& s : found.front.subnets)
        for (int g = 0; g < parts->space().widthGenes(); ++g)
            ++widths[s.width[static_cast<std::size_t>(g)]];
    QVERIFY(widths[0] > 0 && widths[1] > 0 && widths[2] > 0);
    Random random(3); // against as many drawn at random
    std::vector<Subnet> drawn;
    for (int i = 0; i < 10000; ++i)
        drawn.push_back(task.allowed.uniform(random));
    std::vector<double> values(drawn.size() * 2);
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(drawn, values, workspace);
    for (std::size_t i = 0; i < drawn.size(); ++i)
        if (values[2 * i + 1] <= 2.5e9) {
            bool beaten = false;
            for (std::size_t k = 0; k < found.front.size() && !beaten; ++k)
                beaten = found.front.at(k, 0) >= values[2 * i] && found.front.at(k, 1) <= values[2 * i + 1];
            QVERIFY(beaten);
        }
}

void TestLadder::proxyless()
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-proxyless-w1.3"));
    const SearchProblem problem(parts, testing::ruggedPredictor(parts->space(), {160, 192}), {});
    const auto r = request({kTop1, kMacs}, 5000);
    const auto task = prepare(problem, r);
    const auto found = run(task, r);
    verifyValues(task, found.all);
    QVERIFY(found.front.size() > 20);
}

void TestLadder::stopsWhenTold()
{
    const auto problem = testing::ruggedProblem();
    SearchRequest r;
    r.objectives = {kTop1, kLatency}; // no bound at all
    const auto task = prepare(problem, r);
    std::stop_source stop;
    std::size_t reports = 0;
    const auto found = run(task, r, stop.get_token(), [&](const SearchProgress& p) {
        QVERIFY(p.front && !p.front->empty());
        QVERIFY(!p.share);
        if (++reports == 3)
            stop.request_stop();
    });
    QVERIFY(reports >= 3 && reports <= 4);
    QVERIFY(!found.front.empty());
    verifyValues(task, found.all); // a search by the clock may rank with bfloat16, but keeps exact numbers only
    r.timeMs = 30;
    QVERIFY(!run(task, r).all.empty());
    std::stop_source before;
    before.request_stop();
    QVERIFY(run(task, r, before.get_token()).evaluations < 1000);
}

void TestLadder::limitsOutOfReach()
{
    const auto problem = testing::ruggedProblem();
    for (const auto& limits : {std::vector<Limit>{{kLatency, std::nullopt, 0.01}}, {{kMacs, std::nullopt, 1e6}},
             {{kTop1, 1000.0, std::nullopt}}}) {
        auto r = request({kTop1, kLatency}, 3000);
        r.limits = limits;
        const auto task = prepare(problem, r);
        const auto found = run(task, r);
        QVERIFY(found.front.empty());
        QVERIFY(!found.all.empty()); // to say how near it came
        QVERIFY(found.evaluations <= 3000);
    }
}

void TestLadder::needsAnMlp()
{
    const std::vector<int> resolutions{160, 192};
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    const SearchProblem additive(
        parts, testing::additivePredictor(parts->space(), resolutions), {testing::noisyDevice(parts, resolutions)});
    auto r = request({kTop1, kLatency}, 100);
    const auto message = messageOf([&] { run(prepare(additive, r), r); });
    compareText(message,
        "ladder: the ladder follows the gradient of an MLP predictor: found " + additive.predictor()->describe()
            + "; allowed exact, for additive predictors");
    r.objectives = {kLatency};
    const auto rugged = testing::ruggedProblem();
    compareText(messageOf([&] { run(prepare(rugged, r), r); }),
        "ladder: the ladder needs top-1 as an objective or a limit: allowed exact, which does without");
}

void TestLadder::officialPredictor()
{
    NEED_REFERENCE(testing::kRealPredictor);
    NEED_REFERENCE("real/once-for-all/note10");
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto parts = std::make_shared<const Parts>(space);
    SearchDevice device;
    device.id = "note10";
    device.latencyMs = {toCostTable(readLatencyTable(testing::referenceDir() / "real/once-for-all/note10"), parts)};
    auto predictor = openPredictor(testing::referenceDir() / testing::kRealPredictor, space);
    predictor.calibration = Calibration{-8.0, 1.04, "made up"};
    const SearchProblem problem(parts, predictor, {device});
    auto r = request({kTop1}, 30000);
    r.choices.resolutions = {160, 176, 192, 208, 224};
    r.limits = {{kLatency, std::nullopt, 25.0}};
    const auto task = prepare(problem, r);
    const auto found = run(task, r);
    verifyValues(task, found.all);
    // The published algorithm's mean is 81.819 % raw after 50,100 evaluations, the best known 82.222.
    QVERIFY2(
        found.front.at(0, 0) > predictor.calibration->apply(82.0), qPrintable(QString::number(found.front.at(0, 0))));
    QVERIFY(found.front.at(0, 1) <= 25.0);
}

QTEST_APPLESS_MAIN(TestLadder)
#include "tst_ladder.moc"

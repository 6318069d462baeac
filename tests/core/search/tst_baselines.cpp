// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NSGA-II, random search and the published algorithm as searches: what they find, and that they keep to a request.
#include "searchproblems.h"

#include "search/evolution.h"
#include "search/nondominated.h"
#include "search/nsga2.h"
#include "search/randomsearch.h"

#include <limits>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const SearchQuantity kTop1{Metric::Top1Percent, 0};
const SearchQuantity kLatency{Metric::LatencyMs, 0};
const SearchQuantity kMacs{Metric::Macs, 0};
const SearchQuantity kParams{Metric::Params, 0};
const SearchQuantity kPeak{Metric::PeakActivationBytes, 0};

struct Found {
    Points all;
    Points front;
    std::uint64_t evaluations = 0;
    std::vector<std::string> notes;
};

Found run(const SearchProblem& problem, const SearchRequest& request, std::stop_token stop = {},
    const OnProgress& onProgress = {}, const Nsga2Settings& settings = {})
{
    const auto task = prepare(problem, request);
    Archive archive(task);
    SearchControl control(request, stop, onProgress);
    Found found;
    switch (request.algorithm) {
    case Algorithm::Nsga2:
        searchNsga2(task, request, archive, control, settings);
        break;
    case Algorithm::Random:
        searchRandom(task, request, archive, control);
        break;
    default:
        searchEvolution(task, request, request.algorithm, archive, control, &found.notes);
    }
    found.all = archive.points();
    found.front = archive.front();
    found.evaluations = control.evaluations();
    return found;
}

SearchRequest request(Algorithm algorithm, std::vector<SearchQuantity> objectives, std::uint64_t evaluations)
{
    SearchRequest r;
    r.algorithm = algorithm;
    r.objectives = std::move(objectives);
    r.evaluations = evaluations;
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

const std::vector<Algorithm> kBaselines{
    Algorithm::Evolution, Algorithm::EvolutionNas, Algorithm::Nsga2, Algorithm::Random};

} // namespace

class TestBaselines : public QObject {
    Q_OBJECT
private slots:
    void crowdingDistance();
    void nsga2AgainstEverySubnet();
    void nsga2KeepsLimits();
    void nsga2WithOneObjectiveAndWithMany();
    void nsga2EndsWhereNothingIsNew();
    void nsga2TakesAWarmStart();
    void evolutionIsThePublishedRun();
    void evolutionOverAGrid();
    void evolutionWithAnyCost();
    void evolutionRefusesOtherShapes();
    void evolutionSaysWhatIsTooTight();
    void sameSeedSameResult();
    void evaluationsAreBoundedExactly();
    void forbiddenChoicesAreNeverSeen();
    void toldToStop();
};

void TestBaselines::crowdingDistance()
{
    QCOMPARE(crowdingDistances(std::vector<double>{}, 2).size(), std::size_t{0});
    // Deb et al.: (next - previous) / range, summed over the columns.
    const std::vector<double> line{0, 10, 1, 8, 4, 4, 10, 0};
    const auto d = crowdingDistances(line, 2);
    QCOMPARE(d, (std::vector<double>{kInfinity, 0.4 + 0.6, 0.9 + 0.8, kInfinity}));
    // A copy adds nothing, and is no neighbour of its original.
    auto twice = line;
    twice.insert(twice.end(), {4, 4, 0, 10});
    QCOMPARE(crowdingDistances(twice, 2), (std::vector<double>{kInfinity, 1.0, 0.9 + 0.8, kInfinity, 0, 0}));
    // A column without a range counts nothing: no division by zero.
    QCOMPARE(crowdingDistances(std::vector<double>{1, 5, 1, 5, 1, 5}, 2), (std::vector<double>{0, 0, 0}));
    QCOMPARE(crowdingDistances(std::vector<double>{0, 7, 1, 7, 3, 7, 4, 7}, 2),
        (std::vector<double>{kInfinity, 0.75, 0.75, kInfinity}));
    // Rows that are equal in a column: the order of the rows decides nothing.
    Random random(3);
    std::vector<std::array<double, 3>> rows;
    for (int i = 0; i < 40; ++i)
        rows.push_back({double(random.below(4)), double(random.below(4)), i + 0.5});
    std::map<double, double> byLast;
    for (int turn = 0; turn < 5; ++turn) {
        std::vector<double> flat;
        for (const auto& row : rows)
            flat.insert(flat.end(), row.begin(), row.end());
        const auto distances = crowdingDistances(flat, 3);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (turn == 0)
                byLast[rows[i][2]] = distances[i];
            QCOMPARE(distances[i], byLast[rows[i][2]]);
        }
        for (std::size_t i = rows.size() - 1; i > 0; --i)
            std::swap(rows[i], rows[random.below(i + 1)]);
    }
}

void TestBaselines::nsga2AgainstEverySubnet()
{
    const auto problem = testing::ruggedProblem({160});
    auto r = request(Algorithm::Nsga2, {kTop1, kLatency}, 20'000);
    r.choices = testing::fewChoices();
    const auto task = prepare(problem, r);
    const auto all = testing::allSubnets(task);
    compareText(std::to_string(all.size()), task.allowed.count());
    Points everything{2, all, std::vector<double>(all.size() * 2)};
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(all, everything.values, workspace);
    const auto best = frontOf(task, everything);
    const double top1 = best.at(0, 0) - 0.2, cost = 1.1 * best.at(best.size() - 1, 1);
    const double whole = area(best, top1, cost);
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        r.seed = seed;
        const auto found = run(problem, r);
        QCOMPARE(found.evaluations, std::uint64_t{20'000});
        const double share = area(found.front, top1, cost) / whole;
        QVERIFY2(share >= 0.99 && share <= 1 + 1e-12, qPrintable(QString::number(share, 'f', 5)));
    }
    r.algorithm = Algorithm::Random; // the same number of random ones is far from it
    QVERIFY(area(run(problem, r).front, top1, cost) / whole < 0.97);
}

void TestBaselines::nsga2KeepsLimits()
{
    const auto problem = testing::ruggedProblem();
    auto r = request(Algorithm::Nsga2, {kTop1, kLatency}, 6000);
    r.limits = {{kMacs, {}, 90e6}, {kLatency, {}, 9.0}};
    const auto found = run(problem, r);
    QVERIFY(found.front.size() >= 5);
    for (std::size_t i = 0; i < found.front.size(); ++i) {
        QVERIFY(found.front.at(i, 1) <= 9.0);
        QVERIFY(found.front.at(i, 2) <= 90e6);
    }
    r.algorithm = Algorithm::Random; // hardly one of the random ones is within
    QVERIFY(run(problem, r).front.size() < found.front.size());
    r.algorithm = Algorithm::Nsga2;
    r.limits = {{kMacs, {}, 1.0}};
    QVERIFY(run(problem, r).front.empty());
}

void TestBaselines::nsga2WithOneObjectiveAndWithMany()
{
    const auto problem = testing::ruggedProblem();
    auto one = request(Algorithm::Nsga2, {kTop1}, 8000);
    one.limits = {{kLatency, {}, 15.0}};
    const auto best = run(problem, one);
    QCOMPARE(best.front.size(), std::size_t{1});
    QVERIFY(best.front.at(0, 1) <= 15.0);
    one.algorithm = Algorithm::Random;
    const auto random = run(problem, one);
    QVERIFY(random.front.empty() || random.front.at(0, 0) < best.front.at(0, 0));

    auto many = request(Algorithm::Nsga2, {kLatency, kMacs, kTop1, kParams}, 2000);
    const auto found = run(problem, many);
    QVERIFY(found.front.size() > 20);
    QCOMPARE(found.front.dimensions, std::size_t{4});
    auto noAccuracy = request(Algorithm::Nsga2, {kMacs, kPeak}, 3000);
    const auto costs = run(problem, noAccuracy);
    auto smallest = problem.space().smallest();
    smallest.resolution = 160;
    QVERIFY(costs.front.at(0, 0) < 1.2 * CostTable::macs(problem.parts(), {160}).cost(smallest));
    Nsga2Settings settings;
    settings.population = 3;
    compareText(
        messageOf([&] { run(problem, many, {}, {}, settings); }), "nsga2: the population: found 3; allowed 4 or more");
}

void TestBaselines::nsga2EndsWhereNothingIsNew()
{
    const auto problem = testing::ruggedProblem({160});
    SearchRequest r = request(Algorithm::Nsga2, {kTop1, kLatency}, 1'000'000);
    r.choices.kernels = {3};
    r.choices.expansions = {4};
    const auto found = run(problem, r); // 3^5 depths
    QCOMPARE(found.evaluations, std::uint64_t{243});
    QCOMPARE(found.all.size(), std::size_t{243});
    r.choices.depths = {2};
    QCOMPARE(run(problem, r).all.size(), std::size_t{1});
}

void TestBaselines::nsga2TakesAWarmStart()
{
    const auto problem = testing::ruggedProblem();
    auto r = request(Algorithm::Nsga2, {kTop1, kLatency}, 5000);
    const auto first = run(problem, r);
    r.warmStart = first.front.subnets;
    r.warmStart.push_back(problem.space().largest()); // 224: not allowed, dropped
    r.evaluations = 100;
    r.seed = 2;
    const auto second = run(problem, r);
    const double top1 = first.front.at(0, 0) - 1, cost = 60;
    const auto kept = std::min<std::size_t>(100, first.front.size());
    QVERIFY(std::equal(second.all.subnets.begin(), second.all.subnets.begin() + static_cast<std::ptrdiff_t>(kept),
        first.front.subnets.begin()));
    if (first.front.size() <= 100)
        QVERIFY(area(second.front, top1, cost) >= area(first.front, top1, cost));
}

void TestBaselines::evolutionIsThePublishedRun()
{
    const auto problem = testing::ruggedProblem();
    for (const auto algorithm : {Algorithm::Evolution, Algorithm::EvolutionNas}) {
        SearchRequest r;
        r.algorithm = algorithm;
        r.objectives = {kTop1};
        r.limits = {{kLatency, {}, 20.0}};
        r.seed = 5;
        const auto task = prepare(problem, r);
        EvolutionSettings settings;
        settings.variant = algorithm == Algorithm::Evolution ? EvolutionVariant::Tutorial : EvolutionVariant::Nas;
        settings.mostCost = 20;
        SeededDraws draws(5);
        const auto& table = task.dimensions[1].tables.front();
        const auto outcome = evolve(
            EvolutionSpace(problem.space(), task.allowed), settings, draws,
            [&](const Subnet& s) { return table.cost(s); },
            [&](std::span<const Subnet> subnets, std::span<double> out) {
                problem.predictor()->predict(subnets, out);
            });
        const auto found = run(problem, r); // without a bound: the published budget
        QCOMPARE(found.evaluations, std::uint64_t{50'100});
        QCOMPARE(outcome.scored, std::uint64_t{50'100});
        const auto at = std::find(found.all.subnets.begin(), found.all.subnets.end(), outcome.subnet);
        QVERIFY(at != found.all.subnets.end());
        QCOMPARE(found.front.size(), std::size_t{1});
        QVERIFY(found.front.at(0, 0) >= 100 * outcome.accuracy - 1e-9); // the last generation may hold a better one
        QVERIFY(found.front.at(0, 1) <= 20.0);
    }
}

void TestBaselines::evolutionOverAGrid()
{
    const auto problem = testing::ruggedProblem();
    auto r = request(Algorithm::Evolution, {kTop1, kLatency}, 60'000);
    r.limits = {{kLatency, {}, 40.0}};
    const auto found = run(problem, r);
    QCOMPARE(found.evaluations, std::uint64_t{60'000});
    QVERIFY(found.front.size() > 30);
    double lowest = kInfinity, highest = 0; // all along the axis
    for (std::size_t i = 0; i < found.all.size(); ++i) {
        lowest = std::min(lowest, found.all.at(i, 1));
        highest = std::max(highest, found.all.at(i, 1));
    }
    QVERIFY(lowest < 9 && highest > 25 && highest <= 40);
    r.limits = {{kLatency, {}, 0.5}};
    const auto none = run(problem, r);
    QVERIFY(none.all.empty());
    QCOMPARE(none.notes.size(), std::size_t{1});
    compareText(none.notes.front(), "no subnet has a latency between the limits");
}

void TestBaselines::evolutionWithAnyCost()
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    const SearchProblem problem(parts, testing::additivePredictor(parts->space(), {160, 192}), {});
    for (const auto& cost : {kMacs, kParams, kPeak}) {
        for (const auto algorithm : {Algorithm::Evolution, Algorithm::EvolutionNas}) {
            const auto found = run(problem, request(algorithm, {cost, kTop1}, 5000));
            QCOMPARE(found.evaluations, std::uint64_t{5000});
            QVERIFY(found.front.size() >= 3);
        }
    }
}

void TestBaselines::evolutionRefusesOtherShapes()
{
    const auto problem = testing::ruggedProblem();
    const auto message = [&](std::vector<SearchQuantity> objectives, std::vector<Limit> limits) {
        auto r = request(Algorithm::Evolution, std::move(objectives), 100);
        r.limits = std::move(limits);
        return messageOf([&] { run(problem, r); });
    };
    const std::string allowed = "; allowed top1 with one limited cost, or top1 and one cost as objectives; nsga2 takes "
                                "any objectives and limits";
    const auto problemIs = [&](const char* text) {
        return std::string("evolution: ") + text + ": allowed" + allowed.substr(9);
    };
    compareText(message({kLatency, kMacs}, {}), problemIs("top1 is no objective"));
    compareText(message({kLatency}, {{kTop1, 70.0, {}}}), problemIs("top1 is no objective"));
    compareText(message({kTop1}, {}), problemIs("no cost is limited"));
    compareText(message({kTop1}, {{kLatency, 5.0, {}}}), problemIs("the cost has no upper limit"));
    compareText(message({kTop1, kLatency, kMacs}, {}), problemIs("more than one cost"));
    compareText(message({kTop1, kLatency}, {{kMacs, {}, 1e8}}), problemIs("more than one cost"));
}

void TestBaselines::evolutionSaysWhatIsTooTight()
{
    const auto problem = testing::ruggedProblem({160});
    auto r = request(Algorithm::Evolution, {kTop1}, 1000);
    r.limits = {{kMacs, {}, 1e6}};
    r.choices.kernels = {3}; // few choices, so that drawing is quick
    r.choices.expansions = {3};
    const auto found = run(problem, r);
    QCOMPARE(found.evaluations, std::uint64_t{0});
    QVERIFY(found.all.empty());
    QCOMPARE(found.notes.size(), std::size_t{1});
    compareText(found.notes.front(),
        "macs of at most 1e+06: the published algorithm draws until a subnet fits, and 1000000 in a row did not");
    r.timeMs = 20; // a bound of time comes first
    QVERIFY(run(problem, r).notes.empty());
}

void TestBaselines::sameSeedSameResult()
{
    const auto problem = testing::ruggedProblem();
    for (const auto algorithm : kBaselines) {
        auto r = request(algorithm, {kTop1, kLatency}, 4000);
        r.seed = 11;
        r.threads = 1;
        const auto first = run(problem, r);
        r.threads = 7;
        QVERIFY(run(problem, r).all == first.all);
        r.seed = 12;
        QVERIFY(!(run(problem, r).all == first.all));
    }
}

void TestBaselines::evaluationsAreBoundedExactly()
{
    const auto problem = testing::ruggedProblem();
    for (const auto algorithm : kBaselines)
        for (const std::uint64_t bound : {1u, 99u, 777u, 3001u}) {
            const auto found = run(problem, request(algorithm, {kTop1, kLatency}, bound));
            QCOMPARE(found.evaluations, bound);
            QVERIFY(found.all.size() <= bound);
            QVERIFY(found.all.size() > bound / 2);
        }
}

void TestBaselines::forbiddenChoicesAreNeverSeen()
{
    const auto problem = testing::ruggedProblem();
    for (const auto algorithm : kBaselines) {
        auto r = request(algorithm, {kTop1, kLatency}, 3000);
        r.choices.kernels = {3, 7};
        r.choices.expansions = {3, 4};
        r.choices.depths = {2, 4};
        r.choices.resolutions = {192};
        r.warmStart = {problem.space().smallest()};
        const auto task = prepare(problem, r);
        const auto found = run(problem, r);
        QVERIFY(found.all.size() > 1000);
        std::set<int> kernels;
        for (const auto& s : found.all.subnets) {
            QVERIFY(task.allowed.allows(s));
            validate(problem.space(), s, "found");
            for (const auto op : s.op)
                if (op)
                    kernels.insert(problem.space().stages[0].kernelOf(op));
        }
        QCOMPARE(kernels, (std::set<int>{3, 7}));
    }
}

void TestBaselines::toldToStop()
{
    const auto problem = testing::ruggedProblem();
    for (const auto algorithm : kBaselines) {
        std::stop_source before;
        before.request_stop();
        QCOMPARE(run(problem, request(algorithm, {kTop1, kLatency}, 1'000'000'000), before.get_token()).evaluations,
            std::uint64_t{0});
        std::stop_source source; // stopped from the first report
        int reports = 0;
        std::uint64_t reported = 0;
        const auto found = run(problem, request(algorithm, {kTop1, kLatency}, 1'000'000'000), source.get_token(),
            [&](const SearchProgress& p) {
                ++reports;
                reported = p.evaluations;
                QVERIFY(p.front && !p.front->empty());
                source.request_stop();
            });
        QCOMPARE(reports, 1);
        QVERIFY(found.evaluations - reported <= 128);
    }
    // In fruitless drawing, too.
    auto r = request(Algorithm::Evolution, {kTop1}, 1'000);
    r.limits = {{kLatency, {}, 0.1}};
    r.timeMs = 5;
    QCOMPARE(run(problem, r).evaluations, std::uint64_t{0});
}

QTEST_APPLESS_MAIN(TestBaselines)
#include "tst_baselines.moc"

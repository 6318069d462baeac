// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/ladder.h"

#include "base/error.h"
#include "search/crew.h"
#include "search/ladderchains.h"
#include "search/ladderfront.h"
#include "search/ladderstart.h"

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

using namespace ladder;

constexpr std::size_t kChains = 60;
constexpr std::size_t kGroups = 4; // fixed, so that the number of threads changes nothing
constexpr double kHot = 0.03, kCold = 0.012; // temperatures, of the front's range of accuracy
constexpr double kAnnealed = 0.9; // share of the bound; after it the front is expanded until nothing is left
constexpr int kExpansions = 6; // while annealing
constexpr std::size_t kMostExpanded = 400; // members at once
constexpr int kMostSteps = 48, kFewestSteps = 4; // of a round
constexpr double kRounds = 12; // at least, within the bound
constexpr double kWindow = 0.05; // of the range of costs, below a single limit
constexpr double kLag = 0.02; // of the range of accuracy: chains that are farther behind begin anew
constexpr double kAccuracyShare = 0.35; // in the distance along the front by which budgets are placed
constexpr std::size_t kMostCandidates = 1000; // of the start

class Ladder {
public:
    Ladder(const SearchTask& task, const SearchRequest& request, Archive& archive, SearchControl& control, const MlpGradient& gradient, bool exact)
        : m_task(task)
        , m_archive(archive)
        , m_control(control)
        , m_model(task, gradient)
        , m_evaluator(task)
        , m_engine{m_model, gradient, m_evaluator, exact, {}}
        , m_crew(request.threads)
        , m_random(request.seed)
        , m_zero(task.problem->top1Percent(0))
        , m_slope(task.problem->top1Percent(1) - m_zero)
    {
        for (const auto& r : m_model.ranges())
            m_engine.rowScale.push_back(std::max(r.most - r.least, 1e-9 * r.most));
    }

    void run(std::span<const Subnet> start);

private:
    void setLadder();
    bool limitsAreInReach() const;
    void seed(std::span<const Subnet> start);
    std::vector<Subnet> linearised();
    void evaluate(std::vector<Subnet> subnets);
    void placeBudgets();
    void placeAlongFront();
    void placeAtMembers();
    void placeBelow(double cost, double width);
    void refresh();
    void setPrices();
    void handUp();
    void anneal();
    void round(int steps, float temperature);
    bool expand();
    void collect(Group& group);
    Group& groupOf(std::size_t m) { return m_groups[m % kGroups]; }
    Chain& chain(std::size_t m) { return groupOf(m).chains[m / kGroups]; }
    void setPrimary(std::size_t m, double budget);
    std::uint64_t left() const;
    bool enough() const { return m_control.stopped() || left() == 0; }
    int stepsOfRound() const;

    const SearchTask& m_task;
    Archive& m_archive;
    SearchControl& m_control;
    Model m_model;
    Evaluator m_evaluator;
    Engine m_engine;
    Crew m_crew;
    Random m_random;
    std::vector<Group> m_groups;
    std::vector<double> m_most; // by row: the limits, or the largest there is
    double m_least = 0, m_greatest = 0; // of the primary cost
    double m_zero = 0, m_slope = 100; // shown percent of raw accuracy 0, and of a unit of it
    float m_spread = 0.05f; // of raw accuracy along the front
    std::size_t m_costObjectives = 0;
    std::vector<float> m_meanGains;
    Staircase m_stairs;
    Front m_front;
    double m_stepMs = 0;
};

void Ladder::setLadder()
{
    for (std::size_t i = 0; i < m_task.objectives; ++i)
        m_costObjectives += i != *m_task.accuracy;
    for (std::size_t k = 0; k < m_model.rows().size(); ++k) {
        const auto d = m_model.rows()[k].dimension;
        m_most.push_back(std::min(d == Model::kNoDimension ? m_model.ranges()[k].most : m_task.dimensions[d].most, m_model.ranges()[k].most));
    }
    m_least = std::numeric_limits<double>::infinity();
    for (const auto k : m_model.primaryRows()) {
        m_least = std::min(m_least, m_model.ranges()[k].least);
        m_greatest = std::max(m_greatest, m_most[k]);
    }
    m_stairs = Staircase(m_least, m_greatest);
    for (std::size_t g = 0; g < kGroups; ++g)
        m_groups.emplace_back(m_engine, m_random.next());
    for (std::size_t m = 0; m < kChains; ++m) {
        groupOf(m).chains.emplace_back();
        chain(m).budget = m_most;
    }
}

bool Ladder::limitsAreInReach() const
{
    for (std::size_t k = 0; k < m_most.size(); ++k)
        if (m_model.ranges()[k].least > m_most[k])
            return false;
    return true;
}

std::uint64_t Ladder::left() const
{
    const auto limit = m_control.evaluationLimit();
    if (limit == 0)
        return std::numeric_limits<std::uint64_t>::max();
    return limit - std::min(limit, m_control.evaluations());
}

void Ladder::collect(Group& group)
{
    m_control.take(group.evaluations);
    m_archive.add(group.found, group.values);
    const auto columns = m_task.dimensions.size();
    const auto primary = m_model.rows()[m_model.primaryRows().front()].dimension;
    std::vector<double> costs(m_model.rows().size());
    for (std::size_t i = 0; i < group.found.size(); ++i) {
        const double* row = &group.values[i * columns];
        bool within = true; // of the limits on costs
        for (std::size_t d = 0; d < columns; ++d)
            within = within && (d == *m_task.accuracy || row[d] <= m_task.dimensions[d].most);
        if (!within)
            continue;
        if (primary == Model::kNoDimension)
            m_model.costs(group.found[i], costs);
        const double cost = primary == Model::kNoDimension ? m_model.primaryCost(costs) : row[primary];
        const auto raw = static_cast<float>((row[*m_task.accuracy] - m_zero) / m_slope);
        if (m_front.add(cost, raw, group.found[i]))
            m_stairs.add(cost, raw);
    }
}

/// Adds subnets with their exact values, shared out over the groups.
void Ladder::evaluate(std::vector<Subnet> subnets)
{
    if (subnets.size() > left())
        subnets.resize(left());
    const auto columns = m_task.dimensions.size();
    m_crew.run(kGroups, [&](std::size_t g) {
        const auto from = subnets.size() * g / kGroups, to = subnets.size() * (g + 1) / kGroups;
        m_groups[g].evaluate(std::span(subnets).subspan(from, to - from), columns, [this] { return m_control.stopped(); });
    });
    for (auto& g : m_groups)
        collect(g);
}

void Ladder::seed(std::span<const Subnet> start)
{
    std::vector<Subnet> first;
    for (const auto& s : start)
        if (m_task.allowed.allows(s))
            first.push_back(s);
    evaluate(std::move(first));
    evaluate(m_model.extremes());
    if (limitsAreInReach() && !enough())
        evaluate(linearised());
}

/// What would be the front if the predictor were additive.
std::vector<Subnet> Ladder::linearised()
{
    const auto& settings = m_model.settings();
    const auto samples = static_cast<int>(std::clamp<std::uint64_t>(left() / (8 * settings.size()), 1, 24));
    if (left() < settings.size())
        return {};
    std::vector<double> weights(m_model.rows().size(), 0.0);
    for (const auto k : m_model.primaryRows())
        weights[k] = 1.0 / static_cast<double>(m_model.primaryRows().size());
    struct Solved {
        double raw = 0, cost = 0;
        Subnet subnet;
    };
    std::vector<std::vector<Solved>> bySetting(settings.size());
    std::vector<MeanGradient> means(settings.size());
    const auto seed = m_random.next();
    m_crew.run(settings.size(), [&](std::size_t i) {
        if (m_control.stopped())
            return;
        MlpGradient::Workspace workspace;
        Random random(mix64(seed + i));
        means[i] = meanGradient(m_model, m_engine.gradient, settings[i], samples, random, workspace);
        const auto solved = solveLinearised(m_model, settings[i], means[i].row.data(), weights, m_greatest, 1024);
        std::vector<double> costs(m_model.rows().size());
        for (std::size_t k = 0; k < solved.subnets.size(); ++k) {
            m_model.costs(solved.subnets[k], costs);
            bySetting[i].push_back({solved.gains[k] + means[i].offset, m_model.primaryCost(costs), solved.subnets[k]});
        }
    });
    m_control.take(settings.size() * static_cast<std::size_t>(samples));
    std::vector<Solved> all;
    for (const auto& list : bySetting)
        all.insert(all.end(), list.begin(), list.end());
    m_meanGains = means.back().row;
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    std::vector<Subnet> candidates;
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& s : all) {
        if (s.raw > best - 0.02 * static_cast<double>(m_spread)) // the sum is not that sure of itself
            candidates.push_back(s.subnet);
        best = std::max(best, s.raw);
    }
    auto most = std::min<std::uint64_t>(kMostCandidates, left() / 3);
    if (m_control.timeMs()) // a tenth of a short search
        most = std::min(most, static_cast<std::uint64_t>(20 * *m_control.timeMs()));
    std::vector<Subnet> chosen;
    for (std::size_t i = 0; i < std::min<std::size_t>(most, candidates.size()); ++i)
        chosen.push_back(candidates[i * candidates.size() / std::min<std::size_t>(most, candidates.size())]);
    return chosen;
}

void Ladder::setPrimary(std::size_t m, double budget)
{
    for (const auto k : m_model.primaryRows())
        chain(m).budget[k] = std::min(budget, m_most[k]);
}

void Ladder::placeBudgets()
{
    const auto& entries = m_front.entries();
    if (entries.size() > 1)
        m_spread = std::max(1e-4f, entries.rbegin()->second.raw - entries.begin()->second.raw);
    const auto& accuracy = m_task.dimensions[*m_task.accuracy];
    if (m_costObjectives == 0) {
        placeBelow(m_greatest, kWindow);
    } else if (m_costObjectives > 1) {
        placeAtMembers();
    } else if (*m_task.accuracy >= m_task.objectives && std::isfinite(accuracy.least)) {
        // The cheapest that is good enough: the ladder stands around where the front crosses the limit.
        const auto wanted = static_cast<float>((accuracy.least - m_zero) / m_slope);
        const auto at = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.second.raw >= wanted; });
        if (at == entries.end())
            placeAlongFront();
        else
            placeBelow(at->first, 2 * kWindow);
    } else {
        placeAlongFront();
    }
    for (std::size_t m = 0; m < kChains; ++m)
        for (std::size_t k = 0; k < m_most.size() && chain(m).alive; ++k)
            chain(m).alive = chain(m).costs[k] <= chain(m).budget[k];
}

/// Evenly in a window below a cost.
void Ladder::placeBelow(double cost, double width)
{
    const double window = width * (m_greatest - m_least);
    for (std::size_t m = 0; m < kChains; ++m)
        setPrimary(m, cost - window * static_cast<double>(kChains - 1 - m) / static_cast<double>(kChains));
}

/// Evenly along the front as it is known, by cost and by accuracy: where accuracy rises steeply there is more to find.
/// The last budget is all that is allowed.
void Ladder::placeAlongFront()
{
    const auto& entries = m_front.entries();
    const auto primary = m_model.rows()[m_model.primaryRows().front()].dimension;
    const double floor = primary == Model::kNoDimension ? m_least : std::max(m_least, m_task.dimensions[primary].least);
    const double c0 = entries.size() > 1 ? std::max(entries.begin()->first, floor) : floor;
    const double c1 = entries.size() > 1 ? std::max(entries.rbegin()->first, c0) : m_greatest;
    const double range = std::max(c1 - c0, 1e-9 * m_greatest);
    constexpr std::size_t kGrid = 4096;
    std::size_t m = 0;
    for (std::size_t i = 0; i < kGrid; ++i) {
        const double share = static_cast<double>(i) / (kGrid - 1), cost = c0 + range * share;
        const auto* best = m_front.below(cost);
        const double risen = best && entries.size() > 1 ? static_cast<double>((best->raw - entries.begin()->second.raw) / m_spread) : share;
        const double along = (1 - kAccuracyShare) * share + kAccuracyShare * risen;
        for (; m + 1 < kChains && along * static_cast<double>(kChains - 1) >= static_cast<double>(m) + 0.5; ++m)
            setPrimary(m, cost);
    }
    for (; m < kChains; ++m)
        setPrimary(m, m_greatest);
}

/// With several costs each chain takes what a member of the front costs, and a little more, as its budgets.
void Ladder::placeAtMembers()
{
    auto members = m_archive.front();
    if (members.empty()) {
        placeAlongFront();
        return;
    }
    const double shift = m_random.uniform();
    std::vector<double> costs(m_model.rows().size());
    for (std::size_t m = 0; m < kChains; ++m) {
        const auto at = std::min(members.size() - 1, static_cast<std::size_t>((static_cast<double>(m) + shift) / kChains * static_cast<double>(members.size())));
        m_model.costs(members.subnets[at], costs);
        const double slack = 0.02 * m_random.uniform();
        for (std::size_t k = 0; k < costs.size(); ++k) {
            const auto d = m_model.rows()[k].dimension;
            chain(m).budget[k] = d < m_task.objectives ? std::min(m_most[k], costs[k] + slack * m_engine.rowScale[k]) : m_most[k];
        }
        groupOf(m).reset(m / kGroups, members.subnets[at]);
    }
}

/// Chains that lag far behind what is known within their budget begin there again.
void Ladder::refresh()
{
    const auto lag = static_cast<float>(kLag) * m_spread;
    for (std::size_t m = 0; m < kChains; ++m) {
        auto& c = chain(m);
        double primary = 0;
        for (const auto k : m_model.primaryRows())
            primary = std::max(primary, c.budget[k]);
        const auto* best = m_costObjectives > 1 ? nullptr : m_front.below(primary);
        if (best && (!c.alive || best->raw > c.raw + lag))
            groupOf(m).reset(m / kGroups, best->subnet);
        else if (!c.alive && !m_meanGains.empty())
            groupOf(m).revive(m / kGroups, m_meanGains.data());
    }
}

void Ladder::setPrices()
{
    const double range = std::max(m_greatest - m_least, 1e-9 * m_greatest), reach = 0.03 * range;
    for (std::size_t m = 0; m < kChains; ++m) {
        const double at = chain(m).budget[m_model.primaryRows().front()];
        const double rise = static_cast<double>(m_stairs.at(at + reach)) - static_cast<double>(m_stairs.at(at - reach));
        const double floor = (m_costObjectives > 1 ? 1.0 : 0.02) * static_cast<double>(m_spread) / range;
        chain(m).price = std::isfinite(rise) ? std::max(rise / (2 * reach), floor) : static_cast<double>(m_spread) / range;
    }
}

void Ladder::handUp()
{
    if (m_costObjectives > 1)
        return; // budgets are not nested
    for (std::size_t m = 1; m < kChains; ++m) {
        const auto& lower = chain(m - 1);
        const auto& upper = chain(m);
        if (lower.alive && (!upper.alive || lower.raw > upper.raw))
            groupOf(m).copyFrom(m / kGroups, groupOf(m - 1), (m - 1) / kGroups);
    }
}

void Ladder::round(int steps, float temperature)
{
    const auto begun = m_control.elapsedMs();
    const RoundPlan plan{steps, temperature, m_costObjectives > 1 ? nullptr : &m_stairs, [this] { return m_control.stopped(); }};
    m_crew.run(kGroups, [&](std::size_t g) { m_groups[g].run(plan); });
    for (auto& g : m_groups)
        collect(g);
    m_stepMs = (m_control.elapsedMs() - begun) / steps;
    m_control.report([this] { return m_archive.front(); });
}

/// Looks around members of the front where that was not done yet. False where it was done everywhere.
bool Ladder::expand()
{
    const auto members = m_front.unexpanded(std::min<std::uint64_t>(kMostExpanded, left() / kExpansion));
    if (members.empty())
        return false;
    const RoundPlan plan{0, 0, &m_stairs, [this] { return m_control.stopped(); }};
    m_crew.run(kGroups, [&](std::size_t g) {
        const auto from = members.size() * g / kGroups, to = members.size() * (g + 1) / kGroups;
        m_groups[g].expand(std::span(members).subspan(from, to - from), plan);
    });
    for (auto& g : m_groups)
        collect(g);
    m_control.report([this] { return m_archive.front(); });
    return true;
}

int Ladder::stepsOfRound() const
{
    double steps = kMostSteps;
    if (m_control.evaluationLimit() != 0)
        steps = std::min(static_cast<double>(m_control.evaluationLimit()) / kChains / kRounds, static_cast<double>(left() / kChains));
    else if (m_control.timeMs())
        steps = m_stepMs > 0 ? *m_control.timeMs() / kRounds / m_stepMs : kFewestSteps;
    return static_cast<int>(std::clamp<double>(steps, kFewestSteps, kMostSteps));
}

/// The first cycle cools over the bound, where there is one; later ones are shorter and start less hot, and without a
/// bound each is twice as long as the last.
void Ladder::anneal()
{
    int rounds = 16; // of a cycle without a bound
    for (bool first = true; !enough(); first = false) {
        const bool bounded = first && m_control.bounded();
        const double begin = m_control.share(), hot = first ? kHot : kHot / 2;
        for (int r = 0, expansions = 1; !enough(); ++r) {
            const double share = bounded ? (m_control.share() - begin) / (std::max(kAnnealed, begin) - begin + 1e-9) : static_cast<double>(r) / rounds;
            if (share >= 1 || left() < 3 * kChains)
                break;
            setPrices();
            round(std::min<int>(stepsOfRound(), static_cast<int>(std::min<std::uint64_t>(left() / kChains, kMostSteps)) - 1), static_cast<float>(static_cast<double>(m_spread) * hot * std::pow(kCold / hot, share)));
            handUp();
            if (share * kExpansions > expansions) {
                ++expansions;
                expand();
                placeBudgets();
                refresh();
            }
        }
        while (!enough() && expand()) { }
        if (left() < 3 * kChains)
            return;
        placeBudgets();
        refresh();
        rounds = std::min(2 * rounds, 1024);
        if (bounded)
            rounds = 32;
    }
}

void Ladder::run(std::span<const Subnet> start)
{
    setLadder();
    seed(start);
    if (!limitsAreInReach())
        return;
    placeBudgets();
    for (int i = 0; i < 16 && !enough(); ++i) {
        refresh();
        for (std::size_t m = 0; m < kChains; ++m)
            if (chain(m).alive) {
                anneal();
                return;
            }
    }
}

} // namespace

void searchLadder(const SearchTask& task, const SearchRequest& request, std::span<const Subnet> start, Archive& archive, SearchControl& control)
{
    if (!task.accuracy)
        throw ValueError({"ladder", "the ladder needs top-1 as an objective or a limit", {}, "exact, which does without"});
    const auto& mlp = task.problem->predictor()->sharedMlp();
    if (!mlp)
        throw ValueError({"ladder", "the ladder follows the gradient of an MLP predictor", task.problem->predictor()->describe(), "exact, for additive predictors"});
    // A bound on evaluations asks for the same result everywhere: no numbers then that only some processors have.
    const auto fast = control.evaluationLimit() != 0 ? mlp : mlp->withPrecision(Precision::Fast);
    const bool exact = fast->backend() == mlp->backend();
    const MlpGradient gradient(exact ? mlp : fast);
    Ladder(task, request, archive, control, gradient, exact).run(start);
}

} // namespace paretoscope

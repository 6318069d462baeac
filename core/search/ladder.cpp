// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/ladder.h"

#include "base/error.h"
#include "search/ladderrun.h"
#include "search/ladderstart.h"

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace ladder {

namespace {

constexpr double kHot = 0.03, kCold = 0.012; // temperatures, of the front's range of accuracy
constexpr double kAnnealed = 0.9; // share of the bound; after it the front is expanded until nothing is left
// With a limit alone every chain could end in the same place, so the groups keep to themselves for this share and stay
// hot.
constexpr double kIslands = 0.85;
constexpr int kExpansions = 6; // while annealing
constexpr std::size_t kMostExpanded = 400; // members at once
constexpr int kMostSteps = 48, kFewestSteps = 4; // of a round
constexpr double kRounds = 12; // at least, within the bound
constexpr double kDoubt = 0.02; // of the range of accuracy that an additive model may be wrong by and still be tried
constexpr std::size_t kMostCandidates = 1000; // of the start

} // namespace

void Ladder::setLadder()
{
    for (std::size_t i = 0; i < m_task.objectives; ++i)
        m_costObjectives += i != *m_task.accuracy;
    for (std::size_t k = 0; k < m_model.rows().size(); ++k) {
        const auto d = m_model.rows()[k].dimension;
        m_most.push_back(std::min(
            d == Model::kNoDimension ? m_model.ranges()[k].most : m_task.dimensions[d].most, m_model.ranges()[k].most));
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
        m_groups[g].evaluate(
            std::span(subnets).subspan(from, to - from), columns, [this] { return m_control.stopped(); });
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
    const auto settings = m_model.settings().size();
    const auto samples = static_cast<int>(std::clamp<std::uint64_t>(left() / (8 * settings), 1, 24));
    if (left() < settings)
        return {};
    std::vector<LinearisedSetting> bySetting(settings);
    const auto seed = m_random.next();
    m_crew.run(settings, [&](std::size_t i) {
        if (!m_control.stopped())
            bySetting[i] = solveSetting(m_model, m_engine.gradient, i, samples, m_greatest, mix64(seed + i));
    });
    m_control.take(settings * static_cast<std::size_t>(samples));
    m_meanGains = bySetting.back().gains;
    auto most = std::min<std::uint64_t>(kMostCandidates, left() / 3);
    if (m_control.timeMs()) // a tenth of a short search
        most = std::min(most, static_cast<std::uint64_t>(20 * *m_control.timeMs()));
    return bestOf(bySetting, kDoubt * static_cast<double>(m_spread), most);
}

void Ladder::round(int steps, float temperature)
{
    const auto begun = m_control.elapsedMs();
    const RoundPlan plan{
        steps, temperature, m_costObjectives > 1 ? nullptr : &m_stairs, [this] { return m_control.stopped(); }};
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
        steps = std::min(static_cast<double>(m_control.evaluationLimit()) / kChains / kRounds,
            static_cast<double>(left() / kChains));
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
        const double begin = m_control.share(), hot = first ? kHot : kHot / 2,
                     cold = m_costObjectives == 0 ? hot : kCold;
        for (int r = 0, expansions = 1; !enough(); ++r) {
            const double share = bounded ? (m_control.share() - begin) / (std::max(kAnnealed, begin) - begin + 1e-9)
                                         : static_cast<double>(r) / rounds;
            if (share >= 1 || left() < 3 * kChains)
                break;
            setPrices();
            round(std::min<int>(
                      stepsOfRound(), static_cast<int>(std::min<std::uint64_t>(left() / kChains, kMostSteps)) - 1),
                static_cast<float>(static_cast<double>(m_spread) * hot * std::pow(cold / hot, share)));
            const bool islands = m_costObjectives == 0 && share < kIslands;
            handUp(islands);
            if (share * kExpansions > expansions) {
                ++expansions;
                expand();
                placeBudgets();
                refresh(islands);
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

} // namespace ladder

void searchLadder(const SearchTask& task, const SearchRequest& request, std::span<const Subnet> start, Archive& archive,
    SearchControl& control)
{
    if (!task.accuracy)
        throw ValueError(
            {"ladder", "the ladder needs top-1 as an objective or a limit", {}, "exact, which does without"});
    const auto& mlp = task.problem->predictor()->sharedMlp();
    if (!mlp)
        throw ValueError({"ladder", "the ladder follows the gradient of an MLP predictor",
            task.problem->predictor()->describe(), "exact, for additive predictors"});
    // A bound on evaluations asks for the same result everywhere: no numbers then that only some processors have.
    const auto fast = control.evaluationLimit() != 0 ? mlp : mlp->withPrecision(Precision::Fast);
    const bool exact = fast->backend() == mlp->backend();
    const MlpGradient gradient(exact ? mlp : fast);
    ladder::Ladder(task, request, archive, control, gradient, exact).run(start);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/evolution.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace paretoscope {

namespace {

/// Subnets drawn between two looks at a stop token: about half a millisecond.
constexpr std::uint64_t kSlice = 512;

/// Python's round(): half to even, the default rounding mode.
int rounded(double v) { return static_cast<int>(std::nearbyint(v)); }

template <typename List, typename T>
std::uint8_t indexIn(const List& list, T value)
{
    return static_cast<std::uint8_t>(std::find(list.begin(), list.end(), value) - list.begin());
}

} // namespace

int EvolutionSettings::parents() const { return rounded(parentRatio * population); }
int EvolutionSettings::mutants() const { return rounded(mutationRatio * population); }

EvolutionSpace::EvolutionSpace(const SearchSpace& space, const AllowedChoices& allowed)
    : m_space(&space)
    , m_allowed(&allowed)
    , m_slots(static_cast<std::size_t>(space.slotCount()))
{
    std::vector<std::vector<std::uint8_t>> kernels(m_slots), expansions(m_slots);
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        const auto& stage = space.stages[static_cast<std::size_t>(space.stageOfSlot(static_cast<int>(slot)))];
        const auto add = [](std::vector<std::uint8_t>& list, std::uint8_t index) {
            if (std::find(list.begin(), list.end(), index) == list.end())
                list.push_back(index);
        };
        for (const auto op : allowed.ops(static_cast<int>(slot))) { // kernels × expansions
            add(kernels[slot], indexIn(stage.kernels, stage.kernelOf(op)));
            add(expansions[slot], indexIn(stage.expansions, stage.expansionOf(op)));
        }
    }
    if (!space.isResNet()) {
        m_kernels = m_slots;
        m_values = std::move(kernels);
    }
    m_values.insert(m_values.end(), expansions.begin(), expansions.end());
    m_depths = m_values.size();
    for (int gene = 0; gene < space.depthGenes(); ++gene)
        m_values.push_back(allowed.depths(gene));
    m_widths = m_values.size();
    std::vector<std::uint8_t> widths(static_cast<std::size_t>(space.widthChoices()));
    std::iota(widths.begin(), widths.end(), std::uint8_t{0});
    for (int gene = 0; gene < space.widthGenes(); ++gene)
        m_values.push_back(widths);
    m_resolution = m_values.size();
    std::vector<std::uint8_t> resolutions(allowed.resolutions().size());
    std::iota(resolutions.begin(), resolutions.end(), std::uint8_t{0});
    m_values.push_back(resolutions);
}

Subnet EvolutionSpace::subnet(const Genome& g) const
{
    Subnet s;
    s.resolution = static_cast<std::uint16_t>(m_allowed->resolutions()[g[m_resolution]]);
    for (std::size_t i = m_depths; i < m_widths; ++i)
        s.depth[i - m_depths] = g[i];
    for (std::size_t i = m_widths; i < m_resolution; ++i)
        s.width[i - m_widths] = g[i];
    for (std::size_t i = 0; i < m_space->stages.size(); ++i) {
        const auto& stage = m_space->stages[i];
        const auto first = static_cast<std::size_t>(stage.firstSlot);
        const auto last = first + static_cast<std::size_t>(m_space->activeBlocks(s, static_cast<int>(i)));
        for (auto slot = first; slot < last; ++slot) {
            const std::size_t kernel = m_kernels > 0 ? g[slot] : 0;
            s.op[slot] = static_cast<std::uint8_t>(1 + kernel * stage.expansions.size() + g[m_kernels + slot]);
        }
    }
    return s;
}

Genotype EvolutionSpace::genotype(const Genome& g) const
{
    Genotype out;
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        const auto& stage = m_space->stages[static_cast<std::size_t>(m_space->stageOfSlot(static_cast<int>(slot)))];
        if (m_kernels > 0)
            out.ks.push_back(stage.kernels[g[slot]]);
        out.e.push_back(stage.expansions[g[m_kernels + slot]]);
    }
    out.d.assign(g.begin() + static_cast<std::ptrdiff_t>(m_depths), g.begin() + static_cast<std::ptrdiff_t>(m_widths));
    out.w.assign(
        g.begin() + static_cast<std::ptrdiff_t>(m_widths), g.begin() + static_cast<std::ptrdiff_t>(m_resolution));
    out.resolution = m_allowed->resolutions()[g[m_resolution]];
    return out;
}

void EvolutionSpace::redraw(Genome& g, std::size_t gene, Draws& draws) const
{
    g[gene] = m_values[gene][draws.choice(m_values[gene].size())];
}

void EvolutionSpace::redrawAll(Genome& g, std::size_t first, std::size_t last, Draws& draws) const
{
    std::array<std::size_t, Subnet::kMaxSlots> indices;
    while (first < last) { // the reference has one list for all genes of a kind: there this is a single draw of all
        const auto n = m_values[first].size();
        auto end = first + 1;
        while (end < last && m_values[end].size() == n)
            ++end;
        draws.choices(n, std::span(indices).first(end - first));
        for (auto gene = first; gene < end; ++gene)
            g[gene] = m_values[gene][indices[gene - first]];
        first = end;
    }
}

EvolutionSpace::Genome EvolutionSpace::random(EvolutionVariant variant, Draws& draws) const
{
    Genome g{};
    if (variant == EvolutionVariant::Tutorial) {
        for (auto gene = m_depths; gene < m_widths; ++gene)
            redraw(g, gene, draws);
        for (std::size_t slot = 0; slot < m_slots; ++slot) {
            redraw(g, m_kernels + slot, draws);
            if (m_kernels > 0)
                redraw(g, slot, draws);
        }
        for (auto gene = m_widths; gene < m_resolution; ++gene)
            redraw(g, gene, draws);
    } else {
        redrawAll(g, 0, m_kernels, draws);
        redrawAll(g, m_kernels, m_depths, draws);
        redrawAll(g, m_depths, m_widths, draws);
        redrawAll(g, m_widths, m_resolution, draws);
    }
    redraw(g, m_resolution, draws);
    return g;
}

EvolutionSpace::Genome EvolutionSpace::mutant(
    Genome g, double probability, double resolutionProbability, Draws& draws) const
{
    if (draws.uniform() < resolutionProbability)
        redraw(g, m_resolution, draws);
    for (std::size_t slot = 0; slot < m_slots; ++slot)
        if (draws.uniform() < probability) {
            if (m_kernels > 0)
                redraw(g, slot, draws);
            redraw(g, m_kernels + slot, draws);
        }
    for (auto gene = m_depths; gene < m_resolution; ++gene)
        if (draws.uniform() < probability)
            redraw(g, gene, draws);
    return g;
}

EvolutionSpace::Genome EvolutionSpace::child(const Genome& a, const Genome& b, Draws& draws) const
{
    Genome g{};
    for (std::size_t gene = 0; gene < size(); ++gene)
        g[gene] = draws.choice(2) == 0 ? a[gene] : b[gene];
    return g;
}

EvolutionRun::EvolutionRun(const EvolutionSpace& space, const EvolutionSettings& settings, Draws& draws, Cost cost)
    : m_space(space)
    , m_settings(settings)
    , m_resolutionProbability(
          settings.resolutionProbability.value_or(settings.variant == EvolutionVariant::Nas ? 0.5 : 0.1))
    , m_draws(draws)
    , m_cost(std::move(cost))
{
    const auto& s = m_settings;
    if (s.population < 1 || s.generations < 1 || s.parents() < 1 || s.mutants() < 0 || s.mutants() > s.population)
        throw ValueError({"evolution", "settings that leave no parents or no children",
            fmt::format("population {}, generations {}, parents {}, mutants {}", s.population, s.generations,
                s.parents(), s.mutants()),
            {}});
    if (s.initial() < s.parents() || s.initial() > s.population)
        throw ValueError({"evolution", "the initial population", fmt::format("{}", s.initial()),
            fmt::format("{} (the parents) to {} (the population)", s.parents(), s.population)});
    m_wanted = static_cast<std::size_t>(s.population);
}

void EvolutionRun::chooseParents()
{
    const auto n = static_cast<std::size_t>(m_settings.parents());
    m_parent[0] = m_draws.randint(n);
    if (m_children.size() >= static_cast<std::size_t>(m_settings.mutants()))
        m_parent[1] = m_draws.randint(n);
}

EvolutionSpace::Genome EvolutionRun::candidate()
{
    if (m_generation < 0)
        return m_space.random(m_settings.variant, m_draws);
    const auto& first = m_population[m_parent[0]].genome;
    if (m_children.size() < static_cast<std::size_t>(m_settings.mutants()))
        return m_space.mutant(first, m_settings.mutateProbability, m_resolutionProbability, m_draws);
    return m_space.child(first, m_population[m_parent[1]].genome, m_draws);
}

EvolutionRun::State EvolutionRun::draw(std::uint64_t attempts)
{
    for (; m_state == State::Drawing && attempts > 0; --attempts) {
        if (m_generation >= 0 && m_inARow == 0)
            chooseParents();
        Member member;
        member.genome = candidate();
        const auto subnet = m_space.subnet(member.genome);
        member.cost = m_cost(subnet);
        ++m_outcome.attempts;
        ++m_inARow;
        if (member.cost <= m_settings.mostCost) {
            m_inARow = 0;
            m_children.push_back(member);
            m_subnets.push_back(subnet);
            if (m_children.size() == m_wanted)
                m_state = State::Ready;
        } else if (m_inARow >= m_settings.mostAttempts) {
            m_outcome.stuck = true;
            m_state = State::Finished;
        }
    }
    return m_state;
}

void EvolutionRun::score(std::span<const double> accuracies)
{
    m_outcome.scored += accuracies.size();
    const auto joining = m_generation < 0 ? static_cast<std::size_t>(m_settings.initial()) : m_children.size();
    for (std::size_t i = 0; i < joining; ++i) {
        m_children[i].accuracy = accuracies[i];
        m_population.push_back(m_children[i]);
    }
    m_children.clear();
    m_subnets.clear();
    m_state = ++m_generation < m_settings.generations ? State::Drawing : State::Finished;
    if (m_state == State::Drawing)
        select();
}

void EvolutionRun::select()
{
    // The reference sorts upwards and turns the list round, so that of equal ones the later comes first.
    std::stable_sort(m_population.begin(), m_population.end(),
        [](const Member& a, const Member& b) { return a.accuracy < b.accuracy; });
    std::reverse(m_population.begin(), m_population.end());
    m_population.resize(static_cast<std::size_t>(m_settings.parents()));
    const auto& best = m_population.front();
    if (best.accuracy > m_outcome.bestValids.back()) {
        m_outcome.bestValids.push_back(best.accuracy);
        m_outcome.accuracy = best.accuracy;
        m_outcome.cost = best.cost;
        m_outcome.subnet = m_space.subnet(best.genome);
        m_outcome.genotype = m_space.genotype(best.genome);
    } else {
        m_outcome.bestValids.push_back(m_outcome.bestValids.back());
    }
}

EvolutionOutcome evolve(const EvolutionSpace& space, const EvolutionSettings& settings, Draws& draws,
    const EvolutionRun::Cost& cost, const EvolutionScore& score, std::stop_token stop)
{
    EvolutionRun run(space, settings, draws, cost);
    std::vector<double> accuracies;
    for (;;) {
        const auto state = run.draw(kSlice);
        if (state == EvolutionRun::State::Finished || stop.stop_requested())
            break;
        if (state == EvolutionRun::State::Ready) {
            accuracies.resize(run.batch().size());
            score(run.batch(), accuracies);
            run.score(accuracies);
        }
    }
    auto outcome = run.outcome();
    outcome.stopped = stop.stop_requested();
    return outcome;
}

} // namespace paretoscope

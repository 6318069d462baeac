// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/nsga2.h"

#include "base/error.h"
#include "search/nondominated.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_set>

namespace paretoscope {

namespace {

constexpr double kUnboundedMs = 1000;
/// Tries to make a child that is not there yet; then the generation has fewer.
constexpr int kTries = 20;
/// Generations in a row without a single new subnet before the space counts as used up.
constexpr int kBarrenGenerations = 50;
/// Subnets evaluated between two looks at the control: under a millisecond.
constexpr std::size_t kChunk = 128;
/// Hashes of subnets in each of two generations of memory: 40 MB at most.
constexpr std::size_t kRemembered = 500'000;

/// Whether a subnet was there before. Forgets the older half when it is full.
class Memory {
public:
    bool isNew(const Subnet& subnet)
    {
        const auto hash = SubnetHash{}(subnet);
        if (m_older.contains(hash) || !m_newer.insert(hash).second)
            return false;
        if (m_newer.size() >= kRemembered) {
            m_older = std::move(m_newer);
            m_newer.clear();
        }
        return true;
    }

private:
    std::unordered_set<std::size_t> m_newer, m_older;
};

struct Individual {
    Subnet subnet;
    std::vector<double> oriented; // by objective, smaller is better
    double violation = 0; // of the limits, each relative to itself, summed
    std::uint32_t rank = 0;
    double crowding = 0;
};

double violationOf(const SearchTask& task, std::span<const double> values)
{
    double sum = 0;
    for (std::size_t i = 0; i < task.dimensions.size(); ++i) {
        const auto& d = task.dimensions[i];
        const double over = std::max(values[i] - d.most, d.least - values[i]);
        const double limit = std::abs(values[i] > d.most ? d.most : d.least);
        if (over > 0)
            sum += over / (limit > 0 ? limit : 1);
    }
    return sum;
}

/// Uniform crossover and mutation on subnets, which stay canonical and allowed.
class Variation {
public:
    Variation(const SearchTask& task, const Nsga2Settings& settings)
        : m_space(task.problem->space())
        , m_allowed(task.allowed)
        , m_crossover(settings.crossover)
        , m_mutation(
              settings.mutation.value_or(1.0 / (1 + m_space.widthGenes() + m_space.depthGenes() + m_space.slotCount())))
    {
    }

    Subnet child(const Subnet& a, const Subnet& b, Random& random) const
    {
        const bool mix = random.uniform() < m_crossover;
        const auto fromB = [&] { return mix && (random.next() >> 63) != 0; };
        const auto mutates = [&] { return random.uniform() < m_mutation; };
        Subnet s = a;
        if (fromB())
            s.resolution = b.resolution;
        if (mutates())
            s.resolution =
                static_cast<std::uint16_t>(another(m_allowed.resolutions(), static_cast<int>(s.resolution), random));
        for (std::size_t g = 0; g < static_cast<std::size_t>(m_space.widthGenes()); ++g) {
            if (fromB())
                s.width[g] = b.width[g];
            if (m_space.widthChoices() > 1 && mutates())
                s.width[g] = static_cast<std::uint8_t>(
                    (s.width[g] + 1 + random.below(static_cast<std::uint64_t>(m_space.widthChoices() - 1)))
                    % static_cast<std::uint64_t>(m_space.widthChoices()));
        }
        for (std::size_t g = 0; g < static_cast<std::size_t>(m_space.depthGenes()); ++g) {
            if (fromB())
                s.depth[g] = b.depth[g];
            if (mutates())
                s.depth[g] = step(m_allowed.depths(static_cast<int>(g)), s.depth[g], random);
        }
        for (std::size_t stage = 0; stage < m_space.stages.size(); ++stage) {
            const auto& spec = m_space.stages[stage];
            const int active = m_space.activeBlocks(s, static_cast<int>(stage));
            for (int i = 0; i < spec.maxBlocks; ++i) {
                const auto slot = static_cast<std::size_t>(spec.firstSlot + i);
                auto op = fromB() ? b.op[slot] : a.op[slot];
                if (i >= active) {
                    s.op[slot] = 0;
                    continue;
                }
                const auto& ops = m_allowed.ops(spec.firstSlot + i);
                if (op == 0) // switched on: as in the parent that has it, else anything
                    op = a.op[slot] != 0 || !mix ? a.op[slot] : b.op[slot];
                if (op == 0)
                    op = ops[random.below(ops.size())];
                else if (mutates())
                    op = another(ops, op, random);
                s.op[slot] = op;
            }
        }
        return s;
    }

private:
    /// One of the others, uniform; the same where there is no other.
    template <typename T>
    static T another(const std::vector<T>& list, T value, Random& random)
    {
        if (list.size() < 2)
            return value;
        const auto at = static_cast<std::size_t>(std::find(list.begin(), list.end(), value) - list.begin());
        return list[(at + 1 + random.below(list.size() - 1)) % list.size()];
    }
    /// The next one up or down.
    static std::uint8_t step(const std::vector<std::uint8_t>& list, std::uint8_t value, Random& random)
    {
        const auto at = static_cast<std::size_t>(std::find(list.begin(), list.end(), value) - list.begin());
        const bool up = at == 0 || (at + 1 < list.size() && (random.next() >> 63) != 0);
        return list[up ? std::min(at + 1, list.size() - 1) : at - 1];
    }

    const SearchSpace& m_space;
    const AllowedChoices& m_allowed;
    double m_crossover;
    double m_mutation;
};

/// Ranks under constraint domination: what is within the limits before what is not, that by its violation.
void rankAll(std::vector<Individual>& all, std::size_t objectives)
{
    std::vector<std::size_t> feasible, rest;
    std::vector<double> values;
    for (std::size_t i = 0; i < all.size(); ++i) {
        (all[i].violation == 0 ? feasible : rest).push_back(i);
        if (all[i].violation == 0)
            values.insert(values.end(), all[i].oriented.begin(), all[i].oriented.end());
    }
    std::uint32_t next = 0;
    if (!feasible.empty()) {
        const auto ranks = nondominatedRanks(values, objectives);
        for (std::size_t i = 0; i < feasible.size(); ++i) {
            all[feasible[i]].rank = ranks[i];
            next = std::max(next, ranks[i] + 1);
        }
    }
    std::stable_sort(
        rest.begin(), rest.end(), [&](std::size_t a, std::size_t b) { return all[a].violation < all[b].violation; });
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (i > 0 && all[rest[i]].violation > all[rest[i - 1]].violation)
            ++next;
        all[rest[i]].rank = next;
    }
}

/// Sorts by rank and crowding and keeps the first `n`.
void survive(std::vector<Individual>& all, std::size_t n, std::size_t objectives)
{
    rankAll(all, objectives);
    std::stable_sort(all.begin(), all.end(), [](const Individual& a, const Individual& b) { return a.rank < b.rank; });
    std::vector<double> values;
    for (std::size_t first = 0; first < all.size() && first < n;) {
        auto last = first;
        values.clear();
        for (; last < all.size() && all[last].rank == all[first].rank; ++last)
            values.insert(values.end(), all[last].oriented.begin(), all[last].oriented.end());
        const auto distances = crowdingDistances(values, objectives);
        for (auto i = first; i < last; ++i)
            all[i].crowding = distances[i - first];
        if (last > n)
            std::stable_sort(all.begin() + static_cast<std::ptrdiff_t>(first),
                all.begin() + static_cast<std::ptrdiff_t>(last),
                [](const Individual& a, const Individual& b) { return a.crowding > b.crowding; });
        first = last;
    }
    if (all.size() > n)
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(n), all.end());
}

const Individual& tournament(const std::vector<Individual>& population, Random& random)
{
    const auto& a = population[random.below(population.size())];
    const auto& b = population[random.below(population.size())];
    const bool second = b.rank != a.rank ? b.rank < a.rank : b.crowding > a.crowding;
    return second ? b : a;
}

/// Evaluates and archives.
class Nursery {
public:
    Nursery(const SearchTask& task, Archive& archive, SearchControl& control)
        : m_task(task)
        , m_archive(archive)
        , m_control(control)
        , m_evaluator(task)
    {
    }
    /// Appends what was evaluated; false when a bound was met.
    bool raise(std::span<const Subnet> subnets, std::vector<Individual>& population)
    {
        const auto columns = m_evaluator.dimensions();
        while (!subnets.empty()) {
            if (m_control.stopped())
                return false;
            const auto wanted = std::min(subnets.size(), kChunk);
            const auto n = static_cast<std::size_t>(m_control.take(wanted));
            m_values.resize(n * columns);
            m_evaluator.evaluate(subnets.first(n), m_values, m_workspace);
            m_archive.add(subnets.first(n), m_values);
            for (std::size_t i = 0; i < n; ++i) {
                Individual one;
                one.subnet = subnets[i];
                const auto row = std::span<const double>(m_values).subspan(i * columns, columns);
                for (std::size_t c = 0; c < m_task.objectives; ++c)
                    one.oriented.push_back(m_task.dimensions[c].maximised ? -row[c] : row[c]);
                one.violation = violationOf(m_task, row);
                population.push_back(std::move(one));
            }
            if (n < wanted)
                return false;
            subnets = subnets.subspan(n);
        }
        return true;
    }

private:
    const SearchTask& m_task;
    Archive& m_archive;
    SearchControl& m_control;
    Evaluator m_evaluator;
    Evaluator::Workspace m_workspace;
    std::vector<double> m_values;
};

} // namespace

std::vector<double> crowdingDistances(std::span<const double> values, std::size_t columns)
{
    const auto n = columns == 0 ? 0 : values.size() / columns;
    const auto row = [&](std::uint32_t i) { return values.subspan(i * columns, columns); };
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        return std::lexicographical_compare(row(a).begin(), row(a).end(), row(b).begin(), row(b).end());
    };
    std::vector<double> distances(n, 0);
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), before);
    order.erase(
        std::unique(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return std::equal(row(a).begin(), row(a).end(), row(b).begin()); }),
        order.end());
    for (std::size_t c = 0; c < columns; ++c) {
        if (c > 0) // the first column is in order already
            std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
                return row(a)[c] != row(b)[c] ? row(a)[c] < row(b)[c] : before(a, b);
            });
        const double range = order.empty() ? 0 : row(order.back())[c] - row(order.front())[c];
        if (!(range > 0))
            continue;
        distances[order.front()] = distances[order.back()] = std::numeric_limits<double>::infinity();
        for (std::size_t i = 1; i + 1 < order.size(); ++i)
            distances[order[i]] += (row(order[i + 1])[c] - row(order[i - 1])[c]) / range;
    }
    return distances;
}

void searchNsga2(const SearchTask& task, const SearchRequest& request, Archive& archive, SearchControl& control,
    const Nsga2Settings& settings)
{
    if (settings.population < 4)
        throw ValueError({"nsga2", "the population", fmt::format("{}", settings.population), "4 or more"});
    Random random(request.seed);
    const Variation variation(task, settings);
    Nursery nursery(task, archive, control);
    Memory memory;
    std::vector<Subnet> fresh;
    std::vector<Individual> population;

    for (const auto& s : request.warmStart)
        if (fresh.size() < settings.population && task.allowed.allows(s) && memory.isNew(s))
            fresh.push_back(s);
    for (std::size_t tries = 0; fresh.size() < settings.population && tries < kTries * settings.population; ++tries)
        if (const auto s = task.allowed.uniform(random); memory.isNew(s))
            fresh.push_back(s);
    if (!nursery.raise(fresh, population))
        return;
    survive(population, settings.population, task.objectives);

    for (int barren = 0; barren < kBarrenGenerations;) {
        if (control.stopped() || (!control.bounded() && control.elapsedMs() >= kUnboundedMs))
            return;
        control.report([&] { return archive.front(); });
        fresh.clear();
        for (std::size_t i = 0; i < settings.population; ++i)
            for (int tries = 0; tries < kTries; ++tries) {
                const auto& a = tournament(population, random);
                const auto& b = tournament(population, random);
                if (const auto s = variation.child(a.subnet, b.subnet, random); memory.isNew(s)) {
                    fresh.push_back(s);
                    break;
                }
            }
        barren = fresh.empty() ? barren + 1 : 0;
        if (!nursery.raise(fresh, population))
            return;
        survive(population, settings.population, task.objectives);
    }
}

} // namespace paretoscope

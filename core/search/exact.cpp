// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/exact.h"

#include "base/error.h"
#include "search/archive.h"
#include "search/infeasible.h"
#include "search/lanes.h"
#include "search/paretolist.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Configurations of one stage that are listed one by one where the predictor has terms of second order.
constexpr std::uint64_t kMostConfigurations = 4'000'000;

/// Points that are put together and evaluated between two questions whether to stop.
constexpr std::size_t kEvaluated = 2048;
/// Of the explanation why three or more limits cannot be met.
constexpr double kExplanationEpsilon = 0.005;

struct Stopped {};

/// The configurations of a stage that can be part of a front; `code` packs the operators.
struct StageList {
    ParetoList list;
    std::vector<std::uint64_t> code; // by entry
};

/// How the entries of one state (the width before the next stage) after one stage came about.
struct Step {
    std::vector<std::uint32_t> previous;    // entry of the state before
    std::vector<std::uint8_t> previousState;
    std::vector<std::uint32_t> stageEntry;
};

/// The dynamic programme at one resolution.
class Programme {
public:
    Programme(const SearchTask& task, const LanePlan& plan, std::size_t resolutionIndex, double trim, const std::function<bool()>& stopped)
        : m_task(task)
        , m_space(task.problem->space())
        , m_plan(plan)
        , m_values(task, plan.lanes, resolutionIndex)
        , m_lanes(plan.lanes.size())
        , m_states(m_space.isResNet() ? static_cast<std::size_t>(m_space.widthChoices()) : 1)
        , m_stopped(stopped)
    {
        m_genes.resolution = static_cast<std::uint16_t>(task.resolutions()[resolutionIndex]);
        for (const auto& lane : plan.lanes) {
            m_rule.join.push_back(lane.join);
            m_rule.cap.push_back(lane.cap);
        }
        m_rule.stopped = stopped;
        m_rule.floor.assign(m_lanes, 0.0);
        m_trim = trim;
    }

    /// Non-dominated totals; `left` is an index for `subnet`.
    ParetoList run()
    {
        listStages();
        boundRemainders();
        auto lists = startLists();
        for (std::size_t stage = 0; stage < m_space.stages.size(); ++stage)
            lists = advance(stage, lists);
        m_rule.cap = caps();
        m_rule.trim = 0;
        std::vector<ParetoList> totals;
        for (std::size_t w = 0; w < m_states; ++w) {
            totals.push_back(std::move(lists[w]));
            auto& total = totals.back();
            for (std::size_t l = 0; l < m_lanes; ++l)
                for (double& v : total.lane[l])
                    v = m_plan.lanes[l].join == Join::Sum ? v + m_ends[w][l] : std::max(v, m_ends[w][l]);
        }
        auto all = unite(totals, m_rule);
        m_last.clear();
        for (std::size_t i = 0; i < all.size(); ++i)
            m_last.emplace_back(static_cast<std::uint8_t>(all.right[i]), all.left[i]);
        for (std::size_t i = 0; i < all.size(); ++i)
            all.left[i] = static_cast<std::uint32_t>(i);
        return all;
    }

    Subnet subnet(std::size_t index) const
    {
        auto [state, entry] = m_last[index];
        Subnet s = m_genes;
        for (std::size_t stage = m_space.stages.size(); stage-- > 0;) {
            const auto& step = m_steps[stage][state];
            const auto before = step.previousState[entry];
            put(s, stage, m_stageLists[stage][before * m_states + state].code[step.stageEntry[entry]]);
            if (m_space.isResNet())
                s.width[stage + 2] = state;
            entry = step.previous[entry];
            state = before;
        }
        const auto& start = m_starts[m_startOf[state][entry]];
        s.width[0] = start.width[0];
        s.width[1] = start.width[1];
        if (m_space.isResNet())
            s.depth[0] = start.depth[0];
        return s;
    }

private:
    void askStop() const
    {
        if (m_stopped && m_stopped())
            throw Stopped{};
    }
    std::vector<double> caps() const
    {
        std::vector<double> caps;
        for (const auto& lane : m_plan.lanes)
            caps.push_back(lane.cap);
        return caps;
    }

    /// Genes of a stage between two widths.
    Subnet between(std::size_t stage, std::size_t before, std::size_t after) const
    {
        auto s = m_genes;
        if (m_space.isResNet()) {
            s.width[stage + 1] = static_cast<std::uint8_t>(before);
            s.width[stage + 2] = static_cast<std::uint8_t>(after);
        }
        return s;
    }

    int opBits(const StageSpec& spec) const { return static_cast<int>(std::bit_width(static_cast<unsigned>(spec.ops()))); }

    void put(Subnet& s, std::size_t stage, std::uint64_t code) const
    {
        const auto& spec = m_space.stages[stage];
        const int bits = opBits(spec);
        int blocks = 0;
        for (; blocks < spec.maxBlocks && code != 0; ++blocks, code >>= bits)
            s.op[static_cast<std::size_t>(spec.firstSlot + blocks)] = static_cast<std::uint8_t>(code & ((1u << bits) - 1));
        s.depth[static_cast<std::size_t>(m_space.depthGene(static_cast<int>(stage)))] = static_cast<std::uint8_t>(blocks - spec.baseDepth);
    }

    void listStages()
    {
        const bool secondOrder = m_task.accuracy && m_task.problem->predictor()->additive()->hasStageTerms();
        m_stageLists.resize(m_space.stages.size());
        for (std::size_t stage = 0; stage < m_space.stages.size(); ++stage) {
            const auto& spec = m_space.stages[stage];
            if (spec.maxBlocks * opBits(spec) > 64)
                throw ValueError({m_space.id, fmt::format("stage {} is too long for the exact solver", stage + 1), fmt::format("{} blocks of {} operators", spec.maxBlocks, spec.ops()), "use the ladder"});
            for (std::size_t before = 0; before < m_states; ++before)
                for (std::size_t after = 0; after < m_states; ++after) {
                    askStop();
                    const auto genes = between(stage, before, after);
                    m_stageLists[stage].push_back(secondOrder ? enumerated(stage, genes) : merged(stage, genes));
                }
        }
    }

    /// The operators of one block, one entry each; `right` is the operator.
    ParetoList blockList(Subnet genes, int slot) const
    {
        ParetoList list(m_lanes);
        std::vector<double> row(m_lanes);
        for (const auto op : m_task.allowed.ops(slot)) {
            std::fill(row.begin(), row.end(), 0.0);
            genes.op[static_cast<std::size_t>(slot)] = op;
            if (m_values.block(genes, slot, row))
                list.add(row, 0, op);
        }
        return list;
    }

    MergeRule free() const
    {
        auto rule = m_rule;
        std::fill(rule.cap.begin(), rule.cap.end(), kInfinity);
        rule.trim = 0;
        return rule;
    }

    StageList merged(std::size_t stage, const Subnet& genes) const
    {
        const auto& spec = m_space.stages[stage];
        const auto rule = free();
        const auto& depths = m_task.allowed.depths(m_space.depthGene(static_cast<int>(stage)));
        std::vector<double> row(m_lanes, 0.0);
        m_values.stage(genes, static_cast<int>(stage), row);
        ParetoList prefix(m_lanes);
        prefix.add(row, 0, 0);
        std::vector<std::uint64_t> codes{0};
        std::vector<ParetoList> lists;
        std::vector<std::vector<std::uint64_t>> codesOf;
        for (int blocks = 0;; ++blocks) {
            if (std::find(depths.begin(), depths.end(), blocks - spec.baseDepth) != depths.end()) {
                lists.push_back(prefix);
                codesOf.push_back(codes);
            }
            if (blocks == spec.baseDepth + depths.back())
                break;
            const auto options = blockList(genes, spec.firstSlot + blocks);
            if (options.size() == 0)
                break;
            prefix = mergeLists(prefix, options, rule);
            std::vector<std::uint64_t> next;
            for (std::size_t i = 0; i < prefix.size(); ++i)
                next.push_back(codes[prefix.left[i]] | std::uint64_t{options.right[prefix.right[i]]} << (blocks * opBits(spec)));
            codes = std::move(next);
        }
        StageList result{unite(lists, rule), {}};
        for (std::size_t i = 0; i < result.list.size(); ++i)
            result.code.push_back(codesOf[result.list.right[i]][result.list.left[i]]);
        return result;
    }

    /// Every configuration one by one: terms of second order join blocks within a stage.
    StageList enumerated(std::size_t stage, const Subnet& genes) const
    {
        const auto& spec = m_space.stages[stage];
        const auto& depths = m_task.allowed.depths(m_space.depthGene(static_cast<int>(stage)));
        double count = 0;
        for (const auto d : depths)
            count += std::pow(static_cast<double>(m_task.allowed.ops(spec.firstSlot).size()), spec.baseDepth + d);
        if (count > static_cast<double>(kMostConfigurations))
            throw ValueError({m_space.id, fmt::format("stage {} has too many configurations for terms of second order", stage + 1), fmt::format("{:.0f}", count), fmt::format("{}", kMostConfigurations)});
        std::vector<ParetoList> options;
        for (int b = 0; b < spec.baseDepth + depths.back(); ++b)
            options.push_back(blockList(genes, spec.firstSlot + b));
        ParetoList all(m_lanes);
        std::vector<std::uint64_t> codes;
        Subnet s = genes;
        std::vector<std::vector<double>> rows(options.size() + 1, std::vector<double>(m_lanes, 0.0));
        std::vector<double> row(m_lanes);
        const auto visit = [&](auto&& self, int block, std::uint64_t code) -> void {
            const auto& sum = rows[static_cast<std::size_t>(block)];
            if (std::find(depths.begin(), depths.end(), block - spec.baseDepth) != depths.end()) {
                row = sum;
                m_values.stage(s, static_cast<int>(stage), row);
                all.add(row, static_cast<std::uint32_t>(codes.size()), 0);
                codes.push_back(code);
            }
            if (static_cast<std::size_t>(block) == options.size())
                return;
            if (block == 1)
                askStop();
            const auto& list = options[static_cast<std::size_t>(block)];
            const auto slot = static_cast<std::size_t>(spec.firstSlot + block);
            auto& next = rows[static_cast<std::size_t>(block) + 1];
            for (std::size_t i = 0; i < list.size(); ++i) {
                for (std::size_t l = 0; l < m_lanes; ++l)
                    next[l] = m_rule.join[l] == Join::Sum ? sum[l] + list.lane[l][i] : std::max(sum[l], list.lane[l][i]);
                s.op[slot] = static_cast<std::uint8_t>(list.right[i]);
                self(self, block + 1, code | std::uint64_t{list.right[i]} << (block * opBits(spec)));
            }
            s.op[slot] = 0;
        };
        visit(visit, 0, 0);
        const auto rule = free();
        StageList result{unite({&all, 1}, rule), {}};
        for (std::size_t i = 0; i < result.list.size(); ++i)
            result.code.push_back(codes[all.left[result.list.left[i]]]);
        return result;
    }

    /// What the stages from one on, and the end, add at least: by stage, state and lane.
    void boundRemainders()
    {
        for (std::size_t w = 0; w < m_states; ++w) {
            auto genes = m_genes;
            if (m_space.isResNet())
                genes.width[m_space.stages.size() + 1] = static_cast<std::uint8_t>(w);
            m_ends.emplace_back(m_lanes, 0.0);
            m_values.end(genes, m_ends.back());
        }
        m_least.assign(m_space.stages.size() + 1, {});
        m_least.back() = m_ends;
        for (std::size_t stage = m_space.stages.size(); stage-- > 0;) {
            m_least[stage].assign(m_states, std::vector<double>(m_lanes, kInfinity));
            for (std::size_t before = 0; before < m_states; ++before)
                for (std::size_t after = 0; after < m_states; ++after) {
                    const auto& list = m_stageLists[stage][before * m_states + after].list;
                    for (std::size_t l = 0; l < m_lanes && list.size() > 0; ++l) {
                        const double least = *std::min_element(list.lane[l].begin(), list.lane[l].end());
                        auto& slot = m_least[stage][before][l];
                        const double rest = m_least[stage + 1][after][l];
                        slot = std::min(slot, m_rule.join[l] == Join::Sum ? least + rest : std::max(least, rest));
                    }
                }
        }
    }

    std::vector<ParetoList> startLists()
    {
        const auto add = [&](Subnet genes) { m_starts.push_back(genes); };
        if (!m_space.isResNet())
            add(m_genes);
        else
            for (const auto stem : m_task.allowed.depths(0))
                for (int w0 = 0; w0 < m_space.widthChoices(); ++w0)
                    for (int w1 = 0; w1 < m_space.widthChoices(); ++w1) {
                        auto genes = m_genes;
                        genes.depth[0] = stem;
                        genes.width[0] = static_cast<std::uint8_t>(w0);
                        genes.width[1] = static_cast<std::uint8_t>(w1);
                        add(genes);
                    }
        std::vector<ParetoList> lists;
        m_startOf.resize(m_states);
        for (std::size_t w = 0; w < m_states; ++w) {
            ParetoList list(m_lanes);
            for (std::size_t i = 0; i < m_starts.size(); ++i) {
                if (m_space.isResNet() && m_starts[i].width[1] != w)
                    continue;
                std::vector<double> row(m_lanes, 0.0);
                m_values.start(m_starts[i], row);
                if (std::none_of(row.begin(), row.end(), [](double v) { return v == kInfinity; }))
                    list.add(row, static_cast<std::uint32_t>(i), 0);
            }
            setCaps(0, w);
            lists.push_back(unite({&list, 1}, m_rule));
            for (std::size_t i = 0; i < lists.back().size(); ++i)
                m_startOf[w].push_back(list.left[lists.back().left[i]]);
        }
        return lists;
    }

    /// Caps on partial sums before `stage` in a state, from the limits and what must still come.
    void setCaps(std::size_t stage, std::size_t state)
    {
        for (std::size_t l = 0; l < m_lanes; ++l) {
            const double rest = m_least[stage][state][l];
            m_rule.cap[l] = m_rule.join[l] == Join::Sum ? m_plan.lanes[l].cap - rest : rest > m_plan.lanes[l].cap ? -kInfinity : m_plan.lanes[l].cap;
            m_rule.floor[l] = m_rule.join[l] == Join::Sum && std::isfinite(rest) ? rest : 0;
        }
    }

    std::vector<ParetoList> advance(std::size_t stage, const std::vector<ParetoList>& before)
    {
        m_steps.emplace_back(m_states);
        std::vector<ParetoList> after;
        for (std::size_t w = 0; w < m_states; ++w) {
            askStop();
            setCaps(stage + 1, w);
            m_rule.trim = stage > 0 ? m_trim : 0;
            std::vector<ParetoList> lists;
            for (std::size_t b = 0; b < m_states; ++b) {
                const auto& options = m_stageLists[stage][b * m_states + w].list;
                lists.push_back(before[b].size() > 0 && options.size() > 0 ? mergeLists(before[b], options, m_rule) : ParetoList(m_lanes));
            }
            askStop();
            auto& step = m_steps.back()[w];
            if (m_states == 1) {
                step.previous = std::move(lists[0].left);
                step.stageEntry = std::move(lists[0].right);
                step.previousState.assign(step.previous.size(), 0);
                after.push_back(std::move(lists[0]));
                after.back().left.resize(step.previous.size());
                after.back().right.resize(step.previous.size());
                continue;
            }
            m_rule.trim = 0;
            auto all = unite(lists, m_rule);
            for (std::size_t i = 0; i < all.size(); ++i) {
                const auto from = all.right[i];
                step.previous.push_back(lists[from].left[all.left[i]]);
                step.stageEntry.push_back(lists[from].right[all.left[i]]);
                step.previousState.push_back(static_cast<std::uint8_t>(from));
            }
            after.push_back(std::move(all));
        }
        return after;
    }

    const SearchTask& m_task;
    const SearchSpace& m_space;
    const LanePlan& m_plan;
    LaneValues m_values;
    std::size_t m_lanes;
    std::size_t m_states;
    const std::function<bool()>& m_stopped;
    Subnet m_genes; // the resolution; everything else zero
    MergeRule m_rule;
    double m_trim = 0;
    std::vector<std::vector<StageList>> m_stageLists; // [stage][before × states + after]
    std::vector<std::vector<double>> m_ends;          // [state][lane]
    std::vector<std::vector<std::vector<double>>> m_least; // [stage][state][lane]
    std::vector<Subnet> m_starts;
    std::vector<std::vector<std::uint32_t>> m_startOf; // [state][entry]
    std::vector<std::vector<Step>> m_steps;            // [stage][state]
    std::vector<std::pair<std::uint8_t, std::uint32_t>> m_last; // state and entry
};

Proof proofOf(const SearchTask& task, double epsilon)
{
    Proof proof;
    proof.exact = true;
    proof.epsilon = epsilon;
    proof.subnetsCovered = task.allowed.count();
    std::string what = "costs";
    if (task.accuracy)
        what = task.problem->predictor()->describe() + " and costs";
    proof.text = epsilon > 0
        ? fmt::format("Pareto dynamic programme over {} subnets: none that stays within 1/{:g} of the limits has a top-1 that this front does not reach at {:g} % more of each cost or less, for the model in use ({})",
              proof.subnetsCovered, 1 + epsilon, 100 * epsilon, what)
        : fmt::format("Pareto dynamic programme: of {} subnets none dominates a point of this front, and none is missing, for the model in use ({})", proof.subnetsCovered, what);
    return proof;
}

/// Everything non-dominated over the lanes, with the values of the task.
struct Solved {
    Points points;
    bool finished = true;
};

Solved solveLanes(const SearchTask& task, const LanePlan& plan, double epsilon, const std::function<bool()>& stopped, const std::function<void(double)>& onShare)
{
    Solved result;
    result.points.dimensions = task.dimensions.size();
    const auto merges = static_cast<double>(std::max<std::size_t>(1, task.problem->space().stages.size() - 1));
    const double trim = epsilon > 0 && plan.lanes.size() > 2 ? std::pow(1 + epsilon, 1 / merges) - 1 : 0;
    std::vector<Programme> programmes;
    std::vector<ParetoList> totals;
    programmes.reserve(task.resolutions().size());
    try {
        for (std::size_t r = 0; r < task.resolutions().size(); ++r) {
            programmes.emplace_back(task, plan, r, trim, stopped);
            totals.push_back(programmes.back().run());
            if (onShare)
                onShare(static_cast<double>(r + 1) / static_cast<double>(task.resolutions().size()));
        }
    } catch (const Stopped&) {
        result.finished = false;
        return result;
    }
    MergeRule rule;
    rule.cap.assign(plan.lanes.size(), kInfinity);
    rule.stopped = stopped;
    const auto all = unite(totals, rule);
    auto& points = result.points;
    points.subnets.reserve(all.size());
    points.values.resize(all.size() * points.dimensions);
    Evaluator::Workspace workspace;
    const Evaluator evaluator(task);
    for (std::size_t i = 0; i < all.size(); i += kEvaluated) {
        if (stopped && stopped()) {
            result.finished = false;
            return result;
        }
        const auto n = std::min(kEvaluated, all.size() - i);
        for (std::size_t k = i; k < i + n; ++k)
            points.subnets.push_back(programmes[all.right[k]].subnet(all.left[k]));
        evaluator.evaluate({points.subnets.data() + i, n}, {points.values.data() + i * points.dimensions, n * points.dimensions}, workspace);
    }
    result.finished = !(stopped && stopped());
    return result;
}

/// Whether what is non-dominated over the lanes is so over the objectives, in the order of the first cost.
bool lanesAreObjectives(const SearchTask& task)
{
    return task.objectives > 1 && task.objectives == task.dimensions.size()
        && std::none_of(task.dimensions.begin(), task.dimensions.end(), [](const Dimension& d) { return d.form == Dimension::Form::MaxOfSums; });
}

Points withinLimits(const SearchTask& task, Points points)
{
    Points kept;
    kept.dimensions = points.dimensions;
    bool all = true;
    for (std::size_t i = 0; i < points.size() && all; ++i)
        all = task.satisfies(points.row(i));
    if (all)
        return points;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (task.satisfies(points.row(i)))
            kept.add(points.subnets[i], points.row(i));
    return kept;
}

void requireAdditive(const SearchTask& task)
{
    if (!canSolveExactly(task))
        throw ValueError({"search", "the exact solver needs an additive accuracy predictor", task.problem->predictor()->describe(), "an additive one, or the ladder"});
}

} // namespace

bool canSolveExactly(const SearchTask& task) { return !task.accuracy || task.problem->predictor()->additive() != nullptr; }

ExactOutcome solveExact(const SearchTask& task, double epsilon, const std::function<bool()>& stopped, const std::function<void(double)>& onShare)
{
    requireAdditive(task);
    const auto plan = planLanes(task, true);
    auto solved = solveLanes(task, plan, epsilon, stopped, onShare);
    ExactOutcome outcome;
    outcome.finished = solved.finished;
    outcome.notes = plan.notes;
    outcome.front = lanesAreObjectives(task) ? withinLimits(task, std::move(solved.points)) : frontOf(task, solved.points);
    outcome.proof = proofOf(task, plan.lanes.size() > 2 ? epsilon : 0);
    return outcome;
}

Infeasible explainInfeasible(const SearchTask& task, const std::function<bool()>& stopped)
{
    requireAdditive(task);
    // The front of what is limited, without the limits: whatever comes closest to them is on it.
    SearchTask limited{task.problem, task.allowed, {}, 0, {}};
    for (const auto& d : task.dimensions)
        if (std::isfinite(d.least) || std::isfinite(d.most)) {
            if (d.form == Dimension::Form::Accuracy)
                limited.accuracy = limited.dimensions.size();
            limited.dimensions.push_back(d);
            limited.dimensions.back().least = -kInfinity;
            limited.dimensions.back().most = kInfinity;
        }
    limited.objectives = limited.dimensions.size();
    const auto plan = planLanes(limited, false);
    const double epsilon = plan.lanes.size() > 2 ? kExplanationEpsilon : 0;
    const auto solved = solveLanes(limited, plan, epsilon, stopped, {});
    Points points;
    points.dimensions = task.dimensions.size();
    points.subnets = solved.points.subnets;
    points.values.resize(points.size() * points.dimensions);
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(points.subnets, points.values, workspace);
    auto explanation = explainInfeasible(task, points);
    explanation.exact = solved.finished && epsilon == 0;
    return explanation;
}

} // namespace paretoscope

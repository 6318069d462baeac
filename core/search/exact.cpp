// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/exact.h"

#include "base/error.h"
#include "search/archive.h"
#include "search/infeasible.h"
#include "search/programme.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Points that are put together and evaluated between two questions whether to stop.
constexpr std::size_t kEvaluated = 2048;
/// Of the explanation why three or more limits cannot be met.
constexpr double kExplanationEpsilon = 0.005;

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
    } catch (const SolverStopped&) {
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
    requireAdditive(limited); // a predictor that is not limited does not matter
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

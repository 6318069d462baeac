// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The published algorithm behind a request: one constraint, or a grid of them.
#include "base/error.h"
#include "search/evolution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace paretoscope {

namespace {

constexpr int kConstraints = 24;
/// Subnets drawn in one turn: about half a millisecond.
constexpr std::uint64_t kTurn = 512;

/// The value of one dimension that is no accuracy, for one subnet at a time.
class CostOf {
public:
    explicit CostOf(const Dimension& dimension, const SearchTask& task)
        : m_task(std::make_shared<SearchTask>(SearchTask{task.problem, task.allowed, {dimension}, 1, {}}))
        , m_evaluator(*m_task)
    {
    }
    double operator()(const Subnet& subnet)
    {
        const auto& d = m_task->dimensions.front();
        if (d.form == Dimension::Form::Sum) // by far the most frequent
            return d.tables.front().cost(subnet);
        double value = 0;
        m_evaluator.evaluate({&subnet, 1}, {&value, 1}, m_workspace);
        return value;
    }

private:
    std::shared_ptr<const SearchTask> m_task;
    Evaluator m_evaluator;
    Evaluator::Workspace m_workspace;
};

/// One run within a search: its draws, and where it stands.
struct Runner {
    SeededDraws draws;
    EvolutionRun run;
    EvolutionRun::State state = EvolutionRun::State::Drawing;

    Runner(std::uint64_t seed, const EvolutionSpace& space, const EvolutionSettings& settings, EvolutionRun::Cost cost)
        : draws(seed)
        , run(space, settings, draws, std::move(cost))
    {
    }
};

/// Evaluates batches as far as the bound allows, and keeps what it saw.
class Judge {
public:
    Judge(const SearchTask& task, Archive& archive, SearchControl& control)
        : m_task(task)
        , m_archive(archive)
        , m_control(control)
        , m_evaluator(task)
    {
    }
    /// Whether all of the batch could be evaluated.
    bool judge(EvolutionRun& run)
    {
        const auto batch = run.batch();
        const auto n = static_cast<std::size_t>(m_control.take(batch.size()));
        const auto columns = m_evaluator.dimensions();
        m_values.resize(n * columns);
        m_evaluator.evaluate(batch.first(n), m_values, m_workspace);
        m_archive.add(batch.first(n), m_values);
        m_control.report([&] { return m_archive.front(); });
        if (n < batch.size())
            return false;
        m_accuracies.resize(n);
        for (std::size_t i = 0; i < n; ++i)
            m_accuracies[i] = m_values[i * columns + *m_task.accuracy];
        run.score(m_accuracies);
        return true;
    }

private:
    const SearchTask& m_task;
    Archive& m_archive;
    SearchControl& m_control;
    Evaluator m_evaluator;
    Evaluator::Workspace m_workspace;
    std::vector<double> m_values;
    std::vector<double> m_accuracies;
};

/// The cheapest (sign 1) or dearest (sign -1) allowed subnet, by changing one gene at a time: exact for a sum.
double extreme(const SearchTask& task, CostOf& cost, double sign)
{
    const auto& allowed = task.allowed;
    const auto& space = task.problem->space();
    double best = std::numeric_limits<double>::infinity();
    for (const int resolution : allowed.resolutions()) {
        auto start = sign > 0 ? space.smallest() : space.largest();
        start.resolution = static_cast<std::uint16_t>(resolution);
        auto s = allowed.repaired(start);
        double here = sign * cost(s);
        const auto attempt = [&](auto change) {
            auto other = s;
            change(other);
            other = allowed.repaired(other); // switches blocks on and off with the depth
            if (const double v = sign * cost(other); v < here) {
                here = v;
                s = other;
                return true;
            }
            return false;
        };
        for (bool improved = true; improved;) {
            improved = false;
            for (int gene = 0; gene < space.depthGenes(); ++gene)
                for (const auto d : allowed.depths(gene))
                    improved |= attempt([&](Subnet& o) { o.depth[static_cast<std::size_t>(gene)] = d; });
            for (int gene = 0; gene < space.widthGenes(); ++gene)
                for (int w = 0; w < space.widthChoices(); ++w)
                    improved |= attempt(
                        [&](Subnet& o) { o.width[static_cast<std::size_t>(gene)] = static_cast<std::uint8_t>(w); });
            for (int slot = 0; slot < space.slotCount(); ++slot)
                if (s.op[static_cast<std::size_t>(slot)] != 0)
                    for (const auto op : allowed.ops(slot))
                        improved |= attempt([&](Subnet& o) { o.op[static_cast<std::size_t>(slot)] = op; });
        }
        best = std::min(best, here);
    }
    return sign * best;
}

std::string tooTight(const Dimension& cost, double constraint, const EvolutionSettings& settings)
{
    const auto u = unit(cost.quantity.metric);
    return fmt::format(
        "{} of at most {:.6g}{}{}: the published algorithm draws until a subnet fits, and {} in a row did not",
        name(cost.quantity.metric), constraint, u.empty() ? "" : " ", u, settings.mostAttempts);
}

[[noreturn]] void refuse(const std::string& problem)
{
    throw ValueError({"evolution", problem, {},
        "top1 with one limited cost, or top1 and one cost as objectives; nsga2 takes any objectives and limits"});
}

} // namespace

void searchEvolution(const SearchTask& task, const SearchRequest& request, Algorithm variant, Archive& archive,
    SearchControl& control, std::vector<std::string>* notes)
{
    if (!task.accuracy || *task.accuracy >= task.objectives)
        refuse("top1 is no objective");
    if (task.dimensions.size() != 2)
        refuse(task.dimensions.size() < 2 ? "no cost is limited" : "more than one cost");
    const auto& costDimension = task.dimensions[1 - *task.accuracy];
    const bool single = task.objectives == 1;
    if (single && !std::isfinite(costDimension.most))
        refuse("the cost has no upper limit");

    const EvolutionSpace space(task.problem->space(), task.allowed);
    EvolutionSettings settings;
    settings.variant = variant == Algorithm::EvolutionNas ? EvolutionVariant::Nas : EvolutionVariant::Tutorial;
    CostOf cost(costDimension, task);
    const auto costFunction = [&cost](const Subnet& s) { return cost(s); };
    std::vector<double> constraints{costDimension.most};
    const auto note = [&](std::string text) {
        if (notes)
            notes->push_back(std::move(text));
    };
    if (!single) {
        const double low = std::max(extreme(task, cost, 1), costDimension.least),
                     high = std::min(extreme(task, cost, -1), costDimension.most);
        if (high < low)
            return note(fmt::format("no subnet has a {} between the limits", name(costDimension.quantity.metric)));
        constraints.clear();
        for (int i = 1; i <= kConstraints; ++i)
            constraints.push_back(low + (high - low) * i / kConstraints);
    }

    Judge judge(task, archive, control);
    for (std::uint64_t round = 0;; ++round) {
        std::vector<std::unique_ptr<Runner>> runners;
        for (std::size_t i = 0; i < constraints.size(); ++i) {
            settings.mostCost = constraints[i];
            runners.push_back(
                std::make_unique<Runner>(request.seed + round * constraints.size() + i, space, settings, costFunction));
        }
        bool scored = false;
        for (bool going = true; going;) {
            going = false;
            for (std::size_t i = 0; i < runners.size(); ++i) {
                auto& r = *runners[i];
                if (r.state == EvolutionRun::State::Finished)
                    continue;
                if (control.stopped())
                    return;
                r.state = r.run.draw(kTurn);
                if (r.state == EvolutionRun::State::Ready) {
                    if (!judge.judge(r.run))
                        return;
                    scored = true;
                } else if (r.run.outcome().stuck) {
                    note(tooTight(costDimension, constraints[i], settings));
                    constraints[i] = std::numeric_limits<double>::quiet_NaN(); // not again in the next round
                }
                going = true;
            }
        }
        std::erase_if(constraints, [](double c) { return std::isnan(c); });
        if (single || !control.bounded() || !scored || constraints.empty())
            return;
    }
}

} // namespace paretoscope

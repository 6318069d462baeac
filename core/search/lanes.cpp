// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/lanes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Limits are compared on rounded sums; what is within by the exact numbers must not be lost to the rounding. Whoever
/// is let in by this is sent away when the front is evaluated.
constexpr double kCapSlack = 1e-12;
/// Raw accuracies and their partial sums stay below this.
constexpr double kLargestRaw = 64;

/// The factor from one table to another where all entries are proportional.
std::optional<double> proportion(const CostTable& from, const CostTable& to)
{
    const auto& a = from.values();
    const auto& b = to.values();
    const auto at = std::max_element(a.begin(), a.end()) - a.begin();
    const double factor = a[static_cast<std::size_t>(at)] > 0 ? b[static_cast<std::size_t>(at)] / a[static_cast<std::size_t>(at)] : 0;
    if (!(factor > 0))
        return std::nullopt;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(b[i] - factor * a[i]) > 1e-12 * std::abs(b[i]))
            return std::nullopt;
    return factor;
}

/// A grain so fine that a sum of the largest entries of all parts still has exact multiples of it in a double.
double grainOf(double largestSum)
{
    return largestSum > 0 ? std::ldexp(1.0, std::ilogb(largestSum) + 1 - 50) : 1.0;
}

double largestSum(const CostTable& table)
{
    const auto& parts = table.parts();
    double largest = 0;
    for (std::size_t r = 0; r < table.resolutions().size(); ++r) {
        double sum = 0;
        for (std::size_t p = 0; p < parts.size(); ++p) {
            double most = 0;
            for (int v = 0; v < parts.list()[p].variants; ++v)
                most = std::max(most, table.at(r, p, v));
            sum += most;
        }
        largest = std::max(largest, sum);
    }
    return largest;
}

/// Raw top-1 that is shown as `percent`.
double rawOf(const SearchProblem& problem, double percent)
{
    const auto& calibration = problem.predictor()->calibration;
    return (calibration ? (percent - calibration->offsetPercent) / calibration->slope : percent) / 100;
}

} // namespace

LanePlan planLanes(const SearchTask& task, bool withLimits)
{
    LanePlan plan;
    std::vector<Lane> accuracy;
    const auto slack = [](double cap) { return cap + kCapSlack * std::abs(cap); };
    for (std::size_t i = 0; i < task.dimensions.size(); ++i) {
        const auto& d = task.dimensions[i];
        const bool objective = i < task.objectives || !withLimits;
        const double worse = d.maximised ? d.least : d.most, better = d.maximised ? d.most : d.least;
        const bool worseLimited = withLimits && std::isfinite(worse), betterLimited = withLimits && std::isfinite(better);
        if (betterLimited && (objective || worseLimited || d.form == Dimension::Form::MaxOfSums || d.form == Dimension::Form::LargestPart))
            plan.notes.push_back(fmt::format("the {} limit on {} cuts the front: it makes no other subnet eligible", d.maximised ? "upper" : "lower", name(d.quantity.metric)));
        if (d.form == Dimension::Form::LargestPart && !objective)
            continue; // its limit forbids blocks
        if (!objective && !worseLimited && (!betterLimited || d.form == Dimension::Form::MaxOfSums))
            continue;
        if (d.form == Dimension::Form::Accuracy) {
            const bool flipped = !objective && !worseLimited;
            const double cap = flipped ? rawOf(*task.problem, better) : worseLimited ? -rawOf(*task.problem, worse) : kInfinity;
            accuracy.push_back({i, 0, flipped ? 1.0 : -1.0, Join::Sum, slack(cap), grainOf(kLargestRaw)});
            continue;
        }
        for (std::size_t t = 0; t < d.tables.size(); ++t) {
            const bool flipped = !objective && !worseLimited;
            Lane lane{i, t, flipped ? -1.0 : 1.0, d.form == Dimension::Form::LargestPart ? Join::Largest : Join::Sum, kInfinity, grainOf(largestSum(d.tables[t]))};
            if (flipped)
                lane.cap = slack(-better);
            else if (worseLimited)
                lane.cap = slack(worse);
            const auto twin = std::find_if(plan.lanes.begin(), plan.lanes.end(), [&](const Lane& other) {
                return other.join == lane.join && other.sign == lane.sign && task.dimensions[other.dimension].form == d.form && d.form == Dimension::Form::Sum
                    && proportion(task.dimensions[other.dimension].tables[other.table], d.tables[t]);
            });
            if (twin == plan.lanes.end()) {
                plan.lanes.push_back(lane);
                continue;
            }
            const double factor = *proportion(task.dimensions[twin->dimension].tables[twin->table], d.tables[t]);
            twin->cap = std::min(twin->cap, lane.cap / factor);
        }
    }
    plan.lanes.insert(plan.lanes.end(), accuracy.begin(), accuracy.end());
    return plan;
}

LaneValues::LaneValues(const SearchTask& task, const std::vector<Lane>& lanes, std::size_t resolutionIndex)
    : m_task(&task)
    , m_lanes(&lanes)
    , m_column(resolutionIndex)
{
    const auto& parts = *task.problem->parts();
    m_partOfSlot.resize(static_cast<std::size_t>(parts.space().slotCount()));
    for (std::size_t p = 0; p < parts.size(); ++p)
        if (parts.list()[p].slot >= 0)
            m_partOfSlot[static_cast<std::size_t>(parts.list()[p].slot)] = p;
    if (task.accuracy) {
        m_predictor = task.problem->predictor()->additive();
        m_predictorColumn = m_predictor->resolutionIndex(task.resolutions()[resolutionIndex]);
    }
}

double LaneValues::quantised(const Lane& lane, double v) const { return lane.sign * std::nearbyint(v / lane.grain) * lane.grain; }

void LaneValues::part(const Subnet& genes, std::size_t p, std::span<double> out, bool& allowed) const
{
    const auto& parts = *m_task->problem->parts();
    const int variant = parts.variantOf(genes, p);
    if (variant < 0)
        return;
    for (std::size_t l = 0; l < m_lanes->size(); ++l) {
        const auto& lane = (*m_lanes)[l];
        const auto& d = m_task->dimensions[lane.dimension];
        if (d.form == Dimension::Form::Accuracy)
            continue;
        const double v = quantised(lane, d.tables[lane.table].at(m_column, p, variant));
        out[l] = lane.join == Join::Sum ? out[l] + v : std::max(out[l], v);
    }
    for (const auto& d : m_task->dimensions)
        if (d.form == Dimension::Form::LargestPart && d.tables.front().at(m_column, p, variant) > d.most)
            allowed = false;
}

void LaneValues::start(const Subnet& genes, std::span<double> out) const
{
    const auto& parts = *m_task->problem->parts();
    bool allowed = true;
    for (std::size_t p = 0; p < m_partOfSlot.front(); ++p)
        part(genes, p, out, allowed);
    for (std::size_t l = 0; l < m_lanes->size(); ++l) {
        const auto& lane = (*m_lanes)[l];
        if (m_task->dimensions[lane.dimension].form == Dimension::Form::Accuracy) {
            double score = m_predictor->offset(m_predictorColumn) + m_predictor->stemScore(m_predictorColumn, parts.space().stemResidual(genes));
            for (int gene = 0; gene < std::min(2, parts.space().widthGenes()); ++gene)
                score += m_predictor->widthScore(m_predictorColumn, gene, genes.width[static_cast<std::size_t>(gene)]);
            out[l] += quantised(lane, score);
        } else if (!allowed) {
            out[l] = kInfinity;
        }
    }
}

void LaneValues::end(const Subnet& genes, std::span<double> out) const
{
    bool allowed = true;
    for (std::size_t p = m_partOfSlot.back() + 1; p < m_task->problem->parts()->size(); ++p)
        part(genes, p, out, allowed);
    if (!allowed)
        std::fill(out.begin(), out.end(), kInfinity);
}

bool LaneValues::block(const Subnet& genes, int slot, std::span<double> out) const
{
    bool allowed = true;
    part(genes, m_partOfSlot[static_cast<std::size_t>(slot)], out, allowed);
    for (std::size_t l = 0; l < m_lanes->size(); ++l)
        if (const auto& lane = (*m_lanes)[l]; m_task->dimensions[lane.dimension].form == Dimension::Form::Accuracy)
            out[l] += quantised(lane, m_predictor->score(m_predictorColumn, slot, genes.op[static_cast<std::size_t>(slot)]));
    return allowed;
}

void LaneValues::stage(const Subnet& genes, int stage, std::span<double> out) const
{
    for (std::size_t l = 0; l < m_lanes->size(); ++l)
        if (const auto& lane = (*m_lanes)[l]; m_task->dimensions[lane.dimension].form == Dimension::Form::Accuracy) {
            double score = m_predictor->stageScore(m_predictorColumn, stage, genes);
            if (m_task->problem->space().isResNet())
                score += m_predictor->widthScore(m_predictorColumn, stage + 2, genes.width[static_cast<std::size_t>(stage) + 2]);
            out[l] += quantised(lane, score);
        }
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/stepcurve.h"

#include "base/error.h"
#include "search/nondominated.h"
#include "search/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope {

StepCurve::StepCurve(std::span<const double> cost, std::span<const double> top1Percent)
{
    constexpr char kWhere[] = "accuracy by budget";
    if (cost.size() != top1Percent.size())
        throw ValueError({kWhere, "lists of different lengths", fmt::format("{} costs, {} accuracies", cost.size(), top1Percent.size()), "as many"});
    std::vector<double> values;
    values.reserve(2 * cost.size());
    for (std::size_t i = 0; i < cost.size(); ++i)
        values.insert(values.end(), {cost[i], -top1Percent[i]});
    checkFiniteRows(values, 2, kWhere);
    for (const auto i : nondominated(values, 2))
        m_steps.push_back({cost[i], top1Percent[i], i});
}

const StepCurve::Step* StepCurve::at(double budget) const
{
    const auto after = std::upper_bound(m_steps.begin(), m_steps.end(), budget, [](double b, const Step& s) { return b < s.cost; });
    return after == m_steps.begin() ? nullptr : &*std::prev(after);
}

std::optional<Regret> regretOf(const StepCurve& curve, const StepCurve& reference, std::optional<double> fromCost, std::optional<double> toCost)
{
    for (const auto& end : {fromCost, toCost})
        if (end && !std::isfinite(*end))
            throw ValueError({"regret", "interval of budgets is not finite", fmt::format("{}", *end), "finite numbers"});
    if (fromCost && toCost && *fromCost > *toCost)
        throw ValueError({"regret", "interval of budgets ends before it begins", fmt::format("{} to {}", *fromCost, *toCost), ""});
    if (curve.empty() || reference.empty())
        return {};
    const double first = std::max(curve.steps().front().cost, reference.steps().front().cost);
    const double last = std::max(curve.steps().back().cost, reference.steps().back().cost);
    Regret regret;
    regret.fromCost = fromCost ? std::max(*fromCost, first) : first;
    regret.toCost = toCost ? *toCost : std::max(last, regret.fromCost);
    const double reached = std::max(reference.steps().front().cost, fromCost.value_or(-std::numeric_limits<double>::infinity()));
    regret.unreachedCost = std::max(0.0, std::min(curve.steps().front().cost, regret.toCost) - reached);
    if (regret.fromCost > regret.toCost)
        return {};

    std::vector<double> changes{regret.fromCost};
    for (const auto* steps : {&curve.steps(), &reference.steps()})
        for (const auto& s : *steps)
            if (s.cost > regret.fromCost && s.cost <= regret.toCost)
                changes.push_back(s.cost);
    std::sort(changes.begin(), changes.end());
    double area = 0;
    regret.maxPercent = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const double cost = changes[i], percent = reference.at(cost)->top1Percent - curve.at(cost)->top1Percent;
        area += ((i + 1 < changes.size() ? changes[i + 1] : regret.toCost) - cost) * percent;
        if (percent > regret.maxPercent) {
            regret.maxPercent = percent;
            regret.maxAtCost = cost;
        }
        if (regret.losses.empty() || regret.losses.back().percent != percent)
            regret.losses.push_back({cost, percent});
    }
    const double width = regret.toCost - regret.fromCost;
    regret.meanPercent = width > 0 ? area / width : regret.losses.front().percent;
    return regret;
}

} // namespace paretoscope

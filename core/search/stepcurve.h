// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The best accuracy that a budget buys.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace paretoscope {

/// Constant from each step to the next; nothing before the first.
class StepCurve {
public:
    struct Step {
        double cost = 0;
        double top1Percent = 0; // rises from step to step
        std::size_t point = 0;  // the place in the input
        bool operator==(const Step&) const = default;
    };
    /// Of any points; dominated ones are left out, of equal ones the first stays.
    /// @throws ValueError for spans of different lengths or values that are not finite.
    StepCurve(std::span<const double> cost, std::span<const double> top1Percent);
    const std::vector<Step>& steps() const { return m_steps; }
    bool empty() const { return m_steps.empty(); }
    /// The step that a budget reaches; null below the first.
    const Step* at(double budget) const;

private:
    std::vector<Step> m_steps;
};

/// What one curve lacks to a reference, over an interval of budgets.
struct Regret {
    /// From `cost` on, up to the next one.
    struct Loss {
        double cost = 0;
        double percent = 0;
        bool operator==(const Loss&) const = default;
    };
    double fromCost = 0, toCost = 0; // where both curves have a point
    double unreachedCost = 0;        // part of the interval asked for in which the reference has a point and the curve has none
    double meanPercent = 0;          // exact integral, divided by the interval; negative where the curve is better
    double maxPercent = 0;
    double maxAtCost = 0;            // where the largest loss begins
    std::vector<Loss> losses;        // the difference as a step function
    bool operator==(const Regret&) const = default;
};

/// Reference minus curve over the budgets from `fromCost` to `toCost`; by default over all at which either changes.
/// Nothing where the two have no budget in common in the interval. An interval of no width has the loss at its place.
/// @throws ValueError for an interval that is not finite or ends before it begins.
std::optional<Regret> regretOf(const StepCurve& curve, const StepCurve& reference, std::optional<double> fromCost = {},
    std::optional<double> toCost = {});

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the chains stand on the ladder, and what they hand to each other.
#include "search/ladderrun.h"

#include <algorithm>
#include <cmath>

namespace paretoscope::ladder {

namespace {

constexpr double kWindow = 0.05; // of the range of costs, below a single limit
constexpr double kLag = 0.02; // of the range of accuracy: chains that are farther behind begin anew
constexpr double kAccuracyShare = 0.35; // in the distance along the front by which budgets are placed

} // namespace

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
        const auto at =
            std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.second.raw >= wanted; });
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
        const double risen = best && entries.size() > 1
            ? static_cast<double>((best->raw - entries.begin()->second.raw) / m_spread)
            : share;
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
        const auto at = std::min(members.size() - 1,
            static_cast<std::size_t>((static_cast<double>(m) + shift) / kChains * static_cast<double>(members.size())));
        m_model.costs(members.subnets[at], costs);
        const double slack = 0.02 * m_random.uniform();
        for (std::size_t k = 0; k < costs.size(); ++k) {
            const auto d = m_model.rows()[k].dimension;
            chain(m).budget[k] =
                d < m_task.objectives ? std::min(m_most[k], costs[k] + slack * m_engine.rowScale[k]) : m_most[k];
        }
        groupOf(m).reset(m / kGroups, members.subnets[at]);
    }
}

/// Chains that lag far behind what is known within their budget begin there again.
void Ladder::refresh(bool islands)
{
    const auto lag = static_cast<float>(kLag) * m_spread;
    for (std::size_t m = 0; m < kChains; ++m) {
        auto& c = chain(m);
        double primary = 0;
        for (const auto k : m_model.primaryRows())
            primary = std::max(primary, c.budget[k]);
        const auto* best = m_costObjectives > 1 ? nullptr : m_front.below(primary);
        if (best && (!c.alive || (!islands && best->raw > c.raw + lag)))
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
        chain(m).price =
            std::isfinite(rise) ? std::max(rise / (2 * reach), floor) : static_cast<double>(m_spread) / range;
    }
}

void Ladder::handUp(bool islands)
{
    if (m_costObjectives > 1)
        return; // budgets are not nested
    const std::size_t apart = islands ? kGroups : 1; // chain m - kGroups is the next lower one of the same group
    for (std::size_t m = apart; m < kChains; ++m) {
        const auto& lower = chain(m - apart);
        const auto& upper = chain(m);
        if (lower.alive && (!upper.alive || lower.raw > upper.raw))
            groupOf(m).copyFrom(m / kGroups, groupOf(m - apart), (m - apart) / kGroups);
    }
}

} // namespace paretoscope::ladder

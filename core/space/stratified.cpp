// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/stratified.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace paretoscope {

namespace {
constexpr double kGrid = 1024;
}

StratifiedSampler::StratifiedSampler(const CostTable& cost, int resolution, int strata)
    : m_cost(cost)
    , m_column(cost.resolutionIndex(resolution))
    , m_resolution(resolution)
{
    const auto& space = cost.parts().space();
    m_partOfSlot.resize(static_cast<std::size_t>(space.slotCount()));
    for (std::size_t p = 0; p < cost.parts().size(); ++p) {
        const auto& part = cost.parts().list()[p];
        if (part.slot >= 0)
            m_partOfSlot[static_cast<std::size_t>(part.slot)] = p;
        else if (part.always && part.variants == 1)
            m_fixed += partCost(p, 0);
    }
    m_starts = starts();

    std::map<Point, double> lows, highs;
    m_low = std::numeric_limits<double>::max();
    m_high = -m_low;
    for (const auto& s : m_starts) {
        m_low = std::min(m_low, m_fixed + startCost(s) + extremeFromStage(0, s.width, false, lows));
        m_high = std::max(m_high, m_fixed + startCost(s) + extremeFromStage(0, s.width, true, highs));
    }
    if (!(m_high > m_low))
        throw ValueError({space.id, "all subnets cost the same: there is nothing to stratify", fmt::format("{}", m_low), {}});
    m_step = (m_high - m_low) / kGrid;
    m_length = static_cast<std::size_t>((m_high - m_fixed) / m_step) + 2 * static_cast<std::size_t>(space.slotCount()) + 8;

    // What is reachable, by stratum.
    m_strata.resize(static_cast<std::size_t>(std::max(1, strata)));
    std::vector<bool> reachable(m_length, false);
    for (const auto& s : m_starts) {
        const auto fromHere = waysFromStage(0, s.width);
        const auto shift = static_cast<std::size_t>(std::lround(startCost(s) / m_step));
        auto& total = m_total.emplace_back(m_length, 0.0);
        for (std::size_t c = 0; c + shift < m_length; ++c) {
            total[c + shift] = fromHere[c];
            if (fromHere[c] > 0)
                reachable[c + shift] = true;
        }
    }
    for (std::size_t c = 0; c < m_length; ++c) {
        const double share = (m_fixed + static_cast<double>(c) * m_step - m_low) / (m_high - m_low);
        const auto stratum = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(share * static_cast<double>(m_strata.size())), 0,
            static_cast<std::ptrdiff_t>(m_strata.size()) - 1);
        if (reachable[c])
            m_strata[static_cast<std::size_t>(stratum)].push_back(static_cast<int>(c));
    }
    std::erase_if(m_strata, [](const auto& s) { return s.empty(); });
}

double StratifiedSampler::partCost(std::size_t part, int variant) const { return m_cost.at(m_column, part, variant); }

int StratifiedSampler::gridCost(std::size_t part, int variant) const
{
    return static_cast<int>(std::lround(partCost(part, variant) / m_step));
}

// Variant of the block that comes next, as Parts numbers them.
int StratifiedSampler::variant(const Point& p, int op) const
{
    const auto& space = m_cost.parts().space();
    if (!space.isResNet())
        return op;
    const auto& stage = space.stages[static_cast<std::size_t>(p.stage)];
    const int context = p.next == 0 ? p.widthBefore * space.widthChoices() + p.width : p.width;
    return context * stage.ops() + op;
}

std::vector<StratifiedSampler::Point> StratifiedSampler::entries(int stage, int widthBefore) const
{
    const auto& space = m_cost.parts().space();
    const auto& spec = space.stages[static_cast<std::size_t>(stage)];
    std::vector<Point> points;
    for (int w = 0; w < space.widthChoices(); ++w)
        for (const int d : spec.depths)
            points.push_back({stage, widthBefore, w, spec.baseDepth + d, 0});
    return points;
}

std::vector<StratifiedSampler::Start> StratifiedSampler::starts() const
{
    const auto& space = m_cost.parts().space();
    if (!space.isResNet())
        return {{Subnet{}, 0}};
    std::vector<Start> all;
    for (const int d : space.stemDepths)
        for (int mid = 0; mid < space.widthChoices(); ++mid)
            for (int out = 0; out < space.widthChoices(); ++out) {
                Subnet s;
                s.depth[0] = static_cast<std::uint8_t>(d);
                s.width[0] = static_cast<std::uint8_t>(mid);
                s.width[1] = static_cast<std::uint8_t>(out);
                all.push_back({s, out});
            }
    return all;
}

double StratifiedSampler::startCost(const Start& s) const
{
    const auto& parts = m_cost.parts();
    double cost = 0;
    for (std::size_t p = 0; p < parts.size() && parts.list()[p].slot < 0; ++p)
        if (const int v = parts.variantOf(s.subnet, p); v >= 0 && (parts.list()[p].variants > 1 || !parts.list()[p].always))
            cost += partCost(p, v);
    return cost;
}

double StratifiedSampler::endCost(int width) const
{
    const auto& parts = m_cost.parts();
    double cost = 0;
    for (std::size_t p = parts.size(); p-- > 0 && parts.list()[p].slot < 0;)
        if (parts.list()[p].variants > 1)
            cost += partCost(p, width);
    return cost;
}

double StratifiedSampler::extremeFromStage(int stage, int widthBefore, bool largest, std::map<Point, double>& known) const
{
    double best = largest ? -std::numeric_limits<double>::max() : std::numeric_limits<double>::max();
    for (const auto& p : entries(stage, widthBefore)) {
        const double c = extreme(p, largest, known);
        best = largest ? std::max(best, c) : std::min(best, c);
    }
    return best;
}

double StratifiedSampler::extreme(const Point& p, bool largest, std::map<Point, double>& known) const
{
    if (const auto it = known.find(p); it != known.end())
        return it->second;
    const auto& space = m_cost.parts().space();
    const auto& stage = space.stages[static_cast<std::size_t>(p.stage)];
    const auto part = m_partOfSlot[static_cast<std::size_t>(stage.firstSlot + p.next)];
    double here = largest ? -std::numeric_limits<double>::max() : std::numeric_limits<double>::max();
    for (int op = 0; op < stage.ops(); ++op) {
        const double c = partCost(part, variant(p, op));
        here = largest ? std::max(here, c) : std::min(here, c);
    }
    const bool lastStage = p.stage + 1 == static_cast<int>(space.stages.size());
    double rest = 0;
    if (p.next + 1 < p.blocks) {
        auto next = p;
        ++next.next;
        rest = extreme(next, largest, known);
    } else {
        rest = lastStage ? endCost(p.width) : extremeFromStage(p.stage + 1, p.width, largest, known);
    }
    return known[p] = here + rest;
}

StratifiedSampler::Ways StratifiedSampler::waysFromStage(int stage, int widthBefore)
{
    Ways sum(m_length, 0);
    for (const auto& p : entries(stage, widthBefore)) {
        const auto& w = ways(p);
        for (std::size_t c = 0; c < m_length; ++c)
            sum[c] += w[c];
    }
    return sum;
}

const StratifiedSampler::Ways& StratifiedSampler::ways(const Point& p)
{
    if (const auto it = m_ways.find(p); it != m_ways.end())
        return it->second;
    const auto& space = m_cost.parts().space();
    const auto& stage = space.stages[static_cast<std::size_t>(p.stage)];
    Ways after;
    if (p.next + 1 < p.blocks) {
        auto next = p;
        ++next.next;
        after = ways(next);
    } else if (p.stage + 1 < static_cast<int>(space.stages.size())) {
        after = waysFromStage(p.stage + 1, p.width);
    } else {
        after.assign(m_length, 0);
        after[static_cast<std::size_t>(std::lround(endCost(p.width) / m_step))] = 1;
    }
    Ways here(m_length, 0);
    const auto part = m_partOfSlot[static_cast<std::size_t>(stage.firstSlot + p.next)];
    for (int op = 0; op < stage.ops(); ++op) {
        const auto shift = static_cast<std::size_t>(gridCost(part, variant(p, op)));
        for (std::size_t c = 0; c + shift < m_length; ++c)
            here[c + shift] += after[c];
    }
    return m_ways[p] = std::move(here);
}

double StratifiedSampler::count() const
{
    double n = 0;
    for (const auto& total : m_total)
        n = std::accumulate(total.begin(), total.end(), n);
    return n;
}

Subnet StratifiedSampler::draw(Random& random)
{
    if (m_pending.empty()) {
        m_pending.resize(m_strata.size());
        std::iota(m_pending.begin(), m_pending.end(), 0);
        for (std::size_t i = m_pending.size(); i > 1; --i)
            std::swap(m_pending[i - 1], m_pending[random.below(i)]);
    }
    const auto& stratum = m_strata[static_cast<std::size_t>(m_pending.back())];
    m_pending.pop_back();
    auto left = static_cast<std::size_t>(stratum[random.below(stratum.size())]);

    // One of several ways, each as likely as the number of subnets behind it.
    const auto pick = [&](const std::vector<double>& weights) {
        double at = random.uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
        std::size_t i = 0, last = 0;
        for (; i < weights.size(); ++i) {
            if (weights[i] > 0)
                last = i;
            if ((at -= weights[i]) < 0)
                break;
        }
        return std::min(i, last);
    };
    std::vector<double> weights;
    for (const auto& total : m_total)
        weights.push_back(total[left]);
    const auto& start = m_starts[pick(weights)];
    Subnet s = start.subnet;
    s.resolution = static_cast<std::uint16_t>(m_resolution);
    left -= static_cast<std::size_t>(std::lround(startCost(start) / m_step));
    int width = start.width;
    const auto& space = m_cost.parts().space();
    for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage) {
        const auto& spec = space.stages[static_cast<std::size_t>(stage)];
        const auto points = entries(stage, width);
        weights.clear();
        for (const auto& p : points)
            weights.push_back(ways(p)[left]);
        auto p = points[pick(weights)];
        s.depth[static_cast<std::size_t>(space.depthGene(stage))] = static_cast<std::uint8_t>(p.blocks - spec.baseDepth);
        if (space.isResNet())
            s.width[static_cast<std::size_t>(stage) + 2] = static_cast<std::uint8_t>(p.width);
        width = p.width;
        for (; p.next < p.blocks; ++p.next) {
            const auto part = m_partOfSlot[static_cast<std::size_t>(spec.firstSlot + p.next)];
            const bool last = p.next + 1 == p.blocks;
            auto next = p;
            ++next.next;
            const auto end = static_cast<std::size_t>(std::lround(endCost(width) / m_step));
            const bool lastStage = stage + 1 == static_cast<int>(space.stages.size());
            const Ways fromStage = last && !lastStage ? waysFromStage(stage + 1, width) : Ways{};
            weights.clear();
            for (int op = 0; op < spec.ops(); ++op) {
                const auto c = static_cast<std::size_t>(gridCost(part, variant(p, op)));
                double w = 0;
                if (c <= left)
                    w = !last ? ways(next)[left - c] : !lastStage ? fromStage[left - c] : left - c == end ? 1.0 : 0.0;
                weights.push_back(w);
            }
            const auto op = pick(weights);
            s.op[static_cast<std::size_t>(spec.firstSlot + p.next)] = static_cast<std::uint8_t>(op + 1);
            left -= static_cast<std::size_t>(gridCost(part, variant(p, static_cast<int>(op))));
        }
    }
    return s;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/paretolist.h"

#include "search/nondominated.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Joins between two questions whether to stop, and candidates that are sorted or hashed: well below a millisecond.
constexpr std::size_t kStopInterval = 1 << 17;
constexpr std::size_t kStopSlice = 1 << 12;

double joined(Join join, double a, double b) { return join == Join::Sum ? a + b : std::max(a, b); }

/// Candidate joins that survived a coarse filter.
struct Candidates {
    std::vector<std::vector<double>> lane;
    std::vector<std::uint32_t> left, right;
};

ParetoList pick(const Candidates& c, std::span<const std::uint32_t> order)
{
    ParetoList list(c.lane.size());
    for (std::size_t l = 0; l < c.lane.size(); ++l) {
        list.lane[l].reserve(order.size());
        for (const auto i : order)
            list.lane[l].push_back(c.lane[l][i]);
    }
    list.left.reserve(order.size());
    list.right.reserve(order.size());
    for (const auto i : order) {
        list.left.push_back(c.left[i]);
        list.right.push_back(c.right[i]);
    }
    return list;
}

/// Indices in the order of the first lane, slice by slice: sorted(slice) is called for each, ascending.
template <typename Sorted>
void inSlices(const Candidates& c, const MergeRule& rule, Sorted sorted)
{
    const auto& x = c.lane[0];
    const auto n = x.size();
    if (n == 0)
        return;
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    const std::size_t cells = n / 16 + 1;
    const double first = *low, scale = *high > *low ? static_cast<double>(cells - 1) / (*high - *low) : 0;
    const auto cellOf = [&](std::size_t i) { return static_cast<std::size_t>((x[i] - first) * scale); };
    std::vector<std::uint32_t> begin(cells + 1, 0), order(n);
    for (std::size_t i = 0; i < n; ++i)
        ++begin[cellOf(i) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    auto at = begin;
    for (std::size_t i = 0; i < n; ++i)
        order[at[cellOf(i)]++] = static_cast<std::uint32_t>(i);
    for (std::size_t cell = 0; cell < cells;) {
        if (rule.stopped && rule.stopped())
            return;
        const auto from = begin[cell];
        while (cell < cells && begin[cell] - from < kStopSlice)
            ++cell;
        const std::span slice(order.data() + from, begin[cell] - from);
        std::sort(slice.begin(), slice.end(), [&](std::uint32_t a, std::uint32_t b) {
            for (const auto& lane : c.lane)
                if (lane[a] != lane[b])
                    return lane[a] < lane[b];
            return a < b;
        });
        sorted(slice);
    }
}

/// Two lanes: what is better in the second than all before. Three: what no step of a staircase over the other two beats.
ParetoList filtered(const Candidates& c, const MergeRule& rule)
{
    const auto lanes = c.lane.size();
    std::vector<std::uint32_t> kept;
    if (lanes == 2) {
        double least = kInfinity;
        inSlices(c, rule, [&](std::span<const std::uint32_t> slice) {
            for (const auto i : slice)
                if (c.lane[1][i] < least) {
                    least = c.lane[1][i];
                    kept.push_back(i);
                }
        });
    } else if (lanes == 3) {
        std::map<double, double> steps; // the third lane falls as the second rises
        inSlices(c, rule, [&](std::span<const std::uint32_t> slice) {
            for (const auto i : slice) {
                const double z = c.lane[1][i], y = c.lane[2][i];
                auto next = steps.upper_bound(z);
                if (next != steps.begin() && std::prev(next)->second <= y)
                    continue;
                next = steps.lower_bound(z);
                while (next != steps.end() && next->second >= y)
                    next = steps.erase(next);
                steps.emplace_hint(next, z, y);
                kept.push_back(i);
            }
        });
    } else {
        const auto n = c.left.size();
        std::vector<double> rows(n * lanes);
        for (std::size_t l = 0; l < lanes; ++l)
            for (std::size_t i = 0; i < n; ++i)
                rows[i * lanes + l] = c.lane[l][i];
        kept = nondominated(rows, lanes);
    }
    return pick(c, kept);
}

/// Best entry of each cell of a logarithmic grid over all lanes but the last.
void trimCells(Candidates& c, const MergeRule& rule)
{
    const auto n = c.left.size(), lanes = c.lane.size();
    const double perCell = 1 / std::log1p(rule.trim);
    std::unordered_map<std::uint64_t, std::uint32_t> best;
    best.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kStopSlice == 0 && rule.stopped && rule.stopped())
            return;
        std::uint64_t cell = 0;
        for (std::size_t l = 0; l + 1 < lanes; ++l) {
            const double v = rule.floor[l] + c.lane[l][i];
            cell = cell * 0x9E3779B97F4A7C15u + static_cast<std::uint64_t>(v > 0 ? 1e6 + std::floor(std::log(v) * perCell) : 0);
        }
        const auto [at, fresh] = best.try_emplace(cell, static_cast<std::uint32_t>(i));
        if (!fresh && c.lane.back()[i] < c.lane.back()[at->second])
            at->second = static_cast<std::uint32_t>(i);
    }
    std::vector<std::uint32_t> kept;
    kept.reserve(best.size());
    for (const auto& [cell, i] : best)
        kept.push_back(i);
    std::sort(kept.begin(), kept.end());
    auto list = pick(c, kept);
    c = {std::move(list.lane), std::move(list.left), std::move(list.right)};
}

/// All joins, filtered by what is certain to be dominated on a grid over the first lanes. The grid holds, for each cell,
/// the least last lane of all candidates in cells that are strictly smaller on every axis; the cell of a value never
/// falls when the value rises, so such a candidate is strictly better on these axes.
class Merger {
public:
    Merger(const ParetoList& a, const ParetoList& b, const MergeRule& rule)
        : m_a(a)
        , m_b(b)
        , m_rule(rule)
        , m_lanes(a.lane.size())
        , m_axes(m_lanes <= 3 ? m_lanes - 1 : 0)
    {
        for (std::size_t axis = 0; axis < m_axes; ++axis) {
            const auto range = [](const std::vector<double>& v) { return std::pair(*std::min_element(v.begin(), v.end()), *std::max_element(v.begin(), v.end())); };
            const auto [lowA, highA] = range(a.lane[axis]);
            const auto [lowB, highB] = range(b.lane[axis]);
            m_low[axis] = joined(rule.join[axis], lowA, lowB);
            const double high = std::min(rule.cap[axis], joined(rule.join[axis], highA, highB));
            m_cells[axis] = cellsOf(axis);
            m_scale[axis] = high > m_low[axis] ? static_cast<double>(m_cells[axis] - 1) / (high - m_low[axis]) : 0;
        }
    }

    Candidates run()
    {
        Candidates c;
        c.lane.resize(m_lanes);
        if (m_axes == 0) {
            all(c);
            return c;
        }
        m_grid.assign(m_cells[0] * (m_axes > 1 ? m_cells[1] : 1), kInfinity);
        if (m_axes == 1) {
            if (sweepOne([&](std::size_t cell, double, double y, std::uint32_t, std::uint32_t) { m_grid[cell] = std::min(m_grid[cell], y); })) {
                double least = kInfinity;
                for (auto& g : m_grid) // exclusive running minimum
                    least = std::min(least, std::exchange(g, least));
                sweepOne([&](std::size_t cell, double x, double y, std::uint32_t i, std::uint32_t j) {
                    if (y < m_grid[cell]) {
                        c.lane[0].push_back(x);
                        c.lane[1].push_back(y);
                        c.left.push_back(i);
                        c.right.push_back(j);
                    }
                });
            }
            return c;
        }
        const auto width = m_cells[1];
        if (sweepTwo([&](std::size_t cell, double, double, double y, std::uint32_t, std::uint32_t) { m_grid[cell] = std::min(m_grid[cell], y); })) {
            for (std::size_t x = 0; x < m_cells[0]; ++x)
                for (std::size_t z = 1; z < width; ++z)
                    m_grid[x * width + z] = std::min(m_grid[x * width + z], m_grid[x * width + z - 1]);
            for (std::size_t x = 1; x < m_cells[0]; ++x)
                for (std::size_t z = 0; z < width; ++z)
                    m_grid[x * width + z] = std::min(m_grid[x * width + z], m_grid[(x - 1) * width + z]);
            sweepTwo([&](std::size_t cell, double x, double z, double y, std::uint32_t i, std::uint32_t j) {
                const auto cx = cell / width, cz = cell % width;
                if (cx > 0 && cz > 0 && y >= m_grid[cell - width - 1])
                    return;
                c.lane[0].push_back(x);
                c.lane[1].push_back(z);
                c.lane[2].push_back(y);
                c.left.push_back(i);
                c.right.push_back(j);
            });
        }
        return c;
    }

private:
    std::size_t cellsOf(std::size_t) const
    {
        const auto n = m_a.size() + m_b.size();
        return m_axes == 1 ? std::clamp<std::size_t>(std::bit_ceil(2 * n), 256, 8192) : std::clamp<std::size_t>(std::bit_ceil(n / 8), 32, 1024);
    }

    template <typename Body>
    bool sweepOne(Body body)
    {
        const auto& bx = m_b.lane[0];
        const auto& by = m_b.lane[1];
        const auto joinX = m_rule.join[0], joinY = m_rule.join[1];
        const double capX = m_rule.cap[0], capY = m_rule.cap[1], low = m_low[0], scale = m_scale[0];
        std::size_t sinceAsked = 0;
        for (std::uint32_t i = 0; i < m_a.size(); ++i) {
            const double ax = m_a.lane[0][i], ay = m_a.lane[1][i];
            if ((sinceAsked += bx.size()) > kStopInterval) {
                sinceAsked = 0;
                if (m_rule.stopped && m_rule.stopped())
                    return false;
            }
            for (std::uint32_t j = 0; j < bx.size(); ++j) {
                const double x = joined(joinX, ax, bx[j]), y = joined(joinY, ay, by[j]);
                if (x > capX || y > capY)
                    continue;
                body(static_cast<std::size_t>((x - low) * scale), x, y, i, j);
            }
        }
        return true;
    }

    template <typename Body>
    bool sweepTwo(Body body)
    {
        const auto& bx = m_b.lane[0];
        const auto& bz = m_b.lane[1];
        const auto& by = m_b.lane[2];
        const auto &join = m_rule.join;
        const auto &cap = m_rule.cap;
        const auto width = m_cells[1];
        std::size_t sinceAsked = 0;
        for (std::uint32_t i = 0; i < m_a.size(); ++i) {
            const double ax = m_a.lane[0][i], az = m_a.lane[1][i], ay = m_a.lane[2][i];
            if ((sinceAsked += bx.size()) > kStopInterval) {
                sinceAsked = 0;
                if (m_rule.stopped && m_rule.stopped())
                    return false;
            }
            for (std::uint32_t j = 0; j < bx.size(); ++j) {
                const double x = joined(join[0], ax, bx[j]), z = joined(join[1], az, bz[j]), y = joined(join[2], ay, by[j]);
                if (x > cap[0] || z > cap[1] || y > cap[2])
                    continue;
                body(static_cast<std::size_t>((x - m_low[0]) * m_scale[0]) * width + static_cast<std::size_t>((z - m_low[1]) * m_scale[1]), x, z, y, i, j);
            }
        }
        return true;
    }

    /// One lane, or more than three: in blocks, each filtered with what is left of those before.
    void all(Candidates& c)
    {
        constexpr std::size_t kBlock = 1 << 15;
        std::vector<double> row(m_lanes);
        const auto compact = [&] {
            if (m_rule.trim > 0 && m_lanes > 1)
                trimCells(c, m_rule);
            auto list = filtered(c, m_rule);
            c = {std::move(list.lane), std::move(list.left), std::move(list.right)};
        };
        std::size_t settled = 0;
        for (std::uint32_t i = 0; i < m_a.size(); ++i) {
            if (m_rule.stopped && m_rule.stopped())
                return;
            for (std::uint32_t j = 0; j < m_b.size(); ++j) {
                bool within = true;
                for (std::size_t l = 0; l < m_lanes; ++l) {
                    row[l] = joined(m_rule.join[l], m_a.lane[l][i], m_b.lane[l][j]);
                    within = within && row[l] <= m_rule.cap[l];
                }
                if (!within)
                    continue;
                for (std::size_t l = 0; l < m_lanes; ++l)
                    c.lane[l].push_back(row[l]);
                c.left.push_back(i);
                c.right.push_back(j);
            }
            if (c.left.size() > settled + kBlock + settled) {
                compact();
                settled = c.left.size();
            }
        }
    }

    const ParetoList& m_a;
    const ParetoList& m_b;
    const MergeRule& m_rule;
    std::size_t m_lanes;
    std::size_t m_axes;
    double m_low[2] = {0, 0};
    double m_scale[2] = {0, 0};
    std::size_t m_cells[2] = {1, 1};
    std::vector<double> m_grid;
};

} // namespace

ParetoList mergeLists(const ParetoList& a, const ParetoList& b, const MergeRule& rule)
{
    auto candidates = Merger(a, b, rule).run();
    if (rule.trim > 0 && candidates.lane.size() > 1)
        trimCells(candidates, rule);
    return filtered(candidates, rule);
}

ParetoList unite(std::span<const ParetoList> lists, const MergeRule& rule)
{
    Candidates c;
    c.lane.resize(rule.cap.size());
    for (std::uint32_t k = 0; k < lists.size(); ++k)
        for (std::uint32_t i = 0; i < lists[k].size(); ++i) {
            bool within = true;
            for (std::size_t l = 0; l < c.lane.size(); ++l)
                within = within && lists[k].lane[l][i] <= rule.cap[l];
            if (!within)
                continue;
            for (std::size_t l = 0; l < c.lane.size(); ++l)
                c.lane[l].push_back(lists[k].lane[l][i]);
            c.left.push_back(i);
            c.right.push_back(k);
        }
    if (rule.trim > 0 && c.lane.size() > 1)
        trimCells(c, rule);
    return filtered(c, rule);
}

} // namespace paretoscope

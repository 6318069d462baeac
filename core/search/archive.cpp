// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/archive.h"

#include "search/nondominated.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_set>

namespace paretoscope {

namespace {

/// Columns of the objectives with costs first, everything turned so that smaller is better.
struct Oriented {
    std::vector<std::size_t> columns;
    std::vector<double> signs;
};

Oriented orient(const SearchTask& task)
{
    Oriented o;
    for (const bool maximised : {false, true})
        for (std::size_t i = 0; i < task.objectives; ++i)
            if (task.dimensions[i].maximised == maximised) {
                o.columns.push_back(i);
                o.signs.push_back(maximised ? -1.0 : 1.0);
            }
    return o;
}

/// The front among the rows named; indices into `points`.
std::vector<std::uint32_t> frontAmong(const SearchTask& task, const Oriented& o, const Points& points, const std::vector<std::uint32_t>& rows)
{
    std::vector<std::uint32_t> feasible;
    std::vector<double> values;
    for (const auto i : rows)
        if (task.satisfies(points.row(i))) {
            feasible.push_back(i);
            for (std::size_t c = 0; c < o.columns.size(); ++c)
                values.push_back(o.signs[c] * points.at(i, o.columns[c]));
        }
    auto best = nondominated(values, o.columns.size());
    for (auto& b : best)
        b = feasible[b];
    return best;
}

Points select(const Points& points, const std::vector<std::uint32_t>& rows)
{
    Points chosen;
    chosen.dimensions = points.dimensions;
    chosen.subnets.reserve(rows.size());
    chosen.values.reserve(rows.size() * points.dimensions);
    for (const auto i : rows)
        chosen.add(points.subnets[i], points.row(i));
    return chosen;
}

} // namespace

struct Archive::State {
    const SearchTask& task;
    Oriented oriented;
    std::size_t capacity;
    Points points;
    std::unordered_set<Subnet, SubnetHash> known;
    // The front is brought up to date only when it is asked for: its rows then, and what came since.
    mutable std::vector<std::uint32_t> front;
    mutable std::size_t frontOf = 0;

    const std::vector<std::uint32_t>& update() const
    {
        if (frontOf < points.size()) {
            auto rows = front;
            for (auto i = frontOf; i < points.size(); ++i)
                rows.push_back(static_cast<std::uint32_t>(i));
            std::sort(rows.begin(), rows.end()); // the first of equal points stays, whenever the front was asked for
            front = frontAmong(task, oriented, points, rows);
            frontOf = points.size();
        }
        return front;
    }
    void shrink();
};

Archive::Archive(const SearchTask& task, std::size_t capacity)
    : m_state(new State{task, orient(task), std::max<std::size_t>(capacity, 16), {}, {}, {}, 0})
{
    m_state->points.dimensions = task.dimensions.size();
}

Archive::~Archive() = default;
Archive::Archive(Archive&&) noexcept = default;

bool Archive::add(const Subnet& subnet, std::span<const double> values)
{
    auto& s = *m_state;
    if (std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); }) || !s.known.insert(subnet).second)
        return false;
    if (s.points.size() >= s.capacity)
        s.shrink();
    s.points.add(subnet, values);
    return true;
}

void Archive::add(std::span<const Subnet> subnets, std::span<const double> values)
{
    const auto columns = m_state->points.dimensions;
    for (std::size_t i = 0; i < subnets.size(); ++i)
        add(subnets[i], values.subspan(i * columns, columns));
}

/// Gap of each point below the best of those that cost no more, on a grid over the first one or two other objectives.
void Archive::State::shrink()
{
    auto kept = update();
    const auto half = capacity / 2;
    if (kept.size() > half) { // the front alone is too long: every k-th of it
        std::vector<std::uint32_t> thinned;
        for (std::size_t i = 0; i < half; ++i)
            thinned.push_back(kept[i * kept.size() / half]);
        kept = std::move(thinned);
    } else {
        constexpr std::size_t kCells = 128;
        const auto n = points.size();
        const auto gain = oriented.columns.size() - 1; // the last column is top-1 where it is an objective
        const auto axes = std::min<std::size_t>(gain, 2);
        const auto value = [&](std::size_t i, std::size_t c) { return oriented.signs[c] * points.at(i, oriented.columns[c]); };
        std::vector<double> low(axes), step(axes);
        for (std::size_t a = 0; a < axes; ++a) {
            double lowest = value(0, a), highest = lowest;
            for (std::size_t i = 1; i < n; ++i) {
                lowest = std::min(lowest, value(i, a));
                highest = std::max(highest, value(i, a));
            }
            low[a] = lowest;
            step[a] = highest > lowest ? (highest - lowest) / kCells : 1;
        }
        const auto cellOf = [&](std::size_t i, std::size_t a) {
            return a < axes ? std::min(kCells - 1, static_cast<std::size_t>((value(i, a) - low[a]) / step[a])) : std::size_t{0};
        };
        std::vector<double> best(kCells * kCells, std::numeric_limits<double>::infinity());
        for (std::size_t i = 0; i < n; ++i) {
            auto& cell = best[cellOf(i, 0) * kCells + cellOf(i, 1)];
            cell = std::min(cell, value(i, gain));
        }
        for (std::size_t x = 0; x < kCells; ++x)
            for (std::size_t y = 0; y < kCells; ++y) {
                auto& cell = best[x * kCells + y];
                if (x > 0)
                    cell = std::min(cell, best[(x - 1) * kCells + y]);
                if (y > 0)
                    cell = std::min(cell, best[x * kCells + y - 1]);
            }
        std::vector<double> gap(n);
        for (std::size_t i = 0; i < n; ++i)
            gap[i] = value(i, gain) - best[cellOf(i, 0) * kCells + cellOf(i, 1)];
        for (const auto i : kept)
            gap[i] = -1; // always stays
        std::vector<std::uint32_t> order(n);
        std::iota(order.begin(), order.end(), 0u);
        std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(half), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return gap[a] != gap[b] ? gap[a] < gap[b] : a < b; });
        order.resize(half);
        kept = std::move(order);
    }
    std::sort(kept.begin(), kept.end());
    points = select(points, kept);
    known.clear();
    known.insert(points.subnets.begin(), points.subnets.end());
    front.clear();
    frontOf = 0;
}

std::size_t Archive::size() const { return m_state->points.size(); }
const Points& Archive::points() const { return m_state->points; }
Points Archive::front() const { return select(m_state->points, m_state->update()); }

Points frontOf(const SearchTask& task, const Points& points)
{
    std::vector<std::uint32_t> all(points.size());
    std::iota(all.begin(), all.end(), 0u);
    return select(points, frontAmong(task, orient(task), points, all));
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/nondominated.h"

#include "search/boxtree.h"
#include "search/buckets.h"
#include "search/rows.h"
#include "search/sweep.h"

#include <numeric>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::uint32_t> nondominated2(std::span<const double> values)
{
    auto rows = survivors2(values);
    sortByBuckets(rows, [](const Row2& r) { return r.x; }, std::less<>());
    std::vector<std::uint32_t> front;
    double lowest = kInfinity;
    for (const auto& r : rows)
        if (front.empty() || r.y < lowest) {
            lowest = r.y;
            front.push_back(r.index);
        }
    return front;
}

/// Smallest z so far among the rows with y up to a rank (Fenwick's tree, for minima).
class LowestBelow {
public:
    explicit LowestBelow(std::size_t ranks)
        : m_tree(ranks + 1, kInfinity)
    {
    }
    double upTo(std::size_t rank) const
    {
        double lowest = kInfinity;
        for (std::size_t i = rank + 1; i > 0; i &= i - 1)
            lowest = std::min(lowest, m_tree[i]);
        return lowest;
    }
    void add(std::size_t rank, double z)
    {
        for (std::size_t i = rank + 1; i < m_tree.size(); i += i & (~i + 1))
            m_tree[i] = std::min(m_tree[i], z);
    }

private:
    std::vector<double> m_tree;
};

std::vector<std::uint32_t> nondominated3(std::span<const double> values)
{
    auto rows = survivors3(values);
    sortByBuckets(rows, [](const Row3& r) { return r.x; }, std::less<>());
    struct Y {
        double y;
        std::uint32_t place;
    };
    std::vector<Y> order(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        order[i] = {rows[i].y, static_cast<std::uint32_t>(i)};
    sortByBuckets(order, [](const Y& a) { return a.y; }, [](const Y& a, const Y& b) { return a.y < b.y; });
    std::vector<std::uint32_t> rank(rows.size());
    std::uint32_t ranks = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && order[i].y > order[i - 1].y)
            ++ranks;
        rank[order[i].place] = ranks;
    }
    LowestBelow lowest(std::size_t(ranks) + 1);
    std::vector<std::uint32_t> front;
    std::size_t lowestRank = rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool any = lowestRank <= rank[i];
        if (any && lowest.upTo(rank[i]) <= rows[i].z)
            continue;
        lowest.add(rank[i], rows[i].z);
        lowestRank = std::min<std::size_t>(lowestRank, rank[i]);
        front.push_back(rows[i].index);
    }
    return front;
}

/// The few rows with the lowest sum of ranks beat most others.
std::vector<std::uint32_t> survivorsOfMany(std::span<const double> values, std::size_t columns)
{
    const auto n = values.size() / columns;
    std::vector<std::uint32_t> rows(n);
    std::iota(rows.begin(), rows.end(), 0u);
    constexpr std::size_t kStrong = 128;
    if (n < 4 * kStrong)
        return rows;
    std::vector<std::size_t> score(n, 0);
    for (std::size_t c = 0; c < columns; ++c) {
        const auto buckets = Buckets::over(values, columns, c, 1u << 16);
        for (std::size_t i = 0; i < n; ++i)
            score[i] += buckets.of(values[i * columns + c]);
    }
    const auto stronger = [&](std::uint32_t a, std::uint32_t b) { return score[a] != score[b] ? score[a] < score[b] : a < b; };
    std::nth_element(rows.begin(), rows.begin() + kStrong, rows.end(), stronger);
    rows.resize(kStrong);
    std::sort(rows.begin(), rows.end(), stronger);
    std::vector<std::uint32_t> left;
    for (std::uint32_t i = 0; i < n; ++i) {
        const double* p = values.data() + i * columns;
        if (std::none_of(rows.begin(), rows.end(), [&](std::uint32_t s) { return dominates(values.data() + s * columns, p, columns); }))
            left.push_back(i);
    }
    return left;
}

std::vector<std::uint32_t> nondominatedOfMany(std::span<const double> values, std::size_t columns)
{
    const BoxTree tree(values, columns, survivorsOfMany(values, columns), true);
    std::vector<std::uint32_t> front;
    for (std::size_t i = 0; i < tree.size(); ++i)
        if (!tree.isBeaten(i))
            front.push_back(tree.row(i));
    std::sort(front.begin(), front.end(), LexicographicLess{values.data(), columns});
    return front;
}

/// A rank of two or three columns: what it reaches in the columns after the first, as a staircase.
class Staircase {
public:
    bool beats(double y, double z) const
    {
        const auto after = std::upper_bound(m_steps.begin(), m_steps.end(), y, [](double v, const Step& s) { return v < s.y; });
        return after != m_steps.begin() && std::prev(after)->z <= z;
    }
    void add(double y, double z) // not beaten
    {
        const auto first = std::lower_bound(m_steps.begin(), m_steps.end(), y, [](const Step& s, double v) { return s.y < v; });
        auto last = first;
        while (last != m_steps.end() && last->z >= z)
            ++last;
        if (first == last) {
            m_steps.insert(first, {y, z});
        } else {
            *first = {y, z};
            m_steps.erase(std::next(first), last);
        }
    }

private:
    struct Step {
        double y, z; // y rises, z falls
    };
    std::vector<Step> m_steps;
};

/// A rank of more columns: its rows, without the first column; later ones are more alike to what comes next.
class RowList {
public:
    explicit RowList(std::size_t columns)
        : m_columns(columns)
    {
    }
    bool beats(const double* rest) const
    {
        for (std::size_t i = m_values.size(); i > 0; i -= m_columns)
            if (isNowhereWorse(m_values.data() + i - m_columns, rest, m_columns))
                return true;
        return false;
    }
    void add(const double* rest) { m_values.insert(m_values.end(), rest, rest + m_columns); }

private:
    std::size_t m_columns;
    std::vector<double> m_values;
};

/// Rows come in lexicographic order, so an earlier one falls to no later one, and the ranks that beat a row are the first
/// few (Zhang et al., IEEE TEVC 19(2), 2015: ENS-BS). `beats(rank, row)`, `add(rank, row)`; a rank more each time it is
/// the number of ranks.
template <typename Beats, typename Add>
std::vector<std::uint32_t> ranksInOrder(std::span<const double> values, std::size_t columns, Beats beats, Add add)
{
    std::vector<std::uint32_t> order(values.size() / columns), ranks(order.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), LexicographicLess{values.data(), columns});
    std::uint32_t count = 0;
    const double* previous = nullptr;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double* row = values.data() + order[i] * columns;
        if (previous && std::equal(row, row + columns, previous)) {
            ranks[order[i]] = ranks[order[i - 1]];
            continue;
        }
        previous = row;
        std::uint32_t low = 0, high = count;
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (beats(middle, row))
                low = middle + 1;
            else
                high = middle;
        }
        add(low, row);
        count = std::max(count, low + 1);
        ranks[order[i]] = low;
    }
    return ranks;
}

} // namespace

std::vector<std::uint32_t> nondominated(std::span<const double> values, std::size_t columns)
{
    checkRows(values, columns, "non-dominated filter");
    if (values.empty())
        return {};
    switch (columns) {
    case 1: return {static_cast<std::uint32_t>(std::min_element(values.begin(), values.end()) - values.begin())};
    case 2: return nondominated2(values);
    case 3: return nondominated3(values);
    default: return nondominatedOfMany(values, columns);
    }
}

std::vector<std::uint32_t> nondominatedRanks(std::span<const double> values, std::size_t columns)
{
    checkRows(values, columns, "non-dominated ranks");
    if (columns <= 3) {
        std::vector<Staircase> fronts;
        const auto y = [&](const double* row) { return columns > 1 ? row[1] : 0; };
        const auto z = [&](const double* row) { return columns > 2 ? row[2] : 0; };
        return ranksInOrder(
            values, columns, [&](std::uint32_t rank, const double* row) { return fronts[rank].beats(y(row), z(row)); },
            [&](std::uint32_t rank, const double* row) {
                if (rank == fronts.size())
                    fronts.emplace_back();
                fronts[rank].add(y(row), z(row));
            });
    }
    std::vector<RowList> fronts;
    return ranksInOrder(
        values, columns, [&](std::uint32_t rank, const double* row) { return fronts[rank].beats(row + 1); },
        [&](std::uint32_t rank, const double* row) {
            if (rank == fronts.size())
                fronts.emplace_back(columns - 1);
            fronts[rank].add(row + 1);
        });
}

} // namespace paretoscope

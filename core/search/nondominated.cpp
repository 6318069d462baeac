// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/nondominated.h"

#include "search/buckets.h"
#include "search/rows.h"

#include <bit>
#include <numeric>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kFewRows = 256; // below, looking ahead costs more than it saves

struct Row2 {
    double x, y;
    std::uint32_t index;
    bool operator<(const Row2& o) const { return x != o.x ? x < o.x : y != o.y ? y < o.y : index < o.index; }
};

struct Row3 {
    double x, y, z;
    std::uint32_t index;
    bool operator<(const Row3& o) const
    {
        return x != o.x ? x < o.x : y != o.y ? y < o.y : z != o.z ? z < o.z : index < o.index;
    }
};

/// Most rows are beaten by one that stands in a lower bucket; only the others need sorting.
std::vector<Row2> survivors2(std::span<const double> values)
{
    const auto n = values.size() / 2;
    std::vector<Row2> rows;
    if (n < kFewRows) {
        for (std::size_t i = 0; i < n; ++i)
            rows.push_back({values[2 * i], values[2 * i + 1], static_cast<std::uint32_t>(i)});
        return rows;
    }
    const auto count = std::min<std::size_t>(4096, std::bit_ceil(n / 16));
    const auto x = Buckets::over(values, 2, 0, count);
    std::vector<double> below(count + 1, kInfinity); // [b + 1]: lowest y in bucket b, then in buckets up to b
    for (std::size_t i = 0; i < n; ++i) {
        auto& lowest = below[x.of(values[2 * i]) + 1];
        lowest = std::min(lowest, values[2 * i + 1]);
    }
    for (std::size_t b = 1; b <= count; ++b)
        below[b] = std::min(below[b], below[b - 1]);
    for (std::size_t i = 0; i < n; ++i) {
        const double bound = below[x.of(values[2 * i])];
        if (values[2 * i + 1] < bound || bound == kInfinity)
            rows.push_back({values[2 * i], values[2 * i + 1], static_cast<std::uint32_t>(i)});
    }
    return rows;
}

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

std::vector<Row3> survivors3(std::span<const double> values)
{
    const auto n = values.size() / 3;
    const auto row = [&](std::size_t i) {
        return Row3{values[3 * i], values[3 * i + 1], values[3 * i + 2], static_cast<std::uint32_t>(i)};
    };
    std::vector<Row3> rows;
    if (n < kFewRows) {
        for (std::size_t i = 0; i < n; ++i)
            rows.push_back(row(i));
        return rows;
    }
    const auto side = std::clamp<std::size_t>(static_cast<std::size_t>(std::sqrt(static_cast<double>(n) / 8)), 4, 128);
    const auto x = Buckets::over(values, 3, 0, side), y = Buckets::over(values, 3, 1, side);
    const auto width = side + 1;
    std::vector<double> below(width * width, kInfinity); // as in two columns: lowest z of lower buckets
    for (std::size_t i = 0; i < n; ++i) {
        auto& lowest = below[(x.of(values[3 * i]) + 1) * width + y.of(values[3 * i + 1]) + 1];
        lowest = std::min(lowest, values[3 * i + 2]);
    }
    for (std::size_t a = 1; a < width; ++a)
        for (std::size_t b = 1; b < width; ++b)
            below[a * width + b] = std::min({below[a * width + b], below[(a - 1) * width + b], below[a * width + b - 1]});
    for (std::size_t i = 0; i < n; ++i) {
        const double bound = below[x.of(values[3 * i]) * width + y.of(values[3 * i + 1])];
        if (values[3 * i + 2] < bound || bound == kInfinity)
            rows.push_back(row(i));
    }
    return rows;
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

/// Rows in a k-d tree; each node knows the lower corner of what it holds.
class CornerTree {
public:
    CornerTree(std::span<const double> values, std::size_t columns, std::vector<std::uint32_t> rows)
        : m_columns(columns)
        , m_rows(std::move(rows))
    {
        m_nodes.reserve(m_rows.size() / kLeaf * 4 + 2);
        if (!m_rows.empty())
            build(values, 0, m_rows.size(), 0);
        m_values.reserve(m_rows.size() * columns);
        for (const auto i : m_rows)
            m_values.insert(m_values.end(), values.begin() + i * columns, values.begin() + (i + 1) * columns);
    }
    const std::vector<std::uint32_t>& rows() const { return m_rows; }

    /// Whether the row at `place` falls to another one (an equal one that stands earlier in the input counts).
    bool isBeaten(std::size_t place) const
    {
        const double* p = m_values.data() + place * m_columns;
        std::uint32_t pending[64];
        std::size_t depth = 0;
        pending[depth++] = 0;
        while (depth > 0) {
            const auto at = pending[--depth];
            if (!reaches(m_corners.data() + at * m_columns, p))
                continue;
            const auto& node = m_nodes[at];
            if (node.right != 0) {
                pending[depth++] = node.right;
                pending[depth++] = at + 1;
                continue;
            }
            for (std::size_t i = node.begin; i < node.end; ++i) {
                const double* q = m_values.data() + i * m_columns;
                if (reaches(q, p) && i != place && (m_rows[i] < m_rows[place] || !std::equal(q, q + m_columns, p)))
                    return true;
            }
        }
        return false;
    }

private:
    static constexpr std::size_t kLeaf = 12;
    struct Node {
        std::uint32_t begin, end, right; // the left child follows its parent; 0: a leaf
    };
    bool reaches(const double* low, const double* p) const
    {
        for (std::size_t c = 0; c < m_columns; ++c)
            if (low[c] > p[c])
                return false;
        return true;
    }
    void build(std::span<const double> values, std::size_t begin, std::size_t end, std::size_t column)
    {
        const auto at = m_nodes.size();
        m_nodes.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), 0});
        m_corners.resize((at + 1) * m_columns, kInfinity);
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t c = 0; c < m_columns; ++c)
                m_corners[at * m_columns + c] = std::min(m_corners[at * m_columns + c], values[m_rows[i] * m_columns + c]);
        if (end - begin <= kLeaf)
            return;
        const auto middle = begin + (end - begin) / 2;
        std::nth_element(m_rows.begin() + begin, m_rows.begin() + middle, m_rows.begin() + end,
            [&](std::uint32_t a, std::uint32_t b) { return values[a * m_columns + column] < values[b * m_columns + column]; });
        const auto next = (column + 1) % m_columns;
        build(values, begin, middle, next);
        m_nodes[at].right = static_cast<std::uint32_t>(m_nodes.size());
        build(values, middle, end, next);
    }

    std::size_t m_columns;
    std::vector<std::uint32_t> m_rows;
    std::vector<Node> m_nodes;
    std::vector<double> m_corners, m_values;
};

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
    const CornerTree tree(values, columns, survivorsOfMany(values, columns));
    std::vector<std::uint32_t> front;
    for (std::size_t i = 0; i < tree.rows().size(); ++i)
        if (!tree.isBeaten(i))
            front.push_back(tree.rows()[i]);
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

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/boxtree.h"

#include "search/rows.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace paretoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The tree halves its rows at each level, and there are fewer than 2^32 of them.
class Pending {
public:
    explicit Pending(std::uint32_t root) { push(root); }
    void push(std::uint32_t node) { m_nodes[m_size++] = node; }
    std::uint32_t pop() { return m_nodes[--m_size]; }
    bool empty() const { return m_size == 0; }

private:
    std::uint32_t m_nodes[64];
    std::size_t m_size = 0;
};

bool isBelow(const double* low, const double* bound, std::size_t columns)
{
    for (std::size_t c = 0; c < columns; ++c)
        if (!(low[c] < bound[c]))
            return false;
    return true;
}

} // namespace

bool clipBox(const double* q, const double* p, std::size_t columns, double* bound, std::vector<double>& clipped)
{
    std::size_t above = 0, last = 0;
    for (std::size_t c = 0; c < columns; ++c) {
        if (q[c] >= bound[c])
            return true;
        if (q[c] > p[c]) {
            ++above;
            last = c;
        }
    }
    if (above == 0)
        return false;
    if (above == 1) {
        bound[last] = q[last];
        return true;
    }
    for (std::size_t c = 0; c < columns; ++c)
        clipped.push_back(std::max(p[c], q[c]));
    return true;
}

BoxTree::BoxTree(std::span<const double> values, std::size_t columns, std::vector<std::uint32_t> rows, bool present)
    : m_columns(columns)
    , m_rows(std::move(rows))
    , m_leafOf(m_rows.size())
    , m_present(m_rows.size(), present)
{
    const auto nodes = m_rows.size() / kLeaf * 4 + 2;
    m_nodes.reserve(nodes);
    m_low.reserve(nodes * columns);
    m_high.reserve(nodes * columns);
    build(values, 0, m_rows.size(), 0, 0);
    m_values.reserve(m_rows.size() * columns);
    for (const auto i : m_rows)
        m_values.insert(m_values.end(), values.begin() + i * columns, values.begin() + (i + 1) * columns);
    if (present)
        for (std::size_t node = m_nodes.size(); node-- > 0;)
            shrink(static_cast<std::uint32_t>(node));
}

void BoxTree::build(std::span<const double> values, std::size_t begin, std::size_t end, std::size_t column, std::uint32_t parent)
{
    const auto at = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), 0, parent});
    m_low.resize((at + 1) * m_columns, kInfinity);
    m_high.resize((at + 1) * m_columns, -kInfinity);
    if (end - begin <= kLeaf) {
        for (std::size_t i = begin; i < end; ++i) {
            m_leafOf[i] = at;
            for (std::size_t c = 0; c < m_columns; ++c)
                m_high[at * m_columns + c] = std::max(m_high[at * m_columns + c], values[m_rows[i] * m_columns + c]);
        }
        return;
    }
    const auto middle = begin + (end - begin) / 2;
    std::nth_element(m_rows.begin() + begin, m_rows.begin() + middle, m_rows.begin() + end,
        [&](std::uint32_t a, std::uint32_t b) { return values[a * m_columns + column] < values[b * m_columns + column]; });
    const auto next = (column + 1) % m_columns;
    build(values, begin, middle, next, at);
    const auto right = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes[at].right = right;
    build(values, middle, end, next, at);
    for (std::size_t c = 0; c < m_columns; ++c)
        m_high[at * m_columns + c] = std::max(m_high[(at + 1) * m_columns + c], m_high[right * m_columns + c]);
}

/// The lower corner of a node whose rows or children have changed.
void BoxTree::shrink(std::uint32_t node)
{
    const auto& n = m_nodes[node];
    double* corner = m_low.data() + node * m_columns;
    if (n.right != 0) {
        for (std::size_t c = 0; c < m_columns; ++c)
            corner[c] = std::min(low(node + 1)[c], low(n.right)[c]);
        return;
    }
    std::fill_n(corner, m_columns, kInfinity);
    for (std::size_t i = n.begin; i < n.end; ++i)
        if (m_present[i])
            for (std::size_t c = 0; c < m_columns; ++c)
                corner[c] = std::min(corner[c], at(i)[c]);
}

void BoxTree::insert(std::size_t place)
{
    m_present[place] = 1;
    for (auto node = m_leafOf[place];; node = m_nodes[node].parent) {
        double* corner = m_low.data() + node * m_columns;
        for (std::size_t c = 0; c < m_columns; ++c)
            corner[c] = std::min(corner[c], at(place)[c]);
        if (node == 0)
            return;
    }
}

bool BoxTree::erase(std::uint32_t node, const double* p)
{
    if (low(node)[0] == kInfinity || !isNowhereWorse(p, m_high.data() + node * m_columns, m_columns))
        return false;
    const auto& n = m_nodes[node];
    bool any = false;
    if (n.right != 0) {
        any = erase(node + 1, p);
        any |= erase(n.right, p);
    } else {
        for (std::size_t i = n.begin; i < n.end; ++i)
            if (m_present[i] && isNowhereWorse(p, at(i), m_columns)) {
                m_present[i] = 0;
                any = true;
            }
    }
    if (any)
        shrink(node);
    return any;
}

void BoxTree::eraseBeaten(const double* p) { erase(0, p); }

bool BoxTree::isBeaten(std::size_t place) const
{
    const double* p = at(place);
    Pending pending(0);
    while (!pending.empty()) {
        const auto node = pending.pop();
        if (!isNowhereWorse(low(node), p, m_columns))
            continue;
        const auto& n = m_nodes[node];
        if (n.right != 0) {
            pending.push(n.right);
            pending.push(node + 1);
            continue;
        }
        for (std::size_t i = n.begin; i < n.end; ++i) {
            const double* q = at(i);
            if (m_present[i] && isNowhereWorse(q, p, m_columns) && i != place
                && (m_rows[i] < m_rows[place] || !std::equal(q, q + m_columns, p)))
                return true;
        }
    }
    return false;
}

bool BoxTree::clip(std::size_t place, double* bound, std::vector<double>& clipped) const
{
    const double* p = at(place);
    Pending pending(0);
    while (!pending.empty()) {
        const auto node = pending.pop();
        if (!isBelow(low(node), bound, m_columns))
            continue;
        const auto& n = m_nodes[node];
        if (n.right != 0) {
            pending.push(n.right);
            pending.push(node + 1);
            continue;
        }
        for (std::size_t i = n.begin; i < n.end; ++i)
            if (m_present[i] && i != place && !clipBox(at(i), p, m_columns, bound, clipped))
                return false;
    }
    return true;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows in a k-d tree, for questions of dominance in three and more columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace paretoscope {

/// What a row `q` takes off the box between `p` and `bound`: nothing, all of it (then false), a slice (`bound` shrinks),
/// or a corner, which is appended to `clipped`.
bool clipBox(const double* q, const double* p, std::size_t columns, double* bound, std::vector<double>& clipped);

/// The places 0 … size - 1 are fixed from the start; rows come and go at them. Each node knows the lower corner of the
/// rows that are there, and the upper corner of those that may be.
class BoxTree {
public:
    /// Over the rows named, of [rows][columns] without NaN.
    BoxTree(std::span<const double> values, std::size_t columns, std::vector<std::uint32_t> rows, bool present);
    std::size_t size() const { return m_rows.size(); }
    std::uint32_t row(std::size_t place) const { return m_rows[place]; }
    const double* at(std::size_t place) const { return m_values.data() + place * m_columns; }

    void insert(std::size_t place);
    /// Removes all rows that are nowhere better than `p`.
    void eraseBeaten(const double* p);
    /// Whether the row at `place` falls to another one (an equal one that stands earlier in the input counts).
    bool isBeaten(std::size_t place) const;
    /// clipBox() with all rows present other than the one at `place`; the row itself is `p`.
    bool clip(std::size_t place, double* bound, std::vector<double>& clipped) const;

private:
    static constexpr std::size_t kLeaf = 12;
    struct Node {
        std::uint32_t begin, end, right, parent; // the left child follows its node; no right child: a leaf
    };
    const double* low(std::size_t node) const { return m_low.data() + node * m_columns; }
    void build(std::span<const double> values, std::size_t begin, std::size_t end, std::size_t column, std::uint32_t parent);
    bool erase(std::uint32_t node, const double* p);
    void shrink(std::uint32_t node);

    std::size_t m_columns;
    std::vector<std::uint32_t> m_rows, m_leafOf; // by place
    std::vector<char> m_present;
    std::vector<double> m_values; // by place
    std::vector<Node> m_nodes;
    std::vector<double> m_low, m_high; // [node][column]; low is infinite where nothing is present
};

} // namespace paretoscope

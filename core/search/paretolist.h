// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists of partial sums and their merging: the inner loop of the exact solver. Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace paretoscope {

/// How the lanes of two partial solutions are joined.
enum class Join : std::uint8_t { Sum, Largest };

/// Partial solutions: `lanes` numbers each (smaller is better), and where each came from.
struct ParetoList {
    std::vector<std::vector<double>> lane; // [lane][entry]
    std::vector<std::uint32_t> left, right; // entries of the lists that were merged

    explicit ParetoList(std::size_t lanes = 0)
        : lane(lanes)
    {
    }
    std::size_t size() const { return left.size(); }
    void add(std::span<const double> values, std::uint32_t l, std::uint32_t r)
    {
        for (std::size_t i = 0; i < lane.size(); ++i)
            lane[i].push_back(values[i]);
        left.push_back(l);
        right.push_back(r);
    }
};

struct MergeRule {
    std::vector<Join> join;        // by lane
    std::vector<double> cap;       // by lane: entries above are dropped; infinity for none
    /// Above 0: of entries that are alike to this factor in every lane but the last, the one that is best in the last
    /// stays. Lane values are counted from `floor`: what they will be at least in the end.
    double trim = 0;
    std::vector<double> floor;     // by lane
    std::function<bool()> stopped; // asked now and then; the result is void once it says yes
};

/// Non-dominated joins of every entry of `a` with every entry of `b`, ascending by the first lane; `left` and `right`
/// are indices into a and b. Of entries equal in all lanes one stays. Both lists are non-empty, with as many lanes.
ParetoList mergeLists(const ParetoList& a, const ParetoList& b, const MergeRule& rule);

/// Non-dominated entries of the lists together; `left` is the entry and `right` the list that it came from.
ParetoList unite(std::span<const ParetoList> lists, const MergeRule& rule);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subnets that the predictor cannot tell apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace paretoscope {

/// Points sorted by accuracy, best first (of equals the cheaper, then the earlier one), with what lies within the band.
struct AccuracyGroups {
    /// Positions in `byTop1`.
    struct Interval {
        std::uint32_t begin = 0, end = 0;
        std::size_t size() const { return end - begin; }
        bool operator==(const Interval&) const = default;
    };
    struct Group {
        Interval members;
        std::uint32_t leader = 0;   // point with the highest accuracy
        std::uint32_t cheapest = 0; // point: as good as the leader as far as one can tell; of equal cost the more accurate
        bool operator==(const Group&) const = default;
    };
    std::vector<std::uint32_t> byTop1;  // points
    std::vector<Interval> alike;        // by point: all whose accuracy is no farther than the band of this point, itself included
    std::vector<Group> groups;          // best first; every point is in one
    std::vector<std::uint32_t> groupOf; // by point
};

/// Two points are alike as seen from one of them when their accuracies differ by no more than its half-width, which is
/// that of the *difference* of two predictions: for one width for all, give one number. A group is what is alike as
/// seen from the best point that no group has yet. O(n log n), O(n) for points in the order of their accuracy.
/// @throws ValueError for spans of different lengths (`halfWidthPercent` may have one value), NaN anywhere, an infinite
/// accuracy, or a negative half-width. An infinite half-width tells nothing apart.
AccuracyGroups groupByAccuracy(std::span<const double> cost, std::span<const double> top1Percent, std::span<const double> halfWidthPercent);

} // namespace paretoscope

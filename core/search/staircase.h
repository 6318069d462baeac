// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iterator>

namespace paretoscope {

/// Adds a step to a staircase (a sorted map from x to y in which y falls), both below the corner (right, top); steps that
/// it beats go. Returns the area by which the region above the staircase grows: 0 when an older step is nowhere worse.
template <typename Map>
double addStep(Map& steps, double x, double y, double right, double top)
{
    auto next = steps.upper_bound(x);
    double height = top;
    if (next != steps.begin()) {
        const auto before = std::prev(next);
        height = before->second;
        if (height <= y)
            return 0;
        if (before->first == x) { // lower at the same place
            next = before;
            height = before == steps.begin() ? top : std::prev(before)->second;
        }
    }
    double area = 0, from = x, level = height;
    auto last = next;
    for (; last != steps.end() && last->second >= y; ++last) {
        area += (last->first - from) * (level - y);
        from = last->first;
        level = last->second;
    }
    area += ((last == steps.end() ? right : last->first) - from) * (level - y);
    next = steps.erase(next, last);
    steps.emplace_hint(next, x, y);
    return area;
}

} // namespace paretoscope

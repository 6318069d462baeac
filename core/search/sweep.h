// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of two and three columns as sweeps take them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace paretoscope {

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

/// The rows, without most of those that fall to one in a lower bucket: they need no sorting. Every non-dominated row stays.
std::vector<Row2> survivors2(std::span<const double> values);
std::vector<Row3> survivors3(std::span<const double> values);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "space/subnet.h"

#include <cstddef>
#include <span>
#include <vector>

namespace paretoscope {

/// Subnets with their values, side by side; the meaning of a column stands with the owner.
struct Points {
    std::size_t dimensions = 0;
    std::vector<Subnet> subnets;
    std::vector<double> values; // [subnet][dimension]

    std::size_t size() const { return subnets.size(); }
    bool empty() const { return subnets.empty(); }
    std::span<const double> row(std::size_t i) const { return {values.data() + i * dimensions, dimensions}; }
    double at(std::size_t i, std::size_t dimension) const { return values[i * dimensions + dimension]; }
    void add(const Subnet& subnet, std::span<const double> row)
    {
        subnets.push_back(subnet);
        values.insert(values.end(), row.begin(), row.end());
    }
    bool operator==(const Points&) const = default;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/random.h"
#include "space/costtable.h"

#include <map>
#include <vector>

namespace paretoscope {

/// Subnets spread evenly over an additive cost at one resolution. The range from the cheapest to the dearest subnet is
/// cut into strata of equal width; a round of draws visits every stratum that holds a subnet once, in random order, and
/// takes from it a subnet, uniform over the distinct ones. Costs are counted on a grid of about 1/1024 of the range and
/// each block is rounded to it, so that a subnet may land a few grid steps beside its stratum.
class StratifiedSampler {
public:
    /// @throws ValueError when the resolution has no column in the table, or all subnets cost the same.
    StratifiedSampler(const CostTable& cost, int resolution, int strata = 16);
    Subnet draw(Random& random);
    double lowest() const { return m_low; }   // cost of the cheapest subnet, exact
    double highest() const { return m_high; } // and of the dearest
    /// Number of distinct subnets counted, in double precision.
    double count() const;

private:
    // Before a block of a stage: the widths around the stage, how many blocks it has and which comes next.
    struct Point {
        int stage;
        int widthBefore;
        int width;
        int blocks;
        int next;
        auto operator<=>(const Point&) const = default;
    };
    struct Start { // of a ResNet: what the stem chooses; a single one elsewhere
        Subnet subnet;
        int width;
    };
    using Ways = std::vector<double>; // by remaining cost on the grid: number of ways to the end

    int variant(const Point& p, int op) const;
    double partCost(std::size_t part, int variant) const;
    int gridCost(std::size_t part, int variant) const;
    std::vector<Point> entries(int stage, int widthBefore) const;
    const Ways& ways(const Point& p);
    Ways waysFromStage(int stage, int widthBefore);
    double extreme(const Point& p, bool largest, std::map<Point, double>& known) const;
    double extremeFromStage(int stage, int widthBefore, bool largest, std::map<Point, double>& known) const;
    std::vector<Start> starts() const;
    double startCost(const Start& s) const;
    double endCost(int width) const;

    CostTable m_cost;
    std::size_t m_column;
    int m_resolution;
    std::vector<std::size_t> m_partOfSlot;
    double m_fixed = 0; // what every subnet pays; kept off the grid
    double m_low = 0;
    double m_high = 0;
    double m_step = 1;
    std::size_t m_length = 0; // of a Ways
    std::map<Point, Ways> m_ways;
    std::vector<std::vector<double>> m_total; // per start
    std::vector<Start> m_starts;
    std::vector<std::vector<int>> m_strata; // grid costs that subnets have, by stratum
    std::vector<int> m_pending;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The best value at every cost, on a grid: answers in a nanosecond whether a point may lie on the front. Private to
// this room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace paretoscope::ladder {

class Staircase {
public:
    Staircase() = default;
    Staircase(double least, double most, std::size_t cells = 2048)
        : m_least(least)
        , m_perUnit(most > least ? static_cast<double>(cells) / (most - least) : 0)
        , m_best(cells + 1, -std::numeric_limits<float>::infinity())
    {
    }
    bool empty() const { return m_best.empty(); }
    /// The best of the cells below that of this cost.
    float below(double cost) const
    {
        const auto i = cell(cost);
        return i == 0 ? -std::numeric_limits<float>::infinity() : m_best[i - 1];
    }
    float at(double cost) const { return m_best[cell(cost)]; }
    void add(double cost, float value)
    {
        for (auto i = cell(cost); i < m_best.size() && m_best[i] < value; ++i)
            m_best[i] = value;
    }

private:
    std::size_t cell(double cost) const
    {
        const double x = (cost - m_least) * m_perUnit;
        return x <= 0 ? 0 : std::min(m_best.size() - 1, static_cast<std::size_t>(x));
    }
    double m_least = 0;
    double m_perUnit = 0;
    std::vector<float> m_best; // ascending
};

} // namespace paretoscope::ladder

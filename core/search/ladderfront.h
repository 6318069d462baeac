// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accuracy against the primary cost, exactly, with the subnets. Private to this room.
#pragma once

#include "space/subnet.h"

#include <cstdint>
#include <iterator>
#include <map>
#include <vector>

namespace paretoscope::ladder {

class Front {
public:
    struct Entry {
        float raw = 0;
        Subnet subnet;
        bool expanded = false;
    };
    /// False where something known is as good and costs no more.
    bool add(double cost, float raw, const Subnet& subnet)
    {
        const auto after = m_entries.upper_bound(cost);
        if (after != m_entries.begin() && std::prev(after)->second.raw >= raw)
            return false;
        auto next = m_entries.lower_bound(cost);
        while (next != m_entries.end() && next->second.raw <= raw)
            next = m_entries.erase(next);
        m_entries.emplace_hint(next, cost, Entry{raw, subnet, false});
        return true;
    }
    /// The best that costs no more; nullptr where there is none.
    const Entry* below(double cost) const
    {
        const auto after = m_entries.upper_bound(cost);
        return after == m_entries.begin() ? nullptr : &std::prev(after)->second;
    }
    /// By cost, accuracy rising.
    const std::map<double, Entry>& entries() const { return m_entries; }
    /// Up to so many members that were not given out before, the cheapest first.
    std::vector<Subnet> unexpanded(std::uint64_t most)
    {
        std::vector<Subnet> members;
        for (auto& [cost, entry] : m_entries) {
            if (members.size() >= most)
                break;
            if (!entry.expanded)
                members.push_back(entry.subnet);
            entry.expanded = true;
        }
        return members;
    }

private:
    std::map<double, Entry> m_entries;
};

} // namespace paretoscope::ladder

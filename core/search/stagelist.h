// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one stage can add to a subnet. Private to this folder.
#pragma once

#include "search/lanes.h"
#include "search/paretolist.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace paretoscope {

/// Thrown inside the exact solver when it is told to stop.
struct SolverStopped {};

/// The configurations of a stage that can be part of a front; `code` packs the operators, the first block lowest.
struct StageList {
    ParetoList list;
    std::vector<std::uint64_t> code; // by entry
};

/// Sets the operators and depth of a stage from a code.
void putStage(const SearchSpace& space, Subnet& subnet, std::size_t stage, std::uint64_t code);

class StageLister {
public:
    /// All outlive it; the rule has no caps and does not trim.
    StageLister(const SearchTask& task, const LaneValues& values, const MergeRule& rule);
    /// `genes` holds the resolution and the widths around the stage.
    /// @throws ValueError for a stage that is too long, or has too many configurations for terms of second order.
    StageList list(std::size_t stage, const Subnet& genes) const;

private:
    ParetoList blockList(Subnet genes, int slot) const;
    StageList merged(std::size_t stage, const Subnet& genes) const;
    StageList enumerated(std::size_t stage, const Subnet& genes) const;

    const SearchTask& m_task;
    const SearchSpace& m_space;
    const LaneValues& m_values;
    const MergeRule& m_rule;
    std::size_t m_lanes;
};

} // namespace paretoscope

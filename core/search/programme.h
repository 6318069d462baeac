// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The dynamic programme of the exact solver at one resolution. Private to this folder.
#pragma once

#include "search/stagelist.h"

#include <functional>
#include <utility>
#include <vector>

namespace paretoscope {

/// How the entries of one state (the width before the next stage) after one stage came about.
struct Step {
    std::vector<std::uint32_t> previous;    // entry of the state before
    std::vector<std::uint8_t> previousState;
    std::vector<std::uint32_t> stageEntry;
};

/// The dynamic programme at one resolution.
class Programme {
public:
    Programme(const SearchTask& task, const LanePlan& plan, std::size_t resolutionIndex, double trim, const std::function<bool()>& stopped);

    /// Non-dominated totals; `left` is an index for `subnet`.
    ParetoList run();

    Subnet subnet(std::size_t index) const;

private:
    void askStop() const;
    std::vector<double> caps() const;

    /// Genes of a stage between two widths.
    Subnet between(std::size_t stage, std::size_t before, std::size_t after) const;

    void listStages();

    MergeRule uncapped() const;

    /// What the stages from one on, and the end, add at least: by stage, state and lane.
    void boundRemainders();

    std::vector<ParetoList> startLists();

    /// Caps on partial sums before `stage` in a state, from the limits and what must still come.
    void setCaps(std::size_t stage, std::size_t state);

    std::vector<ParetoList> advance(std::size_t stage, const std::vector<ParetoList>& before);

    const SearchTask& m_task;
    const SearchSpace& m_space;
    const LanePlan& m_plan;
    LaneValues m_values;
    std::size_t m_lanes;
    std::size_t m_states;
    const std::function<bool()>& m_stopped;
    Subnet m_genes; // the resolution; everything else zero
    MergeRule m_rule;
    double m_trim = 0;
    std::vector<std::vector<StageList>> m_stageLists; // [stage][before × states + after]
    std::vector<std::vector<double>> m_ends;          // [state][lane]
    std::vector<std::vector<std::vector<double>>> m_least; // [stage][state][lane]
    std::vector<Subnet> m_starts;
    std::vector<std::vector<std::uint32_t>> m_startOf; // [state][entry]
    std::vector<std::vector<Step>> m_steps;            // [stage][state]
    std::vector<std::pair<std::uint8_t, std::uint32_t>> m_last; // state and entry
};

} // namespace paretoscope

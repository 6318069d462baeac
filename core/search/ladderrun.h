// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run of the ladder. Private to this room.
#pragma once

#include "search/archive.h"
#include "search/control.h"
#include "search/crew.h"
#include "search/ladderchains.h"
#include "search/ladderfront.h"

#include <limits>

namespace paretoscope::ladder {

inline constexpr std::size_t kChains = 60;
inline constexpr std::size_t kGroups = 4; // fixed, so that the number of threads changes nothing

class Ladder {
public:
    Ladder(const SearchTask& task, const SearchRequest& request, Archive& archive, SearchControl& control,
        const MlpGradient& gradient, bool exact)
        : m_task(task)
        , m_archive(archive)
        , m_control(control)
        , m_model(task, gradient)
        , m_evaluator(task)
        , m_engine{m_model, gradient, m_evaluator, exact, {}}
        , m_crew(request.threads)
        , m_random(request.seed)
        , m_zero(task.problem->top1Percent(0))
        , m_slope(task.problem->top1Percent(1) - m_zero)
    {
        for (const auto& r : m_model.ranges())
            m_engine.rowScale.push_back(std::max(r.most - r.least, 1e-9 * r.most));
    }

    void run(std::span<const Subnet> start);

private:
    void setLadder();
    bool limitsAreInReach() const;
    void seed(std::span<const Subnet> start);
    std::vector<Subnet> linearised();
    void evaluate(std::vector<Subnet> subnets);
    void placeBudgets();
    void placeAlongFront();
    void placeAtMembers();
    void placeBelow(double cost, double width);
    void refresh(bool islands = false);
    void setPrices();
    void handUp(bool islands);
    void anneal();
    void round(int steps, float temperature);
    bool expand();
    void collect(Group& group);
    Group& groupOf(std::size_t m) { return m_groups[m % kGroups]; }
    Chain& chain(std::size_t m) { return groupOf(m).chains[m / kGroups]; }
    void setPrimary(std::size_t m, double budget);
    std::uint64_t left() const;
    bool enough() const { return m_control.stopped() || left() == 0; }
    int stepsOfRound() const;

    const SearchTask& m_task;
    Archive& m_archive;
    SearchControl& m_control;
    Model m_model;
    Evaluator m_evaluator;
    Engine m_engine;
    Crew m_crew;
    Random m_random;
    std::vector<Group> m_groups;
    std::vector<double> m_most; // by row: the limits, or the largest there is
    double m_least = 0, m_greatest = 0; // of the primary cost
    double m_zero = 0, m_slope = 100; // shown percent of raw accuracy 0, and of a unit of it
    float m_spread = 0.05f; // of raw accuracy along the front
    std::size_t m_costObjectives = 0;
    std::vector<float> m_meanGains;
    Staircase m_stairs;
    Front m_front;
    double m_stepMs = 0;
};

} // namespace paretoscope::ladder

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers that the exact solver adds up. Private to this folder.
#pragma once

#include "search/paretolist.h"
#include "search/problem.h"

#include <vector>

namespace paretoscope {

/// One column of the dynamic programme: a quantity, or one of the sums whose largest it is, turned so that smaller is
/// better. Quantities that are proportional to one another share a lane.
struct Lane {
    std::size_t dimension = 0; // of the task
    std::size_t table = 0;     // of the dimension, where it has tables
    double sign = 1;           // -1 where larger is better, or where only the better side is limited
    Join join = Join::Sum;
    double cap = 0;            // in the lane's direction; infinity for none
    double grain = 0;          // values are multiples of this, so that sums are exact whatever their order
};

/// All numbers of a task at one resolution, by lane.
class LaneValues {
public:
    LaneValues(const SearchTask& task, const std::vector<Lane>& lanes, std::size_t resolutionIndex);

    std::size_t lanes() const { return m_lanes->size(); }
    /// What does not depend on the stages: the parts before and after them and the predictor's offset. Of a ResNet the
    /// parts before depend on stem and first widths, those after on the last width.
    void start(const Subnet& genes, std::span<double> out) const;
    void end(const Subnet& genes, std::span<double> out) const;
    /// One block of the subnet, which holds the operator and the widths around it. Returns false when it is forbidden
    /// by a limit on the largest part.
    bool block(const Subnet& genes, int slot, std::span<double> out) const;
    /// The predictor's terms of a whole stage and its width.
    void stage(const Subnet& genes, int stage, std::span<double> out) const;

private:
    double quantised(const Lane& lane, double v) const;
    void part(const Subnet& genes, std::size_t part, std::span<double> out, bool& allowed) const;

    const SearchTask* m_task;
    const std::vector<Lane>* m_lanes;
    std::size_t m_column; // of the task's tables
    std::size_t m_predictorColumn = 0;
    const AdditivePredictor* m_predictor = nullptr;
    std::vector<std::size_t> m_partOfSlot;
};

/// The lanes that a task needs. The last one is the accuracy where it is among them: trimming keeps the best of it.
struct LanePlan {
    std::vector<Lane> lanes;
    std::vector<std::string> notes; // limits that cut the front afterwards instead of shaping it
};
/// With limits each limited quantity is a lane unless its limit forbids blocks; without them every dimension is one.
LanePlan planLanes(const SearchTask& task, bool withLimits);

} // namespace paretoscope

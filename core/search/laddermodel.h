// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A task as the ladder sees it: which single changes a subnet can make, what they cost, and where their gain stands in
// a row of gradients. Private to this room.
#pragma once

#include "predict/mlpgradient.h"
#include "search/problem.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace paretoscope::ladder {

/// A change of one block: to another operator, or to 0, which switches it off.
struct Move {
    int slot = -1;
    int op = 0;
    explicit operator bool() const { return slot >= 0; }
};

class Model {
public:
    /// Task and gradient outlive it.
    Model(const SearchTask& task, const MlpGradient& gradient);
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    const SearchTask& task() const { return *m_task; }
    const SearchSpace& space() const { return m_task->problem->space(); }
    const AllowedChoices& allowed() const { return m_task->allowed; }

    /// Costs are bounded by rows: one for each table of each dimension that is not the accuracy.
    /// Where no dimension is a sum, MACs stand in as a row that bounds nothing, so that there is a ladder to climb.
    static constexpr std::size_t kNoDimension = static_cast<std::size_t>(-1);
    struct Row {
        std::size_t dimension = kNoDimension;
        const CostTable* table = nullptr;
        bool largestPart = false;
    };
    const std::vector<Row>& rows() const { return m_rows; }
    /// The rows (of one dimension, or the stand-in) along which the budgets rise; the first of them leads.
    const std::vector<std::size_t>& primaryRows() const { return m_primary; }
    double primaryCost(std::span<const double> costs) const
    {
        double most = costs[m_primary.front()];
        for (const auto k : m_primary)
            most = most < costs[k] ? costs[k] : most;
        return most;
    }
    /// The value of each row, to the bit what CostTable says.
    void costs(const Subnet& subnet, std::span<double> out) const;

    /// Tables by [slot][op], an op being 0 for "off"; a row of operators is `width()` floats, a multiple of 16.
    std::size_t slotCount() const { return m_slots; }
    std::size_t width() const { return m_width; }
    std::size_t tableSize() const { return m_slots * m_width; }
    /// 0 where an operator is allowed, minus infinity where it is not or does not exist; off is minus infinity.
    const float* allowedOps() const { return m_allowed.data(); }
    /// Costs of every operator in the subnet's setting (resolution, stem, widths): [row][slot][op].
    /// `scratch` is used where they depend on more than the resolution.
    const float* opCosts(const Subnet& subnet, std::vector<float>& scratch) const;
    /// Where the gain of op 1 of a slot stands in a row of gradients.
    std::size_t term(std::size_t slot) const { return m_terms[slot]; }

    /// Depth above or below that is allowed for a stage, -1 where there is none.
    int depthAbove(int stage, int depth) const
    {
        return m_above[static_cast<std::size_t>(stage)][static_cast<std::size_t>(depth)];
    }
    int depthBelow(int stage, int depth) const
    {
        return m_below[static_cast<std::size_t>(stage)][static_cast<std::size_t>(depth)];
    }
    /// Whether some stage has depths that no single block leads to.
    bool hasDepthGaps() const { return m_hasDepthGaps; }
    void apply(Subnet& subnet, Move move) const;
    /// Sets a stage as it is in another subnet.
    void copyStage(Subnet& subnet, const Subnet& from, int stage) const;

    /// Cheapest and dearest value of a row over everything that is allowed, estimated by descent where widths interact.
    struct Range {
        double least = 0;
        double most = 0;
    };
    const std::vector<Range>& ranges() const { return m_ranges; }
    /// The subnets at the ends of the ranges in each setting.
    const std::vector<Subnet>& extremes() const { return m_extremes; }
    /// The settings that operators are chosen in: each resolution, for ResNet with each stem and some widths.
    const std::vector<Subnet>& settings() const { return m_settings; }

private:
    void findPrimary();
    void fillOpCosts(const Subnet& subnet, float* out) const;
    void findSettings();
    void findRanges();

    const SearchTask* m_task;
    std::optional<CostTable> m_standIn;
    std::vector<Row> m_rows;
    std::vector<std::size_t> m_primary;
    std::size_t m_slots = 0;
    std::size_t m_width = 0;
    std::vector<float> m_allowed;
    std::vector<std::size_t> m_terms;
    std::vector<std::size_t> m_partOfSlot;
    std::vector<std::vector<int>> m_above, m_below;
    bool m_hasDepthGaps = false;
    std::vector<float> m_opCosts; // [resolution][row][slot][op]; empty where widths are elastic
    std::vector<int> m_resolutionIndex; // by pixels
    std::vector<Subnet> m_settings;
    std::vector<Range> m_ranges;
    std::vector<Subnet> m_extremes;
};

} // namespace paretoscope::ladder

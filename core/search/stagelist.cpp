// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/stagelist.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace paretoscope {

namespace {

/// Configurations of one stage that are listed one by one where the predictor has terms of second order.
constexpr std::uint64_t kMostConfigurations = 4'000'000;

int opBits(const StageSpec& spec) { return static_cast<int>(std::bit_width(static_cast<unsigned>(spec.ops()))); }

} // namespace

void putStage(const SearchSpace& space, Subnet& s, std::size_t stage, std::uint64_t code)
{
    const auto& spec = space.stages[stage];
    const int bits = opBits(spec);
    int blocks = 0;
    for (; blocks < spec.maxBlocks && code != 0; ++blocks, code >>= bits)
        s.op[static_cast<std::size_t>(spec.firstSlot + blocks)] = static_cast<std::uint8_t>(code & ((1u << bits) - 1));
    s.depth[static_cast<std::size_t>(space.depthGene(static_cast<int>(stage)))] = static_cast<std::uint8_t>(blocks - spec.baseDepth);
}

StageLister::StageLister(const SearchTask& task, const LaneValues& values, const MergeRule& rule)
    : m_task(task)
    , m_space(task.problem->space())
    , m_values(values)
    , m_rule(rule)
    , m_lanes(values.lanes())
{
}

StageList StageLister::list(std::size_t stage, const Subnet& genes) const
{
    const auto& spec = m_space.stages[stage];
    if (spec.maxBlocks * opBits(spec) > 64)
        throw ValueError({m_space.id, fmt::format("stage {} is too long for the exact solver", stage + 1),
            fmt::format("{} blocks of {} operators", spec.maxBlocks, spec.ops()), "use the ladder"});
    const bool secondOrder = m_task.accuracy && m_task.problem->predictor()->additive()->hasStageTerms();
    return secondOrder ? enumerated(stage, genes) : merged(stage, genes);
}

/// The operators of one block, one entry each; `right` is the operator.
ParetoList StageLister::blockList(Subnet genes, int slot) const
{
    ParetoList list(m_lanes);
    std::vector<double> row(m_lanes);
    for (const auto op : m_task.allowed.ops(slot)) {
        std::fill(row.begin(), row.end(), 0.0);
        genes.op[static_cast<std::size_t>(slot)] = op;
        if (m_values.block(genes, slot, row))
            list.add(row, 0, op);
    }
    return list;
}

StageList StageLister::merged(std::size_t stage, const Subnet& genes) const
{
    const auto& spec = m_space.stages[stage];
    const auto& depths = m_task.allowed.depths(m_space.depthGene(static_cast<int>(stage)));
    std::vector<double> row(m_lanes, 0.0);
    m_values.stage(genes, static_cast<int>(stage), row);
    ParetoList prefix(m_lanes);
    prefix.add(row, 0, 0);
    std::vector<std::uint64_t> codes{0};
    std::vector<ParetoList> lists;
    std::vector<std::vector<std::uint64_t>> codesOf;
    for (int blocks = 0;; ++blocks) {
        if (std::find(depths.begin(), depths.end(), blocks - spec.baseDepth) != depths.end()) {
            lists.push_back(prefix);
            codesOf.push_back(codes);
        }
        if (blocks == spec.baseDepth + depths.back())
            break;
        const auto options = blockList(genes, spec.firstSlot + blocks);
        if (options.size() == 0)
            break;
        prefix = mergeLists(prefix, options, m_rule);
        std::vector<std::uint64_t> next;
        for (std::size_t i = 0; i < prefix.size(); ++i)
            next.push_back(codes[prefix.left[i]] | std::uint64_t{options.right[prefix.right[i]]} << (blocks * opBits(spec)));
        codes = std::move(next);
    }
    StageList result{unite(lists, m_rule), {}};
    for (std::size_t i = 0; i < result.list.size(); ++i)
        result.code.push_back(codesOf[result.list.right[i]][result.list.left[i]]);
    return result;
}

/// Every configuration one by one: terms of second order join blocks within a stage.
StageList StageLister::enumerated(std::size_t stage, const Subnet& genes) const
{
    const auto& spec = m_space.stages[stage];
    const auto& depths = m_task.allowed.depths(m_space.depthGene(static_cast<int>(stage)));
    double count = 0;
    for (const auto d : depths)
        count += std::pow(static_cast<double>(m_task.allowed.ops(spec.firstSlot).size()), spec.baseDepth + d);
    if (count > static_cast<double>(kMostConfigurations))
        throw ValueError({m_space.id, fmt::format("stage {} has too many configurations for terms of second order", stage + 1), fmt::format("{:.0f}", count), fmt::format("{}", kMostConfigurations)});
    std::vector<ParetoList> options;
    for (int b = 0; b < spec.baseDepth + depths.back(); ++b)
        options.push_back(blockList(genes, spec.firstSlot + b));
    ParetoList all(m_lanes);
    std::vector<std::uint64_t> codes;
    Subnet s = genes;
    std::vector<std::vector<double>> rows(options.size() + 1, std::vector<double>(m_lanes, 0.0));
    std::vector<double> row(m_lanes);
    const auto visit = [&](auto&& self, int block, std::uint64_t code) -> void {
        const auto& sum = rows[static_cast<std::size_t>(block)];
        if (std::find(depths.begin(), depths.end(), block - spec.baseDepth) != depths.end()) {
            row = sum;
            m_values.stage(s, static_cast<int>(stage), row);
            all.add(row, static_cast<std::uint32_t>(codes.size()), 0);
            codes.push_back(code);
        }
        if (static_cast<std::size_t>(block) == options.size())
            return;
        if (block == 1)
            if (m_rule.stopped && m_rule.stopped())
                throw SolverStopped{};
        const auto& list = options[static_cast<std::size_t>(block)];
        const auto slot = static_cast<std::size_t>(spec.firstSlot + block);
        auto& next = rows[static_cast<std::size_t>(block) + 1];
        for (std::size_t i = 0; i < list.size(); ++i) {
            for (std::size_t l = 0; l < m_lanes; ++l)
                next[l] = m_rule.join[l] == Join::Sum ? sum[l] + list.lane[l][i] : std::max(sum[l], list.lane[l][i]);
            s.op[slot] = static_cast<std::uint8_t>(list.right[i]);
            self(self, block + 1, code | std::uint64_t{list.right[i]} << (block * opBits(spec)));
        }
        s.op[slot] = 0;
    };
    visit(visit, 0, 0);
    StageList result{unite({&all, 1}, m_rule), {}};
    for (std::size_t i = 0; i < result.list.size(); ++i)
        result.code.push_back(codes[all.left[result.list.left[i]]]);
    return result;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/laddermodel.h"

#include <algorithm>

namespace paretoscope::ladder {

namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

} // namespace

Model::Model(const SearchTask& task, const MlpGradient& gradient)
    : m_task(&task)
    , m_slots(static_cast<std::size_t>(space().slotCount()))
{
    for (std::size_t d = 0; d < task.dimensions.size(); ++d)
        for (const auto& table : task.dimensions[d].tables)
            m_rows.push_back({d, &table, task.dimensions[d].form == Dimension::Form::LargestPart});
    findPrimary();

    int most = 0;
    for (const auto& stage : space().stages)
        most = std::max(most, stage.ops());
    m_width = (static_cast<std::size_t>(most) + 1 + 15) / 16 * 16;
    m_allowed.assign(tableSize(), kNever);
    const auto& encoding = gradient.predictor().encoding();
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        for (const auto op : allowed().ops(static_cast<int>(slot)))
            m_allowed[slot * m_width + op] = 0;
        m_terms.push_back(encoding.termOfOp(static_cast<int>(slot), 1));
    }
    m_partOfSlot.resize(m_slots);
    const auto& parts = *task.problem->parts();
    for (std::size_t p = 0; p < parts.size(); ++p)
        if (const int slot = parts.list()[p].slot; slot >= 0)
            m_partOfSlot[static_cast<std::size_t>(slot)] = p;

    for (std::size_t i = 0; i < space().stages.size(); ++i) {
        const auto& depths = allowed().depths(space().depthGene(static_cast<int>(i)));
        std::vector<int> above(static_cast<std::size_t>(depths.back()) + 1, -1), below = above;
        for (std::size_t k = 0; k + 1 < depths.size(); ++k) {
            above[depths[k]] = depths[k + 1];
            below[depths[k + 1]] = depths[k];
            m_hasDepthGaps |= depths[k + 1] != depths[k] + 1;
        }
        m_above.push_back(std::move(above));
        m_below.push_back(std::move(below));
    }

    m_resolutionIndex.assign(static_cast<std::size_t>(task.resolutions().back()) + 1, 0);
    for (std::size_t r = 0; r < task.resolutions().size(); ++r)
        m_resolutionIndex[static_cast<std::size_t>(task.resolutions()[r])] = static_cast<int>(r);
    findSettings();
    if (!space().isResNet()) {
        m_opCosts.assign(task.resolutions().size() * m_rows.size() * tableSize(), 0);
        for (const auto& s : m_settings)
            fillOpCosts(
                s, &m_opCosts[static_cast<std::size_t>(m_resolutionIndex[s.resolution]) * m_rows.size() * tableSize()]);
    }
    findRanges();
}

void Model::findPrimary()
{
    // Objectives come first among the dimensions, so the first sum is one if any is.
    const auto first = std::find_if(m_rows.begin(), m_rows.end(), [](const Row& r) { return !r.largestPart; });
    if (first == m_rows.end()) {
        m_standIn = CostTable::macs(m_task->problem->parts(), m_task->resolutions());
        m_primary = {m_rows.size()};
        m_rows.push_back({kNoDimension, &*m_standIn, false});
        return;
    }
    const auto dimension = first->dimension;
    for (std::size_t k = 0; k < m_rows.size(); ++k)
        if (m_rows[k].dimension == dimension)
            m_primary.push_back(k);
}

void Model::costs(const Subnet& subnet, std::span<double> out) const
{
    for (std::size_t k = 0; k < m_rows.size(); ++k) {
        const auto& table = *m_rows[k].table;
        if (!m_rows[k].largestPart) {
            out[k] = table.cost(subnet);
            continue;
        }
        const auto& parts = table.parts();
        const auto r = table.resolutionIndex(subnet.resolution);
        out[k] = 0;
        for (std::size_t p = 0; p < parts.size(); ++p)
            if (const int v = parts.variantOf(subnet, p); v >= 0)
                out[k] = std::max(out[k], table.at(r, p, v));
    }
}

const float* Model::opCosts(const Subnet& subnet, std::vector<float>& scratch) const
{
    if (!m_opCosts.empty())
        return &m_opCosts[static_cast<std::size_t>(m_resolutionIndex[subnet.resolution]) * m_rows.size() * tableSize()];
    scratch.resize(m_rows.size() * tableSize());
    fillOpCosts(subnet, scratch.data());
    return scratch.data();
}

void Model::fillOpCosts(const Subnet& subnet, float* out) const
{
    const auto& parts = *m_task->problem->parts();
    // All blocks on, so that every one has a variant; an operator's does not depend on those of others.
    Subnet s = subnet;
    for (std::size_t i = 0; i < space().stages.size(); ++i)
        s.depth[static_cast<std::size_t>(space().depthGene(static_cast<int>(i)))] =
            static_cast<std::uint8_t>(space().stages[i].depths.back());
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        const auto ops = space().stages[static_cast<std::size_t>(space().stageOfSlot(static_cast<int>(slot)))].ops();
        const auto part = m_partOfSlot[slot];
        for (int op = 1; op <= ops; ++op) {
            s.op[slot] = static_cast<std::uint8_t>(op);
            const int variant = parts.variantOf(s, part);
            for (std::size_t k = 0; k < m_rows.size(); ++k) {
                const auto& table = *m_rows[k].table;
                out[k * tableSize() + slot * m_width + static_cast<std::size_t>(op)] =
                    static_cast<float>(table.at(table.resolutionIndex(s.resolution), part, variant));
            }
        }
        for (std::size_t k = 0; k < m_rows.size(); ++k)
            out[k * tableSize() + slot * m_width] = 0;
    }
}

void Model::apply(Subnet& subnet, Move move) const
{
    const auto stage = space().stageOfSlot(move.slot);
    auto& op = subnet.op[static_cast<std::size_t>(move.slot)];
    auto& depth = subnet.depth[static_cast<std::size_t>(space().depthGene(stage))];
    if (op == 0 && move.op != 0)
        ++depth;
    else if (op != 0 && move.op == 0)
        --depth;
    op = static_cast<std::uint8_t>(move.op);
}

void Model::copyStage(Subnet& subnet, const Subnet& from, int stage) const
{
    const auto& spec = space().stages[static_cast<std::size_t>(stage)];
    const auto gene = static_cast<std::size_t>(space().depthGene(stage));
    subnet.depth[gene] = from.depth[gene];
    std::copy_n(from.op.begin() + spec.firstSlot, spec.maxBlocks, subnet.op.begin() + spec.firstSlot);
}

void Model::findSettings()
{
    Random random(0); // only to have a valid subnet; whatever it draws is replaced
    for (const int r : m_task->resolutions()) {
        Subnet s = allowed().uniform(random);
        s.resolution = static_cast<std::uint16_t>(r);
        for (const auto stem : space().isResNet() ? allowed().depths(0) : std::vector<std::uint8_t>{s.depth[0]}) {
            s.depth[0] = stem;
            for (int w = 0; w < std::max(1, space().widthGenes() ? space().widthChoices() : 1); ++w) {
                for (int g = 0; g < space().widthGenes(); ++g)
                    s.width[static_cast<std::size_t>(g)] = static_cast<std::uint8_t>(w);
                m_settings.push_back(s);
            }
        }
    }
}

void Model::findRanges()
{
    m_ranges.assign(m_rows.size(), {std::numeric_limits<double>::infinity(), 0});
    std::vector<double> values(m_rows.size());
    std::vector<float> scratch;
    for (const auto& setting : m_settings) {
        const float* costs = opCosts(setting, scratch);
        for (std::size_t k = 0; k < m_rows.size(); ++k)
            for (const bool largest : {false, true}) {
                Subnet s = setting;
                for (std::size_t i = 0; i < space().stages.size(); ++i) {
                    const auto& stage = space().stages[i];
                    const auto gene = static_cast<std::size_t>(space().depthGene(static_cast<int>(i)));
                    const auto& depths = allowed().depths(static_cast<int>(gene));
                    s.depth[gene] = largest ? depths.back() : depths.front();
                    for (int b = 0; b < stage.maxBlocks; ++b) {
                        const auto slot = static_cast<std::size_t>(stage.firstSlot + b);
                        const float* row = costs + k * tableSize() + slot * m_width;
                        const auto& ops = allowed().ops(static_cast<int>(slot));
                        const auto better = [&](std::uint8_t x, std::uint8_t y) {
                            return largest ? row[x] > row[y] : row[x] < row[y];
                        };
                        s.op[slot] = b < stage.baseDepth + s.depth[gene]
                            ? *std::min_element(ops.begin(), ops.end(), better)
                            : std::uint8_t{0};
                    }
                }
                this->costs(s, values);
                m_extremes.push_back(s);
                m_ranges[k].least = std::min(m_ranges[k].least, values[k]);
                m_ranges[k].most = std::max(m_ranges[k].most, values[k]);
            }
    }
}

} // namespace paretoscope::ladder

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "search/problem.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

template <typename T>
bool contains(const std::vector<T>& list, T value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// Every wanted choice must exist somewhere in the space: a typing error is not an empty choice.
template <typename T, typename Get>
void checkWanted(const SearchSpace& space, const std::vector<T>& wanted, const char* what, Get get)
{
    std::vector<T> have;
    for (const auto& s : space.stages)
        for (const auto& v : get(s))
            if (!contains(have, static_cast<T>(v)))
                have.push_back(static_cast<T>(v));
    std::sort(have.begin(), have.end());
    for (const auto& w : wanted)
        if (!contains(have, w))
            throw ValueError({space.id, fmt::format("the space does not have this {}", what), fmt::format("{}", w), fmt::format("{}", fmt::join(have, ", "))});
}

} // namespace

AllowedChoices::AllowedChoices(const SearchSpace& space, const Choices& choices, std::vector<int> resolutions)
    : m_space(&space)
{
    checkWanted(space, choices.kernels, "kernel", [](const StageSpec& s) { return s.kernels; });
    checkWanted(space, choices.expansions, "expansion", [](const StageSpec& s) { return s.expansions; });
    checkWanted(space, choices.depths, "depth", [](const StageSpec& s) { return s.depths; });
    for (const int r : choices.resolutions)
        if (!contains(resolutions, r))
            throw ValueError({space.id, "a resolution that space, predictor and device do not share", fmt::format("{}", r), fmt::format("{}", fmt::join(resolutions, ", "))});
    for (const int r : resolutions)
        if (choices.resolutions.empty() || contains(choices.resolutions, r))
            m_resolutions.push_back(r);

    m_ops.resize(static_cast<std::size_t>(space.slotCount()));
    m_hasOp.resize(m_ops.size(), 0);
    m_depths.resize(static_cast<std::size_t>(space.depthGenes()));
    m_depthWeight.resize(m_depths.size());
    if (space.isResNet())
        for (const int d : space.stemDepths)
            m_depths[0].push_back(static_cast<std::uint8_t>(d));
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        std::vector<std::uint8_t> ops;
        for (int op = 1; op <= stage.ops(); ++op) {
            const auto code = static_cast<std::uint8_t>(op);
            // A stage that has none of the wanted values has no such choice: ProxylessNAS' last stage has one depth only.
            if ((choices.kernels.empty() || contains(choices.kernels, stage.kernelOf(code))) && (choices.expansions.empty() || contains(choices.expansions, stage.expansionOf(code))))
                ops.push_back(code);
        }
        auto& depths = m_depths[static_cast<std::size_t>(space.depthGene(static_cast<int>(i)))];
        for (const int d : stage.depths)
            if (choices.depths.empty() || contains(choices.depths, d) || stage.depths.size() == 1)
                depths.push_back(static_cast<std::uint8_t>(d));
        if (ops.empty() || depths.empty())
            throw ValueError({space.id, fmt::format("nothing is left of stage {}", i + 1), "no allowed kernel, expansion or depth", {}});
        for (int slot = stage.firstSlot; slot < stage.firstSlot + stage.maxBlocks; ++slot) {
            m_ops[static_cast<std::size_t>(slot)] = ops;
            for (const auto op : ops)
                m_hasOp[static_cast<std::size_t>(slot)] |= std::uint64_t{1} << op;
        }
        auto& weight = m_depthWeight[static_cast<std::size_t>(space.depthGene(static_cast<int>(i)))];
        double sum = 0;
        for (const auto d : depths)
            weight.push_back(sum += std::pow(static_cast<double>(ops.size()), stage.baseDepth + d));
    }
}

bool AllowedChoices::allows(const Subnet& s) const
{
    if (!std::binary_search(m_resolutions.begin(), m_resolutions.end(), static_cast<int>(s.resolution)))
        return false;
    for (std::size_t gene = 0; gene < m_depths.size(); ++gene)
        if (!contains(m_depths[gene], s.depth[gene]))
            return false;
    for (std::size_t slot = 0; slot < m_ops.size(); ++slot)
        if (s.op[slot] != 0 && !hasOp(static_cast<int>(slot), s.op[slot]))
            return false;
    return true;
}

Subnet AllowedChoices::uniform(Random& random) const
{
    Subnet s;
    s.resolution = static_cast<std::uint16_t>(m_resolutions[random.below(m_resolutions.size())]);
    for (int g = 0; g < m_space->widthGenes(); ++g)
        s.width[static_cast<std::size_t>(g)] = static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(m_space->widthChoices())));
    if (m_space->isResNet())
        s.depth[0] = m_depths[0][random.below(m_depths[0].size())];
    for (std::size_t i = 0; i < m_space->stages.size(); ++i) {
        const auto& stage = m_space->stages[i];
        const auto gene = static_cast<std::size_t>(m_space->depthGene(static_cast<int>(i)));
        const auto& weight = m_depthWeight[gene];
        const auto at = std::upper_bound(weight.begin(), weight.end() - 1, random.uniform() * weight.back()) - weight.begin();
        s.depth[gene] = m_depths[gene][static_cast<std::size_t>(at)];
        for (int b = 0; b < stage.baseDepth + s.depth[gene]; ++b) {
            const auto& allowed = ops(stage.firstSlot + b);
            s.op[static_cast<std::size_t>(stage.firstSlot + b)] = allowed[random.below(allowed.size())];
        }
    }
    return s;
}

Subnet AllowedChoices::repaired(Subnet s) const
{
    const auto nearest = [](const auto& list, double wanted, auto value) {
        return *std::min_element(list.begin(), list.end(), [&](auto a, auto b) { return std::abs(value(a) - wanted) < std::abs(value(b) - wanted); });
    };
    s.resolution = static_cast<std::uint16_t>(nearest(m_resolutions, s.resolution, [](int r) { return static_cast<double>(r); }));
    for (std::size_t gene = 0; gene < m_depths.size(); ++gene)
        s.depth[gene] = nearest(m_depths[gene], s.depth[gene], [](std::uint8_t d) { return static_cast<double>(d); });
    for (std::size_t i = 0; i < m_space->stages.size(); ++i) {
        const auto& stage = m_space->stages[i];
        const int active = m_space->activeBlocks(s, static_cast<int>(i));
        for (int b = 0; b < stage.maxBlocks; ++b) {
            auto& op = s.op[static_cast<std::size_t>(stage.firstSlot + b)];
            if (b >= active)
                op = 0;
            else if (op == 0)
                op = ops(stage.firstSlot + b).front();
            else if (!hasOp(stage.firstSlot + b, op)) {
                // Kernels two pixels apart weigh as much as one step of the expansion ratio.
                const double kernel = stage.kernelOf(op), expansion = stage.expansionOf(op);
                op = nearest(ops(stage.firstSlot + b), 0, [&](std::uint8_t o) { return std::abs(stage.kernelOf(o) - kernel) / 2 + std::abs(stage.expansionOf(o) - expansion); });
            }
        }
    }
    return s;
}

std::string AllowedChoices::count() const
{
    using Big = boost::multiprecision::cpp_int;
    Big product = m_resolutions.size();
    for (int g = 0; g < m_space->widthGenes(); ++g)
        product *= m_space->widthChoices();
    if (m_space->isResNet())
        product *= m_depths[0].size();
    for (std::size_t i = 0; i < m_space->stages.size(); ++i) {
        const auto& stage = m_space->stages[i];
        Big sum = 0;
        for (const auto d : m_depths[static_cast<std::size_t>(m_space->depthGene(static_cast<int>(i)))])
            sum += boost::multiprecision::pow(Big(ops(stage.firstSlot).size()), static_cast<unsigned>(stage.baseDepth + d));
        product *= sum;
    }
    return product.str();
}

} // namespace paretoscope

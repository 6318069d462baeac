// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/sampling.h"

#include <algorithm>

namespace paretoscope {

Subnet uniformSubnet(const SearchSpace& space, Random& random, int resolution)
{
    Subnet s;
    s.resolution = static_cast<std::uint16_t>(resolution);
    if (space.isResNet())
        s.depth[0] = static_cast<std::uint8_t>(space.stemDepths[random.below(space.stemDepths.size())]);
    for (int w = 0; w < space.widthGenes(); ++w)
        s.width[static_cast<std::size_t>(w)] = static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(space.widthChoices())));
    for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage)
        space.setStage(s, stage, random.below(space.stageConfigurations(stage)));
    return s;
}

Subnet uniformSubnet(const SearchSpace& space, Random& random)
{
    auto s = uniformSubnet(space, random, 0);
    s.resolution = static_cast<std::uint16_t>(space.resolutions[random.below(space.resolutions.size())]);
    return s;
}

Subnet referenceSubnet(const SearchSpace& space, PythonRandom& random, int resolution)
{
    Subnet s;
    s.resolution = static_cast<std::uint16_t>(resolution);
    const auto slots = static_cast<std::size_t>(space.slotCount());
    const auto stageOf = [&](std::size_t slot) -> const StageSpec& {
        return space.stages[static_cast<std::size_t>(space.stageOfSlot(static_cast<int>(slot)))];
    };
    std::vector<std::size_t> kernel(slots, 0), expansion(slots, 0);
    if (!space.isResNet())
        for (std::size_t i = 0; i < slots; ++i)
            kernel[i] = random.choice(stageOf(i).kernels.size());
    for (std::size_t i = 0; i < slots; ++i)
        expansion[i] = random.choice(stageOf(i).expansions.size());
    if (space.isResNet()) {
        // The reference chooses from [largest, smallest].
        const auto i = random.choice(2);
        s.depth[0] = static_cast<std::uint8_t>(i == 0 ? space.stemDepths.back() : space.stemDepths.front());
    }
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& depths = space.stages[i].depths;
        // The reference draws the depth of ProxylessNAS's last stage from all depths and then sets it to 1.
        const bool forced = space.family == Family::ProxylessNas && depths.size() == 1;
        const auto choice = random.choice(forced ? space.stages.front().depths.size() : depths.size());
        s.depth[static_cast<std::size_t>(space.depthGene(static_cast<int>(i)))] = static_cast<std::uint8_t>(depths[forced ? 0 : choice]);
    }
    for (int w = 0; w < space.widthGenes(); ++w)
        s.width[static_cast<std::size_t>(w)] = static_cast<std::uint8_t>(random.choice(static_cast<std::size_t>(space.widthChoices())));
    for (std::size_t stage = 0; stage < space.stages.size(); ++stage) {
        const auto& spec = space.stages[stage];
        for (int b = 0; b < space.activeBlocks(s, static_cast<int>(stage)); ++b) {
            const auto slot = static_cast<std::size_t>(spec.firstSlot + b);
            s.op[slot] = static_cast<std::uint8_t>(1 + kernel[slot] * spec.expansions.size() + expansion[slot]);
        }
    }
    return s;
}

std::vector<Subnet> neighbours(const SearchSpace& space, const Subnet& subnet)
{
    std::vector<Subnet> result;
    const auto with = [&](auto&& change) {
        Subnet s = subnet;
        change(s);
        if (s != subnet)
            result.push_back(s);
    };
    if (space.isResNet())
        for (const int d : space.stemDepths)
            with([&](Subnet& s) { s.depth[0] = static_cast<std::uint8_t>(d); });
    for (int g = 0; g < space.widthGenes(); ++g)
        for (int w = 0; w < space.widthChoices(); ++w)
            with([&](Subnet& s) { s.width[static_cast<std::size_t>(g)] = static_cast<std::uint8_t>(w); });
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const auto gene = static_cast<std::size_t>(space.depthGene(static_cast<int>(i)));
        const int active = space.activeBlocks(subnet, static_cast<int>(i));
        for (int b = 0; b < active; ++b)
            for (int op = 1; op <= stage.ops(); ++op)
                with([&](Subnet& s) { s.op[static_cast<std::size_t>(stage.firstSlot + b)] = static_cast<std::uint8_t>(op); });
        const auto at = std::find(stage.depths.begin(), stage.depths.end(), subnet.depth[gene]) - stage.depths.begin();
        if (at > 0)
            with([&](Subnet& s) {
                s.depth[gene] = static_cast<std::uint8_t>(stage.depths[static_cast<std::size_t>(at) - 1]);
                for (int b = stage.baseDepth + s.depth[gene]; b < active; ++b)
                    s.op[static_cast<std::size_t>(stage.firstSlot + b)] = 0;
            });
        if (at + 1 < static_cast<std::ptrdiff_t>(stage.depths.size()))
            for (int op = 1; op <= stage.ops(); ++op)
                with([&](Subnet& s) {
                    s.depth[gene] = static_cast<std::uint8_t>(stage.depths[static_cast<std::size_t>(at) + 1]);
                    // Where a step adds several blocks they are alike: one choice, one neighbour.
                    for (int b = active; b < stage.baseDepth + s.depth[gene]; ++b)
                        s.op[static_cast<std::size_t>(stage.firstSlot + b)] = static_cast<std::uint8_t>(op);
                });
    }
    const auto r = std::lower_bound(space.resolutions.begin(), space.resolutions.end(), subnet.resolution);
    if (r != space.resolutions.begin())
        with([&](Subnet& s) { s.resolution = static_cast<std::uint16_t>(*(r - 1)); });
    if (r != space.resolutions.end() && r + 1 != space.resolutions.end())
        with([&](Subnet& s) { s.resolution = static_cast<std::uint16_t>(*(r + 1)); });
    return result;
}

} // namespace paretoscope

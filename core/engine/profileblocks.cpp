// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/profileblocks.h"

#include <map>
#include <tuple>

namespace paretoscope {

namespace {

/// What two blocks that compute the same have in common.
Block withoutNames(Block b)
{
    b.name.clear();
    b.supernetName.clear();
    b.stage = b.slot = -1;
    b.elastic = false; // whether its weights were cut out of larger ones
    b.expansion = 1;   // `mid` says what it came to; two expansions may round to the same
    return b;
}

} // namespace

BlockPlan planBlocks(const Parts& parts, std::vector<int> resolutions)
{
    BlockPlan plan;
    std::multimap<std::tuple<int, int, int, int, int>, std::size_t> known;
    for (const int r : resolutions) {
        const auto sizes = parts.mapSizes(r);
        for (std::size_t p = 0; p < parts.size(); ++p)
            for (int v = 0; v < parts.list()[p].variants; ++v) {
                const auto b = parts.block(p, v);
                const std::tuple key(sizes[p], b.in, b.mid, b.out, b.kernel);
                auto [at, end] = known.equal_range(key);
                while (at != end && withoutNames(plan.blocks[at->second].block) != withoutNames(b))
                    ++at;
                if (at == end) {
                    at = known.emplace(key, plan.blocks.size());
                    plan.blocks.push_back({b, sizes[p]});
                }
                plan.blockOf.push_back(at->second);
            }
    }
    plan.resolutions = std::move(resolutions);
    return plan;
}

CostTable BlockPlan::table(std::shared_ptr<const Parts> parts, const std::vector<double>& msOfBlock) const
{
    std::vector<double> values;
    for (const auto b : blockOf)
        values.push_back(msOfBlock[b]);
    return CostTable(std::move(parts), resolutions, std::move(values));
}

} // namespace paretoscope

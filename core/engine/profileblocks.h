// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which blocks must be timed so that every entry of a latency table is known.
#pragma once

#include "space/costtable.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace paretoscope {

/// A block on a map of this size. It has the names of the first part that holds it: the block that takes the images has
/// other input than the rest, and the engine knows it by name.
struct DistinctBlock {
    Block block;
    int inputSize = 0; // pixels a side
};

struct BlockPlan {
    std::vector<int> resolutions;
    std::vector<DistinctBlock> blocks; // no two compute the same
    std::vector<std::size_t> blockOf;  // by value of a CostTable with these resolutions

    /// The table in which every entry has the value of its block.
    CostTable table(std::shared_ptr<const Parts> parts, const std::vector<double>& msOfBlock) const;
};

BlockPlan planBlocks(const Parts& parts, std::vector<int> resolutions);

} // namespace paretoscope

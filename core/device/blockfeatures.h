// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the time of a block on a device can depend on, as numbers with a name and a unit. The time of a net is modelled as
// a sum over its blocks of coefficient × feature, so that it stays a sum over the parts of a space.
#pragma once

#include "space/network.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace paretoscope {

/// Launch: counts of operators, what a device that waits for launches spends its time on. Work: what grows with the
/// batch. Weights: what is read once for the whole batch.
enum class FeatureClass { Launch, Work, Weights };

struct BlockFeature {
    std::string_view name; // as in a device file
    std::string_view unit; // of the feature; that of its coefficient is ms / unit
    FeatureClass kind = FeatureClass::Work;
    std::string_view what; // in words
};

/// All features, in the order in which they are computed.
const std::vector<BlockFeature>& blockFeatures();
/// Index of the feature with this name, or the number of features.
std::size_t blockFeatureIndex(std::string_view name);

/// Adds the features of the block to `into` (one value a feature of blockFeatures()), on a square map of `inputSize`
/// pixels a side, for a batch of `batch` images. Kernels up to 3, of 4 to 5, and above count as 3, 5 and 7.
void addBlockFeatures(const Block& block, int inputSize, int batch, std::span<double> into);
std::vector<double> featuresOf(const Block& block, int inputSize, int batch = 1);

/// True for blocks that the features know: convolutions, MBConv, pooling and linear, but no bottlenecks.
bool hasFeatures(const SearchSpace& space);

} // namespace paretoscope

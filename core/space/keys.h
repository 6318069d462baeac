// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names and shapes of weights, as the released checkpoints spell them.
#pragma once

#include "space/network.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

struct WeightKey {
    std::string name;
    std::vector<std::int64_t> shape;
    std::string_view dtype = "float32"; // "int64" for the counters of batch norm
    bool operator==(const WeightKey&) const = default;
};

/// How keys are spelt: the elastic layers of a supernet wrap their convolutions once more (`.conv.conv.`, `.bn.bn.`).
enum class KeySpelling { Supernet, Static };

/// Where the weights of one convolution stand.
struct ConvolutionKeys {
    std::string weight;        // ".weight" included
    std::string batchNorm;     // a prefix, its last dot included; what follows is "weight", "bias", "running_mean", …
    std::string transforms;    // likewise; what follows is "7to5_matrix"
    std::string squeezeExcite; // likewise; what follows is "reduce.weight", …
};
ConvolutionKeys convolutionKeys(const Block& block, const Convolution& convolution, KeySpelling spelling);
/// The prefix of the classifier's "weight" and "bias".
std::string linearKeys(const Block& block, KeySpelling spelling);
/// "7to5_matrix": the kernel transform from one size of kernel to the next smaller one.
std::string kernelTransformName(int from, int to);
/// The convolution in the projection of a bottleneck's shortcut.
Convolution projectionOf(const Block& block);

/// The keys of the supernet's state dict, in its order.
std::vector<WeightKey> supernetKeys(const SearchSpace& space);
/// The keys of the extracted static net.
std::vector<WeightKey> staticKeys(const Parts& parts, const Subnet& subnet);

/// Those of one block by itself, with names of a static net.
std::vector<WeightKey> staticKeys(const Block& block);

} // namespace paretoscope

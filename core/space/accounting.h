// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exact counts of a subnet: multiply-accumulates, parameters, memory.
#pragma once

#include "space/network.h"

#include <cstdint>
#include <string>
#include <vector>

namespace paretoscope {

/// Conventions, those of the reference implementation's own counter:
/// macs: in × out × kernel² × output pixels / groups of every convolution, squeeze-and-excite included; in × out of the
///   classifier; batch norm, activations, pooling, sums and biases are not counted.
/// params: everything trainable of the extracted static net, batch norm and biases included.
/// peakActivationBytes: float32, batch 1: the largest, over the layers, of input + output + a held shortcut; batch norm,
///   activation and squeeze-and-excite gate work in place.
struct Account {
    std::uint64_t macs = 0;
    std::uint64_t params = 0;
    std::uint64_t peakActivationBytes = 0;
    std::uint64_t weightBytes() const { return 4 * params; }
    bool operator==(const Account&) const = default;
};

struct BlockAccount {
    Block block;
    int inputSize = 0;  // pixels a side
    int outputSize = 0;
    Account account;
};

struct SubnetAccount {
    Account total; // peakActivationBytes is the largest of the blocks
    std::vector<BlockAccount> blocks;
};

/// One block on a map of this size.
Account account(const Block& block, int inputSize);
std::uint64_t parameters(const Block& block);
/// MACs of the block by kind of operator; their sum is Account::macs.
struct MacsByKind {
    std::uint64_t pointwise = 0; // 1x1 convolutions
    std::uint64_t depthwise = 0;
    std::uint64_t dense = 0; // other convolutions
    std::uint64_t gate = 0;  // squeeze-and-excite
    std::uint64_t linear = 0;
};
MacsByKind macsByKind(const Block& block, int inputSize);

/// @throws ValueError when the resolution is not in 1..65535.
SubnetAccount account(const Parts& parts, const Subnet& subnet, int resolution);
inline SubnetAccount account(const Parts& parts, const Subnet& subnet) { return account(parts, subnet, subnet.resolution); }

} // namespace paretoscope

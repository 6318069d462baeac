// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a subnet consists of, layer by layer. This one description serves everything that needs to know: accounting,
// weight keys, net.config, latency tables, and the tensors that are cut out of a supernet.
#pragma once

#include "space/space.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// A convolution with what follows it. Padding is kernel / 2, so that only the stride changes the map size.
struct Convolution {
    std::string name; // within its block: "inverted_bottleneck", "conv2", or empty where the block is one convolution
    int in = 0;
    int out = 0;
    int kernel = 1;
    int stride = 1;
    int groups = 1;
    bool batchNorm = true;
    Activation activation = Activation::None;
    bool operator==(const Convolution&) const = default;
};

/// Squeeze-and-excite on `channels`: pool, 1x1 to `mid`, ReLU, 1x1 back, hard sigmoid, multiply. Both have biases.
struct SqueezeExcite {
    int channels = 0;
    int mid = 0;
    bool operator==(const SqueezeExcite&) const = default;
};

/// Middle channels of the squeeze-and-excite on this many channels.
int squeezeChannels(int channels);

enum class BlockType { Convolution, MbConv, Bottleneck, MaxPool, GlobalPool, Linear };
enum class Shortcut { None, Identity, Projection }; // Projection: average pool where strided, 1x1 convolution, BN

struct Block {
    BlockType type = BlockType::Convolution;
    std::string name;         // key prefix in the extracted net: "blocks.5", "first_conv"
    std::string supernetName; // key prefix in the supernet: counts the blocks that are switched off, too
    int stage = -1;           // -1 outside the stages
    int slot = -1;            // position in `ks` and `e`; -1 where nothing is elastic
    int in = 0;
    int out = 0;
    int kernel = 1;
    int stride = 1;
    double expansion = 1;
    int mid = 0; // channels inside an MbConv or bottleneck; equal to `in` where there is no expansion
    Activation activation = Activation::None;
    Shortcut shortcut = Shortcut::None;
    bool elastic = false;                   // its weights are slices of larger ones in the supernet
    std::vector<Convolution> convolutions;  // in order of execution, without the projection of the shortcut
    std::optional<SqueezeExcite> squeezeExcite; // after the depthwise convolution
    bool operator==(const Block&) const = default;
};

/// A part of the space: a block, in every variant that it can have. A subnet picks one variant of a part or switches it
/// off; every additive cost is a sum over parts (see CostTable).
struct Part {
    std::string name; // the block's name in the supernet
    int stage = -1;
    int slot = -1;
    int variants = 1;
    int offset = 0;      // of its first variant among all variants of the space
    bool always = true;  // false where depth can switch it off
};

/// The parts of a space, in order of execution.
class Parts {
public:
    explicit Parts(const SearchSpace& space);
    const std::vector<Part>& list() const { return m_parts; }
    std::size_t size() const { return m_parts.size(); }
    int variants() const { return m_variants; } // of all parts together
    /// The variant that the subnet has of the part, -1 where it is switched off.
    int variantOf(const Subnet& subnet, std::size_t part) const;
    /// The block of one variant; its `name` is that in the supernet.
    Block block(std::size_t part, int variant) const;
    /// Width and height of the square map that enters each part, and at the end what leaves the last one.
    std::vector<int> mapSizes(int resolution) const;
    const SearchSpace& space() const { return m_space; }

private:
    enum class Role { Stem, StemResidual, StemOut, MaxPool, FirstBlock, Stage, FinalExpand, FeatureMix, Pool, Classifier };
    Block mbConv(int stage, int slot, int variant) const;
    Block bottleneck(int stage, int slot, int variant) const;
    Block fixed(Role role, int variant) const;

    SearchSpace m_space;
    std::vector<Part> m_parts;
    std::vector<Role> m_roles;
    int m_variants = 0;
};

/// The blocks of the subnet as a static net, from the input to the classifier.
std::vector<Block> network(const Parts& parts, const Subnet& subnet);

/// Output size of a padded convolution or pool on a map of this size.
inline int strided(int size, int stride) { return (size - 1) / stride + 1; }

} // namespace paretoscope

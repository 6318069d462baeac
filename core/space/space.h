// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A staged elastic search space as data: what a once-for-all supernet can become. The three published families
// (Cai et al., ICLR 2020) are instances stored as JSON; a user's own space is another JSON file.
#pragma once

#include "space/subnet.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// Decides the kind of block, the spelling of weight keys and the class name in `net.config`.
enum class Family { MobileNetV3, ProxylessNas, ResNet };

enum class Activation { None, Relu, Relu6, HSwish };

std::string_view name(Family family);         // as in a space file: "mobilenetv3"
std::string_view name(Activation activation); // as in net.config: "h_swish"

/// The nearest multiple of 8 to v, at least 8 and not more than 10 % below v (the rule of the MobileNet papers).
int makeDivisible(double v);

/// Channels after an expansion: round half to even of the product in double precision, then makeDivisible.
int expandedChannels(int channels, double expansion);

struct StageSpec {
    int baseChannels = 0;        // before the width multiplier
    std::vector<int> channels;   // one a width choice; a single one where width is not elastic
    int stride = 1;              // of the first block
    Activation activation = Activation::Relu;
    bool squeezeExcite = false;
    std::vector<int> kernels;        // ascending
    std::vector<double> expansions;  // ascending
    std::vector<int> depths;         // ascending; what OFA's `d` may be
    int baseDepth = 0;               // blocks that are always there, beside `d` (ResNet)

    // Filled by SearchSpace::finish().
    int firstSlot = 0;
    int maxBlocks = 0; // baseDepth + the largest depth

    int ops() const { return static_cast<int>(kernels.size() * expansions.size()); }
    int kernelOf(std::uint8_t op) const { return kernels[(op - 1u) / expansions.size()]; }
    double expansionOf(std::uint8_t op) const { return expansions[(op - 1u) % expansions.size()]; }
    bool operator==(const StageSpec&) const = default;
};

struct SearchSpace {
    std::string id;
    std::string title;
    std::string source;
    Family family = Family::MobileNetV3;
    int inputChannels = 3;
    int classes = 1000;
    std::vector<int> resolutions; // ascending, pixels
    std::vector<double> widthMultipliers{1.0};
    double bnMomentum = 0.1;
    double bnEps = 1e-5;

    int stemBaseChannels = 0;
    int stemStride = 2;
    Activation stemActivation = Activation::Relu;
    std::vector<int> stemDepths; // ResNet: the allowed d[0], without and with the residual stem layer; else empty

    int firstBlockBaseChannels = 0; // MBConv families: the static block before the stages
    Activation firstBlockActivation = Activation::Relu;
    bool firstBlockSqueezeExcite = false;
    bool firstBlockShortcut = false; // an identity where the widths are equal

    std::vector<StageSpec> stages;

    int finalExpandBaseChannels = 0; // MobileNetV3: 1x1 convolution before pooling; 0 where there is none
    int featureMixBaseChannels = 0;  // MBConv families: 1x1 convolution, after pooling in MobileNetV3, before it in ProxylessNAS
    Activation headActivation = Activation::HSwish;

    bool operator==(const SearchSpace&) const = default;

    /// Computes what follows from the rest (channels, slots) and checks the limits of the data structure.
    /// @throws ValueError with `where`.
    void finish(const std::string& where);

    bool isResNet() const { return family == Family::ResNet; }
    int slotCount() const { return stages.empty() ? 0 : stages.back().firstSlot + stages.back().maxBlocks; }
    int depthGenes() const { return static_cast<int>(stages.size()) + (isResNet() ? 1 : 0); }
    int widthGenes() const { return isResNet() ? static_cast<int>(stages.size()) + 2 : 0; }
    int widthChoices() const { return static_cast<int>(widthMultipliers.size()); }
    /// Index of a stage's entry in `d`.
    int depthGene(int stage) const { return stage + (isResNet() ? 1 : 0); }
    int stageOfSlot(int slot) const { return m_stageOfSlot[static_cast<std::size_t>(slot)]; }
    /// Blocks of the stage that are switched on.
    int activeBlocks(const Subnet& s, int stage) const
    {
        const auto& spec = stages[static_cast<std::size_t>(stage)];
        return spec.baseDepth + s.depth[static_cast<std::size_t>(depthGene(stage))];
    }
    /// Whether the residual layer of a ResNet stem is kept.
    bool stemResidual(const Subnet& s) const { return isResNet() && s.depth[0] == stemDepths.back() && stemDepths.size() > 1; }

    int stemChannels(int width = 0) const;    // out of the stem
    int stemMidChannels(int width = 0) const; // ResNet: inside it
    int firstBlockChannels() const;
    int finalExpandChannels() const;
    int featureMixChannels() const;

    /// The largest and smallest choice everywhere, resolution included.
    Subnet largest() const;
    Subnet smallest() const;

    bool hasResolution(int resolution) const;
    /// Index into `resolutions`. @throws ValueError that lists them.
    std::size_t resolutionIndex(int resolution) const;

    /// Number of configurations of one stage at one width: the sum over its depths of ops^blocks.
    std::uint64_t stageConfigurations(int stage) const;
    /// Sets the stage to its configuration `index` in [0, stageConfigurations(stage)), a one-to-one order.
    void setStage(Subnet& s, int stage, std::uint64_t index) const;
    std::uint64_t stageIndex(const Subnet& s, int stage) const;

    /// Distinct subnets at one resolution, exact, as a decimal number (7371^5 does not fit 64 bits). Choices are counted,
    /// not shapes: where two of them round to the same channels (the two smaller widths inside the stem of ofa-resnet50
    /// both give 24) they count twice, because predictors tell them apart.
    std::string subnetsPerResolution() const;
    std::string subnets() const; // over all resolutions

private:
    std::vector<int> m_stageOfSlot;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/network.h"

#include <fmt/format.h>

namespace paretoscope {

int squeezeChannels(int channels) { return makeDivisible(channels / 4); }

namespace {

Block convolutionBlock(std::string name, Convolution c)
{
    Block b;
    b.type = BlockType::Convolution;
    b.name = b.supernetName = std::move(name);
    b.in = c.in;
    b.out = c.out;
    b.kernel = c.kernel;
    b.stride = c.stride;
    b.mid = c.in;
    b.activation = c.activation;
    b.convolutions = {std::move(c)};
    return b;
}

Block poolBlock(BlockType type, std::string name, int channels)
{
    Block b;
    b.type = type;
    b.name = b.supernetName = std::move(name);
    b.in = b.out = b.mid = channels;
    return b;
}

} // namespace

Parts::Parts(const SearchSpace& space)
    : m_space(space)
{
    const auto add = [&](Role role, std::string name, int variants, int stage = -1, int slot = -1, bool always = true) {
        m_parts.push_back({std::move(name), stage, slot, variants, m_variants, always});
        m_roles.push_back(role);
        m_variants += variants;
    };
    const int w = space.widthChoices();
    if (space.isResNet()) {
        add(Role::Stem, "input_stem.0", w);
        add(Role::StemResidual, "input_stem.1", w, -1, -1, space.stemDepths.size() < 2);
        add(Role::StemOut, "input_stem.2", w * w);
        add(Role::MaxPool, "max_pooling", w);
    } else {
        add(Role::Stem, "first_conv", 1);
        add(Role::FirstBlock, "blocks.0", 1);
    }
    const int before = space.isResNet() ? 0 : 1;
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& s = space.stages[i];
        for (int b = 0; b < s.maxBlocks; ++b) {
            // The first block of a ResNet stage also depends on the width of the stage before.
            const int contexts = !space.isResNet() ? 1 : b == 0 ? w * w : w;
            add(Role::Stage, fmt::format("blocks.{}", before + s.firstSlot + b), s.ops() * contexts, static_cast<int>(i),
                s.firstSlot + b, b < s.baseDepth + s.depths.front());
        }
    }
    if (space.finalExpandBaseChannels)
        add(Role::FinalExpand, "final_expand_layer", 1);
    if (space.family == Family::ProxylessNas)
        add(Role::FeatureMix, "feature_mix_layer", 1);
    add(Role::Pool, "global_avg_pool", w);
    if (space.family == Family::MobileNetV3)
        add(Role::FeatureMix, "feature_mix_layer", 1);
    add(Role::Classifier, "classifier", w);
}

int Parts::variantOf(const Subnet& s, std::size_t part) const
{
    const auto& p = m_parts[part];
    const int w = m_space.widthChoices();
    switch (m_roles[part]) {
    case Role::Stem: return m_space.isResNet() ? s.width[0] : 0;
    case Role::StemResidual: return p.always || m_space.stemResidual(s) ? s.width[0] : -1;
    case Role::StemOut: return s.width[0] * w + s.width[1];
    case Role::MaxPool: return s.width[1];
    case Role::Stage: {
        const int op = s.op[static_cast<std::size_t>(p.slot)];
        if (op == 0 || !m_space.isResNet())
            return op - 1;
        const auto& spec = m_space.stages[static_cast<std::size_t>(p.stage)];
        const auto gene = static_cast<std::size_t>(p.stage) + 2;
        const int context = p.slot == spec.firstSlot ? s.width[gene - 1] * w + s.width[gene] : s.width[gene];
        return context * spec.ops() + op - 1;
    }
    case Role::Pool:
    case Role::Classifier: return m_space.isResNet() ? s.width[m_space.stages.size() + 1] : 0;
    default: return 0;
    }
}

Block Parts::mbConv(int stage, int slot, int variant) const
{
    const auto& s = m_space.stages[static_cast<std::size_t>(stage)];
    const auto op = static_cast<std::uint8_t>(variant + 1);
    const bool first = slot == s.firstSlot;
    Block b;
    b.type = BlockType::MbConv;
    b.stage = stage;
    b.slot = slot;
    b.elastic = true;
    b.in = !first ? s.channels[0] : stage == 0 ? m_space.firstBlockChannels() : m_space.stages[static_cast<std::size_t>(stage) - 1].channels[0];
    b.out = s.channels[0];
    b.kernel = s.kernelOf(op);
    b.stride = first ? s.stride : 1;
    b.expansion = s.expansionOf(op);
    b.mid = expandedChannels(b.in, b.expansion);
    b.activation = s.activation;
    b.shortcut = b.stride == 1 && b.in == b.out ? Shortcut::Identity : Shortcut::None;
    b.convolutions = {{"inverted_bottleneck", b.in, b.mid, 1, 1, 1, true, s.activation},
        {"depth_conv", b.mid, b.mid, b.kernel, b.stride, b.mid, true, s.activation},
        {"point_linear", b.mid, b.out, 1, 1, 1, true, Activation::None}};
    if (s.squeezeExcite)
        b.squeezeExcite = SqueezeExcite{b.mid, squeezeChannels(b.mid)};
    return b;
}

Block Parts::bottleneck(int stage, int slot, int variant) const
{
    const auto& s = m_space.stages[static_cast<std::size_t>(stage)];
    const int ops = s.ops(), w = m_space.widthChoices();
    const auto op = static_cast<std::uint8_t>(variant % ops + 1);
    const int context = variant / ops;
    const bool first = slot == s.firstSlot;
    const auto width = static_cast<std::size_t>(first ? context % w : context);
    const int before = context / w;
    Block b;
    b.type = BlockType::Bottleneck;
    b.stage = stage;
    b.slot = slot;
    b.elastic = true;
    b.out = s.channels[width];
    b.in = !first ? b.out
        : stage == 0 ? m_space.stemChannels(before)
                     : m_space.stages[static_cast<std::size_t>(stage) - 1].channels[static_cast<std::size_t>(before)];
    b.kernel = 3;
    b.stride = first ? s.stride : 1;
    b.expansion = s.expansionOf(op);
    b.mid = expandedChannels(b.out, b.expansion);
    b.activation = s.activation;
    // The supernet decides once for all widths: a first block projects unless stride and every width agree.
    bool same = first && b.stride == 1;
    for (std::size_t i = 0; same && i < s.channels.size(); ++i)
        same = s.channels[i] == (stage == 0 ? m_space.stemChannels(static_cast<int>(i)) : m_space.stages[static_cast<std::size_t>(stage) - 1].channels[i]);
    b.shortcut = !first || same ? Shortcut::Identity : Shortcut::Projection;
    b.convolutions = {{"conv1", b.in, b.mid, 1, 1, 1, true, s.activation},
        {"conv2", b.mid, b.mid, 3, b.stride, 1, true, s.activation}, {"conv3", b.mid, b.out, 1, 1, 1, true, Activation::None}};
    return b;
}

Block Parts::fixed(Role role, int variant) const
{
    const int w = m_space.widthChoices();
    const int channels = m_space.stages.back().channels[m_space.isResNet() ? static_cast<std::size_t>(variant) % static_cast<std::size_t>(w) : 0];
    switch (role) {
    case Role::Stem:
        if (!m_space.isResNet())
            return convolutionBlock("first_conv", {"", m_space.inputChannels, m_space.stemChannels(), 3, m_space.stemStride, 1, true, m_space.stemActivation});
        return convolutionBlock("input_stem.0", {"", m_space.inputChannels, m_space.stemMidChannels(variant), 3, 2, 1, true, m_space.stemActivation});
    case Role::StemResidual: {
        const int mid = m_space.stemMidChannels(variant);
        auto b = convolutionBlock("input_stem.1", {"", mid, mid, 3, 1, 1, true, m_space.stemActivation});
        b.shortcut = Shortcut::Identity;
        return b;
    }
    case Role::StemOut:
        return convolutionBlock("input_stem.2", {"", m_space.stemMidChannels(variant / w), m_space.stemChannels(variant % w), 3, 1, 1, true, m_space.stemActivation});
    case Role::MaxPool: {
        auto b = poolBlock(BlockType::MaxPool, "max_pooling", m_space.stemChannels(variant));
        b.kernel = 3;
        b.stride = 2;
        return b;
    }
    case Role::FirstBlock: {
        Block b;
        b.type = BlockType::MbConv;
        b.name = b.supernetName = "blocks.0";
        b.in = b.mid = m_space.stemChannels();
        b.out = m_space.firstBlockChannels();
        b.kernel = 3;
        b.activation = m_space.firstBlockActivation;
        b.shortcut = m_space.firstBlockShortcut && b.in == b.out ? Shortcut::Identity : Shortcut::None;
        b.convolutions = {{"depth_conv", b.in, b.in, 3, 1, b.in, true, b.activation},
            {"point_linear", b.in, b.out, 1, 1, 1, true, Activation::None}};
        if (m_space.firstBlockSqueezeExcite)
            b.squeezeExcite = SqueezeExcite{b.in, squeezeChannels(b.in)};
        return b;
    }
    case Role::FinalExpand:
        return convolutionBlock("final_expand_layer", {"", channels, m_space.finalExpandChannels(), 1, 1, 1, true, m_space.headActivation});
    case Role::FeatureMix: {
        const bool pooled = m_space.family == Family::MobileNetV3;
        return convolutionBlock("feature_mix_layer", {"", pooled ? m_space.finalExpandChannels() : channels, m_space.featureMixChannels(), 1, 1, 1, !pooled, m_space.headActivation});
    }
    case Role::Pool:
        return poolBlock(BlockType::GlobalPool, "global_avg_pool",
            m_space.family == Family::MobileNetV3 ? m_space.finalExpandChannels() : m_space.isResNet() ? channels : m_space.featureMixChannels());
    case Role::Classifier: {
        Block b;
        b.type = BlockType::Linear;
        b.name = b.supernetName = "classifier";
        b.in = b.mid = m_space.isResNet() ? channels : m_space.featureMixChannels();
        b.out = m_space.classes;
        return b;
    }
    case Role::Stage: break;
    }
    return {};
}

Block Parts::block(std::size_t part, int variant) const
{
    const auto& p = m_parts[part];
    if (m_roles[part] != Role::Stage) {
        auto b = fixed(m_roles[part], variant);
        b.elastic = m_space.isResNet(); // every layer of a ResNet supernet is dynamic, of the others only the stages
        return b;
    }
    auto b = m_space.isResNet() ? bottleneck(p.stage, p.slot, variant) : mbConv(p.stage, p.slot, variant);
    b.name = b.supernetName = p.name;
    return b;
}

std::vector<int> Parts::mapSizes(int resolution) const
{
    std::vector<int> sizes{resolution};
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        // Strides are the same in all variants.
        const auto b = block(i, 0);
        sizes.push_back(b.type == BlockType::GlobalPool ? 1 : strided(sizes.back(), b.stride));
    }
    return sizes;
}

std::vector<Block> network(const Parts& parts, const Subnet& subnet)
{
    std::vector<Block> blocks;
    int stem = 0, body = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const int variant = parts.variantOf(subnet, i);
        if (variant < 0)
            continue;
        auto b = parts.block(i, variant);
        if (b.supernetName.starts_with("blocks."))
            b.name = fmt::format("blocks.{}", body++);
        else if (b.supernetName.starts_with("input_stem."))
            b.name = fmt::format("input_stem.{}", stem++);
        blocks.push_back(std::move(b));
    }
    return blocks;
}

} // namespace paretoscope

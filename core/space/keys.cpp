// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/keys.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

class KeyList {
public:
    KeyList(const SearchSpace& space, bool supernet)
        : m_space(space)
        , m_supernet(supernet)
    {
    }

    void block(const Block& b)
    {
        m_elastic = m_supernet && b.elastic;
        const auto& root = m_supernet ? b.supernetName : b.name;
        switch (b.type) {
        case BlockType::MaxPool:
        case BlockType::GlobalPool: return;
        case BlockType::Linear: {
            const std::string prefix = root + (m_elastic ? ".linear.linear." : ".linear.");
            add(prefix + "weight", {b.out, b.in});
            add(prefix + "bias", {b.out});
            return;
        }
        case BlockType::Convolution:
            convolution(root + (b.shortcut == Shortcut::Identity ? ".conv" : ""), b.convolutions[0], {});
            return;
        case BlockType::MbConv:
            for (const auto& c : b.convolutions) {
                const auto prefix = root + ".conv." + c.name;
                const bool depthwise = c.name == "depth_conv";
                convolution(prefix, c, depthwise && m_elastic ? m_space.stages[static_cast<std::size_t>(b.stage)].kernels : std::vector<int>{});
                if (depthwise && b.squeezeExcite)
                    squeezeExcite(prefix, *b.squeezeExcite);
            }
            return;
        case BlockType::Bottleneck:
            for (const auto& c : b.convolutions)
                convolution(root + "." + c.name, c, {});
            if (b.shortcut == Shortcut::Projection)
                convolution(root + ".downsample", {"", b.in, b.out, 1, 1, 1, true, Activation::None}, {});
            return;
        }
    }

    std::vector<WeightKey> take() { return std::move(m_keys); }

private:
    void add(std::string name, std::vector<std::int64_t> shape, std::string_view dtype = "float32")
    {
        m_keys.push_back({std::move(name), std::move(shape), dtype});
    }

    void convolution(const std::string& prefix, const Convolution& c, const std::vector<int>& kernels)
    {
        for (std::size_t i = 1; i < kernels.size(); ++i) {
            const int small = kernels[i - 1] * kernels[i - 1];
            add(fmt::format("{}.conv.{}to{}_matrix", prefix, kernels[i], kernels[i - 1]), {small, small});
        }
        add(prefix + (m_elastic ? ".conv.conv.weight" : ".conv.weight"), {c.out, c.in / c.groups, c.kernel, c.kernel});
        if (!c.batchNorm)
            return;
        const std::string bn = prefix + (m_elastic ? ".bn.bn." : ".bn.");
        for (const char* part : {"weight", "bias", "running_mean", "running_var"})
            add(bn + part, {c.out});
        add(bn + "num_batches_tracked", {}, "int64");
    }

    void squeezeExcite(const std::string& prefix, const SqueezeExcite& se)
    {
        add(prefix + ".se.fc.reduce.weight", {se.mid, se.channels, 1, 1});
        add(prefix + ".se.fc.reduce.bias", {se.mid});
        add(prefix + ".se.fc.expand.weight", {se.channels, se.mid, 1, 1});
        add(prefix + ".se.fc.expand.bias", {se.channels});
    }

    const SearchSpace& m_space;
    bool m_supernet;
    bool m_elastic = false;
    std::vector<WeightKey> m_keys;
};

} // namespace

std::vector<WeightKey> supernetKeys(const SearchSpace& space)
{
    KeyList keys(space, true);
    for (const auto& b : network(Parts(space), space.largest()))
        keys.block(b);
    return keys.take();
}

std::vector<WeightKey> staticKeys(const Parts& parts, const Subnet& subnet)
{
    KeyList keys(parts.space(), false);
    for (const auto& b : network(parts, subnet))
        keys.block(b);
    return keys.take();
}

} // namespace paretoscope

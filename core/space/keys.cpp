// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/keys.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

class KeyList {
public:
    /// `space` has the kernels of a supernet's transforms; static nets need none.
    KeyList(KeySpelling spelling, const SearchSpace* space)
        : m_spelling(spelling)
        , m_space(space)
    {
    }

    void block(const Block& b)
    {
        if (b.type == BlockType::Linear) {
            const auto prefix = linearKeys(b, m_spelling);
            add(prefix + "weight", {b.out, b.in});
            add(prefix + "bias", {b.out});
        }
        for (const auto& c : b.convolutions) {
            const bool depthwise = c.name == "depth_conv";
            convolution(b, c, depthwise && b.elastic && m_space ? m_space->stages[static_cast<std::size_t>(b.stage)].kernels : std::vector<int>{});
            if (depthwise && b.squeezeExcite)
                squeezeExcite(convolutionKeys(b, c, m_spelling).squeezeExcite, *b.squeezeExcite);
        }
        if (b.shortcut == Shortcut::Projection)
            convolution(b, projectionOf(b), {});
    }

    std::vector<WeightKey> take() { return std::move(m_keys); }

private:
    void add(std::string name, std::vector<std::int64_t> shape, std::string_view dtype = "float32")
    {
        m_keys.push_back({std::move(name), std::move(shape), dtype});
    }

    void convolution(const Block& b, const Convolution& c, const std::vector<int>& kernels)
    {
        const auto keys = convolutionKeys(b, c, m_spelling);
        for (std::size_t i = 1; i < kernels.size(); ++i) {
            const int small = kernels[i - 1] * kernels[i - 1];
            add(keys.transforms + kernelTransformName(kernels[i], kernels[i - 1]), {small, small});
        }
        add(keys.weight, {c.out, c.in / c.groups, c.kernel, c.kernel});
        if (!c.batchNorm)
            return;
        for (const char* part : {"weight", "bias", "running_mean", "running_var"})
            add(keys.batchNorm + part, {c.out});
        add(keys.batchNorm + "num_batches_tracked", {}, "int64");
    }

    void squeezeExcite(const std::string& prefix, const SqueezeExcite& se)
    {
        add(prefix + "reduce.weight", {se.mid, se.channels, 1, 1});
        add(prefix + "reduce.bias", {se.mid});
        add(prefix + "expand.weight", {se.channels, se.mid, 1, 1});
        add(prefix + "expand.bias", {se.channels});
    }

    KeySpelling m_spelling;
    const SearchSpace* m_space;
    std::vector<WeightKey> m_keys;
};

} // namespace

ConvolutionKeys convolutionKeys(const Block& b, const Convolution& c, KeySpelling spelling)
{
    const bool supernet = spelling == KeySpelling::Supernet;
    auto prefix = supernet ? b.supernetName : b.name;
    if (b.type == BlockType::MbConv || (b.type == BlockType::Convolution && b.shortcut == Shortcut::Identity))
        prefix += ".conv";
    if (!c.name.empty())
        prefix += "." + c.name;
    const bool wrapped = supernet && b.elastic;
    return {prefix + (wrapped ? ".conv.conv.weight" : ".conv.weight"), prefix + (wrapped ? ".bn.bn." : ".bn."), prefix + ".conv.", prefix + ".se.fc."};
}

std::string linearKeys(const Block& b, KeySpelling spelling)
{
    const bool supernet = spelling == KeySpelling::Supernet;
    return (supernet ? b.supernetName : b.name) + (supernet && b.elastic ? ".linear.linear." : ".linear.");
}

std::string kernelTransformName(int from, int to) { return fmt::format("{}to{}_matrix", from, to); }

Convolution projectionOf(const Block& b) { return {"downsample", b.in, b.out, 1, 1, 1, true, Activation::None}; }

std::vector<WeightKey> supernetKeys(const SearchSpace& space)
{
    KeyList keys(KeySpelling::Supernet, &space);
    for (const auto& b : network(Parts(space), space.largest()))
        keys.block(b);
    return keys.take();
}

std::vector<WeightKey> staticKeys(const Parts& parts, const Subnet& subnet)
{
    KeyList keys(KeySpelling::Static, nullptr);
    for (const auto& b : network(parts, subnet))
        keys.block(b);
    return keys.take();
}

std::vector<WeightKey> staticKeys(const Block& block)
{
    KeyList keys(KeySpelling::Static, nullptr);
    keys.block(block);
    return keys.take();
}

} // namespace paretoscope

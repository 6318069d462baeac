// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/accounting.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

std::uint64_t squared(int v) { return static_cast<std::uint64_t>(v) * static_cast<std::uint64_t>(v); }
std::uint64_t product(int a, int b) { return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b); }

std::uint64_t weights(const Convolution& c)
{
    return product(c.in / c.groups, c.out) * squared(c.kernel) + (c.batchNorm ? 2u * static_cast<std::uint64_t>(c.out) : 0);
}

std::uint64_t macs(const Convolution& c, int outputSize)
{
    return product(c.in / c.groups, c.out) * squared(c.kernel) * squared(outputSize);
}

// Elements alive while the block runs, layer by layer.
std::uint64_t peakElements(const Block& b, int inputSize)
{
    const int outputSize = strided(inputSize, b.stride);
    const auto map = [](int channels, int size) { return static_cast<std::uint64_t>(channels) * squared(size); };
    const std::uint64_t input = map(b.in, inputSize);
    switch (b.type) {
    case BlockType::GlobalPool: return input + static_cast<std::uint64_t>(b.out);
    case BlockType::Linear: return static_cast<std::uint64_t>(b.in) + static_cast<std::uint64_t>(b.out);
    case BlockType::MaxPool: return input + map(b.out, outputSize);
    default: break;
    }
    std::uint64_t peak = 0, held = 0;
    if (b.shortcut == Shortcut::Projection) {
        // The shortcut is projected first, while the block's input is still needed.
        const std::uint64_t pooled = map(b.in, outputSize), projected = map(b.out, outputSize);
        peak = b.stride > 1 ? std::max(input + pooled, pooled + projected + input) : input + projected;
        held = projected;
    } else if (b.shortcut == Shortcut::Identity) {
        held = input;
    }
    int size = inputSize;
    for (std::size_t i = 0; i < b.convolutions.size(); ++i) {
        const auto& c = b.convolutions[i];
        const int next = strided(size, c.stride);
        // While the first layer reads it, an identity shortcut is the input itself and not a second tensor.
        const bool same = i == 0 && b.shortcut == Shortcut::Identity;
        peak = std::max(peak, map(c.in, size) + map(c.out, next) + (same ? 0 : held));
        size = next;
    }
    return peak;
}

} // namespace

std::uint64_t parameters(const Block& b)
{
    std::uint64_t n = 0;
    for (const auto& c : b.convolutions)
        n += weights(c);
    if (b.squeezeExcite)
        n += 2 * product(b.squeezeExcite->channels, b.squeezeExcite->mid)
            + static_cast<std::uint64_t>(b.squeezeExcite->channels + b.squeezeExcite->mid);
    if (b.shortcut == Shortcut::Projection)
        n += product(b.in, b.out) + 2u * static_cast<std::uint64_t>(b.out);
    if (b.type == BlockType::Linear)
        n += product(b.in, b.out) + static_cast<std::uint64_t>(b.out);
    return n;
}

MacsByKind macsByKind(const Block& b, int inputSize)
{
    MacsByKind m;
    int size = inputSize;
    for (const auto& c : b.convolutions) {
        size = strided(size, c.stride);
        auto& kind = c.groups > 1 ? m.depthwise : c.kernel == 1 ? m.pointwise : m.dense;
        kind += macs(c, size);
    }
    if (b.squeezeExcite)
        m.gate = 2 * product(b.squeezeExcite->channels, b.squeezeExcite->mid);
    if (b.shortcut == Shortcut::Projection)
        m.pointwise += product(b.in, b.out) * squared(strided(inputSize, b.stride));
    if (b.type == BlockType::Linear)
        m.linear = product(b.in, b.out);
    return m;
}

Account account(const Block& b, int inputSize)
{
    const auto m = macsByKind(b, inputSize);
    return {m.pointwise + m.depthwise + m.dense + m.gate + m.linear, parameters(b), 4 * peakElements(b, inputSize)};
}

SubnetAccount account(const Parts& parts, const Subnet& subnet, int resolution)
{
    if (resolution < 1 || resolution > 65535)
        throw ValueError({{}, "resolution out of range", fmt::format("{}", resolution), "1 to 65535 pixels"});
    SubnetAccount result;
    int size = resolution;
    for (auto& block : network(parts, subnet)) {
        const int out = block.type == BlockType::GlobalPool ? 1 : strided(size, block.stride);
        const auto a = account(block, size);
        result.total.macs += a.macs;
        result.total.params += a.params;
        result.total.peakActivationBytes = std::max(result.total.peakActivationBytes, a.peakActivationBytes);
        result.blocks.push_back({std::move(block), size, out, a});
        size = out;
    }
    return result;
}

} // namespace paretoscope

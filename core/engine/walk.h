// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place that says in which order the layers of a net run. What a layer does is up to `Ops`: compute with
// tensors, write a line of TorchScript, or add a node to an ONNX graph.
#pragma once

#include "space/keys.h"
#include "space/network.h"

#include <vector>

namespace paretoscope {

/// Ops has a type Value and
///   convolution(block, convolution, x)   with its batch norm, without its activation
///   activation(activation, x)            None returns x
///   squeezeExcite(block, convolution, x) the gate behind that convolution
///   add(a, b) · averagePool(x, stride)   stride × stride, the last window cut at the edge
///   maxPool(block, x) · globalPool(x)    the latter keeps the map as 1 × 1
///   linear(block, x)                     of a 1 × 1 map
template <typename Ops>
typename Ops::Value runBlock(const Block& b, Ops& ops, typename Ops::Value x)
{
    switch (b.type) {
    case BlockType::MaxPool: return ops.maxPool(b, x);
    case BlockType::GlobalPool: return ops.globalPool(x);
    case BlockType::Linear: return ops.linear(b, x);
    case BlockType::Convolution:
    case BlockType::MbConv:
    case BlockType::Bottleneck: break;
    }
    auto y = x;
    for (const auto& c : b.convolutions) {
        y = ops.activation(c.activation, ops.convolution(b, c, y));
        if (c.name == "depth_conv" && b.squeezeExcite)
            y = ops.squeezeExcite(b, c, y);
    }
    if (b.shortcut == Shortcut::Identity)
        y = ops.add(y, x);
    if (b.shortcut == Shortcut::Projection)
        y = ops.add(y, ops.convolution(b, projectionOf(b), b.stride > 1 ? ops.averagePool(x, b.stride) : x));
    return b.type == BlockType::Bottleneck ? ops.activation(b.activation, y) : y;
}

template <typename Ops>
typename Ops::Value runNetwork(const std::vector<Block>& blocks, Ops& ops, typename Ops::Value x)
{
    for (const auto& b : blocks)
        x = runBlock(b, ops, std::move(x));
    return x;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scriptmodule.h"

#include "engine/walk.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

constexpr int kChannelsLast = static_cast<int>(at::MemoryFormat::ChannelsLast); // TorchScript knows formats by number

/// TorchScript takes "1" for a whole number.
std::string floatLiteral(double value)
{
    auto text = fmt::format("{}", value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// For runNetwork(): a value is the name of a variable.
class ScriptOps {
public:
    using Value = std::string;
    explicit ScriptOps(const LayerWeights& layers)
        : m_layers(layers)
        , m_module("Subnet")
    {
    }

    Value convolution(const Block& block, const Convolution& c, const Value& x)
    {
        const auto y = convolve(x, m_layers.convolution(block, c), "None", c);
        if (!c.batchNorm)
            return y;
        const auto bn = m_layers.batchNorm(block, c);
        return line(fmt::format("torch.batch_norm({}, {}, {}, {}, {}, False, {}, {}, False)", y, buffer(bn.weight), buffer(bn.bias), buffer(bn.mean),
            buffer(bn.variance), floatLiteral(m_layers.space().bnMomentum), floatLiteral(m_layers.space().bnEps)));
    }

    Value activation(Activation activation, const Value& x)
    {
        switch (activation) {
        case Activation::None: return x;
        case Activation::Relu: return line(fmt::format("torch.relu({})", x));
        case Activation::Relu6: return line(fmt::format("torch.hardtanh({}, 0.0, 6.0)", x));
        case Activation::HSwish: return line(fmt::format("torch.hardswish({})", x));
        }
        return x;
    }

    Value squeezeExcite(const Block& block, const Convolution& c, const Value& x)
    {
        const auto squeeze = m_layers.squeeze(block, c), excite = m_layers.excite(block, c);
        const Convolution pointwise;
        const auto hidden = line(fmt::format("torch.relu({})", convolve(globalPool(x), squeeze.weight, buffer(squeeze.bias), pointwise)));
        const auto gate = line(fmt::format("torch.hardsigmoid({})", convolve(hidden, excite.weight, buffer(excite.bias), pointwise)));
        return line(fmt::format("torch.mul({}, {})", x, gate));
    }

    Value add(const Value& a, const Value& b) { return line(fmt::format("torch.add({}, {})", a, b)); }
    Value averagePool(const Value& x, int stride) { return line(fmt::format("torch.avg_pool2d({0}, [{1}, {1}], [{1}, {1}], [0, 0], True)", x, stride)); }
    Value maxPool(const Block& b, const Value& x)
    {
        return line(fmt::format("torch.max_pool2d({0}, [{1}, {1}], [{2}, {2}], [{3}, {3}])", x, b.kernel, b.stride, b.kernel / 2));
    }
    Value globalPool(const Value& x) { return line(fmt::format("torch.adaptive_avg_pool2d({}, [1, 1])", x)); }
    Value linear(const Block& block, const Value& x)
    {
        const auto t = m_layers.linear(block);
        return line(fmt::format("torch.linear(torch.flatten({}, 1), {}, {})", x, buffer(t.weight), buffer(t.bias)));
    }

    Value channelsLast(const Value& x) { return line(fmt::format("torch.contiguous({}, memory_format={})", x, kChannelsLast)); }

    torch::jit::Module take(const Value& result)
    {
        m_module.define(fmt::format("def forward(self, images: Tensor) -> Tensor:\n{}    return {}\n", m_source, result));
        return m_module;
    }

private:
    Value convolve(const Value& x, const at::Tensor& weight, const std::string& bias, const Convolution& c)
    {
        return line(fmt::format("torch.conv2d({0}, {1}, {2}, [{3}, {3}], [{4}, {4}], [1, 1], {5})", x, buffer(weight.contiguous(at::MemoryFormat::ChannelsLast)), bias,
            c.stride, c.kernel / 2, c.groups));
    }

    std::string buffer(const at::Tensor& tensor)
    {
        const auto name = fmt::format("w{}", m_buffers++);
        m_module.register_buffer(name, tensor);
        return "self." + name;
    }

    Value line(const std::string& expression)
    {
        auto name = fmt::format("x{}", m_values++);
        m_source += fmt::format("    {} = {}\n", name, expression);
        return name;
    }

    const LayerWeights& m_layers;
    torch::jit::Module m_module;
    std::string m_source;
    int m_buffers = 0;
    int m_values = 0;
};

} // namespace

torch::jit::Module scriptModule(const std::vector<Block>& blocks, const LayerWeights& layers)
{
    ScriptOps ops(layers);
    std::string x = "images";
    // LibTorch computes small 1 x 1 convolutions as a plain product, whose result has lost the order; the depthwise
    // convolution behind it would then run another kernel than it does alone.
    for (const auto& b : blocks)
        x = runBlock(b, ops, ops.channelsLast(x));
    return ops.take(x);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "frozen.h"

#include "initial.h"
#include "scriptmodule.h"
#include "staticnet.h"

#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/cuda.h>

#include <chrono>
#include <sstream>

namespace paretoscope {

namespace {

/// The first runs look at the sizes of values and then rewrite the graph.
constexpr int kRunsToPrepare = 3;

class GraphRun final : public TimedRun {
public:
    GraphRun(torch::jit::Module module, at::Tensor source)
        : m_module(std::move(module))
        , m_source(std::move(source))
    {
        guarded("preparing a graph to be timed", [&] {
            const at::NoGradGuard noGradients;
            for (int i = 0; i < kRunsToPrepare; ++i)
                m_module.forward(m_inputs = {m_source.clone()});
        });
        m_input = m_inputs.front().toTensor();
    }

    double runMs() override
    {
        return guarded("a timed run", [&] {
            const at::NoGradGuard noGradients;
            m_input.copy_(m_source);
            wait();
            const auto begin = std::chrono::steady_clock::now();
            const auto out = m_module.forward(m_inputs);
            wait();
            return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
        });
    }

private:
    /// A GPU goes on while the program does; its time is that until it has ended.
    void wait() const
    {
        if (m_source.is_cuda())
            torch::cuda::synchronize();
    }

    torch::jit::Module m_module;
    at::Tensor m_source, m_input;
    std::vector<c10::IValue> m_inputs;
};

at::Tensor standardNormal(at::IntArrayRef shape, at::Device device) { return at::randn(shape, at::detail::createCPUGenerator(1)).to(device); }

class TorchFrozenNet final : public FrozenNet {
public:
    TorchFrozenNet(torch::jit::Module module, at::Device device)
        : m_module(std::move(module))
        , m_device(device)
    {
    }

    Tensor forward(const Tensor& images) override
    {
        return guarded("forward", [&] {
            const auto& shape = images.shape();
            if (shape.size() != 4 || images.dtype() != DType::F32 || shape[1] != inputChannels() || images.elements() == 0)
                throw ValueError({"images", "do not fit the frozen net", fmt::format("{} {}", name(images.dtype()), toString(shape)), fmt::format("float32 [N, {}, height, width]", inputChannels())});
            const at::NoGradGuard noGradients;
            return fromTorch(m_module.forward({toTorch(images).to(m_device)}).toTensor());
        });
    }

    void save(const std::filesystem::path& path) const override
    {
        guarded("writing TorchScript", [&] {
            std::ostringstream out;
            m_module.save(out);
            writeFileAtomically(path, std::string_view(out.view()));
        });
    }

    std::unique_ptr<TimedRun> timed(int batch, int resolution) override
    {
        return guarded("a timed run", [&]() -> std::unique_ptr<TimedRun> {
            return std::make_unique<GraphRun>(m_module, standardNormal({batch, inputChannels(), resolution, resolution}, m_device));
        });
    }

private:
    /// Of the first convolution: the graph itself takes anything.
    std::int64_t inputChannels() const
    {
        for (const auto* node : m_module.get_method("forward").graph()->nodes())
            if (node->kind() == at::aten::conv2d)
                if (const auto weight = torch::jit::toIValue(node->input(1)))
                    return weight->toTensor().size(1);
        throw EngineError({"frozen net", "holds no convolution with a constant weight", {}, {}});
    }

    mutable torch::jit::Module m_module; // reading it is not const there
    at::Device m_device;
};

torch::jit::Module frozen(torch::jit::Module module)
{
    module.register_attribute("training", c10::BoolType::get(), false); // freezing asks for it
    return torch::jit::freeze(module);
}

} // namespace

std::unique_ptr<FrozenNet> freezeNet(const TorchStaticNet& net)
{
    if (net.type() != at::kFloat)
        throw ValueError({"frozen net", "only float32 nets are frozen", at::toString(net.type()), "float32"});
    return std::make_unique<TorchFrozenNet>(frozen(scriptModule(net.blocks(), net.layers())), net.device());
}

std::unique_ptr<FrozenNet> readFrozenNet(const std::filesystem::path& path, at::Device device)
{
    std::istringstream in(readTextFile(path, std::size_t(1) << 34));
    return std::make_unique<TorchFrozenNet>(torch::jit::load(in, device), device);
}

std::unique_ptr<TimedRun> timeBlock(const Block& block, int inputSize, int batch, at::Device device)
{
    SearchSpace space; // only for batch norm's constants
    const auto store = initialWeightsOf(block, device);
    const LayerWeights layers(space, store, KeySpelling::Static);
    // As the layer before it hands it over; the first one gets images as files hold them.
    const bool takesImages = block.name == "first_conv" || block.name == "input_stem.0";
    const auto source = standardNormal({batch, block.in, inputSize, inputSize}, device);
    return std::make_unique<GraphRun>(frozen(scriptModule({block}, layers)), takesImages ? source : source.contiguous(at::MemoryFormat::ChannelsLast));
}

std::unique_ptr<TimedRun> timeNothing(at::Device device)
{
    torch::jit::Module module("Nothing");
    module.define("def forward(self, images: Tensor) -> Tensor:\n    return images\n");
    return std::make_unique<GraphRun>(frozen(module), standardNormal({1, 1, 8, 8}, device));
}

} // namespace paretoscope

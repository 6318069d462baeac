// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlp.h"

#include "predict/mlpkernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

namespace paretoscope {

namespace {

using mlp::Aligned;

constexpr std::array kBackends{MlpBackend::Portable, MlpBackend::Avx2, MlpBackend::Avx512, MlpBackend::Avx512Bf16};

MlpBackend best(Precision precision)
{
    auto chosen = MlpBackend::Portable;
    for (const auto b : kBackends)
        if (isAvailable(b) && (b != MlpBackend::Avx512Bf16 || precision == Precision::Fast))
            chosen = b;
    return chosen;
}

/// Round to nearest, ties to even, as the processor does; the weights are finite.
std::uint16_t toBFloat16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

} // namespace

std::string_view name(MlpBackend backend)
{
    constexpr std::array<std::string_view, 4> names{"portable", "avx2", "avx512", "avx512-bf16"};
    return names[static_cast<std::size_t>(backend)];
}

bool isAvailable(MlpBackend backend)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
    switch (backend) {
    case MlpBackend::Portable:
        return true;
    case MlpBackend::Avx2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case MlpBackend::Avx512:
        return avx512;
    case MlpBackend::Avx512Bf16:
        return avx512 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512bf16");
    }
#endif
    return backend == MlpBackend::Portable;
}

std::vector<MlpBackend> availableBackends()
{
    std::vector<MlpBackend> list;
    std::copy_if(kBackends.begin(), kBackends.end(), std::back_inserter(list), isAvailable);
    return list;
}

struct MlpPredictor::Packed {
    const mlp::Kernels* kernels = nullptr;
    std::size_t columns = 0; // of the first layer, padded
    Aligned<float> resolutions; // [resolution][columns], bias included
    Aligned<float> table; // [term][columns]
    std::vector<mlp::Layer> hidden;
    Aligned<float> last;
    float lastBias = 0;
    std::size_t widest = 0;
};

struct MlpPredictor::Workspace::Buffers {
    Aligned<float> in;
    Aligned<float> out;
    Aligned<std::uint16_t> half;
};

MlpPredictor::Workspace::Workspace()
    : m_buffers(std::make_unique<Buffers>())
{
}
MlpPredictor::Workspace::~Workspace() = default;
MlpPredictor::Workspace::Workspace(Workspace&&) noexcept = default;
MlpPredictor::Workspace& MlpPredictor::Workspace::operator=(Workspace&&) noexcept = default;

MlpPredictor::MlpPredictor(MlpWeights weights, Encoding encoding, Precision precision, const std::string& where)
    : MlpPredictor(std::make_shared<const MlpWeights>(std::move(weights)), std::move(encoding), best(precision), where)
{
}

MlpPredictor::MlpPredictor(
    std::shared_ptr<const MlpWeights> weights, Encoding encoding, MlpBackend backend, const std::string& where)
    : m_weights(std::move(weights))
    , m_encoding(std::move(encoding))
    , m_backend(backend)
{
    if (m_weights->inputs() != m_encoding.inputs())
        throw ValueError({where, "the predictor's first layer does not fit the encoding",
            fmt::format("{} inputs", m_weights->inputs()),
            fmt::format("{} ({}, {} resolutions)", m_encoding.inputs(), paretoscope::name(m_encoding.kind()),
                m_encoding.resolutions().size())});
    pack();
}

MlpPredictor::~MlpPredictor() = default;

std::shared_ptr<const MlpPredictor> MlpPredictor::withBackend(MlpBackend backend) const
{
    if (!isAvailable(backend)) {
        std::vector<std::string> names;
        for (const auto b : availableBackends())
            names.emplace_back(paretoscope::name(b));
        throw ValueError({"accuracy predictor", "this processor does not have these instructions",
            std::string(paretoscope::name(backend)), joinNames(names)});
    }
    return std::shared_ptr<const MlpPredictor>(new MlpPredictor(m_weights, m_encoding, backend, {}));
}

std::shared_ptr<const MlpPredictor> MlpPredictor::withPrecision(Precision precision) const
{
    return withBackend(best(precision));
}

double MlpPredictor::flopPerSubnet() const
{
    double flop = 0;
    for (std::size_t i = 1; i < m_weights->layers.size(); ++i)
        flop += 2.0 * m_weights->layers[i].inputs * m_weights->layers[i].outputs;
    return flop;
}

namespace {

void packFirst(const LinearWeights& first, const Encoding& encoding, std::size_t columns, Aligned<float>& resolutions,
    Aligned<float>& table)
{
    const auto inputs = static_cast<std::size_t>(first.inputs), outputs = static_cast<std::size_t>(first.outputs);
    const auto weight = [&](std::size_t output, int input) {
        return static_cast<double>(first.weight[output * inputs + static_cast<std::size_t>(input)]);
    };
    resolutions.assign(encoding.resolutions().size() * columns, 0.0f);
    for (std::size_t r = 0; r < encoding.resolutions().size(); ++r)
        for (std::size_t o = 0; o < outputs; ++o)
            resolutions[r * columns + o] =
                static_cast<float>(weight(o, encoding.resolutionInput(r)) + (first.bias.empty() ? 0.0 : first.bias[o]));
    const auto& terms = encoding.terms();
    table.assign(terms.size() * columns, 0.0f);
    for (std::size_t t = 0; t < terms.size(); ++t)
        for (std::size_t o = 0; o < outputs; ++o)
            table[t * columns + o] = static_cast<float>(
                weight(o, terms[t].first) + (terms[t].second < 0 ? 0.0 : weight(o, terms[t].second)));
}

/// Calls put(position, output, input) for each weight in the order of the panels; `group` inputs lie side by side.
template <typename Put>
void forPanels(std::size_t inputs, std::size_t columns, std::size_t panel, std::size_t group, Put put)
{
    std::size_t at = 0;
    for (std::size_t c = 0; c < columns; c += panel) {
        const std::size_t width = std::min(panel, columns - c);
        for (std::size_t k = 0; k < inputs; k += group)
            for (std::size_t j = 0; j < width; ++j)
                for (std::size_t g = 0; g < group; ++g)
                    put(at++, c + j, k + g);
    }
}

mlp::Layer packHidden(const LinearWeights& linear, const mlp::Kernels& kernels)
{
    const auto inputs = static_cast<std::size_t>(linear.inputs), outputs = static_cast<std::size_t>(linear.outputs);
    mlp::Layer layer;
    layer.inputs = inputs;
    layer.columns = mlp::padded(outputs);
    layer.bias.assign(layer.columns, 0.0f);
    std::copy(linear.bias.begin(), linear.bias.end(), layer.bias.begin());
    const auto value = [&](std::size_t output, std::size_t input) {
        return output < outputs && input < inputs ? linear.weight[output * inputs + input] : 0.0f;
    };
    if (kernels.hiddenHalf) {
        layer.halfWeights.resize((inputs + 1) / 2 * 2 * layer.columns);
        forPanels(inputs, layer.columns, kernels.panel, 2,
            [&](std::size_t at, std::size_t o, std::size_t i) { layer.halfWeights[at] = toBFloat16(value(o, i)); });
    } else {
        layer.weights.resize(inputs * layer.columns);
        forPanels(inputs, layer.columns, kernels.panel, 1,
            [&](std::size_t at, std::size_t o, std::size_t i) { layer.weights[at] = value(o, i); });
    }
    return layer;
}

} // namespace

void MlpPredictor::pack()
{
    auto packed = std::make_unique<Packed>();
    const auto& layers = m_weights->layers;
    packed->kernels = &mlp::kernelsOf(m_backend);
    packed->columns = mlp::padded(static_cast<std::size_t>(layers.front().outputs));
    packFirst(layers.front(), m_encoding, packed->columns, packed->resolutions, packed->table);
    packed->widest = packed->columns;
    for (std::size_t i = 1; i + 1 < layers.size(); ++i) {
        packed->hidden.push_back(packHidden(layers[i], *packed->kernels));
        packed->widest = std::max(packed->widest, packed->hidden.back().columns);
    }
    const auto& last = layers.back();
    packed->last.assign(mlp::padded(static_cast<std::size_t>(last.inputs)), 0.0f);
    std::copy(last.weight.begin(), last.weight.end(), packed->last.begin());
    packed->lastBias = (last.bias.empty() ? 0.0f : last.bias[0]) + m_weights->baseAccuracy.value_or(0.0f);
    m_packed = std::move(packed);
}

void MlpPredictor::gather(std::span<const Subnet> subnets, Workspace& workspace) const
{
    const auto& p = *m_packed;
    auto& buffers = *workspace.m_buffers;
    if (buffers.in.size() < mlp::kChunk * p.widest) {
        buffers.in.resize(mlp::kChunk * p.widest);
        buffers.out.resize(mlp::kChunk * p.widest);
    }
    const mlp::Gather tables{p.resolutions.data(), p.table.data(), p.columns};
    std::array<std::uint16_t, Encoding::kMaxTerms> terms;
    for (std::size_t i = 0; i < subnets.size(); ++i) {
        const auto r = m_encoding.resolutionIndex(subnets[i].resolution);
        const auto n = m_encoding.termsOf(subnets[i], terms.data());
        p.kernels->gather(tables, r, terms.data(), n, buffers.in.data() + i * p.columns);
    }
}

void MlpPredictor::predictChunk(std::span<const Subnet> subnets, std::span<float> out, Workspace& workspace) const
{
    const auto& p = *m_packed;
    auto& buffers = *workspace.m_buffers;
    gather(subnets, workspace);
    std::size_t stride = p.columns;
    for (const auto& layer : p.hidden) {
        if (p.kernels->hiddenHalf) {
            buffers.half.resize(std::max(buffers.half.size(), mlp::kChunk * p.widest));
            p.kernels->toHalf(buffers.in.data(), subnets.size() * stride, buffers.half.data());
            p.kernels->hiddenHalf(buffers.half.data(), stride, subnets.size(), layer, buffers.out.data());
        } else {
            p.kernels->hidden(buffers.in.data(), stride, subnets.size(), layer, buffers.out.data());
        }
        buffers.in.swap(buffers.out);
        stride = layer.columns;
    }
    p.kernels->last(buffers.in.data(), stride, subnets.size(), p.last.data(), out.data());
    for (float& value : out)
        value += p.lastBias;
}

void MlpPredictor::predict(std::span<const Subnet> subnets, std::span<float> out, Workspace& workspace) const
{
    for (std::size_t i = 0; i < subnets.size(); i += mlp::kChunk) {
        const auto n = std::min(mlp::kChunk, subnets.size() - i);
        predictChunk(subnets.subspan(i, n), out.subspan(i, n), workspace);
    }
}

void MlpPredictor::gatherOnly(std::span<const Subnet> subnets, Workspace& workspace) const
{
    for (std::size_t i = 0; i < subnets.size(); i += mlp::kChunk)
        gather(subnets.subspan(i, std::min(mlp::kChunk, subnets.size() - i)), workspace);
}

float MlpPredictor::predict(const Subnet& subnet) const
{
    Workspace workspace;
    float value = 0;
    predict({&subnet, 1}, {&value, 1}, workspace);
    return value;
}

double MlpPredictor::predictDouble(const Subnet& subnet) const
{
    std::vector<double> in(static_cast<std::size_t>(m_encoding.inputs()), 0.0);
    for (const int one : m_encoding.ones(subnet))
        in[static_cast<std::size_t>(one)] = 1;
    for (std::size_t l = 0; l < m_weights->layers.size(); ++l) {
        const auto& layer = m_weights->layers[l];
        std::vector<double> out(static_cast<std::size_t>(layer.outputs));
        for (std::size_t o = 0; o < out.size(); ++o) {
            double sum = layer.bias.empty() ? 0.0 : layer.bias[o];
            for (std::size_t i = 0; i < in.size(); ++i)
                sum += layer.weight[o * in.size() + i] * in[i];
            out[o] = l + 1 < m_weights->layers.size() ? std::max(sum, 0.0) : sum;
        }
        in = std::move(out);
    }
    return in[0] + m_weights->baseAccuracy.value_or(0.0f);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlp.h"

#include "predict/mlppack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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
    mlp::FirstLayer first;
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

void MlpPredictor::pack()
{
    auto packed = std::make_unique<Packed>();
    const auto& layers = m_weights->layers;
    packed->kernels = &mlp::kernelsOf(m_backend);
    packed->first = mlp::packFirst(layers.front(), m_encoding);
    packed->widest = packed->first.columns;
    for (std::size_t i = 1; i + 1 < layers.size(); ++i) {
        packed->hidden.push_back(mlp::packHidden(layers[i], *packed->kernels));
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
    const auto tables = p.first.gather();
    std::array<std::uint16_t, Encoding::kMaxTerms> terms;
    for (std::size_t i = 0; i < subnets.size(); ++i) {
        const auto r = m_encoding.resolutionIndex(subnets[i].resolution);
        const auto n = m_encoding.termsOf(subnets[i], terms.data());
        p.kernels->gather(tables, r, terms.data(), n, buffers.in.data() + i * p.first.columns);
    }
}

void MlpPredictor::predictChunk(std::span<const Subnet> subnets, std::span<float> out, Workspace& workspace) const
{
    const auto& p = *m_packed;
    auto& buffers = *workspace.m_buffers;
    gather(subnets, workspace);
    std::size_t stride = p.first.columns;
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

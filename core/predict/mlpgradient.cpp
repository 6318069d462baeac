// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlpgradient.h"

#include "predict/mlppack.h"

#include <algorithm>
#include <array>

namespace paretoscope {

namespace {

using mlp::Aligned;
using Lanes = float __attribute__((vector_size(16), may_alias));
using LaneBits = int __attribute__((vector_size(16), may_alias));
static_assert(mlp::kLane % 4 == 0);

/// out = values where the activation is above zero, else 0: the derivative of ReLU. `n` is a multiple of kLane.
void gate(const float* activations, const float* values, std::size_t n, float* out)
{
    for (std::size_t i = 0; i < n; i += 4) {
        const LaneBits open = *reinterpret_cast<const Lanes*>(activations + i) > Lanes{};
        *reinterpret_cast<LaneBits*>(out + i) = *reinterpret_cast<const LaneBits*>(values + i) & open;
    }
}

} // namespace

struct MlpGradient::Packed {
    const mlp::Kernels* kernels = nullptr;
    mlp::FirstLayer first;
    std::vector<mlp::Layer> forward; // hidden layers after the first
    std::vector<mlp::Layer> backward; // of the same, transposed
    mlp::Layer terms; // from the gradient at the first layer's sums to terms and resolutions
    Aligned<float> last;
    float lastBias = 0;
    std::size_t widest = 0;
};

struct MlpGradient::Workspace::Buffers {
    std::vector<Aligned<float>> activations; // of each hidden layer, the first included: [chunk][columns]
    Aligned<float> gradient;
    Aligned<float> next;
    Aligned<std::uint16_t> half;
};

MlpGradient::Workspace::Workspace()
    : m_buffers(std::make_unique<Buffers>())
{
}
MlpGradient::Workspace::~Workspace() = default;
MlpGradient::Workspace::Workspace(Workspace&&) noexcept = default;
MlpGradient::Workspace& MlpGradient::Workspace::operator=(Workspace&&) noexcept = default;

MlpGradient::MlpGradient(std::shared_ptr<const MlpPredictor> predictor)
    : m_predictor(std::move(predictor))
{
    auto packed = std::make_unique<Packed>();
    const auto& weights = m_predictor->weights();
    const auto& layers = weights.layers;
    packed->kernels = &mlp::kernelsOf(m_predictor->backend());
    packed->first = mlp::packFirst(layers.front(), m_predictor->encoding());
    packed->widest = packed->first.columns;
    for (std::size_t i = 1; i + 1 < layers.size(); ++i) {
        packed->forward.push_back(mlp::packHidden(layers[i], *packed->kernels));
        packed->backward.push_back(mlp::packTransposed(layers[i], *packed->kernels));
        packed->widest = std::max(packed->widest, packed->forward.back().columns);
    }
    packed->terms = mlp::packTermGradients(layers.front(), m_predictor->encoding(), *packed->kernels);
    packed->widest = std::max(packed->widest, packed->terms.columns);
    const auto& last = layers.back();
    packed->last.assign(mlp::padded(static_cast<std::size_t>(last.inputs)), 0.0f);
    std::copy(last.weight.begin(), last.weight.end(), packed->last.begin());
    packed->lastBias = (last.bias.empty() ? 0.0f : last.bias[0]) + weights.baseAccuracy.value_or(0.0f);
    m_packed = std::move(packed);
}

MlpGradient::~MlpGradient() = default;
MlpGradient::MlpGradient(MlpGradient&&) noexcept = default;

std::size_t MlpGradient::stride() const { return m_packed->terms.columns; }

void MlpGradient::evaluate(
    std::span<const Subnet> subnets, std::span<float> raw, std::span<float> gradients, Workspace& workspace) const
{
    evaluate(subnets, raw, gradients, workspace, nullptr);
}

void MlpGradient::evaluate(std::span<const Subnet> subnets, std::span<float> raw, std::span<float> gradients,
    Workspace& workspace, const Wanted& wanted) const
{
    auto& b = *workspace.m_buffers;
    const auto& p = *m_packed;
    if (b.activations.size() != p.forward.size() + 1 || b.gradient.size() < mlp::kChunk * p.widest) {
        b.activations.assign(p.forward.size() + 1, Aligned<float>(mlp::kChunk * p.widest));
        b.gradient.resize(mlp::kChunk * p.widest);
        b.next.resize(mlp::kChunk * p.widest);
        b.half.resize(mlp::kChunk * p.widest);
    }
    for (std::size_t i = 0; i < subnets.size(); i += mlp::kChunk) {
        const auto n = std::min(mlp::kChunk, subnets.size() - i);
        evaluateChunk(subnets.subspan(i, n), i, raw.data() + i, gradients.data() + i * stride(), workspace, wanted);
    }
}

void MlpGradient::evaluateChunk(std::span<const Subnet> subnets, std::size_t first, float* raw, float* gradients,
    Workspace& workspace, const Wanted& wanted) const
{
    const auto& p = *m_packed;
    auto& b = *workspace.m_buffers;
    const auto& kernels = *p.kernels;
    const auto& encoding = m_predictor->encoding();
    auto rows = subnets.size();
    const auto apply = [&](const mlp::Layer& layer, const float* in, std::size_t stride, float* out) {
        if (kernels.hiddenHalf) {
            kernels.toHalf(in, rows * stride, b.half.data());
            kernels.hiddenHalf(b.half.data(), stride, rows, layer, out);
        } else {
            kernels.hidden(in, stride, rows, layer, out);
        }
    };

    const auto tables = p.first.gather();
    std::array<std::uint16_t, Encoding::kMaxTerms> terms;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto n = encoding.termsOf(subnets[i], terms.data());
        kernels.gather(tables, encoding.resolutionIndex(subnets[i].resolution), terms.data(), n,
            b.activations[0].data() + i * p.first.columns);
    }
    std::size_t stride = p.first.columns;
    for (std::size_t l = 0; l < p.forward.size(); ++l) {
        apply(p.forward[l], b.activations[l].data(), stride, b.activations[l + 1].data());
        stride = p.forward[l].columns;
    }
    const float* top = b.activations.back().data();
    kernels.last(top, stride, rows, p.last.data(), raw);
    std::array<std::size_t, mlp::kChunk> kept; // rows of the subnets that are wanted, moved together
    std::size_t n = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        raw[i] += p.lastBias;
        if (wanted && !wanted(first + i, raw[i]))
            continue;
        for (std::size_t l = 0; l < b.activations.size() && n < i; ++l) {
            const auto columns = l == 0 ? p.first.columns : p.forward[l - 1].columns;
            std::copy_n(b.activations[l].data() + i * columns, columns, b.activations[l].data() + n * columns);
        }
        gate(top + n * stride, p.last.data(), stride, b.gradient.data() + n * stride);
        kept[n++] = i;
    }
    rows = n;
    for (std::size_t l = p.backward.size(); l-- > 0;) {
        apply(p.backward[l], b.gradient.data(), stride, b.next.data());
        stride = p.backward[l].columns;
        gate(b.activations[l].data(), b.next.data(), rows * stride, b.gradient.data());
    }
    apply(p.terms, b.gradient.data(), stride, b.next.data()); // the kernels store to aligned memory only
    for (std::size_t i = 0; i < rows; ++i)
        std::copy_n(b.next.data() + i * p.terms.columns, p.terms.columns, gradients + kept[i] * p.terms.columns);
}

} // namespace paretoscope

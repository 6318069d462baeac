// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlppack.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace paretoscope::mlp {

namespace {

/// Round to nearest, ties to even, as the processor does; the weights are finite.
std::uint16_t toBFloat16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

/// Panels one after the other, in them inputs, `group` of them side by side by column. `to` is zero beyond the matrix.
template <typename T, typename Convert>
void fillPanels(const MatrixView& m, std::size_t columns, std::size_t panel, std::size_t group, T* to, Convert convert)
{
    for (std::size_t c = 0; c < columns; c += panel) {
        const std::size_t width = std::min(panel, columns - c);
        const std::size_t outputs = std::min(width, m.outputs - std::min(m.outputs, c));
        for (std::size_t k = 0; k < m.inputs; k += group, to += width * group)
            for (std::size_t g = 0; g < std::min(group, m.inputs - k); ++g) {
                const float* from = m.values + c * m.outputStep + (k + g) * m.inputStep;
                for (std::size_t j = 0; j < outputs; ++j)
                    to[j * group + g] = convert(from[j * m.outputStep]);
            }
    }
}

double weightOf(const LinearWeights& layer, std::size_t output, int input)
{
    return static_cast<double>(
        layer.weight[output * static_cast<std::size_t>(layer.inputs) + static_cast<std::size_t>(input)]);
}

double weightOf(const LinearWeights& layer, std::size_t output, const Encoding::Term& term)
{
    return weightOf(layer, output, term.first) + (term.second < 0 ? 0.0 : weightOf(layer, output, term.second));
}

} // namespace

FirstLayer packFirst(const LinearWeights& first, const Encoding& encoding)
{
    const auto outputs = static_cast<std::size_t>(first.outputs);
    FirstLayer packed;
    packed.columns = padded(outputs);
    packed.resolutions.assign(encoding.resolutions().size() * packed.columns, 0.0f);
    for (std::size_t r = 0; r < encoding.resolutions().size(); ++r)
        for (std::size_t o = 0; o < outputs; ++o)
            packed.resolutions[r * packed.columns + o] = static_cast<float>(
                weightOf(first, o, encoding.resolutionInput(r)) + (first.bias.empty() ? 0.0 : first.bias[o]));
    const auto& terms = encoding.terms();
    packed.table.assign(terms.size() * packed.columns, 0.0f);
    for (std::size_t t = 0; t < terms.size(); ++t)
        for (std::size_t o = 0; o < outputs; ++o)
            packed.table[t * packed.columns + o] = static_cast<float>(weightOf(first, o, terms[t]));
    return packed;
}

Layer packLayer(const MatrixView& matrix, const std::vector<float>& bias, bool relu, const Kernels& kernels)
{
    Layer layer;
    layer.inputs = matrix.inputs;
    layer.columns = padded(matrix.outputs);
    layer.floor = relu ? 0.0f : -std::numeric_limits<float>::infinity();
    layer.bias.assign(layer.columns, 0.0f);
    std::copy(bias.begin(), bias.end(), layer.bias.begin());
    if (kernels.hiddenHalf) {
        layer.halfWeights.assign((matrix.inputs + 1) / 2 * 2 * layer.columns, 0);
        fillPanels(matrix, layer.columns, kernels.panel, 2, layer.halfWeights.data(), toBFloat16);
    } else {
        layer.weights.assign(matrix.inputs * layer.columns, 0.0f);
        fillPanels(matrix, layer.columns, kernels.panel, 1, layer.weights.data(), [](float w) { return w; });
    }
    return layer;
}

Layer packHidden(const LinearWeights& linear, const Kernels& kernels)
{
    const auto inputs = static_cast<std::size_t>(linear.inputs), outputs = static_cast<std::size_t>(linear.outputs);
    return packLayer({linear.weight.data(), inputs, outputs, inputs, 1}, linear.bias, true, kernels);
}

Layer packTransposed(const LinearWeights& linear, const Kernels& kernels)
{
    const auto inputs = static_cast<std::size_t>(linear.inputs), outputs = static_cast<std::size_t>(linear.outputs);
    return packLayer({linear.weight.data(), outputs, inputs, 1, inputs}, {}, false, kernels);
}

Layer packTermGradients(const LinearWeights& first, const Encoding& encoding, const Kernels& kernels)
{
    const auto outputs = static_cast<std::size_t>(first.outputs);
    std::vector<float> rows;
    rows.reserve((encoding.terms().size() + encoding.resolutions().size()) * outputs);
    for (const auto& term : encoding.terms())
        for (std::size_t o = 0; o < outputs; ++o)
            rows.push_back(static_cast<float>(weightOf(first, o, term)));
    for (std::size_t r = 0; r < encoding.resolutions().size(); ++r)
        for (std::size_t o = 0; o < outputs; ++o)
            rows.push_back(static_cast<float>(weightOf(first, o, encoding.resolutionInput(r))));
    return packLayer({rows.data(), outputs, rows.size() / outputs, outputs, 1}, {}, false, kernels);
}

} // namespace paretoscope::mlp

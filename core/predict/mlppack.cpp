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
    const auto value = [&](std::size_t output, std::size_t input) {
        return output < matrix.outputs && input < matrix.inputs
            ? matrix.values[output * matrix.outputStep + input * matrix.inputStep]
            : 0.0f;
    };
    if (kernels.hiddenHalf) {
        layer.halfWeights.resize((matrix.inputs + 1) / 2 * 2 * layer.columns);
        forPanels(matrix.inputs, layer.columns, kernels.panel, 2,
            [&](std::size_t at, std::size_t o, std::size_t i) { layer.halfWeights[at] = toBFloat16(value(o, i)); });
    } else {
        layer.weights.resize(matrix.inputs * layer.columns);
        forPanels(matrix.inputs, layer.columns, kernels.panel, 1,
            [&](std::size_t at, std::size_t o, std::size_t i) { layer.weights[at] = value(o, i); });
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

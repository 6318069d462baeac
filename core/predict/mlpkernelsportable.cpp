// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernels for any processor: four floats at a time in the vector type that GCC and Clang offer everywhere, and turn
// into whatever the baseline has. Left to itself GCC 12 keeps the sums of a tile in memory, at a third of the speed.
#include "predict/mlpkernels.h"

namespace paretoscope::mlp {

namespace {

using Vector = float __attribute__((vector_size(16), may_alias));
constexpr std::size_t kVector = 4;
constexpr std::size_t kVectorsOfTile = 2;
constexpr std::size_t kColumns = kVectorsOfTile * kVector;
// 4 rows × 2 vectors are 8 sums; with the weights and the products they fit the 16 registers of SSE2.
constexpr std::size_t kRowsOfTile = 4;

Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
Vector spread(float x) { return Vector{x, x, x, x}; }

void gather(const Gather& tables, std::size_t resolution, const std::uint16_t* terms, std::size_t n, float* out)
{
    const float* start = tables.resolutions + resolution * tables.columns;
    for (std::size_t c = 0; c < tables.columns; c += kLane) {
        float sum[kLane];
        for (std::size_t j = 0; j < kLane; ++j)
            sum[j] = start[c + j];
        for (std::size_t i = 0; i < n; ++i) {
            const float* row = tables.table + terms[i] * tables.columns + c;
            for (std::size_t j = 0; j < kLane; ++j)
                sum[j] += row[j];
        }
        for (std::size_t j = 0; j < kLane; ++j)
            out[c + j] = sum[j] > 0 ? sum[j] : 0;
    }
}

template <std::size_t kRows>
void tile(const float* in, std::size_t inStride, const float* panel, std::size_t inputs, const float* bias, float floor,
    float* out, std::size_t outStride)
{
    Vector sum[kRows][kVectorsOfTile];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kRows; ++r)
#pragma GCC unroll 4
        for (std::size_t v = 0; v < kVectorsOfTile; ++v)
            sum[r][v] = load(bias + v * kVector);
    for (std::size_t k = 0; k < inputs; ++k, panel += kColumns)
#pragma GCC unroll 4
        for (std::size_t r = 0; r < kRows; ++r) {
            const Vector x = spread(in[r * inStride + k]);
#pragma GCC unroll 4
            for (std::size_t v = 0; v < kVectorsOfTile; ++v)
                sum[r][v] += x * load(panel + v * kVector);
        }
    for (std::size_t r = 0; r < kRows; ++r)
        for (std::size_t v = 0; v < kVectorsOfTile; ++v)
            for (std::size_t j = 0; j < kVector; ++j)
                out[r * outStride + v * kVector + j] = sum[r][v][j] > floor ? sum[r][v][j] : floor;
}

void hidden(const float* in, std::size_t inStride, std::size_t rows, const Layer& layer, float* out)
{
    const std::size_t stride = layer.columns;
    for (std::size_t c = 0; c < layer.columns; c += kColumns) {
        const float* panel = layer.weights.data() + c * layer.inputs;
        const float* bias = layer.bias.data() + c;
        std::size_t r = 0;
        for (; r + kRowsOfTile <= rows; r += kRowsOfTile)
            tile<kRowsOfTile>(in + r * inStride, inStride, panel, layer.inputs, bias, layer.floor, out + r * stride + c, stride);
        for (; r < rows; ++r)
            tile<1>(in + r * inStride, inStride, panel, layer.inputs, bias, layer.floor, out + r * stride + c, stride);
    }
}

void last(const float* in, std::size_t stride, std::size_t rows, const float* w, float* out)
{
    for (std::size_t r = 0; r < rows; ++r) {
        float sum[kLane] = {};
        for (std::size_t k = 0; k < stride; k += kLane)
            for (std::size_t j = 0; j < kLane; ++j)
                sum[j] += in[r * stride + k + j] * w[k + j];
        for (std::size_t half = kLane / 2; half > 0; half /= 2)
            for (std::size_t j = 0; j < half; ++j)
                sum[j] += sum[j + half];
        out[r] = sum[0];
    }
}

} // namespace

const Kernels& portableKernels()
{
    static const Kernels kernels{MlpBackend::Portable, kColumns, gather, hidden, last};
    return kernels;
}

const Kernels& kernelsOf(MlpBackend backend)
{
#if defined(__x86_64__)
    switch (backend) {
    case MlpBackend::Avx2:
        return avx2Kernels();
    case MlpBackend::Avx512:
        return avx512Kernels();
    case MlpBackend::Avx512Bf16:
        return bf16Kernels();
    case MlpBackend::Portable:
        break;
    }
#else
    static_cast<void>(backend);
#endif
    return portableKernels();
}

} // namespace paretoscope::mlp

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlpkernels.h"

#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__) // GCC 12 warns about its own header (bug 105593)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,fma")))

namespace paretoscope::mlp {

namespace {

constexpr std::size_t kVector = 16;
// 5 rows × 5 vectors are 25 sums; with five vectors of weights and one broadcast 31 of the 32 registers.
constexpr std::size_t kRowsOfTile = 5;
constexpr std::size_t kVectorsOfTile = 5;
constexpr std::size_t kPanel = kVectorsOfTile * kVector;
// Inputs at a time: 100 × 80 weights are 32 kB and stay in the first-level cache while all rows pass.
constexpr std::size_t kDepth = 100;

template <int kVectors>
AVX512 void gatherColumns(
    const Gather& tables, const float* start, const std::uint16_t* terms, std::size_t n, float* out)
{
    __m512 sum[kVectors];
#pragma GCC unroll 5
    for (int v = 0; v < kVectors; ++v)
        sum[v] = _mm512_load_ps(start + static_cast<std::size_t>(v) * kVector);
    for (std::size_t i = 0; i < n; ++i) {
        const float* row = tables.table + terms[i] * tables.columns;
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            sum[v] = _mm512_add_ps(sum[v], _mm512_load_ps(row + static_cast<std::size_t>(v) * kVector));
    }
    const __m512 zero = _mm512_setzero_ps();
#pragma GCC unroll 5
    for (int v = 0; v < kVectors; ++v)
        _mm512_store_ps(out + static_cast<std::size_t>(v) * kVector, _mm512_max_ps(sum[v], zero));
}

AVX512 void gather(const Gather& tables, std::size_t resolution, const std::uint16_t* terms, std::size_t n, float* out)
{
    const float* start = tables.resolutions + resolution * tables.columns;
    std::size_t c = 0;
    for (; c + kPanel <= tables.columns; c += kPanel)
        gatherColumns<kVectorsOfTile>({nullptr, tables.table + c, tables.columns}, start + c, terms, n, out + c);
    for (; c < tables.columns; c += kVector)
        gatherColumns<1>({nullptr, tables.table + c, tables.columns}, start + c, terms, n, out + c);
}

/// Adds the products of `depth` inputs to the sums: from the bias, or (`biasOrNull` null) from what `out` holds.
template <int kRows, int kVectors>
AVX512 void tile(const float* in, std::size_t inStride, const float* panel, std::size_t depth, const float* biasOrNull,
    bool relu, float* out, std::size_t outStride)
{
    __m512 sum[kRows][kVectors];
#pragma GCC unroll 5
    for (int r = 0; r < kRows; ++r) {
        const float* from = biasOrNull ? biasOrNull : out + static_cast<std::size_t>(r) * outStride;
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            sum[r][v] = _mm512_load_ps(from + static_cast<std::size_t>(v) * kVector);
    }
    for (std::size_t k = 0; k < depth; ++k, panel += static_cast<std::size_t>(kVectors) * kVector) {
        __m512 w[kVectors];
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            w[v] = _mm512_load_ps(panel + static_cast<std::size_t>(v) * kVector);
#pragma GCC unroll 5
        for (int r = 0; r < kRows; ++r) {
            const __m512 x = _mm512_set1_ps(in[static_cast<std::size_t>(r) * inStride + k]);
#pragma GCC unroll 5
            for (int v = 0; v < kVectors; ++v)
                sum[r][v] = _mm512_fmadd_ps(x, w[v], sum[r][v]);
        }
    }
    const __m512 zero = _mm512_setzero_ps();
#pragma GCC unroll 5
    for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            _mm512_store_ps(out + static_cast<std::size_t>(r) * outStride + static_cast<std::size_t>(v) * kVector,
                relu ? _mm512_max_ps(sum[r][v], zero) : sum[r][v]);
}

using Tile = void (*)(const float*, std::size_t, const float*, std::size_t, const float*, bool, float*, std::size_t);
constexpr Tile kTiles[kRowsOfTile][kVectorsOfTile] = {
    {tile<1, 1>, tile<1, 2>, tile<1, 3>, tile<1, 4>, tile<1, 5>},
    {tile<2, 1>, tile<2, 2>, tile<2, 3>, tile<2, 4>, tile<2, 5>},
    {tile<3, 1>, tile<3, 2>, tile<3, 3>, tile<3, 4>, tile<3, 5>},
    {tile<4, 1>, tile<4, 2>, tile<4, 3>, tile<4, 4>, tile<4, 5>},
    {tile<5, 1>, tile<5, 2>, tile<5, 3>, tile<5, 4>, tile<5, 5>},
};

void hidden(const float* in, std::size_t inStride, std::size_t rows, const Layer& layer, float* out)
{
    const std::size_t stride = layer.columns;
    for (std::size_t c = 0; c < layer.columns; c += kPanel) {
        const std::size_t width = layer.columns - c < kPanel ? layer.columns - c : kPanel;
        const float* panel = layer.weights.data() + c * layer.inputs;
        for (std::size_t k = 0; k < layer.inputs; k += kDepth) {
            const std::size_t depth = layer.inputs - k < kDepth ? layer.inputs - k : kDepth;
            const float* bias = k == 0 ? layer.bias.data() + c : nullptr;
            const bool relu = layer.floor == 0 && k + depth == layer.inputs;
            for (std::size_t r = 0; r < rows; r += kRowsOfTile) {
                const std::size_t n = rows - r < kRowsOfTile ? rows - r : kRowsOfTile;
                kTiles[n - 1][width / kVector - 1](in + r * inStride + k, inStride, panel + k * width, depth, bias,
                    relu, out + r * stride + c, stride);
            }
        }
    }
}

AVX512 void last(const float* in, std::size_t stride, std::size_t rows, const float* w, float* out)
{
    for (std::size_t r = 0; r < rows; ++r, in += stride) {
        __m512 a = _mm512_setzero_ps(), b = _mm512_setzero_ps();
        std::size_t k = 0;
        for (; k + 2 * kVector <= stride; k += 2 * kVector) {
            a = _mm512_fmadd_ps(_mm512_load_ps(in + k), _mm512_load_ps(w + k), a);
            b = _mm512_fmadd_ps(_mm512_load_ps(in + k + kVector), _mm512_load_ps(w + k + kVector), b);
        }
        if (k < stride)
            a = _mm512_fmadd_ps(_mm512_load_ps(in + k), _mm512_load_ps(w + k), a);
        out[r] = _mm512_reduce_add_ps(_mm512_add_ps(a, b));
    }
}

} // namespace

const Kernels& avx512Kernels()
{
    static const Kernels kernels{MlpBackend::Avx512, kPanel, gather, hidden, last};
    return kernels;
}

} // namespace paretoscope::mlp

#endif

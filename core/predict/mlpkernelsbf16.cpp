// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hidden layers in bfloat16 with float32 sums (AVX512_BF16): two products an instruction and lane, half the bytes.
#include "predict/mlpkernels.h"

#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__) // GCC 12 warns about its own header (bug 105593)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16,fma")))

namespace paretoscope::mlp {

namespace {

constexpr std::size_t kVector = 16;
constexpr std::size_t kRowsOfTile = 5;
constexpr std::size_t kVectorsOfTile = 5;
constexpr std::size_t kPanel = kVectorsOfTile * kVector;

BF16 void toHalf(const float* in, std::size_t n, std::uint16_t* out)
{
    for (std::size_t i = 0; i < n; i += kVector) {
        const __m256bh half = _mm512_cvtneps_pbh(_mm512_load_ps(in + i));
        _mm256_store_si256(reinterpret_cast<__m256i*>(out + i), reinterpret_cast<const __m256i&>(half));
    }
}

template <int kRows, int kVectors>
BF16 void tile(const std::uint16_t* in, std::size_t inStride, const std::uint16_t* panel, std::size_t pairs,
    const float* bias, float least, float* out, std::size_t outStride)
{
    __m512 sum[kRows][kVectors];
#pragma GCC unroll 5
    for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            sum[r][v] = _mm512_load_ps(bias + static_cast<std::size_t>(v) * kVector);
    for (std::size_t k = 0; k < pairs; ++k, panel += static_cast<std::size_t>(kVectors) * 2 * kVector) {
        __m512i w[kVectors];
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            w[v] = _mm512_load_si512(panel + static_cast<std::size_t>(v) * 2 * kVector);
#pragma GCC unroll 5
        for (int r = 0; r < kRows; ++r) {
            int pair;
            __builtin_memcpy(&pair, in + static_cast<std::size_t>(r) * inStride + 2 * k, sizeof pair);
            const __m512i x = _mm512_set1_epi32(pair);
#pragma GCC unroll 5
            for (int v = 0; v < kVectors; ++v)
                sum[r][v] = _mm512_dpbf16_ps(
                    sum[r][v], reinterpret_cast<const __m512bh&>(x), reinterpret_cast<const __m512bh&>(w[v]));
        }
    }
    const __m512 floor = _mm512_set1_ps(least);
#pragma GCC unroll 5
    for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 5
        for (int v = 0; v < kVectors; ++v)
            _mm512_store_ps(out + static_cast<std::size_t>(r) * outStride + static_cast<std::size_t>(v) * kVector,
                _mm512_max_ps(sum[r][v], floor));
}

using Tile = void (*)(
    const std::uint16_t*, std::size_t, const std::uint16_t*, std::size_t, const float*, float, float*, std::size_t);
constexpr Tile kTiles[kRowsOfTile][kVectorsOfTile] = {
    {tile<1, 1>, tile<1, 2>, tile<1, 3>, tile<1, 4>, tile<1, 5>},
    {tile<2, 1>, tile<2, 2>, tile<2, 3>, tile<2, 4>, tile<2, 5>},
    {tile<3, 1>, tile<3, 2>, tile<3, 3>, tile<3, 4>, tile<3, 5>},
    {tile<4, 1>, tile<4, 2>, tile<4, 3>, tile<4, 4>, tile<4, 5>},
    {tile<5, 1>, tile<5, 2>, tile<5, 3>, tile<5, 4>, tile<5, 5>},
};

void hiddenHalf(const std::uint16_t* in, std::size_t inStride, std::size_t rows, const Layer& layer, float* out)
{
    const std::size_t stride = layer.columns, pairs = (layer.inputs + 1) / 2;
    for (std::size_t c = 0; c < layer.columns; c += kPanel) {
        const std::size_t width = layer.columns - c < kPanel ? layer.columns - c : kPanel;
        const std::uint16_t* panel = layer.halfWeights.data() + c * 2 * pairs;
        const float* bias = layer.bias.data() + c;
        for (std::size_t r = 0; r < rows; r += kRowsOfTile) {
            const std::size_t n = rows - r < kRowsOfTile ? rows - r : kRowsOfTile;
            kTiles[n - 1][width / kVector - 1](
                in + r * inStride, inStride, panel, pairs, bias, layer.floor, out + r * stride + c, stride);
        }
    }
}

} // namespace

const Kernels& bf16Kernels()
{
    static const Kernels kernels{MlpBackend::Avx512Bf16, kPanel, avx512Kernels().gather, avx512Kernels().hidden,
        avx512Kernels().last, toHalf, hiddenHalf};
    return kernels;
}

} // namespace paretoscope::mlp

#endif

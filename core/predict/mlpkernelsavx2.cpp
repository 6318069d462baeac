// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlpkernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))

namespace paretoscope::mlp {

namespace {

constexpr std::size_t kVector = 8;
constexpr std::size_t kPanel = 2 * kVector;
// 6 rows × 2 vectors are 12 sums; with two vectors of weights and one broadcast 15 of the 16 registers.
constexpr int kRowsOfTile = 6;

AVX2 void gather(const Gather& tables, std::size_t resolution, const std::uint16_t* terms, std::size_t n, float* out)
{
    const float* start = tables.resolutions + resolution * tables.columns;
    const __m256 zero = _mm256_setzero_ps();
    for (std::size_t c = 0; c < tables.columns; c += kPanel) {
        __m256 a = _mm256_load_ps(start + c), b = _mm256_load_ps(start + c + kVector);
        for (std::size_t i = 0; i < n; ++i) {
            const float* row = tables.table + terms[i] * tables.columns + c;
            a = _mm256_add_ps(a, _mm256_load_ps(row));
            b = _mm256_add_ps(b, _mm256_load_ps(row + kVector));
        }
        _mm256_store_ps(out + c, _mm256_max_ps(a, zero));
        _mm256_store_ps(out + c + kVector, _mm256_max_ps(b, zero));
    }
}

template <int kRows>
AVX2 void tile(const float* in, std::size_t inStride, const float* panel, std::size_t inputs, const float* bias,
    float least, float* out, std::size_t outStride)
{
    __m256 sum[kRows][2];
#pragma GCC unroll 6
    for (int r = 0; r < kRows; ++r) {
        sum[r][0] = _mm256_load_ps(bias);
        sum[r][1] = _mm256_load_ps(bias + kVector);
    }
    for (std::size_t k = 0; k < inputs; ++k, panel += kPanel) {
        const __m256 w0 = _mm256_load_ps(panel), w1 = _mm256_load_ps(panel + kVector);
#pragma GCC unroll 6
        for (int r = 0; r < kRows; ++r) {
            const __m256 x = _mm256_broadcast_ss(in + static_cast<std::size_t>(r) * inStride + k);
            sum[r][0] = _mm256_fmadd_ps(x, w0, sum[r][0]);
            sum[r][1] = _mm256_fmadd_ps(x, w1, sum[r][1]);
        }
    }
    const __m256 floor = _mm256_set1_ps(least);
#pragma GCC unroll 6
    for (int r = 0; r < kRows; ++r) {
        float* to = out + static_cast<std::size_t>(r) * outStride;
        _mm256_store_ps(to, _mm256_max_ps(sum[r][0], floor));
        _mm256_store_ps(to + kVector, _mm256_max_ps(sum[r][1], floor));
    }
}

using Tile = void (*)(const float*, std::size_t, const float*, std::size_t, const float*, float, float*, std::size_t);
constexpr Tile kTiles[kRowsOfTile] = {tile<1>, tile<2>, tile<3>, tile<4>, tile<5>, tile<6>};

void hidden(const float* in, std::size_t inStride, std::size_t rows, const Layer& layer, float* out)
{
    const std::size_t stride = layer.columns;
    for (std::size_t c = 0; c < layer.columns; c += kPanel) {
        const float* panel = layer.weights.data() + c * layer.inputs;
        const float* bias = layer.bias.data() + c;
        for (std::size_t r = 0; r < rows; r += kRowsOfTile) {
            const std::size_t n = rows - r < kRowsOfTile ? rows - r : kRowsOfTile;
            kTiles[n - 1](in + r * inStride, inStride, panel, layer.inputs, bias, layer.floor, out + r * stride + c, stride);
        }
    }
}

AVX2 void last(const float* in, std::size_t stride, std::size_t rows, const float* w, float* out)
{
    for (std::size_t r = 0; r < rows; ++r, in += stride) {
        __m256 a = _mm256_setzero_ps(), b = _mm256_setzero_ps();
        for (std::size_t k = 0; k < stride; k += kPanel) {
            a = _mm256_fmadd_ps(_mm256_load_ps(in + k), _mm256_load_ps(w + k), a);
            b = _mm256_fmadd_ps(_mm256_load_ps(in + k + kVector), _mm256_load_ps(w + k + kVector), b);
        }
        alignas(32) float lanes[kVector];
        _mm256_store_ps(lanes, _mm256_add_ps(a, b));
        out[r] = ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }
}

} // namespace

const Kernels& avx2Kernels()
{
    static const Kernels kernels{MlpBackend::Avx2, kPanel, gather, hidden, last};
    return kernels;
}

} // namespace paretoscope::mlp

#endif

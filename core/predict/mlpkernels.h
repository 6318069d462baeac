// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inner loops of the MLP predictor, one set for each kind of processor, chosen at run time. Private to this folder.
//
// Every sum runs in one fixed order that does not depend on the number of rows, so that a subnet gets the same bits in
// any batch. Code for newer processors stands in functions marked with its target and calls no inline function of a
// header but intrinsics: the linker must never pick such a copy for an older processor.
#pragma once

#include "predict/mlp.h"

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace paretoscope::mlp {

/// Widths are padded to this many columns (64 bytes), with zeros.
inline constexpr std::size_t kLane = 16;
/// Rows that are taken through all layers together: both activations of a chunk and one panel of weights stay in the
/// second-level cache. A multiple of the 5, 6 and 2 rows of the kernels' tiles.
inline constexpr std::size_t kChunk = 120;

constexpr std::size_t padded(std::size_t width) { return (width + kLane - 1) / kLane * kLane; }

template <typename T>
struct AlignedAllocator {
    using value_type = T;
    AlignedAllocator() = default;
    template <typename U>
    AlignedAllocator(const AlignedAllocator<U>&)
    {
    }
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(64))); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t(64)); }
    bool operator==(const AlignedAllocator&) const { return true; }
};
template <typename T>
using Aligned = std::vector<T, AlignedAllocator<T>>;

/// A hidden layer, its weights cut into panels of `Kernels::panel` columns (the last may be narrower): panel by panel,
/// input by input, the weights of the panel's columns. For bfloat16 two inputs at a time, interleaved by column.
struct Layer {
    std::size_t inputs = 0;
    std::size_t columns = 0; // outputs, padded
    Aligned<float> weights;
    Aligned<std::uint16_t> halfWeights; // bfloat16, instead
    Aligned<float> bias;
    float floor = 0; // what the outputs do not fall below: 0 is ReLU, minus infinity leaves them as they are
};

/// Rows of the gather: `start` and then `terms[0..n)`, each of `columns` floats.
struct Gather {
    const float* resolutions; // [resolution][columns], bias included
    const float* table; // [term][columns]
    std::size_t columns;
};

struct Kernels {
    MlpBackend backend = MlpBackend::Portable;
    std::size_t panel = kLane;
    /// out = relu(resolutions[resolution] + Σ table[terms[i]])
    void (*gather)(const Gather& tables, std::size_t resolution, const std::uint16_t* terms, std::size_t n, float* out);
    /// out = max(in · W + b, floor); rows of `in` begin `inStride` floats apart, those of `out` `layer.columns` floats.
    void (*hidden)(const float* in, std::size_t inStride, std::size_t rows, const Layer& layer, float* out);
    /// out[row] = Σ in[row][i] w[i]
    void (*last)(const float* in, std::size_t stride, std::size_t rows, const float* w, float* out);
    /// bfloat16: rounds `n` floats (a multiple of kLane), and the layer on rounded activations.
    void (*toHalf)(const float* in, std::size_t n, std::uint16_t* out) = nullptr;
    void (*hiddenHalf)(
        const std::uint16_t* in, std::size_t inStride, std::size_t rows, const Layer& layer, float* out) = nullptr;
};

const Kernels& portableKernels();
#if defined(__x86_64__)
const Kernels& avx2Kernels();
const Kernels& avx512Kernels();
const Kernels& bf16Kernels();
#endif
/// The backend must be available.
const Kernels& kernelsOf(MlpBackend backend);

} // namespace paretoscope::mlp

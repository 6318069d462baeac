// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weights in the order in which the kernels read them. Private to this folder.
#pragma once

#include "predict/encoding.h"
#include "predict/mlpkernels.h"
#include "predict/mlpweights.h"

namespace paretoscope::mlp {

/// The first layer as rows to gather: of each resolution (bias included) and of each term.
struct FirstLayer {
    std::size_t columns = 0; // padded
    Aligned<float> resolutions; // [resolution][columns]
    Aligned<float> table; // [term][columns]
    Gather gather() const { return {resolutions.data(), table.data(), columns}; }
};
FirstLayer packFirst(const LinearWeights& first, const Encoding& encoding);

/// A matrix in memory, as a layer sees it: the weight from input i to output o is values[o * outputStep + i *
/// inputStep].
struct MatrixView {
    const float* values = nullptr;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    std::size_t outputStep = 0;
    std::size_t inputStep = 0;
};
/// In panels for these kernels. `bias` may be empty; `relu` false leaves the sums as they are.
Layer packLayer(const MatrixView& matrix, const std::vector<float>& bias, bool relu, const Kernels& kernels);
/// A hidden layer forward: W x + b, ReLU.
Layer packHidden(const LinearWeights& linear, const Kernels& kernels);
/// The way back through the same layer: Wᵀ g, nothing else.
Layer packTransposed(const LinearWeights& linear, const Kernels& kernels);
/// From the gradient at the first layer's sums to that at its inputs: a column for each term, then for each resolution.
Layer packTermGradients(const LinearWeights& first, const Encoding& encoding, const Kernels& kernels);

} // namespace paretoscope::mlp

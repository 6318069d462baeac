// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Depthwise convolution with a weight gradient of our own: oneDNN has none for large kernels and falls back to one matrix
// product a channel and image, which took half the time of a training step.
#pragma once

#include <ATen/ATen.h>

namespace paretoscope {

/// As at::conv2d with as many groups as channels and without bias; `kernel` / 2 pixels of padding. The gradient of the
/// weight is computed here where it can be (float32 on the CPU, kernels 3, 5, 7), and by LibTorch otherwise.
at::Tensor depthwiseConvolution(const at::Tensor& x, const at::Tensor& weight, int stride);

/// The gradient alone. `x` is N x C x H x W, `gradient` N x C x ceil(H / stride) x ceil(W / stride); both float32 on the CPU,
/// best in channels-last order. Returns C x 1 x kernel x kernel. The same threads give the same bits.
at::Tensor depthwiseWeightGradient(const at::Tensor& x, const at::Tensor& gradient, int kernel, int stride);

} // namespace paretoscope

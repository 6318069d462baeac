// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nets as TorchScript modules: the source of `forward` is written layer by layer, so that the graph holds the layers and
// nothing of ours, and its batch stays free.
#pragma once

#include "weights.h"

#include <string>
#include <vector>

namespace paretoscope {

/// A module with one method, forward(images). Weights are buffers of it and share memory with `layers`, except that
/// those of convolutions are copied to channels-last order, in which convolutions on processors are fastest; every block
/// gets its input in that order.
torch::jit::Module scriptModule(const std::vector<Block>& blocks, const LayerWeights& layers);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weights before any training.
#pragma once

#include "weights.h"

namespace paretoscope {

/// A value for each key by its name and shape, from one generator (OFA's `he_fout`): convolutions N(0, 2 / (k² · out)),
/// classifier U(±1 / √in), batch norm 1 and 0 with statistics 0 and 1, biases 0, kernel transforms the identity.
WeightStore initialWeightsOf(const std::vector<WeightKey>& keys, std::uint64_t seed, at::Device device = at::kCPU);
/// Of one block, under static keys, by a fixed seed.
WeightStore initialWeightsOf(const Block& block, at::Device device);

} // namespace paretoscope

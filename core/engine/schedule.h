// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Learning rates and draws of training, as the reference implementation of once-for-all has them.
#pragma once

#include "space/sampling.h"

#include <cstddef>
#include <cstdint>

namespace paretoscope {

/// A cosine from `initial` to 0 over `epochs`, behind a linear warm-up over `warmupEpochs` from `base`. In OFA `base` is the
/// rate for one GPU, and `initial` that times the number of GPUs.
struct LearningRates {
    double base = 0;
    double initial = 0;
    int epochs = 1;       // of the cosine
    int warmupEpochs = 0; // in front of it
    std::size_t batches = 1; // an epoch

    /// Of one step; both count from 0, the epochs of the warm-up included.
    double at(int epoch, std::size_t batch) const;
};

/// The seed from which OFA draws the `index`-th subnet of a step: the digits of the step, three of the index and "000".
std::uint64_t referenceSubnetSeed(std::size_t step, int index);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Statistics of batch norm anew: without them a subnet that was cut out of a supernet has those of another one, and its
// accuracy collapses.
#pragma once

#include "base/progress.h"
#include "engine/batchloader.h"
#include "engine/engine.h"

namespace paretoscope {

struct RecalibrationOptions {
    DataSubset train;
    Preprocessing preprocessing;
    Augmentation augmentation;
    std::size_t images = 2000; // drawn from `train`; all where there are fewer
    std::uint64_t seed = 1;
    int threads = 1; // of the loader
};

/// Runs `recalibrate` with images that are drawn and varied as in training, in batches of 200 as published (OFA's
/// set_running_statistics). Returns how many they were. @throws Cancelled; what `recalibrate` throws.
std::size_t withRecalibrationImages(const RecalibrationOptions& options, int resolution, const std::function<void(const NextImages&)>& recalibrate, const OnStep& onStep = {});

/// Of a net at its own resolution.
std::size_t recalibrate(StaticNet& net, const RecalibrationOptions& options, const OnStep& onStep = {});

} // namespace paretoscope

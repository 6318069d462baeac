// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The images on which statistics of batch norm are computed anew.
#pragma once

#include "base/progress.h"
#include "engine/batchloader.h"
#include "engine/engine.h"

namespace paretoscope {

struct RecalibrationOptions {
    std::size_t images = 2000; // drawn from the training images; all where there are fewer
    std::uint64_t seed = 1;
    int threads = 1; // of the loader
};

/// Drawn and varied as in training, batches of 200 as published (OFA's set_running_statistics).
LoaderRequest recalibrationRequest(const DataSubset& train, const Preprocessing& preprocessing, const Augmentation& augmentation, int resolution, const RecalibrationOptions& options);

/// The batches of a loader, one a call. The loader must outlive it; calls throw Cancelled when `onStep` asks to stop.
NextImages imagesOfLoader(BatchLoader& loader, OnStep onStep = {});

} // namespace paretoscope

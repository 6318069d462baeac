// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recalibration.h"

#include "engine/evaluate.h"

#include <algorithm>
#include <utility>

namespace paretoscope {

namespace {

constexpr std::size_t kBatch = 200;

} // namespace

LoaderRequest recalibrationRequest(const DataSubset& train, const Preprocessing& preprocessing, const Augmentation& augmentation, int resolution, const RecalibrationOptions& options)
{
    LoaderRequest request;
    request.images = drawImages(train, std::min(options.images, train.size()), options.seed);
    request.preprocessing = preprocessing;
    request.augmentation = augmentation;
    request.resolution = fixedResolution(resolution);
    request.batchSize = kBatch;
    request.seed = options.seed;
    request.threads = options.threads;
    return request;
}

NextImages imagesOfLoader(BatchLoader& loader, OnStep onStep)
{
    return [&loader, onStep = std::move(onStep)]() -> std::optional<Tensor> {
        auto batch = loader.next();
        if (!batch)
            return std::nullopt;
        reportStep(onStep, "recalibrating batch norm", static_cast<double>(batch->index) / static_cast<double>(loader.batches()));
        return imagesOf(std::make_shared<const DataBatch>(std::move(*batch)));
    };
}

} // namespace paretoscope

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

std::size_t withRecalibrationImages(const RecalibrationOptions& options, int resolution, const std::function<void(const NextImages&)>& recalibrate, const OnStep& onStep)
{
    LoaderRequest request;
    request.images = drawImages(options.train, std::min(options.images, options.train.size()), options.seed);
    request.preprocessing = options.preprocessing;
    request.augmentation = options.augmentation;
    request.resolution = fixedResolution(resolution);
    request.batchSize = kBatch;
    request.seed = options.seed;
    request.threads = options.threads;
    BatchLoader loader(std::move(request));
    recalibrate([&]() -> std::optional<Tensor> {
        auto batch = loader.next();
        if (!batch)
            return std::nullopt;
        reportStep(onStep, "recalibrating batch norm", static_cast<double>(batch->index) / static_cast<double>(loader.batches()));
        return imagesOf(std::make_shared<const DataBatch>(std::move(*batch)));
    });
    return loader.images();
}

std::size_t recalibrate(StaticNet& net, const RecalibrationOptions& options, const OnStep& onStep)
{
    return withRecalibrationImages(options, net.subnet().resolution, [&](const NextImages& next) { net.recalibrate(next); }, onStep);
}

} // namespace paretoscope

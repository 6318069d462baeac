// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many images a net gets right. Counts are whole numbers, so that they can be added up and compared exactly.
#pragma once

#include "base/estimate.h"
#include "base/progress.h"
#include "checkpoint/tensor.h"
#include "engine/batchloader.h"
#include "engine/engine.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace paretoscope {

struct ClassCount {
    std::string name;
    std::size_t images = 0;
    std::size_t correct = 0; // top-1
    bool operator==(const ClassCount&) const = default;
};

struct Evaluation {
    std::size_t images = 0;
    std::size_t top1 = 0;
    std::size_t top5 = 0; // the label is among the five classes of largest logits, or among all where there are fewer
    std::vector<ClassCount> classes; // by label
    bool operator==(const Evaluation&) const = default;
};

/// Logits (images × classes) of images.
using Forward = std::function<Tensor(const Tensor& images)>;

/// Runs every image of the request once. Of equal logits the lower class comes first, as in argmax.
/// @throws ValueError when there is no image; EngineError when the logits have another shape than images × classes of the
/// data set, or hold NaN or infinite values, which no order of classes can be told from; Cancelled; what the loader and
/// `forward` throw.
Evaluation evaluate(const Forward& forward, LoaderRequest request, const OnStep& onStep = {});

/// Of a net at its own resolution, through its frozen graph. @throws as above
Evaluation evaluateNet(const StaticNet& net, const DataSubset& images, const Preprocessing& preprocessing, std::size_t batchSize, int loaderThreads, const OnStep& onStep = {});

/// `correct` of `images` in percent, with the 90 % Wilson score interval: how far the share would vary with other images
/// of the same kind. It says nothing of images of another kind. @throws ValueError when there is no image.
Estimate accuracyEstimate(std::size_t correct, std::size_t images, const std::string& source);

/// The images of a batch as a tensor, images × channels × height × width, without a copy; it keeps the batch alive.
Tensor imagesOf(std::shared_ptr<const DataBatch> batch);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace paretoscope {

namespace {

constexpr std::size_t kTop = 5;

/// How many classes stand before the label; 0: it is the answer.
std::size_t rankOf(std::span<const float> logits, std::size_t label)
{
    std::size_t before = 0;
    for (std::size_t c = 0; c < logits.size(); ++c)
        before += logits[c] > logits[label] || (logits[c] == logits[label] && c < label);
    return before;
}

std::vector<float> checkedLogits(const Tensor& logits, const DataBatch& batch, std::size_t classes)
{
    const auto where = fmt::format("batch {}", batch.index);
    const Shape expected{static_cast<std::int64_t>(batch.size()), static_cast<std::int64_t>(classes)};
    if (logits.shape() != expected)
        throw EngineError({where, "the net's logits have another shape", toString(logits.shape()), toString(expected) + " (images, classes of the data set)"});
    auto values = logits.toFloats();
    const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != values.end()) {
        const auto at = static_cast<std::size_t>(bad - values.begin());
        throw EngineError({where, "the net's logits are not finite, so that no class can be told from them",
            fmt::format("{} for class {} of image {}", *bad, at % classes, batch.images[at / classes]), "finite logits: the weights or the statistics of batch norm are damaged"});
    }
    return values;
}

void count(Evaluation& result, const DataBatch& batch, const std::vector<float>& logits)
{
    const auto classes = result.classes.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto label = static_cast<std::size_t>(batch.labels[i]);
        const auto rank = rankOf(std::span(logits).subspan(i * classes, classes), label);
        ++result.images;
        ++result.classes[label].images;
        result.classes[label].correct += rank == 0;
        result.top1 += rank == 0;
        result.top5 += rank < kTop;
    }
}

} // namespace

Tensor imagesOf(std::shared_ptr<const DataBatch> batch)
{
    const auto side = static_cast<std::int64_t>(batch->resolution);
    Shape shape{static_cast<std::int64_t>(batch->size()), static_cast<std::int64_t>(batch->channels), side, side};
    const auto bytes = std::as_bytes(std::span(batch->pixels));
    return Tensor(DType::F32, std::move(shape), bytes, std::move(batch));
}

Evaluation evaluate(const Forward& forward, LoaderRequest request, const OnStep& onStep)
{
    Evaluation result;
    if (request.images.data)
        for (const auto& name : request.images.data->classNames)
            result.classes.push_back({name});
    BatchLoader loader(std::move(request));
    if (loader.images() == 0)
        throw ValueError({"evaluation", "there is no image to evaluate on", {}, {}});
    const auto total = static_cast<double>(loader.images());
    reportStep(onStep, "evaluating", 0);
    while (auto made = loader.next()) {
        auto batch = std::make_shared<DataBatch>(std::move(*made));
        count(result, *batch, checkedLogits(forward(imagesOf(batch)), *batch, result.classes.size()));
        // Its memory serves another batch, unless the net has kept the images.
        if (batch.use_count() == 1)
            loader.recycle(std::move(*batch));
        reportStep(onStep, "evaluating", static_cast<double>(result.images) / total);
    }
    return result;
}

Evaluation evaluateNet(const StaticNet& net, const DataSubset& images, const Preprocessing& preprocessing, std::size_t batchSize, int loaderThreads, const OnStep& onStep)
{
    LoaderRequest request;
    request.images = images;
    request.preprocessing = preprocessing;
    request.resolution = fixedResolution(net.subnet().resolution);
    request.batchSize = batchSize;
    request.threads = loaderThreads;
    const auto frozen = net.freeze();
    return evaluate([&](const Tensor& input) { return frozen->forward(input); }, std::move(request), onStep);
}

Estimate accuracyEstimate(std::size_t correct, std::size_t images, const std::string& source)
{
    if (images == 0 || correct > images)
        throw ValueError({"accuracy", "not a share of images", fmt::format("{} of {}", correct, images), "at least one image, and no more right than there are"});
    constexpr double z = 1.6448536269514722; // 95th percentile of the normal distribution
    const auto n = static_cast<double>(images);
    const double share = static_cast<double>(correct) / n;
    const double scale = 1 + z * z / n, middle = (share + z * z / (2 * n)) / scale;
    const double half = z / scale * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    Estimate e;
    e.value = 100 * share;
    // Rounding may not put the value outside its own band.
    e.low = std::clamp(100 * (middle - half), 0.0, e.value);
    e.high = std::clamp(100 * (middle + half), e.value, 100.0);
    e.kind = Kind::Measured;
    e.source = fmt::format("{}; band: 90 % Wilson score interval of the sampling error of {} images", source, images);
    return e;
}

} // namespace paretoscope

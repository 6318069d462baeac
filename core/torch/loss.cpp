// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "loss.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& target) { return (-target * at::log_softmax(logits, 1)).sum(1).mean(); }

/// Built in float32 whatever the logits are, as the reference does: 0.1 is another number there.
at::Tensor smoothedLabels(const at::Tensor& labels, std::int64_t classes, double smoothing)
{
    const auto ones = at::one_hot(labels, classes).to(at::kFloat);
    return ones * (1 - smoothing) + smoothing / static_cast<double>(classes);
}

} // namespace

Loss LossTensors::values() const
{
    return {total.item<double>(), distillation.defined() ? distillation.item<double>() : 0, classification.item<double>()};
}

LossTensors lossOf(const at::Tensor& logits, const std::vector<std::int64_t>& labels, const at::Tensor& teacherLogits, const LossOptions& options)
{
    const auto classes = logits.size(1);
    if (logits.size(0) != static_cast<std::int64_t>(labels.size()))
        throw ValueError({"labels", "are not one an image", fmt::format("{}", labels.size()), fmt::format("{}", logits.size(0))});
    for (const auto label : labels)
        if (label < 0 || label >= classes)
            throw ValueError({"labels", "no such class", fmt::format("{}", label), fmt::format("0 to {}", classes - 1)});
    const auto index = at::tensor(labels, at::kLong).to(logits.device());
    LossTensors loss;
    loss.classification = crossEntropy(logits, smoothedLabels(index, classes, options.labelSmoothing).to(logits.scalar_type()));
    loss.total = loss.classification;
    if (teacherLogits.defined()) {
        loss.distillation = options.distillation == Distillation::MeanSquaredError ? at::mse_loss(logits, teacherLogits)
                                                                                   : crossEntropy(logits, at::softmax(teacherLogits, 1));
        loss.total = options.distillationRatio * loss.distillation + loss.classification;
    }
    return loss;
}

} // namespace paretoscope

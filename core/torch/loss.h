// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Losses on tensors, so that training differentiates them.
#pragma once

#include "convert.h"

namespace paretoscope {

struct LossTensors {
    at::Tensor total, distillation, classification; // distillation is undefined without a teacher
    Loss values() const;
};

/// `teacherLogits` is undefined where there is no teacher. @throws ValueError when labels do not fit the logits.
LossTensors lossOf(const at::Tensor& logits, const std::vector<std::int64_t>& labels, const at::Tensor& teacherLogits, const LossOptions& options);

} // namespace paretoscope

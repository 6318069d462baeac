// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The weights of a multilayer perceptron as the two kinds of predictor checkpoints spell them.
#pragma once

#include "checkpoint/tensor.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// One linear layer, y = W x + b.
struct LinearWeights {
    int inputs = 0;
    int outputs = 0;
    std::vector<float> weight; // [outputs, inputs], C order
    std::vector<float> bias; // [outputs]; empty where there is none
    bool operator==(const LinearWeights&) const = default;
};

enum class MlpLayout {
    Sequential, // the tutorial: "0.weight", "0.bias", "2.weight", …
    OfaNas, // "layers.0.0.weight", "layers.0.0.bias", …, "layers.3.weight", "base_acc"
};

/// Linear layers with ReLU between them; the last has one output. `baseAccuracy` is added to it.
struct MlpWeights {
    MlpLayout layout = MlpLayout::Sequential;
    std::vector<LinearWeights> layers; // two or more
    std::optional<float> baseAccuracy;
    int inputs() const { return layers.front().inputs; }
    bool operator==(const MlpWeights&) const = default;
};

/// Whether the names are those of an MLP predictor rather than of a net.
bool looksLikeMlp(const StateDict& tensors);

/// Reads either layout; a leading "module." on all names is dropped.
/// @throws FormatError that names every key that is missing, unknown, of another type than float32, of a shape that
/// does not fit its neighbours, or that holds NaN or infinite values.
MlpWeights readMlpWeights(const StateDict& tensors, const std::string& where);
/// The same keys and shapes again.
StateDict toStateDict(const MlpWeights& weights);

} // namespace paretoscope

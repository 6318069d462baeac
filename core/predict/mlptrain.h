// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Training of MLP accuracy predictors on measured nets, minutes to seconds on one core.
#pragma once

#include "predict/mlp.h"
#include "predict/samples.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

struct MlpTrainOptions {
    int members = 10; // of the ensemble
    int width = 31; // of each hidden layer of a member
    int hiddenLayers = 2;
    int epochs = 60;
    int batch = 64;
    double learningRate = 1e-3; // Adam's, falling to zero along a cosine
    double weightDecay = 1; // decoupled: a share of a weight, times the rate, is taken off each step
    std::vector<int> interpolate; // resolutions without samples, between those with some
    std::uint64_t seed = 1;
    int threads = 1; // members are trained side by side; the result does not depend on it
};

/// Called now and then, from one thread at a time, with the share done; false stops the training.
using OnTraining = std::function<bool(double share)>;

/// Trains an ensemble. An additive ridge fit (offsets for each group and resolution) gives a linear path from the
/// inputs to the output, with the mean offset of each resolution; the members, all from other seeds, learn what that
/// leaves. All of it is one MLP of hidden layers with block-diagonal weights: the members side by side, their outputs
/// averaged, beside a few units that pass the linear path through. Its encoding is of the `ofa.nas` kind.
///
/// The linear path is split so that what a unit carries is near zero: it survives bfloat16.
/// @return the predictor; nullptr when stopped.
/// @throws ValueError as fitAdditive(), when an option is out of range, or as checkInterpolation().
std::shared_ptr<const MlpPredictor> trainMlp(const SearchSpace& space, std::span<const Sample> samples,
    const MlpTrainOptions& options, const std::string& where, const OnTraining& onTraining = {});

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One member of an ensemble, and its training. Private to this folder.
#pragma once

#include "base/random.h"
#include "predict/mlptrain.h"

#include <Eigen/Core>

#include <functional>
#include <vector>

namespace paretoscope {

/// A parameter with the two moments of Adam (Kingma and Ba, ICLR 2015).
template <typename T>
struct MlpParameter {
    T value, gradient, mean, square;

    void zero();
    /// `decay`: decoupled, as of AdamW (Loshchilov and Hutter, ICLR 2019). The corrections are 1 − βᵗ.
    void step(float rate, float decay, float meanCorrection, float squareCorrection);
};

struct MlpMember {
    struct Layer {
        MlpParameter<Eigen::MatrixXf> weight; // [outputs, inputs]
        MlpParameter<Eigen::VectorXf> bias;
    };
    std::vector<Layer> layers; // ReLU between them; the last has one output

    /// Uniform draws at the scale of He et al. (2015); `onesIn` inputs of the first layer are one at a time.
    MlpMember(int inputs, int onesIn, const MlpTrainOptions& options, Random& random);
    /// One pass over a batch, forward and back, with the mean square error as the loss. `x`: inputs down, nets across;
    /// `units` is scratch.
    void gradients(const Eigen::MatrixXf& x, const Eigen::VectorXf& target, std::vector<Eigen::MatrixXf>& units);
    void step(float rate, float decay, int steps);
};

/// Which inputs of each sample are one, and what is to be learnt of it, scaled to unit size.
struct MlpTask {
    std::vector<std::vector<int>> ones;
    std::vector<float> target;
    int inputs = 0;
    int onesIn = 1; // the most at a time
};

/// `goOn` is asked after each epoch. False when it said no.
bool trainMember(MlpMember& member, const MlpTask& task, const MlpTrainOptions& options, Random& random,
    const std::function<bool()>& goOn);

} // namespace paretoscope

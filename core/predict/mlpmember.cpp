// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/mlpmember.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace paretoscope {

namespace {

constexpr float kMeanDecay = 0.9f, kSquareDecay = 0.999f;

} // namespace

template <typename T>
void MlpParameter<T>::zero()
{
    gradient = mean = square = T::Zero(value.rows(), value.cols());
}

template <typename T>
void MlpParameter<T>::step(float rate, float decay, float meanCorrection, float squareCorrection)
{
    constexpr float kEps = 1e-8f;
    mean.array() = kMeanDecay * mean.array() + (1 - kMeanDecay) * gradient.array();
    square.array() = kSquareDecay * square.array() + (1 - kSquareDecay) * gradient.array().square();
    value.array() -= rate
        * (mean.array() / meanCorrection / ((square.array() / squareCorrection).sqrt() + kEps) + decay * value.array());
}

MlpMember::MlpMember(int inputs, int onesIn, const MlpTrainOptions& o, Random& random)
{
    int in = inputs;
    for (int i = 0; i <= o.hiddenLayers; ++i) {
        const bool last = i == o.hiddenLayers;
        const int out = last ? 1 : o.width;
        // Small at the end: an ensemble of few samples and steps stays near the linear path.
        const double bound = (last ? 0.1 : 1.0) * std::sqrt(6.0 / (i == 0 ? onesIn : in));
        Layer layer;
        layer.weight.value.resize(out, in);
        for (Eigen::Index column = 0; column < in; ++column)
            for (Eigen::Index row = 0; row < out; ++row)
                layer.weight.value(row, column) = static_cast<float>(bound * (2 * random.uniform() - 1));
        layer.bias.value = Eigen::VectorXf::Zero(out);
        layer.weight.zero();
        layer.bias.zero();
        layers.push_back(std::move(layer));
        in = out;
    }
}

void MlpMember::gradients(
    const Eigen::MatrixXf& x, const Eigen::VectorXf& target, std::vector<Eigen::MatrixXf>& units)
{
    units.resize(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        units[i].noalias() = layers[i].weight.value * (i == 0 ? x : units[i - 1]);
        units[i].colwise() += layers[i].bias.value;
        if (i + 1 < layers.size())
            units[i] = units[i].cwiseMax(0.0f);
    }
    Eigen::MatrixXf delta = (units.back() - target.transpose()) * (2 / static_cast<float>(target.size()));
    for (std::size_t i = layers.size(); i-- > 0;) {
        const auto& in = i == 0 ? x : units[i - 1];
        layers[i].weight.gradient.noalias() = delta * in.transpose();
        layers[i].bias.gradient = delta.rowwise().sum();
        if (i > 0)
            delta = ((layers[i].weight.value.transpose() * delta).array() * (in.array() > 0).cast<float>()).matrix().eval();
    }
}

void MlpMember::step(float rate, float decay, int steps)
{
    const auto a = static_cast<float>(1 - std::pow(kMeanDecay, steps)), b = static_cast<float>(1 - std::pow(kSquareDecay, steps));
    for (auto& layer : layers) {
        layer.weight.step(rate, decay, a, b);
        layer.bias.step(rate, 0, a, b);
    }
}

bool trainMember(MlpMember& member, const MlpTask& task, const MlpTrainOptions& o, Random& random,
    const std::function<bool()>& goOn)
{
    const auto n = task.target.size(), batch = std::min(n, static_cast<std::size_t>(o.batch));
    const auto stepsAnEpoch = n / batch; // the few left over come in another epoch
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    Eigen::MatrixXf x(task.inputs, static_cast<Eigen::Index>(batch));
    Eigen::VectorXf target(static_cast<Eigen::Index>(batch));
    std::vector<Eigen::MatrixXf> units;
    int steps = 0;
    const double total = static_cast<double>(stepsAnEpoch) * o.epochs;
    for (int epoch = 0; epoch < o.epochs; ++epoch) {
        for (std::size_t i = n; i > 1; --i)
            std::swap(order[i - 1], order[random.below(i)]);
        for (std::size_t s = 0; s < stepsAnEpoch; ++s) {
            x.setZero();
            for (std::size_t i = 0; i < batch; ++i) {
                const auto sample = order[s * batch + i];
                for (const int input : task.ones[sample])
                    x(input, static_cast<Eigen::Index>(i)) = 1;
                target[static_cast<Eigen::Index>(i)] = task.target[sample];
            }
            member.gradients(x, target, units);
            const double rate = 0.5 * o.learningRate * (1 + std::cos(std::numbers::pi * steps / total));
            member.step(static_cast<float>(rate), static_cast<float>(o.weightDecay), ++steps);
        }
        if (!goOn())
            return false;
    }
    return true;
}

} // namespace paretoscope

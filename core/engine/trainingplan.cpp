// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trainingplan.h"

#include "engine/evaluate.h"
#include "space/keys.h"
#include "space/sampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace paretoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTimedSteps = 7;
constexpr std::size_t kEvaluationBatch = 200;

// What is drawn from the seed of the run must not repeat from one use to the next.
enum Stream : std::uint64_t { kOrder = 1, kResolutions, kSubnets, kValidation, kInitial, kRandomSubnet };

/// Whether a transform of kernels ends at one of these.
bool leadsTo(const std::string& transform, const std::vector<int>& kernels)
{
    return std::any_of(kernels.begin(), kernels.end(), [&](int k) { return transform.ends_with(fmt::format("to{}_matrix", k)); });
}

double msSince(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

/// From a step at one resolution to the mean over all: work grows with the pixels.
double toMeanResolution(const std::vector<int>& resolutions, std::int64_t resolution)
{
    double pixels = 0;
    for (const int r : resolutions)
        pixels += static_cast<double>(r) * r / static_cast<double>(resolutions.size());
    return pixels / static_cast<double>(resolution * resolution);
}

} // namespace

StateDict copyOf(const StateDict& dict)
{
    StateDict copy;
    for (const auto& [name, tensor] : dict.tensors()) {
        const auto bytes = std::make_shared<Bytes>(tensor.contiguousBytes());
        copy.add(name, Tensor(tensor.dtype(), tensor.shape(), *bytes, bytes));
    }
    return copy;
}

TrainingPlan::TrainingPlan(TrainingSetup setup)
    : m_setup(std::move(setup))
{
    checkTrainingConfig(config(), space());
    for (const auto& p : config().phases)
        m_phaseSpaces.push_back(spaceOfPhase(space(), p));
    m_batches = m_setup.data.train.size() / config().batchSize;
    if (m_batches == 0)
        throw ValueError({"batchSize", "there are fewer images to train on", fmt::format("{}", config().batchSize), fmt::format("at most {}", m_setup.data.train.size())});
    if (m_setup.data.validation.size() == 0)
        throw ValueError({"validationImages", "no image is held out for validation", {}, "at least one"});
    m_validation = drawImages(m_setup.data.validation, std::min(config().validateOn, m_setup.data.validation.size()), drawSeed(config().seed, kValidation, 0));
}

std::uint64_t TrainingPlan::initialSeed() const { return drawSeed(config().seed, kInitial, 0); }

TrainerOptions TrainingPlan::trainerOptions(std::size_t phase) const
{
    TrainerOptions options{config().loss, config().momentum, config().weightDecay, {}};
    // Transforms to kernels that are not trained yet stay the identity, instead of decaying.
    const auto& stages = m_phaseSpaces[phase].stages;
    for (const auto& key : supernetKeys(space()))
        if (key.name.ends_with("_matrix") && std::none_of(stages.begin(), stages.end(), [&](const StageSpec& s) { return leadsTo(key.name, s.kernels); }))
            options.fixed.push_back(key.name);
    return options;
}

LearningRates TrainingPlan::rates(std::size_t i) const
{
    const auto& p = phase(i);
    return {p.warmupLearningRate, p.learningRate, p.epochs, p.warmupEpochs, m_batches};
}

LoaderRequest TrainingPlan::images(std::size_t phase, int epoch, std::size_t firstBatch) const
{
    LoaderRequest request;
    request.images = m_setup.data.train;
    request.preprocessing = m_setup.preprocessing;
    request.augmentation = config().augmentation;
    request.resolution = drawnResolutions(m_phaseSpaces[phase].resolutions, drawSeed(config().seed, kResolutions, phase), static_cast<std::uint64_t>(epoch));
    request.batchSize = config().batchSize;
    request.shuffle = true;
    request.dropLast = true;
    request.seed = drawSeed(config().seed, kOrder, phase);
    request.epoch = static_cast<std::uint64_t>(epoch);
    request.firstBatch = firstBatch;
    request.threads = m_setup.loaderThreads;
    return request;
}

TrainingStep TrainingPlan::step(std::size_t i, std::size_t step, DataBatch batch, double learningRate) const
{
    TrainingStep s;
    s.subnets = subnetsOfStep(space(), m_phaseSpaces[i], phase(i), drawSeed(config().seed, kSubnets, 0), i, step, batch.resolution);
    s.labels = batch.labels;
    s.images = imagesOf(std::make_shared<const DataBatch>(std::move(batch)));
    s.learningRate = learningRate;
    return s;
}

std::optional<int> TrainingPlan::sortBefore(std::size_t phase) const
{
    std::size_t trained = 0;
    bool grows = false;
    for (std::size_t s = 0; phase > 0 && s < space().stages.size(); ++s) {
        const auto n = m_phaseSpaces[phase - 1].stages[s].expansions.size();
        trained = std::max(trained, n);
        grows = grows || m_phaseSpaces[phase].stages[s].expansions.size() > n;
    }
    return grows ? std::optional(static_cast<int>(trained) - 1) : std::nullopt;
}

bool TrainingPlan::validatedAfter(std::size_t i, int epoch) const
{
    return epoch + 1 == phase(i).totalEpochs() || (epoch + 1) % config().validateEvery == 0;
}

std::size_t TrainingPlan::validations(std::size_t i) const
{
    std::size_t n = 0;
    for (int epoch = 0; epoch < phase(i).totalEpochs(); ++epoch)
        n += validatedAfter(i, epoch);
    return n;
}

RecalibrationOptions TrainingPlan::recalibration(std::size_t images) const
{
    return {m_setup.data.train, m_setup.preprocessing, config().augmentation, images, config().seed, m_setup.loaderThreads};
}

std::vector<SubnetAccuracy> TrainingPlan::validate(std::size_t phase, int epoch, const Supernet& supernet, const OnStep& onStep) const
{
    constexpr std::uint64_t kMostEpochs = 1 << 20;
    Random random(drawSeed(config().seed, kRandomSubnet, phase * kMostEpochs + static_cast<std::uint64_t>(epoch)));
    const auto& phaseSpace = m_phaseSpaces[phase];
    std::vector<SubnetAccuracy> result;
    const auto add = [&](const char* which, const Subnet& inPhase) {
        const auto subnet = subnetOfPhase(space(), phaseSpace, inPhase);
        const auto net = supernet.extract(subnet);
        recalibrate(*net, recalibration(config().recalibrationImages), onStep);
        const auto evaluation = evaluateNet(*net, m_validation, m_setup.preprocessing, kEvaluationBatch, m_setup.loaderThreads, onStep);
        result.push_back({which, subnet, evaluation.top1, evaluation.images});
    };
    add("largest", phaseSpace.largest());
    add("smallest", phaseSpace.smallest());
    add("random", uniformSubnet(phaseSpace, random));
    return result;
}

PhaseCost TrainingPlan::measureCost(Engine& engine, std::size_t i, const StateDict& weights) const
{
    const auto supernet = engine.supernet(m_setup.parts, copyOf(weights), NetPrecision::Float32);
    const auto teacher = phase(i).distill ? std::shared_ptr<StaticNet>(supernet->extract(space().largest())) : nullptr;
    PhaseCost cost;
    {
        const auto trainer = supernet->trainer(trainerOptions(i), teacher);
        BatchLoader loader(images(i, 0, 0));
        std::vector<double> ms;
        for (std::size_t k = 0; k < kTimedSteps; ++k) {
            auto batch = loader.next();
            if (!batch)
                break;
            const auto one = step(i, k, std::move(*batch), 0);
            const auto begin = Clock::now();
            trainer->step(one);
            if (k > 0 || m_batches == 1) // the first one makes what later ones find
                ms.push_back(msSince(begin) * toMeanResolution(m_phaseSpaces[i].resolutions, one.images.shape()[2]));
        }
        cost.stepMs = median(std::move(ms));
    }
    const auto begin = Clock::now();
    validate(i, 0, *supernet, {});
    cost.validationMs = msSince(begin);
    cost.steps = m_batches * static_cast<std::size_t>(phase(i).totalEpochs());
    cost.validations = validations(i);
    return cost;
}

} // namespace paretoscope

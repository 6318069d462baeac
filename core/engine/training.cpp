// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training.h"

#include "engine/evaluate.h"
#include "engine/recalibration.h"
#include "engine/schedule.h"
#include "space/keys.h"
#include "space/sampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace paretoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenCheckpoints{60};
constexpr int kTimedSteps = 7;
constexpr std::size_t kEvaluationBatch = 200;
constexpr std::size_t kBundleRecalibration = 2000; // at least, of what is handed on

// What is drawn from the seed of the run must not repeat from one use to the next.
enum Stream : std::uint64_t { kOrder = 1, kResolutions, kSubnets, kValidation, kInitial, kRandomSubnet };

/// Whether a transform of kernels ends at one of these.
bool leadsTo(const std::string& transform, const std::vector<int>& kernels)
{
    return std::any_of(kernels.begin(), kernels.end(), [&](int k) { return transform.ends_with(fmt::format("to{}_matrix", k)); });
}

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

StateDict copyOf(const StateDict& dict)
{
    StateDict copy;
    for (const auto& [name, tensor] : dict.tensors()) {
        auto bytes = std::make_shared<Bytes>(tensor.contiguousBytes());
        copy.add(name, Tensor(tensor.dtype(), tensor.shape(), *bytes, bytes));
    }
    return copy;
}

} // namespace

class Training::Impl {
public:
    Impl(Engine& engine, TrainingSetup setup, std::optional<TrainingState> state)
        : m_engine(engine)
        , m_setup(std::move(setup))
    {
        checkTrainingConfig(config(), space());
        for (const auto& p : config().phases)
            m_phaseSpaces.push_back(spaceOfPhase(space(), p));
        m_batches = m_setup.data.train.size() / config().batchSize;
        if (m_batches == 0)
            throw ValueError({"batchSize", "there are fewer images to train on", fmt::format("{}", config().batchSize), fmt::format("at most {}", m_setup.data.train.size())});
        if (m_setup.data.validation.size() == 0)
            throw ValueError({"validationImages", "no image is held out for validation", {}, "at least one"});
        m_validation = drawImages(m_setup.data.validation, std::min(config().validateOn, m_setup.data.validation.size()), seedOf(kValidation));
        if (state)
            adopt(std::move(*state));
        else
            m_state.weights = m_engine.initialWeights(*m_setup.parts, seedOf(kInitial));
        m_state.config = toJson(config());
        m_supernet = m_engine.supernet(m_setup.parts, m_state.weights, NetPrecision::Float32);
        m_state.weights = m_supernet->weights();
        m_costs.resize(config().phases.size());
    }

    const TrainingConfig& config() const { return m_setup.config; }
    const SearchSpace& space() const { return m_setup.parts->space(); }
    bool finished() const { return m_state.phase >= config().phases.size(); }

    void adopt(TrainingState state)
    {
        if (state.config != toJson(config()))
            throw ValueError({m_setup.checkpoint.string(), "the checkpoint belongs to a run with another configuration", {}, "the configuration that the run began with"});
        if (state.phase > config().phases.size() || (state.phase < config().phases.size() && (state.epoch >= config().phases[state.phase].totalEpochs() || state.batch >= m_batches)))
            throw FormatError({m_setup.checkpoint.string(), "the checkpoint stands where the run never is", fmt::format("phase {}, epoch {}, batch {}", state.phase, state.epoch, state.batch), {}});
        m_state = std::move(state);
    }

    // --- what time it takes

    const std::vector<PhaseCost>& measureCosts(const std::function<bool(std::size_t)>& onPhase)
    {
        for (std::size_t i = m_state.phase; i < config().phases.size(); ++i) {
            if (onPhase && !onPhase(i))
                throw Cancelled();
            auto supernet = m_engine.supernet(m_setup.parts, copyOf(m_state.weights), NetPrecision::Float32);
            const auto teacher = config().phases[i].distill ? std::shared_ptr<StaticNet>(supernet->extract(space().largest())) : nullptr;
            auto trainer = supernet->trainer(trainerOptions(i), teacher);
            BatchLoader loader(trainingRequest(i, 0, 0));
            std::vector<double> ms;
            for (int k = 0; k < kTimedSteps; ++k) {
                auto batch = loader.next();
                if (!batch)
                    break;
                auto step = stepOf(i, static_cast<std::size_t>(k), std::move(*batch), 0);
                const auto begin = Clock::now();
                trainer->step(step);
                if (k > 0 || m_batches == 1) // the first one makes what later ones find
                    ms.push_back(1000 * secondsSince(begin) * resolutionFactor(i, step.images.shape()[2]));
            }
            loader.cancel();
            auto& cost = m_costs[i];
            cost.stepMs = medianOf(ms);
            const auto begin = Clock::now();
            validate(i, 0, *supernet, {});
            cost.validationMs = 1000 * secondsSince(begin);
            const auto epochs = config().phases[i].totalEpochs();
            cost.steps = m_batches * static_cast<std::size_t>(epochs);
            cost.validations = static_cast<std::size_t>((epochs + config().validateEvery - 1) / config().validateEvery);
        }
        return m_costs;
    }

    // --- the run

    void run(const TrainingHost& host)
    {
        m_host = &host;
        save();
        while (!finished()) {
            const auto phase = m_state.phase;
            if (host.onPhaseBegin)
                host.onPhaseBegin(phase);
            beginTrainer();
            while (m_state.epoch < config().phases[phase].totalEpochs())
                runEpoch();
            endPhase();
        }
    }

    const TrainingState& state() const { return m_state; }
    std::size_t batches() const { return m_batches; }

private:
    std::uint64_t seedOf(Stream stream, std::uint64_t more = 0) const { return drawSeed(config().seed, stream, more); }

    TrainerOptions trainerOptions(std::size_t phase) const
    {
        TrainerOptions options{config().loss, config().momentum, config().weightDecay, {}};
        // Transforms to kernels that are not trained yet stay the identity, instead of decaying.
        for (const auto& key : supernetKeys(space()))
            if (key.name.ends_with("_matrix") && std::none_of(m_phaseSpaces[phase].stages.begin(), m_phaseSpaces[phase].stages.end(), [&](const StageSpec& s) { return leadsTo(key.name, s.kernels); }))
                options.fixed.push_back(key.name);
        return options;
    }

    LoaderRequest trainingRequest(std::size_t phase, int epoch, std::size_t firstBatch) const
    {
        LoaderRequest request;
        request.images = m_setup.data.train;
        request.preprocessing = m_setup.preprocessing;
        request.augmentation = config().augmentation;
        request.resolution = drawnResolutions(m_phaseSpaces[phase].resolutions, seedOf(kResolutions, phase), static_cast<std::uint64_t>(epoch));
        request.batchSize = config().batchSize;
        request.shuffle = true;
        request.dropLast = true;
        request.seed = seedOf(kOrder, phase);
        request.epoch = static_cast<std::uint64_t>(epoch);
        request.firstBatch = firstBatch;
        request.threads = m_setup.loaderThreads;
        return request;
    }

    TrainingStep stepOf(std::size_t phase, std::size_t step, DataBatch batch, double learningRate) const
    {
        TrainingStep s;
        s.subnets = subnetsOfStep(space(), m_phaseSpaces[phase], config().phases[phase], seedOf(kSubnets), phase, step, batch.resolution);
        s.labels = batch.labels;
        s.images = imagesOf(std::make_shared<const DataBatch>(std::move(batch)));
        s.learningRate = learningRate;
        return s;
    }

    void beginTrainer()
    {
        const auto phase = m_state.phase;
        const auto teacher = config().phases[phase].distill
            ? std::shared_ptr<StaticNet>(m_engine.staticNet(m_setup.parts, space().largest(), m_state.teacher, NetPrecision::Float32))
            : nullptr;
        m_teacher = teacher;
        m_trainer = m_supernet->trainer(trainerOptions(phase), teacher);
        if (!m_state.momentum.empty())
            m_trainer->setMomentum(m_state.momentum);
    }

    void runEpoch()
    {
        const auto phase = m_state.phase;
        const auto epoch = m_state.epoch;
        const auto& spec = config().phases[phase];
        const LearningRates rates{spec.warmupLearningRate, spec.learningRate, spec.epochs, spec.warmupEpochs, m_batches};
        BatchLoader loader(trainingRequest(phase, epoch, m_state.batch));
        while (m_state.batch < m_batches) {
            if (!progress("training")) {
                save();
                throw Cancelled();
            }
            const auto begin = Clock::now();
            auto batch = loader.next();
            const auto step = stepOf(phase, static_cast<std::size_t>(epoch) * m_batches + m_state.batch, std::move(*batch), rates.at(epoch, m_state.batch));
            const auto report = m_trainer->step(step);
            addStep(report, secondsSince(begin));
            ++m_state.batch;
            if (m_state.batch < m_batches && Clock::now() - m_saved >= kBetweenCheckpoints)
                save();
        }
        endEpoch(rates.at(epoch, m_batches - 1));
    }

    void addStep(const StepReport& report, double seconds)
    {
        auto& sums = m_state.sums;
        const auto subnets = static_cast<double>(report.losses.size());
        double total = 0;
        for (const auto& loss : report.losses) {
            total += loss.total / subnets;
            sums.distillation += loss.distillation / subnets;
            sums.classification += loss.classification / subnets;
        }
        if (!std::isfinite(total) || !std::isfinite(report.gradientNorm))
            throw EngineError({fmt::format("phase {}, epoch {}, batch {}", quote(config().phases[m_state.phase].name), m_state.epoch + 1, m_state.batch + 1), "training has diverged: the loss is no number any more",
                fmt::format("loss {}", total), "a smaller learningRate; the checkpoint before it is kept"});
        sums.loss += total;
        sums.gradientNorm += report.gradientNorm;
        sums.seconds += seconds;
        ++sums.steps;
        m_secondsHere += seconds;
        ++m_stepsHere;
    }

    void endEpoch(double learningRate)
    {
        const auto phase = m_state.phase;
        const auto& spec = config().phases[phase];
        EpochRecord record{phase, m_state.epoch, learningRate, m_state.sums, {}};
        const bool last = m_state.epoch + 1 == spec.totalEpochs();
        if (last || (m_state.epoch + 1) % config().validateEvery == 0)
            record.accuracies = validate(phase, m_state.epoch, *m_supernet, [&](const std::string&, double) { return progress("validating"); });
        m_state.epochs.push_back(record);
        m_state.sums = {};
        m_state.batch = 0;
        ++m_state.epoch;
        if (m_host->onEpoch)
            m_host->onEpoch(record);
        if (!last) // the last one is saved together with the beginning of the next phase
            save();
    }

    void endPhase()
    {
        const auto phase = m_state.phase;
        m_trainer.reset(); // gradients are of no use any more
        m_teacher.reset();
        if (phase == 0)
            m_state.teacher = copyOf(m_supernet->extract(space().largest())->weights());
        if (m_host->onPhaseEnd)
            m_host->onPhaseEnd(phase, recalibratedWeights());
        if (phase + 1 < config().phases.size())
            sortChannels(phase, phase + 1);
        ++m_state.phase;
        m_state.epoch = 0;
        m_stepsHere = 0;
        m_secondsHere = 0;
        save();
    }

    /// Where smaller expansions are trained from now on, leading channels must be the important ones.
    void sortChannels(std::size_t before, std::size_t after)
    {
        std::size_t trained = 0;
        bool grows = false;
        for (std::size_t s = 0; s < space().stages.size(); ++s) {
            const auto n = m_phaseSpaces[before].stages[s].expansions.size();
            trained = std::max(trained, n);
            grows = grows || m_phaseSpaces[after].stages[s].expansions.size() > n;
        }
        if (grows)
            m_supernet->sortChannels(static_cast<int>(trained) - 1);
    }

    RecalibrationOptions recalibration(std::size_t images) const
    {
        return {m_setup.data.train, m_setup.preprocessing, config().augmentation, images, config().seed, m_setup.loaderThreads};
    }

    std::vector<SubnetAccuracy> validate(std::size_t phase, int epoch, Supernet& supernet, const OnStep& onStep) const
    {
        Random random(seedOf(kRandomSubnet, phase * 100'000 + static_cast<std::uint64_t>(epoch)));
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

    StateDict recalibratedWeights() const
    {
        auto copy = m_engine.supernet(m_setup.parts, m_supernet->weights(), NetPrecision::Float32);
        withRecalibrationImages(recalibration(std::max(config().recalibrationImages, kBundleRecalibration)), space().largest().resolution, [&](const NextImages& next) { copy->recalibrate(space().largest(), next); });
        return copyOf(copy->weights());
    }

    bool progress(const char* doing) const
    {
        if (!m_host->onProgress)
            return true;
        TrainingProgress p;
        p.phase = m_state.phase;
        p.epoch = m_state.epoch;
        p.batch = m_state.batch;
        p.batches = m_batches;
        p.loss = m_state.sums.steps ? m_state.sums.loss / static_cast<double>(m_state.sums.steps) : 0;
        p.doing = doing;
        p.secondsLeft = secondsLeft();
        const double done = secondsDone();
        p.share = done + p.secondsLeft > 0 ? done / (done + p.secondsLeft) : 0;
        return m_host->onProgress(p);
    }

    double secondsDone() const
    {
        return std::accumulate(m_state.epochs.begin(), m_state.epochs.end(), m_state.sums.seconds, [](double sum, const EpochRecord& e) { return sum + e.sums.seconds; });
    }

    /// Later phases as measured before, corrected by how this one compares with its measurement.
    double secondsLeft() const
    {
        if (finished())
            return 0;
        const auto phase = m_state.phase;
        constexpr std::size_t kEnoughSteps = 20;
        const double measured = m_costs[phase].stepMs;
        const double seen = m_stepsHere >= kEnoughSteps ? 1000 * m_secondsHere / static_cast<double>(m_stepsHere) : measured;
        const double drift = measured > 0 ? seen / measured : 1;
        const auto stepsHere = m_batches * static_cast<std::size_t>(config().phases[phase].totalEpochs() - m_state.epoch) - m_state.batch;
        double ms = seen * static_cast<double>(stepsHere);
        ms += drift * m_costs[phase].validationMs * static_cast<double>(config().phases[phase].totalEpochs() - m_state.epoch) / config().validateEvery;
        for (auto i = phase + 1; i < config().phases.size(); ++i)
            ms += drift * 1000 * m_costs[i].seconds();
        return ms / 1000;
    }

    /// From a step at one resolution to the mean over those of the phase: work grows with the pixels.
    double resolutionFactor(std::size_t phase, std::int64_t resolution) const
    {
        const auto& all = m_phaseSpaces[phase].resolutions;
        double pixels = 0;
        for (const int r : all)
            pixels += static_cast<double>(r) * r / static_cast<double>(all.size());
        return pixels / static_cast<double>(resolution * resolution);
    }

    static double medianOf(std::vector<double> v)
    {
        std::sort(v.begin(), v.end());
        return v.empty() ? 0 : v[v.size() / 2];
    }

    void save()
    {
        if (m_host->state)
            m_state.host = m_host->state();
        m_state.weights = m_supernet->weights();
        m_state.momentum = m_trainer ? m_trainer->momentum() : StateDict();
        if (m_teacher)
            m_state.teacher = m_teacher->weights(); // its running statistics drift
        saveTrainingState(m_setup.checkpoint, m_state, space());
        m_saved = Clock::now();
    }

    Engine& m_engine;
    TrainingSetup m_setup;
    std::vector<SearchSpace> m_phaseSpaces;
    std::size_t m_batches = 0;
    DataSubset m_validation;
    TrainingState m_state;
    std::unique_ptr<Supernet> m_supernet;
    std::shared_ptr<StaticNet> m_teacher;
    std::unique_ptr<Trainer> m_trainer; // dies before the supernet
    std::vector<PhaseCost> m_costs;
    const TrainingHost* m_host = nullptr;
    Clock::time_point m_saved;
    double m_secondsHere = 0; // steps of this phase in this process
    std::size_t m_stepsHere = 0;
};

Training::Training(Engine& engine, TrainingSetup setup, std::optional<TrainingState> state)
    : m_impl(std::make_unique<Impl>(engine, std::move(setup), std::move(state)))
{
}

Training::~Training() = default;

const std::vector<PhaseCost>& Training::measureCosts(const std::function<bool(std::size_t)>& onPhase) { return m_impl->measureCosts(onPhase); }

void Training::run(const TrainingHost& host) { m_impl->run(host); }

const TrainingState& Training::state() const { return m_impl->state(); }

bool Training::finished() const { return m_impl->finished(); }

std::size_t Training::batches() const { return m_impl->batches(); }

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training.h"

#include "engine/trainingplan.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace paretoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenCheckpoints{60};
constexpr std::size_t kBundleRecalibration = 2000; // images, at least, for weights that are handed on
constexpr std::size_t kEnoughSteps = 20;           // to go by the speed of this phase

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Whether a run that began with `before` may go on with `now`: phases that have not begun may change.
bool mayFollow(const Json& before, const Json& now, std::size_t phasesBegun)
{
    const auto fixed = [&](Json config) {
        auto& phases = config["phases"];
        if (phases.is_array() && phases.size() > phasesBegun)
            phases.erase(phases.begin() + static_cast<std::ptrdiff_t>(phasesBegun), phases.end());
        return config;
    };
    return before.is_object() && fixed(before) == fixed(now);
}

} // namespace

class Training::Impl {
public:
    Impl(Engine& engine, TrainingSetup setup, std::optional<TrainingState> state)
        : m_engine(engine)
        , m_plan(std::move(setup))
        , m_costs(m_plan.phases())
    {
        if (state)
            adopt(std::move(*state));
        else
            m_state.weights = m_engine.initialWeights(*m_plan.setup().parts, m_plan.initialSeed());
        m_state.config = toJson(m_plan.config());
        m_supernet = m_engine.supernet(m_plan.setup().parts, m_state.weights, NetPrecision::Float32);
        m_state.weights = m_supernet->weights();
    }

    bool finished() const { return m_state.phase >= m_plan.phases(); }

    const std::vector<PhaseCost>& measureCosts(const std::function<bool(std::size_t)>& onPhase)
    {
        for (std::size_t i = m_state.phase; i < m_plan.phases(); ++i) {
            if (onPhase && !onPhase(i))
                throw Cancelled();
            auto& cost = m_costs[i] = m_plan.measureCost(m_engine, i, m_state.weights);
            if (i > m_state.phase)
                continue;
            cost.steps -= m_plan.batches() * static_cast<std::size_t>(m_state.epoch) + m_state.batch; // done already
            for (int e = 0; e < m_state.epoch; ++e)
                cost.validations -= m_plan.validatedAfter(i, e);
        }
        return m_costs;
    }

    void run(const TrainingHost& host)
    {
        m_host = &host;
        save();
        while (!finished()) {
            beginPhase();
            while (m_state.epoch < m_plan.phase(m_state.phase).totalEpochs())
                runEpoch();
            endPhase();
        }
    }

    const TrainingState& state() const { return m_state; }
    std::size_t batches() const { return m_plan.batches(); }

private:
    void adopt(TrainingState state)
    {
        const auto where = m_plan.setup().checkpoint.string();
        if (!mayFollow(state.config, toJson(m_plan.config()), state.phase + (state.begun ? 1 : 0)))
            throw ValueError({where, "the checkpoint belongs to a run with another configuration", {}, "the configuration that the run began with; only phases that have not begun may change"});
        const bool done = state.phase == m_plan.phases();
        if (state.phase > m_plan.phases() || (!done && (state.epoch >= m_plan.phase(state.phase).totalEpochs() || state.batch > m_plan.batches())))
            throw FormatError({where, "the checkpoint stands where the run never is", fmt::format("phase {}, epoch {}, batch {}", state.phase, state.epoch, state.batch), {}});
        for (const auto& e : state.epochs)
            if (e.phase >= m_plan.phases() || e.epoch >= m_plan.phase(e.phase).totalEpochs() || e.sums.steps == 0)
                throw FormatError({where, "the checkpoint holds an epoch that the run never has", fmt::format("phase {}, epoch {}, {} steps", e.phase, e.epoch, e.sums.steps), {}});
        m_state = std::move(state);
    }

    void beginPhase()
    {
        const auto phase = m_state.phase;
        if (m_host->onPhaseBegin)
            m_host->onPhaseBegin(phase);
        if (!m_state.begun) {
            if (const auto stage = m_plan.sortBefore(phase))
                m_supernet->sortChannels(*stage);
            m_state.begun = true;
            save();
        }
        m_teacher.reset();
        if (m_plan.phase(phase).distill)
            m_teacher = m_engine.staticNet(m_plan.setup().parts, m_plan.space().largest(), m_state.teacher, NetPrecision::Float32);
        m_trainer = m_supernet->trainer(m_plan.trainerOptions(phase), m_teacher);
        if (!m_state.momentum.empty())
            m_trainer->setMomentum(m_state.momentum);
    }

    void runEpoch()
    {
        const auto phase = m_state.phase;
        const auto epoch = m_state.epoch;
        const auto rates = m_plan.rates(phase);
        BatchLoader loader(m_plan.images(phase, epoch, m_state.batch));
        while (m_state.batch < m_plan.batches()) {
            if (!progress("training"))
                stop();
            const auto begin = Clock::now();
            auto batch = loader.next();
            const auto index = static_cast<std::size_t>(epoch) * m_plan.batches() + m_state.batch;
            const auto report = m_trainer->step(m_plan.step(phase, index, std::move(*batch), rates.at(epoch, m_state.batch)));
            addStep(report, secondsSince(begin));
            ++m_state.batch;
            if (m_state.batch < m_plan.batches() && Clock::now() - m_saved >= kBetweenCheckpoints)
                save();
        }
        endEpoch(rates.at(epoch, m_plan.batches() - 1));
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
            throw EngineError({place(), "training has diverged: the loss or its gradient is no number any more", fmt::format("loss {}, norm of the gradient {}", std::abs(total), std::abs(report.gradientNorm)),
                "a smaller learningRate; the checkpoint before it is kept"});
        sums.loss += total;
        sums.gradientNorm += report.gradientNorm;
        sums.seconds += seconds;
        ++sums.steps;
        m_secondsHere += seconds;
        ++m_stepsHere;
    }

    void endEpoch(double learningRate)
    {
        EpochRecord record{m_state.phase, m_state.epoch, learningRate, m_state.sums, {}};
        if (m_plan.validatedAfter(m_state.phase, m_state.epoch))
            record.accuracies = validate();
        m_state.epochs.push_back(record);
        m_state.sums = {};
        m_state.batch = 0;
        ++m_state.epoch;
        if (m_host->onEpoch)
            m_host->onEpoch(record);
        if (m_state.epoch < m_plan.phase(m_state.phase).totalEpochs()) // the last one is saved as the end of the phase
            save();
    }

    std::vector<SubnetAccuracy> validate()
    {
        try {
            return m_plan.validate(m_state.phase, m_state.epoch, *m_supernet, [&](const std::string&, double) { return progress("validating"); });
        } catch (const Cancelled&) {
            stop();
        } catch (const EngineError& e) {
            throw EngineError({place(), "the validation failed", e.what(), "a smaller learningRate, where training has diverged; the checkpoint before it is kept"});
        }
    }

    [[noreturn]] void stop()
    {
        save();
        throw Cancelled();
    }

    std::string place() const { return fmt::format("phase {}, epoch {}, batch {}", quote(m_plan.phase(m_state.phase).name), m_state.epoch + 1, m_state.batch + 1); }

    void endPhase()
    {
        if (m_teacher)
            m_state.teacher = copyOf(m_teacher->weights());
        m_trainer.reset(); // gradients are of no use any more
        m_teacher.reset();
        if (m_state.phase == 0)
            m_state.teacher = copyOf(m_supernet->extract(m_plan.space().largest())->weights());
        if (m_host->onPhaseEnd)
            m_host->onPhaseEnd(m_state.phase, recalibratedWeights());
        ++m_state.phase;
        m_state.epoch = 0;
        m_state.begun = false;
        m_state.momentum = {};
        m_stepsHere = 0;
        m_secondsHere = 0;
        save();
    }

    StateDict recalibratedWeights() const
    {
        const auto copy = m_engine.supernet(m_plan.setup().parts, m_supernet->weights(), NetPrecision::Float32);
        const auto largest = m_plan.space().largest();
        withRecalibrationImages(m_plan.recalibration(std::max(m_plan.config().recalibrationImages, kBundleRecalibration)), largest.resolution, [&](const NextImages& next) { copy->recalibrate(largest, next); });
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
        p.batches = m_plan.batches();
        p.loss = m_state.sums.steps ? m_state.sums.loss / static_cast<double>(m_state.sums.steps) : 0;
        p.doing = doing;
        p.secondsLeft = secondsLeft();
        const double done = std::accumulate(m_state.epochs.begin(), m_state.epochs.end(), m_state.sums.seconds, [](double sum, const EpochRecord& e) { return sum + e.sums.seconds; });
        p.share = done + p.secondsLeft > 0 ? done / (done + p.secondsLeft) : 0;
        return m_host->onProgress(p);
    }

    /// Later phases as measured before, corrected by how this one compares with its measurement.
    double secondsLeft() const
    {
        const auto phase = m_state.phase;
        const auto& measured = m_costs[phase];
        const double stepMs = m_stepsHere >= kEnoughSteps ? 1000 * m_secondsHere / static_cast<double>(m_stepsHere) : measured.stepMs;
        const double drift = measured.stepMs > 0 ? stepMs / measured.stepMs : 1;
        const auto epochs = m_plan.phase(phase).totalEpochs();
        double ms = stepMs * static_cast<double>(m_plan.batches() * static_cast<std::size_t>(epochs - m_state.epoch) - m_state.batch);
        for (int e = m_state.epoch; e < epochs; ++e)
            ms += m_plan.validatedAfter(phase, e) ? drift * measured.validationMs : 0;
        for (auto i = phase + 1; i < m_plan.phases(); ++i)
            ms += drift * 1000 * m_costs[i].seconds();
        return ms / 1000;
    }

    void save()
    {
        if (m_host->state)
            m_state.host = m_host->state();
        m_state.weights = m_supernet->weights();
        if (m_trainer)
            m_state.momentum = m_trainer->momentum();
        if (m_teacher)
            m_state.teacher = m_teacher->weights(); // its running statistics drift
        saveTrainingState(m_plan.setup().checkpoint, m_state, m_plan.space());
        m_saved = Clock::now();
    }

    Engine& m_engine;
    TrainingPlan m_plan;
    std::vector<PhaseCost> m_costs; // by phase
    TrainingState m_state;
    std::unique_ptr<Supernet> m_supernet;
    std::shared_ptr<StaticNet> m_teacher;
    std::unique_ptr<Trainer> m_trainer; // dies before the supernet
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

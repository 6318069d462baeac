// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each step of a run is, as a function of its place alone: images, subnets, learning rate. Nothing here changes while
// a run goes on. Private to this folder.
#pragma once

#include "engine/recalibration.h"
#include "engine/schedule.h"
#include "engine/training.h"

#include <vector>

namespace paretoscope {

class TrainingPlan {
public:
    /// @throws ValueError as checkTrainingConfig, and for too few images.
    explicit TrainingPlan(TrainingSetup setup);

    const TrainingSetup& setup() const { return m_setup; }
    const TrainingConfig& config() const { return m_setup.config; }
    const SearchSpace& space() const { return m_setup.parts->space(); }
    const TrainingPhase& phase(std::size_t i) const { return config().phases[i]; }
    std::size_t phases() const { return config().phases.size(); }
    std::size_t batches() const { return m_batches; } // an epoch

    std::uint64_t initialSeed() const;
    TrainerOptions trainerOptions(std::size_t phase) const;
    LearningRates rates(std::size_t phase) const;
    LoaderRequest images(std::size_t phase, int epoch, std::size_t firstBatch) const;
    /// `step` counts from the beginning of the phase.
    TrainingStep step(std::size_t phase, std::size_t step, DataBatch batch, double learningRate) const;
    /// The stage of Supernet::sortChannels that is due before this phase; nothing where no expansion is new.
    std::optional<int> sortBefore(std::size_t phase) const;
    bool validatedAfter(std::size_t phase, int epoch) const;
    std::size_t validations(std::size_t phase) const;

    RecalibrationOptions recalibration(std::size_t images) const;
    /// The largest, the smallest and a drawn subnet of the phase, recalibrated. @throws Cancelled
    std::vector<SubnetAccuracy> validate(std::size_t phase, int epoch, const Supernet& supernet, const OnStep& onStep) const;
    /// Times a few steps and a validation on a supernet with these weights, which stay.
    PhaseCost measureCost(Engine& engine, std::size_t phase, const StateDict& weights) const;

private:
    TrainingSetup m_setup;
    std::vector<SearchSpace> m_phaseSpaces;
    std::size_t m_batches = 0;
    DataSubset m_validation;
};

/// Values of their own.
StateDict copyOf(const StateDict& dict);

} // namespace paretoscope

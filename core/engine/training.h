// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Progressive shrinking (Cai et al. 2020, section 3.3): trains a supernet phase by phase, so that it can be stopped at
// any moment, also by force, and goes on exactly where its last checkpoint stands.
#pragma once

#include "engine/dataset.h"
#include "engine/engine.h"
#include "engine/trainingcheckpoint.h"
#include "engine/trainingconfig.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

struct TrainingSetup {
    TrainingConfig config;
    std::shared_ptr<const Parts> parts;
    DataSplits data;
    Preprocessing preprocessing;
    std::filesystem::path checkpoint; // file; made at once, replaced every minute and after every epoch
    int loaderThreads = 1;
};

/// What a phase costs, measured before the run goes on.
struct PhaseCost {
    double stepMs = 0; // median
    double validationMs = 0; // the three subnets of the phase
    std::size_t steps = 0; // still to do
    std::size_t validations = 0;
    double seconds() const { return (stepMs * static_cast<double>(steps) + validationMs * static_cast<double>(validations)) / 1000; }
};

struct TrainingProgress {
    std::size_t phase = 0;
    int epoch = 0;
    std::size_t batch = 0; // steps done in the epoch
    std::size_t batches = 0;
    double loss = 0;     // mean of the epoch so far
    double secondsLeft = 0; // of the whole run, at the speeds seen so far
    double share = 0;    // of its time
    std::string doing;   // "training", "validating"
};

/// What the program does on the way. Everything is optional and called on the thread of Training::run.
struct TrainingHost {
    std::function<bool(const TrainingProgress&)> onProgress; // false: write a checkpoint and stop
    std::function<Json()> state; // joins every checkpoint
    std::function<void(const EpochRecord&)> onEpoch; // before the checkpoint that holds it
    std::function<void(std::size_t phase)> onPhaseBegin;
    /// The phase is trained; `weights` of the supernet with batch norm recalibrated for the largest subnet.
    std::function<void(std::size_t phase, const StateDict& weights)> onPhaseEnd;
};

class Training {
public:
    /// A new run, or the one that `state` comes from. The engine must outlive it.
    /// @throws ValueError as checkTrainingConfig, for too few images, and for a state of another configuration.
    Training(Engine& engine, TrainingSetup setup, std::optional<TrainingState> state = {});
    ~Training();

    /// Times a few steps and one validation of every phase that is not finished, on a copy. @throws Cancelled
    const std::vector<PhaseCost>& measureCosts(const std::function<bool(std::size_t phase)>& onPhase = {});

    /// Trains to the end. @throws Cancelled when the host asked to stop, after a checkpoint; IoError when a checkpoint
    /// cannot be written; EngineError also when the loss is no number any more: the checkpoint before stays.
    void run(const TrainingHost& host);

    const TrainingState& state() const;
    bool finished() const;
    /// Steps of one epoch.
    std::size_t batches() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All that a training run must remember to go on exactly where it stopped, as one safetensors file.
#pragma once

#include "base/json.h"
#include "checkpoint/tensor.h"
#include "space/space.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace paretoscope {

/// How many validation images a subnet got right, its batch norm recalibrated.
struct SubnetAccuracy {
    std::string which; // "largest", "smallest", "random"
    Subnet subnet;
    std::size_t correct = 0;
    std::size_t images = 0;
    bool operator==(const SubnetAccuracy&) const = default;
};

/// Sums over the steps of an epoch.
struct EpochSums {
    double loss = 0; // total, mean over the subnets of a step
    double distillation = 0;
    double classification = 0;
    double gradientNorm = 0;
    std::size_t steps = 0;
    double seconds = 0; // of the steps, by the clock
    bool operator==(const EpochSums&) const = default;
};

struct EpochRecord {
    std::size_t phase = 0;
    int epoch = 0; // in the phase, warm-up included
    double learningRate = 0; // of the last step
    EpochSums sums;
    std::vector<SubnetAccuracy> accuracies; // empty where none was measured
    bool operator==(const EpochRecord&) const = default;
};

struct TrainingState {
    std::size_t phase = 0; // where the next step stands; the number of phases when all is done
    int epoch = 0;
    std::size_t batch = 0;
    bool begun = true; // whether channels have been sorted for this phase, where that was due
    EpochSums sums; // of the epoch that was begun
    std::vector<EpochRecord> epochs; // finished
    StateDict weights;  // of the supernet
    StateDict momentum; // empty before the first step of a phase
    StateDict teacher;  // empty while there is none
    Json config;        // of the run that it belongs to
    Json host;          // what the program adds: energy so far
};

/// Whole or not at all. @throws IoError
void saveTrainingState(const std::filesystem::path& path, const TrainingState& state, const SearchSpace& space);
/// @throws IoError; FormatError for a file that is no checkpoint of a training run in this space.
TrainingState loadTrainingState(const std::filesystem::path& path, const SearchSpace& space);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a training run does, as one JSON file: data, loss, optimizer and the phases of progressive shrinking (Cai et al.
// 2020, section 3.3).
#pragma once

#include "base/json.h"
#include "engine/engine.h"
#include "engine/transform.h"
#include "space/space.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace paretoscope {

/// Which subnets a step trains. Uniform: each drawn uniformly over genotypes, as OFA does. Sandwich: the largest and the
/// smallest of the phase, and between them drawn ones (Yu and Huang 2019, universally slimmable networks).
enum class SubnetDraw { Uniform, Sandwich };

struct TrainingPhase {
    std::string name;
    // What may be drawn, ascending: of each list of the space as many as stand here.
    std::vector<int> kernels;
    std::vector<double> expansions;
    std::vector<int> depths;
    std::vector<int> resolutions;
    SubnetDraw draw = SubnetDraw::Uniform;
    int subnetsPerStep = 1;
    int epochs = 1;       // behind the warm-up
    int warmupEpochs = 0;
    double learningRate = 0;       // at the beginning of the cosine
    double warmupLearningRate = 0; // at the beginning of the warm-up
    bool distill = false; // from the largest subnet as the first phase has left it
    int totalEpochs() const { return warmupEpochs + epochs; }
    bool operator==(const TrainingPhase&) const = default;
};

struct TrainingConfig {
    Json about;        // id, title, licences and notes of the bundles that come out of it
    std::string space; // a built-in id, or the path of a space file
    std::string dataSet; // its name, for people
    std::vector<int> imageSize; // height and width in the data set's files; empty: any
    std::size_t validationImages = 10'000; // of the training images, never trained on
    std::uint64_t seed = 1;
    std::size_t batchSize = 128;
    Augmentation augmentation;
    LossOptions loss;
    double momentum = 0.9;
    double weightDecay = 3e-5;
    int validateEvery = 1;                // epochs; and after the last one of a phase
    std::size_t validateOn = 10'000;      // of the validation images
    std::size_t recalibrationImages = 2000;
    std::vector<TrainingPhase> phases;
    bool operator==(const TrainingConfig&) const = default;
};

/// @throws FormatError for unknown keys and values that are not allowed.
TrainingConfig trainingConfigFromJson(const JsonView& view);
Json toJson(const TrainingConfig& config);

/// Checks the phases against the space and each against the one before: it must keep all that was trained, growing from
/// the largest choices downwards, and distil only where there is a phase before it. An empty list stands for all
/// choices of the space.
/// @throws ValueError naming the phase, what was found and what may follow.
void checkTrainingConfig(const TrainingConfig& config, const SearchSpace& space);

/// The space with nothing but what the phase draws from. Its subnets are other numbers than those of `space`:
/// subnetOfPhase() translates.
SearchSpace spaceOfPhase(const SearchSpace& space, const TrainingPhase& phase);
/// The same subnet as one of `space`.
Subnet subnetOfPhase(const SearchSpace& space, const SearchSpace& phaseSpace, const Subnet& subnet);

/// The subnets of one step of a phase; the same arguments give the same subnets. `phase` counts from 0, `step` from the
/// beginning of the phase. Their resolution is `resolution`.
std::vector<Subnet> subnetsOfStep(const SearchSpace& space, const SearchSpace& phaseSpace, const TrainingPhase& phase, std::uint64_t seed, std::size_t phaseIndex, std::size_t step, int resolution);

} // namespace paretoscope

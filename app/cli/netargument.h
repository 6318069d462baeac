// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the commands that run nets share: which net, on which data, with which engine.
#pragma once

#include "context.h"

#include "bundle/bundle.h"
#include "engine/dataset.h"
#include "engine/engine.h"
#include "engine/evaluate.h"
#include "engine/recalibration.h"
#include "engine/transform.h"

#include <memory>
#include <optional>
#include <string>

namespace paretoscope::cli {

struct NetOptions {
    std::string bundle, space, weights;
    std::string compute = "auto";
};

/// Adds --bundle, --space, --weights (only where `weights`) and --compute; exactly one of bundle and space.
void addNetOptions(CLI::App& command, NetOptions& options, bool weights);

/// Where the net comes from.
struct NetSource {
    std::shared_ptr<const Parts> parts;
    std::optional<Bundle> bundle; // none where a space was given
    std::optional<StateDict> weights; // under supernet keys, complete
    std::string weightsSource; // for provenance: file and checksum, or the bundle
    const SearchSpace& space() const { return parts->space(); }
};

/// @throws ValueError when `needWeights` and there are none: what to attach, and how. What the readers throw.
NetSource openNetSource(const Context& context, const NetOptions& options, bool needWeights);

/// Loads the engine and prints its warnings. `threads` inside an operator; 0: --threads, else all processors.
std::unique_ptr<Engine> openEngineArgument(const Context& context, const NetOptions& options, int threads = 0);

/// How images become input: from the bundle's data set; without one, as ImageNet where the space has three channels and
/// 1000 classes. @throws ValueError where neither tells.
Preprocessing preprocessingOf(const NetSource& source);

/// How training images are varied, for recalibration: as published for ImageNet, else shift, flip and cut-out.
Augmentation augmentationOf(const NetSource& source);

struct DataOptions {
    std::string data;
    std::size_t validation = 0; // images; 0: as many as the training held out, else a sixth, at most 10,000
};

void addDataOptions(CLI::App& command, DataOptions& options, bool required);

/// Opens and splits the data set; --seed does not change which images are held out.
/// @throws ValueError when its classes are not those of the space.
DataSplits openDataArgument(const Context& context, const DataOptions& options, const NetSource& net, std::vector<std::string>& notes);

/// One of the three parts. @throws ValueError when it holds no image.
const DataSubset& imagesOfSplit(const DataSplits& splits, const std::string& split);

/// Whether batch norm of the supernet is this subnet's own: otherwise its accuracy collapses without recalibration.
bool isLargest(const SearchSpace& space, Subnet subnet);

/// Threads that read and transform images: --threads, else one a processor.
int loaderThreads(const Context& context);

RecalibrationOptions recalibrationOf(const Context& context, const DataSplits& splits, const NetSource& source, std::size_t count);

/// Recalibrates the net on `count` training images, batches of 200 as published, with progress.
/// @returns how many images were used. @throws Cancelled
std::size_t recalibrateOn(const Context& context, StaticNet& net, const DataSplits& splits, const NetSource& source, std::size_t count);

/// Counts what the net gets right, through its frozen graph, with progress. @throws Cancelled
Evaluation evaluateOn(const Context& context, const StaticNet& net, const DataSubset& images, const Preprocessing& preprocessing, std::size_t batch = 100);

} // namespace paretoscope::cli

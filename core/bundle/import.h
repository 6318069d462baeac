// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From released OFA files to a bundle.
#pragma once

#include "bundle/bundle.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

struct ImportRequest {
    SearchSpace space;
    std::optional<std::filesystem::path> weights;   // .pth of either format, or .safetensors
    std::optional<std::filesystem::path> predictor; // of any official kind, or our own file
    std::optional<std::vector<int>> predictorResolutions;
    struct Latency {
        std::filesystem::path path; // latency table or device file
        std::string name;           // empty for a device file: it names itself
    };
    std::vector<Latency> latencies;
    std::optional<std::filesystem::path> about; // as describeBundle()
    std::optional<Supply> supply; // of the devices; by default a phone, known by its name, is on battery
};

struct ImportResult {
    Bundle bundle;
    std::vector<std::string> findings; // what was recognised and what a person should know, a sentence each
};

/// @throws what the readers throw; ValueError when two devices have one id.
ImportResult importFiles(const ImportRequest& request);

/// Adds to a bundle what is given: weights replace weights, a predictor becomes the default, a device replaces one of
/// the same id. Returns the findings.
std::vector<std::string> attach(Bundle& bundle, const ImportRequest& request);

/// What a person can recognise a file by later, wherever it lay: its name and SHA-256. @throws IoError
std::string provenance(const std::filesystem::path& path);

/// The weights of a checkpoint of any kind. @throws as the readers.
StateDict readWeights(const std::filesystem::path& path);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A supernet with everything that is known about it: a folder, or a zip of it.
//
//   bundle.json                       what is in it, from where, under which licence; size and SHA-256 of every file
//   space.json                        the search space
//   weights.safetensors               the supernet's weights (optional)
//   accuracy_predictor*.safetensors   accuracy predictors (optional); the first is the default
//   samples.csv                       measured subnets (optional)
//   devices/ID.json                   target devices (optional)
#pragma once

#include "base/estimate.h"
#include "base/progress.h"
#include "checkpoint/tensor.h"
#include "device/device.h"
#include "predict/predictor.h"
#include "space/space.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

struct DataSetFacts {
    std::string name; // "ImageNet"
    std::vector<double> mean, std; // normalisation by channel, of values in 0 to 1; empty where unknown
    std::size_t validationImages = 0; // training images that the training held out; 0: unknown
    bool operator==(const DataSetFacts&) const = default;
};

struct Licence {
    std::string what;
    std::string licence; // SPDX identifier, or the words of the source
    std::string source;
    bool operator==(const Licence&) const = default;
};

/// How the supernet was trained and what that cost.
struct TrainingRecord {
    std::string description;
    std::string source;
    std::optional<Estimate> energyKwh;
    std::optional<Estimate> co2eKg;
    bool operator==(const TrainingRecord&) const = default;
};

struct Bundle {
    std::string id;
    std::string title;
    std::shared_ptr<const Parts> parts; // the space; never null
    std::optional<DataSetFacts> dataSet;
    std::optional<TrainingRecord> training;
    std::vector<Licence> licences;
    std::vector<std::string> notes;
    std::optional<StateDict> weights; // under the supernet's keys, complete
    std::string weightsSource;
    std::vector<AccuracyPredictor> predictors;
    std::vector<Device> devices;
    std::optional<std::string> samplesCsv;

    const SearchSpace& space() const { return parts->space(); }
    const AccuracyPredictor* predictor() const { return predictors.empty() ? nullptr : &predictors.front(); }
    const Device* device(const std::string& deviceId) const;
};

/// Opens a folder or a zip and validates all of it before anything is returned: schema, sizes and checksums, that no
/// file is missing or unlisted, the space, every weight, predictor, device and sample. Files stay mapped while their
/// tensors live. @throws IoError, FormatError, ValueError, Cancelled
Bundle openBundle(const std::filesystem::path& path, const OnStep& onStep = {});

/// Writes a folder, or a zip when the name ends in .zip; whole or not at all.
/// @throws IoError; ValueError when a folder exists and is not empty.
void saveBundle(const Bundle& bundle, const std::filesystem::path& target);

/// Title, data set, training, licences and notes from a JSON file with the keys of bundle.json (`id` too); they replace
/// what the bundle has. @throws IoError, FormatError
void describeBundle(Bundle& bundle, const std::filesystem::path& about);
void describeBundle(Bundle& bundle, const JsonView& about);

/// Checks sizes and checksums only. @throws FormatError naming all files that differ.
void verifyBundle(const std::filesystem::path& path);

/// Folder to zip and zip to folder, file by file, after verifying. @throws as verifyBundle and saveBundle.
void packBundle(const std::filesystem::path& folder, const std::filesystem::path& zip);
void unpackBundle(const std::filesystem::path& zip, const std::filesystem::path& folder);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person who receives an exported net must know: what it is, how good, at what cost, how it is used, and where it
// came from. A value; as JSON for programs and as Markdown for people, the same bytes for the same value everywhere.
#pragma once

#include "base/estimate.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "engine/evaluate.h"
#include "engine/exportnet.h"
#include "space/accounting.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// One row of the architecture: a stage, or a block that stands alone.
struct CardLayer {
    std::string name; // "stage 1", "first_conv"
    std::size_t blocks = 1;
    std::vector<int> kernels;       // of its blocks; empty where there is no choice or no kernel
    std::vector<double> expansions; // likewise
    int channels = 0;               // out
    int stride = 1;
    int inputSize = 0; // pixels a side
    int outputSize = 0;
    std::uint64_t macs = 0;
    std::uint64_t params = 0;
    bool operator==(const CardLayer&) const = default;
};

/// The rows of a net, from the input to the classifier.
std::vector<CardLayer> cardLayers(const SubnetAccount& account);

/// An estimate, or why there is none.
struct CardFigure {
    std::optional<Estimate> estimate;
    std::string reason;
    bool operator==(const CardFigure&) const = default;
};

/// The estimate, or an object of nulls with a `reason`: the form of every output.
Json toJson(const CardFigure& figure);
/// The other way round. @throws FormatError
CardFigure cardFigureFrom(const JsonView& view);

struct CardMeasurement {
    Estimate top1Percent;
    Estimate top5Percent;
    std::size_t images = 0;
    std::string dataSet;
    std::string split; // "test"
    std::vector<ClassCount> classes;
    bool operator==(const CardMeasurement&) const = default;
};

struct CardDevice {
    std::string id;
    std::string title;
    int batch = 1;              // images at once
    CardFigure latencyMs;       // of the whole batch
    CardFigure energyJ;         // of an inference
    CardFigure co2eGPerMillion; // of a million inferences, use phase
    std::vector<std::string> warnings; // a sentence each
    bool operator==(const CardDevice&) const = default;
};

struct ModelCard {
    std::string title;
    std::string program; // name and version
    std::string spaceId;
    std::string spaceTitle;
    Json subnet;
    int inputChannels = 3;
    int resolution = 0;
    int classes = 0;
    std::optional<Preprocessing> preprocessing; // none: not known
    std::vector<CardLayer> layers;
    Account account;

    CardFigure predictedTop1Percent;
    CardFigure correctedTop1Percent; // for a subnet that a search chose by that prediction
    std::optional<CardMeasurement> measured;
    std::size_t recalibrationImages = 0; // 0: statistics of batch norm as they were cut out

    std::vector<CardDevice> devices;
    Estimate gPerKwh;                     // of the grid
    std::vector<std::string> assumptions; // of energy and emissions, a sentence each
    std::optional<TrainingRecord> training; // of the supernet

    std::vector<ExportedFile> files;
    std::vector<std::string> warnings; // a sentence each
    std::string bundle;                // id and title; empty where there is none
    std::string weightsSource;
    std::string engine;
    std::vector<Licence> licences;
    std::vector<std::string> notes; // of the bundle
};

inline constexpr const char* kCardSchema = "paretoscope.modelcard/1";

Json toJson(const ModelCard& card);
std::string modelCardMarkdown(const ModelCard& card);

/// How a Python program loads one of the exported files, as lines of code; empty for files that hold no net.
std::string loadingSnippet(const std::string& file, const ModelCard& card);
/// What the net is to be fed, in sentences.
std::vector<std::string> expectedInput(const ModelCard& card);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A subnet as files for other programs. Every file is read back from the disk and its outputs are compared with the
// net's before the folder takes its name.
#pragma once

#include "base/json.h"
#include "base/progress.h"
#include "engine/engine.h"
#include "engine/transform.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// In the order in which they are written.
enum class ExportFormat { TorchScript, StateDict, SafeTensors, Onnx, OfaConfig, ModelCard };

std::string_view name(ExportFormat format); // "torchscript", "state-dict", "safetensors", "onnx", "ofa-config", "model-card"
std::vector<ExportFormat> allExportFormats();
/// In the order of allExportFormats(), each once. @throws ValueError listing the formats that there are.
std::vector<ExportFormat> exportFormatsFrom(const std::vector<std::string>& names, const std::string& where);

/// The names of the files, the same for every net.
namespace exportfile {
inline constexpr const char* kTorchScript = "subnet.ts.pt";
inline constexpr const char* kStateDict = "init";
inline constexpr const char* kNetConfig = "net.config";
inline constexpr const char* kRunConfig = "run.config";
inline constexpr const char* kSafeTensors = "subnet.safetensors";
inline constexpr const char* kOnnx = "subnet.onnx";
inline constexpr const char* kCardMarkdown = "model-card.md";
inline constexpr const char* kCardJson = "model-card.json";
inline constexpr const char* kProvenance = "provenance.json";
} // namespace exportfile

struct ExportedFile {
    std::string name;
    std::size_t bytes = 0;
    std::string sha256;
    std::optional<double> maxAbsDifference; // of the logits, after reloading; none where a file computes nothing
    std::string note; // how it was checked
    bool operator==(const ExportedFile&) const = default;
};

Json toJson(const ExportedFile& file);

struct ModelCardFiles {
    std::string markdown;
    Json json;
};

struct ExportRequest {
    std::shared_ptr<const Parts> parts; // of the net
    std::vector<ExportFormat> formats;
    std::optional<Preprocessing> preprocessing; // goes into the metadata; none: not known
    std::vector<std::string> classNames; // by label; empty: not known
    Json provenance = Json::object(); // whatever is known; "files" joins it
    /// Makes the card, once the other files are written; needed for ExportFormat::ModelCard.
    std::function<ModelCardFiles(const std::vector<ExportedFile>&)> modelCard;
};

/// Writes the files of the formats and provenance.json to the new or empty folder `target`; the same input gives the same
/// bytes as far as the engine does. The state dict comes with net.config and run.config, as released nets do. Logits are
/// compared on two images of noise: those of state dict and safetensors must be the net's bit for bit; TorchScript, where
/// batch norm is folded into the convolutions, and ONNX, which other layers compute, round differently and may differ by
/// 1e-4 of the largest logit (of 1 where all are smaller).
/// @returns the files in the order written, provenance.json last.
/// @throws EngineError naming the format and the difference; ValueError when `target` exists and is not empty; IoError;
/// Cancelled. Then nothing is left behind.
std::vector<ExportedFile> exportNet(Engine& engine, const StaticNet& net, const ExportRequest& request, const std::filesystem::path& target, const OnStep& onStep = {});

} // namespace paretoscope

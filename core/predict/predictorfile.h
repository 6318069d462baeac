// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accuracy predictors in files: released PyTorch checkpoints, which say nothing about themselves but the names and
// shapes of their weights, and our own safetensors file, which says everything.
#pragma once

#include "predict/predictor.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

inline constexpr std::string_view kPredictorFileName = "accuracy_predictor.safetensors";

/// Decides the encoding of released weights from their layout, their number of inputs and the space. `resolutions`, in
/// the order of the training, are needed where several lists are possible: all but the tutorial's predictor and those
/// of `ofa.nas` with 25 sizes (128 to 224 in steps of 4) and of the released ResNet with 8.
/// @throws ValueError saying how many resolutions are needed, that their number does not fit, or that the predictor
/// does not fit the space.
Encoding recogniseEncoding(const MlpWeights& weights, const SearchSpace& space,
    const std::optional<std::vector<int>>& resolutions, const std::string& where);

/// Makes a predictor of released weights, with what is known about the training of the published ones.
/// @throws FormatError, ValueError
AccuracyPredictor importPredictor(const StateDict& tensors, const SearchSpace& space,
    const std::optional<std::vector<int>>& resolutions, const std::string& where);

/// Opens a predictor file of any kind: PyTorch (both formats), plain safetensors, or our own.
/// @throws IoError, FormatError, ValueError, UnsafeError
AccuracyPredictor openPredictor(const std::filesystem::path& path, const SearchSpace& space,
    const std::optional<std::vector<int>>& resolutions = {});

/// Our own file: float32 tensors and, as metadata, kind, encoding, resolutions, training, calibration and bands.
/// @throws IoError
void savePredictor(const std::filesystem::path& path, const AccuracyPredictor& predictor);
/// The same as bytes; the same predictor gives the same bytes.
Bytes makePredictorFile(const AccuracyPredictor& predictor);
/// @throws FormatError, ValueError when the file is damaged, or the predictor does not fit the space.
AccuracyPredictor loadPredictor(const std::filesystem::path& path, const SearchSpace& space);
AccuracyPredictor loadPredictor(
    ByteView bytes, std::shared_ptr<const void> owner, const std::string& where, const SearchSpace& space);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A static net as an ONNX file, for the runtimes of others.
#pragma once

#include "checkpoint/tensor.h"
#include "space/network.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace paretoscope {

using OnnxMetadata = std::vector<std::pair<std::string, std::string>>; // by key

/// The bytes of the model; the same input gives the same bytes. `weights` stand under the static keys and keep these
/// names in the file; the counters of batch norm are left out, because no operator reads them. Input "images",
/// float [batch, channels, R, R], R being the subnet's resolution; output "logits", float [batch, classes].
/// @throws FormatError when a weight is missing or has another shape; ValueError when it is no float32, when the
/// model does not fit a file, or when a key of `metadata` stands there twice or is no valid UTF-8.
std::string makeOnnxModel(
    const Parts& parts, const Subnet& subnet, const StateDict& weights, const OnnxMetadata& metadata);

/// The same as a file, written whole or not at all. @throws IoError, too
void writeOnnxModel(const std::filesystem::path& path, const Parts& parts, const Subnet& subnet,
    const StateDict& weights, const OnnxMetadata& metadata);

} // namespace paretoscope

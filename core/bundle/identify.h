// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <filesystem>
#include <string>
#include <vector>

namespace paretoscope {

/// What a file or folder is, found out from its content and not from its name.
struct FileInfo {
    std::string kind;   // "bundle", "checkpoint", "predictor", "latency-table", "device", "space", "net-config", "subnet", "samples", "array"
    std::string format; // "zip", "legacy", "safetensors", "yaml", …
    std::string summary; // one line
    std::vector<std::string> fits;     // ids of the built-in spaces that it suits
    std::vector<std::string> problems; // what stands in the way of using it, a sentence each
    Json details = Json::object();     // what else there is to know of this kind
};

/// @throws IoError when it cannot be read; FormatError when it is nothing that this program knows, or is damaged.
FileInfo identify(const std::filesystem::path& path);

} // namespace paretoscope

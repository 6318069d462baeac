// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The safetensors format: a JSON header and then the values of all tensors without a gap.
#pragma once

#include "checkpoint/tensor.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace paretoscope {

struct SafeTensors {
    StateDict tensors; // in the order of the header
    std::map<std::string, std::string> metadata;
};

/// Reads a file. It is mapped, and must not be rewritten in place while any of its tensors live.
/// @throws IoError; FormatError when the header is no valid one, or the tensors do not fill the rest of the file
/// exactly.
SafeTensors readSafeTensors(const std::filesystem::path& path);
/// The same from bytes that `owner` keeps alive; `where` names them in errors.
SafeTensors readSafeTensors(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where);

/// Writes tensors in C order, each aligned to its type; the header keeps the order of the names. The same input gives
/// the same bytes. @throws IoError; ValueError when a name or a text of the metadata is no valid UTF-8, or a tensor has
/// the name "__metadata__".
void writeSafeTensors(const std::filesystem::path& path, const StateDict& tensors,
    const std::map<std::string, std::string>& metadata = {});
/// The same as bytes.
Bytes makeSafeTensors(const StateDict& tensors, const std::map<std::string, std::string>& metadata = {});

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON header of a safetensors file. Private to this folder.
#pragma once

#include "checkpoint/tensor.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

struct HeaderEntry {
    std::string name;
    DType dtype = DType::F32;
    Shape shape; // not negative
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

struct SafeTensorsHeader {
    std::vector<HeaderEntry> entries;
    std::map<std::string, std::string> metadata;
};

/// Parses the header in one pass and in memory proportional to it; the offsets are not checked against each other.
/// @throws FormatError
SafeTensorsHeader parseSafeTensorsHeader(std::string_view json, const std::string& where);

std::string_view safeTensorsName(DType dtype); // "BF16"

} // namespace paretoscope

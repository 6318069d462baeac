// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measured latencies of whole subnets, as CSV.
#pragma once

#include "space/space.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

struct Measurement {
    Subnet subnet;
    double latencyMs = 0; // of the whole batch
    bool operator==(const Measurement&) const = default;
};

/// Reads `ks,e,d,r,latency_ms` (one digit a block, `-` or 0 where it is off) or `depths,ops,res,latency_ms`, columns in
/// any order, with a header. With another `column` for the latency, further columns are ignored (a file with one column a
/// device); without, they are refused. A byte-order mark, CRLF and empty lines at the end are fine.
/// @throws FormatError, ValueError with file and line.
std::vector<Measurement> readMeasurements(std::string_view text, const std::string& where, const SearchSpace& space, const std::string& column = "latency_ms");
/// @throws IoError besides.
std::vector<Measurement> readMeasurements(const std::filesystem::path& path, const SearchSpace& space, const std::string& column = "latency_ms");

} // namespace paretoscope

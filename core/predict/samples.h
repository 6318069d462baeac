// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measured accuracies of subnets, as CSV.
#pragma once

#include "space/space.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

struct Sample {
    Subnet subnet;
    double top1Percent = 0;
    std::string split; // "train", "test", …; empty where the file has none
    std::string group; // one run of measurements, or the `source` column; empty where the file has none
    bool operator==(const Sample&) const = default;
};

/// Reads `ks,e,d,r,top1_percent[,split][,group]` (one digit a block, `-` or 0 where it is off) or
/// `source,res,depths,ops,top1[,params,macs]` (the published measurements), columns in any order, with a header.
/// A byte-order mark, CRLF, empty lines at the end and quoted fields are fine.
/// @throws FormatError, ValueError with file and line: no header, a column missing, unknown or twice, a line with too
/// many or too few fields, a number that is none (comma decimals, NaN) or out of 0 to 100, a subnet outside the space.
std::vector<Sample> readSamples(std::string_view text, const std::string& where, const SearchSpace& space);
/// @throws IoError besides.
std::vector<Sample> readSamples(const std::filesystem::path& path, const SearchSpace& space);

/// `ks,e,d,r,top1_percent[,split]` with a header; splits only where a sample has one.
/// @throws ValueError when a choice of the space is not a single digit.
std::string samplesCsv(const SearchSpace& space, const std::vector<Sample>& samples);

} // namespace paretoscope

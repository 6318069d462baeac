// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs of measurements inside one source. Published samples are often several runs appended to one file, and each
// stands a little higher or lower than the others.
#pragma once

#include "predict/samples.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// The rows, counted from 0 over the rows of one group in the order of the file, at which its runs begin.
struct RunStarts {
    std::string group;
    std::vector<std::size_t> rows; // ascending, the first is 0
    bool operator==(const RunStarts&) const = default;
};

/// Finds runs by the one trace that they leave in the order of a file: a sampler that measures resolution after
/// resolution starts again with the smallest one. A run begins with a block of 20 or more nets at the smallest
/// resolution of the group after nets at its largest. Only groups with two or more runs are listed. It is a guess:
/// show it, and the shifts that it leads to.
std::vector<RunStarts> guessRuns(std::span<const Sample> samples);

/// "GROUP:0,503,1006", or "0,503,1006" where the samples have one group that is meant (empty name).
/// @throws ValueError
RunStarts runStartsFromText(const std::string& text, const std::string& where);

/// Renames the group of each of its rows to "GROUP run 1", "… run 2", and so on.
/// @throws ValueError when there is no such group, or the rows do not ascend from 0 or go beyond its end.
void splitRuns(std::vector<Sample>& samples, const RunStarts& starts, const std::string& where);

} // namespace paretoscope

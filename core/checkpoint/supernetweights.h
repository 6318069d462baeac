// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the weights of a file, in any of the released spellings, to those of a supernet.
#pragma once

#include "checkpoint/tensor.h"
#include "space/keys.h"

#include <string>
#include <vector>

namespace paretoscope {

/// The weights under the supernet's own keys and in their order. Read are the released spellings: old and new names
/// (`mobile_inverted_conv`), elastic and static ones (so the largest static net loads into its supernet), and a
/// `module.` in front. Kernel transforms that are absent become the identity and counters of batch norm 0, as in the
/// reference; `filled`, if given, takes the names of those.
/// @throws FormatError naming at once all keys that are missing, unknown, of another shape or type, or hold NaN, infinite
/// values or negative variances.
StateDict fitToSupernet(const StateDict& weights, const SearchSpace& space, const std::string& where,
    std::vector<std::string>* filled = nullptr);

/// How many of the keys the file has, whatever the values: for guessing which space a checkpoint is of.
std::size_t matchingKeys(const StateDict& weights, const SearchSpace& space);

} // namespace paretoscope

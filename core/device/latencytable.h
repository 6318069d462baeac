// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Published tables of measured block latencies, in the grammar of their keys.
#pragma once

#include "space/costtable.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// How the keys are spelt.
/// Ofa: `Conv`, `expanded_conv` (expand in channels for MobileNetV3, as ratio for ProxylessNAS), `Conv_1`, `AvgPool2D`,
///   `Conv_2`, `Logits`; one file a resolution (once-for-all's LatencyTable).
/// Layers: `first_conv`, `MBConv` (expand as ratio, no h-swish flag), `final_expand_layer`, `feature_mix_layer`,
///   `classifier`; no pooling entry; all resolutions in one file (NSGANetV2's i7 table).
enum class TableGrammar { Ofa, Layers };

std::string_view name(TableGrammar grammar); // "ofa", "layers"

struct LatencyEntry {
    double meanMs = 0;
    bool operator==(const LatencyEntry&) const = default;
};

struct LatencyTable {
    using Entries = std::map<std::string, LatencyEntry, std::less<>>;

    std::string source; // file or folder that was read
    TableGrammar grammar = TableGrammar::Ofa;
    /// By resolution where each has a file of its own; else everything under resolution 0.
    std::map<int, Entries> files;

    std::size_t size() const;
};

/// Reads a folder of `<R>_….yaml` (or .yml, .json) files or one such file; a lone file whose name does not begin with a
/// number holds all resolutions. Aliases, tags and nesting deeper than key → value → number are refused, as are values
/// that are negative or no numbers.
/// @throws IoError, FormatError with file and line.
LatencyTable readLatencyTable(const std::filesystem::path& path);
/// One file's content, YAML (which includes JSON).
LatencyTable::Entries parseLatencyEntries(std::string_view text, const std::string& where);

/// The key under which a table of this grammar holds the block on a map of this size; nothing where the grammar has no
/// entry for it (pooling in Layers, the pool of ProxylessNAS, everything of a ResNet).
std::optional<std::string> tableKey(TableGrammar grammar, const SearchSpace& space, const Block& block, int inputSize);

/// The resolutions of the space that the table speaks of: has a file for, or an entry of the first convolution.
std::vector<int> tableResolutions(const LatencyTable& table, const Parts& parts);

/// Latencies in ms as a flat table. @throws ValueError naming all missing entries at once, or saying that the table is
/// for another space or has none of its resolutions.
CostTable toCostTable(const LatencyTable& table, std::shared_ptr<const Parts> parts);

} // namespace paretoscope

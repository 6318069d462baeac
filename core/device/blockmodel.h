// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fitted model of a device: coefficients of block features. It stays additive over the parts of a space (or the larger
// of two such sums), so that bounds, dynamic programming and exact search work on it as on a measured table.
#pragma once

#include "base/json.h"
#include "device/blockfeatures.h"
#include "space/costtable.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// Additive: one sum over the parts. MaxOfSums: the larger of several such sums, which is how a GPU behaves that is
/// bound by launches at small batches and by throughput at large ones; it is not additive, and search must know.
enum class LatencyForm { Additive, MaxOfSums };

std::string_view name(LatencyForm form); // "additive", "max-of-sums"

/// What of one space the model was fitted to.
struct TrainedOn {
    std::string space;
    int lowestResolution = 0; // pixels
    int highestResolution = 0;
    int rows = 0; // blocks of a table, or whole nets
    bool operator==(const TrainedOn&) const = default;
};

struct BlockModel {
    LatencyForm form = LatencyForm::Additive;
    std::string fittedTo;  // "blocks" of a latency table, or whole "nets"
    int batch = 1;         // images at once; times are of the whole batch
    std::vector<TrainedOn> trained; // never empty
    /// Milliseconds per unit of each feature of blockFeatures(), none negative. One sum for Additive, two for MaxOfSums.
    std::vector<std::vector<double>> sums;
    bool operator==(const BlockModel&) const = default;

    /// The spaces that it was fitted to, and where that is one of the two published OFA-MobileNetV3 widths, the other.
    /// A stage with channel counts far from any trained one reads 2 to 16 % wrong, so no other width is accepted.
    std::vector<std::string> spaces() const;
    bool accepts(const std::string& spaceId) const;
    bool wasFittedTo(const std::string& spaceId) const;
    /// Only counts of operators matter: neither resolution nor kernel size.
    bool launchBound() const;
    /// ms of one block in one of the sums.
    double blockMs(std::size_t sum, const Block& block, int inputSize) const;
    /// All sums at all resolutions of the space. @throws ValueError for a space that it does not accept.
    std::vector<CostTable> tables(std::shared_ptr<const Parts> parts) const;
};

Json toJson(const BlockModel& model);
/// @throws FormatError, ValueError
BlockModel blockModelFromJson(const JsonView& view);

} // namespace paretoscope

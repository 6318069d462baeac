// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Errors of a predictor on nets that it was not fitted to, and who is left out when.
#pragma once

#include "base/json.h"
#include "predict/samples.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// Errors on held-out nets, in percentage points of top-1.
struct HeldOutRow {
    int resolution = 0; // 0: all together
    int nets = 0;
    double kendallTau = 0;
    double rmsePercent = 0;
    double maePercent = 0;
    /// How many of the nets lie inside their band; only where the band comes from other nets than these.
    std::optional<int> insideBand{};
    bool operator==(const HeldOutRow&) const = default;
};

/// The rows of a predictor with how they came about, as kept in its file.
struct HeldOutErrors {
    std::string basis; // "5 folds; the run of a net unknown"
    std::vector<HeldOutRow> rows;
    bool operator==(const HeldOutErrors&) const = default;
};

Json toJson(const HeldOutErrors& errors);
HeldOutErrors heldOutFromJson(const JsonView& view);

/// By resolution, ascending, then all; `predictedPercent` by sample.
std::vector<HeldOutRow> heldOutRows(std::span<const Sample> samples, std::span<const double> predictedPercent);

/// The fold, 0 to `folds` - 1, of each of n samples; sizes differ by one at most. The same seed gives the same folds.
std::vector<std::size_t> foldsOf(std::size_t n, int folds, std::uint64_t seed);

} // namespace paretoscope

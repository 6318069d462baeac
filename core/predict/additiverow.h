// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The features of the additive predictor, in the order of AdditiveCoefficients::effects. Private to this folder.
#pragma once

#include "space/space.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace paretoscope {

inline constexpr std::size_t kStageTerms = 9;
inline constexpr double kSlopePixels = 32; // the unit of resolution in slopes

/// Where the columns begin. `stageTerms == count` where there are none.
struct AdditiveColumns {
    AdditiveColumns(const SearchSpace& space, bool withStageTerms);
    std::vector<std::size_t> firstOfSlot;
    std::size_t stem = 0;
    std::size_t width = 0;
    std::size_t stageTerms = 0;
    std::size_t count = 0;
};

/// d, d², Σk, Σe, dΣk, dΣe, ΣkΣe, (Σk)², (Σe)² over the active blocks of a stage.
std::array<double, kStageTerms> stageTermsOf(const SearchSpace& space, int stage, const Subnet& subnet);

/// Fills a row of `columns.count` features.
void additiveRow(const SearchSpace& space, const AdditiveColumns& columns, const Subnet& subnet, std::span<double> row);

} // namespace paretoscope

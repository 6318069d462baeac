// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bands for a net of a group that no fit has seen. Private to this folder.
#pragma once

#include "predict/conformal.h"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace paretoscope {

using GroupResiduals = std::vector<std::vector<Residual>>; // by group

/// From the residuals of each group under a fit without it: at each resolution as wide as the worst of the left-out
/// groups needs for the level, and as all of them together need. Taken over all nets alone, a quantile is too narrow:
/// it forgets that the nets of the next group stand higher or lower together (Dunn, Wasserman and Ramdas, JASA 2023,
/// treat the problem; with K groups the worst of them bounds the next one with probability K / (K + 1)).
/// The coverage is tested by leaving a group out altogether: `pair(g, h)` are the residuals of h under a fit without h
/// and, where it can be had, without g; the band made of all h covers what share of g?
/// Resolutions that only one group has nets at take their width from `ofFolds`, and say so.
ConformalBands groupBands(const GroupResiduals& left,
    const std::function<std::vector<Residual>(std::size_t g, std::size_t h)>& pair, std::span<const Residual> ofFolds,
    double level);

} // namespace paretoscope

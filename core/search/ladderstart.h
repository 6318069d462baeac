// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the chains begin: the predictor taken as additive, solved over buckets of cost. Private to this room.
#pragma once

#include "search/laddermodel.h"

namespace paretoscope::ladder {

/// The best subnets of one setting at about every cost, the predictor being the sum of these gains ([slot][op - 1] at
/// Model::term): one for each bucket of the mixed cost Σ weight[row] · row, those that a cheaper one beats left out.
/// `mostMixed` bounds the mixed cost.
struct Linearised {
    std::vector<Subnet> subnets;
    std::vector<double> gains; // relative to the setting with nothing switched on
};
Linearised solveLinearised(const Model& model, const Subnet& setting, const float* gains, std::span<const double> weights,
    double mostMixed, std::size_t buckets);

/// Gains averaged over some allowed subnets of a setting, a row of gradients; `offset` is what the subnets have beyond
/// the sum of their gains.
struct MeanGradient {
    std::vector<float> row;
    double offset = 0;
};
MeanGradient meanGradient(
    const Model& model, const MlpGradient& gradient, const Subnet& setting, int samples, Random& random, MlpGradient::Workspace& workspace);

} // namespace paretoscope::ladder

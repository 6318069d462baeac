// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the chains begin: the predictor taken as additive, solved over buckets of cost. Private to this room.
#pragma once

#include "search/laddermodel.h"

namespace paretoscope::ladder {

/// The best subnets of a setting at about every primary cost, as an additive model sees them.
struct LinearisedSetting {
    struct Member {
        double raw = 0; // estimated
        double cost = 0;
        Subnet subnet;
    };
    std::vector<Member> members;
    std::vector<float> gains; // the additive model: a row of gradients, averaged
};
/// The gains are averaged over some allowed subnets of Model::settings()[setting]; then a dynamic programme over
/// buckets of cost up to `mostCost`.
LinearisedSetting solveSetting(const Model& model, const MlpGradient& gradient, std::size_t setting, int samples,
    double mostCost, std::uint64_t seed);

/// Of all settings together those that no cheaper one beats by more than `doubt`, thinned to `most`.
std::vector<Subnet> bestOf(const std::vector<LinearisedSetting>& settings, double doubt, std::size_t most);

} // namespace paretoscope::ladder

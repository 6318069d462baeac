// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a subnet emits over its life under the assumptions of the question: its part of the training, the making of the
// devices, the use.
#pragma once

#include "state/table.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope::desktop {

struct NetEmissions {
    Subnet subnet;
    std::optional<Estimate> trainingKg; // its part; nothing where the bundle does not say
    std::optional<Estimate> makingKg;   // of devices, by the time spent inferring; nothing where left out
    std::optional<Estimate> useKg;      // nothing where the energy is not known
    Estimate totalKg;
    double inferences = 0;              // over all lives
    double useGPerInference = 0;
    std::string reason; // why there is no use
};

/// Through the ledger, on the first device. @throws ValueError for assumptions out of range.
NetEmissions emissionsOf(const World& world, const Subnet& subnet, const CarbonAssumptions& carbon);

/// Inferences after which both have emitted the same, where the one that costs more to begin with costs less to use;
/// nothing where the lines do not cross.
std::optional<double> breakEven(const NetEmissions& a, const NetEmissions& b);

/// Inferences after which the use has emitted as much as what was spent before it.
std::optional<double> useOvertakes(const NetEmissions& net);

} // namespace paretoscope::desktop

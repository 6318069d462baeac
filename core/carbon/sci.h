// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The SCI score (Software Carbon Intensity 1.1.0 = ISO/IEC 21031:2024): (E * I + M) / R, g CO2e per unit of R. A rate:
// lower is better, zero is impossible, offsets do not count.
#pragma once

#include "carbon/montecarlo.h"

#include <string>

namespace paretoscope {

/// What a score must say of itself.
struct SciBoundary {
    std::string included = "the energy and hardware given here";
    std::string energySource;
    std::string gridSource;
    std::string embodiedMethod = "time and resource share of the device's total (SCI 1.1.0)";
    std::string unit = "R"; // inference, 1000 images, trained model, deployed device, device-year
};

/// g per R. @throws ValueError when R is not above 0 (an error, not infinity) or a number is negative.
Uncertain sciScore(const Uncertain& kwh, const Uncertain& gPerKwh, const Uncertain& embodiedG, double units);

/// One sentence with the boundary, the sources, the unit and that offsets are left out.
std::string sciStatement(const SciBoundary& boundary);

} // namespace paretoscope

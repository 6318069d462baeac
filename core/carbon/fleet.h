// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many devices in many countries: energy per year of their inferences and what it emits on their grids.
#pragma once

#include "carbon/montecarlo.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// Part of the users and the intensity of their grid. Give the intensity the grid's name as id, so that two devices in
/// one country share its error.
struct GridShare {
    std::string zone;
    double share = 0; // shares add up to 1
    Quantity gPerKwh;
};

struct FleetDevice {
    std::string name;
    double devices = 0;
    double inferencesPerDay = 0; // of one device
    /// Efficiency of charger and cell for a battery (0.85, 0.75 to 0.92), 1 on the mains.
    Quantity chargingEfficiency = exactQuantity(1);
    /// 1 on a device; the data centre's where the inference runs there.
    Quantity pue = exactQuantity(1);
    /// Energy of the network for each inference that is sent away, a number of the user's: estimates span orders of
    /// magnitude, so there is no default.
    std::optional<Quantity> networkJ;
    std::vector<GridShare> mix;
};

struct FleetUse {
    double inferencesPerYear = 0;
    Uncertain deviceKwhPerYear; // what the devices use
    Uncertain wallKwhPerYear;   // what the grid delivers: / efficiency * PUE, plus the network
    Uncertain kgPerYear;
};

/// Intensity of the mix, g/kWh. @throws ValueError when it is empty, a share is negative or they do not add up to 1
/// (within 1e-6).
Uncertain mixGPerKwh(MonteCarlo& world, const std::vector<GridShare>& mix, const std::string& where);

/// E = n * r * 365 * E_inf / eta * PUE; C = Σ_z E_z * CI_z (§5.5). @throws ValueError with the device's name.
FleetUse fleetUse(MonteCarlo& world, const FleetDevice& device, const Uncertain& energyJ);

} // namespace paretoscope

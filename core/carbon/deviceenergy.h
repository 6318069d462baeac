// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a device and a grid to energy and emissions of its inferences.
#pragma once

#include "device/energy.h"

#include <memory>
#include <string>
#include <vector>

namespace paretoscope {

/// The energy of a device, from the best that is known: its own power and work terms; else, on a battery, the class of
/// phones; else the power of the hardware row that its title names (what stands in brackets behind it does not count). Null with a `reason` when nothing is known.
struct DeviceEnergy {
    std::shared_ptr<const EnergyModel> model;
    std::string reason;
    std::vector<std::string> warnings; // what was assumed, and the notes of the model
};
DeviceEnergy energyOf(const Device& device);

/// What stands between a joule on the device and a gram of CO2e.
struct UsePhase {
    Estimate gPerKwh;                  // of the grid
    double chargingEfficiency = 0.85;  // battery devices: charger and cell (0.75 to 0.92)
    double pue = 1.56;                 // devices in a data centre (Uptime Institute survey 2024)
};

/// Gram CO2e of a million inferences, use phase only: energyJ × 1e6 / 3.6e6 / charging efficiency × g/kWh, × PUE where
/// the device stands in a data centre. Bands multiply as logarithms.
/// @throws ValueError when a factor is out of range (PUE below 1, efficiency outside (0, 1]).
Estimate co2eGPerMillion(const Estimate& energyJ, Supply supply, const UsePhase& use);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger's questions about a bundle: what its training has cost, and what a subnet of it will cost in use.
#pragma once

#include "base/json.h"
#include "bundle/bundle.h"

#include <string>

namespace paretoscope {

/// Devices that a subnet runs on, and where.
struct SubnetUse {
    std::string grid = "World"; // a place, or g CO2e per kWh as a number
    double devices = 1;
    double inferencesPerDay = 1000; // a device
    double lifeYears = 3;
    double pue = 1.56;                // devices in a data centre
    double chargingEfficiency = 0.85; // devices with a battery
    double targets = 1;               // nets that share the training; this one bears its part
    double embodiedKg = 0;            // of making one device, borne by the time spent inferring; 0: left out
    double latencyMs = 0;             // of an inference, which that time follows from
};

/// The item of the training, or of the part of it that one of `targets` nets bears: its energy with its band, at the
/// intensity at which it was emitted. Null where the bundle does not say.
Json trainingItem(const Bundle& bundle, double targets = 1);

/// The request of the formula `ledger` (carbon/formula.h): training of the supernet and use of one subnet, whose energy
/// is `energyJ` an inference. @throws ValueError for a use out of range.
Json ledgerRequest(const Bundle& bundle, const Device& device, const Estimate& energyJ, const SubnetUse& use);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an amount of CO2e compares with. Equivalents are illustrations: they are never added up.
#pragma once

#include "base/estimate.h"
#include "base/json.h"

#include <string>
#include <vector>

namespace paretoscope {

struct CarbonEquivalent {
    std::string key; // "car_km_us_fleet"
    Estimate quantity; // how many `unit`
    std::string unit; // "km", "charge", "seedling over 10 years", …
    double factor = 0; // as in the table
    std::string factorUnit;
    std::string note;
    bool isDefault = false; // the one of its sort that is shown where there is room for one
};

/// Every row of the table. kg >= 0.
std::vector<CarbonEquivalent> equivalentsOf(double co2eKg);
Json toJson(const CarbonEquivalent& equivalent);

// Comparators that Strubell et al. 2019 print in pounds.
inline constexpr double kCarLifetimeLb = 126'000;
inline constexpr double kFlightNySfLb = 1984;

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The catalogues of facts that come with the program (resources/facts), row by row with source, licence and year. Each
// list is read and checked once, on first use; grids and regions stand in grid.h, power of hardware in hardware.h.
#pragma once

#include "carbon/facttable.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// Exact by definition.
inline constexpr double kJoulePerKwh = 3.6e6;
inline constexpr double kKgPerLb = 0.45359237;
inline constexpr double kKmPerMile = 1.609344;
inline constexpr double kKgPerTonne = 1000;
inline constexpr double kHoursPerYear = 8760; // for lifetimes; ACT uses 8766

/// Emissions of making, moving and disposing of a thing, in kg CO2e `per` device, mm2, cm2, GB or kWh.
struct EmbodiedFact {
    std::string id; // "smartphone", "server", "a100-card", "die-7nm", …
    std::string title;
    double kgCo2e = 0;
    std::optional<double> low, high;
    std::string per;
    std::optional<double> lifetimeYears;
    std::string basis;
    std::string note;
    FactSource source;
};

/// One measured or published energy of an inference, in millijoule.
struct InferenceEnergyFact {
    std::string device, model;
    std::optional<double> megaMacs, latencyMs;
    double energyMilliJ = 0;
    std::optional<double> energyMilliJLow, energyMilliJHigh, impliedW, pjPerMac;
    std::string boundary, confidence, note;
    FactSource source;
};

/// `value` in `unit`, which says per what: "g/km", "kg/passenger", …
struct EquivalentFact {
    std::string key, unit;
    double value = 0;
    std::string note;
    FactSource source;
};

/// Intensity of electricity made from one fuel, in gram CO2e per kWh.
struct FuelFact {
    std::string fuel;
    double lifecycleGPerKwh = 0;
    double directGPerKwh = 0;
    std::optional<double> codecarbonGPerKwh;
    FactSource source;
};

struct PueFact {
    std::string scope;
    std::optional<int> year; // absent where it holds by definition
    double pue = 1;
    std::string note;
    FactSource source;
};

struct Green500Fact {
    int year = 0;
    std::string system;
    double gflopsPerWatt = 0; // FP64 HPL
    FactSource source;
};

/// Shape of a year for one zone: [month 0-11][hour 0-23, UTC]. `relative` is the intensity over the mean of the year.
struct IntensityProfile {
    std::string zone;
    int year = 0;
    std::array<std::array<double, 24>, 12> relative{};
    std::array<std::array<double, 24>, 12> gPerKwh{};
    FactSource source;
};

/// Spread over the hours of a year, and what shifting a job within 24 h saves as a share of the mean.
struct ShiftFact {
    std::string zone;
    int year = 0;
    double meanGPerKwh = 0, p5GPerKwh = 0, p95GPerKwh = 0, medianDailyMaxOverMin = 0;
    std::array<double, 4> save{}; // jobs of 1, 4, 24 and 168 h in one block
    std::array<double, 3> pause{}; // jobs of 4, 24 and 168 h with pauses
    FactSource source;
};

const std::vector<EmbodiedFact>& embodiedFacts();
/// @throws ValueError that suggests ids.
const EmbodiedFact& embodiedFact(const std::string& id);
const std::vector<InferenceEnergyFact>& inferenceEnergyFacts();
const std::vector<EquivalentFact>& equivalentFacts();
const EquivalentFact& equivalentFact(const std::string& key);
const std::vector<FuelFact>& fuelFacts();
const FuelFact& fuelFact(const std::string& fuel);
const std::vector<PueFact>& pueFacts();
const std::vector<Green500Fact>& green500Facts();
const std::vector<IntensityProfile>& intensityProfiles();
/// Absent where no shape is known; then a year counts as flat.
const IntensityProfile* intensityProfile(const std::string& zone);
const std::vector<ShiftFact>& shiftFacts();

// Default PUEs; a PUE applies to data centres only.
inline constexpr double kPueUnknown = 1.56; // Uptime Institute 2024, world average of a survey
inline constexpr double kPueStrubell = 1.58; // Uptime Institute 2018, as in Strubell et al. 2019

/// The texts nearest to `wanted`, nearest first: for errors that suggest. Compares folded texts by edit distance and
/// prefers those that contain what was wanted.
std::vector<std::string> nearestTexts(
    std::string_view wanted, const std::vector<std::string>& texts, std::size_t atMost = 5);
/// Lower case, without accents, and without anything but letters and digits: "Türkiye" → "turkiye".
std::string folded(std::string_view text);
std::size_t editDistance(std::string_view a, std::string_view b);

} // namespace paretoscope

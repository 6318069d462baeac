// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Energy of one inference, two ways: the power that is drawn for as long as it takes, and the work that is done. The
// two seldom come from the same phone, so both are shown, with their ratio, and a calibration factor ties them together.
#pragma once

#include "carbon/montecarlo.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// Work of one kind: how often it is done in one inference, and what one costs: multiply-accumulates, bytes of DRAM.
struct WorkTerm {
    std::string name;
    double count = 0;
    Quantity pjEach;
};

struct InferenceInputs {
    std::optional<Quantity> latencyMs; // of one batch
    std::optional<Quantity> activeW;   // while it runs; net of the idle that would be there anyway
    double batch = 1;                  // inferences that share the latency
    double waitMs = 0;                 // awake because of the inference, for each inference
    std::optional<Quantity> idleW;     // drawn while waiting
    std::vector<WorkTerm> work;
    std::optional<Quantity> calibration; // kappa of the device; see `calibrationFactor`
};

struct InferenceEnergy {
    std::optional<Uncertain> timeJ; // P t / batch + P_idle t_wait
    std::optional<Uncertain> workJ; // Σ count * pJ
    std::optional<Uncertain> geometricMeanJ;
    std::optional<double> ratio; // timeJ / workJ
    Uncertain energyJ;           // what further steps use
    std::string how;             // how energyJ came about, for people
    /// Set where the two ways differ by more than their bands: then the range of both is the honest answer.
    std::optional<std::string> warning;
};

/// §5.1-5.3. With a calibration factor the energy is kappa * (time term + work terms), which stays additive over
/// blocks; without one it is the geometric mean of both ways, or the only way there is.
/// @throws ValueError when neither way is complete, or for a number out of range.
InferenceEnergy inferenceEnergy(MonteCarlo& world, const InferenceInputs& inputs, const std::string& name = "inference");

/// kappa = exp(mean of ln(sqrt(time * work) / (time + work))) over subnets: the factor that brings the raw sum to the
/// geometric mean of both ways. Joule or millijoule alike. @throws ValueError unless both lists have the same length,
/// at least 1, and hold numbers above 0.
double calibrationFactor(std::span<const double> timeJ, std::span<const double> workJ);

/// Battery of a phone (§5.4). Rated mAh hold at the cell's voltage (3.85 V), not at the charger's 5 V.
struct Battery {
    double capacityMah = 0;
    double nominalV = 3.85;
    /// Wear: embodied kg per kWh of capacity (87 NMC, 61.5 LFP; ACT) and full cycles until it is replaced.
    std::optional<Quantity> embodiedKgPerKwh;
    std::optional<Quantity> cycles;
};

struct BatteryView {
    double capacityWh = 0;
    Uncertain inferencesPerCharge;
    Uncertain percentPer1000;
    Uncertain wallJ;                 // per inference: E / efficiency of charger and cell
    std::optional<Uncertain> wearKg; // per inference
};

/// @throws ValueError for a capacity, voltage, energy or efficiency that is not above 0, or an efficiency above 1.
BatteryView batteryView(MonteCarlo& world, const Battery& battery, const Uncertain& energyJ, const Uncertain& efficiency);

/// g CO2e per million inferences of the use phase for many subnets at once, fast enough to follow a slider: energies
/// are read once, a change of grid only scales them and adds its own band.
class FrontCarbon {
public:
    /// @throws ValueError as logBand.
    explicit FrontCarbon(std::span<const Estimate> energyJ);
    std::size_t size() const { return m_energyJ.size(); }
    struct Value {
        double value;
        double low; // NaN where no error is known
        double high;
    };
    /// energyJ * 1e6 / 3.6e6 / efficiency * gPerKwh * pue, with the band of the product.
    /// @throws ValueError for a PUE below 1, an efficiency outside (0, 1], or `out` of the wrong length.
    void gPerMillion(const Estimate& gPerKwh, const Estimate& pue, const Estimate& efficiency, std::span<Value> out) const;
    /// The worst kind among the energies.
    Kind kind() const { return m_kind; }

private:
    std::vector<double> m_energyJ;
    std::vector<double> m_low; // ln² of the sides; NaN where there is no band
    std::vector<double> m_high;
    Kind m_kind = Kind::Measured;
};

} // namespace paretoscope

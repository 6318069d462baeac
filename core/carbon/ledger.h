// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One ledger of a family of nets, from the search to the last inference: energy first, carbon second, every figure with
// its band, kind and source. C_total = C_search + C_training + C_discarded + C_fine-tuning + C_inference + M (§6.3).
#pragma once

#include "carbon/amortisation.h"
#include "carbon/fleet.h"
#include "carbon/inference.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

enum class LedgerPhase { Search, Training, Discarded, FineTuning, EmbodiedCompute, Inference, EmbodiedDevices };

std::string_view name(LedgerPhase phase); // "search", …, "embodied-compute", "inference", "embodied-devices"

/// The machine that a computation runs on, for its embodied share by productive hours.
struct ComputeMachine {
    Quantity embodiedKg;      // of the whole machine
    double gpus = 8;          // that share it
    double lifeYears = 5;
    double utilisation = 0.5; // productive share of its life
};

/// A computation: IT energy as given, or GPU-hours times watts per GPU (the node's watts over its GPUs).
struct Computation {
    std::string name;
    std::optional<Quantity> itKwh;
    double gpuHours = 0;
    std::optional<Quantity> wattsPerGpu;
    Quantity pue = exactQuantity(1); // never below 1
    Quantity gPerKwh;
    std::optional<ComputeMachine> machine;
};

/// The phone's share by time spent inferring: off unless given, for the phone would exist anyway.
struct PhoneMaking {
    Quantity embodiedKg; // of one phone
    double secondsPerInference = 0;
    double lifeYears = 3;
    double screenHoursPerDay = 3;
};

/// Devices that use one net for some years.
struct Deployment {
    FleetDevice fleet;
    std::optional<Quantity> energyJ; // of one inference; else from `work`
    InferenceInputs work;
    double lifeYears = 1;
    std::optional<PhoneMaking> making;
};

struct LedgerInputs {
    std::vector<Computation> search;
    std::vector<Computation> training;
    /// m in C_discarded = m * C_training: 0.5 (OLMo), 1.7 (BLOOM), or the user's (§3.8).
    std::optional<Quantity> discardedFactor;
    std::vector<Computation> fineTuning; // of one target
    double targets = 1;                  // nets that are deployed; 0 leaves what is spent once
    std::vector<Deployment> use;
    std::uint64_t seed = kLedgerSeed;
    std::size_t draws = kLedgerDraws;
};

struct LedgerItem {
    LedgerPhase phase = LedgerPhase::Search;
    std::string name;
    std::optional<Estimate> itKwh; // absent for embodied carbon, which is no energy of ours
    std::optional<Estimate> facilityKwh;
    Estimate co2eKg;
    std::string note;
};

struct PhaseTotal {
    LedgerPhase phase = LedgerPhase::Search;
    Estimate itKwh;
    Estimate facilityKwh;
    Estimate co2eKg;
    double share = 0; // of the total, at the medians
};

struct Ledger {
    std::vector<LedgerItem> items;
    std::vector<PhaseTotal> phases; // those with items
    Estimate itKwh;
    Estimate facilityKwh;
    Estimate co2eKg;
    std::vector<VarianceShare> tornado;    // of the total's carbon
    std::vector<std::string> withoutBand; // inputs whose error nobody knows: bands are without them
    double targets = 0;
    double inferences = 0; // over all lives
    Estimate designKg;     // search, training, discarded, fine-tuning: what was spent before the first inference
    std::optional<Estimate> designKgPerTarget;
    std::optional<Estimate> co2eGPerInference; // everything over everything
    std::optional<Estimate> useGPerInference;  // the use phase alone
    /// Inferences after which the use phase has emitted as much as the design, and how many days of these fleets that is.
    std::optional<Estimate> overtakingInferences;
    std::optional<Estimate> overtakingDays;
    bool inferenceOvertakes = false; // within the lives given
    double probabilityOvertakes = 0;
    std::vector<std::string> warnings;
};

/// @throws ValueError naming the item: a PUE below 1, a negative or non-finite number, shares that do not add up to 1.
Ledger ledger(const LedgerInputs& inputs);

/// Two subnets on one device: what choosing B over A saves with each inference. Energies that share an id share their
/// error, so that only what differs between the nets decides.
struct MarginalInputs {
    std::string nameA = "A", nameB = "B";
    Quantity energyJA, energyJB;
    Quantity chargingEfficiency = exactQuantity(1);
    Quantity pue = exactQuantity(1);
    Quantity gPerKwh;
    /// What B cost more to find or tune, kg; its payback is asked where B saves.
    std::optional<Quantity> extraKg;
    double inferencesPerDay = 0; // of the whole fleet; 0: not stated
    std::uint64_t seed = kLedgerSeed;
};

struct Marginal {
    Estimate gPerMillionA, gPerMillionB;
    Estimate savedGPerMillion; // A - B; negative where B emits more
    double probabilityBLess = 0;
    std::optional<Estimate> paybackInferences;
    std::optional<Estimate> paybackDays;
    std::vector<VarianceShare> tornado; // of what is saved
    std::string text;
};

Marginal marginal(const MarginalInputs& inputs);

} // namespace paretoscope

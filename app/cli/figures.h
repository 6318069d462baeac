// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The figures of a subnet on a device, in the form that every command prints.
#pragma once

#include "bundle/bundle.h"
#include "carbon/deviceenergy.h"
#include "carbon/grid.h"
#include "context.h"

#include <string>
#include <vector>

namespace paretoscope::cli {

/// The options `--grid`, `--grid-csv`, `--pue` and `--charging-efficiency`.
struct CarbonOptions {
    std::string grid = "World";
    std::vector<std::string> gridCsv;
    double pue = 1.56;
    double chargingEfficiency = 0.85;
};
void addCarbonOptions(CLI::App& command, CarbonOptions& options);
/// @throws ValueError for an unknown zone, with suggestions.
UsePhase usePhase(const CarbonOptions& options);

/// `--grid-csv FILE…`: zones or hourly series of the user, which come before ours.
void addGridCsv(CLI::App& command, std::vector<std::string>& files);
GridBook gridsWith(const std::vector<std::string>& files);

/// A device with what is known of its energy; without a device its figures say why they are absent.
struct Target {
    const Device* device = nullptr;
    DeviceEnergy energy;
};
Target targetOf(const Device* device);

/// Whole numbers and estimates; an estimate that cannot be given keeps its form, with nulls and a reason.
Json figuresOf(const Bundle& bundle, const Target& target, const UsePhase& use, const Subnet& subnet);
/// Why a figure is an extrapolation, and what was assumed; a sentence each.
std::vector<std::string> warningsOf(const Bundle& bundle, const Target& target, const Subnet& subnet);
/// "92.4 ms [90, 95]  (table; source)" for people.
std::string shown(const Json& estimate, const char* unit, double scale = 1, bool withSource = true);

} // namespace paretoscope::cli

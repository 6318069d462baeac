// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the commands that follow the energy of a job share: how it is measured and where its electricity comes from.
#pragma once

#include "context.h"

#include "carbon/tracker.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope::cli {

struct TrackerArguments {
    std::string grid = "World", attribution = "machine", gpu;
    std::vector<std::string> gridCsv;
    double pue = 1, intervalS = 1;
    std::optional<double> tdpW, budgetG;
    int gpus = 1;
};

/// Adds --grid, --grid-csv, --pue, --attribution, --interval, --tdp, --gpu and --gpus.
void addTrackerOptions(CLI::App& command, TrackerArguments& arguments);

/// Prints what the grid has to say. @throws as the grids: an unknown zone, …
TrackerOptions trackerOptionsOf(const Context& context, const TrackerArguments& arguments);
MeterSet metersOf(const TrackerArguments& arguments);

} // namespace paretoscope::cli

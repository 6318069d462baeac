// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The options of `search`, and the request they make.
#pragma once

#include "figures.h"
#include "search/request.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope::cli {

struct SearchOptions {
    std::string bundle;
    std::vector<std::string> devices;
    std::vector<double> weights; // of the devices; their presence asks for the mean
    CarbonOptions carbon;
    std::vector<std::string> objectives;
    std::map<std::string, double> least, most; // by option name
    Choices choices;
    std::string predictor = "auto";
    std::string algorithm = "auto";
    std::optional<double> timeMs;
    std::optional<std::uint64_t> evaluations;
    double epsilon = 0;
    std::string reference;
    std::string start;             // an earlier front
    std::string judgeOn;           // a device that the front was not searched for
    std::string out, kneeOut;
    int rows = 25;                 // of the table for people
};

void addSearchOptions(CLI::App& command, SearchOptions& options);

/// The predictor that `--predictor` names: auto takes the bundle's first additive one, else its first.
/// @throws ValueError naming what the bundle holds.
std::size_t chosenPredictor(const Bundle& bundle, const std::string& wanted);

/// @throws ValueError for unknown names.
SearchRequest requestOf(const SearchOptions& options, std::size_t devices, const Context& context);

} // namespace paretoscope::cli

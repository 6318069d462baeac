// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run on paper: its energy and carbon by component, with bands, and how they came about. Written as JSON, CSV,
// Markdown and LaTeX; the same report gives the same bytes whatever the user's locale.
#pragma once

#include "base/json.h"
#include "carbon/forecast.h"
#include "carbon/meter.h"

namespace paretoscope {

struct ComponentEnergy {
    Component component = Component::Cpu;
    Estimate energyKwh;   // IT energy, attributed to the run
    Estimate powerW;      // mean over the run; while it runs, now
    std::string meter;    // "RAPL (powercap)", "estimate", …
    bool operator==(const ComponentEnergy&) const = default;
};

struct PhaseEnergy {
    std::string name;
    double durationS = 0;
    double energyKwh = 0; // IT
    bool operator==(const PhaseEnergy&) const = default;
};

/// Something to compare with, as an illustration: given from outside, never added up.
struct Equivalent {
    std::string text;  // "km of an average US car"
    Estimate amount;
    bool operator==(const Equivalent&) const = default;
};

struct RunReport {
    std::string project = "paretoscope", runId, command;
    std::string begin, end;        // ISO 8601, UTC
    double durationS = 0;          // awake
    double suspendedS = 0;
    std::string attribution = "machine";
    std::vector<ComponentEnergy> components;
    Estimate energyItKwh;          // sum of the components, or the box where that was measured
    Estimate pue;
    Estimate energyKwh;            // facility: IT x PUE
    Estimate intensityGPerKwh;
    Estimate co2eG;
    std::string zone, basis;       // "FR", "lifecycle/production"
    std::string zoneIso3;          // for the columns of codecarbon
    int zoneYear = 0;              // 0: not stated
    std::string cpuModel, os;
    std::vector<std::string> gpus;
    int cpuThreads = 0;
    double ramGb = 0;
    std::vector<PhaseEnergy> phases;
    std::vector<double> epochKwh, epochS;
    int epochsTotal = 0;
    std::optional<Forecast> forecast;
    std::optional<double> budgetCo2eG;
    bool budgetReached = false;
    std::optional<int> exitCode;
    std::vector<std::string> measured;  // what was measured, for the user
    std::vector<std::string> reasons;   // what was estimated and why
    std::vector<std::string> warnings;  // faults of an imported run, a zone that was not found, …
    std::vector<std::string> log;       // readings that were rejected, …
    std::vector<Equivalent> equivalents;
    std::vector<std::string> citations;
    bool operator==(const RunReport&) const = default;
};

/// Fills energyItKwh, energyKwh and co2eG from components, PUE and intensity. @throws ValueError for PUE below 1 or an
/// intensity below 0.
void addUp(RunReport& report);

inline constexpr const char* kRunSchema = "paretoscope.run/1";

Json toJson(const RunReport& report);
/// @throws FormatError, ValueError
RunReport runReportFromJson(const JsonView& view);

/// Header and one row a run: the columns of codecarbon's emissions.csv and ours behind them. Units as there: kWh, kg,
/// kg/s, W, s. Cells that begin like a formula of a spreadsheet are quoted with an apostrophe.
std::string runReportsCsv(const std::vector<RunReport>& reports);
std::string runReportMarkdown(const RunReport& report);
/// A paragraph for a paper and its citations; needs no package.
std::string runReportLatex(const RunReport& report);
/// A few lines for a terminal.
std::string runReportText(const RunReport& report);

/// "0.0123 (0.0110-0.0140) kWh": digits as the band allows, never an exponent between 1e-6 and 1e9.
std::string estimateText(const Estimate& estimate, const std::string& unit);
std::string plainText(double value, int digits);

} // namespace paretoscope

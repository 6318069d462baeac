// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs that other trackers wrote: codecarbon's emissions.csv (old and new columns) and Carbontracker's logs. Known
// errors of these programs are found and said in words; their figures are kept as they stand, with an honest band.
#pragma once

#include "carbon/runreport.h"

#include <functional>

namespace paretoscope {

struct ImportedRun {
    std::string tool;        // "codecarbon", "carbontracker"
    std::string toolVersion; // empty: not stated
    std::string where;       // "emissions.csv:2"
    RunReport run;
    std::vector<std::string> faults; // also among run.warnings
};

/// g/kWh of a country by ISO code (three letters) or by name, to find an intensity of the wrong country.
using IntensityLookup = std::function<std::optional<double>(const std::string& country)>;

/// Every row of an emissions.csv. @throws FormatError naming line and column: no rows, columns missing, NaN, decimal commas.
std::vector<ImportedRun> importCodecarbon(std::string_view text, const std::string& where, const IntensityLookup& intensity = {});

/// One run of Carbontracker from its output log, its standard log, or both (either may be empty).
/// @throws FormatError when neither holds a figure.
ImportedRun importCarbontracker(std::string_view output, std::string_view standard, const std::string& where, const IntensityLookup& intensity = {});

/// Either of them, whichever it is. Both logs of a Carbontracker run are read where they lie side by side.
/// @throws IoError, FormatError
std::vector<ImportedRun> importRuns(const std::filesystem::path& path, const IntensityLookup& intensity = {});

Json toJson(const ImportedRun& run);

} // namespace paretoscope

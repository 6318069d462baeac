// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/runimport.h"

#include "base/error.h"
#include "base/file.h"

namespace paretoscope {

namespace {

constexpr std::size_t kMostBytes = 64u << 20;
constexpr std::string_view kOutput = "_carbontracker_output.log", kStandard = "_carbontracker.log";

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool looksLikeCarbontracker(std::string_view text)
{
    return has(text, "CarbonTracker: ") || has(text, "carbontracker version") || has(text, "Average power usage (W) for") || has(text, "CO2eq:");
}

} // namespace

std::vector<ImportedRun> importRuns(const std::filesystem::path& path, const IntensityLookup& intensity)
{
    const auto text = readTextFile(path, kMostBytes);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        throw FormatError({path.string(), "is empty", {}, "an emissions.csv of codecarbon or a log of Carbontracker"});
    const auto file = path.filename().string();
    if (file.ends_with(kOutput) || file.ends_with(kStandard) || looksLikeCarbontracker(text)) {
        const bool output = file.ends_with(kOutput) || !has(text, "Average power usage (W) for");
        // The other half, where it lies beside this one under the name that Carbontracker gives it.
        std::string other;
        std::error_code ignored;
        const auto tail = output ? kOutput : kStandard;
        if (file.ends_with(tail)) {
            const auto beside = path.parent_path() / (file.substr(0, file.size() - tail.size()) + std::string(output ? kStandard : kOutput));
            if (std::filesystem::is_regular_file(beside, ignored))
                other = readTextFile(beside, kMostBytes);
        }
        return {importCarbontracker(output ? text : other, output ? other : text, path.string(), intensity)};
    }
    return importCodecarbon(text, path.string(), intensity);
}

Json toJson(const ImportedRun& r)
{
    return {{"tool", r.tool}, {"toolVersion", r.toolVersion.empty() ? Json(nullptr) : Json(r.toolVersion)}, {"where", r.where}, {"faults", r.faults},
        {"run", toJson(r.run)}};
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs of other trackers, wall meter logs and lines of output: whatever the text, a report that can be written or an error.
#include "base/error.h"
#include "carbon/runimport.h"
#include "carbon/wallmeter.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void written(const paretoscope::ImportedRun& run)
{
    using namespace paretoscope;
    const auto json = toJson(run);
    if (!(runReportFromJson(JsonView(json["run"], "run")) == run.run) || runReportsCsv({run.run}).empty() || runReportText(run.run).empty())
        std::abort();
    runReportMarkdown(run.run);
    runReportLatex(run.run);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace paretoscope;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lookup = [](const std::string&) { return std::optional(342.0); };
    try {
        for (const auto& run : importCodecarbon(text, "input", lookup))
            written(run);
    } catch (const Error&) {
    }
    try {
        written(importCarbontracker(text.substr(size / 2), text.substr(0, size / 2), "input", lookup));
    } catch (const Error&) {
    }
    try {
        const auto log = wallMeterLog(text, "input");
        log.energyJ(log.unixS.front(), log.unixS.back());
    } catch (const Error&) {
    }
    epochOfLine(text);
    return 0;
}

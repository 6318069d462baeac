// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "trackeroptions.h"

#include "figures.h"

#include "carbon/grid.h"
#include "carbon/hardware.h"

#include <fmt/format.h>

namespace paretoscope::cli {

void addTrackerOptions(CLI::App& command, TrackerArguments& a)
{
    command.add_option("--grid", a.grid, "Zone, cloud region, or g/kWh")->capture_default_str();
    addGridCsv(command, a.gridCsv);
    command.add_option("--pue", a.pue, "Power usage effectiveness; 1 for an own computer")->capture_default_str();
    command.add_option("--attribution", a.attribution, "machine (all), net (idle of 10 s before taken off), share (of processor time)")
        ->check(CLI::IsMember({"machine", "net", "share"}))
        ->capture_default_str();
    command.add_option("--interval", a.intervalS, "Seconds between readings, 0.1 to 30")->capture_default_str();
    command.add_option("--tdp", a.tdpW, "Watt of one processor package, where it cannot be measured");
    command.add_option("--gpu", a.gpu, "GPU to assume where no driver tells, as in the catalogue");
    command.add_option("--gpus", a.gpus, "How many of it")->check(CLI::Range(1, 1024))->capture_default_str();
}

TrackerOptions trackerOptionsOf(const Context& context, const TrackerArguments& a)
{
    const auto grids = gridsWith(a.gridCsv);
    const auto grid = grids.find(a.grid);
    TrackerOptions t;
    t.intervalS = a.intervalS;
    t.attribution = attributionFromName(a.attribution, "--attribution");
    t.intensityGPerKwh = grid.gPerKwh;
    t.pue = userValue(a.pue, a.pue > 1 ? fmt::format("PUE {:g} of the user", a.pue) : std::string("own computer"));
    if (a.pue <= 1)
        t.pue.kind = Kind::Measured; // a definition, which worsens no total
    t.zone = grid.zone;
    t.zoneYear = grid.year;
    t.basis = grid.basis;
    for (const auto& z : grids.zones())
        if (z.id == grid.zone)
            t.zoneIso3 = z.iso3;
    t.budgetCo2eG = a.budgetG;
    for (const auto& w : grid.warnings)
        context.note("grid: " + w);
    return t;
}

MeterSet metersOf(const TrackerArguments& a)
{
    ProbeOptions probe;
    probe.packageTdpW = a.tdpW;
    if (!a.gpu.empty()) {
        const auto& row = hardwareFact(a.gpu, "gpu");
        probe.gpu = AssumedGpu{row.title(), row.power, a.gpus};
    }
    return probeMeters(probe);
}

} // namespace paretoscope::cli

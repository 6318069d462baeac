// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds out what can be measured on this computer, in the order of the carbon specification (section 14), and says in
// words why something cannot.
#pragma once

#include "carbon/cpuestimate.h"
#include "carbon/nvml.h"
#include "carbon/rapl.h"

namespace paretoscope {

/// A GPU that the user names because no driver tells.
struct AssumedGpu {
    std::string name;
    double tdpW = 0;
    int count = 1;
};

struct ProbeOptions {
    std::shared_ptr<FileSource> files = systemFiles();
    std::filesystem::path root = "/";
    std::string nvmlLibrary = "libnvidia-ml.so.1"; // empty: do not look
    PerfCalls perf = systemPerfCalls();
    std::shared_ptr<Clock> clock = systemClock();
    TdpLookup tdp = catalogueTdp();
    std::optional<double> packageTdpW; // of one package, from the user; narrows the band
    std::optional<AssumedGpu> gpu;
};

struct ProbeLine {
    std::string what; // "RAPL (powercap)", "NVML", …
    MeterState state = MeterState::Absent;
    std::string message;
};

struct MeterSet {
    CpuFacts facts;
    std::vector<std::shared_ptr<EnergyMeter>> meters;  // what measures, best first; may be empty
    std::shared_ptr<CpuEstimateMeter> estimate;        // always there
    std::vector<ProbeLine> lines;                      // everything that was tried
    std::vector<std::string> measured;                 // texts for the user: what is measured
    std::vector<std::string> reasons;                  // texts for the user: what is estimated, why, and the fix
    std::vector<std::string> notes;                    // domains and devices left out, …
    std::vector<std::string> gpus;                     // names
};

MeterSet probeMeters(const ProbeOptions& options);

} // namespace paretoscope

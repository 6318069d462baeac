// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CPU and memory energy by RAPL: the powercap tree (Intel, and AMD since Linux 5.8) or the perf event. Package and dram
// are added; core and uncore lie inside the package, psys contains it, and a die that stands beside its package repeats
// it: those are left out.
#pragma once

#include "carbon/meter.h"

#include <functional>

namespace paretoscope {

enum class MeterState { Ready, Permission, Absent, Failed };

std::string_view name(MeterState state); // "ready", "permission", "not exposed", "failed"

struct MeterProbe {
    MeterState state = MeterState::Absent;
    std::string message;                 // one line for the user: what is measured, or why not and the fix
    std::vector<std::string> notes;      // domains that were left out, …
    std::shared_ptr<EnergyMeter> meter;  // with state Ready only
};

/// `/sys/class/powercap/intel-rapl:*` below `root`. `packageTdpW` bounds an interval at three times that; 0: what the
/// domain itself says, else no bound.
MeterProbe probeRapl(std::shared_ptr<FileSource> files, const std::filesystem::path& root, double packageTdpW);

/// The system calls of the perf meter, replaced in tests.
struct PerfCalls {
    /// @returns a descriptor, or -errno.
    std::function<int(std::uint32_t type, std::uint64_t config, int cpu)> open;
    std::function<std::optional<std::uint64_t>(int descriptor)> read;
    std::function<void(int descriptor)> close;
};
PerfCalls systemPerfCalls();

/// The event `power/energy-pkg/` (and `energy-ram`) of every package; it needs perf_event_paranoid <= 0 or CAP_PERFMON.
MeterProbe probePerfRapl(std::shared_ptr<FileSource> files, const std::filesystem::path& root, double packageTdpW, PerfCalls calls);

} // namespace paretoscope

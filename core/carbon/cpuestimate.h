// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is assumed where nothing can be read: processor power from its TDP and load, memory from its size. The band is
// wide and the reason is said.
#pragma once

#include "carbon/meter.h"

#include <functional>

namespace paretoscope {

struct CpuFacts {
    std::string model;      // "AMD EPYC", as /proc/cpuinfo has it; empty: not stated
    int sockets = 1, cores = 1, threads = 1;
    bool hypervisor = false;
    bool container = false; // /sys or its powercap is hidden by a container runtime
    double memoryGb = 0;    // installed, GB
};

CpuFacts readCpuFacts(FileSource& files, const std::filesystem::path& root);

/// Full power of all packages of this computer, and why.
struct CpuPower {
    Estimate tdpW;      // with the factor of the whole model: 2 for a known processor, 5 for an unknown one
    std::string reason; // for the user
};

/// TDP in watt of one package and its source, or nothing; for the exact model.
using TdpLookup = std::function<std::optional<std::pair<double, std::string>>(const std::string& model)>;

/// The hardware catalogue as a lookup.
TdpLookup catalogueTdp();

/// The rules of the specification, section 14: known model; a share of the host of a virtual machine is 2 to 15 W a
/// vCPU (5); unknown: 4 W a thread to 12 W a core.
CpuPower cpuPower(const CpuFacts& facts, const TdpLookup& tdp);

/// Watt of the memory and its band: 0.3725 W/GB up to 64 GB (0.28-0.40), then 5 W a DIMM of 32 GB (0.04-0.40 W/GB).
Estimate ramPowerW(double memoryGb);

/// Processor and memory as counters that are computed: TDP x (0.1 + 0.9 u), with u the busy share of all processors since
/// the last read.
class CpuEstimateMeter final : public EnergyMeter {
public:
    CpuEstimateMeter(std::shared_ptr<FileSource> files, std::filesystem::path root, std::shared_ptr<Clock> clock, CpuPower cpu, Estimate ramW);
    std::string name() const override { return "estimate"; }
    Kind kind() const override { return Kind::Model; }
    double bandFactor() const override { return 2; }
    std::string source() const override { return m_cpu.tdpW.source; }
    std::vector<Reading> read() override;

    const CpuPower& cpu() const { return m_cpu; }
    const Estimate& ramW() const { return m_ramW; }
    /// Busy share of all processors during the last interval; 0 before there is one.
    double load() const { return m_load; }

private:
    std::shared_ptr<FileSource> m_files;
    std::filesystem::path m_root;
    std::shared_ptr<Clock> m_clock;
    CpuPower m_cpu;
    Estimate m_ramW;
    double m_load = 0, m_cpuJ = 0, m_ramJ = 0;
    std::optional<double> m_atS;
    std::uint64_t m_busy = 0, m_all = 0;
};

/// Ticks of all processors from /proc/stat: busy, and busy with idle. Nothing when it cannot be read.
struct CpuTicks {
    std::uint64_t busy = 0, all = 0;
};
std::optional<CpuTicks> readCpuTicks(FileSource& files, const std::filesystem::path& root);

} // namespace paretoscope

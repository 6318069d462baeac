// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/meterprobe.h"

#include "base/error.h"
#include "carbon/battery.h"
#include "carbon/hwmon.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr double kAssumedShare = 0.75; // of TDP, 0.5 to 1 (specification 3.1), hence the factor 1.35

class AssumedGpuMeter final : public EnergyMeter {
public:
    explicit AssumedGpuMeter(AssumedGpu gpu)
        : m_gpu(std::move(gpu))
    {
    }
    std::string name() const override { return "GPU estimate"; }
    Kind kind() const override { return Kind::Model; }
    double bandFactor() const override { return 1.35; }
    std::string source() const override
    {
        return fmt::format("estimate: {} x {} at {:g} W x {:g}", m_gpu.count, m_gpu.name, m_gpu.tdpW, kAssumedShare);
    }
    std::vector<Reading> read() override
    {
        return {{m_gpu.name, Component::Gpu, {}, {}, m_gpu.count * m_gpu.tdpW * kAssumedShare, 0, {}, {}}};
    }

private:
    AssumedGpu m_gpu;
};

} // namespace

MeterSet probeMeters(const ProbeOptions& o)
{
    if (o.packageTdpW && !(*o.packageTdpW > 0))
        throw ValueError({"TDP", "must be positive", fmt::format("{} W", *o.packageTdpW), "more than 0 W"});
    MeterSet set;
    set.facts = readCpuFacts(*o.files, o.root);
    TdpLookup lookup = o.tdp;
    auto facts = set.facts;
    if (o.packageTdpW) {
        lookup = [w = *o.packageTdpW](const std::string&) { return std::pair(w, fmt::format("TDP given by the user ({:g} W)", w)); };
        facts.hypervisor = false; // whoever names a TDP names the share of this guest
        facts.model = facts.model.empty() ? "processor" : facts.model;
    }
    const auto power = cpuPower(facts, lookup);
    const bool known = power.tdpW.high && *power.tdpW.high / power.tdpW.value <= 2.5;
    const double tdpPerPackage = known && !facts.hypervisor ? power.tdpW.value / facts.sockets : 0;
    // With an unknown model the largest default a core is the bound: it only stops nonsense, such as a range injected.
    const double boundW = tdpPerPackage > 0 ? tdpPerPackage : std::max(100.0, 12.0 * facts.cores / facts.sockets);

    const auto take = [&](const char* what, MeterProbe probe) {
        set.lines.push_back({what, probe.state, probe.message});
        set.notes.insert(set.notes.end(), probe.notes.begin(), probe.notes.end());
        if (probe.state != MeterState::Ready)
            return false;
        set.measured.push_back(probe.message);
        set.meters.push_back(std::move(probe.meter));
        return true;
    };

    auto rapl = probeRapl(o.files, o.root, boundW);
    const auto state = rapl.state;
    const auto message = rapl.message;
    bool cpu = take("RAPL (powercap)", std::move(rapl));
    if (!cpu && state != MeterState::Absent)
        cpu = take("RAPL (perf)", probePerfRapl(o.files, o.root, boundW, o.perf));
    if (!cpu) {
        if (state == MeterState::Absent && set.facts.hypervisor)
            set.reasons.push_back(power.reason.starts_with("This is a virtual")
                    ? power.reason
                    : "This is a virtual machine; the host does not share its energy counters. " + power.reason);
        else if (state == MeterState::Absent && set.facts.container)
            set.reasons.push_back("/sys is hidden or masked by the container runtime (Docker hides powercap since 24.0.7 and 23.0.8). Run the "
                                  "tracker on the host. " + power.reason);
        else
            set.reasons.push_back(message + " " + power.reason);
    }

    bool gpu = false;
    std::string gpuMessage = "No NVIDIA driver found";
    if (!o.nvmlLibrary.empty()) {
        auto nvml = probeNvml(o.nvmlLibrary);
        if (nvml.meter)
            set.gpus = gpuNames(*nvml.meter);
        gpuMessage = nvml.message.ends_with('.') ? nvml.message.substr(0, nvml.message.size() - 1) : nvml.message;
        if (nvml.state == MeterState::Failed)
            set.reasons.push_back(nvml.message);
        gpu = take("NVML", std::move(nvml));
    }
    gpu = take("hwmon", probeHwmon(o.files, o.root)) || gpu;
    if (!gpu && o.gpu) {
        set.meters.push_back(std::make_shared<AssumedGpuMeter>(*o.gpu));
        set.gpus.push_back(o.gpu->name);
        set.reasons.push_back(fmt::format("{}; GPU energy is estimated from the device you selected ({} x {:g} W x {:g}).", gpuMessage, o.gpu->count,
            o.gpu->tdpW, kAssumedShare));
    }
    take("battery", probeBattery(o.files, o.root));
    set.estimate = std::make_shared<CpuEstimateMeter>(o.files, o.root, o.clock, power, ramPowerW(set.facts.memoryGb));
    return set;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/nvml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <dlfcn.h>
#include <set>

namespace paretoscope {

namespace {

// The part of NVML's interface that is used, as its documentation gives it.
using Device = void*;
constexpr int kSuccess = 0, kNotSupported = 3;
struct ProcessSample {
    unsigned pid;
    unsigned long long timeStamp;
    unsigned smUtil, memUtil, encUtil, decUtil;
};

struct Functions {
    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    const char* (*errorString)(int) = nullptr;
    int (*count)(unsigned*) = nullptr;
    int (*handle)(unsigned, Device*) = nullptr;
    int (*deviceName)(Device, char*, unsigned) = nullptr;
    int (*energy)(Device, unsigned long long*) = nullptr; // mJ since the driver was loaded
    int (*power)(Device, unsigned*) = nullptr;            // mW
    int (*limit)(Device, unsigned*) = nullptr;            // mW
    int (*processes)(Device, ProcessSample*, unsigned*, unsigned long long) = nullptr;
};

template <typename F>
void find(void* library, F& function, const char* symbol)
{
    void* address = dlsym(library, symbol);
    std::memcpy(&function, &address, sizeof(function)); // C++ has no cast from an object to a function
}

// Assumed where a device gives no reading at all: its power limit, or the default of Green Algorithms, at 75 %.
constexpr double kUnknownGpuW = 200, kShareOfLimit = 0.75;

struct Gpu {
    Device device = nullptr;
    std::string channel;
    bool counter = false;
    double limitW = 0;
    unsigned long long seenUs = 0;
    std::string failure;
};

class NvmlMeter final : public EnergyMeter {
public:
    NvmlMeter(std::shared_ptr<void> library, Functions f, std::vector<Gpu> gpus)
        : m_library(std::move(library))
        , m_f(f)
        , m_gpus(std::move(gpus))
    {
    }
    ~NvmlMeter() override { m_f.shutdown(); }
    NvmlMeter(const NvmlMeter&) = delete;
    NvmlMeter& operator=(const NvmlMeter&) = delete;

    std::string name() const override { return "NVML"; }
    Kind kind() const override { return Kind::Counter; }
    double bandFactor() const override { return 1.05; }
    std::string source() const override
    {
        const auto counters = std::count_if(m_gpus.begin(), m_gpus.end(), [](const Gpu& g) { return g.counter; });
        return fmt::format("NVML, {} of {} GPUs by energy counter, the others by sampled power", counters, m_gpus.size());
    }
    std::vector<Reading> read() override
    {
        std::vector<Reading> list;
        for (const auto& g : m_gpus) {
            Reading r{g.channel, Component::Gpu, {}, {}, {}, 3 * g.limitW, kShareOfLimit * (g.limitW > 0 ? g.limitW : kUnknownGpuW), g.failure};
            if (g.device && g.counter) {
                unsigned long long mj = 0;
                if (const int code = m_f.energy(g.device, &mj); code == kSuccess)
                    r.energyUj = static_cast<std::uint64_t>(mj) * 1000;
                else
                    r.failure = fmt::format("energy counter: {}", m_f.errorString(code));
            } else if (g.device) {
                unsigned mw = 0;
                if (const int code = m_f.power(g.device, &mw); code == kSuccess)
                    r.powerW = 1e-3 * mw;
                else
                    r.failure = fmt::format("power: {}", m_f.errorString(code));
            }
            list.push_back(std::move(r));
        }
        return list;
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> list;
        for (const auto& g : m_gpus)
            list.push_back(g.channel);
        return list;
    }

    std::optional<double> share(const std::vector<int>& processes)
    {
        if (!m_f.processes)
            return std::nullopt;
        const std::set<int> ours(processes.begin(), processes.end());
        double mine = 0, all = 0;
        for (auto& g : m_gpus) {
            std::array<ProcessSample, 256> samples{};
            unsigned n = samples.size();
            if (!g.device || m_f.processes(g.device, samples.data(), &n, g.seenUs) != kSuccess)
                continue;
            for (unsigned i = 0; i < std::min<unsigned>(n, samples.size()); ++i) {
                all += samples[i].smUtil;
                mine += ours.contains(static_cast<int>(samples[i].pid)) ? samples[i].smUtil : 0;
                g.seenUs = std::max(g.seenUs, samples[i].timeStamp);
            }
        }
        return all > 0 ? std::optional(mine / all) : std::nullopt;
    }

private:
    std::shared_ptr<void> m_library;
    Functions m_f;
    std::vector<Gpu> m_gpus;
};

} // namespace

MeterProbe probeNvml(const std::string& path)
{
    MeterProbe probe;
    std::shared_ptr<void> library(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL), [](void* l) {
        if (l)
            dlclose(l);
    });
    if (!library) {
        probe.message = "No NVIDIA driver found.";
        return probe;
    }
    Functions f;
    find(library.get(), f.init, "nvmlInit_v2");
    find(library.get(), f.shutdown, "nvmlShutdown");
    find(library.get(), f.errorString, "nvmlErrorString");
    find(library.get(), f.count, "nvmlDeviceGetCount_v2");
    find(library.get(), f.handle, "nvmlDeviceGetHandleByIndex_v2");
    find(library.get(), f.deviceName, "nvmlDeviceGetName");
    find(library.get(), f.energy, "nvmlDeviceGetTotalEnergyConsumption");
    find(library.get(), f.power, "nvmlDeviceGetPowerUsage");
    find(library.get(), f.limit, "nvmlDeviceGetPowerManagementLimit");
    find(library.get(), f.processes, "nvmlDeviceGetProcessUtilization");
    probe.state = MeterState::Failed;
    if (!f.init || !f.shutdown || !f.errorString || !f.count || !f.handle || !f.power) {
        probe.message = fmt::format("{} is not an NVML library.", path);
        return probe;
    }
    if (const int code = f.init(); code != kSuccess) {
        probe.message = fmt::format("The NVIDIA driver does not answer: {}.", f.errorString(code));
        return probe;
    }
    unsigned n = 0;
    if (const int code = f.count(&n); code != kSuccess || n == 0) {
        probe.message = code != kSuccess ? fmt::format("The NVIDIA driver does not list its GPUs: {}.", f.errorString(code))
                                         : std::string("The NVIDIA driver lists no GPU.");
        probe.state = code != kSuccess ? MeterState::Failed : MeterState::Absent;
        f.shutdown();
        return probe;
    }
    std::vector<Gpu> gpus;
    int counters = 0;
    for (unsigned i = 0; i < std::min(n, 64u); ++i) {
        Gpu g;
        g.channel = fmt::format("GPU {}", i);
        if (const int code = f.handle(i, &g.device); code != kSuccess) {
            g.device = nullptr;
            g.failure = f.errorString(code);
            probe.notes.push_back(fmt::format("{} gives no reading ({}); {} W are assumed", g.channel, g.failure, kShareOfLimit * kUnknownGpuW));
            gpus.push_back(std::move(g));
            continue;
        }
        std::array<char, 97> text{};
        if (f.deviceName && f.deviceName(g.device, text.data(), static_cast<unsigned>(text.size() - 1)) == kSuccess)
            g.channel += fmt::format(" ({})", text.data());
        unsigned mw = 0;
        if (f.limit && f.limit(g.device, &mw) == kSuccess)
            g.limitW = 1e-3 * mw;
        unsigned long long mj = 0;
        const int code = f.energy ? f.energy(g.device, &mj) : kNotSupported;
        g.counter = code != kNotSupported; // another error may pass
        counters += g.counter;
        if (!g.counter)
            probe.notes.push_back(g.channel + " has no energy counter; its power is sampled");
        gpus.push_back(std::move(g));
    }
    probe.state = MeterState::Ready;
    probe.message = fmt::format("{} GPU{} measured by NVML.", gpus.size(), gpus.size() == 1 ? "" : "s");
    probe.meter = std::make_shared<NvmlMeter>(std::move(library), f, std::move(gpus));
    return probe;
}

std::vector<std::string> gpuNames(const EnergyMeter& meter)
{
    const auto* nvml = dynamic_cast<const NvmlMeter*>(&meter);
    return nvml ? nvml->names() : std::vector<std::string>();
}

std::optional<double> gpuShare(EnergyMeter& meter, const std::vector<int>& processes)
{
    auto* nvml = dynamic_cast<NvmlMeter*>(&meter);
    return nvml ? nvml->share(processes) : std::nullopt;
}

} // namespace paretoscope

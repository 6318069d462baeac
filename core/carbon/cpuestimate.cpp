// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/cpuestimate.h"

#include "carbon/hardware.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace paretoscope {

namespace {

namespace fs = std::filesystem;

constexpr double kVcpuW = 5, kVcpuLowW = 2, kVcpuHighW = 15;
constexpr double kPerThreadW = 4, kPerCoreW = 12;
constexpr double kKnownFactor = 2, kUnknownFactor = 5;

std::uint64_t numberAfter(std::string_view text, std::size_t& at)
{
    while (at < text.size() && text[at] == ' ')
        ++at;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    at = static_cast<std::size_t>(end - text.data());
    return error == std::errc() ? value : 0;
}

} // namespace

CpuFacts readCpuFacts(FileSource& files, const fs::path& root)
{
    CpuFacts f;
    const auto info = files.read(root / "proc/cpuinfo").text;
    std::set<std::string> sockets, cores;
    std::string socket = "0", core;
    int threads = 0;
    for (std::size_t at = 0; at < info.size();) {
        const auto end = std::min(info.find('\n', at), info.size());
        const std::string_view line(info.data() + at, end - at);
        at = end + 1;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        const auto key = line.substr(0, std::min(line.find_last_not_of(" \t", colon ? colon - 1 : 0) + 1, colon));
        const auto first = line.find_first_not_of(' ', colon + 1);
        const std::string value(first == std::string_view::npos ? std::string_view() : line.substr(first));
        if (key == "processor")
            ++threads;
        else if (key == "model name" && f.model.empty())
            f.model = value;
        else if (key == "physical id")
            sockets.insert(socket = value);
        else if (key == "core id")
            cores.insert(socket + "/" + value);
        else if (key == "flags" && (" " + value + " ").find(" hypervisor ") != std::string::npos)
            f.hypervisor = true;
    }
    f.threads = std::max(threads, 1);
    f.sockets = std::max<int>(static_cast<int>(sockets.size()), 1);
    f.cores = cores.empty() ? f.threads : static_cast<int>(cores.size());
    f.container = files.read(root / ".dockerenv").error == 0 || files.read(root / "run/.containerenv").error == 0;
    const auto memory = files.read(root / "proc/meminfo").text;
    if (const auto at = memory.find("MemTotal:"); at != std::string::npos) {
        std::size_t from = at + 9;
        f.memoryGb = static_cast<double>(numberAfter(memory, from)) * 1024 / 1e9;
    }
    return f;
}

TdpLookup catalogueTdp()
{
    return [](const std::string& model) -> std::optional<std::pair<double, std::string>> {
        // A name of maker and family only ("AMD EPYC", which is what guests see) must not pick a member of the family.
        if (model.find_first_of("0123456789") == std::string::npos)
            return std::nullopt;
        const auto* row = findHardware(model, "cpu");
        if (!row || row->unit != "W" || !(row->power > 0))
            return std::nullopt;
        return std::pair(row->power, fmt::format("TDP of {} ({:g} W)", row->title(), row->power));
    };
}

CpuPower cpuPower(const CpuFacts& f, const TdpLookup& lookup)
{
    CpuPower p;
    const auto known = lookup && !f.model.empty() ? lookup(f.model) : std::nullopt;
    const auto model = f.model.empty() ? std::string("unknown") : f.model;
    if (f.hypervisor) {
        const double low = kVcpuLowW * f.threads, high = kVcpuHighW * f.threads;
        p.tdpW = {kVcpuW * f.threads, low, high, Kind::Model,
            fmt::format("estimate: {} vCPU x {:g} W (2-15 W) x (0.1 + 0.9 x load)", f.threads, kVcpuW)};
        p.reason = fmt::format("This is a virtual machine; the host does not share its energy counters. Values below are estimates from CPU "
            "time: real use is likely between {:.2g} and {:.2g} W at full load ({} vCPU of \"{}\", 2 to 15 W each).", low, high, f.threads, model);
    } else if (known) {
        const double tdp = known->first * f.sockets;
        p.tdpW = meterBand(tdp, kKnownFactor, Kind::Model, fmt::format("estimate: {} x {} x (0.1 + 0.9 x load)", known->second, f.sockets));
        p.reason = fmt::format("CPU energy is estimated from load and TDP ({:g} W); real use is likely between half and twice the figure.", tdp);
    } else {
        const double low = kPerThreadW * f.threads, high = kPerCoreW * f.cores, mid = std::sqrt(low * high);
        p.tdpW = meterBand(mid, kUnknownFactor, Kind::Model,
            fmt::format("estimate: unknown processor, {:.3g} W a core x {} x (0.1 + 0.9 x load)", mid / f.cores, f.cores));
        p.reason = fmt::format("CPU model '{}' is not in the table; using {:.3g} W per core. Enter its TDP to narrow the range.", model, mid / f.cores);
    }
    return p;
}

Estimate ramPowerW(double gb)
{
    if (gb <= 0)
        return {0, 0, 0, Kind::Model, "memory size not known"};
    if (gb <= 64)
        return {0.3725 * gb, 0.28 * gb, 0.40 * gb, Kind::Model, fmt::format("estimate: {:.3g} GB x 0.3725 W (0.28-0.40)", gb)};
    const double w = 0.3725 * 64 + 5 * std::ceil((gb - 64) / 32);
    return {w, std::min(w, std::max(0.04 * gb, 0.28 * 64)), std::max(w, 0.40 * gb), Kind::Model,
        fmt::format("estimate: 64 GB x 0.3725 W, then 5 W a 32 GB module, {:.4g} GB (0.04-0.40 W/GB)", gb)};
}

std::optional<CpuTicks> readCpuTicks(FileSource& files, const fs::path& root)
{
    const auto file = files.read(root / "proc/stat");
    if (file.error || !file.text.starts_with("cpu "))
        return std::nullopt;
    CpuTicks t;
    std::size_t at = 4;
    // user nice system idle iowait irq softirq steal; guest time is inside user already
    for (int field = 0; field < 8; ++field) {
        const auto ticks = numberAfter(file.text, at);
        t.all += ticks;
        if (field != 3 && field != 4 && field != 7) // stolen time is the host's other guests
            t.busy += ticks;
    }
    return t;
}

CpuEstimateMeter::CpuEstimateMeter(std::shared_ptr<FileSource> files, fs::path root, std::shared_ptr<Clock> clock, CpuPower cpu, Estimate ramW)
    : m_files(std::move(files))
    , m_root(std::move(root))
    , m_clock(std::move(clock))
    , m_cpu(std::move(cpu))
    , m_ramW(std::move(ramW))
{
}

std::vector<Reading> CpuEstimateMeter::read()
{
    const double now = m_clock->monotonicS();
    const auto ticks = readCpuTicks(*m_files, m_root);
    if (m_atS) {
        // Without a reading the load is taken as it was; two readings within one tick say nothing either.
        if (ticks && ticks->all > m_all && ticks->busy >= m_busy)
            m_load = std::clamp(static_cast<double>(ticks->busy - m_busy) / static_cast<double>(ticks->all - m_all), 0.0, 1.0);
        const double dt = std::max(0.0, now - *m_atS);
        m_cpuJ += m_cpu.tdpW.value * (0.1 + 0.9 * m_load) * dt;
        m_ramJ += m_ramW.value * dt;
    }
    m_atS = now;
    if (ticks) {
        m_busy = ticks->busy;
        m_all = ticks->all;
    }
    return {{"CPU estimate", Component::Cpu, static_cast<std::uint64_t>(m_cpuJ * 1e6), {}, {}, 0, 0.5 * m_cpu.tdpW.value, {}},
        {"RAM estimate", Component::Ram, static_cast<std::uint64_t>(m_ramJ * 1e6), {}, {}, 0, m_ramW.value, {}}};
}

} // namespace paretoscope

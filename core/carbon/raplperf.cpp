// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/rapl.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <unistd.h>

#if __has_include(<linux/perf_event.h>)
#include <linux/perf_event.h>
#include <sys/syscall.h>
#define PARETOSCOPE_HAS_PERF 1
#endif

namespace paretoscope {

namespace {

namespace fs = std::filesystem;

struct Event {
    int descriptor = -1;
    std::string channel;
    Component component = Component::Cpu;
    double scaleUj = 0; // microjoule a count
};

class PerfMeter final : public EnergyMeter {
public:
    PerfMeter(std::vector<Event> events, PerfCalls calls, double limitW)
        : m_events(std::move(events))
        , m_calls(std::move(calls))
        , m_limitW(limitW)
    {
    }
    ~PerfMeter() override
    {
        for (const auto& e : m_events)
            m_calls.close(e.descriptor);
    }
    PerfMeter(const PerfMeter&) = delete;
    PerfMeter& operator=(const PerfMeter&) = delete;
    std::string name() const override { return "RAPL (perf)"; }
    Kind kind() const override { return Kind::Counter; }
    double bandFactor() const override { return 1.05; }
    std::string source() const override { return "RAPL counters by the perf event power/energy-pkg; fans, disks and power supply not included"; }
    std::vector<Reading> read() override
    {
        std::vector<Reading> list;
        for (const auto& e : m_events) {
            Reading r{e.channel, e.component, {}, {}, {}, m_limitW, {}, {}};
            // The kernel widens the counter to 64 bits, so it does not wrap.
            if (const auto count = m_calls.read(e.descriptor))
                r.energyUj = static_cast<std::uint64_t>(static_cast<double>(*count) * e.scaleUj);
            else
                r.failure = "the perf event cannot be read";
            list.push_back(std::move(r));
        }
        return list;
    }

private:
    std::vector<Event> m_events;
    PerfCalls m_calls;
    double m_limitW;
};

// "event=0x02" → 2
std::optional<std::uint64_t> eventCode(const std::string& text)
{
    constexpr std::string_view kStart = "event=0x";
    std::uint64_t code = 0;
    if (!text.starts_with(kStart))
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + kStart.size(), text.data() + text.size(), code, 16);
    return error == std::errc() ? std::optional(code) : std::nullopt;
}

// "0,64" → one CPU a package
std::vector<int> cpuList(const std::string& text)
{
    std::vector<int> cpus;
    for (const char *at = text.data(), *end = at + text.size(); at < end && cpus.size() < 1024;) {
        int cpu = 0;
        const auto [next, error] = std::from_chars(at, end, cpu);
        if (error != std::errc())
            break;
        cpus.push_back(cpu);
        at = next + 1;
    }
    return cpus;
}

} // namespace

PerfCalls systemPerfCalls()
{
    PerfCalls calls;
#ifdef PARETOSCOPE_HAS_PERF
    calls.open = [](std::uint32_t type, std::uint64_t config, int cpu) {
        perf_event_attr attributes{};
        attributes.type = type;
        attributes.size = sizeof(attributes);
        attributes.config = config;
        const auto fd = syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
        return fd < 0 ? -errno : static_cast<int>(fd);
    };
#else
    calls.open = [](std::uint32_t, std::uint64_t, int) { return -ENOSYS; };
#endif
    calls.read = [](int fd) -> std::optional<std::uint64_t> {
        std::uint64_t count = 0;
        return ::read(fd, &count, sizeof(count)) == static_cast<ssize_t>(sizeof(count)) ? std::optional(count) : std::nullopt;
    };
    calls.close = [](int fd) { ::close(fd); };
    return calls;
}

MeterProbe probePerfRapl(std::shared_ptr<FileSource> files, const fs::path& root, double packageTdpW, PerfCalls calls)
{
    MeterProbe probe;
    const auto folder = root / "sys/bus/event_source/devices/power";
    const auto type = readNumber(*files, folder / "type");
    const auto cpus = cpuList(readTrimmed(*files, folder / "cpumask"));
    if (!type || cpus.empty()) {
        probe.message = "No power event (perf) is exposed by this system.";
        return probe;
    }
    std::vector<Event> events;
    for (const auto& [file, component] : {std::pair("energy-pkg", Component::Cpu), std::pair("energy-ram", Component::Dram)}) {
        const auto code = eventCode(readTrimmed(*files, folder / "events" / file));
        const auto scaleText = readTrimmed(*files, folder / "events" / (std::string(file) + ".scale"));
        double scale = 0; // joule a count
        std::from_chars(scaleText.data(), scaleText.data() + scaleText.size(), scale);
        if (!code || !(scale > 0) || !std::isfinite(scale))
            continue;
        for (const int cpu : cpus) {
            const int fd = calls.open(static_cast<std::uint32_t>(*type), *code, cpu);
            if (fd >= 0) {
                events.push_back({fd, fmt::format("{} of cpu {}", file, cpu), component, 1e6 * scale});
                continue;
            }
            if (component == Component::Dram) // a package without dram is still worth having
                break;
            for (const auto& e : events)
                calls.close(e.descriptor);
            probe.state = fd == -EACCES || fd == -EPERM ? MeterState::Permission : MeterState::Failed;
            probe.message = probe.state == MeterState::Permission
                ? "The power event needs kernel.perf_event_paranoid <= 0 or CAP_PERFMON: `sudo sysctl kernel.perf_event_paranoid=0`."
                : fmt::format("The power event cannot be opened: {}.", std::strerror(-fd));
            return probe;
        }
    }
    if (events.empty()) {
        probe.message = "The power event (perf) has no package counter.";
        return probe;
    }
    probe.state = MeterState::Ready;
    probe.message = "CPU package measured by RAPL (perf event). Fans, disks, power supply are not included; a wall meter usually reads 1.5-2x "
                    "more on an idle desktop.";
    probe.meter = std::make_shared<PerfMeter>(std::move(events), std::move(calls), 3 * packageTdpW);
    return probe;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/rapl.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <set>

namespace paretoscope {

namespace {

namespace fs = std::filesystem;

struct Domain {
    fs::path folder;
    std::string channel;
    Component component = Component::Cpu;
    std::optional<std::uint64_t> rangeUj;
    double limitW = 0;
};

class PowercapMeter final : public EnergyMeter {
public:
    PowercapMeter(std::shared_ptr<FileSource> files, std::vector<Domain> domains)
        : m_files(std::move(files))
        , m_domains(std::move(domains))
    {
    }
    std::string name() const override { return "RAPL (powercap)"; }
    Kind kind() const override { return Kind::Counter; }
    double bandFactor() const override { return 1.05; }
    std::string source() const override { return "RAPL package and dram counters by powercap; fans, disks and power supply not included"; }

    std::vector<Reading> read() override
    {
        std::vector<Reading> list;
        for (const auto& d : m_domains) {
            Reading r{d.channel, d.component, {}, d.rangeUj, {}, d.limitW, {}, {}};
            const auto path = d.folder / "energy_uj";
            const auto file = m_files->read(path);
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(file.text.data(), file.text.data() + file.text.size(), value);
            if (file.error)
                r.failure = fmt::format("{}: {}", path.string(), std::strerror(file.error));
            else if (error != std::errc() || (end != file.text.data() + file.text.size() && *end != '\n'))
                r.failure = fmt::format("{}: not a counter", path.string());
            else
                r.energyUj = value;
            list.push_back(std::move(r));
        }
        return list;
    }

private:
    std::shared_ptr<FileSource> m_files;
    std::vector<Domain> m_domains;
};

bool isPackage(const std::string& domain) { return domain.starts_with("package-"); }
// "package-0-die-1" → "package-0"
std::string packageOf(const std::string& domain) { return domain.substr(0, domain.find("-die")); }

// Domains stand flat in the class folder and nested in their package; both trees are walked, each domain once.
std::vector<std::pair<fs::path, std::string>> domainFolders(FileSource& files, const fs::path& folder)
{
    std::vector<std::pair<fs::path, std::string>> found; // folder, "intel-rapl:0:1"
    std::set<std::string> seen;
    const auto walk = [&](auto& self, const fs::path& where, int depth) -> void {
        for (const auto& entry : files.list(where))
            if (entry.starts_with("intel-rapl:") && seen.insert(entry).second) {
                found.emplace_back(where / entry, entry);
                if (depth < 3)
                    self(self, where / entry, depth + 1);
            }
    };
    walk(walk, folder, 0);
    return found;
}

} // namespace

std::string_view name(MeterState state)
{
    switch (state) {
    case MeterState::Ready: return "ready";
    case MeterState::Permission: return "permission";
    case MeterState::Absent: return "not exposed";
    case MeterState::Failed: return "failed";
    }
    return {};
}

MeterProbe probeRapl(std::shared_ptr<FileSource> files, const fs::path& root, double packageTdpW)
{
    MeterProbe probe;
    std::map<std::string, std::string> nameOf; // "intel-rapl:0" → "package-0"
    const auto folders = domainFolders(*files, root / "sys/class/powercap");
    std::set<std::string> packages;
    for (const auto& [folder, id] : folders) {
        nameOf[id] = readTrimmed(*files, folder / "name");
        packages.insert(nameOf[id]);
    }
    std::vector<Domain> domains;
    std::set<std::string> taken;
    std::string denied, failed;
    for (const auto& [folder, id] : folders) {
        const auto& domain = nameOf[id];
        const bool package = isPackage(domain), dram = domain == "dram";
        if (!package && !dram) {
            if (domain == "psys")
                probe.notes.push_back("psys is left out: it contains the package");
            continue;
        }
        if (package && packageOf(domain) != domain && packages.contains(packageOf(domain))) {
            probe.notes.push_back(fmt::format("{} is left out: it repeats {}", domain, packageOf(domain)));
            continue;
        }
        Domain d{folder, dram ? nameOf[id.substr(0, id.rfind(':'))] + "/dram" : domain, dram ? Component::Dram : Component::Cpu, {}, 0};
        if (!taken.insert(d.channel).second) {
            probe.notes.push_back(fmt::format("{} is listed twice; the second is left out", d.channel));
            continue;
        }
        const auto file = files->read(folder / "energy_uj");
        if (file.error == EACCES || file.error == EPERM) {
            if (package && denied.empty())
                denied = (folder / "energy_uj").string();
            else if (dram)
                probe.notes.push_back(fmt::format("{} cannot be read", d.channel));
            continue;
        }
        if (file.error && file.error != EIO && file.error != EAGAIN && file.error != EINTR) {
            failed = fmt::format("{}: {}", (folder / "energy_uj").string(), std::strerror(file.error));
            continue;
        }
        d.rangeUj = readNumber(*files, folder / "max_energy_range_uj");
        if (!d.rangeUj)
            probe.notes.push_back(fmt::format("{} does not state its range; an interval in which it wraps is discarded", d.channel));
        double tdp = packageTdpW;
        if (const auto stated = readNumber(*files, folder / "constraint_0_max_power_uw"); stated && *stated > 0 && tdp <= 0)
            tdp = 1e-6 * static_cast<double>(*stated);
        d.limitW = 3 * tdp;
        domains.push_back(std::move(d));
    }
    const bool anyPackage = std::any_of(domains.begin(), domains.end(), [](const Domain& d) { return d.component == Component::Cpu; });
    if (!denied.empty()) {
        probe.state = MeterState::Permission;
        probe.message = fmt::format("This kernel lets only root read CPU energy ({}; since Linux 5.10, CVE-2020-8694). To measure instead of "
            "estimate: `sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj` (until reboot), or add a udev/tmpfiles rule. Anyone on "
            "this computer could then read it, which can leak secrets on shared machines.", denied);
    } else if (anyPackage) {
        probe.state = MeterState::Ready;
        const bool dram = std::any_of(domains.begin(), domains.end(), [](const Domain& d) { return d.component == Component::Dram; });
        probe.message = fmt::format("CPU package{} measured by RAPL. Fans, disks, power supply are not included; a wall meter usually reads "
            "1.5-2x more on an idle desktop.", dram ? " and memory" : "");
        probe.meter = std::make_shared<PowercapMeter>(std::move(files), std::move(domains));
    } else if (!failed.empty()) {
        probe.state = MeterState::Failed;
        probe.message = fmt::format("CPU energy counter cannot be read ({}).", failed);
    } else {
        probe.state = MeterState::Absent;
        probe.message = "No CPU energy counter (powercap) is exposed by this system.";
    }
    return probe;
}

} // namespace paretoscope

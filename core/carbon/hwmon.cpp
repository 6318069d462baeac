// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/hwmon.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

namespace fs = std::filesystem;

struct Sensor {
    std::string channel;
    fs::path file;
    bool energy = false;
    double limitW = 0;
};

class HwmonMeter final : public EnergyMeter {
public:
    HwmonMeter(std::shared_ptr<FileSource> files, std::vector<Sensor> sensors)
        : m_files(std::move(files))
        , m_sensors(std::move(sensors))
    {
    }
    std::string name() const override { return "hwmon"; }
    Kind kind() const override { return Kind::Counter; }
    double bandFactor() const override { return 1.1; } // no vendor states an error; twice that of NVML
    std::string source() const override { return "GPU sensors of the kernel (hwmon)"; }
    std::vector<Reading> read() override
    {
        std::vector<Reading> list;
        for (const auto& s : m_sensors) {
            Reading r{s.channel, Component::Gpu, {}, {}, {}, 3 * s.limitW, {}, {}};
            const auto value = readNumber(*m_files, s.file);
            if (!value)
                r.failure = s.file.string() + " cannot be read";
            else if (s.energy)
                r.energyUj = value;
            else if (*value == 0)
                r.failure = s.file.string() + " reads 0 W";
            else
                r.powerW = 1e-6 * static_cast<double>(*value);
            list.push_back(std::move(r));
        }
        return list;
    }

private:
    std::shared_ptr<FileSource> m_files;
    std::vector<Sensor> m_sensors;
};

} // namespace

MeterProbe probeHwmon(std::shared_ptr<FileSource> files, const fs::path& root)
{
    MeterProbe probe;
    std::vector<Sensor> sensors;
    const auto folder = root / "sys/class/hwmon";
    for (const auto& entry : files->list(folder)) {
        const auto at = folder / entry;
        const auto driver = readTrimmed(*files, at / "name");
        if (driver != "amdgpu" && driver != "i915" && driver != "xe")
            continue;
        Sensor s{fmt::format("{} {}", driver, entry), {}, false, 0};
        if (const auto cap = readNumber(*files, at / "power1_cap"))
            s.limitW = 1e-6 * static_cast<double>(*cap);
        for (const char* file : {"energy1_input", "power1_average", "power1_input"})
            if (s.file.empty() && files->read(at / file).error == 0) {
                s.file = at / file;
                s.energy = file[0] == 'e';
            }
        if (s.file.empty())
            probe.notes.push_back(s.channel + " has neither energy nor power");
        else
            sensors.push_back(std::move(s));
    }
    if (sensors.empty()) {
        probe.message = "No AMD or Intel GPU with a power sensor found.";
        return probe;
    }
    // A die that shows 0 W shares the sensor of its neighbour; as a device of its own it would fail for ever.
    const auto dead = std::remove_if(sensors.begin(), sensors.end(), [&](const Sensor& s) {
        const bool zero = !s.energy && readNumber(*files, s.file) == std::uint64_t(0);
        if (zero)
            probe.notes.push_back(s.channel + " reads 0 W and is left out");
        return zero;
    });
    if (dead != sensors.begin())
        sensors.erase(dead, sensors.end());
    probe.state = MeterState::Ready;
    probe.message = fmt::format("{} GPU{} measured by the kernel's sensors.", sensors.size(), sensors.size() == 1 ? "" : "s");
    probe.meter = std::make_shared<HwmonMeter>(std::move(files), std::move(sensors));
    return probe;
}

} // namespace paretoscope

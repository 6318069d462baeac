// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/battery.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

namespace fs = std::filesystem;

// Watt of one battery; some drivers give a negative current while discharging.
std::optional<double> dischargeW(FileSource& files, const fs::path& battery)
{
    const auto number = [&](const char* file) -> std::optional<double> {
        auto text = readTrimmed(files, battery / file);
        if (text.starts_with('-'))
            text.erase(0, 1);
        if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos)
            return std::nullopt;
        return std::stod(text);
    };
    if (const auto power = number("power_now"); power && *power > 0)
        return *power * 1e-6;
    const auto current = number("current_now"), voltage = number("voltage_now");
    if (current && voltage && *current > 0)
        return *current * *voltage * 1e-12;
    return std::nullopt;
}

class BatteryMeter final : public EnergyMeter {
public:
    BatteryMeter(std::shared_ptr<FileSource> files, std::vector<fs::path> batteries)
        : m_files(std::move(files))
        , m_batteries(std::move(batteries))
    {
    }
    std::string name() const override { return "battery"; }
    Kind kind() const override { return Kind::Counter; }
    double bandFactor() const override { return 1.1; }
    std::string source() const override { return "power drawn from the battery, the whole computer"; }
    std::vector<Reading> read() override
    {
        Reading r{"battery", Component::Box, {}, {}, {}, 0, {}, {}};
        for (const auto& b : m_batteries) {
            const auto status = readTrimmed(*m_files, b / "status");
            if (status == "Charging" || status == "Full")
                r.failure = "on mains: the battery does not tell what the computer draws";
            if (status != "Discharging")
                continue;
            if (const auto w = dischargeW(*m_files, b))
                r.powerW = r.powerW.value_or(0) + *w;
            else
                r.failure = b.string() + " tells neither power nor current";
        }
        if (!r.powerW && r.failure.empty())
            r.failure = "on mains: the battery does not tell what the computer draws";
        return {r};
    }

private:
    std::shared_ptr<FileSource> m_files;
    std::vector<fs::path> m_batteries;
};

} // namespace

MeterProbe probeBattery(std::shared_ptr<FileSource> files, const fs::path& root)
{
    MeterProbe probe;
    const auto folder = root / "sys/class/power_supply";
    std::vector<fs::path> batteries;
    for (const auto& entry : files->list(folder))
        if (readTrimmed(*files, folder / entry / "type") == "Battery" && readTrimmed(*files, folder / entry / "scope") != "Device")
            batteries.push_back(folder / entry);
    if (batteries.empty()) {
        probe.message = "No battery found.";
        return probe;
    }
    auto meter = std::make_shared<BatteryMeter>(files, batteries);
    if (const auto now = meter->read().front(); !now.failure.empty()) {
        probe.message = fmt::format("The battery is not used ({}).", now.failure);
        return probe;
    }
    probe.state = MeterState::Ready;
    probe.message = "The whole computer is measured by the power drawn from its battery, as long as it stays off mains.";
    probe.meter = std::move(meter);
    return probe;
}

} // namespace paretoscope

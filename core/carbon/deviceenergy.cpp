// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/deviceenergy.h"

#include "base/error.h"
#include "carbon/band.h"
#include "carbon/hardware.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr double kIdleShare = 0.1; // of the TDP, drawn whatever the load (spec: TDP × (0.1 + 0.9 u))

// The load during an inference is not stated in a table, so the band spans all of it.
Estimate powerOfProcessor(const HardwareFact& row)
{
    return {row.power * (kIdleShare + (1 - kIdleShare) / 2), row.power * kIdleShare, row.power, Kind::Model,
        fmt::format("{} {:g} W × (0.1 + 0.9 u), load u not stated: 0 to 1 ({})", row.title(), row.power, row.source.source)};
}

// "NVIDIA Titan RTX (batch 32)" → "NVIDIA Titan RTX"
std::string hardwareName(const std::string& title) { return title.substr(0, title.find(" (")); }

} // namespace

DeviceEnergy energyOf(const Device& device)
{
    DeviceEnergy result;
    Device d = device;
    const auto warned = d.warnings.size();
    if (d.powerW.empty() && d.workPj.empty()) {
        if (d.supply == Supply::Battery) {
            const bool gpu = d.conditions.runtime.find("GPU") != std::string::npos;
            assumeEnergyOf(d, gpu ? "phone-gpu" : "phone-cpu");
        } else if (const auto* row = findHardware(hardwareName(d.title)); row && row->unit == "W" && row->power > 0) {
            d.powerW["active"] = powerOfProcessor(*row);
            d.warnings.push_back("power is that of the hardware row " + row->title() + ", not measured on this device");
        } else {
            result.reason = "nothing is known of the power of " + d.title + ": give powerW or workPj in a device file, or import it with --supply battery";
            return result;
        }
    }
    result.model = std::make_shared<const EnergyModel>(d);
    result.warnings.assign(d.warnings.begin() + static_cast<std::ptrdiff_t>(warned), d.warnings.end());
    result.warnings.insert(result.warnings.end(), result.model->notes().begin(), result.model->notes().end());
    return result;
}

Estimate co2eGPerMillion(const Estimate& energyJ, Supply supply, const UsePhase& use)
{
    const auto check = [](const char* what, double value, double low, double high, const char* allowed) {
        if (!(value >= low && value <= high))
            throw ValueError({what, "out of range", fmt::format("{:g}", value), allowed});
    };
    std::vector<BandFactor> factors{{"energy", energyJ, 1}, {"grid", use.gPerKwh, 1}};
    constexpr double kJPerKwh = 3.6e6, kInferences = 1e6;
    double scale = kInferences / kJPerKwh;
    std::string source = energyJ.source + "; grid: " + use.gPerKwh.source;
    if (supply == Supply::Battery) {
        check("charging efficiency", use.chargingEfficiency, 1e-3, 1, "above 0 and at most 1");
        factors.push_back({"charging", {use.chargingEfficiency, use.chargingEfficiency * 0.75 / 0.85, std::min(1.0, use.chargingEfficiency * 0.92 / 0.85), Kind::Citation, "charger and cell"}, -1});
        source += fmt::format("; charging efficiency {:g}", use.chargingEfficiency);
    } else if (supply == Supply::DataCentre) {
        check("PUE", use.pue, 1, 100, "at least 1");
        factors.push_back({"PUE", withFactor(use.pue, bandfactor::kPueUnknown, Kind::Citation, "PUE"), 1});
        source += fmt::format("; PUE {:g}", use.pue);
    }
    auto e = product(scale, factors);
    e.source = source;
    return e;
}

} // namespace paretoscope

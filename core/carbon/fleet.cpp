// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/fleet.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cmath>

namespace paretoscope {

namespace {

void needCount(const std::string& where, double value)
{
    if (!std::isfinite(value) || value < 0)
        throw ValueError({where, "number out of range", fmt::format("{}", value), "0 or more"});
}

} // namespace

Uncertain mixGPerKwh(MonteCarlo& world, const std::vector<GridShare>& mix, const std::string& where)
{
    if (mix.empty())
        throw ValueError({where + ".mix", "the mix of countries is empty", {}, "one or more grids"});
    double sum = 0;
    Uncertain g;
    for (const auto& part : mix) {
        needCount(where + ".mix." + part.zone + ".share", part.share);
        sum += part.share;
        g += world.input(part.gPerKwh.id.empty() ? "grid " + part.zone : part.gPerKwh.id, part.gPerKwh) * part.share;
    }
    if (std::abs(sum - 1) > 1e-6)
        throw ValueError({where + ".mix", "the shares do not add up to 1", fmt::format("{:g}", sum), "1"});
    return g;
}

FleetUse fleetUse(MonteCarlo& world, const FleetDevice& device, const Uncertain& energyJ)
{
    needCount(device.name + ".devices", device.devices);
    needCount(device.name + ".inferencesPerDay", device.inferencesPerDay);
    needCount(device.name + ".energyJ", energyJ.value());
    auto pue = device.pue;
    pue.atLeast = 1;
    auto efficiency = device.chargingEfficiency;
    efficiency.atMost = 1;
    if (!(efficiency.estimate.value > 0))
        throw ValueError({device.name + ".chargingEfficiency", "number out of range", fmt::format("{}", efficiency.estimate.value), "above 0 up to 1"});
    FleetUse use;
    use.inferencesPerYear = device.devices * device.inferencesPerDay * 365;
    const double toKwh = use.inferencesPerYear / 3.6e6;
    use.deviceKwhPerYear = energyJ * toKwh;
    use.wallKwhPerYear = use.deviceKwhPerYear / world.input(device.name + ".chargingEfficiency", efficiency)
        * world.input(device.name + ".pue", pue);
    if (device.networkJ)
        use.wallKwhPerYear += world.input(device.name + ".network", *device.networkJ) * toKwh;
    use.kgPerYear = use.wallKwhPerYear * mixGPerKwh(world, device.mix, device.name) * 1e-3;
    return use;
}

} // namespace paretoscope

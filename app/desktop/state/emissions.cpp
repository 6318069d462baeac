// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/emissions.h"

#include "bundle/ledgerrequest.h"
#include "carbon/formula.h"

namespace paretoscope::desktop {

namespace {

constexpr double kGPerKg = 1000;

SubnetUse useOf(const CarbonAssumptions& c, double latencyMs)
{
    SubnetUse u;
    u.grid = c.grid;
    u.devices = c.devices;
    u.inferencesPerDay = c.inferencesPerDay;
    u.lifeYears = c.lifeYears;
    u.pue = c.pue;
    u.chargingEfficiency = c.chargingEfficiency;
    u.targets = c.targets;
    u.embodiedKg = c.embodiedKg;
    u.latencyMs = latencyMs;
    return u;
}

double valueOf(const std::optional<Estimate>& e) { return e ? e->value : 0; }

/// What is spent before the first inference.
double fixedKg(const NetEmissions& n) { return valueOf(n.trainingKg); }

/// Kilogram of each inference, the making of devices being spread over them.
double kgPerInference(const NetEmissions& n) { return n.inferences > 0 ? (valueOf(n.useKg) + valueOf(n.makingKg)) / n.inferences : 0; }

} // namespace

NetEmissions emissionsOf(const World& world, const Subnet& subnet, const CarbonAssumptions& carbon)
{
    NetEmissions result;
    result.subnet = subnet;
    const auto latency = world.figure(subnet, {Metric::LatencyMs, 0}), energy = world.figure(subnet, {Metric::EnergyJ, 0});
    if (!energy || !latency) {
        result.reason = world.devices.empty() ? "no device is chosen" : world.devices.front().energy.reason;
        return result;
    }
    if (!(carbon.inferencesPerDay > 0)) {
        result.reason = "no inference is made";
        return result;
    }
    const auto request = ledgerRequest(*world.bundle, world.devices.front().device, *energy, useOf(carbon, latency->value));
    const auto answer = formula("ledger").run(JsonView(request, "ledger"));
    const JsonView view(answer, "ledger");
    for (const auto& item : view.at("items").elements()) {
        const auto phase = item.at("phase").string();
        const auto kg = estimateFromJson(item.at("co2eKg"));
        if (phase == "training")
            result.trainingKg = kg;
        else if (phase == "inference")
            result.useKg = kg;
        else if (phase == "embodied-devices")
            result.makingKg = kg;
    }
    result.totalKg = estimateFromJson(view.at("co2eKg"));
    result.inferences = view.at("inferences").number();
    result.useGPerInference = result.inferences > 0 ? kGPerKg * valueOf(result.useKg) / result.inferences : 0;
    return result;
}

std::optional<double> breakEven(const NetEmissions& a, const NetEmissions& b)
{
    const double fixed = fixedKg(b) - fixedKg(a), slope = kgPerInference(a) - kgPerInference(b);
    if (slope == 0 || fixed / slope <= 0)
        return std::nullopt;
    return fixed / slope;
}

std::optional<double> useOvertakes(const NetEmissions& net)
{
    const double slope = kgPerInference(net);
    return slope > 0 && fixedKg(net) > 0 ? std::optional(fixedKg(net) / slope) : std::nullopt;
}

} // namespace paretoscope::desktop

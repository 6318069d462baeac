// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/ledgerrequest.h"

#include "base/error.h"

#include <fmt/format.h>

#include <charconv>

namespace paretoscope {

namespace {

/// As the formulas read an estimate: without the nulls of an absent band.
Json quantity(const Estimate& e)
{
    Json j{{"value", e.value}, {"kind", name(e.kind)}, {"source", e.source}};
    if (e.low && e.high) {
        j["low"] = *e.low;
        j["high"] = *e.high;
    }
    return j;
}

Json place(const std::string& grid)
{
    double number = 0;
    const auto [end, error] = std::from_chars(grid.data(), grid.data() + grid.size(), number);
    return error == std::errc() && end == grid.data() + grid.size() ? Json(number) : Json(grid);
}

} // namespace

Json trainingItem(const Bundle& bundle, double targets)
{
    constexpr double kGPerKg = 1000;
    if (!bundle.training || !bundle.training->energyKwh || bundle.training->energyKwh->value <= 0)
        return nullptr;
    const auto& energy = *bundle.training->energyKwh;
    auto part = energy;
    for (auto* value : {&part.value, part.low ? &*part.low : nullptr, part.high ? &*part.high : nullptr})
        if (value)
            *value /= targets;
    const auto name = targets == 1 ? fmt::format("supernet {}", bundle.id) : fmt::format("supernet {}, a part of {:g}", bundle.id, targets);
    Json item{{"name", name}, {"it_kwh", quantity(part)}, {"pue", 1}}; // facility energy already
    if (const auto& co2e = bundle.training->co2eKg) {
        // The bands of both hold that of the energy: the intensity is given without one, so that it does not count twice.
        Estimate intensity{kGPerKg * co2e->value / energy.value, std::nullopt, std::nullopt, co2e->kind, "as it was trained: " + co2e->source};
        item["g_per_kwh"] = quantity(intensity);
    }
    return item;
}

Json ledgerRequest(const Bundle& bundle, const Device& device, const Estimate& energyJ, const SubnetUse& d)
{
    const auto positive = [](const char* what, double value) {
        if (!(value > 0))
            throw ValueError({what, "must be above 0", fmt::format("{:g}", value), {}});
    };
    positive("devices", d.devices);
    positive("inferences a day", d.inferencesPerDay);
    positive("years of life", d.lifeYears);
    positive("nets that share the training", d.targets);
    if (d.embodiedKg > 0)
        positive("latency, which the embodied part follows from,", d.latencyMs);
    Json devices{{"name", device.title}, {"devices", d.devices}, {"inferences_per_day", d.inferencesPerDay}, {"life_years", d.lifeYears}, {"j_per_inference", quantity(energyJ)},
        {"charger_eff", device.supply == Supply::Battery ? d.chargingEfficiency : 1.0}};
    if (d.embodiedKg > 0)
        devices["embodied"] = {{"te_kg", d.embodiedKg}, {"life_years", d.lifeYears}, {"latency_ms", d.latencyMs}};
    Json request{{"targets", 1}, {"g_per_kwh", place(d.grid)}, {"pue", device.supply == Supply::DataCentre ? d.pue : 1.0}, {"devices", Json::array({devices})}};
    if (auto training = trainingItem(bundle, d.targets); !training.is_null())
        request["training"] = std::move(training);
    return request;
}

} // namespace paretoscope

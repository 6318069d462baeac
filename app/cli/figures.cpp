// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures.h"

#include "space/accounting.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

Json unknown(const std::string& reason)
{
    return {{"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"kind", nullptr}, {"source", nullptr}, {"reason", reason}};
}

template <typename F>
Json estimateOr(F&& estimate)
{
    try {
        return toJson(estimate());
    } catch (const ValueError& e) {
        return unknown(e.what());
    }
}

} // namespace

void addCarbonOptions(CLI::App& command, CarbonOptions& options)
{
    command.add_option("--grid", options.grid, "Electricity: a zone (see grids), or gram CO2e per kWh")->capture_default_str();
    addGridCsv(command, options.gridCsv);
    command.add_option("--pue", options.pue, "Power usage effectiveness, for devices in a data centre")->capture_default_str();
    command.add_option("--charging-efficiency", options.chargingEfficiency, "Of charger and cell, for devices on a battery")->capture_default_str();
}

void addGridCsv(CLI::App& command, std::vector<std::string>& files)
{
    command.add_option("--grid-csv", files, "Your own zones or hourly series, or an export of Electricity Maps; they come first");
}

GridBook gridsWith(const std::vector<std::string>& files)
{
    auto grids = builtInGrids();
    for (const auto& f : files)
        grids.addCsv(f);
    return grids;
}

UsePhase usePhase(const CarbonOptions& options)
{
    auto gPerKwh = gridsWith(options.gridCsv).find(options.grid).gPerKwh;
    if (!gPerKwh.low || !gPerKwh.high) // the user's own number is taken at its word
        gPerKwh.low = gPerKwh.high = gPerKwh.value;
    return {gPerKwh, options.chargingEfficiency, options.pue};
}

Target targetOf(const Device* device) { return {device, device ? energyOf(*device) : DeviceEnergy{}}; }

Json figuresOf(const Bundle& bundle, const Target& target, const UsePhase& use, const Subnet& s)
{
    const auto t = account(*bundle.parts, s).total;
    Json j{{"macs", t.macs}, {"params", t.params}, {"weightBytes", t.weightBytes()}, {"peakActivationBytes", t.peakActivationBytes}};
    const auto* predictor = bundle.predictor();
    j["top1Percent"] = predictor ? estimateOr([&] { return predictor->top1Percent(s); }) : unknown("the bundle holds no accuracy predictor");
    if (predictor && predictor->calibration)
        j["top1RawPercent"] = estimateOr([&] { return predictor->top1RawPercent(s); });

    j["top1CorrectedPercent"] = predictor ? estimateOr([&] { return predictor->top1CorrectedPercent(s); }) : unknown("the bundle holds no accuracy predictor");

    const auto* device = target.device;
    const auto* model = target.energy.model.get();
    const std::string reason = device ? target.energy.reason : "no device is given and the bundle holds none";
    j["latencyMs"] = device ? estimateOr([&] { return device->latency(s); }) : unknown(reason);
    j["energyJ"] = model ? estimateOr([&] { return model->energy(s); }) : unknown(reason);
    j["co2eGPerMillion"] = model ? estimateOr([&] { return co2eGPerMillion(model->energy(s), device->supply, use); }) : unknown(reason);
    // The two ways that the energy joins, so that a reader sees how far they lie apart.
    if (model && model->knowsPower() && model->knowsWork()) {
        j["energyByPowerJ"] = estimateOr([&] { return *model->byPower(s); });
        j["energyByWorkJ"] = estimateOr([&] { return *model->byWork(s); });
    }
    return j;
}

std::vector<std::string> warningsOf(const Bundle& bundle, const Target& target, const Subnet& s)
{
    std::vector<std::string> warnings;
    if (!bundle.space().hasResolution(s.resolution))
        warnings.push_back(fmt::format("resolution {} lies outside the space", s.resolution));
    if (const auto* predictor = bundle.predictor())
        for (const auto& w : predictor->outsideTraining(s, bundle.space()))
            warnings.push_back(w);
    if (target.device) {
        for (const auto& w : target.device->warningsOf(s))
            warnings.push_back(target.device->id + ": " + w);
        for (const auto& w : target.energy.warnings)
            warnings.push_back(target.device->id + ": " + w);
    }
    return warnings;
}

std::string shown(const Json& estimate, const char* unit, double scale, bool withSource)
{
    if (estimate["value"].is_null())
        return "unknown (" + estimate["reason"].get<std::string>() + ")";
    auto text = fmt::format("{:.4g} {}", scale * estimate["value"].get<double>(), unit);
    if (!estimate["low"].is_null() && !estimate["high"].is_null())
        text += fmt::format(" [{:.4g}, {:.4g}]", scale * estimate["low"].get<double>(), scale * estimate["high"].get<double>());
    const auto kind = estimate["kind"].get<std::string>();
    return text + (withSource ? fmt::format("  ({}; {})", kind, estimate["source"].get<std::string>()) : fmt::format("  ({})", kind));
}

} // namespace paretoscope::cli

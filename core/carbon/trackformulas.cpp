// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "carbon/forecast.h"
#include "carbon/formula.h"
#include "carbon/meter.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr double kGridYearFactor = 1.10; // annual mean of a large grid (specification, section 8)
constexpr std::size_t kMostPredictions = 1000; // one key an epoch

Json forecast(const JsonView& request)
{
    request.onlyKeys({"epochs_total", "epoch_kwh", "epoch_s", "progress", "energy_kwh", "time_s", "g_per_kwh", "pue"});
    Json out = Json::object();
    Forecast f;
    if (request.has("progress")) {
        f = forecastProgress(request.at("energy_kwh").number(0), request.numberOr("time_s", 0, 0, 1e12), request.at("progress").number(0, 1));
    } else {
        const auto total = static_cast<int>(request.at("epochs_total").integer(1, 10'000'000));
        const auto kwh = request.at("epoch_kwh").numbers(0);
        const auto seconds = request.has("epoch_s") ? request.at("epoch_s").numbers(0) : std::vector<double>();
        f = forecastEpochs(kwh, seconds, total);
        // As carbontracker prints it: the plain mean of all epochs, the first one included.
        double sum = 0;
        for (std::size_t i = 0; i < kwh.size(); ++i) {
            sum += kwh[i];
            if (i < kMostPredictions)
                out[i == 0 ? std::string("predict_1_epoch_kwh") : fmt::format("predict_{}_epochs_kwh", i + 1)] = total * sum / static_cast<double>(i + 1);
        }
        if (!seconds.empty()) {
            double all = 0;
            for (const double s : seconds)
                all += s;
            out["predict_time_s"] = total * all / static_cast<double>(seconds.size());
        }
        out["epochs_done"] = f.epochsDone;
    }
    out["forecast_kwh"] = toJson(f.energyKwh);
    if (request.has("epoch_s") || request.has("time_s"))
        out["forecast_time_s"] = toJson(f.timeS);
    if (request.has("g_per_kwh")) {
        const double pue = request.numberOr("pue", 1, 1, 10);
        const auto facility = meterProduct(f.energyKwh, userValue(pue, fmt::format("PUE {:g}", pue)));
        const double g = request.at("g_per_kwh").number(0, 1e5);
        const auto intensity = g > 0 ? meterBand(g, kGridYearFactor, Kind::User, fmt::format("{:g} g/kWh", g)) : userValue(0, "0 g/kWh");
        out["forecast_co2e_g"] = toJson(meterProduct(facility, intensity));
    }
    return out;
}

} // namespace

std::vector<Formula> trackFormulas()
{
    const auto number = [](const char* description, double minimum) {
        return Json{{"type", "number"}, {"minimum", minimum}, {"description", description}};
    };
    const auto list = [](const char* description) {
        return Json{{"type", "array"}, {"items", {{"type", "number"}, {"minimum", 0}}}, {"minItems", 1}, {"description", description}};
    };
    Formula f;
    f.name = "forecast";
    f.summary = "What a running job will use, from its epochs (median without the first from the third on; the plain mean of carbontracker "
                "beside it) or from its progress";
    f.schema = {{"type", "object"},
        {"properties",
            {{"epochs_total", {{"type", "integer"}, {"minimum", 1}}}, {"epoch_kwh", list("energy of each finished epoch, kWh")},
                {"epoch_s", list("time of each finished epoch, s")},
                {"progress", {{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", 1}, {"description", "instead of epochs: share of the job that is done"}}},
                {"energy_kwh", number("with progress: used so far, kWh", 0)}, {"time_s", number("with progress: s so far", 0)},
                {"g_per_kwh", number("for CO2e: g per kWh", 0)}, {"pue", number("for CO2e: at least 1, default 1", 1)}}},
        {"oneOf", {{{"required", {"epochs_total", "epoch_kwh"}}}, {{"required", {"progress", "energy_kwh"}}}}}, {"additionalProperties", false}};
    f.example = {{"epochs_total", 100}, {"epoch_kwh", {0.5, 0.7}}, {"epoch_s", {60, 62, 61}}};
    f.run = forecast;
    return {f};
}

} // namespace paretoscope

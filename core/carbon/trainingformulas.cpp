// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Training from power and time (Lacoste et al. 2019, Green Algorithms, measured energy) and from floating-point work.
#include "carbon/trainingparts.h"

#include "carbon/equivalents.h"
#include "carbon/factband.h"
#include "carbon/facts.h"
#include "carbon/formularequest.h"
#include "carbon/hardware.h"
#include "carbon/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

// The form of Green Algorithms as it opens: what is taken when a request describes no computer at all.
constexpr double kFormHours = 12, kFormCores = 12, kFormWPerCore = 7.5, kFormMemoryGb = 64, kFormGPerKwh = 475;
constexpr double kWPerGb = 0.3725;
constexpr double kUnknownWPerCore = 12; // Green Algorithms, unknown CPU

const RequestFields& trainingFields()
{
    static const auto fields = [] {
        RequestFields f{
            {"hours", FieldType::Number, "wall-clock time, h", 0, 1e9},
            {"tdp_w", FieldType::Number,
                "power of one accelerator, W; counted in full unless gpu_share says otherwise (Lacoste et al. 2019)", 0,
                1e6},
            {"gpu", FieldType::Text,
                "an accelerator of the hardware table instead of tdp_w; its node draws 0.85 x TDP"},
            {"gpus", FieldType::Number, "number of accelerators, 1", 0, 1e6},
            {"gpu_share", FieldType::Number, "share of the TDP that is drawn", 0, 2},
            {"cores", FieldType::Number, "CPU cores in use", 0, 1e7},
            {"w_per_core", FieldType::Number, "power of one core, W; 12 where unknown", 0, 1000},
            {"usage", FieldType::Number, "share of the cores in use, 1", 0, 1},
            {"mem_gb", FieldType::Number, "memory, GB", 0, 1e8},
            {"w_per_gb", FieldType::Number, "power of one GB, W; 0.3725", 0, 100},
            {"cpu_w", FieldType::Number, "power of the CPU, W", 0, 1e6},
            {"ram_w", FieldType::Number, "power of the memory, W", 0, 1e6},
            {"k_other", FieldType::Number,
                "fans, losses, disks: factor on the parts; 1.15 where a GPU of the table is counted beside CPU or "
                "memory, else 1",
                1, 3},
            {"psf", FieldType::Number, "number of times that the run was repeated (Green Algorithms), 1", 0, 1e6},
            {"it_kwh", FieldType::Number, "measured energy of the computers, kWh, instead of power and time", 0, 1e12},
            {"series_kwh", FieldType::Numbers, "measured energy hour by hour, kWh; with series_g_per_kwh", 0, 1e12},
            {"series_g_per_kwh", FieldType::Numbers, "intensity hour by hour, g CO2e per kWh", 0, 5000},
            {"pue", FieldType::Number,
                "power usage effectiveness; that of the cloud region or 1.56 where it is not given; 1 for desktop, "
                "laptop, phone",
                1, 10},
            {"development_factor", FieldType::Number,
                "emissions of experiments that are thrown away, as a multiple of this run: 0.5 (OLMo), 1.7 (BLOOM)", 0,
                10000},
            {"compare", FieldType::Truth, "show what mlco2/impact prints, which rounds the intensity to 0.01 kg/kWh"},
        };
        addPlaceFields(f);
        return f;
    }();
    return fields;
}

struct Power {
    double watts = 0;
    double factor = 1;
    Kind kind = Kind::User;
    std::string source;
    std::vector<std::string> assumptions;
};

Power powerOf(const FormulaRequest& r)
{
    Power p;
    std::vector<std::string> sources;
    const bool parts = r.hasAny({"cores", "mem_gb", "cpu_w", "ram_w"});
    if (r.has("gpu") && r.has("tdp_w"))
        r.view().fail("both gpu and tdp_w are given", {}, "one of them");
    if (r.has("gpu") || r.has("tdp_w")) {
        double tdp = 0, share = 1;
        if (r.has("gpu")) {
            const HardwareFact* fact = nullptr;
            try {
                fact = &hardwareFact(r.text("gpu"));
            } catch (const ValueError& e) {
                auto error = e.parts();
                error.where = r.view().where() + ": gpu";
                throw ValueError(error);
            }
            if (fact->unit != "W")
                r.view().at("gpu").fail("not a power in watt", quote(fact->title()), "an accelerator");
            tdp = fact->power;
            const bool measured = fact->basis.starts_with("measured");
            share = measured ? 1 : parts ? kGpuShareOfTdp : kNodeShareOfTdp;
            p.factor = measured ? bandfactor::kCounter : bandfactor::kNodeWatts;
            p.kind = measured ? Kind::Table : Kind::Model;
            sources.push_back(
                fmt::format("{} {:g} W ({}, {})", fact->title(), fact->power, fact->basis, fact->source.source));
            if (!measured && !r.has("gpu_share"))
                p.assumptions.push_back(parts
                        ? fmt::format("the accelerator draws {:g} of its TDP (0.5 to 1)", share)
                        : fmt::format(
                            "the node draws {:g} x TDP for each accelerator, CPU and memory included (0.60 to 1.10)",
                            share));
        } else {
            tdp = r.number("tdp_w");
            sources.push_back(fmt::format("{:g} W given in the request", tdp));
        }
        p.watts += r.numberOr("gpus", 1) * tdp * r.numberOr("gpu_share", share);
    }
    if (r.has("cores")) {
        if (!r.has("w_per_core")) {
            p.assumptions.push_back(fmt::format("unknown CPU: {:g} W per core", kUnknownWPerCore));
            p.factor = productFactor({p.factor, bandfactor::kPowerActive});
        }
        p.watts += r.number("cores") * r.numberOr("w_per_core", kUnknownWPerCore) * r.numberOr("usage", 1);
        sources.push_back("cores by power per core");
    }
    if (r.has("mem_gb")) {
        p.watts += r.number("mem_gb") * r.numberOr("w_per_gb", kWPerGb);
        sources.push_back("memory by GB (Green Algorithms)");
    }
    p.watts += r.numberOr("cpu_w", 0) + r.numberOr("ram_w", 0);
    p.watts *= r.numberOr("k_other", r.has("gpu") && parts ? kOtherParts : 1.0);
    p.source = joinNames(sources);
    return p;
}

Json seriesTraining(const FormulaRequest& r)
{
    const auto kwh = r.numbers("series_kwh");
    const auto g = r.numbers("series_g_per_kwh");
    if (kwh.size() != g.size())
        r.view().fail("series_kwh and series_g_per_kwh differ in length",
            fmt::format("{} and {}", kwh.size(), g.size()), "the same hours");
    double itKwh = 0, weighted = 0;
    for (std::size_t i = 0; i < kwh.size(); ++i) {
        itKwh += kwh[i];
        weighted += kwh[i] * g[i];
    }
    const auto pue = pueOf(r, nullptr);
    const auto cost = trainingCost({itKwh, {}, {}, Kind::User, "series given in the request"}, pue,
        {itKwh > 0 ? weighted / itKwh : 0, {}, {}, Kind::User, "mean of the series, weighted by energy"});
    return {{"it_kwh", itKwh}, {"pue", pue.value}, {"kwh", cost.facilityKwh.value}, {"g_per_kwh", cost.gPerKwh.value},
        {"g", pue.value * weighted}, {"kg", pue.value * weighted / 1000},
        {"estimates", {{"kwh", toJson(cost.facilityKwh)}, {"kg", toJson(cost.co2eKg)}}}};
}

Json runTraining(const JsonView& view)
{
    const FormulaRequest given(view, trainingFields());
    if (given.hasAny({"series_kwh", "series_g_per_kwh"}))
        return seriesTraining(given);

    // A request that describes no computer and no time is the form of Green Algorithms as it opens, with another PUE,
    // say.
    Json filled = view.json();
    std::vector<std::string> assumptions;
    if (!given.hasAny({"hours", "tdp_w", "gpu", "gpus", "cores", "w_per_core", "mem_gb", "cpu_w", "ram_w", "it_kwh"})) {
        filled["hours"] = kFormHours;
        filled["cores"] = kFormCores;
        filled["w_per_core"] = kFormWPerCore;
        filled["mem_gb"] = kFormMemoryGb;
        if (!given.hasAny({"g_per_kwh", "zone"}))
            filled["g_per_kwh"] = kFormGPerKwh;
        assumptions.push_back(fmt::format("nothing is said of computer and time: the form of Green Algorithms as it "
                                          "opens ({:g} h, {:g} cores of {:g} W, {:g} GB, {:g} g/kWh)",
            kFormHours, kFormCores, kFormWPerCore, kFormMemoryGb, kFormGPerKwh));
    }
    const JsonView filledView(filled, view.where());
    const FormulaRequest r(filledView, trainingFields());
    const auto place = placeOf(r);
    const auto pue = pueOf(r, &place);

    Json j = Json::object();
    Estimate it;
    double watts = 0;
    if (r.has("it_kwh")) {
        if (r.hasAny({"tdp_w", "gpu", "cores", "mem_gb", "cpu_w", "ram_w"}))
            r.view().fail("both it_kwh and a power are given", {}, "one of them");
        it = {r.number("it_kwh") * r.numberOr("psf", 1), {}, {}, Kind::User, "energy given in the request"};
        if (r.has("hours") && r.number("hours") > 0)
            watts = it.value * 1000 / r.number("hours");
    } else {
        if (!r.hasAny({"tdp_w", "gpu", "cores", "mem_gb", "cpu_w", "ram_w"}))
            r.missing("a power (tdp_w, gpu, cores, mem_gb, cpu_w, ram_w) or it_kwh");
        const double hours = r.number("hours");
        auto p = powerOf(r);
        watts = p.watts;
        it = banded(hours * watts * r.numberOr("psf", 1) / 1000, p.factor, p.kind, p.source);
        assumptions.insert(assumptions.end(), p.assumptions.begin(), p.assumptions.end());
    }
    if (!r.has("pue"))
        assumptions.push_back(fmt::format("PUE {:g}: {}", pue.value, pue.source));
    assumptions.insert(assumptions.end(), place.warnings.begin(), place.warnings.end());

    const auto cost = trainingCost(it, pue, place.gPerKwh);
    const double kwh = cost.facilityKwh.value, kg = cost.co2eKg.value, g = kwh * place.gPerKwh.value;
    j["power_w"] = watts;
    j["facility_power_w"] = watts * pue.value;
    j["it_kwh"] = it.value;
    j["pue"] = pue.value;
    j["kwh"] = kwh;
    j["g_per_kwh"] = place.gPerKwh.value;
    j["g"] = g;
    j["kg"] = kg;
    j["exact_kg"] = kg;
    j["tree_months_917g"] = g / 917;
    j["car_eu_km_175"] = g / equivalentFact("car_km_eu_fleet").value;
    j["pct_paris_london_50kg"] = 100 * kg / equivalentFact("flight_paris_london").value;
    if (r.has("development_factor")) {
        j["development_kg"] = kg * r.number("development_factor");
        j["total_kg"] = kg * (1 + r.number("development_factor"));
    }
    if (r.truth("compare")) { // js/grayscale.js: two decimals of kg/kWh, then two of the product
        const double ci = std::round(place.gPerKwh.value / 10) / 100;
        j["tool_kwh"] = it.value;
        j["tool_ci"] = ci;
        j["tool_kg"] = std::round(it.value * ci * 100) / 100;
    }
    j["place"] = place.zone;
    j["basis"] = place.basis;
    j["estimates"] = {{"it_kwh", toJson(it)}, {"pue", toJson(pue)}, {"kwh", toJson(cost.facilityKwh)},
        {"g_per_kwh", toJson(place.gPerKwh)}, {"kg", toJson(cost.co2eKg)}};
    j["assumptions"] = assumptions;
    return j;
}

const RequestFields& flopsFields()
{
    static const auto fields = [] {
        RequestFields f{
            {"flop", FieldType::Number, "floating-point operations of the training (1 MAC is 2)", 0, 1e40, true},
            {"flops", FieldType::Number, "peak of one device, operations per second", 0, 1e30, true},
            {"tdp_w", FieldType::Number, "power of one device, W", 0, 1e6},
            {"devices", FieldType::Number, "number of devices, 1: divides the time, not the energy", 0, 1e9, true},
            {"mfu", FieldType::Number, "share of the peak that is reached; 1, the lower bound, where it is not given",
                0, 1, true},
            {"pue", FieldType::Number, "power usage effectiveness, 1.56", 1, 10},
            {"car_g_km", FieldType::Number, "emissions of a car for the comparison, g/km; 244.2 (United States)", 0,
                10000, true},
        };
        addPlaceFields(f);
        return f;
    }();
    return fields;
}

Json runFromFlops(const JsonView& view)
{
    const FormulaRequest r(view, flopsFields());
    const auto place = placeOf(r);
    const auto pue = pueOf(r, &place);
    const double flop = r.number("flop"), peak = r.number("flops"), watts = r.number("tdp_w"),
                 n = r.numberOr("devices", 1);
    const double mfu = r.numberOr("mfu", 1);
    const double seconds = deviceSeconds(flop, peak, mfu);
    const double joule = seconds * watts * pue.value, kwh = joule / kJoulePerKwh, kg = kwh * place.gPerKwh.value / 1000;
    const double car = r.numberOr("car_g_km", equivalentFact("car_km_us_fleet").value);

    // What is to be expected: the default utilisation, unless the request knows better.
    const double likelyMfu = r.numberOr("mfu", kDefaultMfu);
    const double mfuFactor = r.has("mfu") ? 1 : std::max(likelyMfu / kLowMfu, kHighMfu / likelyMfu);
    const auto source = r.has("mfu")
        ? fmt::format("FLOPs / (peak x {:g})", mfu)
        : fmt::format("FLOPs / (peak x {:g}; {:g} to {:g})", kDefaultMfu, kLowMfu, kHighMfu);
    const auto likely = trainingCost(
        banded(deviceSeconds(flop, peak, likelyMfu) * watts / kJoulePerKwh, mfuFactor, Kind::Model, source), pue,
        place.gPerKwh);

    Json j{{"seconds", seconds / n}, {"device_seconds", seconds}, {"gpu_days", seconds / 86400}, {"mfu", mfu},
        {"lower_bound", mfu == 1}, {"pue", pue.value}, {"joule", joule}, {"kwh", kwh},
        {"g_per_kwh", place.gPerKwh.value}, {"kg", kg}, {"km", kg * 1000 / car}, {"car_g_km", car},
        {"expected_kwh", likely.facilityKwh.value}, {"expected_kg", likely.co2eKg.value}};
    j["estimates"] = {{"expected_kwh", toJson(likely.facilityKwh)}, {"expected_kg", toJson(likely.co2eKg)}};
    auto notes = place.warnings;
    if (!r.has("mfu"))
        notes.insert(notes.begin(),
            fmt::format("seconds to km assume all of the peak and are a lower bound; expected_* assume {:g} of it",
                kDefaultMfu));
    j["assumptions"] = notes;
    return j;
}

} // namespace

Formula trainingFormula()
{
    return {"training",
        "Energy and carbon of a run: hours x power x PUE x intensity (Lacoste et al. 2019; Green Algorithms; measured "
        "energy)",
        schemaOf("training", trainingFields()),
        {{"hours", 100}, {"gpu", "V100 SXM2"}, {"gpus", 8}, {"zone", "FR"}, {"pue", 1.2}}, runTraining};
}

Formula fromFlopsFormula()
{
    return {"from-flops",
        "Time, energy and carbon from the number of operations: FLOPs / (devices x peak x MFU) (Anthony et al. 2020)",
        schemaOf("from-flops", flopsFields(), {"flop", "flops", "tdp_w"}),
        {{"flop", 3.14e23}, {"flops", 130e12}, {"tdp_w", 250}, {"pue", 1.125}, {"g_per_kwh", 449.06},
            {"car_g_km", 120.4}},
        runFromFlops};
}

std::vector<Formula> trainingFormulas()
{
    return {trainingFormula(), fromFlopsFormula(), strubellFormula(), pattersonFormula(), designCostFormula(),
        breakEvenFormula(), mixFormula(), cpuPowerFormula(), whatIfFormula(), equivalentsFormula()};
}

} // namespace paretoscope

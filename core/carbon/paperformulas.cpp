// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The formulas of Strubell et al. 2019 and Patterson et al. 2021, as printed there.
#include "carbon/trainingparts.h"

#include "carbon/facts.h"
#include "carbon/formularequest.h"
#include "carbon/training.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

const RequestFields kStrubellFields{
    {"power_w", FieldType::Number, "mean power of the whole node, W; or the parts p_cpu, p_dram, gpus, p_gpu", 0, 1e9},
    {"hours", FieldType::Number, "time, h", 0, 1e9},
    {"t_h", FieldType::Number, "the same, as the paper calls it", 0, 1e9},
    {"p_cpu", FieldType::Number, "mean power of all CPU sockets, W", 0, 1e9},
    {"p_dram", FieldType::Number, "mean power of all memory, W", 0, 1e9},
    {"gpus", FieldType::Number, "number of GPUs, 1", 0, 1e7},
    {"p_gpu", FieldType::Number, "mean power of one GPU, W", 0, 1e6},
    {"pue", FieldType::Number, "power usage effectiveness, 1.58 (world average of 2018)", 1, 10},
    {"lb_per_kwh", FieldType::Number, "intensity, lb CO2e per kWh, 0.954 (EPA 2018, United States)", 0, 11},
    {"g_per_kwh", FieldType::Number, "the same in gram", 0, 5000},
};

Json runStrubell(const JsonView& view)
{
    const FormulaRequest r(view, kStrubellFields);
    if (r.has("hours") && r.has("t_h"))
        view.fail("both hours and t_h are given", {}, "one of them");
    if (r.has("lb_per_kwh") && r.has("g_per_kwh"))
        view.fail("both lb_per_kwh and g_per_kwh are given", {}, "one of them");
    const double hours = r.number(r.has("t_h") ? "t_h" : "hours");
    double watts = 0;
    if (r.has("power_w")) {
        if (r.hasAny({"p_cpu", "p_dram", "gpus", "p_gpu"}))
            view.fail("both power_w and its parts are given", {}, "one of them");
        watts = r.number("power_w");
    } else {
        if (!r.hasAny({"p_cpu", "p_dram", "p_gpu"}))
            r.missing("power_w, or p_cpu, p_dram, gpus and p_gpu");
        watts = r.numberOr("p_cpu", 0) + r.numberOr("p_dram", 0) + r.numberOr("gpus", 1) * r.numberOr("p_gpu", 0);
    }
    const double pue = r.numberOr("pue", kPueStrubell);
    const double lbPerKwh =
        r.has("g_per_kwh") ? r.number("g_per_kwh") / 1000 / kKgPerLb : r.numberOr("lb_per_kwh", kStrubellLbPerKwh);
    const double kwh = strubellKwh(hours, watts, pue), lb = lbPerKwh * kwh, kg = lb * kKgPerLb;
    const auto source = fmt::format("Strubell et al. 2019, equation 1, PUE {:g}, {:g} lb/kWh", pue, lbPerKwh);
    return {{"power_w", watts}, {"hours", hours}, {"it_kwh", hours * watts / 1000}, {"pue", pue}, {"kwh_pue", kwh},
        {"p_t_kwh", kwh}, {"lb_per_kwh", lbPerKwh}, {"g_per_kwh", lbPerKwh * kKgPerLb * 1000}, {"co2e_lb", lb},
        {"co2e_kg", kg},
        {"estimates",
            {{"kwh_pue", toJson(Estimate{kwh, {}, {}, Kind::Citation, source})},
                {"co2e_kg", toJson(Estimate{kg, {}, {}, Kind::Citation, source})}}}};
}

const RequestFields kPattersonFields{
    {"watts", FieldType::Number, "mean power of one chip with its share of the node, W", 0, 1e6},
    {"chips", FieldType::Number, "number of chips", 0, 1e9},
    {"days", FieldType::Number, "time, days", 0, 1e7},
    {"hours", FieldType::Number, "time, h, instead of days", 0, 1e9},
    {"pue", FieldType::Number, "power usage effectiveness, 1.1", 1, 10},
    {"kg_per_kwh", FieldType::Number, "intensity, kg CO2e per kWh", 0, 5},
    {"g_per_kwh", FieldType::Number, "the same in gram", 0, 5000},
    {"net_kg_per_kwh", FieldType::Number,
        "intensity after purchases of clean energy, kg CO2e per kWh: shown beside, never in a total", 0, 5},
};

Json runPatterson(const JsonView& view)
{
    const FormulaRequest r(view, kPattersonFields);
    if (r.has("days") && r.has("hours"))
        view.fail("both days and hours are given", {}, "one of them");
    if (r.has("kg_per_kwh") && r.has("g_per_kwh"))
        view.fail("both kg_per_kwh and g_per_kwh are given", {}, "one of them");
    const double hours = r.has("hours") ? r.number("hours") : 24 * r.number("days");
    const double pue = r.numberOr("pue", 1.1);
    const double kgPerKwh = r.has("g_per_kwh") ? r.number("g_per_kwh") / 1000 : r.number("kg_per_kwh");
    const double itKwh = hours * r.number("chips") * r.number("watts") / 1000;
    const double kwh = itKwh * pue, kg = kwh * kgPerKwh;
    const auto source = fmt::format("Patterson et al. 2021, PUE {:g}, {:g} kg/kWh", pue, kgPerKwh);
    Json j{{"it_kwh", itKwh}, {"pue", pue}, {"kwh", kwh}, {"mwh", kwh / 1000}, {"kg_per_kwh", kgPerKwh}, {"kg", kg},
        {"t", kg / kKgPerTonne}};
    if (r.has("net_kg_per_kwh")) {
        j["net_t"] = kwh * r.number("net_kg_per_kwh") / kKgPerTonne;
        j["assumptions"] = {"net_t is market-based and stands beside the total, not in it"};
    }
    j["estimates"] = {{"mwh", toJson(Estimate{kwh / 1000, {}, {}, Kind::Citation, source})},
        {"t", toJson(Estimate{kg / kKgPerTonne, {}, {}, Kind::Citation, source})}};
    return j;
}

} // namespace

Formula strubellFormula()
{
    return {"strubell",
        "kWh = PUE x hours x (CPU + memory + GPUs) / 1000 and 0.954 lb/kWh (Strubell et al. 2019, equation 1 and Table "
        "3)",
        schemaOf("strubell", kStrubellFields),
        {{"power_w", 1415.78}, {"hours", 12}, {"pue", 1.58}, {"lb_per_kwh", 0.954}}, runStrubell};
}

Formula pattersonFormula()
{
    return {"patterson", "MWh = days x chips x watts x PUE and tonnes from kg/kWh (Patterson et al. 2021, Table 4)",
        schemaOf("patterson", kPattersonFields, {"watts", "chips"}),
        {{"watts", 208}, {"chips", 200}, {"days", 6.8}, {"pue", 1.1}, {"kg_per_kwh", 0.431}}, runPatterson};
}

} // namespace paretoscope

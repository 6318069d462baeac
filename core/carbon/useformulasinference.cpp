// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/facts.h"
#include "carbon/inference.h"
#include "carbon/userequest.h"

#include <fmt/format.h>

namespace paretoscope::use {

namespace {

const Fields& inferenceFields()
{
    static const Fields fields{
        {"latency_ms", Type::Quantity, "latency of one batch, ms", {"ms"}, 0, true},
        {"power_w", Type::Quantity, "power while inferring, W, net of idle", {"w", "active_w", "watts"}, 0, true, kMost, bandfactor::kPowerActive},
        {"batch", Type::Number, "inferences in one batch", {}, 0, true},
        {"wait_ms", Type::Number, "time the device is kept awake for each inference, ms"},
        {"idle_w", Type::Quantity, "power while it waits, W", {}, 0, false, kMost, 1.2},
        {"mmacs", Type::Number, "million multiply-accumulates", {}, 0, true},
        {"macs", Type::Number, "multiply-accumulates", {}, 0, true},
        {"pj_per_mac", Type::Quantity, "picojoule per multiply-accumulate", {}, 0, true, kMost, bandfactor::kPjPerMac},
        {"dram_bytes", Type::Number, "bytes moved to and from DRAM", {"bytes"}},
        {"pj_per_byte", Type::Quantity, "picojoule per byte", {}, 0, true, kMost, bandfactor::kPjPerMac},
        {"calibration", Type::Quantity, "calibration factor kappa of the device", {"kappa"}, 0, true, kMost, 1.2},
        {"time_mj", Type::Numbers, "time terms of calibration subnets, mJ", {}, 0, true},
        {"work_mj", Type::Numbers, "work terms of the same subnets, mJ", {}, 0, true},
        {"hours", Type::Number, "hours of operation at this power", {"h"}},
        efficiencyField(),
        pueField(),
        gridField(),
    };
    return fields;
}

// {"tx2": [ms, mJ], …}: the power that measured pairs imply, mJ / ms = W.
Json impliedPowers(const JsonView& view)
{
    Json answer = Json::object();
    for (const auto& [key, pair] : view.items()) {
        const auto values = pair.elements(2);
        if (values.size() != 2)
            pair.fail("not a pair", fmt::format("{} numbers", values.size()), "latency in ms, energy in mJ");
        const double w = numberFrom(values[1], 0) / numberFrom(values[0], 0, true);
        answer[key + "_w"] = w;
        // A pair may name device and net; power over latency belongs to the device.
        answer[key.substr(0, key.find('_')) + "_w_over_latency"] = w;
    }
    return answer;
}

bool onlyPairs(const JsonView& view)
{
    if (!view.json().is_object() || view.json().empty())
        return false;
    for (const auto& [key, value] : view.json().items()) {
        if (!value.is_array())
            return false;
        for (const auto& f : inferenceFields())
            if (key == f.key)
                return false;
    }
    return true;
}

Json operation(const Request& r)
{
    MonteCarlo world;
    Json answer;
    const auto it = world.input("power", r.quantity("power_w")) * (r.number("hours") / 1000);
    const auto wall = it * world.input("pue", pueOf(r, "pue", exactQuantity(1)))
        / world.input("charger_eff", efficiencyOf(r, "charger_eff", exactQuantity(1)));
    answer["kwh"] = it.value();
    answer["wall_kwh"] = wall.value();
    if (r.has("g_per_kwh")) {
        const auto g = wall * world.input("grid", r.quantity("g_per_kwh"));
        answer["g"] = g.value();
        answer["kg"] = g.value() / 1000;
        put(answer, "co2eG", world.estimate(g));
        answer["tornado"] = toJson(world.tornado(g));
    }
    put(answer, "energyKwh", world.estimate(it));
    put(answer, "wallKwh", world.estimate(wall));
    return answer;
}

Json runInference(const JsonView& view)
{
    if (onlyPairs(view))
        return impliedPowers(view);
    const Request r(view, inferenceFields());
    Json answer = Json::object();
    if (r.has("time_mj") || r.has("work_mj")) {
        if (!r.has("time_mj") || !r.has("work_mj"))
            r.missing("time_mj and work_mj");
        answer["calibration"] = calibrationFactor(r.numbers("time_mj"), r.numbers("work_mj"));
    }
    InferenceInputs in;
    if (r.has("latency_ms") && r.has("power_w")) {
        in.latencyMs = r.quantity("latency_ms");
        in.activeW = r.quantity("power_w");
    }
    in.batch = r.numberOr("batch", 1);
    in.waitMs = r.numberOr("wait_ms", 0);
    if (r.has("wait_ms") != r.has("idle_w"))
        r.missing("wait_ms and idle_w together");
    if (r.has("idle_w"))
        in.idleW = r.quantity("idle_w");
    if (r.has("mmacs") && r.has("macs"))
        r.view().fail("two keys say the same", "mmacs, macs", "one of them");
    const bool counted = r.has("mmacs") || r.has("macs");
    const double macs = r.has("macs") ? r.number("macs") : r.numberOr("mmacs", 0) * 1e6;
    if (counted && r.has("pj_per_mac"))
        in.work.push_back({"pjPerMac", macs, r.quantity("pj_per_mac")});
    if (r.has("dram_bytes") != r.has("pj_per_byte"))
        r.missing("dram_bytes and pj_per_byte together");
    if (r.has("dram_bytes"))
        in.work.push_back({"pjPerByte", r.number("dram_bytes"), r.quantity("pj_per_byte")});
    if (r.has("calibration"))
        in.calibration = r.quantity("calibration");
    const bool perInference = in.latencyMs || !in.work.empty();
    if (r.has("hours")) {
        if (!r.has("power_w"))
            r.missing("hours and power_w");
        answer.update(operation(r));
    }
    if (!perInference) {
        if (answer.empty())
            r.missing("latency_ms and power_w; mmacs and pj_per_mac; hours and power_w; pairs of [ms, mJ]; or time_mj and work_mj");
        return answer;
    }
    MonteCarlo world;
    const auto energy = inferenceEnergy(world, in);
    if (energy.timeJ) {
        answer["by_power_mj"] = energy.timeJ->value() * 1e3;
        put(answer, "byPowerJ", world.estimate(*energy.timeJ));
    }
    if (energy.workJ) {
        answer[r.has("dram_bytes") ? "by_work_mj" : "by_macs_mj"] = energy.workJ->value() * 1e3;
        if (r.has("dram_bytes") && counted && r.has("pj_per_mac"))
            answer["by_macs_mj"] = macs * in.work[0].pjEach.estimate.value * 1e-9;
        put(answer, "byWorkJ", world.estimate(*energy.workJ));
    }
    if (energy.ratio) {
        answer["ratio"] = *energy.ratio;
        answer["geometric_mean_mj"] = energy.geometricMeanJ->value() * 1e3;
    }
    answer["energy_mj"] = energy.energyJ.value() * 1e3;
    put(answer, "energyJ", world.estimate(energy.energyJ));
    answer["how"] = energy.how;
    if (energy.warning)
        answer["warning"] = *energy.warning;
    if (r.has("g_per_kwh")) {
        const auto wallJ = energy.energyJ * world.input("pue", pueOf(r, "pue", exactQuantity(1)))
            / world.input("charger_eff", efficiencyOf(r, "charger_eff", exactQuantity(1)));
        const auto g = wallJ * world.input("grid", r.quantity("g_per_kwh")) * (1e6 / kJoulePerKwh);
        put(answer, "wallJ", world.estimate(wallJ));
        answer["g_per_million"] = g.value();
        put(answer, "co2eGPerMillion", world.estimate(g));
        answer["tornado"] = toJson(world.tornado(g));
    }
    return answer;
}

const Fields& batteryFields()
{
    static const Fields fields{
        energyField(),
        {"battery_mah", Type::Number, "rated capacity, mAh", {"mah", "capacity_mah"}, 0, true},
        {"battery_wh", Type::Number, "capacity, Wh, instead of mAh and volt", {}, 0, true},
        {"volt", Type::Number, "nominal voltage of the cell (3.85 V), not of the charger", {"v", "nominal_v", "voltage"}, 0, true, 1000},
        efficiencyField(),
        {"wear", Type::Truth, "count the wear of the battery"},
        {"battery_kg_per_kwh", Type::Quantity, "embodied kg per kWh of capacity: NMC 87, LFP 61.5", {"kg_per_kwh"}, 0, true},
        {"cycles", Type::Quantity, "full cycles until the battery is replaced (800, 500 to 1000)", {}, 0, true},
        gridField(),
    };
    return fields;
}

Json runBattery(const JsonView& view)
{
    const Request r(view, batteryFields());
    Assumptions assumptions;
    if (!r.has("j_per_inference"))
        r.view().at("j_per_inference");
    if (r.has("battery_mah") == r.has("battery_wh"))
        r.missing("battery_mah or battery_wh");
    Battery battery;
    battery.nominalV = r.numberOr("volt", 3.85);
    if (!r.has("volt") && r.has("battery_mah"))
        assumptions.emplace_back("the cell's nominal voltage is 3.85 V");
    battery.capacityMah = r.has("battery_mah") ? r.number("battery_mah") : r.number("battery_wh") * 1000 / battery.nominalV;
    if (!r.has("charger_eff"))
        assumptions.emplace_back("efficiency of charger and cell 0.85 (0.75 to 0.92)");
    if (r.truth("wear") || r.has("battery_kg_per_kwh") || r.has("cycles")) {
        battery.embodiedKgPerKwh = r.has("battery_kg_per_kwh") ? r.quantity("battery_kg_per_kwh")
                                                               : Quantity{{87, 61.5, 87, Kind::Citation, "ACT: NMC 87 kg per kWh, LFP 61.5"}, {}, 0, kMost};
        battery.cycles = r.has("cycles") ? r.quantity("cycles") : Quantity{{800, 500, 1000, Kind::Citation, "800 cycles (500 to 1000)"}, {}, 0, kMost};
    }
    MonteCarlo world;
    const auto energy = world.input("j_per_inference", r.quantity("j_per_inference"));
    const auto b = batteryView(world, battery, energy, world.input("charger_eff", efficiencyOf(r, "charger_eff", phoneEfficiency())));
    Json answer{{"wh", b.capacityWh}, {"inferences_per_charge", b.inferencesPerCharge.value()}, {"pct_per_1000", b.percentPer1000.value()},
        {"wall_j_per_inference", b.wallJ.value()}};
    if (b.wearKg) {
        answer["wear_g_per_inference"] = b.wearKg->value() * 1000;
        put(answer, "wearGPerMillion", world.estimate(*b.wearKg * 1e9));
    }
    if (r.has("g_per_kwh")) {
        const auto g = b.wallJ * world.input("grid", r.quantity("g_per_kwh")) * (1e6 / kJoulePerKwh);
        answer["g_per_million"] = g.value();
        put(answer, "co2eGPerMillion", world.estimate(g));
    }
    put(answer, "inferencesPerCharge", world.estimate(b.inferencesPerCharge));
    put(answer, "percentPer1000", world.estimate(b.percentPer1000));
    put(answer, "wallJ", world.estimate(b.wallJ));
    putAssumptions(answer, assumptions);
    return answer;
}

} // namespace

Formula inferenceFormula()
{
    auto schema = schemaOf("inference", inferenceFields());
    schema["description"] = "Or pairs {NAME: [latency in ms, energy in mJ]} alone, for the power that they imply.";
    schema["additionalProperties"] = Json{{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}};
    return {"inference", "energy of one inference two ways: power times latency, and counted work (spec 5.1 to 5.3)", schema,
        {{"mmacs", 230}, {"latency_ms", 58}, {"power_w", 2.5}, {"pj_per_mac", 149}, {"charger_eff", 0.85}, {"g_per_kwh", 472.94}}, runInference};
}

Formula batteryFormula()
{
    return {"battery", "what inferences take from a battery, and from the wall (spec 5.4)", schemaOf("battery", batteryFields()),
        {{"j_per_inference", 0.05}, {"battery_mah", 5000}, {"volt", 3.85}, {"charger_eff", 0.85}, {"wear", true}}, runBattery};
}

} // namespace paretoscope::use

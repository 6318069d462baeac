// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/amortisation.h"
#include "carbon/designcost.h"
#include "carbon/facts.h"
#include "carbon/fleet.h"
#include "carbon/userequest.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope::use {

namespace {

const Fields& fleetFields()
{
    static const Fields fields{
        {"devices", Type::Any, "number of devices; or a list of kinds of devices with these same fields each", {"n", "phones", "n_devices", "count", "fleet"}},
        {"name", Type::Text, "name of the kind of device"},
        {"inferences_per_day", Type::Number, "inferences of one device and day",
            {"per_day", "r", "rate", "inf_per_day", "inferences_per_device_per_day", "per_device_per_day", "inferences_per_phone_per_day", "per_phone_per_day"}},
        {"years", Type::Number, "years of use", {"life_years"}},
        energyField(),
        efficiencyField(),
        pueField(),
        {"network_j", Type::Quantity, "joule of the network for each inference that is sent away (no default)"},
        {"mix", Type::Any, "countries: a list of {zone, share, g_per_kwh} or {zone: share}", {"countries", "country_mix"}},
        gridField(),
    };
    return fields;
}

struct FleetTotals {
    double inferences = 0;
    Uncertain deviceKwh, wallKwh, kg;
};

void addFleet(MonteCarlo& world, const Request& r, const Request& outer, const std::string& name, FleetTotals& totals, Assumptions& assumptions)
{
    // What a kind of device does not say holds for all of them.
    const auto from = [&](const char* key) -> const Request& { return r.has(key) ? r : outer; };
    FleetDevice d;
    d.name = r.textOr("name", name);
    d.devices = numberFrom(r.at("devices"), 0);
    d.inferencesPerDay = from("inferences_per_day").number("inferences_per_day");
    if (!from("charger_eff").has("charger_eff") && assumptions.empty())
        assumptions.emplace_back("efficiency of charger and cell 0.85 (0.75 to 0.92)");
    d.chargingEfficiency = efficiencyOf(from("charger_eff"), "charger_eff", phoneEfficiency());
    d.pue = pueOf(from("pue"), "pue", exactQuantity(1));
    if (from("network_j").has("network_j"))
        d.networkJ = from("network_j").quantity("network_j");
    const auto& place = r.has("mix") || r.has("g_per_kwh") ? r : outer;
    if (place.has("mix") && place.has("g_per_kwh"))
        place.view().fail("two keys say the same", "mix, g_per_kwh", "one of them");
    if (place.has("mix")) {
        for (auto& part : mixFrom(place.at("mix")))
            d.mix.push_back({part.zone, part.share, part.gPerKwh});
    } else if (place.has("g_per_kwh")) {
        auto g = place.quantity("g_per_kwh");
        if (g.id.empty())
            g.id = &place == &outer ? "grid" : "grid of " + d.name;
        d.mix.push_back({"grid", 1, g});
    } else {
        d.mix.push_back({"World", 1, worldGrid()});
        const std::string said = "the countries are not given: the World's average";
        if (std::find(assumptions.begin(), assumptions.end(), said) == assumptions.end())
            assumptions.push_back(said);
    }
    const auto use = fleetUse(world, d, world.input(d.name + ".energyJ", from("j_per_inference").quantity("j_per_inference")));
    totals.inferences += use.inferencesPerYear;
    totals.deviceKwh += use.deviceKwhPerYear;
    totals.wallKwh += use.wallKwhPerYear;
    totals.kg += use.kgPerYear;
}

Json runFleet(const JsonView& view)
{
    const Request r(view, fleetFields());
    MonteCarlo world;
    FleetTotals t;
    Assumptions assumptions;
    if (r.at("devices").json().is_array()) {
        std::size_t i = 0;
        for (const auto& kind : r.at("devices").elements(1000))
            addFleet(world, Request(kind, fleetFields()), r, fmt::format("devices[{}]", i++), t, assumptions);
    } else {
        addFleet(world, r, r, "fleet", t, assumptions);
    }
    const double years = r.numberOr("years", 1);
    Json a{{"inferences_per_year", t.inferences}, {"inferences_per_day", t.inferences / 365}, {"device_kwh_per_year", t.deviceKwh.value()},
        {"kwh_per_year", t.wallKwh.value()}, {"mwh_per_year", t.wallKwh.value() / 1000}, {"kg_per_year", t.kg.value()},
        {"t_per_year", t.kg.value() / kKgPerTonne}};
    if (t.inferences > 0)
        a["g_per_million"] = t.kg.value() / t.inferences * 1e9;
    if (r.has("years")) {
        a["inferences"] = t.inferences * years;
        a["kwh"] = t.wallKwh.value() * years;
        a["kg"] = t.kg.value() * years;
        a["t"] = t.kg.value() * years / kKgPerTonne;
    }
    put(a, "deviceKwhPerYear", world.estimate(t.deviceKwh));
    put(a, "wallKwhPerYear", world.estimate(t.wallKwh));
    put(a, "co2eKgPerYear", world.estimate(t.kg));
    a["tornado"] = toJson(world.tornado(t.kg));
    putAssumptions(a, assumptions);
    return a;
}

// What training costs is uncertain by its watts and its grid together.
constexpr double kTrainingFactor = 1.37;

const Fields& paybackFields()
{
    static const Fields fields{
        {"train_kg", Type::Quantity, "kg CO2e to be paid back: of training, or of what was spent more on search",
            {"kg", "extra_kg", "search_kg", "extra_search_kg", "delta_kg", "d_search_kg", "delta_search_kg", "d_kg", "tune_kg", "fine_tune_kg"}, 0, false, kMost, kTrainingFactor},
        {"gpuh", Type::Number, "the same in GPU-hours", {"gpu_hours", "gpuhours", "extra_gpuh", "search_gpuh", "delta_gpuh", "d_gpuh", "tune_gpuh", "fine_tune_gpuh"}},
        {"kg_per_gpuh", Type::Quantity, "kg CO2e of a GPU-hour; 0.12864 in the OFA paper", {"kg_per_gpu_hour"}, 0, true, kMost, kTrainingFactor},
        {"lb_per_gpuh", Type::Quantity, "the same in lb", {"lb_per_gpu_hour"}, 0, true, kMost, kTrainingFactor},
        {"j", Type::Quantity, "joule of an inference, or the joule that one inference saves",
            {"j_per_inference", "delta_j", "d_j", "dj", "de_j", "saved_j", "j_saved", "saving_j", "delta_e_j", "j_saved_per_inference", "saved_j_per_inference", "delta_j_per_inference"}, 0, true, kMost, bandfactor::kInferenceJ},
        {"mj", Type::Quantity, "the same in millijoule", {"mj_per_inference", "delta_mj", "d_mj", "dmj", "saved_mj", "mj_saved", "saving_mj"}, 0, true, kMost, bandfactor::kInferenceJ},
        {"charger_eff", Type::Quantity, "efficiency of charger and cell, above 0 up to 1", {"charging_efficiency", "eta", "efficiency"}, 0, true, 1, 1.05},
        pueField(),
        gridField(),
        {"inferences_per_day", Type::Number, "inferences of one device and day, for the time it takes", {"per_day", "r", "rate"}, 0, true},
        {"devices", Type::Number, "devices of the fleet", {"n", "phones", "n_devices"}, 0, true},
    };
    return fields;
}

Json runPayback(const JsonView& view)
{
    const Request r(view, paybackFields());
    MonteCarlo world;
    Assumptions assumptions;
    const auto one = [&](std::initializer_list<const char*> keys, const std::string& names) {
        int count = 0;
        for (const char* key : keys)
            count += r.has(key);
        if (count > 1)
            r.view().fail("two keys say the same", names, "one of them");
        if (count == 0)
            r.missing(names);
    };
    one({"train_kg", "gpuh"}, "train_kg or gpuh");
    one({"j", "mj"}, "j or mj");
    Uncertain kg;
    if (r.has("train_kg")) {
        kg = world.input("train_kg", r.quantity("train_kg"));
    } else {
        Uncertain perHour;
        if (r.has("kg_per_gpuh") && r.has("lb_per_gpuh"))
            r.view().fail("two keys say the same", "kg_per_gpuh, lb_per_gpuh", "one of them");
        if (r.has("kg_per_gpuh"))
            perHour = world.input("kg_per_gpuh", r.quantity("kg_per_gpuh"));
        else if (r.has("lb_per_gpuh"))
            perHour = world.input("lb_per_gpuh", r.quantity("lb_per_gpuh")) * kKgPerLb;
        else {
            const double k = DesignRates{}.kgPerGpuHour();
            perHour = world.input("kg_per_gpuh", {withFactor(k, kTrainingFactor, Kind::Citation, "OFA, ICLR 2020, Table 1"), {}, 0, kMost});
            assumptions.push_back(fmt::format("{:.5f} kg per GPU-hour, as in the OFA paper", k));
        }
        kg = perHour * r.number("gpuh");
    }
    const auto joule = r.has("j") ? world.input("j", r.quantity("j")) : world.input("mj", r.quantity("mj")) * 1e-3;
    if (!r.has("charger_eff"))
        assumptions.emplace_back("efficiency of charger and cell 0.85 (0.75 to 0.92)");
    if (!r.has("g_per_kwh"))
        assumptions.emplace_back("the grid is not given: the World's average");
    const auto inferences = inferencesFor(kg, joule, world.input("charger_eff", efficiencyOf(r, "charger_eff", phoneEfficiency())),
        world.input("grid", r.has("g_per_kwh") ? r.quantity("g_per_kwh") : worldGrid()), world.input("pue", pueOf(r, "pue", exactQuantity(1))));
    Json a{{"inferences", inferences.value()}, {"kg", kg.value()}, {"g_per_inference", kg.value() * 1000 / inferences.value()}};
    if (kg.value() == 0)
        a["g_per_inference"] = nullptr;
    put(a, "co2eKg", world.estimate(kg));
    put(a, "inferencesEstimate", world.estimate(inferences));
    if (r.has("inferences_per_day")) {
        const auto days = inferences / (r.number("inferences_per_day") * r.numberOr("devices", 1));
        a["days"] = days.value();
        a["years"] = days.value() / 365;
        put(a, "daysEstimate", world.estimate(days));
        a["text"] = fmt::format("{:.3g} inferences: {:.3g} days of {:g} devices", inferences.value(), days.value(), r.numberOr("devices", 1));
    }
    a["tornado"] = toJson(world.tornado(inferences));
    putAssumptions(a, assumptions);
    return a;
}

} // namespace

Formula fleetFormula()
{
    return {"fleet", "energy and emissions of a year of inferences on many devices in many countries (spec 5.5)", schemaOf("fleet", fleetFields()),
        {{"devices", 1000000}, {"inferences_per_day", 10}, {"j_per_inference", 0.05}, {"charger_eff", 0.85},
            {"mix", {{{"zone", "FR"}, {"share", 0.4}, {"g_per_kwh", 44.18}}, {{"zone", "DE"}, {"share", 0.6}, {"g_per_kwh", 342.06}}}}},
        runFleet};
}

Formula paybackFormula()
{
    return {"payback", "inferences until use has emitted as much as training, or until a longer search has paid for itself (spec 6.3)",
        schemaOf("payback", paybackFields()),
        {{"train_kg", 159.512185009}, {"j", 0.05}, {"charger_eff", 0.85}, {"g_per_kwh", 472.94}, {"devices", 1000000}, {"inferences_per_day", 10}}, runPayback};
}

} // namespace paretoscope::use

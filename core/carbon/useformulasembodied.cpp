// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/embodied.h"
#include "carbon/facts.h"
#include "carbon/sci.h"
#include "carbon/userequest.h"

#include <fmt/format.h>

namespace paretoscope::use {

namespace {

constexpr double kPackageG = 150; // ACT, one packaged circuit
constexpr double kTaiwanG = 583;  // ACT, fab's grid

const Fields& nodeFields()
{
    static const Fields fields{
        {"epa", Type::Quantity, "energy of the fab per area, kWh per cm2", {"epa_kwh_per_cm2"}, 0, false, kMost, 1.2},
        {"gpa95", Type::Number, "gases per area at 95 % abatement, g per cm2"},
        {"gpa99", Type::Number, "gases per area at 99 % abatement, g per cm2"},
        {"gpa", Type::Quantity, "gases per area as abated, g per cm2", {"gpa97", "gpa_g_per_cm2"}, 0, false, kMost, 1.2},
        {"mpa", Type::Number, "materials per area, g per cm2 (500)", {"mpa_g_per_cm2", "materials_g_per_cm2"}},
        {"yield", Type::Number, "share of good dies (0.875)", {}, 0, true, 1},
        {"fab_g_per_kwh", Type::Grid, "intensity of the fab's electricity (583, Taiwan)", {"ci_fab", "ci_fab_g_per_kwh", "fab_g"}, 0, false, kMost, bandfactor::kGridYear},
        {"area_cm2", Type::Number, "area of the die, cm2"},
        {"area_mm2", Type::Number, "area of the die, mm2"},
        {"cpa", Type::Quantity, "carbon per area of good die, g per cm2", {"cpa_g_per_cm2", "g_per_cm2"}, 0, false, kMost, 1.3},
        {"pkg_g", Type::Number, "g for each packaged circuit (150)", {"package_g"}},
        {"packages", Type::Number, "packaged circuits (1)", {"n_packages", "pkgs"}},
    };
    return fields;
}

const Fields& embodiedFields()
{
    static const Fields fields = [] {
        auto list = nodeFields();
        const Fields rest{
            {"te_kg", Type::Quantity, "total embodied of the device, kg", {"m_kg", "total_kg", "embodied_kg"}, 0, false, kMost, bandfactor::kEmbodiedClass},
            {"device", Type::Text, "a device class of the catalogue instead of te_kg: smartphone, server, a100-card, …", {"class", "device_class"}},
            {"hours", Type::Number, "hours that the job has the device", {"tir_h", "h"}},
            {"days", Type::Number, "the same in days"},
            {"life_years", Type::Number, "expected life, years", {"el_years", "lifetime_years"}, 0, true},
            {"life_days", Type::Number, "expected life, days", {}, 0, true},
            {"share", Type::Number, "share of the device's resources, 0 to 1", {"rr_over_tor", "resource_share"}, 0, false, 1},
            {"util", Type::Number, "productive share of a server's life (0.5); then only productive hours count", {"utilisation", "utilization"}, 0, true, 1},
            {"gpus", Type::Number, "GPUs that share the machine", {}, 0, true},
            {"gpuh", Type::Number, "GPU-hours of the job", {"gpu_hours"}},
            {"active_s", Type::Number, "seconds that a phone spends inferring over its life"},
            {"screen_hours_per_day", Type::Number, "hours a day with the screen on (3)", {"screen_h_per_day"}, 0, true, 24},
            {"gb", Type::Number, "memory, GB", {"dram_gb", "capacity_gb"}},
            {"g_per_gb", Type::Quantity, "g per GB of memory before yield (65)", {"dram_g_per_gb", "cps_g_per_gb"}, 0, false, kMost, 1.6},
            {"nand_gb", Type::Number, "storage, GB", {"ssd_gb"}},
            {"nand_g_per_gb", Type::Quantity, "g per GB of storage before yield (10)", {"ssd_g_per_gb"}, 0, false, kMost, 1.6},
        };
        list.insert(list.end(), rest.begin(), rest.end());
        return list;
    }();
    return fields;
}

Uncertain perArea(MonteCarlo& world, const Request& r, const std::string& name)
{
    DieRecipe recipe;
    recipe.energyKwhPerCm2 = r.quantity("epa");
    if (r.has("gpa")) {
        recipe.gasGPerCm2 = r.quantity("gpa");
    } else {
        if (!r.has("gpa95") || !r.has("gpa99"))
            r.missing("gpa, or gpa95 and gpa99");
        recipe.gasGPerCm2 = {withFactor(gasAt97(r.number("gpa95"), r.number("gpa99")), 1.2, Kind::User, "given, at 97 % abatement"), {}, 0, kMost};
    }
    recipe.materialsGPerCm2 = r.numberOr("mpa", recipe.materialsGPerCm2);
    recipe.yield = r.numberOr("yield", recipe.yield);
    recipe.fabGPerKwh = r.has("fab_g_per_kwh") ? r.quantity("fab_g_per_kwh")
                                               : Quantity{withFactor(kTaiwanG, bandfactor::kGridYear, Kind::Citation, "ACT: Taiwan 583 g/kWh"), {}, 0, kMost};
    if (recipe.fabGPerKwh.id.empty())
        recipe.fabGPerKwh.id = "fab grid";
    return dieGPerCm2(world, recipe, name);
}

// {"7nm": {epa, gpa95, gpa99}, …}: g per cm2 of each node.
bool onlyNodes(const JsonView& view)
{
    if (!view.json().is_object() || view.json().empty())
        return false;
    bool any = false;
    for (const auto& [key, value] : view.json().items()) {
        const bool common = key == "yield" || key == "mpa" || key == "fab_g_per_kwh";
        if (!common && (!value.is_object() || !value.contains("epa")))
            return false;
        any = any || !common;
    }
    return any;
}

Json nodes(const JsonView& view)
{
    MonteCarlo world;
    Json answer = Json::object(), bands = Json::object();
    for (const auto& [key, value] : view.items()) {
        if (!value.json().is_object())
            continue;
        auto merged = value.json();
        for (const char* common : {"yield", "mpa", "fab_g_per_kwh"})
            if (view.has(common) && !value.has(common))
                merged[common] = view.at(common).json();
        const auto g = perArea(world, Request(JsonView(merged, value.where()), nodeFields()), key);
        answer[key] = g.value();
        bands[key] = paretoscope::toJson(world.estimate(g));
    }
    answer["gPerCm2"] = bands;
    return answer;
}

Json parts(MonteCarlo& world, const Request& r)
{
    Json answer = Json::object();
    Uncertain g;
    if (r.has("area_cm2") || r.has("area_mm2") || r.has("epa")) {
        if (r.has("cpa") && r.has("epa"))
            r.view().fail("two keys say the same", "cpa, epa", "one of them");
        if (!r.has("cpa") && !r.has("epa"))
            r.missing("cpa, or epa with gpa");
        const auto cpa = r.has("cpa") ? world.input("cpa", r.quantity("cpa")) : perArea(world, r, "die");
        answer["g_per_cm2"] = cpa.value();
        put(answer, "gPerCm2", world.estimate(cpa));
        if (!r.has("area_cm2") && !r.has("area_mm2"))
            return answer;
        if (r.has("area_cm2") && r.has("area_mm2"))
            r.view().fail("two keys say the same", "area_cm2, area_mm2", "one of them");
        g += cpa * (r.has("area_cm2") ? r.number("area_cm2") : r.number("area_mm2") / 100);
        g += r.numberOr("packages", 1) * r.numberOr("pkg_g", kPackageG);
        answer["note"] = "a die alone is about a tenth of an accelerator card: do not take it for the card";
    } else {
        // Memory and storage: per GB, over the yield.
        const double yield = r.numberOr("yield", 0.875);
        if (r.has("gb"))
            g += world.input("g_per_gb", r.has("g_per_gb") ? r.quantity("g_per_gb") : Quantity{{65, 48, 600, Kind::Citation, "ACT: DDR4 65 g/GB (48 to 600)"}, {}, 0, kMost})
                * (r.number("gb") / yield);
        if (r.has("nand_gb"))
            g += world.input("nand_g_per_gb", r.has("nand_g_per_gb") ? r.quantity("nand_g_per_gb") : Quantity{{10, 5.6, 31, Kind::Citation, "ACT: NAND 10 g/GB (5.6 to 31)"}, {}, 0, kMost})
                * (r.number("nand_gb") / yield);
        if (r.has("pkg_g") || r.has("packages"))
            g += r.numberOr("packages", 1) * r.numberOr("pkg_g", kPackageG);
    }
    answer["g"] = g.value();
    answer["kg"] = g.value() / 1000;
    put(answer, "co2eG", world.estimate(g));
    return answer;
}

Json shareOfDevice(MonteCarlo& world, const Request& r)
{
    Json answer = Json::object();
    Assumptions assumptions;
    double life = r.numberOr("life_years", 0);
    if (r.has("life_days"))
        life = r.number("life_days") / 365;
    Quantity te;
    if (r.has("te_kg")) {
        te = r.quantity("te_kg");
    } else {
        const auto& fact = embodiedFact(r.textOr("device", ""));
        te.estimate = withFactor(fact.kgCo2e, bandfactor::kEmbodiedClass, Kind::Citation, fact.title);
        if (fact.low && fact.high && *fact.low > 0 && *fact.low <= fact.kgCo2e && *fact.high >= fact.kgCo2e)
            te.estimate = {fact.kgCo2e, fact.low, fact.high, Kind::Citation, fact.title};
        if (life == 0 && fact.lifetimeYears) {
            life = *fact.lifetimeYears;
            assumptions.push_back(fmt::format("life of {:g} years", life));
        }
    }
    const auto total = world.input("te_kg", te);
    answer["te_kg"] = total.value();
    put(answer, "totalKg", world.estimate(total));
    if (life == 0) {
        if (r.has("hours") || r.has("gpuh") || r.has("active_s") || r.has("util"))
            r.missing("life_years");
        return answer;
    }
    double part = 0;
    if (r.has("active_s")) {
        part = phoneShare(r.number("active_s"), life, r.numberOr("screen_hours_per_day", 3)) * r.numberOr("share", 1);
        answer["method"] = "phone: time spent inferring over time with the screen on";
    } else if (r.has("util") || r.has("gpus") || r.has("gpuh")) {
        if (!r.has("util"))
            assumptions.emplace_back("productive half of the time");
        const double perHour = serverSharePerHour(life, r.numberOr("util", 0.5)) * r.numberOr("share", 1);
        const double gpus = r.numberOr("gpus", 1);
        answer["g_per_hour"] = total.value() * 1000 * perHour;
        answer["kg_per_hour"] = total.value() * perHour;
        if (r.has("gpus")) {
            answer["g_per_gpuh"] = total.value() * 1000 * perHour / gpus;
            put(answer, "gPerGpuHour", world.estimate(total * (1000 * perHour / gpus)));
        }
        put(answer, "gPerHour", world.estimate(total * (1000 * perHour)));
        answer["method"] = "server: productive hours of its life";
        if (!r.has("hours") && !r.has("days") && !r.has("gpuh")) {
            putAssumptions(answer, assumptions);
            return answer;
        }
        part = (r.has("gpuh") ? r.number("gpuh") / gpus : r.has("days") ? r.number("days") * 24 : r.number("hours")) * perHour;
        if (part > 1 && !r.has("gpuh"))
            throw ValueError({r.at(r.has("days") ? "days" : "hours").where(), "the job is longer than the productive life of the machine",
                fmt::format("{:.3g} lives", part), "at most 1"});
    } else {
        if (!r.has("hours") && !r.has("days"))
            r.missing("hours or days");
        part = sciShare(r.has("hours") ? r.number("hours") : r.number("days") * 24, life, r.numberOr("share", 1));
        answer["method"] = "SCI 1.1.0: TE * TiR/EL * RR/ToR, a year of 8760 h";
    }
    answer["share_of_device"] = part;
    answer["g"] = total.value() * 1000 * part;
    answer["kg"] = total.value() * part;
    put(answer, "co2eG", world.estimate(total * (1000 * part)));
    putAssumptions(answer, assumptions);
    return answer;
}

Json runEmbodied(const JsonView& view)
{
    if (onlyNodes(view))
        return nodes(view);
    const Request r(view, embodiedFields());
    MonteCarlo world;
    if (r.has("te_kg") && r.has("device"))
        view.fail("two keys say the same", "te_kg, device", "one of them");
    if (r.has("te_kg") || r.has("device"))
        return shareOfDevice(world, r);
    if (r.has("area_cm2") || r.has("area_mm2") || r.has("epa") || r.has("gb") || r.has("nand_gb"))
        return parts(world, r);
    r.missing("te_kg with hours and life_years; area_cm2 with cpa; epa with gpa; gb; or nand_gb");
}

const Fields& sciFields()
{
    static const Fields fields{
        {"e_kwh", Type::Quantity, "energy with PUE, kWh", {"kwh", "e"}, 0, false, kMost, bandfactor::kNodeWatts},
        {"i_g_per_kwh", Type::Grid, "location-based intensity, g per kWh, or the name of a place", {"g_per_kwh", "i", "grid", "zone"}, 0, false, kMost, bandfactor::kGridYear},
        {"m_g", Type::Quantity, "embodied share, g", {"m"}, 0, false, kMost, bandfactor::kEmbodiedClass},
        {"r", Type::Number, "number of functional units", {}, 0, true},
        {"r_unit", Type::Text, "what R counts: inference, 1000 images, trained model, deployed device, device-year", {"unit"}},
        {"boundary", Type::Text, "what is included"},
        {"energy_source", Type::Text, "where the energy comes from"},
        {"embodied_method", Type::Text, "how the embodied share was found"},
    };
    return fields;
}

Json runSci(const JsonView& view)
{
    const Request r(view, sciFields());
    MonteCarlo world;
    const auto i = r.quantity("i_g_per_kwh");
    const auto m = r.has("m_g") ? world.input("m_g", r.quantity("m_g")) : Uncertain(0);
    const auto sci = sciScore(world.input("e_kwh", r.quantity("e_kwh")), world.input("grid", i), m, r.number("r"));
    SciBoundary boundary;
    boundary.unit = r.textOr("r_unit", boundary.unit);
    boundary.included = r.textOr("boundary", boundary.included);
    boundary.energySource = r.textOr("energy_source", "");
    boundary.gridSource = i.estimate.source;
    boundary.embodiedMethod = r.textOr("embodied_method", r.has("m_g") ? boundary.embodiedMethod : "left out");
    Json a{{"sci_g_per_r", sci.value()}};
    put(a, "sciGPerUnit", world.estimate(sci));
    a["unit"] = boundary.unit;
    a["statement"] = sciStatement(boundary);
    a["tornado"] = toJson(world.tornado(sci));
    if (!r.has("m_g"))
        putAssumptions(a, {"embodied carbon is left out"});
    return a;
}

} // namespace

Formula embodiedFormula()
{
    auto schema = schemaOf("embodied", embodiedFields());
    schema["description"] = "Or nodes {NAME: {epa, gpa95, gpa99}} alone, for carbon per area of each.";
    schema["additionalProperties"] = Json{{"type", "object"}, {"required", {"epa"}}};
    return {"embodied", "embodied carbon: of parts (ACT), and the share of a device that a job has (SCI 1.1.0)", schema,
        {{"te_kg", 1000}, {"hours", 1}, {"life_years", 4}, {"share", 1}}, runEmbodied};
}

Formula sciFormula()
{
    return {"sci", "SCI score (E * I + M) / R of ISO/IEC 21031:2024", schemaOf("sci", sciFields()),
        {{"e_kwh", 0.5}, {"i_g_per_kwh", 350}, {"m_g", 120}, {"r", 1000}, {"r_unit", "inference"}}, runSci};
}

} // namespace paretoscope::use

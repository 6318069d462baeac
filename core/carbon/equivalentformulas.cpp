// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Equivalents of an amount, and the intensity of a fuel mix.
#include "carbon/trainingparts.h"

#include "carbon/equivalents.h"
#include "carbon/facts.h"
#include "carbon/formularequest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace paretoscope {

namespace {

// mlco2/impact (js/grayscale.js): 3.98e-4 t per mile and 9.05e-4 t per lb of coal, converted exactly.
constexpr double kMlco2CarGPerKm = 398 / kKmPerMile;
constexpr double kMlco2CoalKgPerKg = 0.905 / kKgPerLb;

const RequestFields kEquivalentFields{
    {"kg", FieldType::Number, "an amount of CO2e, kg; or in one of the units below", 0},
    {"g", FieldType::Number, "the same in gram", 0},
    {"t", FieldType::Number, "the same in tonnes of 1000 kg", 0},
    {"lb", FieldType::Number, "the same in pounds", 0},
    {"car_g_km", FieldType::Number, "the car that km stands for, g/km; 247.3 (mlco2/impact) where it is not given", 0,
        10000, true},
};

Json runEquivalents(const JsonView& view)
{
    const FormulaRequest r(view, kEquivalentFields);
    int given = 0;
    double kg = 0;
    for (const auto& [key, factor] : {std::pair{"kg", 1.0}, {"g", 1e-3}, {"t", kKgPerTonne}, {"lb", kKgPerLb}})
        if (r.has(key)) {
            kg = r.number(key) * factor;
            ++given;
        }
    if (given != 1)
        view.fail("one amount is needed", fmt::format("{} of kg, g, t, lb", given), "one of them");
    const double car = r.numberOr("car_g_km", kMlco2CarGPerKm);
    Json j{{"kg", kg}, {"g", kg * 1000}, {"t", kg / kKgPerTonne}, {"lb", kg / kKgPerLb}, {"km", kg * 1000 / car},
        {"car_g_km", car}, {"km_us_fleet", kg * 1000 / equivalentFact("car_km_us_fleet").value},
        {"coal_kg", kg / kMlco2CoalKgPerKg}, {"seedlings_10y", kg / equivalentFact("tree_seedling_10y_epa").value},
        {"tree_months_917g", kg * 1000 / 917}, {"car_lifetimes_126000lb", kg / kKgPerLb / kCarLifetimeLb},
        {"flights_ny_sf_1984lb", kg / kKgPerLb / kFlightNySfLb},
        {"phone_charges", kg * 1000 / equivalentFact("smartphone_charge").value}, {"equivalents", Json::array()}};
    for (const auto& e : equivalentsOf(kg))
        j["equivalents"].push_back(toJson(e));
    j["assumptions"] = {"equivalents are illustrations and are never added up",
        "a seedling takes 60 kg over TEN years, 6 kg a year",
        r.has("car_g_km") ? "km: the car of the request"
                          : "km: the car of mlco2/impact; km_us_fleet is the fleet of the United States (EPA)"};
    return j;
}

const RequestFields kMixFields{
    {"factors", FieldType::Any,
        "g CO2e per kWh of each fuel: a list in the order of the amounts, or an object by fuel; the table (IPCC 2014) "
        "where it is not given",
        0, 5000},
    {"basis", FieldType::Text, "column of the table: lifecycle (default), direct or codecarbon"},
};

constexpr std::array<std::string_view, 7> kMixSuffixes{"_TWh", "_GWh", "_MWh", "_kWh", "_percent", "_share", "_twh"};

double tableFactor(const JsonView& where, const std::string& fuel, const std::string& basis)
{
    const FuelFact* fact = nullptr;
    try {
        fact = &fuelFact(fuel);
    } catch (const ValueError& e) {
        where.fail(e.parts().problem, e.parts().found, e.parts().allowed + "; or give factors");
    }
    if (basis == "codecarbon" && !fact->codecarbonGPerKwh)
        where.fail("codecarbon has no factor for this fuel", quote(fuel));
    return basis == "direct"    ? fact->directGPerKwh
        : basis == "codecarbon" ? *fact->codecarbonGPerKwh
                                : fact->lifecycleGPerKwh;
}

Json runMix(const JsonView& view)
{
    const FormulaRequest r(view, kMixFields, true);
    const auto basis = r.has("basis") ? r.text("basis") : std::string("lifecycle");
    if (basis != "lifecycle" && basis != "direct" && basis != "codecarbon")
        view.at("basis").fail("unknown basis", quote(basis), "lifecycle, direct, codecarbon");
    struct Part {
        std::string fuel;
        double amount;
        JsonView where;
    };
    std::vector<Part> parts;
    std::string unit;
    for (const auto& [key, value] : view.items()) {
        if (key == "factors" || key == "basis")
            continue;
        const auto suffix = std::find_if(kMixSuffixes.begin(), kMixSuffixes.end(),
            [k = &key](auto s) { return k->size() > s.size() && k->ends_with(s); });
        if (suffix == kMixSuffixes.end())
            view.fail("unknown key", quote(key), "factors, basis, and amounts such as coal_TWh, gas_TWh, wind_percent");
        if (!unit.empty() && unit != *suffix)
            value.fail("the amounts stand in different units", std::string(*suffix), unit);
        unit = *suffix;
        parts.push_back({key.substr(0, key.size() - suffix->size()), r.other(value, 0), value});
    }
    if (parts.empty())
        r.missing("amounts such as coal_TWh");
    std::vector<double> factors;
    bool own = false;
    if (r.has("factors")) {
        own = true;
        const auto given = view.at("factors");
        if (given.json().is_object()) {
            for (const auto& p : parts)
                factors.push_back(r.other(given.at(p.fuel.c_str()), 0, 5000));
            for (const auto& [fuel, value] : given.items())
                if (std::none_of(parts.begin(), parts.end(), [f = &fuel](const auto& p) { return p.fuel == *f; }))
                    value.fail("there is no amount of this fuel");
        } else {
            for (const auto& e : given.elements())
                factors.push_back(r.other(e, 0, 5000));
        }
        if (factors.size() != parts.size())
            given.fail("wrong number of factors", std::to_string(factors.size()), std::to_string(parts.size()));
    } else {
        for (const auto& p : parts)
            factors.push_back(tableFactor(p.where, p.fuel, basis));
    }
    double sum = 0, grams = 0;
    Json rows = Json::array();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        sum += parts[i].amount;
        grams += parts[i].amount * factors[i];
    }
    if (!(sum > 0))
        throw ValueError({view.where(), "the amounts add up to nothing", {}, "more than 0"});
    for (std::size_t i = 0; i < parts.size(); ++i)
        rows.push_back({{"fuel", parts[i].fuel}, {"share", parts[i].amount / sum}, {"g_per_kwh", factors[i]}});
    const double g = grams / sum;
    const auto source = own ? std::string("factors of the request") : "factors of IPCC 2014 and codecarbon, " + basis;
    return {{"g_per_kwh", g}, {"basis", own ? "as in the request" : basis + "/production"}, {"fuels", rows},
        {"estimates", {{"g_per_kwh", toJson(Estimate{g, {}, {}, own ? Kind::User : Kind::Model, source})}}}};
}

} // namespace

Formula equivalentsFormula()
{
    return {"equivalents",
        "What an amount of CO2e compares with: car, flight, trees, phone charges (EPA, Green Algorithms, Strubell et "
        "al. 2019, mlco2/impact)",
        schemaOf("equivalents", kEquivalentFields), {{"kg", 100}}, runEquivalents};
}

Formula mixFormula()
{
    return {"mix", "Intensity of a mix of fuels: the mean of their factors weighted by energy (IPCC 2014 factors)",
        schemaOf("mix", kMixFields, {},
            "an amount of one fuel, named FUEL_TWh, FUEL_GWh, FUEL_MWh, FUEL_percent or FUEL_share"),
        {{"coal_TWh", 25}, {"oil_TWh", 35}, {"gas_TWh", 26}, {"nuclear_TWh", 14}, {"factors", {995, 816, 743, 29}}},
        runMix};
}

} // namespace paretoscope

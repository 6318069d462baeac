// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/equivalents.h"

#include "carbon/facts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace paretoscope {

namespace {

constexpr std::array<std::string_view, 8> kDefaults{"car_km_us_fleet", "flight_ny_sf_strubell", "flight_paris_london",
    "tree_year_ga", "smartphone_charge", "car_lifetime", "human_year", "coal_kg"};

// "g/km" counts km, "kg/passenger" passengers; a bare "kg" counts the thing that the key names.
std::string countedUnit(const EquivalentFact& f)
{
    if (const auto slash = f.unit.rfind('/'); slash != std::string::npos)
        return f.unit.substr(slash + 1);
    if (f.unit.starts_with("kg per "))
        return f.unit.substr(7);
    auto text = f.key;
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

} // namespace

std::vector<CarbonEquivalent> equivalentsOf(double co2eKg)
{
    std::vector<CarbonEquivalent> list;
    for (const auto& f : equivalentFacts()) {
        CarbonEquivalent e;
        e.key = f.key;
        e.factor = f.value;
        e.factorUnit = f.unit;
        e.unit = countedUnit(f);
        e.note = f.note;
        e.isDefault = std::find(kDefaults.begin(), kDefaults.end(), f.key) != kDefaults.end();
        const auto quantity = [&](double factor) { return co2eKg * (f.unit.starts_with("g") ? 1000 : 1) / factor; };
        e.quantity = {quantity(f.value), {}, {}, Kind::Citation, f.source.source};
        if (f.key == "flight_ny_sf_strubell") { // three sources, a factor of two apart
            e.quantity.low = quantity(equivalentFact("flight_ny_sf_patterson").value);
            e.quantity.high = quantity(equivalentFact("flight_ny_sf_ga").value);
            e.quantity.source += "; 570 kg (Green Algorithms) to 1200 kg (Patterson et al. 2021)";
        }
        list.push_back(std::move(e));
    }
    return list;
}

Json toJson(const CarbonEquivalent& e)
{
    Json j{{"key", e.key}, {"quantity", toJson(e.quantity)}, {"unit", e.unit}, {"factor", e.factor},
        {"factor_unit", e.factorUnit}, {"default", e.isDefault}};
    if (!e.note.empty())
        j["note"] = e.note;
    return j;
}

} // namespace paretoscope

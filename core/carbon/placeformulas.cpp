// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What-if: the energy stays, place and PUE change. Also what follows from two published figures (Strubell against
// Patterson, an intensity from kWh and kg).
#include "carbon/trainingparts.h"

#include "carbon/facts.h"
#include "carbon/formularequest.h"
#include "carbon/training.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

const RequestFields& whatIfFields()
{
    static const auto fields = [] {
        RequestFields f{
            {"it_kwh", FieldType::Number, "energy of the computers, kWh", 0, 1e15},
            {"kwh", FieldType::Number, "the same; with kg: energy of the facility", 0, 1e15},
            {"pue", FieldType::Numbers, "one PUE or several to compare, 1", 1, 10},
            {"zones", FieldType::List, "grid zones and cloud regions to compare; a region carries its own PUE"},
            {"from", FieldType::Text, "the zone where it runs now"},
            {"to", FieldType::Text, "the zone where it would run"},
            {"kg", FieldType::Number, "emissions, kg: gives the intensity and the distance", 0, 1e15},
            {"car_g_km", FieldType::Number, "emissions of a car, g/km; 244.2 (United States)", 0, 10000, true},
            {"strubell_lb", FieldType::Number, "a published figure in lb", 0, 1e15, true},
            {"patterson_t", FieldType::Number, "its later correction in t", 0, 1e15, true},
        };
        addPlaceFields(f);
        return f;
    }();
    return fields;
}

struct Place {
    std::string key;
    Intensity intensity;
};

std::string lowerKey(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

Intensity bare(const std::string& key, double g)
{
    Intensity i;
    i.gPerKwh = {g, {}, {}, Kind::User, key + " given in the request"};
    i.zone = key;
    i.basis = "user";
    return i;
}

// Keys outside the table are intensities by place: "NYCW", "sweden_g".
std::vector<Place> namedPlaces(const FormulaRequest& r)
{
    std::vector<Place> places;
    for (const auto& [key, value] : r.others())
        places.push_back({key, bare(key, r.other(value, 0, 5000))});
    return places;
}

std::vector<Place> listedPlaces(const FormulaRequest& r)
{
    GridBook own;
    if (r.has("grid_csv"))
        own.addCsv(r.text("grid_csv"));
    const auto find = [&](const JsonView& value) -> Place {
        if (value.json().is_number()) {
            const double g = r.other(value, 0, 5000);
            return {fmt::format("{:g}_g", g), bare(fmt::format("{:g} g/kWh", g), g)};
        }
        try {
            return {value.string(), (r.has("grid_csv") ? own : builtInGrids()).find(value.string())};
        } catch (const ValueError& e) {
            auto parts = e.parts();
            parts.where = value.where();
            throw ValueError(parts);
        }
    };
    std::vector<Place> places;
    for (const char* key : {"from", "to", "zone"})
        if (r.has(key))
            places.push_back(find(r.view().at(key)));
    if (r.has("g_per_kwh"))
        places.push_back({"g_per_kwh", bare("g_per_kwh", r.number("g_per_kwh"))});
    if (r.has("zones"))
        for (const auto& z : r.view().at("zones").elements(1000))
            places.push_back(find(z));
    return places;
}

// "NY_state" is what "NYCW" and "NYUP" are put against: nycw_over_state.
void ratiosOverReference(const std::vector<Place>& places, Json& j)
{
    for (const auto& reference : places)
        for (const std::string word : {"state", "country", "average", "world"}) {
            const auto key = lowerKey(reference.key);
            if (key != word && !key.ends_with("_" + word))
                continue;
            if (!(reference.intensity.gPerKwh.value > 0))
                throw ValueError({{}, "the reference is 0 g/kWh", reference.key, "more than 0"});
            for (const auto& p : places)
                if (&p != &reference)
                    j[lowerKey(p.key) + "_over_" + word] =
                        p.intensity.gPerKwh.value / reference.intensity.gPerKwh.value;
        }
}

void comparePlaces(const FormulaRequest& r, const std::vector<Place>& places, std::optional<double> itKwh,
    const std::vector<double>& pues, Json& j)
{
    if (places.size() > 1) {
        const auto [least, most] = std::minmax_element(places.begin(), places.end(),
            [](const auto& a, const auto& b) { return a.intensity.gPerKwh.value < b.intensity.gPerKwh.value; });
        if (least->intensity.gPerKwh.value > 0)
            j["ratio"] = most->intensity.gPerKwh.value / least->intensity.gPerKwh.value;
    }
    ratiosOverReference(places, j);
    struct Row {
        Json json;
        double order;
    };
    std::vector<Row> rows;
    std::vector<Intensity> intensities;
    std::optional<double> first;
    for (const auto& p : places) {
        intensities.push_back(p.intensity);
        Json row{{"place", p.intensity.zone}, {"g_per_kwh", toJson(p.intensity.gPerKwh)}};
        double order = p.intensity.gPerKwh.value;
        if (itKwh) {
            const Estimate pue = !r.has("pue") && p.intensity.pue
                ? *p.intensity.pue
                : Estimate{pues.front(), {}, {}, Kind::User,
                    r.has("pue") ? "given in the request" : "none: energy of the computers"};
            const auto cost =
                trainingCost({*itKwh, {}, {}, Kind::User, "energy given in the request"}, pue, p.intensity.gPerKwh);
            order = cost.co2eKg.value;
            first = first ? first : order;
            row["pue"] = pue.value;
            row["facility_kwh"] = cost.facilityKwh.value;
            row["kg"] = toJson(cost.co2eKg);
            row["delta_kg"] = order - *first;
            row["ratio"] = *first > 0 ? Json(order / *first) : Json(nullptr);
            j[lowerKey(p.key) + "_kg"] = order;
        }
        rows.push_back({std::move(row), order});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.order < b.order; });
    j["places"] = Json::array();
    for (auto& row : rows)
        j["places"].push_back(std::move(row.json));
    std::vector<std::string> warnings = mixedBases(intensities);
    for (const auto& i : intensities)
        warnings.insert(warnings.end(), i.warnings.begin(), i.warnings.end());
    j["assumptions"] = warnings;
}

Json runWhatIf(const JsonView& view)
{
    const FormulaRequest r(view, whatIfFields(), true);
    Json j = Json::object();
    if (r.has("strubell_lb") || r.has("patterson_t")) {
        const double t = r.number("strubell_lb") * kKgPerLb / kKgPerTonne;
        j["strubell_t"] = t;
        j["ratio"] = t / r.number("patterson_t");
        j["assumptions"] = {"both are citations: show the range, never the larger figure alone"};
        j["estimates"] = {{"co2e_t",
            toJson(Estimate{r.number("patterson_t"), std::min(t, r.number("patterson_t")),
                std::max(t, r.number("patterson_t")), Kind::Citation,
                "Patterson et al. 2021 (correction) and Strubell et al. 2019"})}};
    }
    if (r.has("kg")) {
        const double kg = r.number("kg");
        if (r.has("kwh")) {
            if (!(r.number("kwh") > 0))
                throw ValueError({view.where() + ": kwh", "no intensity follows from no energy",
                    view.at("kwh").json().dump(), "above 0"});
            j["g_per_kwh"] = kg * 1000 / r.number("kwh");
        }
        j["km"] = kg * 1000 / r.numberOr("car_g_km", equivalentFact("car_km_us_fleet").value);
    }
    if (r.has("it_kwh") && r.has("kwh"))
        view.fail("both it_kwh and kwh are given", {}, "one of them");
    const auto itKwh = r.has("it_kwh") ? r.optional("it_kwh") : r.has("kg") ? std::nullopt : r.optional("kwh");
    const auto pues = r.has("pue") ? r.numbers("pue") : std::vector<double>{1};
    if (itKwh) {
        std::vector<double> facility;
        for (const double pue : pues)
            facility.push_back(*itKwh * pue);
        j["it_kwh"] = *itKwh;
        const bool list = r.has("pue") && view.at("pue").json().is_array();
        j["facility_kwh"] = list ? Json(facility) : Json(facility.front());
    }
    auto places = namedPlaces(r);
    const auto listed = listedPlaces(r);
    places.insert(places.end(), listed.begin(), listed.end());
    if (!places.empty())
        comparePlaces(r, places, itKwh, pues, j);
    if (j.empty())
        r.missing("an energy with pue or zones; intensities by place; kwh and kg; or strubell_lb and patterson_t");
    return j;
}

} // namespace

Formula whatIfFormula()
{
    return {"what-if",
        "The same energy at other places and PUEs, sorted, with the ratio (Anthony et al. 2020; Patterson et al. 2021; "
        "EPA eGRID)",
        schemaOf("what-if", whatIfFields(), {},
            "the intensity of a place by its name, g CO2e per kWh; with NAME_state, NAME_country or NAME_average the "
            "others are put over it"),
        {{"it_kwh", 100}, {"zones", {"FR", "PL", "gcp us-central1"}}}, runWhatIf};
}

} // namespace paretoscope

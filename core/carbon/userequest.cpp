// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/userequest.h"

#include "carbon/facts.h"
#include "carbon/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope::use {

namespace {

constexpr const char* kGiven = "given in the request";

Json typeOf(const Field& f)
{
    Json number = {{"type", "number"}};
    number[f.open ? "exclusiveMinimum" : "minimum"] = plainNumber(f.low);
    if (f.high < kMost)
        number["maximum"] = plainNumber(f.high);
    const auto list = [&] { return Json{{"type", "array"}, {"items", number}}; };
    Json triple = list();
    triple["minItems"] = 3;
    triple["maxItems"] = 3;
    triple["description"] = "low (P5), middle, high (P95)";
    const Json object = {{"type", "object"}, {"required", {"value"}}, {"additionalProperties", false},
        {"properties",
            {{"value", number}, {"low", number}, {"high", number}, {"factor", {{"type", "number"}, {"minimum", 1}}},
                {"kind", {{"enum", {"measured", "counter", "table", "model", "predicted", "citation", "user"}}}}, {"source", {{"type", "string"}}},
                {"id", {{"type", "string"}, {"description", "inputs with one id share their error"}}}}}};
    switch (f.type) {
    case Type::Number: return number;
    case Type::Quantity: return {{"oneOf", {number, triple, object}}};
    case Type::Grid: return {{"oneOf", {number, triple, object, {{"type", "string"}, {"description", "a place: FR, US-CA, World, a cloud region"}}}}};
    case Type::Numbers: return list();
    case Type::Text: return {{"type", "string"}};
    case Type::Truth: return {{"type", "boolean"}};
    case Type::Object: return {{"type", "object"}};
    case Type::List: return {{"type", "array"}};
    case Type::Any: break;
    }
    return Json::object();
}

} // namespace

Json schemaOf(const std::string& title, const Fields& fields)
{
    Json properties = Json::object();
    for (const auto& f : fields) {
        auto type = typeOf(f);
        type["description"] = f.text;
        properties[f.key] = type;
        for (const char* alias : f.aliases) {
            type["description"] = fmt::format("another name of {}", f.key);
            properties[alias] = type;
        }
    }
    return {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}, {"type", "object"}, {"properties", properties},
        {"additionalProperties", false}};
}

Request::Request(const JsonView& view, const Fields& fields)
    : m_view(view)
    , m_fields(&fields)
{
    if (!view.json().is_object())
        view.onlyKeys({});
    std::vector<std::string> names;
    for (const auto& f : fields)
        names.emplace_back(f.key);
    for (const auto& [key, value] : view.json().items()) {
        const bool known = std::any_of(fields.begin(), fields.end(), [&key = key](const Field& f) {
            return key == f.key || std::any_of(f.aliases.begin(), f.aliases.end(), [&](const char* a) { return key == a; });
        });
        if (!known)
            view.fail("unknown key", quote(key), joinNames(names, 40));
    }
    for (const auto& f : fields) {
        std::vector<std::string> present;
        if (view.has(f.key))
            present.emplace_back(f.key);
        for (const char* alias : f.aliases)
            if (view.has(alias))
                present.emplace_back(alias);
        if (present.size() > 1)
            view.fail("two keys say the same", joinNames(present), "one of them");
    }
}

const Field& Request::field(const char* key) const
{
    for (const auto& f : *m_fields)
        if (std::string_view(f.key) == key)
            return f;
    throw ValueError({m_view.where(), "the formula asks for a field it does not declare", quote(key), {}});
}

const char* Request::nameOf(const char* key) const
{
    const auto& f = field(key);
    if (m_view.has(f.key))
        return f.key;
    for (const char* alias : f.aliases)
        if (m_view.has(alias))
            return alias;
    return nullptr;
}

JsonView Request::at(const char* key) const
{
    const char* name = nameOf(key);
    return m_view.at(name ? name : key);
}

double numberFrom(const JsonView& view, double low, bool open, double high)
{
    if (view.json().is_number_float() && !std::isfinite(view.json().get<double>()))
        throw ValueError({view.where(), "not a finite number", view.json().dump(), "a finite number"});
    const double value = view.number();
    if (value < low || (open && value == low) || value > high)
        throw ValueError({view.where(), "number out of range", view.json().dump(),
            fmt::format("{} {:g}{}", open ? "more than" : "at least", low, high < kMost ? fmt::format(", at most {:g}", high) : "")});
    return value;
}

double Request::number(const char* key) const
{
    const auto& f = field(key);
    return numberFrom(at(key), f.low, f.open, f.high);
}

std::vector<double> Request::numbers(const char* key) const
{
    const auto& f = field(key);
    std::vector<double> values;
    for (const auto& e : at(key).elements())
        values.push_back(numberFrom(e, f.low, f.open, f.high));
    return values;
}

Quantity Request::quantity(const char* key) const { return quantityFrom(at(key), field(key)); }

Quantity gridFrom(const std::string& place)
{
    const auto found = builtInGrids().find(place);
    return {found.gPerKwh, "grid " + found.zone, 0, kMost};
}

Quantity worldGrid() { return gridFrom("World"); }

Quantity quantityFrom(const JsonView& view, const Field& f)
{
    const auto in = [&](const JsonView& v) { return numberFrom(v, f.low, f.open, f.high); };
    Quantity q;
    q.atLeast = f.low;
    q.atMost = f.high;
    auto& e = q.estimate;
    if (f.type == Type::Grid && view.json().is_string()) {
        try {
            return gridFrom(view.string());
        } catch (const ValueError& error) {
            auto parts = error.parts();
            parts.where = view.where();
            throw ValueError(parts);
        }
    }
    const auto banded = [&](double value, double factor) {
        e = withFactor(value, factor, Kind::User, kGiven);
        e.low = std::clamp(*e.low, std::min(f.low, value), value);
        e.high = std::clamp(*e.high, value, f.high);
        if (f.factor > 1 && factor == f.factor)
            e.source = fmt::format("{}; usual band x{:g}", kGiven, factor);
    };
    if (view.json().is_array()) {
        const auto parts = view.elements(3);
        if (parts.size() != 3)
            view.fail("not a band", fmt::format("{} numbers", parts.size()), "low, middle, high");
        e = {in(parts[1]), in(parts[0]), in(parts[2]), Kind::User, kGiven};
    } else if (view.json().is_object()) {
        view.onlyKeys({"value", "low", "high", "factor", "kind", "source", "id"});
        const double value = in(view.at("value"));
        if (view.has("factor") && (view.has("low") || view.has("high")))
            view.fail("two keys say the same", "factor, low, high", "factor, or low and high");
        if (view.has("factor"))
            banded(value, numberFrom(view.at("factor"), 1));
        else if (view.has("low") != view.has("high"))
            view.fail("half a band", view.has("low") ? "low" : "high", "low and high, or neither");
        else if (view.has("low"))
            e = {value, in(view.at("low")), in(view.at("high")), Kind::User, kGiven};
        else
            banded(value, f.factor);
        if (view.has("kind"))
            e.kind = kindFromName(view.at("kind").string(), view.at("kind").where());
        e.source = view.stringOr("source", e.source);
        q.id = view.stringOr("id", "");
    } else {
        banded(in(view), f.factor);
    }
    if (*e.low > e.value || *e.high < e.value || (*e.low == 0 && e.value > 0))
        throw ValueError({view.where(), "not a band of a positive number", fmt::format("{:g}, {:g}, {:g}", *e.low, e.value, *e.high),
            "0 < low <= middle <= high"});
    return q;
}

Field energyField(const char* key)
{
    return {key, Type::Quantity, "joule of one inference on the device", {"j", "energy_j", "joule", "e_j"}, 0, true, kMost, bandfactor::kInferenceJ};
}

Field efficiencyField()
{
    return {"charger_eff", Type::Quantity, "efficiency of charger and cell, above 0 up to 1", {"charging_efficiency", "eta", "efficiency"}, 0, true, 1, 1.05};
}

Field pueField() { return {"pue", Type::Quantity, "power usage effectiveness of a data centre; 1 elsewhere", {}, 1, false, 100, bandfactor::kPueStated}; }

Field gridField(const char* key)
{
    Field f{key, Type::Grid, "intensity of the electricity, g CO2e per kWh, or the name of a place", {"g", "grid", "ci_g_per_kwh", "zone"}, 0, false, kMost,
        bandfactor::kGridYear};
    return f;
}

Quantity phoneEfficiency() { return {{0.85, 0.75, 0.92, Kind::Citation, "charger and cell of a phone 0.85 (0.75 to 0.92)"}, "chargingEfficiency", 0, 1}; }

Quantity efficiencyOf(const Request& request, const char* key, const Quantity& fallback)
{
    if (!request.has(key))
        return fallback;
    auto q = request.quantity(key);
    if (q.estimate.value == 1)
        q.estimate.low = 1; // no charger at all
    if (q.id.empty())
        q.id = "chargingEfficiency";
    return q;
}

Quantity pueOf(const Request& request, const char* key, const Quantity& fallback)
{
    if (!request.has(key))
        return fallback;
    auto q = request.quantity(key);
    if (q.estimate.value == 1)
        q.estimate.high = 1; // not a data centre
    return q;
}

Json toJson(const std::vector<VarianceShare>& shares)
{
    Json list = Json::array();
    for (const auto& s : shares)
        list.push_back({{"name", s.name}, {"share", s.share}});
    return list;
}

void put(Json& answer, const char* key, const Estimate& estimate) { answer[key] = paretoscope::toJson(estimate); }

void putAssumptions(Json& answer, const Assumptions& assumptions)
{
    if (!assumptions.empty())
        answer["assumptions"] = assumptions;
}

std::vector<MixPart> mixFrom(const JsonView& view)
{
    static const Fields kFields{{"zone", Type::Text, "name of the place", {"country", "name"}},
        {"share", Type::Number, "part of the users, 0 to 1", {"part", "fraction"}, 0, false, 1}, gridField()};
    Fields fields = kFields;
    fields[2].aliases = {"g", "grid", "ci_g_per_kwh"}; // "zone" is the name here
    std::vector<MixPart> mix;
    const auto add = [&](const JsonView& part, const std::string& key) {
        const Request r(part, fields);
        const auto zone = r.textOr("zone", key);
        if (zone.empty())
            part.at("zone");
        const double share = numberFrom(r.at("share"), 0, false, 1);
        auto g = r.has("g_per_kwh") ? r.quantity("g_per_kwh") : gridFrom(zone);
        if (g.id.empty())
            g.id = "grid " + zone;
        mix.push_back({zone, share, g});
    };
    if (view.json().is_array()) {
        for (const auto& part : view.elements(1000))
            add(part, {});
    } else {
        for (const auto& [zone, part] : view.items()) {
            if (part.json().is_number())
                mix.push_back({zone, numberFrom(part, 0, false, 1), gridFrom(zone)});
            else
                add(part, zone);
        }
    }
    double sum = 0;
    for (const auto& part : mix)
        sum += part.share;
    if (std::abs(sum - 1) > 1e-6)
        throw ValueError({view.where(), "the shares do not add up to 1", fmt::format("{:g}", sum), "1"});
    return mix;
}

} // namespace paretoscope::use

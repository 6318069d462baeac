// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/formularequest.h"

#include "carbon/factband.h"
#include "carbon/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace paretoscope {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::max();

Json typeOf(FieldType type)
{
    switch (type) {
    case FieldType::Number:
        return "number";
    case FieldType::Integer:
        return "integer";
    case FieldType::Text:
        return "string";
    case FieldType::Truth:
        return "boolean";
    case FieldType::Numbers:
        return Json::array({"number", "array"});
    case FieldType::Object:
        return "object";
    case FieldType::List:
        return "array";
    case FieldType::Any:
        break;
    }
    return nullptr;
}

std::string allowed(double low, double high, bool open)
{
    if (high < kNoLimit)
        return fmt::format("{} {:g} to {:g}", open ? "above" : "from", low, high);
    return open ? fmt::format("above {:g}", low) : fmt::format("{:g} or more", low);
}

double inRange(const JsonView& value, double low, double high, bool open)
{
    if (!value.json().is_number())
        return value.number(); // says what stands there
    const auto n = value.json().get<double>();
    if (!std::isfinite(n))
        throw ValueError({value.where(), "not a finite number", {}, allowed(low, high, open)});
    if (n < low || n > high || (open && n == low)) {
        const auto key = value.where().substr(std::min(value.where().size(), value.where().find_last_of(" .") + 1));
        const bool pue = key == "pue" || key.starts_with("pue[");
        throw ValueError({value.where(),
            pue                     ? "a PUE below 1 is impossible: a data centre uses at least what its computers use"
                : n < 0 && low >= 0 ? "negative"
                                    : "out of range",
            value.json().dump(), allowed(low, high, open)});
    }
    return n;
}

} // namespace

Json schemaOf(
    const std::string& title, const RequestFields& fields, const std::vector<std::string>& required, const char* others)
{
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}, {"type", "object"},
        {"properties", Json::object()}};
    for (const auto& f : fields) {
        Json property{{"description", f.text}};
        if (f.type != FieldType::Any)
            property["type"] = typeOf(f.type);
        const bool numeric =
            f.type == FieldType::Number || f.type == FieldType::Integer || f.type == FieldType::Numbers;
        if (numeric && f.low > -kNoLimit)
            property[f.open ? "exclusiveMinimum" : "minimum"] = f.low;
        if (numeric && f.high < kNoLimit)
            property["maximum"] = f.high;
        if (f.type == FieldType::Numbers) {
            Json item{{"type", "number"}};
            for (const char* bound : {"minimum", "exclusiveMinimum", "maximum"})
                if (property.contains(bound))
                    item[bound] = property[bound];
            property["items"] = std::move(item);
        }
        schema["properties"][f.key] = std::move(property);
    }
    if (!required.empty())
        schema["required"] = required;
    schema["additionalProperties"] = others ? Json{{"type", "number"}, {"description", others}} : Json(false);
    return schema;
}

FormulaRequest::FormulaRequest(const JsonView& view, const RequestFields& fields, bool others)
    : m_view(view)
    , m_fields(&fields)
{
    for (const auto& [key, value] : [&] {
             if (!view.json().is_object())
                 view.fail("not an object", {}, "an object");
             return view.json().items();
         }()) {
        const auto known =
            std::any_of(fields.begin(), fields.end(), [&, k = &key](const RequestField& f) { return *k == f.key; });
        if (known && value.is_null())
            view.fail(fmt::format("the key \"{}\" holds null", key), {}, "leave it away to have its default");
        if (known || others)
            continue;
        std::vector<std::string> keys;
        for (const auto& f : fields)
            keys.emplace_back(f.key);
        view.fail("unknown key", quote(key), joinNames(keys, 60));
    }
}

bool FormulaRequest::hasAny(std::initializer_list<const char*> keys) const
{
    return std::any_of(keys.begin(), keys.end(), [&](const char* k) { return has(k); });
}

const RequestField& FormulaRequest::field(const char* key) const
{
    for (const auto& f : *m_fields)
        if (std::strcmp(f.key, key) == 0)
            return f;
    throw FormatError({m_view.where(), "the formula has no such field", key, {}});
}

double FormulaRequest::checked(const RequestField& f, const JsonView& value) const
{
    if (f.type == FieldType::Integer && std::isfinite(value.number()) && std::floor(value.number()) != value.number())
        throw ValueError({value.where(), "not a whole number", value.json().dump(), allowed(f.low, f.high, f.open)});
    return inRange(value, f.low, f.high, f.open);
}

std::vector<double> FormulaRequest::numbers(const char* key) const
{
    const auto value = m_view.at(key);
    if (!value.json().is_array())
        return {checked(field(key), value)};
    std::vector<double> list;
    for (const auto& e : value.elements(100'000))
        list.push_back(checked(field(key), e));
    if (list.empty())
        value.fail("the list is empty", {}, "at least one number");
    return list;
}

std::vector<std::pair<std::string, JsonView>> FormulaRequest::others() const
{
    std::vector<std::pair<std::string, JsonView>> list;
    for (const auto& [key, value] : m_view.json().items()) {
        if (std::any_of(m_fields->begin(), m_fields->end(), [k = &key](const RequestField& f) { return *k == f.key; }))
            continue;
        for (const auto& f : *m_fields) {
            // Short codes are all a letter away from each other.
            const auto length = std::string_view(f.key).size();
            if (length >= 3 && key.size() >= 3 && editDistance(folded(key), folded(f.key)) <= (length > 5 ? 2u : 1u))
                m_view.fail("unknown key", quote(key), std::string(f.key) + "?");
        }
        list.emplace_back(key, m_view.at(key.c_str()));
    }
    return list;
}

double FormulaRequest::other(const JsonView& value, double low, double high) const
{
    return inRange(value, low, high, false);
}

void FormulaRequest::missing(const std::string& what) const { m_view.fail("something is missing", {}, what); }

void addPlaceFields(RequestFields& fields)
{
    fields.push_back({"g_per_kwh", FieldType::Number, "intensity of the electricity, g CO2e per kWh", 0, 5000});
    fields.push_back(
        {"zone", FieldType::Text, "a grid zone or cloud region instead: FR, US-CA, us-east-1, World (default)"});
    fields.push_back({"grid_csv", FieldType::Text, "a CSV with zones or hourly series of your own, looked at first"});
}

Intensity placeOf(const FormulaRequest& r)
{
    if (r.has("g_per_kwh") && r.has("zone"))
        r.view().fail("both g_per_kwh and zone are given", {}, "one of them");
    if (r.has("g_per_kwh")) {
        Intensity i;
        const double g = r.number("g_per_kwh");
        i.gPerKwh = {g, {}, {}, Kind::User, fmt::format("{:g} g/kWh given in the request", g)};
        i.zone = i.basis = i.licence = "user";
        return i;
    }
    const auto zone = r.has("zone") ? r.text("zone") : std::string("World");
    try {
        if (r.has("grid_csv")) {
            GridBook book;
            book.addCsv(r.text("grid_csv"));
            return book.find(zone);
        }
        auto i = builtInGrids().find(zone);
        if (!r.has("zone"))
            i.warnings.emplace_back("no place is given: the world average is used");
        return i;
    } catch (const ValueError& e) {
        auto parts = e.parts();
        parts.where = r.view().where() + ": zone";
        throw ValueError(parts);
    }
}

Estimate pueOf(const FormulaRequest& r, const Intensity* place)
{
    if (r.has("pue"))
        return {r.number("pue"), {}, {}, Kind::User, "given in the request"};
    if (place && place->pue)
        return *place->pue;
    auto e = banded(
        kPueUnknown, bandfactor::kPueUnknown, Kind::Citation, "unknown data centre: Uptime Institute survey 2024");
    e.low = std::max(1.0, *e.low);
    return e;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"

#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace paretoscope {

namespace {

constexpr int kMaxDepth = 64;

std::string kindOf(const Json& j)
{
    if (j.is_string())
        return "the string " + quote(j.get_ref<const std::string&>(), 40);
    if (j.is_number() || j.is_boolean() || j.is_null())
        return j.dump();
    return j.is_array() ? "a list" : "an object";
}

} // namespace

Json parseJson(std::string_view text, const std::string& where)
{
    std::vector<std::set<std::string, std::less<>>> keys;
    std::string duplicate;
    bool tooDeep = false;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kMaxDepth) {
            tooDeep = true;
            return false;
        }
        if (event == Json::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == Json::parse_event_t::object_end)
            keys.pop_back();
        else if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second && duplicate.empty())
            duplicate = parsed.get<std::string>();
        return true;
    };
    Json json;
    try {
        json = Json::parse(text.begin(), text.end(), watch);
    } catch (const nlohmann::json::parse_error& e) {
        const auto upTo = text.substr(0, std::min<std::size_t>(e.byte ? e.byte - 1 : 0, text.size()));
        const auto line = 1 + std::count(upTo.begin(), upTo.end(), '\n');
        const auto lastBreak = upTo.rfind('\n');
        const auto column = 1 + upTo.size() - (lastBreak == std::string_view::npos ? 0 : lastBreak + 1);
        throw FormatError({fmt::format("{}:{}:{}", where, line, column), "not valid JSON", {}, {}});
    } catch (const nlohmann::json::exception&) {
        throw FormatError({where, "not valid JSON (a number out of range)", {}, {}});
    }
    if (tooDeep)
        throw FormatError({where, "JSON is nested too deeply", {}, fmt::format("at most {} levels", kMaxDepth)});
    if (!duplicate.empty())
        throw FormatError({where, "a key stands twice in one object", quote(duplicate), {}});
    return json;
}

namespace {

void print(const Json& j, std::string& out, int indent)
{
    const auto pad = [&](int n) { out.append(static_cast<std::size_t>(n) * 2, ' '); };
    const auto flat = [](const Json& a) {
        return std::all_of(a.begin(), a.end(), [](const Json& e) { return e.is_primitive() && !e.is_string(); });
    };
    if (j.is_object() && !j.empty()) {
        out += "{\n";
        bool first = true;
        for (const auto& [key, value] : j.items()) {
            if (!std::exchange(first, false))
                out += ",\n";
            pad(indent + 1);
            out += Json(key).dump() + ": ";
            print(value, out, indent + 1);
        }
        out += '\n';
        pad(indent);
        out += '}';
    } else if (j.is_array() && !j.empty() && !flat(j)) {
        out += "[\n";
        bool first = true;
        for (const auto& value : j) {
            if (!std::exchange(first, false))
                out += ",\n";
            pad(indent + 1);
            print(value, out, indent + 1);
        }
        out += '\n';
        pad(indent);
        out += ']';
    } else {
        // Text that came out of an untrusted file may not be UTF-8; it is shown with replacement marks.
        out += j.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
}

} // namespace

std::string printJson(const Json& json)
{
    std::string out;
    print(json, out, 0);
    out += '\n';
    return out;
}

void JsonView::fail(std::string problem, std::string found, std::string allowed) const
{
    throw FormatError({m_where, std::move(problem), std::move(found), std::move(allowed)});
}

JsonView JsonView::at(const char* key) const
{
    if (!m_json->is_object())
        fail("not an object", kindOf(*m_json), fmt::format("an object with the key \"{}\"", key));
    const auto it = m_json->find(key);
    if (it == m_json->end() || it->is_null())
        fail(fmt::format("the key \"{}\" is missing", key));
    return {*it, m_where.find(": ") == std::string::npos ? fmt::format("{}: {}", m_where, key)
                                                         : fmt::format("{}.{}", m_where, key)};
}

void JsonView::onlyKeys(std::initializer_list<std::string_view> keys) const
{
    if (!m_json->is_object())
        fail("not an object", kindOf(*m_json), "an object");
    for (const auto& [key, value] : m_json->items())
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            fail("unknown key", quote(key), joinNames(std::vector<std::string>(keys.begin(), keys.end()), 40));
}

std::vector<JsonView> JsonView::elements(std::size_t atMost) const
{
    if (!m_json->is_array())
        fail("not a list", kindOf(*m_json), "a list");
    if (m_json->size() > atMost)
        fail("the list is too long", fmt::format("{} elements", m_json->size()), fmt::format("at most {}", atMost));
    std::vector<JsonView> views;
    views.reserve(m_json->size());
    for (std::size_t i = 0; i < m_json->size(); ++i)
        views.emplace_back((*m_json)[i], fmt::format("{}[{}]", m_where, i));
    return views;
}

std::vector<std::pair<std::string, JsonView>> JsonView::items() const
{
    if (!m_json->is_object())
        fail("not an object", kindOf(*m_json), "an object");
    std::vector<std::pair<std::string, JsonView>> views;
    for (const auto& [key, value] : m_json->items())
        views.emplace_back(key, at(key.c_str()));
    return views;
}

std::string JsonView::string() const
{
    if (!m_json->is_string())
        fail("not a string", kindOf(*m_json), "a string");
    return m_json->get<std::string>();
}

bool JsonView::boolean() const
{
    if (!m_json->is_boolean())
        fail("not a truth value", kindOf(*m_json), "true or false");
    return m_json->get<bool>();
}

double JsonView::number(double low, double high) const
{
    if (!m_json->is_number())
        fail("not a number", kindOf(*m_json), "a number");
    const auto value = m_json->get<double>();
    if (!std::isfinite(value) || value < low || value > high) {
        const bool bounded = high < std::numeric_limits<double>::max();
        fail("number out of range", m_json->dump(),
            bounded ? fmt::format("{:g} to {:g}", low, high) : fmt::format("at least {:g}", low));
    }
    return value;
}

std::int64_t JsonView::integer(std::int64_t low, std::int64_t high) const
{
    const bool whole = m_json->is_number_integer()
        || (m_json->is_number_float() && std::nearbyint(m_json->get<double>()) == m_json->get<double>()
            && std::abs(m_json->get<double>()) < 9e15);
    if (!whole)
        fail("not a whole number", kindOf(*m_json), fmt::format("a whole number from {} to {}", low, high));
    const bool huge = m_json->is_number_unsigned() && m_json->get<std::uint64_t>() > 0x7fffffffffffffffu;
    const auto value = huge ? 0 : m_json->is_number_float() ? static_cast<std::int64_t>(m_json->get<double>())
                                                            : m_json->get<std::int64_t>();
    if (huge || value < low || value > high)
        fail("number out of range", m_json->dump(), fmt::format("{} to {}", low, high));
    return value;
}

std::vector<int> JsonView::integers(int low, int high, std::size_t atMost) const
{
    std::vector<int> values;
    for (const auto& e : elements(atMost))
        values.push_back(static_cast<int>(e.integer(low, high)));
    return values;
}

std::vector<double> JsonView::numbers(double low, double high, std::size_t atMost) const
{
    std::vector<double> values;
    for (const auto& e : elements(atMost))
        values.push_back(e.number(low, high));
    return values;
}

Json plainNumber(double value)
{
    const bool whole = std::nearbyint(value) == value && std::abs(value) < 9e15;
    return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json plainNumbers(const std::vector<double>& values)
{
    Json list = Json::array();
    for (const double v : values)
        list.push_back(plainNumber(v));
    return list;
}

Json readJsonFile(const std::filesystem::path& path, std::size_t atMostBytes)
{
    return parseJson(readTextFile(path, atMostBytes), path.string());
}

Json toJson(const Estimate& e)
{
    const auto optional = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
    return {{"value", e.value}, {"low", optional(e.low)}, {"high", optional(e.high)}, {"kind", name(e.kind)},
        {"source", e.source}};
}

Estimate estimateFromJson(const JsonView& view)
{
    view.onlyKeys({"value", "low", "high", "kind", "source"});
    Estimate e;
    e.value = view.at("value").number();
    if (view.has("low"))
        e.low = view.at("low").number(-std::numeric_limits<double>::max(), e.value);
    if (view.has("high"))
        e.high = view.at("high").number(e.value);
    e.kind = kindFromName(view.at("kind").string(), view.at("kind").where());
    e.source = view.at("source").string();
    return e;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "device/device.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr int kSchema = 1;

template <typename Enum, std::size_t N>
Enum enumFrom(const JsonView& v, const Enum (&values)[N])
{
    const auto text = v.string();
    std::vector<std::string> names;
    for (const auto e : values) {
        if (name(e) == text)
            return e;
        names.emplace_back(name(e));
    }
    v.fail("unknown value", quote(text), joinNames(names));
}

std::optional<double> optionalNumber(const JsonView& v, const char* key, double low, double high)
{
    return v.has(key) ? std::optional(v.at(key).number(low, high)) : std::nullopt;
}

CostTable sumFromJson(const JsonView& v, const std::vector<int>& resolutions, const std::shared_ptr<const Parts>& parts)
{
    std::vector<double> values;
    std::vector<std::string> missing;
    for (const int r : resolutions) {
        const auto key = std::to_string(r);
        if (!v.has(key.c_str())) {
            missing.push_back(key);
            continue;
        }
        const auto column = v.at(key.c_str());
        const auto rows = column.elements(parts->size() + 1);
        if (rows.size() != parts->size())
            column.fail("wrong number of parts", fmt::format("{}", rows.size()), fmt::format("{}", parts->size()));
        for (std::size_t p = 0; p < rows.size(); ++p) {
            const auto& part = parts->list()[p];
            const auto row = rows[p].numbers(0, 1e9, 100'000);
            if (row.size() != static_cast<std::size_t>(part.variants))
                rows[p].fail("wrong number of variants of " + part.name, fmt::format("{}", row.size()), fmt::format("{}", part.variants));
            values.insert(values.end(), row.begin(), row.end());
        }
    }
    if (!missing.empty())
        v.fail("resolutions without values", joinNames(missing, 40), {});
    if (v.json().size() != resolutions.size())
        v.fail("more columns than resolutions", fmt::format("{}", v.json().size()), fmt::format("{}", resolutions.size()));
    return CostTable(parts, resolutions, std::move(values));
}

Json toJson(const CostTable& table)
{
    Json j = Json::object();
    for (std::size_t r = 0; r < table.resolutions().size(); ++r) {
        Json rows = Json::array();
        for (std::size_t p = 0; p < table.parts().size(); ++p) {
            Json row = Json::array();
            for (int v = 0; v < table.parts().list()[p].variants; ++v)
                row.push_back(table.at(r, p, v));
            rows.push_back(std::move(row));
        }
        j[std::to_string(table.resolutions()[r])] = std::move(rows);
    }
    return j;
}

std::map<std::string, Estimate> estimatesFrom(const JsonView& v, std::initializer_list<std::string_view> names)
{
    v.onlyKeys(names);
    std::map<std::string, Estimate> estimates;
    for (const auto& [key, view] : v.items())
        estimates[key] = estimateFromJson(view);
    return estimates;
}

Json toJson(const std::map<std::string, Estimate>& estimates)
{
    Json j = Json::object();
    for (const auto& [key, e] : estimates)
        j[key] = toJson(e);
    return j;
}

} // namespace

Device deviceFromJson(const JsonView& v, std::shared_ptr<const Parts> parts)
{
    v.onlyKeys({"schema", "id", "title", "source", "licence", "space", "kind", "supply", "conditions", "latencyMs", "error",
        "powerW", "workPj", "warnings"});
    v.at("schema").integer(kSchema, kSchema);
    Device d;
    d.id = v.at("id").string();
    if (idFromName(d.id) != d.id)
        v.at("id").fail("not an id", quote(d.id), "lower-case letters, digits, dots and hyphens");
    d.title = v.stringOr("title", d.id);
    d.source = v.at("source").string();
    d.licence = v.stringOr("licence", {});
    d.spaceId = v.at("space").string();
    if (d.spaceId != parts->space().id)
        v.at("space").fail("the device is for another space", quote(d.spaceId), quote(parts->space().id));
    d.kind = kindFromName(v.at("kind").string(), v.at("kind").where());
    d.supply = enumFrom(v.at("supply"), {Supply::Battery, Supply::Mains, Supply::DataCentre});
    const auto c = v.at("conditions");
    c.onlyKeys({"batch", "threads", "runtime", "precision", "note"});
    d.conditions.batch = static_cast<int>(c.at("batch").integer(1, 1 << 20));
    d.conditions.threads = c.has("threads") ? static_cast<int>(c.at("threads").integer(0, 1 << 16)) : 0;
    d.conditions.runtime = c.stringOr("runtime", {});
    d.conditions.precision = c.stringOr("precision", {});
    d.conditions.note = c.stringOr("note", {});

    const auto latency = v.at("latencyMs");
    latency.onlyKeys({"form", "resolutions", "parts", "sums"});
    d.form = enumFrom(latency.at("form"), {LatencyForm::Additive, LatencyForm::MaxOfSums});
    const auto resolutions = latency.at("resolutions").integers(1, 65535);
    for (const int r : resolutions)
        if (!parts->space().hasResolution(r))
            latency.at("resolutions").fail("resolution outside the space", fmt::format("{}", r), fmt::format("{}", fmt::join(parts->space().resolutions, ", ")));
    if (resolutions.empty() || std::adjacent_find(resolutions.begin(), resolutions.end(), std::greater_equal<>()) != resolutions.end())
        latency.at("resolutions").fail("resolutions must ascend without repeats", latency.at("resolutions").json().dump(), {});
    const auto names = latency.at("parts").elements();
    for (std::size_t i = 0; i < std::max(names.size(), parts->size()); ++i)
        if (i >= names.size() || i >= parts->size() || names[i].string() != parts->list()[i].name)
            latency.at("parts").fail("the parts are not those of the space",
                i < names.size() ? quote(names[i].string()) : "nothing", i < parts->size() ? quote(parts->list()[i].name) : "no more");
    for (const auto& sum : latency.at("sums").elements(16))
        d.sums.push_back(sumFromJson(sum, resolutions, parts));
    if (d.form == LatencyForm::Additive ? d.sums.size() != 1 : d.sums.size() < 2)
        latency.at("sums").fail("wrong number of sums", fmt::format("{}", d.sums.size()), d.form == LatencyForm::Additive ? "one" : "two or more");

    if (v.has("error")) {
        const auto e = v.at("error");
        e.onlyKeys({"basis", "nets", "r2", "mapePercent", "kendallTau", "within10Percent", "band90Percent"});
        DeviceError error;
        error.basis = e.at("basis").string();
        if (e.has("nets"))
            error.nets = static_cast<int>(e.at("nets").integer(1, 1'000'000'000));
        error.r2 = optionalNumber(e, "r2", -1e9, 1);
        error.mapePercent = optionalNumber(e, "mapePercent", 0, 1e9);
        error.kendallTau = optionalNumber(e, "kendallTau", -1, 1);
        error.within10Percent = optionalNumber(e, "within10Percent", 0, 100);
        error.band90Percent = optionalNumber(e, "band90Percent", 0, 1e9);
        d.error = error;
    }
    if (v.has("powerW"))
        d.powerW = estimatesFrom(v.at("powerW"), {"active", "awake"});
    if (v.has("workPj"))
        d.workPj = estimatesFrom(v.at("workPj"), {"pointwiseMac", "depthwiseMac", "denseMac", "byte"});
    if (v.has("warnings"))
        for (const auto& w : v.at("warnings").elements(64))
            d.warnings.push_back(w.string());
    return d;
}

Json toJson(const Device& d)
{
    Json j{{"schema", kSchema}, {"id", d.id}, {"title", d.title}, {"source", d.source}, {"licence", d.licence}, {"space", d.spaceId},
        {"kind", name(d.kind)}, {"supply", name(d.supply)}};
    j["conditions"] = {{"batch", d.conditions.batch}, {"threads", d.conditions.threads}, {"runtime", d.conditions.runtime},
        {"precision", d.conditions.precision}, {"note", d.conditions.note}};
    Json parts = Json::array(), sums = Json::array();
    for (const auto& p : d.sums.front().parts().list())
        parts.push_back(p.name);
    for (const auto& s : d.sums)
        sums.push_back(toJson(s));
    j["latencyMs"] = {{"form", name(d.form)}, {"resolutions", d.resolutions()}, {"parts", std::move(parts)}, {"sums", std::move(sums)}};
    if (d.error) {
        Json e{{"basis", d.error->basis}};
        const auto put = [&](const char* key, const auto& value) {
            if (value)
                e[key] = *value;
        };
        put("nets", d.error->nets);
        put("r2", d.error->r2);
        put("mapePercent", d.error->mapePercent);
        put("kendallTau", d.error->kendallTau);
        put("within10Percent", d.error->within10Percent);
        put("band90Percent", d.error->band90Percent);
        j["error"] = std::move(e);
    }
    if (!d.powerW.empty())
        j["powerW"] = toJson(d.powerW);
    if (!d.workPj.empty())
        j["workPj"] = toJson(d.workPj);
    if (!d.warnings.empty())
        j["warnings"] = d.warnings;
    return j;
}

} // namespace paretoscope

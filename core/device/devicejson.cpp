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

DeviceError errorFromJson(const JsonView& e)
{
    DeviceError error;
    error.basis = e.at("basis").string();
    if (e.has("nets"))
        error.nets = static_cast<int>(e.at("nets").integer(1, 1'000'000'000));
    error.r2 = optionalNumber(e, "r2", -1e9, 1);
    error.mapePercent = optionalNumber(e, "mapePercent", 0, 1e9);
    error.kendallTau = optionalNumber(e, "kendallTau", -1, 1);
    error.kendallTauInResolution = optionalNumber(e, "kendallTauInResolution", -1, 1);
    error.within5Percent = optionalNumber(e, "within5Percent", 0, 100);
    error.within10Percent = optionalNumber(e, "within10Percent", 0, 100);
    error.biasPercent = optionalNumber(e, "biasPercent", -1e9, 1e9);
    error.band90Percent = optionalNumber(e, "band90Percent", 0, 1e9);
    return error;
}

std::vector<std::string> textsFromJson(const JsonView& v)
{
    std::vector<std::string> texts;
    for (const auto& t : v.elements(64))
        texts.push_back(t.string());
    return texts;
}

std::vector<ErrorRange> errorRangesFromJson(const JsonView& v, const BlockModel& model)
{
    std::vector<ErrorRange> ranges;
    for (const auto& e : v.elements(64)) {
        e.onlyKeys({"space", "resolutions", "extrapolated", "basis", "nets", "r2", "mapePercent", "kendallTau", "kendallTauInResolution", "within5Percent",
            "within10Percent", "biasPercent", "band90Percent", "warnings"});
        const auto range = e.at("resolutions").integers(1, 65535, 2);
        if (range.size() != 2 || range[0] > range[1])
            e.at("resolutions").fail("not the lowest and the highest resolution", e.at("resolutions").json().dump(), "two numbers that ascend");
        const auto space = e.at("space").string();
        if (!model.accepts(space))
            e.at("space").fail("the model does not accept this space", quote(space), joinNames(model.spaces()));
        ranges.push_back({space, range[0], range[1], e.booleanOr("extrapolated", false), errorFromJson(e),
            e.has("warnings") ? textsFromJson(e.at("warnings")) : std::vector<std::string>()});
    }
    return ranges;
}

Json toJson(const std::map<std::string, Estimate>& estimates)
{
    Json j = Json::object();
    for (const auto& [key, e] : estimates)
        j[key] = toJson(e);
    return j;
}

Json toJson(const DeviceError& error)
{
    Json e{{"basis", error.basis}};
    const auto put = [&](const char* key, const auto& value) {
        if (value)
            e[key] = *value;
    };
    put("nets", error.nets);
    put("r2", error.r2);
    put("mapePercent", error.mapePercent);
    put("kendallTau", error.kendallTau);
    put("kendallTauInResolution", error.kendallTauInResolution);
    put("within5Percent", error.within5Percent);
    put("within10Percent", error.within10Percent);
    put("biasPercent", error.biasPercent);
    put("band90Percent", error.band90Percent);
    return e;
}

Json toJson(const ErrorRange& range)
{
    Json j{{"space", range.space}, {"resolutions", {range.lowestResolution, range.highestResolution}}, {"extrapolated", range.extrapolated}};
    j.update(toJson(range.error));
    if (!range.warnings.empty())
        j["warnings"] = range.warnings;
    return j;
}

void readSums(Device& d, const JsonView& latency, const std::shared_ptr<const Parts>& parts)
{
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
}

} // namespace

Device deviceFromJson(const JsonView& v, std::shared_ptr<const Parts> parts)
{
    v.onlyKeys({"schema", "id", "title", "source", "licence", "space", "kind", "supply", "conditions", "latencyMs", "error",
        "model", "errors", "powerW", "workPj", "warnings"});
    v.at("schema").integer(kSchema, kSchema);
    Device d;
    d.id = v.at("id").string();
    if (idFromName(d.id) != d.id)
        v.at("id").fail("not an id", quote(d.id), "lower-case letters, digits, dots and hyphens");
    d.title = v.stringOr("title", d.id);
    d.source = v.at("source").string();
    d.licence = v.stringOr("licence", {});
    d.spaceId = v.at("space").string();
    d.kind = kindFromName(v.at("kind").string(), v.at("kind").where());
    d.supply = enumFrom(v.at("supply"), {Supply::Battery, Supply::Mains, Supply::DataCentre});
    const auto c = v.at("conditions");
    c.onlyKeys({"batch", "threads", "runtime", "precision", "note"});
    d.conditions.batch = static_cast<int>(c.at("batch").integer(1, 1 << 20));
    d.conditions.threads = c.has("threads") ? static_cast<int>(c.at("threads").integer(0, 1 << 16)) : 0;
    d.conditions.runtime = c.stringOr("runtime", {});
    d.conditions.precision = c.stringOr("precision", {});
    d.conditions.note = c.stringOr("note", {});

    if (v.has("model")) {
        if (v.has("latencyMs") || v.has("error"))
            v.fail("a device with a model has neither latencyMs nor error", v.has("error") ? "error" : "latencyMs", "model, errors");
        d.model = blockModelFromJson(v.at("model"));
        if (d.model->batch != d.conditions.batch)
            v.at("model").at("batch").fail("not the batch of the conditions", fmt::format("{}", d.model->batch), fmt::format("{}", d.conditions.batch));
        if (!d.model->accepts(parts->space().id))
            v.at("model").fail("the model cannot say anything of the space", quote(parts->space().id), joinNames(d.model->spaces()));
        if (v.has("errors"))
            d.errors = errorRangesFromJson(v.at("errors"), *d.model);
        applyModel(d, parts);
    } else {
        if (d.spaceId != parts->space().id)
            v.at("space").fail("the device is for another space", quote(d.spaceId), quote(parts->space().id));
        readSums(d, v.at("latencyMs"), parts);
        if (v.has("error")) {
            const auto e = v.at("error");
            e.onlyKeys({"basis", "nets", "r2", "mapePercent", "kendallTau", "kendallTauInResolution", "within5Percent", "within10Percent", "biasPercent", "band90Percent"});
            d.error = errorFromJson(e);
        }
    }
    if (v.has("powerW"))
        d.powerW = estimatesFrom(v.at("powerW"), {"active", "awake"});
    if (v.has("workPj"))
        d.workPj = estimatesFrom(v.at("workPj"), {"pointwiseMac", "depthwiseMac", "denseMac", "byte"});
    if (v.has("warnings"))
        d.warnings = textsFromJson(v.at("warnings"));
    return d;
}

Json toJson(const Device& d)
{
    Json j{{"schema", kSchema}, {"id", d.id}, {"title", d.title}, {"source", d.source}, {"licence", d.licence}, {"space", d.spaceId},
        {"kind", name(d.kind)}, {"supply", name(d.supply)}};
    j["conditions"] = {{"batch", d.conditions.batch}, {"threads", d.conditions.threads}, {"runtime", d.conditions.runtime},
        {"precision", d.conditions.precision}, {"note", d.conditions.note}};
    if (d.model) {
        j["space"] = d.model->trained.front().space; // whatever space it is opened for
        j["model"] = toJson(*d.model);
        for (const auto& e : d.errors)
            j["errors"].push_back(toJson(e));
    } else {
        Json parts = Json::array(), sums = Json::array();
        for (const auto& p : d.sums.front().parts().list())
            parts.push_back(p.name);
        for (const auto& s : d.sums)
            sums.push_back(toJson(s));
        j["latencyMs"] = {{"form", name(d.form)}, {"resolutions", d.resolutions()}, {"parts", std::move(parts)}, {"sums", std::move(sums)}};
        if (d.error)
            j["error"] = toJson(*d.error);
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

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/runreport.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cmath>

namespace paretoscope {

void addUp(RunReport& r)
{
    if (!(r.pue.value >= 1))
        throw ValueError({"PUE", "must be at least 1", fmt::format("{}", r.pue.value), "1 (own computer) to 3"});
    if (!(r.intensityGPerKwh.value >= 0) || !std::isfinite(r.intensityGPerKwh.value))
        throw ValueError({"intensity", "must be a number of at least 0", fmt::format("{}", r.intensityGPerKwh.value), "g CO2e per kWh"});
    std::vector<Estimate> parts;
    for (const auto& c : r.components)
        if (c.component == Component::Box)
            parts = {c.energyKwh};
    if (parts.empty())
        for (const auto& c : r.components)
            parts.push_back(c.energyKwh);
    r.energyItKwh = meterSum(parts);
    r.energyKwh = meterProduct(r.energyItKwh, r.pue);
    r.co2eG = meterProduct(r.energyKwh, r.intensityGPerKwh);
}

namespace {

Json optionalText(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::vector<std::string> texts(const JsonView& view, const char* key)
{
    std::vector<std::string> list;
    if (view.has(key))
        for (const auto& e : view.at(key).elements(100'000))
            list.push_back(e.string());
    return list;
}

} // namespace

Json toJson(const RunReport& r)
{
    Json j{{"schema", kRunSchema}, {"project", r.project}, {"runId", r.runId}, {"command", optionalText(r.command)},
        {"begin", optionalText(r.begin)}, {"end", optionalText(r.end)}, {"durationS", r.durationS}, {"suspendedS", r.suspendedS},
        {"attribution", r.attribution}, {"components", Json::array()}, {"energyItKwh", toJson(r.energyItKwh)}, {"pue", toJson(r.pue)},
        {"energyKwh", toJson(r.energyKwh)}, {"intensityGPerKwh", toJson(r.intensityGPerKwh)}, {"co2eG", toJson(r.co2eG)},
        {"zone", optionalText(r.zone)}, {"zoneIso3", optionalText(r.zoneIso3)}, {"zoneYear", r.zoneYear ? Json(r.zoneYear) : Json(nullptr)},
        {"basis", optionalText(r.basis)}};
    for (const auto& c : r.components)
        j["components"].push_back({{"component", name(c.component)}, {"energyKwh", toJson(c.energyKwh)}, {"powerW", toJson(c.powerW)}, {"meter", c.meter}});
    j["hardware"] = {{"cpuModel", optionalText(r.cpuModel)}, {"cpuThreads", r.cpuThreads}, {"ramGb", r.ramGb}, {"gpus", r.gpus}, {"os", optionalText(r.os)}};
    j["phases"] = Json::array();
    for (const auto& p : r.phases)
        j["phases"].push_back({{"name", p.name}, {"durationS", p.durationS}, {"energyKwh", p.energyKwh}});
    j["epochKwh"] = r.epochKwh;
    j["epochS"] = r.epochS;
    j["epochsTotal"] = r.epochsTotal ? Json(r.epochsTotal) : Json(nullptr);
    j["forecast"] = nullptr;
    if (r.forecast)
        j["forecast"] = {{"epochsDone", r.forecast->epochsDone}, {"epochsTotal", r.forecast->epochsTotal},
            {"energyKwh", toJson(r.forecast->energyKwh)}, {"timeS", toJson(r.forecast->timeS)}};
    j["budgetCo2eG"] = r.budgetCo2eG ? Json(*r.budgetCo2eG) : Json(nullptr);
    j["budgetReached"] = r.budgetReached;
    j["exitCode"] = r.exitCode ? Json(*r.exitCode) : Json(nullptr);
    j["measured"] = r.measured;
    j["reasons"] = r.reasons;
    j["warnings"] = r.warnings;
    j["log"] = r.log;
    j["equivalents"] = Json::array();
    for (const auto& e : r.equivalents)
        j["equivalents"].push_back({{"text", e.text}, {"amount", toJson(e.amount)}});
    j["citations"] = r.citations;
    return j;
}

RunReport runReportFromJson(const JsonView& v)
{
    if (v.at("schema").string() != kRunSchema)
        v.at("schema").fail("not a run of this program", quote(v.at("schema").string()), kRunSchema);
    constexpr double kMost = 1e15;
    RunReport r;
    r.project = v.at("project").string();
    r.runId = v.stringOr("runId", {});
    r.command = v.stringOr("command", {});
    r.begin = v.stringOr("begin", {});
    r.end = v.stringOr("end", {});
    r.durationS = v.at("durationS").number(0, kMost);
    r.suspendedS = v.numberOr("suspendedS", 0, 0, kMost);
    r.attribution = v.stringOr("attribution", "machine");
    for (const auto& c : v.at("components").elements(64))
        r.components.push_back({componentFromName(c.at("component").string(), c.where()), estimateFromJson(c.at("energyKwh")),
            estimateFromJson(c.at("powerW")), c.stringOr("meter", {})});
    r.energyItKwh = estimateFromJson(v.at("energyItKwh"));
    r.pue = estimateFromJson(v.at("pue"));
    r.energyKwh = estimateFromJson(v.at("energyKwh"));
    r.intensityGPerKwh = estimateFromJson(v.at("intensityGPerKwh"));
    r.co2eG = estimateFromJson(v.at("co2eG"));
    r.zone = v.stringOr("zone", {});
    r.zoneIso3 = v.stringOr("zoneIso3", {});
    r.zoneYear = v.has("zoneYear") ? static_cast<int>(v.at("zoneYear").integer(0, 9999)) : 0;
    r.basis = v.stringOr("basis", {});
    if (v.has("hardware")) {
        const auto h = v.at("hardware");
        r.cpuModel = h.stringOr("cpuModel", {});
        r.os = h.stringOr("os", {});
        r.cpuThreads = h.has("cpuThreads") ? static_cast<int>(h.at("cpuThreads").integer(0, 1 << 20)) : 0;
        r.ramGb = h.numberOr("ramGb", 0, 0, 1e9);
        r.gpus = texts(h, "gpus");
    }
    if (v.has("phases"))
        for (const auto& p : v.at("phases").elements(100'000))
            r.phases.push_back({p.at("name").string(), p.at("durationS").number(0, kMost), p.at("energyKwh").number(0, kMost)});
    if (v.has("epochKwh"))
        r.epochKwh = v.at("epochKwh").numbers(0);
    if (v.has("epochS"))
        r.epochS = v.at("epochS").numbers(0);
    if (v.has("epochsTotal"))
        r.epochsTotal = static_cast<int>(v.at("epochsTotal").integer(0, 10'000'000));
    if (v.has("forecast")) {
        const auto f = v.at("forecast");
        r.forecast = Forecast{static_cast<int>(f.at("epochsDone").integer(0, 10'000'000)), static_cast<int>(f.at("epochsTotal").integer(0, 10'000'000)),
            estimateFromJson(f.at("energyKwh")), estimateFromJson(f.at("timeS"))};
    }
    if (v.has("budgetCo2eG"))
        r.budgetCo2eG = v.at("budgetCo2eG").number(0, kMost);
    r.budgetReached = v.booleanOr("budgetReached", false);
    if (v.has("exitCode"))
        r.exitCode = static_cast<int>(v.at("exitCode").integer(0, 255));
    r.measured = texts(v, "measured");
    r.reasons = texts(v, "reasons");
    r.warnings = texts(v, "warnings");
    r.log = texts(v, "log");
    if (v.has("equivalents"))
        for (const auto& e : v.at("equivalents").elements(1000))
            r.equivalents.push_back({e.at("text").string(), estimateFromJson(e.at("amount"))});
    r.citations = texts(v, "citations");
    return r;
}

} // namespace paretoscope

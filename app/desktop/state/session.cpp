// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/session.h"

#include "base/file.h"
#include "space/subnetjson.h"

#include <fmt/format.h>

#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr int kSchema = 1;
constexpr const char* kKind = "paretoscope session";
constexpr std::size_t kMostPoints = 1'000'000;

Json limitsJson(const std::vector<MetricLimit>& limits)
{
    Json list = Json::array();
    for (const auto& l : limits)
        list.push_back({{"metric", name(l.metric)}, {"on", l.on}, {"value", l.value}});
    return list;
}

Json carbonJson(const CarbonAssumptions& c)
{
    return {{"grid", c.grid}, {"pue", c.pue}, {"chargingEfficiency", c.chargingEfficiency}, {"inferencesPerDay", c.inferencesPerDay}, {"devices", c.devices}, {"lifeYears", c.lifeYears}, {"embodiedKg", c.embodiedKg}, {"targets", c.targets}};
}

CarbonAssumptions carbonFromJson(const JsonView& v)
{
    v.onlyKeys({"grid", "pue", "chargingEfficiency", "inferencesPerDay", "devices", "lifeYears", "embodiedKg", "targets"});
    CarbonAssumptions c;
    c.grid = v.at("grid").string();
    c.pue = v.at("pue").number(1, 10);
    c.chargingEfficiency = v.at("chargingEfficiency").number(0.01, 1);
    c.inferencesPerDay = v.at("inferencesPerDay").number(0, 1e15);
    c.devices = v.at("devices").number(0, 1e12);
    c.lifeYears = v.at("lifeYears").number(0, 1000);
    c.embodiedKg = v.at("embodiedKg").number(0, 1e9);
    c.targets = v.at("targets").number(1, 1e9);
    return c;
}

Metric metricAt(const JsonView& v) { return metricFromName(v.string(), v.where()); }

Subnet subnetAt(const JsonView& v, const SearchSpace& space) { return subnetFromGenotype(space, genotypeFromJson(v), v.where(), ResolutionRule::Any); }

Json questionJson(const Question& q, const SearchSpace& space)
{
    Json brushes = Json::array(), pins = Json::array();
    for (const auto& b : q.brushes)
        brushes.push_back({{"column", b.column}, {"low", b.low}, {"high", b.high}});
    for (const auto& p : q.pins)
        pins.push_back({{"letter", std::string(1, p.letter)}, {"subnet", toJson(space, p.subnet)}});
    return {{"devices", q.devices}, {"limits", limitsJson(q.limits)}, {"carbon", carbonJson(q.carbon)},
        {"axes", {{"x", name(q.axes.x)}, {"y", name(q.axes.y)}, {"colour", q.axes.colour ? Json(name(*q.axes.colour)) : Json(nullptr)}, {"logX", q.axes.logX}}},
        {"filter", q.filter}, {"brushes", std::move(brushes)}, {"pins", std::move(pins)}, {"showInfeasible", q.showInfeasible}, {"showDominated", q.showDominated}};
}

Question questionFromJson(const JsonView& v, const SearchSpace& space)
{
    v.onlyKeys({"devices", "limits", "carbon", "axes", "filter", "brushes", "pins", "showInfeasible", "showDominated"});
    Question q;
    for (const auto& d : v.at("devices").elements(100))
        q.devices.push_back(d.string());
    for (const auto& l : v.at("limits").elements(100)) {
        l.onlyKeys({"metric", "on", "value"});
        const auto metric = metricAt(l.at("metric"));
        if (std::as_const(q).limit(metric))
            l.at("metric").fail("this metric is limited twice", quote(std::string(name(metric))), "once");
        q.limits.push_back({metric, l.at("on").boolean(), l.at("value").number()});
    }
    q.carbon = carbonFromJson(v.at("carbon"));
    const auto axes = v.at("axes");
    axes.onlyKeys({"x", "y", "colour", "logX"});
    q.axes.x = metricAt(axes.at("x"));
    q.axes.y = metricAt(axes.at("y"));
    if (axes.has("colour"))
        q.axes.colour = metricAt(axes.at("colour"));
    q.axes.logX = axes.at("logX").boolean();
    q.filter = v.at("filter").string();
    for (const auto& b : v.at("brushes").elements(100)) {
        b.onlyKeys({"column", "low", "high"});
        q.brushes.push_back({b.at("column").string(), b.at("low").number(), b.at("high").number()});
    }
    for (const auto& p : v.at("pins").elements(26)) {
        p.onlyKeys({"letter", "subnet"});
        const auto letter = p.at("letter").string();
        if (letter.size() != 1 || letter[0] < 'A' || letter[0] > 'Z')
            p.at("letter").fail("not the letter of a pin", quote(letter), "A to Z");
        q.pins.push_back({subnetAt(p.at("subnet"), space), letter[0]});
    }
    q.showInfeasible = v.at("showInfeasible").boolean();
    q.showDominated = v.at("showDominated").boolean();
    return q;
}

} // namespace

Json toJson(const Session& s, const SearchSpace& space)
{
    Json front = Json::array();
    for (const auto& subnet : s.front)
        front.push_back(toJson(space, subnet));
    return {{"kind", kKind}, {"schema", kSchema}, {"bundle", s.bundle}, {"bundleId", s.bundleId}, {"space", s.spaceId}, {"question", questionJson(s.question, space)}, {"algorithm", s.algorithm}, {"front", std::move(front)}};
}

Session sessionHead(const JsonView& v)
{
    if (!v.json().is_object() || !v.has("kind") || v.json()["kind"] != kKind)
        v.fail("this is no session of Paretoscope", {}, "a file that “Save session” wrote");
    if (const auto& schema = v.at("schema").json(); schema != kSchema)
        v.at("schema").fail("the session is of another version of the program", schema.dump(), fmt::format("{}", kSchema));
    v.onlyKeys({"kind", "schema", "bundle", "bundleId", "space", "question", "algorithm", "front"});
    Session s;
    s.bundle = v.at("bundle").string();
    s.bundleId = v.at("bundleId").string();
    s.spaceId = v.at("space").string();
    s.algorithm = v.at("algorithm").string();
    return s;
}

Session sessionFromJson(const JsonView& v, const SearchSpace& space)
{
    auto s = sessionHead(v);
    if (s.spaceId != space.id)
        v.at("space").fail("the session belongs to a bundle of another space", quote(s.spaceId), quote(space.id));
    s.question = questionFromJson(v.at("question"), space);
    for (const auto& subnet : v.at("front").elements(kMostPoints))
        s.front.push_back(subnetAt(subnet, space));
    return s;
}

void saveSession(const std::filesystem::path& path, const Session& session, const SearchSpace& space)
{
    writeFileAtomically(path, std::string_view(printJson(toJson(session, space))));
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "searchreport.h"

#include "search/groups.h"
#include "search/picks.h"
#include "space/subnetjson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace paretoscope::cli {

namespace {

std::string quantityName(const SearchWorld& world, const SearchQuantity& q)
{
    const std::string n(name(q.metric));
    if (!dependsOnDevice(q.metric) || world.targets.size() < 2)
        return n;
    return q.device == SearchQuantity::kMeanOfDevices ? "mean " + n : n + ":" + world.problem.devices()[static_cast<std::size_t>(q.device)].id;
}

Json pointJson(const SearchWorld& world, const Subnet& s)
{
    Json j{{"subnet", toJson(world.bundle.space(), s)}};
    if (world.targets.size() < 2) {
        j["figures"] = figuresOf(world.bundle, world.targets.front(), world.use, s);
        return j;
    }
    j["devices"] = Json::array();
    for (const auto& target : world.targets)
        j["devices"].push_back({{"device", target.device->id}, {"figures", figuresOf(world.bundle, target, world.use, s)}});
    return j;
}

/// Every reason to doubt a number of the front, once.
Json warningsJson(const SearchWorld& world, const Points& front)
{
    std::vector<std::string> list;
    std::set<std::string> known;
    for (const auto& s : front.subnets)
        for (const auto& target : world.targets)
            for (auto& w : warningsOf(world.bundle, target, s))
                if (known.insert(w).second)
                    list.push_back(std::move(w));
    return list;
}

/// What the predictor's interval cannot tell apart, by front point; nothing without an interval.
Json groupsJson(const SearchWorld& world, const SearchResult& result)
{
    const auto* predictor = world.bundle.predictor();
    const auto top1 = std::find(result.quantities.begin(), result.quantities.begin() + static_cast<std::ptrdiff_t>(result.objectives), SearchQuantity{Metric::Top1Percent});
    if (!predictor || !predictor->bands || result.front.size() < 2 || static_cast<std::size_t>(top1 - result.quantities.begin()) == result.objectives)
        return nullptr;
    const auto accuracy = static_cast<std::size_t>(top1 - result.quantities.begin());
    const std::size_t cost = accuracy == 0 && result.quantities.size() > 1 ? 1 : 0;
    std::vector<double> costs, percents, widths;
    for (std::size_t i = 0; i < result.front.size(); ++i) {
        const auto width = predictor->bands->halfWidthPercent(result.front.subnets[i].resolution);
        if (!width)
            return nullptr;
        costs.push_back(result.front.at(i, cost));
        percents.push_back(result.front.at(i, accuracy));
        widths.push_back(*width);
    }
    const auto groups = groupByAccuracy(costs, percents, widths);
    Json list = Json::array();
    for (const auto& g : groups.groups)
        list.push_back({{"leader", g.leader}, {"cheapest", g.cheapest}, {"size", g.members.size()}});
    return list;
}

Json proofJson(const std::optional<Proof>& proof)
{
    if (!proof)
        return nullptr;
    return {{"exact", proof->exact}, {"epsilon", proof->epsilon}, {"subnetsCovered", proof->subnetsCovered}, {"text", proof->text}};
}

constexpr std::size_t kBetweenShares = 256; // points

template <typename Body>
void forPoints(const SearchResult& result, const OnWritten& onWritten, Body body)
{
    const auto n = result.front.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kBetweenShares == 0 && !onWritten(static_cast<double>(i) / static_cast<double>(n)))
            throw Cancelled();
        body(i);
    }
}

std::string figureText(const Json& figure, double scale, const char* format)
{
    if (figure["value"].is_null())
        return "–";
    return fmt::format(fmt::runtime(format), scale * figure["value"].get<double>());
}

std::string bandText(const Json& figure)
{
    if (figure["value"].is_null())
        return "–";
    if (figure["low"].is_null())
        return fmt::format("{:.2f}", figure["value"].get<double>());
    return fmt::format("{:.2f} ± {:.2f}", figure["value"].get<double>(), (figure["high"].get<double>() - figure["low"].get<double>()) / 2);
}

/// "7353", and "0.2 0.35 0.25" where a choice takes more than a digit.
std::string digits(const Json& list)
{
    std::vector<std::string> all;
    for (const auto& v : list)
        all.push_back(v.dump());
    const bool single = std::all_of(all.begin(), all.end(), [](const std::string& s) { return s.size() == 1; });
    return fmt::format("{}", fmt::join(all, single ? "" : " "));
}

} // namespace

std::optional<std::size_t> kneeOfFront(const SearchWorld& world, const SearchResult& result)
{
    if (result.objectives < 2 || result.front.size() < 3)
        return std::nullopt;
    SearchRequest q;
    q.objectives.assign(result.quantities.begin(), result.quantities.begin() + static_cast<std::ptrdiff_t>(result.objectives));
    const auto task = prepare(world.problem, q);
    std::vector<double> values;
    for (std::size_t i = 0; i < result.front.size(); ++i)
        for (std::size_t c = 0; c < result.objectives; ++c)
            values.push_back(task.dimensions[c].maximised ? -result.front.at(i, c) : result.front.at(i, c));
    const auto knee = kneeOf(values, result.objectives);
    return knee ? std::optional(knee->row) : std::nullopt;
}

Json searchSummary(const SearchWorld& world, const SearchResult& result)
{
    Json j;
    j["algorithm"] = name(result.algorithm);
    j["predictor"] = world.bundle.predictor() ? Json(world.bundle.predictor()->describe()) : Json(nullptr);
    j["proof"] = proofJson(result.proof);
    j["evaluations"] = result.evaluations;
    j["wallTimeMs"] = result.wallTimeMs;
    j["interrupted"] = result.interrupted;
    j["objectives"] = Json::array();
    for (std::size_t i = 0; i < result.objectives; ++i)
        j["objectives"].push_back(quantityName(world, result.quantities[i]));
    if (result.objectives > 1) {
        j["hypervolume"] = result.hypervolume;
        j["reference"] = Json::object();
        for (std::size_t i = 0; i < result.objectives; ++i)
            j["reference"][quantityName(world, result.quantities[i])] = result.reference[i];
        j["groups"] = groupsJson(world, result);
        const auto knee = kneeOfFront(world, result);
        j["knee"] = knee ? Json(*knee) : Json(nullptr);
    }
    j["gPerKwh"] = toJson(world.use.gPerKwh);
    j["notes"] = result.notes;
    j["warnings"] = warningsJson(world, result.front);
    return j;
}

std::string searchJson(const SearchWorld& world, const SearchResult& result, const Json& summary, const OnWritten& onWritten)
{
    const bool one = result.objectives == 1;
    std::string text = one ? "{\n  \"best\": " : "{\n  \"front\": [";
    forPoints(result, onWritten, [&](std::size_t i) {
        if (!one)
            text += i == 0 ? "\n    " : ",\n    ";
        text += pointJson(world, result.front.subnets[i]).dump();
    });
    return text + (one ? ",\n" : "\n  ],\n") + printJson(summary).substr(2); // behind its opening brace
}

Json infeasibleJson(const SearchWorld& world, const SearchResult& result)
{
    const auto& why = *result.infeasible;
    Json j{{"nearest", why.nearest ? pointJson(world, *why.nearest) : Json(nullptr)}, {"relax", Json::array()}, {"exact", why.exact}};
    for (const auto& r : why.relaxations)
        j["relax"].push_back({{"quantity", quantityName(world, r.quantity)}, {"limit", r.limit}, {"needed", r.needed}});
    return j;
}

std::string infeasibleText(const SearchWorld& world, const SearchResult& result)
{
    const auto& why = *result.infeasible;
    std::string text = "no subnet satisfies the limits";
    if (why.relaxations.empty())
        text += why.nearest ? "; no change of one limit alone is enough" : "";
    for (const auto& r : why.relaxations)
        text += fmt::format("{} {} of {:.6g} instead of {:.6g} would do", r == why.relaxations.front() ? ":" : ", or", quantityName(world, r.quantity), r.needed, r.limit);
    if (why.nearest)
        text += fmt::format(" (nearest: {})", toJson(world.bundle.space(), *why.nearest).dump());
    return text;
}

std::string searchText(const SearchWorld& world, const SearchResult& result, int rows)
{
    const auto n = result.front.size();
    const auto shownRows = rows == 0 ? n : std::min<std::size_t>(n, static_cast<std::size_t>(rows));
    std::string text = fmt::format("{:>14} {:>12} {:>10} {:>11} {:>8} {:>8}  {:>3} {}\n", "top-1 %", "latency ms", "energy mJ", "g CO2e/M", "M MACs", "M params", "r", "d  ks / e");
    const auto knee = kneeOfFront(world, result);
    std::set<std::size_t> chosen;
    for (std::size_t i = 0; i < shownRows; ++i)
        chosen.insert(shownRows == 1 ? 0 : i * (n - 1) / (shownRows - 1));
    if (knee)
        chosen.insert(*knee);
    for (const auto i : chosen) {
        const auto& s = result.front.subnets[i];
        const auto subnet = toJson(world.bundle.space(), s);
        for (std::size_t t = 0; t < world.targets.size(); ++t) {
            const auto f = figuresOf(world.bundle, world.targets[t], world.use, s);
            text += fmt::format("{:>14} {:>12} {:>10} {:>11} {:>8.1f} {:>8.3f}  {:>3} {}{}{}\n", bandText(f["top1Percent"]), figureText(f["latencyMs"], 1, "{:.3f}"),
                figureText(f["energyJ"], 1e3, "{:.3f}"), figureText(f["co2eGPerMillion"], 1, "{:.3g}"), f["macs"].get<double>() / 1e6, f["params"].get<double>() / 1e6, s.resolution,
                subnet.contains("ks") ? fmt::format("{}  {} / {}", digits(subnet["d"]), digits(subnet["ks"]), digits(subnet["e"])) : subnet.dump(),
                world.targets.size() > 1 ? "  on " + world.targets[t].device->id : "", knee == i && t == 0 ? "  <- knee" : "");
        }
    }
    if (chosen.size() < n)
        text += fmt::format("… {} of {} points; --rows 0 shows all, --out writes them\n", chosen.size(), n);
    text += fmt::format("{}: {} point{}, {:.4g} ms, {} evaluations", name(result.algorithm), n, n == 1 ? "" : "s", result.wallTimeMs, result.evaluations);
    if (result.objectives > 1) {
        text += fmt::format("; hypervolume {:.6g} against", result.hypervolume);
        for (std::size_t i = 0; i < result.objectives; ++i)
            text += fmt::format("{} {} {:.6g}", i == 0 ? "" : ",", quantityName(world, result.quantities[i]), result.reference[i]);
    }
    text += "\n";
    if (result.proof)
        text += "proof: " + result.proof->text + "\n";
    if (const auto* p = world.bundle.predictor())
        text += "accuracy: " + p->describe() + (p->bands ? fmt::format("; ± is the {:g} % interval\n", 100 * p->bands->level) : "; no error is known\n");
    for (const auto& note : result.notes)
        text += "note: " + note + "\n";
    for (const auto& w : warningsJson(world, result.front))
        text += "warning: " + w.get<std::string>() + "\n";
    return text;
}

std::string searchCsv(const SearchWorld& world, const SearchResult& result, const OnWritten& onWritten)
{
    static constexpr const char* kEstimates[][2] = {{"top1Percent", "top1_percent"}, {"latencyMs", "latency_ms"}, {"energyJ", "energy_j"}, {"co2eGPerMillion", "co2e_g_per_million"}};
    static constexpr const char* kCounts[][2] = {{"macs", "macs"}, {"params", "params"}, {"weightBytes", "weight_bytes"}, {"peakActivationBytes", "peak_activation_bytes"}};
    const bool several = world.targets.size() > 1;
    std::string text;
    const auto first = toJson(world.bundle.space(), result.front.subnets.front());
    for (const auto& [key, list] : first.items())
        text += (text.empty() ? "" : ",") + key;
    text += several ? ",device" : "";
    for (const auto& e : kEstimates)
        text += fmt::format(",{0},{0}_low,{0}_high", e[1]);
    for (const auto& c : kCounts)
        text += fmt::format(",{}", c[1]);
    text += "\n";
    forPoints(result, onWritten, [&](std::size_t i) {
        std::string genes;
        const auto subnet = toJson(world.bundle.space(), result.front.subnets[i]);
        for (const auto& [key, list] : subnet.items())
            genes += (genes.empty() ? "" : ",") + (key == "r" ? list[0].dump() : digits(list));
        for (const auto& target : world.targets) {
            const auto f = figuresOf(world.bundle, target, world.use, result.front.subnets[i]);
            text += genes + (several ? "," + target.device->id : "");
            for (const auto& e : kEstimates)
                for (const char* side : {"value", "low", "high"})
                    text += "," + (f[e[0]][side].is_null() ? std::string() : f[e[0]][side].dump());
            for (const auto& c : kCounts)
                text += "," + f[c[0]].dump();
            text += "\n";
        }
    });
    return text;
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Power of a processor by its load.
#include "carbon/trainingparts.h"

#include "carbon/factband.h"
#include "carbon/formularequest.h"
#include "carbon/hardware.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kAny = -std::numeric_limits<double>::max();

const RequestFields kCpuFields{
    {"load_pct", FieldType::Numbers, "load, percent: one or a list", 0, 100},
    {"load", FieldType::Numbers, "the same", 0, 100},
    {"tdp", FieldType::Number, "thermal design power, W", 0, 10000, true},
    {"tdp_w", FieldType::Number, "the same", 0, 10000, true},
    {"cpu", FieldType::Text, "a CPU of the hardware table instead of tdp"},
    {"points", FieldType::Object, "load in percent to share of the TDP, joined by straight lines"},
    {"a", FieldType::Number, "curve a ln(b (load + c)) + d, load in percent (Boavizta)", kAny},
    {"b", FieldType::Number, "of the curve", 0, std::numeric_limits<double>::max(), true},
    {"c", FieldType::Number, "of the curve", 0, std::numeric_limits<double>::max(), true},
    {"d", FieldType::Number, "of the curve", kAny},
};

std::vector<std::pair<double, double>> pointsOf(const FormulaRequest& r)
{
    std::vector<std::pair<double, double>> points;
    for (const auto& [key, value] : r.view().at("points").items()) {
        double load = 0;
        const auto [stop, error] = std::from_chars(key.data(), key.data() + key.size(), load);
        if (error != std::errc() || stop != key.data() + key.size() || !(load >= 0 && load <= 100))
            value.fail("not a load", quote(key), "percent from 0 to 100");
        points.emplace_back(load, r.other(value, 0, 10));
    }
    if (points.empty())
        r.view().at("points").fail("there are no points");
    std::sort(points.begin(), points.end());
    return points;
}

double between(const JsonView& where, const std::vector<std::pair<double, double>>& points, double load)
{
    if (load < points.front().first || load > points.back().first)
        throw ValueError({where.where(), "the load lies outside the points", fmt::format("{:g}", load),
            fmt::format("{:g} to {:g}", points.front().first, points.back().first)});
    const auto above =
        std::lower_bound(points.begin(), points.end(), load, [](const auto& p, double l) { return p.first < l; });
    if (above->first == load)
        return above->second;
    const auto below = above - 1;
    return below->second + (above->second - below->second) * (load - below->first) / (above->first - below->first);
}

Json estimates(const std::vector<double>& watts, double factor, const std::string& source)
{
    Json list = Json::array();
    for (const double w : watts)
        list.push_back(toJson(banded(w, factor, Kind::Model, source)));
    return list;
}

Json runCpuPower(const JsonView& view)
{
    const FormulaRequest r(view, kCpuFields);
    if (r.has("load") == r.has("load_pct"))
        view.fail(r.has("load") ? "both load and load_pct are given" : "the key \"load_pct\" is missing", {},
            "load or load_pct, in percent");
    const auto loads = r.numbers(r.has("load") ? "load" : "load_pct");
    Json j{{"load_pct", loads}, {"estimates", Json::object()}};
    bool done = false;
    if (r.hasAny({"a", "b", "c", "d"})) {
        const double a = r.number("a"), b = r.number("b"), c = r.number("c"), d = r.number("d");
        std::vector<double> watts;
        for (const double load : loads)
            watts.push_back(a * std::log(b * (load + c)) + d);
        if (std::any_of(watts.begin(), watts.end(), [](double w) { return w < 0; }))
            throw ValueError({view.where(), "the curve gives a negative power", {}, "0 W or more at every load"});
        j["w"] = watts;
        j["estimates"]["w"] = estimates(watts, 1, "a ln(b (load + c)) + d, as in the Boavizta API");
        done = true;
    }
    double tdp = 0;
    if (r.has("tdp") || r.has("tdp_w"))
        tdp = r.number(r.has("tdp") ? "tdp" : "tdp_w");
    else if (r.has("cpu"))
        tdp = hardwareFact(r.text("cpu"), "cpu").power;
    if (r.has("points")) {
        if (tdp == 0)
            r.missing("tdp or cpu, which the points are shares of");
        const auto points = pointsOf(r);
        std::vector<double> watts;
        for (const double load : loads)
            watts.push_back(tdp * between(view, points, load));
        j["teads_w"] = watts;
        j["estimates"]["teads_w"] = estimates(
            watts, bandfactor::kPowerActive, "shares of the TDP joined by straight lines (Teads, as used by Boavizta)");
    }
    if (tdp > 0) {
        std::vector<double> watts;
        for (const double load : loads)
            watts.push_back(tdp * (0.1 + 0.9 * load / 100));
        j["tdp_w"] = tdp;
        j["engine_linear_w"] = watts;
        j["estimates"]["engine_linear_w"] = estimates(
            watts, bandfactor::kPowerActive, "TDP x (0.1 + 0.9 load): P5-P95 0.50 to 1.92 of 106 RAPL points");
        done = true;
    }
    if (!done)
        r.missing("tdp or cpu; or a, b, c and d");
    return j;
}

} // namespace

Formula cpuPowerFormula()
{
    return {"cpu-power",
        "Power of a CPU by load: TDP x (0.1 + 0.9 load); shares of the TDP (Teads); a ln(b (load + c)) + d (Boavizta)",
        schemaOf("cpu-power", kCpuFields), {{"tdp", 100}, {"load", {0, 50, 100}}}, runCpuPower};
}

} // namespace paretoscope

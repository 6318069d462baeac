// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/trainingparts.h"

#include "carbon/designcost.h"
#include "carbon/facts.h"
#include "carbon/formularequest.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

const RequestFields kRateFields{
    {"bert_w", FieldType::Number,
        "power of the node that stands for all, W; 12041.51 (BERT, 64 V100, Strubell et al. 2019)", 0, 1e9, true},
    {"gpus", FieldType::Number, "GPUs of that node, 64", 0, 1e7, true},
    {"pue", FieldType::Number, "power usage effectiveness, 1.58", 1, 10},
    {"lb_per_kwh", FieldType::Number, "intensity, lb CO2e per kWh, 0.954 (EPA 2018, United States)", 0, 11},
    {"g_per_kwh", FieldType::Number, "the same in gram", 0, 5000},
    {"usd_per_gpuh", FieldType::Number, "price of a GPU-hour, 3.06 (p3.16xlarge on demand)", 0, 1e6},
};

RequestFields withRates(RequestFields fields)
{
    fields.insert(fields.end(), kRateFields.begin(), kRateFields.end());
    return fields;
}

const RequestFields& designFields()
{
    static const auto fields = withRates({
        {"const_gpuh", FieldType::Number, "GPU-hours that are spent once", 0, 1e12},
        {"search_per_n", FieldType::Number, "GPU-hours of search for each target", 0, 1e12},
        {"train_per_n", FieldType::Number, "GPU-hours of training or fine-tuning for each target", 0, 1e12},
        {"n", FieldType::Numbers, "number of deployment targets; a list gives curves", 0, 1e9},
        {"method", FieldType::Text, "a row of Table 1, such as ProxylessNAS, FBNet-C, OFA; several joined by \"and\""},
    });
    return fields;
}

DesignRates ratesOf(const FormulaRequest& r)
{
    DesignRates rates;
    rates.nodeW = r.numberOr("bert_w", rates.nodeW);
    rates.gpus = r.numberOr("gpus", rates.gpus);
    rates.pue = r.numberOr("pue", rates.pue);
    if (r.has("lb_per_kwh") && r.has("g_per_kwh"))
        r.view().fail("both lb_per_kwh and g_per_kwh are given", {}, "one of them");
    rates.lbPerKwh =
        r.has("g_per_kwh") ? r.number("g_per_kwh") / 1000 / kKgPerLb : r.numberOr("lb_per_kwh", rates.lbPerKwh);
    rates.usdPerGpuHour = r.numberOr("usd_per_gpuh", rates.usdPerGpuHour);
    return rates;
}

std::string sourceOf(const DesignRates& rates)
{
    return fmt::format("{:g} W per GPU, PUE {:g}, {:g} lb/kWh (Cai et al. 2020 with Strubell et al. 2019): a scenario "
                       "of the authors, the same watts for every method",
        rates.wPerGpu(), rates.pue, rates.lbPerKwh);
}

void putRates(const DesignRates& rates, Json& j)
{
    j["w_per_gpu"] = rates.wPerGpu();
    j["kwh_per_gpuh"] = rates.kwhPerGpuHour();
    j["lb_per_gpuh"] = rates.lbPerGpuHour();
    j["kg_per_gpuh"] = rates.kgPerGpuHour();
    j["usd_per_gpuh"] = rates.usdPerGpuHour;
}

// "OFA with PS and #75" is OFA and OFA #75: a fine-tuning alone belongs to OFA.
std::vector<const DesignMethod*> methodsOf(const FormulaRequest& r)
{
    std::vector<const DesignMethod*> methods;
    if (!r.has("method"))
        return methods;
    auto text = r.text("method") + " and ";
    for (auto at = text.find(" and "); at != std::string::npos; at = text.find(" and ")) {
        auto one = text.substr(0, at);
        text.erase(0, at + 5);
        const auto key = folded(one);
        const bool ofa = key.starts_with("ofa") || key == "25" || key == "75";
        if (ofa)
            one = key.ends_with("25") ? "ofa25" : key.ends_with("75") ? "ofa75" : "ofa";
        try {
            methods.push_back(&designMethod(one));
        } catch (const ValueError& e) {
            auto parts = e.parts();
            parts.where = r.view().where() + ": method";
            throw ValueError(parts);
        }
    }
    return methods;
}

std::string plain(double n) { return fmt::format("{}", plainNumber(n).dump()); }

void putCurves(const FormulaRequest& r, const DesignRates& rates, Json& j)
{
    std::vector<std::pair<std::string, DesignHours>> curves{
        {"ofa", designMethod("ofa").hours}, {"ofa75", designMethod("ofa75").hours}};
    for (const auto* m : methodsOf(r))
        if (m->key != "ofa" && m->key != "ofa75")
            curves.emplace_back(m->key, m->hours);
    if (r.hasAny({"const_gpuh", "search_per_n", "train_per_n"}))
        curves.emplace_back("custom",
            DesignHours{r.numberOr("const_gpuh", 0), r.numberOr("search_per_n", 0), r.numberOr("train_per_n", 0)});
    for (const double n : r.numbers("n")) {
        Json point = Json::object();
        for (const auto& [key, hours] : curves) {
            const double gpuh = hours.total(n);
            point[key + "_gpuh"] = gpuh;
            const auto perDevice = [&](double rate) { return n > 0 ? Json(gpuh * rate / n) : Json(nullptr); };
            point[key + "_lb_per_device"] = perDevice(rates.lbPerGpuHour());
            point[key + "_kg_per_device"] = perDevice(rates.kgPerGpuHour());
        }
        j[plain(n)] = std::move(point);
    }
    j["limits_kg_per_device"] = Json::object(); // for ever more targets
    for (const auto& [key, hours] : curves)
        j["limits_kg_per_device"][key] = (hours.search + hours.train) * rates.kgPerGpuHour();
}

Json runDesignCost(const JsonView& view)
{
    const FormulaRequest r(view, designFields());
    const auto rates = ratesOf(r);
    Json j = Json::object();
    putRates(rates, j);
    if (r.has("n") && view.at("n").json().is_array()) {
        putCurves(r, rates, j);
        return j;
    }
    const bool costs = r.hasAny({"const_gpuh", "search_per_n", "train_per_n"});
    const auto methods = methodsOf(r);
    if (costs && !methods.empty())
        view.fail("both a method and GPU-hours are given", {}, "one of them");
    if (methods.size() > 1)
        view.at("method").fail("several methods need a list of n", {}, "one method, or n as a list");
    if ((costs || !methods.empty()) && !r.has("n"))
        r.missing("n, the number of deployment targets");
    if (!r.has("n"))
        return j;
    const double n = r.number("n");
    j["n"] = n;
    if (costs || !methods.empty()) {
        const auto hours = costs
            ? DesignHours{r.numberOr("const_gpuh", 0), r.numberOr("search_per_n", 0), r.numberOr("train_per_n", 0)}
            : methods.front()->hours;
        const double gpuh = hours.total(n);
        j["gpuh"] = gpuh;
        j["kwh"] = gpuh * rates.kwhPerGpuHour();
        j["lb"] = gpuh * rates.lbPerGpuHour();
        j["kg"] = gpuh * rates.kgPerGpuHour();
        j["usd"] = gpuh * rates.usdPerGpuHour;
        j["kg_per_target"] = n > 0 ? Json(gpuh * rates.kgPerGpuHour() / n) : Json(nullptr);
        j["estimates"] = {
            {"kg", toJson(Estimate{gpuh * rates.kgPerGpuHour(), {}, {}, Kind::Citation, sourceOf(rates)})}};
    }
    const double ofa = designMethod("ofa").hours.total(n);
    Json ratios = Json::object();
    for (const auto& m : designMethods())
        ratios[m.key] = m.hours.total(n) / ofa;
    for (const char* key : {"proxyless", "fbnet", "mnasnet"})
        j[key] = ratios[key];
    j["ratios_to_ofa"] = std::move(ratios);
    return j;
}

const RequestFields& breakEvenFields()
{
    static const auto fields = withRates({
        {"const_gpuh", FieldType::Number, "GPU-hours that once-for-all spends once, 1240", 0, 1e12},
        {"c0", FieldType::Number, "the same, as the formula calls it", 0, 1e12},
        {"search_per_n", FieldType::Number, "its GPU-hours of search for each target, 0", 0, 1e12},
        {"q", FieldType::Number, "the same", 0, 1e12},
        {"train_per_n", FieldType::Number, "its GPU-hours of fine-tuning for each target, 0", 0, 1e12},
        {"f", FieldType::Number, "the same", 0, 1e12},
        {"alternative_per_n", FieldType::Any,
            "GPU-hours of the alternative for each target: a number, or an object of names and numbers", 0, 1e12},
        {"a", FieldType::Number, "the same number", 0, 1e12},
        {"alternative_const", FieldType::Number, "GPU-hours that the alternative spends once, 0", 0, 1e12},
        {"method", FieldType::Text, "a row of Table 1 as the alternative; all of them where nothing is given"},
        {"n", FieldType::Number, "number of targets at hand: says which is cheaper there", 0, 1e9},
    });
    return fields;
}

double either(const FormulaRequest& r, const char* key, const char* shorter, double fallback)
{
    if (r.has(key) && r.has(shorter))
        r.view().fail(fmt::format("both {} and {} are given", key, shorter), {}, "one of them");
    return r.has(key) ? r.number(key) : r.numberOr(shorter, fallback);
}

Json runBreakEven(const JsonView& view)
{
    const FormulaRequest r(view, breakEvenFields(), true);
    const auto rates = ratesOf(r);
    const auto& paper = designMethod("ofa").hours;
    const DesignHours ofa{either(r, "const_gpuh", "c0", paper.constant), either(r, "search_per_n", "q", 0),
        either(r, "train_per_n", "f", 0)};
    std::vector<std::pair<std::string, DesignHours>> alternatives;
    const double alternativeConst = r.numberOr("alternative_const", 0);
    if (r.has("a"))
        alternatives.emplace_back("alternative", DesignHours{alternativeConst, r.number("a"), 0});
    if (r.has("alternative_per_n")) {
        const auto given = view.at("alternative_per_n");
        if (given.json().is_object())
            for (const auto& [name, value] : given.items())
                alternatives.emplace_back(name, DesignHours{alternativeConst, r.other(value, 0), 0});
        else
            alternatives.emplace_back("alternative", DesignHours{alternativeConst, r.other(given, 0), 0});
    }
    for (const auto& [key, value] : r.others()) { // "fbnet_per_n": 576
        const auto suffix = key.find("_per_n");
        alternatives.emplace_back(suffix == std::string::npos ? key : key.substr(0, suffix),
            DesignHours{alternativeConst, r.other(value, 0), 0});
    }
    for (const auto* m : methodsOf(r))
        alternatives.emplace_back(m->key, m->hours);
    if (alternatives.empty())
        for (const auto& m : designMethods())
            if (!m.key.starts_with("ofa"))
                alternatives.emplace_back(m.key, m.hours);

    Json j{{"const_gpuh", ofa.constant}, {"per_n_gpuh", ofa.search + ofa.train}, {"kg_per_gpuh", rates.kgPerGpuHour()},
        {"alternatives", Json::object()}};
    const auto number = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
    for (const auto& [name, hours] : alternatives) {
        const auto star = breakEvenTargets(ofa, hours);
        const double devices = star ? firstWholeAbove(*star) : 0;
        Json row{{"n_star", number(star)}, {"devices", star ? plainNumber(devices) : Json(nullptr)},
            {"infinite", !star}, {"const_gpuh", hours.constant}, {"per_n_gpuh", hours.search + hours.train}};
        row["says"] = star
            ? fmt::format("once for all costs less from {:g} targets on{}", devices,
                devices > 1 ? fmt::format("; below, it costs MORE than {}", name) : std::string())
            : fmt::format("once for all never costs less than {}: each target costs it as much or more", name);
        if (r.has("n")) {
            const double n = r.number("n"), saved = (hours.total(n) - ofa.total(n)) * rates.kgPerGpuHour();
            row["saved_kg"] = saved;
            row["says_at_n"] = fmt::format("at {:g} targets once for all costs {:.3g} kg {}", n,
                saved < 0 ? -saved : saved, saved < 0 ? "MORE" : "less");
        }
        j[name] = row["n_star"];
        j[name + "_devices"] = row["devices"];
        j["alternatives"][name] = std::move(row);
    }
    if (alternatives.size() == 1) {
        const Json only = j["alternatives"].begin().value(); // a copy: new keys move the old ones
        for (const char* key : {"n_star", "devices", "infinite", "says"})
            j[key] = only[key];
        if (r.has("n"))
            j["saved_kg"] = only["saved_kg"];
    }
    j["estimates"] = {
        {"kg_once", toJson(Estimate{ofa.constant * rates.kgPerGpuHour(), {}, {}, Kind::Citation, sourceOf(rates)})}};
    return j;
}

} // namespace

Formula designCostFormula()
{
    return {"design-cost",
        "GPU-hours, kWh, CO2e and price of designing for N targets: constant + N x (search + train) (Cai et al. 2020, "
        "Table 1)",
        schemaOf("design-cost", designFields()),
        {{"const_gpuh", 1240}, {"search_per_n", 0}, {"train_per_n", 25}, {"n", 40}}, runDesignCost};
}

Formula breakEvenFormula()
{
    return {"break-even",
        "Number of targets from which once-for-all costs less: N* = c0 / (a - f - q) (Cai et al. 2020)",
        schemaOf("break-even", breakEvenFields(), {},
            "GPU-hours of an alternative for each target, by its name: NAME or NAME_per_n"),
        {{"const_gpuh", 1240}, {"train_per_n", 25}, {"alternative_per_n", 500}, {"n", 40}}, runBreakEven};
}

} // namespace paretoscope

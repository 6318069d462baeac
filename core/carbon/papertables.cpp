// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/papertables.h"

#include "carbon/equivalents.h"
#include "carbon/facts.h"
#include "carbon/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kAnyLow = 0, kAnyHigh = 1e12;
constexpr std::array<std::string_view, 6> kAgreements{
    "rounds to it", "cut off, not rounded", "within 1 %", "DIFFERS", "not printed", "cannot be computed"};

PaperTable strubellTable()
{
    const auto facts = FactTable::embedded("strubell2019");
    PaperTable t{"strubell", "Energy and carbon of training NLP models", facts.row(0).source().source, {}, {}};
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const auto r = facts.row(i);
        const auto watts = r.optional("powerW", kAnyLow, kAnyHigh),
                   kwhPrinted = r.optional("printedKwh", kAnyLow, kAnyHigh),
                   lbPrinted = r.optional("printedLb", kAnyLow, kAnyHigh);
        const double hours = r.number("hours", kAnyLow, kAnyHigh);
        PaperRow row;
        row.title = r.text("model") + ", " + r.text("hardware");
        row.inputs = watts ? fmt::format("{} W, {:g} h, PUE 1.58, 0.954 lb/kWh", *watts, hours)
                           : fmt::format("{:g} h, no power is printed", hours);
        std::optional<double> kwh, lb;
        if (watts) {
            kwh = strubellKwh(hours, *watts, kPueStrubell);
            lb = *kwh * kStrubellLbPerKwh;
        }
        row.figures = {comparedFigure("kWh x PUE", kwhPrinted, kwh, 1), comparedFigure("lb CO2e", lbPrinted, lb, 1)};
        if (watts && row.figures[0].agreement == Agreement::Differs) {
            const double longer = hours + 0.2;
            const double kwhLonger = strubellKwh(longer, *watts, kPueStrubell);
            row.figures[0].remark =
                fmt::format("{:g} h (3.3 days) give {:.1f}: the printed hours are rounded", longer, kwhLonger);
            row.figures[1].remark = fmt::format("{:g} h give {:.1f}", longer, kwhLonger * kStrubellLbPerKwh);
        }
        PaperFigure usd;
        usd.what = "cloud USD";
        usd.remark = fmt::format("printed {:.0f} to {:.0f}: prices of 2019, no formula",
            r.number("printedUsdLow", kAnyLow, kAnyHigh), r.number("printedUsdHigh", kAnyLow, kAnyHigh));
        usd.agreement = Agreement::NotComputable;
        row.figures.push_back(std::move(usd));
        t.rows.push_back(std::move(row));
    }
    const double lb = 626155, tonnes = lb * kKgPerLb / kKgPerTonne;
    t.notes = {
        "kWh = 1.58 x hours x (CPU + memory + GPUs) / 1000 with the PUE of 2018, and 0.954 lb/kWh (432.7 g/kWh, EPA "
        "2018, United States).",
        "BERT base on V100x64 was trained for 79.2 h (3.3 days); the table prints 79 h, from which 1,503 kWh and 1,434 "
        "lb follow and not 1,507 and 1,438.",
        "TPU rows print neither power nor carbon: TPU power was not public.",
        fmt::format(
            "NAS: 626,155 lb = {:.1f} t = {:.2f} car lifetimes of 126,000 lb (\"five cars\"). It is an estimate from "
            "hours on P100 that nobody ran; Patterson et al. 2021 put the search at 3.2 t, {:.1f} times less (proxy "
            "task, TPU instead of P100, efficient centre). Show both, never 626,155 lb alone.",
            tonnes, lb / kCarLifetimeLb, tonnes / 3.2),
    };
    return t;
}

PaperTable pattersonTable()
{
    const auto facts = FactTable::embedded("patterson2021");
    PaperTable t{
        "patterson", "Energy and carbon of five large models and one search", facts.row(0).source().source, {}, {}};
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const auto r = facts.row(i);
        const auto of = [&](const char* column) { return r.number(column, kAnyLow, kAnyHigh); };
        const double mwh = of("watts") * of("chips") * of("days") * 24 * of("pue") / 1e6;
        PaperRow row;
        row.title = r.text("model") + ", " + r.text("chip");
        row.inputs = fmt::format("{:g} W, {:g} chips, {:g} days, PUE {:g}, {:g} kg/kWh", of("watts"), of("chips"),
            of("days"), of("pue"), of("kgPerKwh"));
        const auto step = [](double printed) { return printed >= 100 && printed == std::floor(printed) ? 1 : 0.1; };
        row.figures = {comparedFigure("MWh", of("printedMwh"), mwh, step(of("printedMwh")), true),
            comparedFigure("t CO2e", of("printedTonnes"), mwh * of("kgPerKwh"), 0.1, true)};
        if (const auto net = r.optional("netKgPerKwh", kAnyLow, kAnyHigh)) {
            row.figures.push_back(comparedFigure(
                "t CO2e, net", r.optional("printedNetTonnes", kAnyLow, kAnyHigh), mwh * *net, 0.1, true));
            auto& last = row.figures.back();
            last.remark = "after purchases of clean energy: beside the total, never in it";
            if (last.agreement == Agreement::Differs)
                last.remark += fmt::format("; the printed energy gives {:.2f}", of("printedMwh") * *net);
        }
        t.rows.push_back(std::move(row));
    }
    t.notes = {
        "MWh = watts x chips x days x 24 x PUE / 1e6, t = MWh x kg/kWh. The paper computed with unrounded inputs, so "
        "the printed figures are met within 1 %.",
        "GShard and Switch print net figures, too (0.177 and 0.330 kg/kWh): market-based, kept out of totals.",
        "GPT-3: 1,287 MWh is 6.8 times the lower bound of the Carbontracker paper, which assumed all of the peak.",
        "The search of Evolved Transformer, 3.2 t, corrects the 284 t (626,155 lb) of Strubell et al. 2019.",
    };
    return t;
}

PaperTable carbontrackerTable()
{
    const auto facts = FactTable::embedded("carbontracker2020");
    PaperTable t{"carbontracker", "GPT-3 from its operations, and statements of the paper",
        facts.row(0).source().source, {}, {}};
    const double seconds = deviceSeconds(3.14e23, 130e12, 1);
    const double kwh = seconds * 250 * 1.125 / kJoulePerKwh, kg = kwh * 449.06 / 1000;
    struct Computed {
        const char* inputs;
        double value, step;
        const char* remark;
    };
    // In the order of the file.
    const std::array<Computed, 7> computed{{
        {"3.14e23 FLOP at 130 TFLOPS, 250 W, PUE 1.125", kwh, 0.01, ""},
        {"449.06 g/kWh (EU-28 of the time)", kg, 0.01, ""},
        {"120.4 g/km (new cars, EU 2018)", kg * 1000 / 120.4, 0.01,
            "today's carbontracker uses 107.5 g/km: 788,264.97 km"},
        {"3.14e23 FLOP at 130 TFLOPS", seconds / 86400, 0.01, ""},
        {"3.166 kg over 37.445 kWh", 3.166 * 1000 / 37.445, 0.01, "g/kWh that the statement implies"},
        {"3.166 kg at 120.4 g/km", 3166 / 120.4, 0.001, ""},
        {"1087.9 over 17.7 g/kWh", 1087.9 / 17.7, 1, ""},
    }};
    if (facts.size() != computed.size())
        throw FormatError({"facts/carbontracker2020.json", "wrong number of rows", std::to_string(facts.size()),
            std::to_string(computed.size())});
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const auto r = facts.row(i);
        const auto& c = computed[i];
        PaperRow row{r.text("figure"), c.inputs,
            {comparedFigure(r.text("unit"), r.optional("printed", kAnyLow, kAnyHigh), c.value, c.step)}};
        row.figures.front().remark = c.remark;
        t.rows.push_back(std::move(row));
    }
    t.notes = {
        "The estimate of GPT-3 assumes that every GPU reaches its peak: a lower bound. Patterson et al. 2021 measured "
        "1,287 MWh, 6.8 times more.",
        "The printed kilograms and kilometres are cut off after two decimals.",
    };
    return t;
}

} // namespace

std::string_view name(Agreement a) { return kAgreements[static_cast<std::size_t>(a)]; }

std::optional<double> PaperFigure::difference() const
{
    return printed && computed ? std::optional(*computed - *printed) : std::nullopt;
}

PaperFigure comparedFigure(
    std::string what, std::optional<double> printed, std::optional<double> computed, double step, bool percent)
{
    PaperFigure f{std::move(what), printed, computed, {}, Agreement::NotPrinted};
    if (!computed) {
        f.agreement = Agreement::NotComputable;
    } else if (printed) {
        const double away = *computed - *printed, slack = 1e-9 * std::abs(*printed);
        f.agreement = std::abs(away) <= step / 2 + slack  ? Agreement::Rounds
            : away > 0 && away < step                     ? Agreement::Truncated
            : percent && std::abs(away) <= *printed / 100 ? Agreement::WithinOnePercent
                                                          : Agreement::Differs;
    }
    return f;
}

std::vector<std::string> paperTableNames() { return {"strubell", "ofa", "patterson", "carbontracker"}; }

PaperTable paperTable(const std::string& wanted)
{
    if (wanted == "strubell")
        return strubellTable();
    if (wanted == "ofa")
        return ofaTable();
    if (wanted == "patterson")
        return pattersonTable();
    if (wanted == "carbontracker")
        return carbontrackerTable();
    throw ValueError({{}, "there is no table with this name", quote(wanted), joinNames(paperTableNames())});
}

Json toJson(const PaperTable& t)
{
    const auto optional = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
    Json j{{"table", t.name}, {"title", t.title}, {"source", t.source}, {"rows", Json::array()}, {"notes", t.notes}};
    for (const auto& r : t.rows) {
        Json row{{"row", r.title}, {"inputs", r.inputs}, {"figures", Json::array()}};
        for (const auto& f : r.figures)
            row["figures"].push_back({{"figure", f.what}, {"printed", optional(f.printed)},
                {"computed", optional(f.computed)}, {"difference", optional(f.difference())},
                {"agreement", name(f.agreement)}, {"remark", f.remark.empty() ? Json(nullptr) : Json(f.remark)}});
        j["rows"].push_back(std::move(row));
    }
    return j;
}

std::string paperTableText(const PaperTable& t)
{
    std::size_t width = 12;
    for (const auto& r : t.rows)
        for (const auto& f : r.figures)
            width = std::max(width, f.what.size());
    const auto shown = [](const std::optional<double>& v) {
        return v ? fmt::format("{:.10g}", std::round(*v * 1e4) / 1e4) : std::string("-");
    };
    std::string text = t.title + "\n" + t.source + "\n";
    for (const auto& r : t.rows) {
        text += fmt::format("\n{}  ({})\n", r.title, r.inputs);
        text += fmt::format("  {:{}} {:>14} {:>14} {:>12}\n", "", width, "printed", "computed", "difference");
        for (const auto& f : r.figures)
            text +=
                fmt::format("  {:{}} {:>14} {:>14} {:>12}  {}{}\n", f.what, width, shown(f.printed), shown(f.computed),
                    shown(f.difference()), name(f.agreement), f.remark.empty() ? std::string() : "; " + f.remark);
    }
    text += "\n";
    for (const auto& n : t.notes)
        text += "- " + n + "\n";
    return text;
}

} // namespace paretoscope

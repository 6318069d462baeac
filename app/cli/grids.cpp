// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon.h"

#include "carbon/facts.h"
#include "carbon/grid.h"

#include <fmt/format.h>

#include <memory>

namespace paretoscope::cli {

namespace {

struct Options {
    std::string text;
    std::vector<std::string> files;
};

Json orNull(const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); }

bool holds(const std::string& wanted, std::initializer_list<std::string> texts)
{
    if (wanted.empty())
        return true;
    for (const auto& t : texts)
        if (folded(t).find(wanted) != std::string::npos)
            return true;
    return false;
}

Json rowOf(const GridZone& z)
{
    return {{"id", z.id}, {"level", name(z.level)}, {"name", z.name}, {"iso2", orNull(z.iso2)},
        {"iso3", orNull(z.iso3)}, {"gPerKwh", z.gPerKwh}, {"unit", "g CO2e/kWh"}, {"basis", z.source.basis},
        {"year", z.year ? Json(z.year) : Json(nullptr)}, {"source", z.source.source},
        {"reference", orNull(z.source.reference)}, {"licence", z.source.licence},
        {"attribution", orNull(z.source.attribution)}, {"flag", orNull(z.flag)}};
}

Json rowOf(const CloudRegion& r)
{
    return {{"id", r.provider + " " + r.region}, {"level", "cloud_region"}, {"name", r.location}, {"iso2", r.iso2},
        {"gPerKwh", r.gPerKwh}, {"unit", "g CO2e/kWh"}, {"basis", r.source.basis}, {"year", r.year},
        {"source", r.mappedTo.empty() ? r.source.source : r.source.source + " [" + r.mappedTo + "]"},
        {"licence", r.source.licence}, {"flag", orNull(r.flag)}, {"pue", r.pue ? Json(*r.pue) : Json(nullptr)},
        {"pueYear", r.pueYear ? Json(*r.pueYear) : Json(nullptr)}, {"pueSource", orNull(r.pueSource)},
        {"fallbackPue", r.fallbackPue}};
}

Json rowOf(const IntensitySeries& s)
{
    return {{"id", s.zone}, {"level", "series"}, {"name", s.zone}, {"gPerKwh", s.mean()}, {"unit", "g CO2e/kWh"},
        {"basis", s.basis}, {"year", nullptr}, {"source", s.source}, {"licence", "the user's"}, {"flag", nullptr},
        {"from", hourToText(s.firstHour)}, {"hours", s.gPerKwh.size()}, {"interpolatedHours", s.interpolated}};
}

void grids(const Context& context, const Options& options)
{
    GridBook own;
    for (const auto& f : options.files)
        own.addCsv(f);
    const auto& book = options.files.empty() ? builtInGrids() : own;
    const auto wanted = folded(options.text);
    Json rows = Json::array();
    for (const auto& s : book.series())
        if (holds(wanted, {s.zone}))
            rows.push_back(rowOf(s));
    for (const auto& z : book.userZones())
        if (holds(wanted, {z.id, z.name}))
            rows.push_back(rowOf(z));
    // A code names one zone; as a part of a name it would match dozens ("FR": Africa).
    const bool code = wanted.size() == 2 || wanted.size() == 3;
    for (const auto& z : book.zones())
        if (code ? folded(z.id).starts_with(wanted) || folded(z.iso2) == wanted || folded(z.iso3) == wanted
                    || folded(z.name) == wanted
                 : holds(wanted, {z.id, z.name, z.iso3, std::string(name(z.level))}))
            rows.push_back(rowOf(z));
    for (const auto& r : book.regions())
        if (code ? folded(r.iso2) == wanted || r.provider == wanted
                 : holds(wanted, {r.provider + r.region, r.location, r.region}))
            rows.push_back(rowOf(r));
    Json result{{"grids", rows}, {"chosen", nullptr}};
    std::string text;
    if (!options.text.empty()) {
        try { // what --grid would choose for the same text
            const auto i = book.find(options.text);
            result["chosen"] = {{"zone", i.zone}, {"gPerKwh", toJson(i.gPerKwh)}, {"basis", i.basis},
                {"year", i.year ? Json(i.year) : Json(nullptr)}, {"licence", i.licence},
                {"pue", i.pue ? toJson(*i.pue) : Json(nullptr)}, {"warnings", i.warnings}};
        } catch (const ValueError&) {
            if (rows.empty())
                throw;
        }
    }
    if (context.json) {
        context.print(result);
        return;
    }
    for (const auto& r : rows) {
        text += fmt::format("{:28} {:>8.2f} g/kWh  {}{}\n", r["id"].get<std::string>(), r["gPerKwh"].get<double>(),
            r["name"].get<std::string>(),
            r.contains("pue") && !r["pue"].is_null() ? fmt::format(", PUE {:g}", r["pue"].get<double>())
                                                     : std::string());
        text += fmt::format("    {}; {}; {}; {}{}\n", r["year"].is_null() ? std::string("no year") : r["year"].dump(),
            r["basis"].get<std::string>(), r["source"].get<std::string>(), r["licence"].get<std::string>(),
            r["flag"].is_null() ? std::string() : "; flag: " + r["flag"].get<std::string>());
    }
    if (!result["chosen"].is_null())
        text += fmt::format(
            "\"{}\" stands for: {}\n", options.text, result["chosen"]["gPerKwh"]["source"].get<std::string>());
    context.print(text);
}

} // namespace

void addGrids(CLI::App& app, Context& context)
{
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("grids", "List the intensities of grids and cloud regions, with source, year and licence");
    command->add_option("TEXT", options->text, "Part of a name, a code, or a region; all if none is given");
    command->add_option(
        "--csv", options->files, "Your own zones or hourly series, or an export of Electricity Maps; they come first");
    command->callback([options, &context] { grids(context, *options); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "context.h"

#include "base/file.h"
#include "bundle/bundle.h"
#include "carbon/deviceenergy.h"
#include "device/devicefit.h"
#include "space/spacejson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace paretoscope::cli {

namespace {

struct Options {
    std::vector<std::string> spaces, tables;
    std::string measurements, column = "latency_ms", name, id, out, supply = "mains", source, licence, runtime, precision, form = "auto";
    std::vector<std::string> warnings, otherWidthNotes;
    std::vector<double> powerW;
    std::string powerSource;
    int batch = 1, threads = 0;
};

Json errorJson(const DeviceError& e)
{
    const auto optional = [](const auto& v) { return v ? Json(*v) : Json(nullptr); };
    return {{"basis", e.basis}, {"nets", optional(e.nets)}, {"r2", optional(e.r2)}, {"mapePercent", optional(e.mapePercent)}, {"kendallTau", optional(e.kendallTau)},
        {"kendallTauInResolution", optional(e.kendallTauInResolution)}, {"within5Percent", optional(e.within5Percent)}, {"within10Percent", optional(e.within10Percent)},
        {"biasPercent", optional(e.biasPercent)}, {"band90Percent", optional(e.band90Percent)}};
}

Json rangesJson(const std::vector<ErrorRange>& ranges)
{
    Json list = Json::array();
    for (const auto& r : ranges) {
        Json j{{"space", r.space}, {"resolutions", {r.lowestResolution, r.highestResolution}}, {"extrapolated", r.extrapolated}};
        j.update(errorJson(r.error));
        j["warnings"] = r.warnings;
        list.push_back(std::move(j));
    }
    return list;
}

std::string forPeople(const char* what, const ErrorRange& r)
{
    const auto& e = r.error;
    auto text = fmt::format("  {} {}, {} to {}:", what, r.space, r.lowestResolution, r.highestResolution);
    if (e.r2)
        text += fmt::format(" R² {:.4f},", *e.r2);
    if (e.mapePercent)
        text += fmt::format(" MAPE {:.2f} %,", *e.mapePercent);
    if (e.kendallTau && e.kendallTauInResolution)
        text += fmt::format(" tau {:.3f} ({:.3f} inside a resolution), within ±5 % {:.1f} %, within ±10 % {:.1f} %,", *e.kendallTau, *e.kendallTauInResolution, *e.within5Percent,
            *e.within10Percent);
    return text + fmt::format(" 90 % band ±{:g} %\n    {}\n", e.band90Percent.value_or(0), e.basis);
}

std::string report(const ModelFit& fit, const Device& d, const std::string& out)
{
    std::size_t coefficients = 0;
    for (const auto& sum : fit.model.sums)
        coefficients += static_cast<std::size_t>(std::count_if(sum.begin(), sum.end(), [](double c) { return c > 0; }));
    auto text = fmt::format("{}: {} ({}), form {}, {} coefficients, batch {}\n", out, d.id, d.title, name(fit.form), coefficients, fit.model.batch);
    if (fit.blocks)
        text += fmt::format("  blocks: R² {:.4f}, MAPE {:.2f} %, tau {:.3f} ({})\n", *fit.blocks->r2, *fit.blocks->mapePercent, *fit.blocks->kendallTau, fit.blocks->basis);
    for (const auto& r : fit.inSample)
        text += forPeople("fitted to", r);
    for (const auto& r : fit.heldOut)
        text += forPeople(r.extrapolated ? "claimed for" : "held out,", r);
    text += fmt::format("  worst resolution held out: MAPE {:.2f} %\n", fit.worstResolutionMapePercent);
    for (const auto& w : d.warnings)
        text += "  warning: " + w + "\n";
    return text + shipRuleLine(fit.heldOut.front().error) + "\n";
}

ModelFit fitOf(const Options& o, const std::vector<std::shared_ptr<const Parts>>& parts, const Context& context, ProgressReport& progress)
{
    DeviceFitOptions options;
    options.form = fitFormFromName(o.form, "--form");
    options.seed = context.seed;
    options.onStep = [&](const std::string& step, double share) { return progress.report(step, share); };
    options.otherWidthNotes = o.otherWidthNotes;
    if (!o.measurements.empty())
        return fitMeasurements(readMeasurements(o.measurements, parts.front()->space(), o.column), parts.front(), o.batch, options);
    std::vector<TableData> tables;
    for (std::size_t i = 0; i < parts.size(); ++i)
        tables.push_back({readLatencyTable(o.tables[o.tables.size() == 1 ? 0 : i]), parts[i]});
    return fitTables(tables, options);
}

void fitDevice(const Context& context, const Options& o)
{
    ProgressReport progress(context);
    std::vector<std::shared_ptr<const Parts>> parts;
    for (const auto& space : o.spaces)
        parts.push_back(std::make_shared<const Parts>(openSpace(space)));
    const auto fit = fitOf(o, parts, context, progress);
    auto d = deviceOf(fit, o.name, parts.front());
    if (!o.id.empty()) {
        if (idFromName(o.id) != o.id)
            throw ValueError({"--id", "not an id", quote(o.id), "lower-case letters, digits, dots and hyphens"});
        d.id = o.id;
    }
    const auto from = o.measurements.empty() ? fmt::format("{}", fmt::join(o.tables, ", ")) : o.measurements;
    d.source = o.source.empty() ? fmt::format("model fitted to {}", from) : o.source;
    d.licence = o.licence;
    d.supply = std::map<std::string, Supply>{{"battery", Supply::Battery}, {"mains", Supply::Mains}, {"data-centre", Supply::DataCentre}}.at(o.supply);
    d.conditions.threads = o.threads;
    d.conditions.runtime = o.runtime;
    d.conditions.precision = o.precision;
    if (!o.powerW.empty()) {
        if (!(o.powerW[1] <= o.powerW[0] && o.powerW[0] <= o.powerW[2]))
            throw ValueError({"--power-w", "not a value with its band", fmt::format("{:g}", fmt::join(o.powerW, ", ")), "value, low, high with low <= value <= high"});
        d.powerW["active"] = {o.powerW[0], o.powerW[1], o.powerW[2], Kind::Citation, o.powerSource};
    }
    d.warnings.insert(d.warnings.end(), o.warnings.begin(), o.warnings.end());
    if (interrupted())
        throw Cancelled();
    writeFileAtomically(o.out, std::string_view(printJson(toJson(d))));

    const auto energy = energyOf(d);
    if (!context.json) {
        context.print(report(fit, d, o.out) + (energy.model ? "" : "energy: " + energy.reason + "\n"));
        return;
    }
    context.print(Json{{"out", o.out}, {"id", d.id}, {"title", d.title}, {"form", name(fit.form)}, {"model", toJson(fit.model)},
        {"blocks", fit.blocks ? errorJson(*fit.blocks) : Json(nullptr)}, {"inSample", rangesJson(fit.inSample)}, {"heldOut", rangesJson(fit.heldOut)},
        {"worstResolutionMapePercent", fit.worstResolutionMapePercent}, {"warnings", d.warnings},
        {"shipRule", {{"met", meetsShipRule(fit.heldOut.front().error)}, {"text", shipRuleLine(fit.heldOut.front().error)}}},
        {"energy", energy.model ? Json(nullptr) : Json(energy.reason)}});
}

} // namespace

void addFitDevice(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("fit-device", "Fit a device model to a latency table or to measured nets");
    command->add_option("--space", o->spaces, "The space of the data; repeated with --table, the spaces that one model is fitted to together")->required();
    auto* data = command->add_option_group("data");
    data->add_option("--table", o->tables, "Latency table (folder or file); one for all spaces or one for each");
    data->add_option("--measurements", o->measurements, "CSV of measured nets: ks,e,d,r,latency_ms");
    data->require_option(1);
    command->add_option("--column", o->column, "The column of the CSV that holds the latency; others are then ignored")->capture_default_str();
    command->add_option("--name", o->name, "Title of the device, such as \"Samsung Note10\"; the power of a processor is looked up by it")->required();
    command->add_option("--id", o->id, "Its id, if not made from the name");
    command->add_option("--out", o->out, "The device file to write")->required();
    command->add_option("--batch", o->batch, "Images at once in the measurements; their latency is that of the whole batch")->check(CLI::Range(1, 1 << 20))->capture_default_str();
    command->add_option("--form", o->form, "auto, additive (one sum), max (the larger of a sum over launches and one over work), launch (counts of operators only)")
        ->check(CLI::IsMember({"auto", "additive", "max", "launch"}))
        ->capture_default_str();
    command->add_option("--supply", o->supply, "Where the device takes its electricity from")->check(CLI::IsMember({"battery", "mains", "data-centre"}))->capture_default_str();
    command->add_option("--source", o->source, "Where the data comes from");
    command->add_option("--licence", o->licence, "Licence of the data");
    command->add_option("--device-threads", o->threads, "Threads of the measurements; 0: not stated")->check(CLI::Range(0, 1 << 16));
    command->add_option("--runtime", o->runtime, "Runtime of the measurements");
    command->add_option("--precision", o->precision, "Number format of the measurements");
    auto* power = command->add_option("--power-w", o->powerW, "Power of the whole device while it infers, in watt: value, low, high")->expected(3)->check(CLI::PositiveNumber);
    command->add_option("--power-source", o->powerSource, "Where that power comes from")->needs(power);
    power->needs(command->get_option("--power-source"));
    command->add_option("--warning", o->warnings, "Shown with every figure of the device; may be repeated");
    command->add_option("--other-width-note", o->otherWidthNotes, "Shown with figures of the OFA width that was not measured; may be repeated");
    command->callback([o, &context] {
        if (!o->measurements.empty() && o->spaces.size() > 1)
            throw CLI::ValidationError("--space", "measured nets are of one space");
        if (o->tables.size() > 1 && o->tables.size() != o->spaces.size())
            throw CLI::ValidationError("--table", fmt::format("{} tables for {} spaces", o->tables.size(), o->spaces.size()));
        fitDevice(context, *o);
    });
}

} // namespace paretoscope::cli

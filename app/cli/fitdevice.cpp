// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "deviceoptions.h"

#include "base/file.h"
#include "base/progress.h"
#include "carbon/deviceenergy.h"
#include "device/devicefit.h"
#include "space/spacejson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace paretoscope::cli {

namespace {

struct Options {
    DeviceOptions device;
    std::vector<std::string> spaces, tables;
    std::string measurements, column = "latency_ms", source, licence, runtime, precision, form = "auto";
    std::vector<std::string> warnings, otherWidthNotes;
    int batch = 1, threads = 0;
};

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
    return fmt::format("  {} {}, {} to {}:", what, r.space, r.lowestResolution, r.highestResolution) + errorForPeople(r.error);
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
    checkDeviceOptions(o.device);
    ProgressReport progress(context);
    std::vector<std::shared_ptr<const Parts>> parts;
    for (const auto& space : o.spaces)
        parts.push_back(std::make_shared<const Parts>(openSpace(space)));
    const auto fit = fitOf(o, parts, context, progress);
    auto d = deviceOf(fit, o.device.name, parts.front());
    applyDeviceOptions(o.device, d);
    const auto from = o.measurements.empty() ? fmt::format("{}", fmt::join(o.tables, ", ")) : o.measurements;
    d.source = o.source.empty() ? fmt::format("model fitted to {}", from) : o.source;
    d.licence = o.licence;
    d.conditions.threads = o.threads;
    d.conditions.runtime = o.runtime;
    d.conditions.precision = o.precision;
    d.warnings.insert(d.warnings.end(), o.warnings.begin(), o.warnings.end());
    if (interrupted())
        throw Cancelled();
    writeFileAtomically(o.device.out, std::string_view(printJson(toJson(d))));

    const auto energy = energyOf(d);
    if (!context.json) {
        context.print(report(fit, d, o.device.out) + (energy.model ? "" : "energy: " + energy.reason + "\n"));
        return;
    }
    context.print(Json{{"out", o.device.out}, {"id", d.id}, {"title", d.title}, {"form", name(fit.form)}, {"model", toJson(fit.model)},
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
    addDeviceOptions(*command, o->device);
    command->add_option("--batch", o->batch, "Images at once in the measurements; their latency is that of the whole batch")->check(CLI::Range(1, 1 << 20))->capture_default_str();
    command->add_option("--form", o->form, "auto, additive (one sum), max (the larger of a sum over launches and one over work), launch (counts of operators only)")
        ->check(CLI::IsMember({"auto", "additive", "max", "launch"}))
        ->capture_default_str();
    command->add_option("--source", o->source, "Where the data comes from");
    command->add_option("--licence", o->licence, "Licence of the data");
    command->add_option("--device-threads", o->threads, "Threads of the measurements; 0: not stated")->check(CLI::Range(0, 1 << 16));
    command->add_option("--runtime", o->runtime, "Runtime of the measurements");
    command->add_option("--precision", o->precision, "Number format of the measurements");
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

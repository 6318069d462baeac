// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"
#include "devicechoice.h"
#include "exportcard.h"
#include "subnetargument.h"

#include "engine/exportnet.h"
#include "space/subnetjson.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

std::vector<std::string> formatNames()
{
    std::vector<std::string> names;
    for (const auto format : allExportFormats())
        names.emplace_back(name(format));
    return names;
}

struct Options {
    NetOptions net;
    DataOptions data;
    CarbonOptions carbon;
    std::string subnet, out;
    std::string split = "test";
    std::vector<std::string> formats = formatNames(), devices;
    std::optional<int> resolution;
    std::size_t recalibrate = 2000;
    bool withData() const { return !data.data.empty(); }
};

CardMeasurement measure(const Context& context, const StaticNet& net, const DataSubset& images, const std::string& split, const Preprocessing& preprocessing)
{
    auto e = evaluateOn(context, net, images, preprocessing);
    const auto dataSet = nameOf(*images.data);
    const auto source = fmt::format("{} images of {}", split, dataSet);
    return {accuracyEstimate(e.top1, e.images, source), accuracyEstimate(e.top5, e.images, source), e.images, dataSet, split, std::move(e.classes)};
}

/// Without data an export does not need it, so that a source that does not tell is no reason to stop.
std::optional<Preprocessing> knownPreprocessing(const NetSource& source, bool needed, std::vector<std::string>& warnings)
{
    try {
        return preprocessingOf(source);
    } catch (const ValueError& e) {
        if (needed)
            throw;
        warnings.emplace_back(e.what());
        return std::nullopt;
    }
}

/// What concerns a device stands with it in the card.
void warn(const Context& context, ExportFacts& facts, const Bundle& bundle)
{
    auto& warnings = facts.warnings;
    if (facts.recalibrationImages == 0 && !isLargest(bundle.space(), facts.subnet))
        warnings.push_back("nothing was recalibrated: the statistics of batch norm are those of the supernet, and without its own the accuracy of a subnet collapses (--data DIR recalibrates)");
    const auto more = warningsOf(bundle, targetOf(nullptr), facts.subnet);
    warnings.insert(warnings.end(), more.begin(), more.end());
    for (const auto& w : warnings)
        context.note("warning: " + w);
}

/// Opens the data before the engine: what is wrong with it is said at once.
ExportFacts openFacts(const Context& context, const Options& o, const NetSource& source)
{
    ExportFacts facts;
    facts.subnet = subnetFromArgument(o.subnet, *source.parts, o.resolution, context, ResolutionRule::Any);
    facts.preprocessing = knownPreprocessing(source, o.withData(), facts.warnings);
    if (o.withData()) {
        facts.data = openDataArgument(context, o.data, source, facts.dataNotes);
        imagesOfSplit(*facts.data, o.split);
        for (const auto& n : facts.dataNotes)
            context.note("note: " + n);
    }
    return facts;
}

std::unique_ptr<StaticNet> preparedNet(const Context& context, const Options& o, const NetSource& source, Engine& engine, ExportFacts& facts)
{
    auto net = engine.supernet(source.parts, *source.weights, NetPrecision::Float32)->extract(facts.subnet);
    if (!facts.data)
        return net;
    if (o.recalibrate)
        facts.recalibrationImages = recalibrateOn(context, *net, *facts.data, source, o.recalibrate);
    facts.measured = measure(context, *net, imagesOfSplit(*facts.data, o.split), o.split, *facts.preprocessing);
    return net;
}

Json resultOf(const Options& o, const NetSource& source, const ExportFacts& facts, const std::vector<ExportedFile>& files)
{
    const auto measured = [&](const Estimate CardMeasurement::*figure) {
        return toJson(facts.measured ? CardFigure{*facts.measured.*figure, {}} : CardFigure{{}, "no data was given"});
    };
    Json list = Json::array();
    for (const auto& f : files)
        list.push_back(toJson(f));
    return {{"out", o.out}, {"space", source.space().id}, {"subnet", toJson(source.space(), facts.subnet)}, {"files", std::move(list)}, {"top1Percent", measured(&CardMeasurement::top1Percent)},
        {"top5Percent", measured(&CardMeasurement::top5Percent)}, {"images", facts.measured ? facts.measured->images : 0}, {"recalibrationImages", facts.recalibrationImages},
        {"warnings", facts.warnings}};
}

std::string forPeople(const Json& result)
{
    auto text = fmt::format("{}: {} of {}\n", result["out"].get<std::string>(), result["subnet"].dump(), result["space"].get<std::string>());
    for (const auto& f : result["files"]) {
        const auto& difference = f["maxAbsDifference"];
        text += fmt::format("  {:<18} {:>10} bytes  {}{}\n", f["name"].get<std::string>(), f["bytes"].get<std::size_t>(), f["note"].get<std::string>(),
            difference.is_null() ? std::string() : fmt::format("; largest difference of a logit {:.2g}", difference.get<double>()));
    }
    text += fmt::format("  top-1  {}\n  top-5  {}\n", shown(result["top1Percent"], "%"), shown(result["top5Percent"], "%"));
    return text + fmt::format("  batch norm recalibrated on {} images\n", result["recalibrationImages"].get<std::size_t>());
}

void exportSubnet(const Context& context, const Options& o)
{
    checkTarget(o.out);
    usePhase(o.carbon); // an unknown grid is said at once, too
    const auto source = openNetSource(context, o.net, true);
    auto facts = openFacts(context, o, source);
    const auto bundle = bundleOf(source);
    const auto devices = o.devices.empty() ? bundle.devices : devicesFromArguments(bundle, o.devices);
    std::vector<Target> targets;
    for (const auto& d : devices)
        targets.push_back(targetOf(&d));
    auto where = o.net;
    if (where.compute == "auto")
        where.compute = "cpu"; // a graph frozen on a GPU would want one where it is opened
    const auto engine = openEngineArgument(context, where);
    facts.engine = engine->facts();
    const auto net = preparedNet(context, o, source, *engine, facts);
    warn(context, facts, bundle);

    ExportRequest request{source.parts, exportFormatsFrom(o.formats, "--format"), facts.preprocessing, {}, provenanceOf(source, facts, context), {}};
    if (facts.data)
        request.classNames = facts.data->train.data->classNames;
    request.modelCard = [&](const std::vector<ExportedFile>& files) {
        auto card = cardOf(source, facts, targets, o.carbon);
        card.files = files;
        return ModelCardFiles{modelCardMarkdown(card), toJson(card)};
    };
    std::vector<ExportedFile> files;
    {
        ProgressReport progress(context);
        files = exportNet(*engine, *net, request, o.out, [&](const auto& step, double share) { return progress.report(step, share); });
    }
    const auto result = resultOf(o, source, facts, files);
    context.json ? context.print(result) : context.print(forPeople(result));
}

} // namespace

void addExport(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("export", "Write a subnet as files for other programs, each reloaded and compared");
    addNetOptions(*command, o->net, true);
    command->add_option("--subnet", o->subnet, kSubnetHelp)->required();
    command->add_option("--resolution", o->resolution, "Another input resolution, in pixels")->check(CLI::Range(1, 4096));
    command->add_option("--format", o->formats, "What to write, separated by commas; everything if none is given")->delimiter(',')->check(CLI::IsMember(formatNames()));
    command->add_option("--out", o->out, "Folder to make")->required();
    addDataOptions(*command, o->data, false);
    auto* data = command->get_option("--data");
    command->add_option("--recalibrate", o->recalibrate, "Training images that batch norm is recalibrated on; 0: not at all")->needs(data)->check(CLI::Range(0, 1 << 30))->capture_default_str();
    command->add_option("--split", o->split, "The images that accuracy is measured on")->needs(data)->check(CLI::IsMember({"test", "validation", "train"}))->capture_default_str();
    command->add_option("--device", o->devices, "For the model card: a device of the bundle or the catalogue, a device file, or a latency table; all of the bundle if none is given");
    addCarbonOptions(*command, o->carbon);
    command->callback([o, &context] { exportSubnet(context, *o); });
}

} // namespace paretoscope::cli

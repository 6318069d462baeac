// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exportcard.h"

#include "space/subnetjson.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope::cli {

namespace {

constexpr const char* kProgram = "Paretoscope " PARETOSCOPE_VERSION;

CardFigure figure(const Json& figures, const char* key) { return cardFigureFrom(JsonView(figures, "figures").at(key)); }

CardDevice cardDevice(const Bundle& bundle, const Target& target, const UsePhase& use, const Subnet& subnet)
{
    const auto figures = figuresOf(bundle, target, use, subnet);
    const auto& device = *target.device;
    auto warnings = device.warningsOf(subnet);
    warnings.insert(warnings.end(), target.energy.warnings.begin(), target.energy.warnings.end());
    return {device.id, device.title, device.conditions.batch, figure(figures, "latencyMs"), figure(figures, "energyJ"), figure(figures, "co2eGPerMillion"), std::move(warnings)};
}

std::vector<std::string> assumptions(const std::vector<Target>& targets, const UsePhase& use)
{
    const auto any = [&](Supply supply) { return std::any_of(targets.begin(), targets.end(), [&](const Target& t) { return t.device->supply == supply; }); };
    std::vector<std::string> list;
    if (any(Supply::Battery))
        list.push_back(fmt::format("Devices on a battery: {:g} % of the electricity of the socket reach the device (charger and cell).", 100 * use.chargingEfficiency));
    if (any(Supply::DataCentre))
        list.push_back(fmt::format("Devices in a data centre: its power usage effectiveness is {:g}.", use.pue));
    if (!targets.empty())
        list.push_back("Emissions of use only: search, training and making the device are not in them.");
    return list;
}

std::string describe(const EngineFacts& e) { return fmt::format("{} on {}, {} {}", e.library, e.device, e.threads, e.threads == 1 ? "thread" : "threads"); }

Json licencesJson(const Bundle& bundle)
{
    Json list = Json::array();
    for (const auto& l : bundle.licences)
        list.push_back({{"what", l.what}, {"licence", l.licence}, {"source", l.source}});
    return list;
}

Json dataJson(const ExportFacts& facts)
{
    if (!facts.data)
        return nullptr;
    const auto& d = *facts.data;
    return {{"name", nameOf(*d.train.data)}, {"classes", d.train.data->classNames}, {"trainImages", d.train.size()}, {"validationImages", d.validation.size()}, {"testImages", d.test.size()},
        {"notes", facts.dataNotes}};
}

Json preprocessingJson(const std::optional<Preprocessing>& p)
{
    if (!p)
        return nullptr;
    return {{"channels", p->channels}, {"mean", plainNumbers(p->mean)}, {"std", plainNumbers(p->deviation)}, {"evaluationCrop", plainNumber(p->evaluationCrop)}};
}

} // namespace

Bundle bundleOf(const NetSource& source)
{
    if (source.bundle)
        return *source.bundle;
    Bundle bare;
    bare.title = source.space().title;
    bare.parts = source.parts;
    return bare;
}

std::string nameOf(const DataSet& data)
{
    const auto path = std::filesystem::path(data.source).lexically_normal();
    const auto folder = path.has_filename() ? path.filename() : path.parent_path().filename();
    return fmt::format("{} ({})", folder.string(), data.format);
}

ModelCard cardOf(const NetSource& source, const ExportFacts& facts, const std::vector<Target>& targets, const CarbonOptions& carbon)
{
    const auto bundle = bundleOf(source);
    const auto use = usePhase(carbon);
    const auto& space = source.space();
    const auto account = paretoscope::account(*source.parts, facts.subnet);
    const auto figures = figuresOf(bundle, targetOf(nullptr), use, facts.subnet);
    ModelCard c;
    c.title = fmt::format("{}{}: subnet of {:.4g} M MACs at {} × {} pixels", space.title, bundle.dataSet ? ", " + bundle.dataSet->name : "", static_cast<double>(account.total.macs) / 1e6,
        facts.subnet.resolution, facts.subnet.resolution);
    c.program = kProgram;
    c.spaceId = space.id;
    c.spaceTitle = space.title;
    c.subnet = toJson(space, facts.subnet);
    c.inputChannels = space.inputChannels;
    c.resolution = facts.subnet.resolution;
    c.classes = space.classes;
    c.preprocessing = facts.preprocessing;
    c.layers = cardLayers(account);
    c.account = account.total;
    c.predictedTop1Percent = figure(figures, "top1Percent");
    c.correctedTop1Percent = figure(figures, "top1CorrectedPercent");
    c.measured = facts.measured;
    c.recalibrationImages = facts.recalibrationImages;
    for (const auto& t : targets)
        c.devices.push_back(cardDevice(bundle, t, use, facts.subnet));
    c.gPerKwh = use.gPerKwh;
    c.assumptions = assumptions(targets, use);
    c.training = bundle.training;
    c.warnings = facts.warnings;
    c.bundle = source.bundle ? fmt::format("{} ({})", bundle.id, bundle.title) : std::string();
    c.weightsSource = source.weightsSource;
    c.engine = describe(facts.engine);
    c.licences = bundle.licences;
    c.notes = bundle.notes;
    return c;
}

Json provenanceOf(const NetSource& source, const ExportFacts& facts, const Context& context)
{
    const auto bundle = bundleOf(source);
    Json measured = nullptr;
    if (const auto& m = facts.measured)
        measured = {{"top1Percent", toJson(m->top1Percent)}, {"top5Percent", toJson(m->top5Percent)}, {"images", m->images}, {"split", m->split}};
    return {{"schema", "paretoscope.export/1"}, {"program", kProgram}, {"space", {{"id", source.space().id}, {"title", source.space().title}}},
        {"subnet", toJson(source.space(), facts.subnet)}, {"bundle", source.bundle ? Json{{"id", bundle.id}, {"title", bundle.title}} : Json(nullptr)},
        {"weights", source.weightsSource}, {"recalibrationImages", facts.recalibrationImages}, {"seed", context.seed}, {"dataSet", dataJson(facts)}, {"measured", std::move(measured)},
        {"preprocessing", preprocessingJson(facts.preprocessing)}, {"engine", {{"library", facts.engine.library}, {"device", facts.engine.device}, {"threads", facts.engine.threads}}},
        {"licences", licencesJson(bundle)}, {"notes", bundle.notes}, {"warnings", facts.warnings}};
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/modelcard.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

Json layerJson(const CardLayer& l)
{
    return {{"name", l.name}, {"blocks", l.blocks}, {"kernels", l.kernels}, {"expansions", plainNumbers(l.expansions)}, {"channels", l.channels}, {"stride", l.stride},
        {"inputSize", l.inputSize}, {"outputSize", l.outputSize}, {"macs", l.macs}, {"params", l.params}};
}

Json measurementJson(const CardMeasurement& m)
{
    Json classes = Json::array();
    for (const auto& c : m.classes)
        classes.push_back({{"name", c.name}, {"images", c.images}, {"correct", c.correct},
            {"top1Percent", c.images ? toJson(accuracyEstimate(c.correct, c.images, "counted")) : toJson(CardFigure{{}, "no image of this class was evaluated"})}});
    return {{"top1Percent", toJson(m.top1Percent)}, {"top5Percent", toJson(m.top5Percent)}, {"images", m.images}, {"dataSet", m.dataSet}, {"split", m.split},
        {"classes", std::move(classes)}};
}

Json trainingJson(const std::optional<TrainingRecord>& training)
{
    const auto figure = [&](const std::optional<Estimate>& e) { return toJson(CardFigure{e, e ? "" : "not stated by the source"}); };
    return {{"description", training ? Json(training->description) : Json(nullptr)}, {"source", training ? Json(training->source) : Json(nullptr)},
        {"energyKwh", figure(training ? training->energyKwh : std::nullopt)}, {"co2eKg", figure(training ? training->co2eKg : std::nullopt)}};
}

Json inputJson(const ModelCard& c)
{
    Json j{{"shape", {nullptr, c.inputChannels, c.resolution, c.resolution}}, {"order", "images, channels, height, width"}, {"dtype", "float32"},
        {"channels", c.inputChannels == 3 ? "red, green, blue" : "grey"}, {"mean", nullptr}, {"std", nullptr}, {"evaluationCrop", nullptr}};
    if (const auto& p = c.preprocessing) {
        j["mean"] = plainNumbers(p->mean);
        j["std"] = plainNumbers(p->deviation);
        j["evaluationCrop"] = plainNumber(p->evaluationCrop);
    }
    j["text"] = expectedInput(c);
    return j;
}

Json provenanceJson(const ModelCard& c)
{
    Json licences = Json::array();
    for (const auto& l : c.licences)
        licences.push_back({{"what", l.what}, {"licence", l.licence}, {"source", l.source}});
    return {{"program", c.program}, {"bundle", c.bundle.empty() ? Json(nullptr) : Json(c.bundle)}, {"weights", c.weightsSource}, {"engine", c.engine}, {"licences", std::move(licences)}, {"notes", c.notes}};
}

} // namespace

std::vector<CardLayer> cardLayers(const SubnetAccount& account)
{
    std::vector<CardLayer> layers;
    int stage = -1;
    for (const auto& b : account.blocks) {
        const bool goesOn = b.block.stage >= 0 && b.block.stage == stage;
        stage = b.block.stage;
        if (!goesOn)
            layers.push_back({stage >= 0 ? fmt::format("stage {}", stage + 1) : b.block.name, 0, {}, {}, 0, 1, b.inputSize, 0, 0, 0});
        auto& l = layers.back();
        ++l.blocks;
        if (b.block.slot >= 0) {
            l.kernels.push_back(b.block.kernel);
            l.expansions.push_back(b.block.expansion);
        } else if (b.block.type != BlockType::GlobalPool && b.block.type != BlockType::Linear) {
            l.kernels.push_back(b.block.kernel);
        }
        l.channels = b.block.out;
        l.stride *= b.block.type == BlockType::GlobalPool ? 1 : b.block.stride;
        l.outputSize = b.outputSize;
        l.macs += b.account.macs;
        l.params += b.account.params;
    }
    return layers;
}

Json toJson(const CardFigure& f)
{
    if (f.estimate)
        return toJson(*f.estimate);
    return {{"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"kind", nullptr}, {"source", nullptr}, {"reason", f.reason}};
}

CardFigure cardFigureFrom(const JsonView& view)
{
    if (view.has("value"))
        return {estimateFromJson(view), {}};
    return {std::nullopt, view.at("reason").string()};
}

Json toJson(const ModelCard& c)
{
    Json layers = Json::array(), devices = Json::array(), files = Json::array(), loading = Json::object();
    for (const auto& l : c.layers)
        layers.push_back(layerJson(l));
    for (const auto& d : c.devices)
        devices.push_back({{"device", d.id}, {"title", d.title}, {"batch", d.batch},
            {"figures", {{"latencyMs", toJson(d.latencyMs)}, {"energyJ", toJson(d.energyJ)}, {"co2eGPerMillion", toJson(d.co2eGPerMillion)}}}, {"warnings", d.warnings}});
    for (const auto& f : c.files) {
        files.push_back(toJson(f));
        if (const auto snippet = loadingSnippet(f.name, c); !snippet.empty())
            loading[f.name] = snippet;
    }
    return {{"schema", kCardSchema}, {"title", c.title}, {"space", {{"id", c.spaceId}, {"title", c.spaceTitle}}}, {"subnet", c.subnet}, {"classes", c.classes},
        {"macs", c.account.macs}, {"params", c.account.params}, {"weightBytes", c.account.weightBytes()}, {"peakActivationBytes", c.account.peakActivationBytes},
        {"layers", std::move(layers)},
        {"accuracy", {{"predicted", {{"top1Percent", toJson(c.predictedTop1Percent)}, {"top1CorrectedPercent", toJson(c.correctedTop1Percent)}}},
                         {"measured", c.measured ? measurementJson(*c.measured) : Json(nullptr)}, {"recalibrationImages", c.recalibrationImages}}},
        {"devices", std::move(devices)},
        {"carbon", {{"gPerKwh", toJson(c.gPerKwh)}, {"assumptions", c.assumptions}, {"supernetTraining", trainingJson(c.training)}}}, {"input", inputJson(c)},
        {"loading", std::move(loading)}, {"files", std::move(files)}, {"warnings", c.warnings}, {"provenance", provenanceJson(c)}};
}

} // namespace paretoscope

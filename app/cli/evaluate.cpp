// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures.h"
#include "netargument.h"
#include "subnetargument.h"

#include <fmt/format.h>

#include <chrono>

namespace paretoscope::cli {

namespace {

struct Options {
    NetOptions net;
    DataOptions data;
    std::string subnet, split = "test";
    std::optional<int> resolution;
    std::size_t recalibrate = 0;
    std::size_t batch = 100;
};

Json classesJson(const Evaluation& e)
{
    Json classes = Json::array();
    for (const auto& c : e.classes)
        classes.push_back({{"name", c.name}, {"images", c.images}, {"correct", c.correct}});
    return classes;
}

std::string forPeople(const Options& o, const Evaluation& e, const Json& top1, const Json& top5, std::size_t recalibrated)
{
    auto text = fmt::format("top-1 {}\ntop-5 {}\n{} {} images, {}\n", shown(top1, "%"), shown(top5, "%", 1, false), e.images, o.split,
        recalibrated ? fmt::format("batch norm recalibrated on {} training images", recalibrated) : "batch norm as it is in the weights");
    for (const auto& c : e.classes)
        if (c.images > 0 && e.classes.size() <= 100)
            text += fmt::format("  {:<24} {:6.2f} % of {}\n", c.name, 100.0 * static_cast<double>(c.correct) / static_cast<double>(c.images), c.images);
    return text;
}

void evaluateSubnet(const Context& context, const Options& o)
{
    const auto source = openNetSource(context, o.net, true);
    const auto subnet = subnetFromArgument(o.subnet, *source.parts, o.resolution, context, ResolutionRule::Any);
    const auto preprocessing = preprocessingOf(source);
    std::vector<std::string> notes;
    const auto splits = openDataArgument(context, o.data, source, notes);
    const auto& images = imagesOfSplit(splits, o.split);
    for (const auto& n : notes)
        context.note("note: " + n);

    const auto engine = openEngineArgument(context, o.net);
    const auto net = engine->supernet(source.parts, *source.weights, NetPrecision::Float32)->extract(subnet);
    const auto recalibrated = o.recalibrate ? recalibrateOn(context, *net, splits, source, o.recalibrate) : 0;
    if (!recalibrated && !isLargest(source.space(), subnet)) {
        notes.push_back("without --recalibrate N the statistics of batch norm are those of another subnet, and accuracy may collapse");
        context.note("note: " + notes.back());
    }

    const auto begin = std::chrono::steady_clock::now();
    const auto result = evaluateOn(context, *net, images, preprocessing, o.batch);
    const double imagesPerSecond = static_cast<double>(result.images) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto origin = fmt::format("{} images of {}", o.split, o.data.data);
    const auto top1 = toJson(accuracyEstimate(result.top1, result.images, origin)), top5 = toJson(accuracyEstimate(result.top5, result.images, origin));
    if (!context.json) {
        context.print(forPeople(o, result, top1, top5, recalibrated));
        return;
    }
    context.print(Json{{"subnet", toJson(source.space(), subnet)}, {"split", o.split}, {"top1Percent", top1}, {"top5Percent", top5}, {"images", result.images},
        {"recalibrationImages", recalibrated}, {"imagesPerSecond", imagesPerSecond}, {"classes", classesJson(result)}, {"notes", notes}, {"weights", source.weightsSource}, {"engine", engine->facts().library}});
}

} // namespace

void addEvaluate(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("evaluate", "Measure the accuracy of a subnet on images");
    addNetOptions(*command, o->net, true);
    command->add_option("--subnet", o->subnet, kSubnetHelp)->required();
    command->add_option("--resolution", o->resolution, "Another input resolution, in pixels")->check(CLI::Range(1, 65535));
    addDataOptions(*command, o->data, true);
    command->add_option("--split", o->split, "Which images")->check(CLI::IsMember({"test", "validation", "train"}))->capture_default_str();
    command->add_option("--recalibrate", o->recalibrate, "Training images on which the statistics of batch norm are computed anew; 0: none (published: 2000)")->check(CLI::Range(0, 1 << 30));
    command->add_option("--batch", o->batch, "Images at once")->check(CLI::Range(1, 65536))->capture_default_str();
    command->callback([o, &context] { evaluateSubnet(context, *o); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "netargument.h"

#include "bundleargument.h"

#include "base/progress.h"
#include "bundle/import.h"
#include "bundle/shipped.h"
#include "checkpoint/supernetweights.h"
#include "space/spacejson.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace paretoscope::cli {

namespace {

constexpr std::size_t kMostValidationImages = 10'000;

} // namespace

int loaderThreads(const Context& context) { return context.threads > 0 ? context.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

void addNetOptions(CLI::App& command, NetOptions& options, bool weights)
{
    auto* source = command.add_option_group("net");
    source->add_option("--bundle", options.bundle, kBundleHelp);
    auto* space = source->add_option("--space", options.space, "Id of a built-in space, or a space file");
    source->require_option(1);
    if (weights)
        command.add_option("--weights", options.weights, "Weights of its supernet: .pth of either format, or .safetensors")->needs(space);
    command.add_option("--compute", options.compute, "Where nets run: auto (CUDA where it is there), cpu, cuda")->check(CLI::IsMember({"auto", "cpu", "cuda"}))->capture_default_str();
}

NetSource openNetSource(const Context& context, const NetOptions& options, bool needWeights)
{
    NetSource source;
    if (!options.bundle.empty()) {
        source.bundle = openBundleArgument(context, options.bundle);
        source.parts = source.bundle->parts;
        source.weights = source.bundle->weights;
        source.weightsSource = source.bundle->weightsSource;
        if (needWeights && !source.weights)
            throw ValueError({options.bundle, "the bundle holds no weights", {},
                fmt::format("a bundle with weights: paretoscope-cli bundle attach {} --weights CHECKPOINT --out NEW_BUNDLE", options.bundle)});
        return source;
    }
    source.parts = std::make_shared<const Parts>(openSpace(options.space));
    if (!options.weights.empty()) {
        std::vector<std::string> filled;
        source.weights = fitToSupernet(readWeights(options.weights), source.space(), options.weights, &filled);
        const auto transforms = std::count_if(filled.begin(), filled.end(), [](const auto& name) { return name.ends_with("_matrix"); });
        if (transforms)
            context.note(fmt::format("note: {} kernel transforms are absent from {} and are the identity", transforms, options.weights));
        source.weightsSource = provenance(options.weights);
    } else if (needWeights) {
        throw ValueError({options.space, "a space alone has no weights", {}, "--weights CHECKPOINT, or --bundle"});
    }
    return source;
}

std::unique_ptr<Engine> openEngineArgument(const Context& context, const NetOptions& options, int threads)
{
    auto engine = openEngine({threads > 0 ? threads : context.threads, options.compute});
    for (const auto& w : engine->facts().warnings)
        context.note("warning: " + w);
    return engine;
}

Preprocessing preprocessingOf(const NetSource& source)
{
    const auto& space = source.space();
    const bool imageNet = space.inputChannels == 3 && space.classes == 1000;
    auto p = Preprocessing::imageNet();
    if (!imageNet)
        p.evaluationCrop = 0; // small images are taken whole
    const auto* facts = source.bundle && source.bundle->dataSet ? &*source.bundle->dataSet : nullptr;
    if (facts && !facts->mean.empty() && !facts->std.empty()) {
        p.mean = facts->mean;
        p.deviation = facts->std;
    } else if (!imageNet) {
        throw ValueError({source.bundle ? source.bundle->id : space.id, "it is not known how images are normalised", {}, "a bundle with \"mean\" and \"std\" under \"dataSet\""});
    }
    p.channels = space.inputChannels;
    p.check();
    return p;
}

Augmentation augmentationOf(const NetSource& source) { return source.space().inputChannels == 3 ? Augmentation::published() : Augmentation::smallGrey(); }

void addDataOptions(CLI::App& command, DataOptions& options, bool required)
{
    auto* data = command.add_option("--data", options.data, "Folder of the images: IDX, CIFAR-10/100, or a folder a class");
    if (required)
        data->required();
    command.add_option("--validation", options.validation, "Training images to hold out for validation; 0: as many as the training of the bundle held out, else a sixth, at most 10,000")->needs(data)->check(CLI::Range(0, 1 << 30));
}

DataSplits openDataArgument(const Context& context, const DataOptions& options, const NetSource& net, std::vector<std::string>& notes)
{
    const auto& space = net.space();
    ProgressReport progress(context);
    if (!progress.report("opening " + options.data, 0))
        throw Cancelled();
    const auto source = openDataSet(options.data);
    notes.insert(notes.end(), source.notes.begin(), source.notes.end());
    requireClasses(*source.train, space.classes);
    if (source.test)
        requireClasses(*source.test, space.classes);
    if (!source.test)
        notes.push_back("the data set has no test images of its own: as many training images as are held out for validation stand in for them, and whoever trained on all of them has seen these");
    const auto all = source.train->size();
    const auto held = net.bundle && net.bundle->dataSet ? net.bundle->dataSet->validationImages : 0;
    const auto validation = options.validation ? options.validation : held ? held : std::min(all / 6, kMostValidationImages);
    if (held && validation > held)
        notes.push_back(fmt::format("the training held out {} images: {} of these {} were trained on", held, validation - held, validation));
    return splitDataSet(source, {validation, source.test ? 0 : validation, kSplitSeed});
}

const DataSubset& imagesOfSplit(const DataSplits& splits, const std::string& split)
{
    const auto& images = split == "test" ? splits.test : split == "validation" ? splits.validation : splits.train;
    if (images.size() == 0)
        throw ValueError({"--split", fmt::format("the data set has no {} images", split), {}, "another of test, validation and train"});
    return images;
}

bool isLargest(const SearchSpace& space, Subnet subnet)
{
    subnet.resolution = space.largest().resolution;
    return subnet == space.largest();
}

RecalibrationOptions recalibrationOf(const Context& context, const DataSplits& splits, const NetSource& source, std::size_t count)
{
    return {splits.train, preprocessingOf(source), augmentationOf(source), count, context.seed, loaderThreads(context)};
}

std::size_t recalibrateOn(const Context& context, StaticNet& net, const DataSplits& splits, const NetSource& source, std::size_t count)
{
    ProgressReport progress(context);
    return recalibrate(net, recalibrationOf(context, splits, source, count), [&](const auto& step, double share) { return progress.report(step, share); });
}

Evaluation evaluateOn(const Context& context, const StaticNet& net, const DataSubset& images, const Preprocessing& preprocessing, std::size_t batch)
{
    ProgressReport progress(context);
    return evaluateNet(net, images, preprocessing, batch, loaderThreads(context), [&](const auto& step, double share) { return progress.report(step, share); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "netargument.h"

#include "base/file.h"
#include "base/sha256.h"
#include "engine/partialwork.h"
#include "predict/sampleplan.h"
#include "space/spacejson.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace paretoscope::cli {

namespace {

struct Options {
    NetOptions net;
    DataOptions data;
    std::string out, split = "validation";
    std::size_t recalibrate = 2000;
    std::size_t batch = 200;
    SamplePlan plan;
    bool resume = false;
};

/// All that must be the same for accuracies to belong together. Not the count: a longer plan begins with the shorter one.
Json identityOf(const NetSource& net, const Options& o, const DataSubset& images, const EngineFacts& facts)
{
    std::string content;
    for (const auto& [name, tensor] : net.weights->tensors())
        content += name + sha256(tensor.contiguousBytes());
    return {{"space", net.space().id}, {"weights", sha256(asBytes(content))}, {"seed", o.plan.seed}, {"calibration", o.plan.calibration}, {"heldOut", o.plan.heldOut},
        {"images", images.size()}, {"fingerprint", fingerprint(images)}, {"split", o.split}, {"recalibrate", o.recalibrate}, {"library", facts.library}, {"device", facts.device}};
}

/// What is known of the samples so far: how many images each net got right.
class Measured {
public:
    Measured(const Options& o, Json identity, std::size_t images)
        : m_work(partialPath(o.out), "sampling", "correct", std::move(identity), o.resume, [&](const JsonView& v) { m_correct.push_back(static_cast<std::size_t>(v.integer(0, static_cast<std::int64_t>(images)))); })
    {
    }
    std::size_t size() const { return m_correct.size(); }
    std::size_t operator[](std::size_t i) const { return m_correct[i]; }
    void add(std::size_t correct)
    {
        m_correct.push_back(correct);
        m_work.add(correct);
    }
    void save() { m_work.save(); }

private:
    std::vector<std::size_t> m_correct; // before the work, which fills it
    PartialWork m_work;
};

struct Setup {
    const NetSource& net;
    const DataSplits& splits;
    const DataSubset& images;
    const Supernet& supernet;
};

void measureAll(const Context& context, const Options& o, const Setup& setup, const std::vector<Sample>& plan, Measured& measured)
{
    const auto recalibration = recalibrationOf(context, setup.splits, setup.net, o.recalibrate);
    const auto preprocessing = preprocessingOf(setup.net);
    ProgressReport progress(context);
    while (measured.size() < plan.size()) {
        const auto done = measured.size();
        const auto onStep = [&](const std::string&, double) {
            return progress.report(fmt::format("measuring net {} of {}", done + 1, plan.size()), static_cast<double>(done) / static_cast<double>(plan.size()));
        };
        const auto net = setup.supernet.extract(plan[done].subnet);
        if (o.recalibrate)
            recalibrate(*net, recalibration, onStep);
        measured.add(evaluateNet(*net, setup.images, preprocessing, o.batch, loaderThreads(context), onStep).top1);
    }
}

void sampleSubnets(const Context& context, const Options& o)
{
    const auto source = openNetSource(context, o.net, true);
    auto plan = planSamples(source.parts, o.plan);
    samplesCsv(source.space(), plan); // says at once where the space does not fit the columns
    std::vector<std::string> notes;
    const auto splits = openDataArgument(context, o.data, source, notes);
    for (const auto& n : notes)
        context.note("note: " + n);
    const auto& images = imagesOfSplit(splits, o.split);
    const auto engine = openEngineArgument(context, o.net);
    const auto supernet = engine->supernet(source.parts, *source.weights, NetPrecision::Float32);

    Measured measured(o, identityOf(source, o, images, engine->facts()), images.size());
    const auto begin = std::chrono::steady_clock::now();
    const auto before = measured.size();
    try {
        measureAll(context, o, {source, splits, images, *supernet}, plan, measured);
    } catch (const Cancelled&) {
        measured.save();
        context.note(fmt::format("paretoscope-cli: interrupted; {} of {} nets are measured and kept in {}: --resume goes on", measured.size(), plan.size(), partialPath(o.out).string()));
        throw ExitWith{kInterrupted};
    } catch (...) {
        measured.save();
        throw;
    }
    for (std::size_t i = 0; i < plan.size(); ++i)
        plan[i].top1Percent = 100.0 * static_cast<double>(measured[i]) / static_cast<double>(images.size());
    writeFileAtomically(o.out, std::string_view(samplesCsv(source.space(), plan)));
    if (measured.size() == plan.size()) // a longer plan may still go on from more
        std::filesystem::remove(partialPath(o.out));

    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto [low, high] = std::minmax_element(plan.begin(), plan.end(), [](const Sample& a, const Sample& b) { return a.top1Percent < b.top1Percent; });
    const auto count = [&](const char* mark) { return std::count_if(plan.begin(), plan.end(), [&](const Sample& s) { return s.split == mark; }); };
    if (context.json)
        context.print(Json{{"out", o.out}, {"samples", plan.size()}, {"images", images.size()}, {"recalibrationImages", o.recalibrate}, {"train", count(kTrainMark)}, {"calibration", count(kCalibrationMark)}, {"heldOut", count(kHeldOutMark)},
            {"lowestTop1Percent", low->top1Percent}, {"highestTop1Percent", high->top1Percent}, {"secondsPerNet", plan.size() > before ? Json(seconds / static_cast<double>(plan.size() - before)) : Json(nullptr)}});
    else
        context.print(fmt::format("{}: {} nets on {} {} images, top-1 {:.2f} to {:.2f} %\n  {} to train on, {} to calibrate on, {} held out\n", o.out, plan.size(), images.size(), o.split, low->top1Percent, high->top1Percent, count(kTrainMark), count(kCalibrationMark), count(kHeldOutMark)));
}

} // namespace

void addSample(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("sample", "Measure the accuracy of many subnets, for predictors to be fitted to");
    addNetOptions(*command, o->net, true);
    addDataOptions(*command, o->data, true);
    command->add_option("--count", o->plan.count, "Subnets, spread over resolutions and MACs")->required()->check(CLI::Range(1, 10'000'000));
    command->add_option("--out", o->out, "CSV to write")->required();
    command->add_option("--split", o->split, "Images to measure on; those of the test are better kept for final figures")->check(CLI::IsMember({"validation", "test"}))->capture_default_str();
    command->add_option("--recalibrate", o->recalibrate, "Training images on which the statistics of batch norm are computed anew, for each subnet; 0: none")->check(CLI::Range(0, 1 << 30))->capture_default_str();
    command->add_option("--calibration", o->plan.calibration, "Share of the samples that is marked for the bands of a predictor")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command->add_option("--held-out", o->plan.heldOut, "Share that is marked for its error")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command->add_option("--batch", o->batch, "Images at once")->check(CLI::Range(1, 65536))->capture_default_str();
    command->add_flag("--resume", o->resume, "Go on with what an interrupted run has left beside --out");
    command->callback([o, &context] {
        o->plan.seed = context.seed;
        sampleSubnets(context, *o);
    });
}

} // namespace paretoscope::cli

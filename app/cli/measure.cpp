// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures.h"
#include "netargument.h"
#include "subnetargument.h"

#include "engine/measure.h"
#include "engine/processortime.h"

#include <fmt/format.h>

namespace paretoscope::cli {

namespace {

constexpr double kNoisyPercent = 10;

struct Options {
    NetOptions net;
    std::string subnet;
    std::optional<int> resolution;
    int batch = 1;
    double seconds = 2;
};

void measure(const Context& context, const Options& o)
{
    const auto source = openNetSource(context, o.net, false);
    const auto subnet = subnetFromArgument(o.subnet, *source.parts, o.resolution, context, ResolutionRule::Any);
    // A single image gains nothing from a second thread, mostly it loses.
    const auto engine = openEngineArgument(context, o.net, context.threads == 0 && o.batch == 1 ? 1 : 0);
    const auto facts = engine->facts();
    const auto weights = source.weights ? *source.weights : engine->initialWeights(*source.parts, 1);
    auto run = engine->supernet(source.parts, weights, NetPrecision::Float32)->extract(subnet)->freeze()->timed(o.batch, subnet.resolution);
    const bool ownTime = facts.threads == 1 && facts.device == "cpu"; // the same clock as that of profile
    if (ownTime)
        run = withoutPreemption(std::move(run));

    ProgressReport progress(context);
    MeasureOptions options;
    options.seconds = o.seconds;
    options.onStep = [&](const auto& step, double share) { return progress.report(step, share); };
    const auto m = measureLatency(*run, options);
    const auto latency = toJson(m.estimate(fmt::format("median and 5th to 95th percentile of {} runs on this computer: {}, {}, {} thread{}, batch {}, frozen graph{}", m.repeats,
        facts.library, facts.device, facts.threads, facts.threads == 1 ? "" : "s", o.batch, ownTime ? "; time in which the processor served other programs is not counted" : "")));
    std::vector<std::string> warnings;
    if (m.spreadPercent() > kNoisyPercent)
        warnings.push_back(fmt::format("the middle half of the runs spreads over {:.0f} % of the median: the computer was doing something else", m.spreadPercent()));
    if (!context.json) {
        auto text = fmt::format("{}\nlatency {}\n  quartiles {:.4g} and {:.4g} ms, fastest {:.4g} ms, {} runs after {} to warm up\n", toJson(source.space(), subnet).dump(),
            shown(latency, "ms"), m.q1Ms, m.q3Ms, m.fastestMs, m.repeats, m.warmUps);
        for (const auto& w : warnings)
            text += "warning: " + w + "\n";
        context.print(text);
        return;
    }
    context.print(Json{{"subnet", toJson(source.space(), subnet)}, {"latencyMs", latency}, {"batch", o.batch}, {"threads", facts.threads}, {"repeats", m.repeats},
        {"warmUps", m.warmUps}, {"quartilesMs", {m.q1Ms, m.q3Ms}}, {"fastestMs", m.fastestMs}, {"spreadPercent", m.spreadPercent()}, {"device", facts.device},
        {"engine", facts.library}, {"initialisedWeights", !source.weights.has_value()}, {"warnings", warnings}});
}

} // namespace

void addMeasure(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("measure", "Measure the latency of a subnet on this computer");
    addNetOptions(*command, o->net, true);
    command->add_option("--subnet", o->subnet, kSubnetHelp)->required();
    command->add_option("--resolution", o->resolution, "Another input resolution, in pixels")->check(CLI::Range(1, 65535));
    command->add_option("--batch", o->batch, "Images at once; the latency is that of the whole batch")->check(CLI::Range(1, 1 << 20))->capture_default_str();
    command->add_option("--seconds", o->seconds, "How long to measure, at least 30 runs")->check(CLI::Range(0.01, 3600.0))->capture_default_str();
    command->footer("--threads: threads of one operator; by default 1 for a single image, else all processors.");
    command->callback([o, &context] { measure(context, *o); });
}

} // namespace paretoscope::cli

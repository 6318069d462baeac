// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "deviceoptions.h"
#include "netargument.h"

#include "base/file.h"
#include "base/progress.h"
#include "carbon/cpuestimate.h"
#include "carbon/deviceenergy.h"
#include "engine/profile.h"
#include "engine/partialwork.h"
#include "space/subnetjson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace paretoscope::cli {

namespace {

struct Options {
    NetOptions net;
    DeviceOptions device;
    std::vector<int> resolutions;
    int batch = 1, nets = ProfileOptions().nets, rounds = TimingOptions().mostRounds;
    bool resume = false;
};

ProfileOptions profileOptions(const Context& context, const Options& o, ProgressReport& progress)
{
    ProfileOptions p;
    p.resolutions = o.resolutions;
    p.batch = o.batch;
    p.nets = o.nets;
    p.timing.mostRounds = o.rounds;
    p.seed = context.seed;
    p.processor = readCpuFacts(*systemFiles(), "/").model;
    p.partial = partialPath(o.device.out);
    p.resume = o.resume;
    p.onStep = [&progress](const std::string& step, double share) { return progress.report(step, share); };
    return p;
}

/// What was measured before an interruption is kept; the line that says so stands in for the usual one.
Profile profileOrKeep(const Context& context, const ProfileSource& source, const NetSource& net, const ProfileOptions& options)
{
    try {
        return profile(source, net.parts, options);
    } catch (const Cancelled&) {
        context.note(fmt::format("paretoscope-cli: interrupted; what was measured is kept in {}: --resume goes on with it", options.partial.string()));
        throw ExitWith{kInterrupted};
    }
}

Json correctionJson(const Validation& v)
{
    if (!v.correction)
        return nullptr;
    return {{"fixedMs", v.correction->fixedMs}, {"factor", v.correction->factor}, {"without", errorJson(*v.plainError)}};
}

Json netsJson(const SearchSpace& space, const std::vector<MeasuredNet>& nets)
{
    Json list = Json::array();
    for (const auto& n : nets)
        list.push_back({{"subnet", toJson(space, n.subnet)}, {"measuredMs", n.measuredMs}, {"predictedMs", n.predictedMs}});
    return list;
}

Json resultJson(const Profile& p, const NetSource& net, const EngineFacts& facts, const std::string& out, const DeviceEnergy& energy)
{
    const auto& d = p.device;
    const auto& v = p.validation;
    return {{"out", out}, {"id", d.id}, {"title", d.title}, {"space", d.spaceId}, {"resolutions", d.resolutions()}, {"blocks", p.blocks}, {"rounds", p.rounds},
        {"discardedRounds", p.discardedRounds}, {"nets", v.nets.size()}, {"error", v.error ? errorJson(*v.error) : Json(nullptr)}, {"correction", correctionJson(v)},
        {"warnings", d.warnings}, {"noise", {{"scatterPercent", p.scatterPercent}, {"slowestPercent", p.slowestPercent}}}, {"conditions", toJson(d)["conditions"]},
        {"engine", {{"library", facts.library}, {"device", facts.device}, {"threads", facts.threads}}}, {"measured", netsJson(net.space(), v.nets)},
        {"energy", energy.model ? Json(nullptr) : Json(energy.reason)}};
}

std::string forPeople(const Profile& p, const std::string& out, const DeviceEnergy& energy)
{
    const auto& d = p.device;
    auto text = fmt::format("{}: {} ({}), space {} at {}\n  {} distinct blocks and {} whole nets, {} rounds; half of the times of the same work span {:.1f} %\n", out, d.id, d.title,
        d.spaceId, fmt::join(d.resolutions(), ", "), p.blocks, p.validation.nets.size(), p.rounds, p.scatterPercent);
    if (p.validation.error)
        text += "  sums of blocks against whole nets:" + errorForPeople(*p.validation.error);
    if (const auto& c = p.validation.correction)
        text += fmt::format("  corrected: {}; without:{}", describe(*c), errorForPeople(*p.validation.plainError));
    for (const auto& w : d.warnings)
        text += "  warning: " + w + "\n";
    return text + (energy.model ? "" : "energy: " + energy.reason + "\n");
}

void runProfile(const Context& context, const Options& o)
{
    checkDeviceOptions(o.device);
    const auto net = openNetSource(context, o.net, false);
    // One thread unless asked for more: inference of single images is fastest so.
    const auto engine = openEngineArgument(context, o.net, std::max(1, context.threads));
    ProgressReport progress(context);
    const auto options = profileOptions(context, o, progress);
    const auto source = profileSource(*engine, net.parts, net.weights ? *net.weights : engine->initialWeights(*net.parts, context.seed), o.batch);
    auto p = profileOrKeep(context, source, net, options);
    applyDeviceOptions(o.device, p.device);
    writeFileAtomically(o.device.out, std::string_view(printJson(toJson(p.device))));
    finishProfile(options);
    const auto energy = energyOf(p.device);
    context.json ? context.print(resultJson(p, net, source.facts, o.device.out, energy)) : context.print(forPeople(p, o.device.out, energy));
}

} // namespace

void addProfile(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("profile", "Measure this computer as a device: the latency of every block of a space, checked against whole nets. One thread unless --threads says otherwise");
    addNetOptions(*command, o->net, false);
    addDeviceOptions(*command, o->device);
    command->add_option("--resolutions", o->resolutions, "Resolutions to profile; all of the space unless given")->delimiter(',')->check(CLI::Range(1, 65535));
    command->add_option("--batch", o->batch, "Images at once; the latency is that of the whole batch")->check(CLI::Range(1, 4096))->capture_default_str();
    command->add_option("--nets", o->nets, "Whole nets to check with, spread over resolutions and costs; 0: none")->check(CLI::Range(0, 10'000))->capture_default_str();
    command->add_option("--rounds", o->rounds, "At most this many rounds, in each of which everything runs once; fewer where the times are sure before")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    command->add_flag("--resume", o->resume, "Go on with what an interrupted profile has left beside --out");
    command->callback([o, &context] { runProfile(context, *o); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "netargument.h"
#include "trainrun.h"

#include "base/sha256.h"
#include "engine/training.h"
#include "space/spacejson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace paretoscope::cli {

namespace {

namespace fs = std::filesystem;

constexpr double kGPerKg = 1000;

struct Options {
    std::string config, data, out, resume, compute = "auto";
    TrackerArguments tracker;
    bool forecast = false;
};

/// The tracker's latest report, written on its thread and read on ours.
class EnergySoFar {
public:
    void set(const RunReport& report)
    {
        const std::lock_guard lock(m_mutex);
        m_report = report;
    }
    RunReport get() const
    {
        const std::lock_guard lock(m_mutex);
        return m_report;
    }

private:
    mutable std::mutex m_mutex;
    RunReport m_report;
};

struct Prepared {
    std::shared_ptr<const Parts> parts;
    DataSplits data;
    Preprocessing preprocessing;
    std::string images; // fingerprint
};

Prepared prepare(const Context& context, const RunSettings& settings)
{
    const auto& config = settings.config;
    const auto& dataFolder = settings.data;
    Prepared p;
    p.parts = std::make_shared<const Parts>(openSpace(config.space));
    checkTrainingConfig(config, p.parts->space());
    Bundle described; // what is wrong there must not come to light when a phase has been trained
    described.parts = p.parts;
    describeBundle(described, JsonView(config.about, "about"));
    ProgressReport progress(context);
    progress.report("opening " + dataFolder, 0);
    const auto source = openDataSet(dataFolder);
    for (const auto& n : source.notes)
        context.note("note: " + n);
    requireClasses(*source.train, p.parts->space().classes);
    if (!config.imageSize.empty()) {
        Image scratch;
        const auto image = source.train->image(0, scratch);
        if (image.height != config.imageSize[0] || image.width != config.imageSize[1])
            throw ValueError({dataFolder, "the images have another size than the configuration is made for", fmt::format("{} x {}", image.height, image.width), fmt::format("{} x {}", config.imageSize[0], config.imageSize[1])});
    }
    p.data = splitDataSet(source, {config.validationImages, source.test ? 0 : config.validationImages, kSplitSeed});
    p.images = fingerprint(p.data.train);
    if (!settings.images.empty() && settings.images != p.images)
        throw ValueError({dataFolder, "the run was begun with other images", {}, "the folder that it began with, or one that holds the same; --data FOLDER"});
    const auto statistics = channelStatistics(p.data.train, p.parts->space().inputChannels);
    p.preprocessing.channels = p.parts->space().inputChannels;
    p.preprocessing.mean = statistics.mean;
    p.preprocessing.deviation = statistics.deviation;
    p.preprocessing.check();
    return p;
}

Estimate scaled(Estimate e, double factor)
{
    e.value *= factor;
    if (e.low)
        *e.low *= factor;
    if (e.high)
        *e.high *= factor;
    return e;
}

std::string digestOf(const TrainingConfig& config) { return sha256(asBytes(printJson(toJson(config)))); }

class Run {
public:
    Run(const Context& context, const RunSettings& settings, RunFolder& folder, std::optional<TrainingState> state)
        : m_context(context)
        , m_settings(settings)
        , m_folder(folder)
        , m_prepared(prepare(context, settings))
        , m_engine(openEngine({context.threads ? context.threads : settings.threads, settings.compute}))
        , m_tracker(metersOf(settings.tracker), trackerOptions(), systemFiles(), "/", systemClock(), reportBefore(state))
        , m_training(*m_engine, {settings.config, m_prepared.parts, m_prepared.data, m_prepared.preprocessing, folder.checkpoint(), 1}, std::move(state))
    {
        for (const auto& w : m_engine->facts().warnings)
            context.note("warning: " + w);
        m_tracker.start();
    }

    const std::vector<PhaseCost>& measure()
    {
        ProgressReport progress(m_context);
        const auto& phases = m_settings.config.phases;
        m_tracker.phase("measuring");
        const auto& costs = m_training.measureCosts([&](std::size_t i) { return progress.report("measuring how long a step of " + phases[i].name + " takes", static_cast<double>(i) / static_cast<double>(phases.size())); });
        m_tracker.sample();
        return costs;
    }

    void train()
    {
        TrainingHost host;
        ProgressReport progress(m_context);
        host.onProgress = [&](const TrainingProgress& p) { return onProgress(p, progress); };
        host.state = [&] { return toJson(m_tracker.state()); };
        host.onPhaseBegin = [&](std::size_t i) { m_tracker.phase(m_settings.config.phases[i].name); };
        host.onEpoch = [&](const EpochRecord& e) { onEpoch(e); };
        host.onPhaseEnd = [&](std::size_t i, const StateDict& weights) { onPhaseEnd(i, weights); };
        try {
            m_training.run(host);
        } catch (const Cancelled&) {
            finish();
            if (m_overBudget) {
                const auto r = m_tracker.state();
                throw ValueError({"--budget", "the carbon budget is used up", estimateText(r.co2eG, "g CO2e"), fmt::format("at most {} g; --resume {} with a larger --budget goes on", plainText(*r.budgetCo2eG, 3), m_folder.path().string())});
            }
            m_context.note(fmt::format("paretoscope-cli: interrupted; --resume {} goes on", m_folder.path().string()));
            throw ExitWith{kInterrupted};
        } catch (...) {
            try {
                finish();
            } catch (const Error&) { // what went wrong first is what the user must know
            }
            throw;
        }
        finish();
    }

    RunReport energy() const { return m_tracker.state(); }
    const std::string& images() const { return m_prepared.images; }
    const Training& training() const { return m_training; }
    const Engine& engine() const { return *m_engine; }

    /// Of the whole run, with what is done.
    Forecast forecast(double secondsLeft) const
    {
        const auto r = m_tracker.state();
        return forecastProgress(std::max(r.energyKwh.value, 1e-12), std::max(r.durationS, 1e-3), r.durationS > 0 ? r.durationS / (r.durationS + secondsLeft) : 1);
    }

private:
    TrackerOptions trackerOptions()
    {
        auto t = trackerOptionsOf(m_context, m_settings.tracker);
        t.project = "paretoscope";
        t.command = "train " + (m_settings.config.dataSet.empty() ? m_settings.config.space : m_settings.config.dataSet);
        t.onBudget = [this](const RunReport&) { m_overBudget = true; };
        t.onSample = [this](const RunReport& r) { m_energy.set(r); };
        return t;
    }

    static std::optional<RunReport> reportBefore(const std::optional<TrainingState>& state)
    {
        if (!state || state->host.is_null())
            return std::nullopt;
        auto r = runReportFromJson(JsonView(state->host, "checkpoint: energy"));
        r.budgetReached = false; // said then: the budget of this session is watched anew
        return r;
    }

    bool onProgress(const TrainingProgress& p, ProgressReport& progress)
    {
        const auto& phase = m_settings.config.phases[p.phase];
        m_secondsLeft = p.secondsLeft;
        const auto r = m_energy.get();
        const Json more{{"phase", phase.name}, {"epoch", p.epoch + 1}, {"epochs", phase.totalEpochs()}, {"batch", p.batch}, {"batches", p.batches}, {"loss", p.loss}, {"secondsLeft", p.secondsLeft}, {"energyKwh", r.energyKwh.value}, {"co2eG", r.co2eG.value}};
        const auto step = fmt::format("{}: {} {}/{}, loss {:.3f}, {} left", phase.name, p.doing, p.epoch + 1, phase.totalEpochs(), p.loss, duration(p.secondsLeft));
        return progress.report(step, p.share, more) && !m_overBudget;
    }

    static std::string duration(double seconds)
    {
        return seconds >= 5400 ? fmt::format("{:.1f} h", seconds / 3600) : seconds >= 90 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.0f} s", seconds);
    }

    void onEpoch(const EpochRecord& e)
    {
        m_tracker.epochDone();
        const auto r = m_tracker.state();
        m_folder.writeEpochs(m_training.state());
        m_folder.writeEnergy(r);
        const auto& phase = m_settings.config.phases[e.phase];
        auto text = fmt::format("{} {}/{}: loss {:.4f}", phase.name, e.epoch + 1, phase.totalEpochs(), e.sums.loss / static_cast<double>(e.sums.steps));
        for (const auto& a : e.accuracies)
            text += fmt::format(", {} {:.2f} %", a.which, 100.0 * static_cast<double>(a.correct) / static_cast<double>(a.images));
        const auto whole = forecast(m_secondsLeft);
        m_context.note(text + fmt::format("; {} left; {:.4g} kWh, forecast {:.4g} ({:.4g}-{:.4g}); {:.4g} g CO2e, forecast {:.4g}", duration(m_secondsLeft), r.energyKwh.value, whole.energyKwh.value, whole.energyKwh.low.value_or(0),
            whole.energyKwh.high.value_or(0), r.co2eG.value, whole.energyKwh.value * r.intensityGPerKwh.value));
    }

    void onPhaseEnd(std::size_t i, const StateDict& weights)
    {
        m_tracker.sample();
        const auto r = m_tracker.state();
        const auto& phases = m_settings.config.phases;
        Bundle b;
        b.id = m_settings.config.space;
        b.parts = m_prepared.parts;
        describeBundle(b, JsonView(m_settings.config.about, "about"));
        b.dataSet = DataSetFacts{m_settings.config.dataSet, m_prepared.preprocessing.mean, m_prepared.preprocessing.deviation, m_settings.config.validationImages};
        std::vector<std::string> done;
        for (std::size_t k = 0; k <= i; ++k)
            done.push_back(fmt::format("{} ({} epoch{})", phases[k].name, phases[k].totalEpochs(), phases[k].totalEpochs() == 1 ? "" : "s"));
        TrainingRecord record;
        record.description = fmt::format("Trained from scratch with {}, progressive shrinking in {} of {} phases: {}; {} images, {} held out", m_engine->facts().library, i + 1, phases.size(), fmt::join(done, ", "), m_prepared.data.train.size(), m_prepared.data.validation.size());
        record.source = fmt::format("paretoscope-cli train, configuration sha256 {}", digestOf(m_settings.config));
        record.energyKwh = r.energyKwh;
        record.co2eKg = scaled(r.co2eG, 1 / kGPerKg);
        b.training = record;
        b.notes.push_back("Statistics of batch norm are those of the largest subnet: every other one needs recalibration on training images.");
        b.weights = weights;
        b.weightsSource = record.source;
        m_folder.writeBundle(b);
    }

    void finish()
    {
        const auto r = m_tracker.stop();
        m_folder.writeEpochs(m_training.state());
        m_folder.writeEnergy(r);
    }

    const Context& m_context;
    const RunSettings& m_settings;
    RunFolder& m_folder;
    EnergySoFar m_energy;
    std::atomic<bool> m_overBudget = false;
    double m_secondsLeft = 0;
    Prepared m_prepared;
    std::unique_ptr<Engine> m_engine;
    Tracker m_tracker;
    Training m_training;
};

Json costsJson(const std::vector<PhaseCost>& costs, const TrainingConfig& config)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < costs.size(); ++i)
        if (costs[i].steps > 0)
            list.push_back({{"phase", config.phases[i].name}, {"stepMs", costs[i].stepMs}, {"steps", costs[i].steps}, {"validationMs", costs[i].validationMs}, {"seconds", costs[i].seconds()}});
    return list;
}

std::string costsForPeople(const std::vector<PhaseCost>& costs, const TrainingConfig& config)
{
    std::string text;
    double seconds = 0;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        if (costs[i].steps == 0)
            continue;
        text += fmt::format("  {:<12} {:>7} steps of {:6.1f} ms, {:6.1f} min\n", config.phases[i].name, costs[i].steps, costs[i].stepMs, costs[i].seconds() / 60);
        seconds += costs[i].seconds();
    }
    return text + fmt::format("  together {:.2f} h (estimated from a few steps of each)\n", seconds / 3600);
}

double secondsOf(const std::vector<PhaseCost>& costs)
{
    double seconds = 0;
    for (const auto& c : costs)
        seconds += c.seconds();
    return seconds;
}

Json forecastJson(const Forecast& f, const RunReport& r)
{
    return {{"energyKwh", toJson(f.energyKwh)}, {"co2eG", toJson(scaled(f.energyKwh, r.intensityGPerKwh.value))}, {"timeS", toJson(f.timeS)}};
}

/// A file is found from any folder, then; an id stays.
std::string absoluteFile(const std::string& nameOrPath) { return fs::exists(nameOrPath) ? fs::absolute(nameOrPath).lexically_normal().string() : nameOrPath; }

TrainingConfig readConfig(const std::string& path)
{
    const auto json = readJsonFile(path);
    auto config = trainingConfigFromJson(JsonView(json, path));
    config.space = absoluteFile(config.space);
    return config;
}

/// After a kill the energy on file is later than that of the checkpoint: what is done again was emitted, too.
void takeLaterEnergy(const RunFolder& folder, TrainingState& state)
{
    const auto file = folder.energy();
    if (state.host.is_null() || !fs::exists(file))
        return;
    const auto json = readJsonFile(file);
    const auto later = runReportFromJson(JsonView(json, file.string())), then = runReportFromJson(JsonView(state.host, "checkpoint: energy"));
    if (later.runId == then.runId && later.durationS > then.durationS)
        state.host = json;
}

RunSettings newSettings(const Options& o)
{
    RunSettings s;
    s.config = readConfig(o.config);
    s.data = fs::absolute(o.data).lexically_normal().string();
    s.compute = o.compute;
    s.tracker = o.tracker;
    for (auto& file : s.tracker.gridCsv)
        file = absoluteFile(file);
    return s;
}

void train(const Context& context, const Options& o)
{
    const bool resuming = !o.resume.empty();
    RunFolder folder(resuming ? o.resume : o.out);
    if (!resuming && !o.forecast)
        folder.requireNew(); // before a minute of measuring
    auto settings = resuming ? folder.read() : newSettings(o);
    if (resuming && !o.config.empty())
        settings.config = readConfig(o.config);
    if (resuming && !o.data.empty())
        settings.data = fs::absolute(o.data).lexically_normal().string();
    if (resuming && o.tracker.budgetG)
        settings.tracker.budgetG = o.tracker.budgetG;
    if (!resuming)
        settings.threads = context.threads ? context.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    if (context.seed != Context().seed)
        context.note("note: --seed is not used: the seed of a training stands in its configuration");
    if (context.threads && context.threads != settings.threads)
        context.note(fmt::format("note: the run began with {} threads; with {} sums round otherwise and the curve differs in its last digits", settings.threads, context.threads));

    std::optional<TrainingState> state;
    if (resuming) {
        folder.lock();
        if (fs::exists(folder.checkpoint())) // else it ended before the first one
            state = loadTrainingState(folder.checkpoint(), openSpace(settings.config.space));
        if (state)
            takeLaterEnergy(folder, *state);
    }
    Run run(context, settings, folder, std::move(state));
    const auto bundle = (folder.path() / "bundle").string();
    const auto printResult = [&](const std::string& text) {
        const auto r = run.energy();
        if (context.json)
            context.print(Json{{"run", folder.path().string()}, {"bundle", bundle}, {"epochs", run.training().state().epochs.size()}, {"energy", toJson(r)}});
        else
            context.print(text + runReportText(r));
    };
    if (run.training().finished())
        return printResult(fmt::format("{}: the run is finished\n", folder.path().string()));
    const auto& costs = run.measure();
    const auto before = run.forecast(secondsOf(costs));
    if (o.forecast) {
        const auto r = run.energy();
        if (context.json)
            context.print(Json{{"phases", costsJson(costs, settings.config)}, {"seconds", secondsOf(costs)}, {"forecast", forecastJson(before, r)}});
        else
            context.print(costsForPeople(costs, settings.config) + fmt::format("  energy {}, emissions {}\n", estimateText(before.energyKwh, "kWh"), estimateText(scaled(before.energyKwh, r.intensityGPerKwh.value), "g CO2e")));
        return;
    }
    settings.images = run.images();
    resuming ? folder.write(settings) : folder.begin(settings);
    if (!context.json)
        context.note(costsForPeople(costs, settings.config));
    run.train();

    printResult(fmt::format("{}: trained; {}\n", bundle, run.engine().facts().library));
}

} // namespace

void addTrain(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("train", "Train a supernet by progressive shrinking; --resume goes on with a run, however it was stopped");
    auto* config = command->add_option("--config", o->config, "What to train: a JSON file. With --resume: one whose phases that have not begun are others");
    auto* data = command->add_option("--data", o->data, "Folder of the images: IDX, CIFAR-10/100, or a folder a class");
    auto* out = command->add_option("--out", o->out, "Folder of the run, to be made");
    auto* resume = command->add_option("--resume", o->resume, "Folder of a run to go on with")->excludes(out);
    auto* forecast = command->add_flag("--forecast", o->forecast, "Only measure how long each phase would take, and what it would emit");
    command->add_option("--compute", o->compute, "Where nets run: auto (CUDA where it is there), cpu, cuda")->check(CLI::IsMember({"auto", "cpu", "cuda"}))->capture_default_str();
    command->add_option("--budget", o->tracker.budgetG, "Stop when this many g CO2e are emitted")->check(CLI::NonNegativeNumber);
    addTrackerOptions(*command, o->tracker);
    for (const char* option : {"--compute", "--grid", "--grid-csv", "--pue", "--attribution", "--interval", "--tdp", "--gpu", "--gpus"})
        command->get_option(option)->excludes(resume); // a run goes on as it began
    command->callback([=, &context] {
        if (!*resume && !(*config && *data && (*out || *forecast)))
            throw CLI::RequiredError("--config, --data and --out, or --resume");
        train(context, *o);
    });
}

} // namespace paretoscope::cli

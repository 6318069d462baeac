// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `carbon track -- COMMAND…` runs a command under the tracker; `carbon import FILE…` reads what other trackers wrote.
#include "carbon.h"
#include "childprocess.h"
#include "trackeroptions.h"

#include "base/error.h"
#include "base/file.h"
#include "carbon/equivalents.h"
#include "carbon/grid.h"
#include "carbon/runimport.h"
#include "carbon/tracker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace paretoscope::cli {

namespace {

namespace fs = std::filesystem;

struct TrackOptions {
    TrackerArguments tracker;
    std::string out;
    int epochs = 0;
    fs::path wallMeter, resume;
    std::vector<std::string> command;
};

constexpr std::chrono::seconds kBetweenSaves{60};

// Counts epochs in the child's output. An epoch lasts from the first line with its number to the first with the next,
// which holds for programs that print at the start of an epoch and for those that print at its end.
class EpochWatch {
public:
    explicit EpochWatch(Tracker& tracker)
        : m_tracker(tracker)
    {
    }
    void feed(std::string_view text)
    {
        for (const char c : text) {
            if (c == '\n' || c == '\r') {
                line(m_line);
                m_line.clear();
            } else if (m_line.size() < 400) {
                m_line += c;
            }
        }
    }

private:
    void line(const std::string& text)
    {
        const auto found = epochOfLine(text);
        if (!found || (found->bare && m_named))
            return;
        m_named = m_named || !found->bare;
        if (found->total)
            m_tracker.setEpochsTotal(found->total);
        if (m_last >= 0 && found->epoch > m_last)
            m_tracker.epochDone(found->epoch - m_last);
        if (found->epoch > m_last)
            m_last = found->epoch;
    }
    Tracker& m_tracker;
    std::string m_line;
    int m_last = -1;
    bool m_named = false;
};

void checkWritable(const std::string& prefix)
{
    const auto folder = fs::path(prefix).parent_path();
    if (access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0)
        throw IoError({prefix, "cannot be written", std::strerror(errno), "a prefix in a folder that exists and is writable"});
}

void save(const std::string& prefix, const RunReport& report)
{
    writeFileAtomically(prefix + ".json", printJson(toJson(report)));
    writeFileAtomically(prefix + ".csv", runReportsCsv({report}));
}

// Two that everybody knows, as an illustration, with the band of the emissions.
void addEquivalents(RunReport& report)
{
    const auto& g = report.co2eG;
    report.equivalents.clear();
    for (const auto& e : equivalentsOf(std::max(0.0, g.value) / 1000)) {
        const bool car = e.key == "car_km_us_fleet", charge = e.key == "smartphone_charge";
        if (!car && !charge)
            continue;
        auto amount = e.quantity;
        if (g.low && g.high && g.value > 0) {
            amount.low = amount.value * *g.low / g.value;
            amount.high = amount.value * *g.high / g.value;
        }
        amount.kind = worse(amount.kind, g.kind);
        report.equivalents.push_back({car ? "km by an average US car" : "smartphone charges", amount});
    }
}

void track(const Context& context, const TrackOptions& o)
{
    auto t = trackerOptionsOf(context, o.tracker);
    t.project = fs::path(o.command.front()).filename().string();
    t.command = fmt::format("{}", fmt::join(o.command, " "));
    t.epochsTotal = o.epochs;
    t.wallMeter = o.wallMeter;
    if (t.budgetCo2eG)
        t.onBudget = [&context](const RunReport& r) {
            context.note(fmt::format("carbon budget of {} g reached: {}", plainText(*r.budgetCo2eG, 3), estimateText(r.co2eG, "g CO2e")));
        };
    if (!o.out.empty()) {
        checkWritable(o.out);
        // What a crash must not take: the state so far, once a minute.
        t.onSample = [prefix = o.out, last = std::chrono::steady_clock::now()](const RunReport& r) mutable {
            if (std::chrono::steady_clock::now() - last < kBetweenSaves)
                return;
            last = std::chrono::steady_clock::now();
            save(prefix, r);
        };
    }
    std::optional<RunReport> before;
    if (!o.resume.empty()) {
        const auto json = readJsonFile(o.resume);
        before = runReportFromJson(JsonView(json, o.resume.string()));
    }
    auto meters = metersOf(o.tracker);

    RunReport report;
    int code = 0;
    {
        ChildProcess process(o.command, context.json ? STDERR_FILENO : STDOUT_FILENO);
        std::unique_ptr<Tracker> tracker;
        int child = 0;
        if (t.attribution == Attribution::Share && (child = process.start()) > 0)
            t.process = child; // only then its share can be followed
        if (child >= 0) {
            tracker = std::make_unique<Tracker>(std::move(meters), t, systemFiles(), "/", systemClock(), before);
            tracker->start();
            if (child == 0)
                child = process.start();
        }
        if (child < 0) {
            context.note(fmt::format("paretoscope-cli: {}: cannot be started: {}", o.command.front(), std::strerror(-child)));
            throw ExitWith{child == -ENOENT ? 127 : 126}; // what a shell says
        }
        EpochWatch epochs(*tracker);
        process.passThrough([&](std::string_view text) { epochs.feed(text); });
        try {
            report = tracker->stop();
        } catch (const Error& e) { // a wall meter that does not fit must not cost the rest
            report = tracker->state();
            report.warnings.push_back(e.what());
        }
        code = report.exitCode.emplace(process.wait());
        // A job that ended by itself needs no forecast.
        if (code == 0)
            report.forecast.reset();
    }
    addEquivalents(report);
    if (!o.out.empty())
        save(o.out, report);
    if (context.json)
        context.print(toJson(report));
    auto text = runReportText(report);
    text.pop_back(); // the note ends the line
    context.note(text);
    if (code != 0)
        throw ExitWith{code};
}

std::optional<double> countryIntensity(const std::string& country)
{
    try {
        return builtInGrids().find(country).gPerKwh.value;
    } catch (const Error&) {
        return std::nullopt;
    }
}

void import(const Context& context, const std::vector<fs::path>& files)
{
    Json runs = Json::array();
    std::string text;
    std::vector<fs::path> done;
    for (const auto& file : files) {
        // The two logs of one run of Carbontracker are one run, also when both are named.
        auto key = file;
        if (const auto at = key.string().rfind("_carbontracker_output.log"); at != std::string::npos && fs::exists(key.string().substr(0, at) + "_carbontracker.log"))
            key = key.string().substr(0, at) + "_carbontracker.log";
        if (std::find(done.begin(), done.end(), key) != done.end())
            continue;
        done.push_back(key);
        for (const auto& r : importRuns(file, countryIntensity)) {
            runs.push_back(toJson(r));
            text += fmt::format("{} ({} {})\n{}", r.where, r.tool, r.toolVersion.empty() ? "version not stated" : r.toolVersion, runReportText(r.run));
        }
    }
    context.json ? context.print(Json{{"runs", runs}}) : context.print(text);
}

struct ReportOptions {
    fs::path file;
    std::string format = "text";
};

// A run that was tracked, as a paper or a notebook wants it.
void report(const Context& context, const ReportOptions& o)
{
    const auto json = readJsonFile(o.file);
    const auto run = runReportFromJson(JsonView(json, o.file.string()));
    if (context.json || o.format == "json")
        return context.print(toJson(run));
    context.print(o.format == "markdown" ? runReportMarkdown(run) : o.format == "latex" ? runReportLatex(run) : o.format == "csv" ? runReportsCsv({run}) : runReportText(run));
}

} // namespace

void addCarbonTrack(CLI::App& carbon, Context& context)
{
    auto options = std::make_shared<TrackOptions>();
    auto* command = carbon.add_subcommand("track", "Run a command and account for its energy: carbon track [options] -- COMMAND…");
    addTrackerOptions(*command, options->tracker);
    command->add_option("--out", options->out, "Write PREFIX.json and PREFIX.csv (columns of codecarbon)");
    command->add_option("--epochs", options->epochs, "Epochs of the whole job, where its output does not say")->check(CLI::Range(0, 10'000'000));
    command->add_option("--budget", options->tracker.budgetG, "Say so when this many g CO2e are reached")->check(CLI::NonNegativeNumber);
    command->add_option("--wall-meter", options->wallMeter, "CSV of a wall meter (time,watt or time,kwh), read at the end");
    command->add_option("--resume", options->resume, "PREFIX.json of an earlier session of the same job");
    command->add_option("command", options->command, "The command and its arguments, after --")->required();
    command->callback([options, &context] { track(context, *options); });

    auto reportOptions = std::make_shared<ReportOptions>();
    auto* reportCommand = carbon.add_subcommand("report", "Write the statement of a tracked run, for a paper or a notebook");
    reportCommand->add_option("RUN", reportOptions->file, "PREFIX.json of carbon track")->required();
    reportCommand->add_option("--format", reportOptions->format, "text, markdown, latex, csv or json")
        ->check(CLI::IsMember({"text", "markdown", "latex", "csv", "json"}))
        ->capture_default_str();
    reportCommand->callback([reportOptions, &context] { report(context, *reportOptions); });

    auto files = std::make_shared<std::vector<fs::path>>();
    auto* importCommand = carbon.add_subcommand("import", "Read codecarbon's emissions.csv and Carbontracker's logs");
    importCommand->add_option("files", *files, "Files")->required();
    importCommand->callback([files, &context] { import(context, *files); });
}

} // namespace paretoscope::cli

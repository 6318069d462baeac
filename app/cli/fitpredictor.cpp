// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundleargument.h"

#include "base/file.h"
#include "bundle/import.h"
#include "predict/fitpredictor.h"
#include "predict/predictorfile.h"
#include "predict/runs.h"
#include "predict/sampleplan.h"
#include "search/optimism.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace paretoscope::cli {

namespace {

constexpr int kOptimismSplits = 6;

struct Options {
    std::string bundle, samples, out, runs = "none";
    std::vector<std::string> kinds{"stagewise", "additive", "mlp"}, starts;
    std::vector<int> interpolate;
    int folds = 5, members = 10;
    bool withoutSamples = false, ignoreMarks = false;
};

struct Fit {
    FitKind kind;
    FittedPredictor fitted;
    double seconds = 0;
};

std::vector<RunStarts> applyRuns(std::vector<Sample>& samples, const Options& o)
{
    std::vector<RunStarts> starts;
    for (const auto& text : o.starts)
        starts.push_back(runStartsFromText(text, "--group-starts"));
    if (o.runs == "auto")
        for (auto& guessed : guessRuns(samples))
            if (std::none_of(starts.begin(), starts.end(), [&](const RunStarts& s) { return s.group == guessed.group; }))
                starts.push_back(std::move(guessed));
    for (const auto& s : starts)
        splitRuns(samples, s, "--group-starts");
    return starts;
}

/// How much a search over the additive predictor overrates what it picks; a note where the samples are too few to say.
void measureOptimism(const Bundle& bundle, std::span<const Sample> samples, const FitOptions& options, Fit& fit)
{
    if (fit.kind == FitKind::Mlp)
        return;
    try {
        const auto estimate = estimateOptimism(bundle.parts, samples, additiveOptions(fit.kind, options), kOptimismSplits, options.seed);
        std::string basis = "predictors of disjoint samples judge one another's exact fronts:";
        for (const auto& size : estimate.sizes)
            basis += fmt::format(" {:.2f} pp with {} samples{}", size.percent, size.samples, &size == &estimate.sizes.back() ? "" : ",");
        fit.fitted.predictor.optimism = SelectionOptimism{estimate.percent, estimate.sdPercent, basis + fmt::format("; carried on to {}", samples.size())};
    } catch (const ValueError& e) {
        fit.fitted.notes.push_back(e.what());
    }
}

std::string sourceOf(const Options& o, const std::vector<RunStarts>& starts)
{
    auto source = provenance(o.samples);
    for (const auto& s : starts)
        source += fmt::format("; runs{}{} begin at rows {}", s.group.empty() ? "" : " of ", s.group, fmt::join(s.rows, ", "));
    return source;
}

Json fitJson(const Fit& f)
{
    const auto& p = f.fitted.predictor;
    Json j{{"kind", name(f.kind)}, {"title", p.info.title}, {"predictor", p.describe()}, {"note", p.info.note},
        {"bytes", makePredictorFile(p).size()}, {"wallTimeMs", 1000 * f.seconds}, {"heldOut", toJson(*p.heldOut)},
        {"heldOutKnownGroup", toJson(HeldOutErrors{"the same folds; with the offset of the net's run", f.fitted.heldOutKnownGroup})["rows"]},
        {"selectionOptimismPercent", p.optimism ? Json(p.optimism->percent) : Json(nullptr)}, {"bands", toJson(*p.bands)}, {"groups", Json::array()}, {"notes", f.fitted.notes}};
    for (const auto& g : f.fitted.groups)
        j["groups"].push_back({{"group", g.group}, {"resolution", g.resolution}, {"nets", g.nets}, {"offsetPercent", g.offsetPercent}});
    return j;
}

/// How many of the row's nets lie inside their bands by chance; empty where nothing is promised: a pooled band covers its
/// level over all resolutions, not at each.
std::vector<double> chancesOf(const AccuracyPredictor& p, const HeldOutRow& row)
{
    std::vector<double> chances{1};
    for (const auto& r : p.heldOut->rows) {
        if (r.resolution == 0 || (row.resolution != 0 && r.resolution != row.resolution))
            continue;
        const auto band = std::find_if(p.bands->rows.begin(), p.bands->rows.end(), [&](const auto& b) { return b.resolution == r.resolution; });
        if (band == p.bands->rows.end() || band->pooled)
            return {};
        chances = chancesOfSum(chances, insideChances(r.nets, band->nets, p.bands->level));
    }
    return chances;
}

std::string forPeople(const Fit& f)
{
    const auto& p = f.fitted.predictor;
    auto text = fmt::format("{}: {} ({:.1f} s)\n  held out: {}\n", name(f.kind), p.describe(), f.seconds, p.heldOut->basis);
    for (const auto& row : p.heldOut->rows) {
        text += fmt::format("    {:>4} {:>6} nets  tau {:.3f}  RMSE {:.3f} pp", row.resolution ? std::to_string(row.resolution) : "all",
            row.nets, row.kendallTau, row.rmsePercent);
        const auto half = row.resolution ? p.bands->halfWidthPercent(row.resolution) : std::nullopt;
        if (half)
            text += fmt::format("  band ±{:.2f} pp", *half);
        for (const auto& b : p.bands->rows)
            if (half && b.resolution == row.resolution && b.coveragePercent)
                text += fmt::format(" (covers {:.0f} % of a left-out run)", *b.coveragePercent);
        if (row.insideBand && row.nets > 0) {
            text += fmt::format("  inside {:.1f} % ({} of {}", 100.0 * *row.insideBand / row.nets, *row.insideBand, row.nets);
            if (const auto chances = chancesOf(p, row); !chances.empty()) {
                const auto expected = expectedInside(chances);
                text += fmt::format("; by chance {} to {}", expected.low, expected.high);
            }
            text += ")";
        }
        text += "\n";
    }
    for (const auto& i : p.info.interpolated)
        text += fmt::format("    {:>4} interpolated {}  {}\n", i.resolution, i.basis, p.bands->halfWidthPercent(i.resolution) ? fmt::format("band ±{:.2f} pp", *p.bands->halfWidthPercent(i.resolution)) : "no band");
    if (p.optimism)
        text += fmt::format("  a search over it reads {:.2f} ± {:.2f} pp high: {}\n", p.optimism->percent, p.optimism->sdPercent, p.optimism->basis);
    text += "  " + p.info.note + "\n";
    for (const auto& n : f.fitted.notes)
        text += "  note: " + n + "\n";
    return text;
}

void fitPredictors(const Context& context, const Options& o)
{
    checkTarget(o.out);
    auto bundle = openBundleArgument(context, o.bundle);
    const auto csv = readTextFile(o.samples);
    auto samples = readSamples(csv, o.samples, bundle.space());
    const auto starts = applyRuns(samples, o);
    const auto marked = o.ignoreMarks ? std::nullopt : MarkedSamples::of(samples);

    FitOptions options;
    options.folds = o.folds;
    options.members = o.members;
    options.interpolate = o.interpolate;
    options.source = sourceOf(o, starts);
    options.seed = context.seed;
    options.marks = !o.ignoreMarks;
    options.threads = context.threads ? context.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));

    std::vector<FitKind> kinds;
    for (const auto& k : o.kinds)
        if (const auto kind = fitKindFromName(k, "--kind"); std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
            kinds.push_back(kind);
    std::vector<Fit> fits;
    ProgressReport progress(context);
    for (const auto kind : kinds) {
        const auto begin = std::chrono::steady_clock::now();
        const auto before = static_cast<double>(fits.size()), all = static_cast<double>(kinds.size());
        auto fitted = fitPredictor(bundle.space(), samples, kind, options, o.samples,
            [&](const std::string& step, double share) { return progress.report(step, (before + share) / all); });
        if (!fitted)
            throw Cancelled();
        fits.push_back({kind, std::move(*fitted), std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()});
        measureOptimism(bundle, marked ? marked->train : samples, options, fits.back());
    }

    // An earlier fit of the same kind makes room; imported predictors stay, behind the new ones.
    std::erase_if(bundle.predictors, [&](const AccuracyPredictor& p) {
        return std::any_of(fits.begin(), fits.end(), [&](const Fit& f) { return f.fitted.predictor.info.title == p.info.title; });
    });
    for (std::size_t i = 0; i < fits.size(); ++i)
        bundle.predictors.insert(bundle.predictors.begin() + static_cast<std::ptrdiff_t>(i), fits[i].fitted.predictor);
    if (o.withoutSamples)
        bundle.samplesCsv.reset();
    else
        bundle.samplesCsv = csv;
    saveBundle(bundle, o.out);

    Json j{{"bundle", o.out}, {"samples", samples.size()}, {"source", options.source}, {"runs", Json::array()}, {"predictors", Json::array()}};
    auto text = fmt::format("{}: {} predictors fitted to {} of {} measured nets\n", o.out, fits.size(), marked ? marked->train.size() : samples.size(), samples.size());
    for (const auto& s : starts) {
        j["runs"].push_back({{"group", s.group}, {"rows", s.rows}});
        text += fmt::format("runs{}{} begin at rows {}\n", s.group.empty() ? "" : " of ", s.group, fmt::join(s.rows, ", "));
    }
    for (const auto& f : fits) {
        j["predictors"].push_back(fitJson(f));
        text += forPeople(f);
    }
    context.json ? context.print(j) : context.print(text);
}

} // namespace

void addFitPredictor(CLI::App& app, Context& context)
{
    auto o = std::make_shared<Options>();
    auto* command = app.add_subcommand("fit-predictor", "Fit accuracy predictors to measured subnets");
    command->add_option("--bundle", o->bundle, kBundleHelp)->required();
    command->add_option("--samples", o->samples, "CSV of measured subnets")->required();
    command->add_option("--out", o->out, "Folder to make, or a name that ends in .zip")->required();
    command->add_option("--kind", o->kinds, "Predictors to fit, the default one first")->delimiter(',')->check(CLI::IsMember({"stagewise", "additive", "mlp"}))->capture_default_str();
    command->add_option("--folds", o->folds, "Parts of the samples, each held out in turn")->check(CLI::Range(2, 1000))->capture_default_str();
    command->add_option("--members", o->members, "Members of the MLP ensemble")->check(CLI::Range(1, 64))->capture_default_str();
    command->add_option("--interpolate", o->interpolate, "Resolutions between measured ones to offer, too")->delimiter(',')->check(CLI::Range(1, 65535));
    command->add_option("--runs", o->runs, "Runs inside a group: none, or auto, which takes a return to the smallest resolution for the beginning of one")->check(CLI::IsMember({"none", "auto"}))->capture_default_str();
    command->add_option("--group-starts", o->starts, "GROUP:0,ROW,…: the rows of a group, counted from 0, at which its runs begin; may be repeated");
    command->add_flag("--ignore-marks", o->ignoreMarks, "Cross-validate over all samples, also where the file marks which to train on, calibrate on and hold out");
    command->add_flag("--without-samples", o->withoutSamples, "Leave the samples out of the bundle");
    command->callback([o, &context] { fitPredictors(context, *o); });
}

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "bundle/searchproblem.h"
#include "bundleargument.h"
#include "devicechoice.h"
#include "search/regret.h"
#include "searchoptions.h"
#include "searchreport.h"
#include "space/subnetjson.h"

#include <fmt/format.h>

#include <thread>

namespace paretoscope::cli {

namespace {

constexpr std::chrono::milliseconds kInterruptPoll{3};
constexpr std::size_t kManyPoints = 20'000;

/// The subnets of an earlier result.
std::vector<Subnet> subnetsOf(const std::string& path, const SearchSpace& space)
{
    const auto json = readJsonFile(path);
    const JsonView view(json, path);
    std::vector<Subnet> subnets;
    for (const auto& point : view.at("front").elements())
        subnets.push_back(subnetFromGenotype(space, genotypeFromJson(point.at("subnet")), point.where(), ResolutionRule::Any));
    return subnets;
}

/// Runs the search with a line of progress; Ctrl+C ends it early and keeps what was found.
SearchResult searchWatched(const Context& context, const SearchProblem& problem, const SearchRequest& request)
{
    ProgressReport progress(context);
    std::stop_source stop;
    std::jthread watch([&](const std::stop_token& done) {
        while (!done.stop_requested() && !interrupted())
            std::this_thread::sleep_for(kInterruptPoll);
        if (interrupted())
            stop.request_stop();
    });
    return search(problem, request, stop.get_token(), [&](const SearchProgress& p) {
        progress.report(fmt::format("searching: {} evaluations, {} points, hypervolume {:.6g}", p.evaluations, p.front->size(), p.hypervolume), p.share.value_or(0),
            {{"evaluations", p.evaluations}, {"points", p.front->size()}, {"hypervolume", p.hypervolume}});
    });
}

/// An exact front of the bundle's additive predictor is where a search with its MLP begins: it costs milliseconds.
void warmFromAdditive(const Bundle& bundle, const SearchProblem& problem, SearchRequest& request)
{
    const auto* chosen = problem.predictor();
    if (!chosen || chosen->kind() == PredictorKind::Additive || (request.algorithm != Algorithm::Auto && request.algorithm != Algorithm::Ladder) || request.objectives.size() > 2)
        return;
    for (const auto& p : bundle.predictors) {
        if (p.kind() != PredictorKind::Additive)
            continue;
        auto exact = request;
        exact.algorithm = Algorithm::Exact;
        exact.reference.reset();
        // Its level may differ, so its limits on top-1 say nothing here.
        std::erase_if(exact.limits, [](const Limit& l) { return l.quantity.metric == Metric::Top1Percent; });
        const SearchProblem additive(problem.parts(), p, problem.devices());
        for (const int r : exact.choices.resolutions)
            if (!p.knows(r))
                return;
        const auto front = search(additive, exact).front;
        for (const auto& s : front.subnets)
            if (chosen->knows(s.resolution))
                request.warmStart.push_back(s);
        return;
    }
}

/// What the front loses on another device against a front that was searched for that device.
Json judged(const SearchProblem& problem, const SearchRequest& request, const SearchResult& result, const Device& other, const UsePhase& use)
{
    if (problem.devices().size() != 1 || request.objectives != std::vector<SearchQuantity>{{Metric::Top1Percent}, {Metric::LatencyMs}})
        throw ValueError({"--judge-on", "needs one device and the objectives top1 and latency", {}, {}});
    const SearchProblem there(problem.parts(), *problem.predictor(), {searchDevice(other, energyOf(other), use)});
    auto own = request;
    own.reference.reset();
    std::erase_if(own.limits, [](const Limit& l) { return dependsOnDevice(l.quantity.metric); });
    const auto best = search(there, own);
    std::vector<double> top1[2], onA[2], onB[2];
    const auto cost = [](const std::vector<CostTable>& sums, const Subnet& s) {
        double most = 0;
        for (const auto& t : sums)
            most = std::max(most, t.hasResolution(s.resolution) ? t.cost(s) : std::numeric_limits<double>::infinity());
        return most;
    };
    const Points* fronts[2] = {&result.front, &best.front};
    for (int k = 0; k < 2; ++k)
        for (std::size_t i = 0; i < fronts[k]->size(); ++i) {
            const auto& s = fronts[k]->subnets[i];
            const double a = cost(problem.devices()[0].latencyMs, s), b = cost(there.devices()[0].latencyMs, s);
            if (!std::isfinite(a) || !std::isfinite(b))
                continue; // a resolution that one of them does not know
            top1[k].push_back(fronts[k]->at(i, 0));
            onA[k].push_back(a);
            onB[k].push_back(b);
        }
    const auto regret = crossDeviceRegret({top1[0], onA[0], onB[0]}, {top1[1], onA[1], onB[1]});
    Json j{{"device", other.id}, {"kendallTau", regret.kendallTau}, {"meanLossPercent", nullptr}, {"largestLossPercent", nullptr}, {"atLatencyMs", nullptr}};
    if (regret.regret) {
        j["meanLossPercent"] = regret.regret->meanPercent;
        j["largestLossPercent"] = regret.regret->maxPercent;
        j["atLatencyMs"] = regret.regret->maxAtCost;
    }
    return j;
}

void runSearch(const Context& context, const SearchOptions& options)
{
    if (const std::filesystem::path out(options.out); !out.empty() && out.extension() != ".json" && out.extension() != ".csv")
        throw ValueError({options.out, "an ending that names no format", out.extension().string(), ".json or .csv"});
    const auto use = usePhase(options.carbon);
    auto bundle = openBundleArgument(context, options.bundle);
    if (!bundle.predictors.empty()) // the one that searches is the one whose figures are shown
        std::swap(bundle.predictors[chosenPredictor(bundle, options.predictor)], bundle.predictors.front());
    const auto devices = devicesFromArguments(bundle, options.devices);
    std::vector<Target> targets;
    std::vector<SearchDevice> searched;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        targets.push_back(targetOf(&devices[i]));
        searched.push_back(searchDevice(devices[i], targets.back().energy, use, i < options.weights.size() ? options.weights[i] : 1));
    }
    if (targets.empty())
        targets.push_back(targetOf(nullptr));
    auto request = requestOf(options, devices.size(), context);
    const SearchProblem problem(bundle.parts, bundle.predictor() ? std::optional(*bundle.predictor()) : std::nullopt, searched);
    prepare(problem, request); // so that a wrong request is told before anything is searched
    if (!options.start.empty())
        request.warmStart = subnetsOf(options.start, bundle.space());
    else
        warmFromAdditive(bundle, problem, request);

    const auto result = searchWatched(context, problem, request);
    const SearchWorld world{bundle, targets, problem, use};
    if (result.infeasible) {
        if (context.json)
            context.print(infeasibleJson(world, result));
        context.note("paretoscope-cli: " + infeasibleText(world, result));
        throw ExitWith{kInfeasible};
    }
    if (result.front.empty())
        throw Cancelled();
    Json summary = searchSummary(world, result);
    if (!options.judgeOn.empty())
        summary["judgedOn"] = judged(problem, request, result, devicesFromArguments(bundle, {options.judgeOn}).front(), use);
    if (result.front.size() > kManyPoints)
        context.note(fmt::format("{} points; --epsilon 0.02 merges what lies within 2 % of each cost", result.front.size()));
    ProgressReport progress(context);
    const bool stopped = interrupted(); // what was found is kept: only a second interruption stops the writing
    const auto onWritten = [&](double share) { return progress.report(fmt::format("figures of {} points", result.front.size()), share) || stopped; };
    if (const std::filesystem::path out(options.out); !out.empty())
        writeFileAtomically(out, out.extension() == ".csv" ? searchCsv(world, result, onWritten) : searchJson(world, result, summary, onWritten));
    if (!options.kneeOut.empty()) {
        const auto knee = result.objectives == 1 ? std::optional<std::size_t>(0) : kneeOfFront(world, result);
        if (!knee)
            throw ValueError({"--knee-out", "the front has no knee", fmt::format("{} points", result.front.size()), "3 points or more that do not lie on a line"});
        writeFileAtomically(options.kneeOut, std::string_view(printJson(toJson(bundle.space(), result.front.subnets[*knee]))));
    }
    if (context.json)
        return context.print(searchJson(world, result, summary, onWritten));
    auto text = searchText(world, result, options.rows);
    if (summary.contains("judgedOn"))
        text += summary["judgedOn"]["meanLossPercent"].is_null()
            ? "the two devices share no latency at which both have a subnet\n"
            : fmt::format("on {} this front loses {:.2f} pp on average and {:.2f} pp at most (at {:.4g} ms) against its own; Kendall's tau of the latencies {:.2f}\n", options.judgeOn,
                  summary["judgedOn"]["meanLossPercent"].get<double>(), summary["judgedOn"]["largestLossPercent"].get<double>(), summary["judgedOn"]["atLatencyMs"].get<double>(),
                  summary["judgedOn"]["kendallTau"].get<double>());
    context.print(text);
}

} // namespace

void addSearch(CLI::App& app, Context& context)
{
    auto options = std::make_shared<SearchOptions>();
    auto* command = app.add_subcommand("search", "Find the Pareto front, or the best subnet within limits");
    addSearchOptions(*command, *options);
    command->callback([options, &context] { runSearch(context, *options); });
}

} // namespace paretoscope::cli

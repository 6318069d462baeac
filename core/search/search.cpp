// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/search.h"

#include "base/error.h"
#include "search/archive.h"
#include "search/control.h"
#include "search/evolution.h"
#include "search/exact.h"
#include "search/hypervolume.h"
#include "search/infeasible.h"
#include "search/ladder.h"
#include "search/nsga2.h"
#include "search/randomsearch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

constexpr double kDefaultTimeMs = 1000;
/// A long exact solve first finds a coarse front within this share of each cost: something to look at, and what is left
/// when it is told to stop.
constexpr double kCoarseEpsilon = 0.05;
constexpr double kMarginPercent = 0.2; // of the default reference below the smallest subnet

std::vector<double> valuesOf(const SearchTask& task, const Subnet& subnet)
{
    std::vector<double> values(task.dimensions.size());
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate({&subnet, 1}, values, workspace);
    return values;
}

void solveExactly(const SearchTask& task, const SearchRequest& request, SearchControl& control, SearchResult& result)
{
    ExactOutcome coarse;
    const bool large = task.dimensions.size() > 2;
    const auto keep = [&](ExactOutcome& outcome) {
        result.front = std::move(outcome.front);
        result.proof = std::move(outcome.proof);
        result.notes = std::move(outcome.notes);
    };
    if (large && request.epsilon < kCoarseEpsilon) {
        coarse = solveExact(task, kCoarseEpsilon, [&] { return control.interrupted(); });
        control.report([&] { return coarse.front; });
    }
    // Two objectives take milliseconds: a time limit does not cut them short.
    auto fine = solveExact(task, request.epsilon, [&] { return large ? control.stopped() : control.interrupted(); });
    if (fine.finished) {
        keep(fine);
    } else {
        const bool usable = coarse.finished && !coarse.front.empty();
        result.interrupted = control.interrupted();
        keep(coarse);
        if (usable)
            result.notes.push_back(fmt::format("stopped before the exact front was complete: this one is within {:g} % of each cost", 100 * kCoarseEpsilon));
        else
            result.proof.reset();
    }
    result.front.dimensions = task.dimensions.size();
    result.evaluations = result.front.size();
}

void solveBySampling(const SearchTask& task, const SearchRequest& request, Algorithm algorithm, SearchControl& control, Archive& archive, std::vector<std::string>& notes)
{
    std::vector<Subnet> start;
    for (const auto& s : request.warmStart)
        if (task.allowed.allows(s))
            start.push_back(s);
    switch (algorithm) {
    case Algorithm::Ladder:
        return searchLadder(task, request, start, archive, control);
    case Algorithm::Evolution:
    case Algorithm::EvolutionNas:
        return searchEvolution(task, request, algorithm, archive, control, &notes);
    case Algorithm::Nsga2:
        return searchNsga2(task, request, archive, control);
    default:
        return searchRandom(task, request, archive, control);
    }
}

/// A search for what comes closest to the limits, without them.
Infeasible explainBySampling(const SearchTask& task, const SearchRequest& request, const Points& seen, std::stop_token stop)
{
    SearchRequest free = request;
    free.objectives.clear();
    free.limits.clear();
    free.reference.reset();
    free.algorithm = Algorithm::Ladder;
    free.warmStart = seen.subnets;
    constexpr std::size_t kMostWarm = 2000;
    free.warmStart.resize(std::min(free.warmStart.size(), kMostWarm));
    if (!request.evaluations)
        free.timeMs = std::min(request.timeMs.value_or(kDefaultTimeMs), kDefaultTimeMs / 2);
    for (const auto& d : task.dimensions)
        if (std::isfinite(d.least) || std::isfinite(d.most))
            free.objectives.push_back(d.quantity);
    const auto freeTask = prepare(*task.problem, free);
    Archive archive(freeTask);
    SearchControl control(free, stop, {});
    std::vector<std::string> notes;
    solveBySampling(freeTask, free, Algorithm::Ladder, control, archive, notes);
    Points points;
    points.dimensions = task.dimensions.size();
    points.subnets = archive.front().subnets;
    points.values.resize(points.size() * points.dimensions);
    Evaluator::Workspace workspace;
    Evaluator(task).evaluate(points.subnets, points.values, workspace);
    for (std::size_t i = 0; i < seen.size(); ++i)
        points.add(seen.subnets[i], seen.row(i));
    return explainInfeasible(task, points);
}

} // namespace

Algorithm chosenAlgorithm(const SearchTask& task, Algorithm wanted)
{
    if (wanted != Algorithm::Auto)
        return wanted;
    return canSolveExactly(task) ? Algorithm::Exact : Algorithm::Ladder;
}

std::vector<double> defaultReference(const SearchTask& task)
{
    const auto& space = task.problem->space();
    std::vector<double> reference;
    const auto smallest = valuesOf(task, task.allowed.repaired(space.smallest()));
    auto largest = smallest;
    for (const int r : task.resolutions()) {
        auto s = task.allowed.repaired(space.largest());
        s.resolution = static_cast<std::uint16_t>(r);
        const auto values = valuesOf(task, s);
        for (std::size_t i = 0; i < values.size(); ++i)
            largest[i] = std::max(largest[i], values[i]);
    }
    for (std::size_t i = 0; i < task.objectives; ++i) {
        const auto& d = task.dimensions[i];
        if (d.maximised)
            reference.push_back(std::isfinite(d.least) ? d.least : smallest[i] - kMarginPercent);
        else
            reference.push_back(std::isfinite(d.most) ? d.most : largest[i]);
    }
    return reference;
}

double hypervolumeOf(const SearchTask& task, const Points& front, const std::vector<double>& reference)
{
    if (task.objectives < 2)
        return 0;
    std::vector<double> values, point;
    for (std::size_t c = 0; c < task.objectives; ++c)
        point.push_back(task.dimensions[c].maximised ? -reference[c] : reference[c]);
    values.reserve(front.size() * task.objectives);
    for (std::size_t i = 0; i < front.size(); ++i)
        for (std::size_t c = 0; c < task.objectives; ++c)
            values.push_back(task.dimensions[c].maximised ? -front.at(i, c) : front.at(i, c));
    return hypervolume(values, point);
}

SearchResult search(const SearchProblem& problem, const SearchRequest& request, std::stop_token stop, const OnProgress& onProgress)
{
    const auto task = prepare(problem, request);
    SearchResult result;
    result.quantities = task.quantities();
    result.objectives = task.objectives;
    result.algorithm = chosenAlgorithm(task, request.algorithm);
    result.reference = request.reference.value_or(defaultReference(task));

    auto bounded = request;
    // The exact solver and the published evolution have an end of their own.
    const bool endless = result.algorithm == Algorithm::Ladder || result.algorithm == Algorithm::Nsga2 || result.algorithm == Algorithm::Random;
    if (endless && !request.timeMs && !request.evaluations)
        bounded.timeMs = kDefaultTimeMs;
    SearchControl control(bounded, stop, onProgress);
    control.hypervolume = [&](const Points& front) { return hypervolumeOf(task, front, result.reference); };

    if (result.algorithm == Algorithm::Exact) {
        solveExactly(task, request, control, result);
        result.archive = std::make_shared<Points>(result.front);
    } else {
        Archive archive(task);
        solveBySampling(task, bounded, result.algorithm, control, archive, result.notes);
        result.front = archive.front();
        result.archive = std::make_shared<Points>(archive.points());
        result.evaluations = control.evaluations();
        result.interrupted = control.interrupted();
    }
    if (result.front.empty() && !result.interrupted) {
        const bool predictorLimited = task.accuracy && (std::isfinite(task.dimensions[*task.accuracy].least) || std::isfinite(task.dimensions[*task.accuracy].most));
        if (canSolveExactly(task) || !predictorLimited)
            result.infeasible = explainInfeasible(task, [&] { return stop.stop_requested(); });
        else
            result.infeasible = explainBySampling(task, bounded, *result.archive, stop);
    }
    result.hypervolume = hypervolumeOf(task, result.front, result.reference);
    result.wallTimeMs = control.elapsedMs();
    return result;
}

std::optional<SearchResult> refiltered(const SearchResult& earlier, const SearchTask& task)
{
    std::vector<std::size_t> columns;
    for (const auto& d : task.dimensions) {
        const auto at = std::find(earlier.quantities.begin(), earlier.quantities.end(), d.quantity);
        if (at == earlier.quantities.end())
            return std::nullopt;
        columns.push_back(static_cast<std::size_t>(at - earlier.quantities.begin()));
    }
    auto points = std::make_shared<Points>();
    points->dimensions = columns.size();
    std::vector<double> row(columns.size());
    for (std::size_t i = 0; i < earlier.archive->size(); ++i) {
        if (!task.allowed.allows(earlier.archive->subnets[i]))
            continue;
        for (std::size_t c = 0; c < columns.size(); ++c)
            row[c] = earlier.archive->at(i, columns[c]);
        points->add(earlier.archive->subnets[i], row);
    }
    SearchResult result;
    result.quantities = task.quantities();
    result.objectives = task.objectives;
    result.algorithm = earlier.algorithm;
    result.reference = defaultReference(task);
    result.front = frontOf(task, *points);
    result.hypervolume = hypervolumeOf(task, result.front, result.reference);
    result.archive = std::move(points);
    return result;
}

std::optional<SearchResult> withGrid(const SearchResult& earlier, const SearchProblem& before, const SearchProblem& after)
{
    std::vector<double> factors(earlier.quantities.size(), 1.0);
    for (std::size_t c = 0; c < factors.size(); ++c) {
        const auto& q = earlier.quantities[c];
        if (q.metric != Metric::Co2eGPerMillion)
            continue;
        std::optional<double> factor;
        for (std::size_t d = 0; d < before.devices().size(); ++d) {
            if (q.device != SearchQuantity::kMeanOfDevices && q.device != static_cast<int>(d))
                continue;
            const double f = after.devices()[d].co2eGPerMillionPerJ / before.devices()[d].co2eGPerMillionPerJ;
            if (factor && std::abs(f - *factor) > 1e-12 * f)
                return std::nullopt;
            factor = f;
        }
        factors[c] = factor.value_or(1.0);
    }
    auto result = earlier;
    const auto scale = [&](Points& points) {
        for (std::size_t i = 0; i < points.values.size(); ++i)
            points.values[i] *= factors[i % points.dimensions];
    };
    auto archive = std::make_shared<Points>(*earlier.archive);
    scale(*archive);
    scale(result.front);
    result.archive = std::move(archive);
    for (std::size_t c = 0; c < result.objectives; ++c) {
        result.reference[c] *= factors[c];
        result.hypervolume *= factors[c];
    }
    return result;
}

} // namespace paretoscope

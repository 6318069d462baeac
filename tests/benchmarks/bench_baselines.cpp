// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far the baselines get: share of the best known hypervolume over time, and the published algorithm on single
// constraints beside the published statistics of the reference. Run by hand, on a machine that is otherwise idle:
//   bench_baselines [all|constraints|grid|fronts] [seeds, default 8] [longest time in s, default 10]
#include "referenceproblem.h"

#include "search/evolution.h"
#include "search/nsga2.h"
#include "search/randomsearch.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <functional>

using namespace bench;

namespace {

using Solve = std::function<void(const SearchTask&, const SearchRequest&, Archive&, SearchControl&)>;

struct Contender {
    const char* name;
    Algorithm algorithm;
    Solve solve;
};

double secondsSince(SearchControl::Clock::time_point t)
{
    return std::chrono::duration<double>(SearchControl::Clock::now() - t).count();
}

void front(const SearchProblem& problem, const Note10Reference& reference, const Contender& contender, int seeds,
    std::optional<double> seconds, std::optional<std::uint64_t> evaluations)
{
    std::vector<double> shares;
    double rate = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
        auto request = frontRequest(contender.algorithm);
        request.seed = static_cast<std::uint64_t>(seed);
        if (seconds)
            request.timeMs = 1000 * *seconds;
        request.evaluations = evaluations;
        const auto task = prepare(problem, request);
        Archive archive(task);
        SearchControl control(request, {}, {});
        contender.solve(task, request, archive, control);
        rate += static_cast<double>(control.evaluations()) / (control.elapsedMs() / 1000) / seeds;
        shares.push_back(reference.percent(archive.front()));
    }
    const auto bound = seconds ? fmt::format("{:g} s", *seconds) : fmt::format("{} k", *evaluations / 1000);
    std::printf("%-14s %8s %12.2f %12.2f %12.2f %12.0f\n", contender.name, bound.c_str(), median(shares),
        *std::min_element(shares.begin(), shares.end()), *std::max_element(shares.begin(), shares.end()), rate);
    std::fflush(stdout);
}

void fronts(int seeds, double longest)
{
    const auto problem = note10Problem();
    const Note10Reference reference;
    std::printf("best known front: %.5f ms x fraction (3.91417 published)\n\n", reference.whole());
    const auto nsga2 = [](std::size_t population) {
        return [population](const SearchTask& t, const SearchRequest& r, Archive& a, SearchControl& c) {
            Nsga2Settings settings;
            settings.population = population;
            searchNsga2(t, r, a, c, settings);
        };
    };
    const auto evolution = [](const SearchTask& t, const SearchRequest& r, Archive& a, SearchControl& c) {
        searchEvolution(t, r, r.algorithm, a, c);
    };
    const std::vector<Contender> contenders{
        {"random", Algorithm::Random, searchRandom},
        {"nsga2 100", Algorithm::Nsga2, nsga2(100)},
        {"nsga2 400", Algorithm::Nsga2, nsga2(400)},
        {"evolution", Algorithm::Evolution, evolution},
        {"evolution-nas", Algorithm::EvolutionNas, evolution},
    };
    std::printf("%-14s %8s %12s %12s %12s %12s\n", "", "bound", "HV % median", "least", "most", "evals/s");
    for (const auto& contender : contenders) {
        for (const std::uint64_t evaluations :
            {35'000u, 350'000u}) // what the fastest path does in 0.1 and 1 s on one core
            front(problem, reference, contender, seeds, {}, evaluations);
        for (const double seconds : {0.1, 1.0, 10.0})
            if (seconds <= longest)
                front(problem, reference, contender, seeds, seconds, {});
    }
}

void evolutionGridToItsEnd()
{
    const auto problem = note10Problem();
    const Note10Reference reference;
    for (const auto algorithm : {Algorithm::Evolution, Algorithm::EvolutionNas}) {
        const auto request = frontRequest(algorithm);
        const auto task = prepare(problem, request);
        Archive archive(task);
        SearchControl control(request, {}, {});
        std::vector<std::string> notes;
        searchEvolution(task, request, algorithm, archive, control, &notes);
        std::printf("%s, 24 constraints to the end: %.2f %%, %llu evaluations, %.2f s\n",
            std::string(name(algorithm)).c_str(), reference.percent(archive.front()),
            static_cast<unsigned long long>(control.evaluations()), control.elapsedMs() / 1000);
        for (const auto& note : notes)
            std::printf("  %s\n", note.c_str());
    }
}

void singleConstraints(int seeds)
{
    struct Published {
        double ms, mean, sd, best;
    };
    constexpr Published kPublished[] = {{15, 0.78486, 0.00083, 0.78800}, {20, 0.80392, 0.00159, 0.80790},
        {25, 0.81819, 0.00167, 0.82222}, {30, 0.82649, 0.00143, 0.83187}, {45, 0.84304, 0.00106, 0.84962},
        {60, 0.84982, 0.00240, 0.85397}};
    const auto problem = note10Problem();
    std::printf("\npublished algorithm, 100 x 500, tutorial, %d seeds\n%6s %20s %20s %10s %8s %12s\n", seeds, "ms",
        "mean +- sd", "reference", "best known", "s", "draws");
    for (const auto& row : kPublished) {
        SearchRequest request;
        request.objectives = {{Metric::Top1Percent, 0}};
        request.limits = {{{Metric::LatencyMs, 0}, {}, row.ms}};
        const auto task = prepare(problem, request);
        const EvolutionSpace space(problem.space(), task.allowed);
        const auto& table = task.dimensions[1].tables.front();
        std::vector<double> found;
        double seconds = 0, draws = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            EvolutionSettings settings;
            settings.mostCost = row.ms;
            SeededDraws source(static_cast<std::uint64_t>(seed));
            MlpPredictor::Workspace workspace;
            std::vector<float> raw;
            const auto begin = SearchControl::Clock::now();
            const auto outcome = evolve(
                space, settings, source, [&](const Subnet& s) { return table.cost(s); },
                [&](std::span<const Subnet> subnets, std::span<double> out) {
                    raw.resize(subnets.size());
                    problem.predictor()->mlp()->predict(subnets, raw, workspace);
                    std::copy(raw.begin(), raw.end(), out.begin());
                });
            seconds += secondsSince(begin) / seeds;
            draws += static_cast<double>(outcome.attempts) / seeds;
            found.push_back(outcome.accuracy);
        }
        double mean = 0, square = 0;
        for (const double f : found)
            mean += f / static_cast<double>(found.size());
        for (const double f : found)
            square += (f - mean) * (f - mean);
        const double sd = found.size() > 1 ? std::sqrt(square / static_cast<double>(found.size() - 1)) : 0;
        std::printf("%6.0f %11.5f +- %.5f %11.5f +- %.5f %10.5f %8.2f %12.0f\n", row.ms, mean, sd, row.mean, row.sd,
            row.best, seconds, draws);
        std::fflush(stdout);
    }
}

} // namespace

int main(int argc, char** argv)
try {
    const std::string part = argc > 1 ? argv[1] : "all";
    const int seeds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 8;
    const double longest = argc > 3 ? std::atof(argv[3]) : 10;
    if (part == "all" || part == "constraints")
        singleConstraints(5);
    if (part == "all" || part == "grid")
        evolutionGridToItsEnd();
    if (part == "all" || part == "fronts")
        fronts(seeds, longest);
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}

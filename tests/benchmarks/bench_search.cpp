// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exact fronts of the bundle that comes with the program: four resolutions of 7371^5 subnets each.
#include "bundle/searchproblem.h"
#include "bundle/shipped.h"
#include "search/archive.h"
#include "search/exact.h"
#include "search/searchworker.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <mutex>
#include <semaphore>

using namespace paretoscope;

namespace {

constexpr SearchQuantity kTop1{Metric::Top1Percent}, kLatency{Metric::LatencyMs}, kMacs{Metric::Macs}, kParams{Metric::Params}, kEnergy{Metric::EnergyJ};

const Bundle& bundle()
{
    static const Bundle b = openBundle(findBundle("imagenet-ofa-mbv3-w1.0"));
    return b;
}

const AccuracyPredictor& predictor(bool stageWise)
{
    for (const auto& p : bundle().predictors)
        if (p.additive() && p.additive()->hasStageTerms() == stageWise)
            return p;
    std::abort();
}

SearchProblem problem(bool stageWise, const char* device)
{
    const auto* d = bundle().device(device);
    const UsePhase use{{475, 475, 475, Kind::User, "a number"}, 0.85, 1.56};
    return {bundle().parts, predictor(stageWise), {searchDevice(*d, energyOf(*d), use)}};
}

SearchRequest request(std::vector<SearchQuantity> objectives)
{
    SearchRequest q;
    q.objectives = std::move(objectives);
    q.choices.resolutions = {128, 160, 192, 224};
    return q;
}

void solve(benchmark::State& state, bool stageWise, const char* device, const std::vector<SearchQuantity>& objectives, double epsilon)
{
    const auto p = problem(stageWise, device);
    const auto q = request(objectives);
    std::size_t points = 0;
    for (auto _ : state) {
        const auto task = prepare(p, q); // what a change of device or of forbidden choices costs, too
        points = solveExact(task, epsilon, {}).front.size();
    }
    state.counters["points"] = static_cast<double>(points);
}

void forbidden(benchmark::State& state, bool stageWise)
{
    const auto p = problem(stageWise, "samsung-note10");
    auto q = request({kTop1, kLatency});
    int turn = 0;
    for (auto _ : state) {
        q.choices.kernels = ++turn % 2 ? std::vector<int>{3, 5} : std::vector<int>{};
        benchmark::DoNotOptimize(solveExact(prepare(p, q), 0, {}));
    }
}

/// From a new request under a running search to the end of the old one and the result of the new one.
void overtaken(benchmark::State& state)
{
    const auto p = std::make_shared<const SearchProblem>(problem(true, "samsung-note10"));
    std::counting_semaphore<> done(0);
    SearchWorker worker({}, [&](std::uint64_t, const std::shared_ptr<const SearchResult>&, const std::exception_ptr&) { done.release(); });
    int turn = 0;
    for (auto _ : state) {
        worker.submit(p, request({kTop1, kLatency, kParams}));
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + 37 * (++turn % 10)));
        const auto begin = std::chrono::steady_clock::now();
        worker.cancel();
        while (!worker.idle())
            std::this_thread::yield();
        state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
}

} // namespace

BENCHMARK_CAPTURE(solve, additive_top1_macs, false, "samsung-note10", {kTop1, kMacs}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, additive_top1_note10, false, "samsung-note10", {kTop1, kLatency}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, additive_top1_i7, false, "intel-i7-8700k", {kTop1, kLatency}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, stagewise_top1_macs, true, "samsung-note10", {kTop1, kMacs}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, stagewise_top1_note10, true, "samsung-note10", {kTop1, kLatency}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, stagewise_launch_bound_v100_b32, true, "nvidia-v100-b32", {kTop1, kLatency}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, additive_top1_note10_energy, false, "samsung-note10", {kTop1, kLatency, kEnergy}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, additive_top1_note10_params, false, "samsung-note10", {kTop1, kLatency, kParams}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, additive_top1_note10_energy_within_2_percent, false, "samsung-note10", {kTop1, kLatency, kEnergy}, 0.02)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, additive_top1_note10_params_within_2_percent, false, "samsung-note10", {kTop1, kLatency, kParams}, 0.02)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, stagewise_top1_note10_params, true, "samsung-note10", {kTop1, kLatency, kParams}, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(forbidden, additive_a_kernel_forbidden_and_back, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(forbidden, stagewise_a_kernel_forbidden_and_back, true)->Unit(benchmark::kMillisecond);
BENCHMARK(overtaken)->Name("cancel_three_objectives")->UseManualTime()->Iterations(40)->Unit(benchmark::kMillisecond);

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fronts: filtering, ranks and hypervolume with pagmo beside them, and what the window asks for while a slider moves.
// "archive": points as a search leaves them, most of them dominated; "front": all of them non-dominated.
#include "../core/search/fronts.h"

#include "search/groups.h"
#include "search/hypervolume.h"
#include "search/nondominated.h"
#include "search/picks.h"

#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>

using namespace paretoscope;
using testing::points;
using testing::Shape;

namespace {

std::vector<pagmo::vector_double> rowsOf(const std::vector<double>& v, std::size_t columns)
{
    std::vector<pagmo::vector_double> rows;
    for (std::size_t i = 0; i < v.size(); i += columns)
        rows.emplace_back(v.begin() + i, v.begin() + i + columns);
    return rows;
}

// Latency in ms and top-1 in percent, negated: accuracy saturates, and nets fall short of the best by up to 6 points.
std::vector<double> archive(std::size_t rows)
{
    Random random(1);
    std::vector<double> values;
    for (std::size_t i = 0; i < rows; ++i) {
        const double latencyMs = 10 + 50 * random.uniform(), u = random.uniform();
        values.insert(values.end(), {latencyMs, -(86 - 80 / latencyMs - 6 * u * u)});
    }
    return values;
}

struct Case {
    Shape shape;
    std::size_t columns, rows;
    explicit Case(const benchmark::State& state)
        : shape(state.range(0) == 0 ? Shape::Uniform : Shape::Sphere)
        , columns(static_cast<std::size_t>(state.range(1)))
        , rows(static_cast<std::size_t>(state.range(2)))
    {
    }
    std::vector<double> values() const { return points(shape, rows, columns, 1); }
};

void filter(benchmark::State& state)
{
    const Case c(state);
    const auto values = c.values();
    for (auto _ : state)
        benchmark::DoNotOptimize(nondominated(values, c.columns));
}

void filterPagmo(benchmark::State& state) // it has a filter for two columns only
{
    const Case c(state);
    const auto rows = rowsOf(c.values(), c.columns);
    for (auto _ : state)
        benchmark::DoNotOptimize(pagmo::non_dominated_front_2d(rows));
}

void ranks(benchmark::State& state)
{
    const Case c(state);
    const auto values = c.values();
    for (auto _ : state)
        benchmark::DoNotOptimize(nondominatedRanks(values, c.columns));
}

void ranksPagmo(benchmark::State& state)
{
    const Case c(state);
    const auto rows = rowsOf(c.values(), c.columns);
    for (auto _ : state)
        benchmark::DoNotOptimize(pagmo::fast_non_dominated_sorting(rows));
}

void volume(benchmark::State& state)
{
    const Case c(state);
    const auto values = c.values();
    const std::vector<double> reference(c.columns, 1.1);
    for (auto _ : state)
        benchmark::DoNotOptimize(hypervolume(values, reference));
}

void volumePagmo(benchmark::State& state)
{
    const Case c(state);
    const auto rows = rowsOf(c.values(), c.columns);
    const std::vector<double> reference(c.columns, 1.1);
    for (auto _ : state) {
        pagmo::hypervolume hypervolume(rows, true);
        hypervolume.set_copy_points(true);
        benchmark::DoNotOptimize(hypervolume.compute(reference));
    }
}

void traceOfArchive(benchmark::State& state)
{
    const Case c(state);
    const auto values = c.values();
    for (auto _ : state) {
        HypervolumeTrace trace(std::vector<double>(c.columns, 1.1));
        for (std::size_t i = 0; i < c.rows; ++i)
            trace.add(std::span(values).subspan(i * c.columns, c.columns));
        benchmark::DoNotOptimize(trace.volume());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(c.rows));
}

void filterKneeGroups(benchmark::State& state)
{
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto values = archive(rows);
    const std::vector<double> halfWidth{0.45};
    double kept = 0;
    for (auto _ : state) {
        std::vector<double> front, cost, top1;
        for (const auto i : nondominated(values, 2)) {
            front.insert(front.end(), {values[2 * i], values[2 * i + 1]});
            cost.push_back(values[2 * i]);
            top1.push_back(-values[2 * i + 1]);
        }
        benchmark::DoNotOptimize(kneeOf(front, 2));
        benchmark::DoNotOptimize(groupByAccuracy(cost, top1, halfWidth));
        kept = static_cast<double>(cost.size());
    }
    state.counters["front"] = kept;
}

// Nothing is dominated: what the same takes at worst.
void filterKneeGroupsOfFront(benchmark::State& state)
{
    auto values = points(Shape::Sphere, static_cast<std::size_t>(state.range(0)), 2, 1);
    const std::vector<double> halfWidth{0.001};
    for (auto _ : state) {
        std::vector<double> front, cost, top1;
        for (const auto i : nondominated(values, 2)) {
            front.insert(front.end(), {values[2 * i], values[2 * i + 1]});
            cost.push_back(values[2 * i]);
            top1.push_back(-values[2 * i + 1]);
        }
        benchmark::DoNotOptimize(kneeOf(front, 2));
        benchmark::DoNotOptimize(groupByAccuracy(cost, top1, halfWidth));
    }
}

constexpr std::int64_t kArchive = 0, kFront = 1;

} // namespace

BENCHMARK(filter)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive, kFront}, {2, 3, 4}, {2000, 20000, 200000}})->Unit(benchmark::kMicrosecond);
BENCHMARK(filterPagmo)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive}, {2}, {2000, 20000, 200000}})->Unit(benchmark::kMicrosecond);
BENCHMARK(filterPagmo)->ArgNames({"front", "columns", "rows"})->Args({kFront, 2, 2000})->Unit(benchmark::kMicrosecond);
BENCHMARK(ranks)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive}, {2, 3, 4}, {100, 400, 800}})->Unit(benchmark::kMicrosecond);
BENCHMARK(ranksPagmo)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive}, {2, 3, 4}, {100, 400, 800}})->Unit(benchmark::kMicrosecond);
BENCHMARK(volume)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive, kFront}, {2, 3, 4}, {100, 1000, 10000}})->Unit(benchmark::kMicrosecond);
BENCHMARK(volumePagmo)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive, kFront}, {2, 3}, {100, 1000, 10000}})->Unit(benchmark::kMicrosecond);
BENCHMARK(volumePagmo)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive, kFront}, {4}, {100, 1000}})->Unit(benchmark::kMicrosecond);
BENCHMARK(volumePagmo)->ArgNames({"front", "columns", "rows"})->Args({kFront, 4, 10000})->Unit(benchmark::kMicrosecond)->Iterations(1);
BENCHMARK(traceOfArchive)->ArgNames({"front", "columns", "rows"})->ArgsProduct({{kArchive, kFront}, {2, 3, 4}, {2000}})->Unit(benchmark::kMicrosecond);
BENCHMARK(filterKneeGroups)->Arg(2000)->Arg(20000)->Arg(200000)->Unit(benchmark::kMicrosecond);
BENCHMARK(filterKneeGroupsOfFront)->Arg(200000)->Unit(benchmark::kMicrosecond);

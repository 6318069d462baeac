// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Additive tables: evaluations a second, and what it costs to make them.
#include "base/random.h"
#include "space/accounting.h"
#include "space/costtable.h"
#include "space/sampling.h"
#include "space/spacejson.h"
#include "space/stratified.h"

#include <benchmark/benchmark.h>

using namespace paretoscope;

namespace {

std::vector<Subnet> subnets(const SearchSpace& space, std::size_t n)
{
    Random random(1);
    std::vector<Subnet> list;
    for (std::size_t i = 0; i < n; ++i)
        list.push_back(uniformSubnet(space, random));
    return list;
}

void tableEvaluation(benchmark::State& state, const char* id)
{
    const auto parts = std::make_shared<const Parts>(builtInSpace(id));
    const auto table = CostTable::macs(parts, parts->space().resolutions);
    const auto list = subnets(parts->space(), 4096);
    std::vector<double> costs(list.size());
    for (auto _ : state) {
        table.costs(list, costs);
        benchmark::DoNotOptimize(costs.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * list.size()));
}

void exactAccount(benchmark::State& state)
{
    const Parts parts(builtInSpace("ofa-mbv3-w1.0"));
    const auto list = subnets(parts.space(), 256);
    std::size_t i = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(account(parts, list[i++ % list.size()]).total.macs);
    state.SetItemsProcessed(state.iterations());
}

void makeTable(benchmark::State& state)
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    for (auto _ : state)
        benchmark::DoNotOptimize(CostTable::macs(parts, parts->space().resolutions).values().data());
}

void uniformDraw(benchmark::State& state)
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    Random random(1);
    for (auto _ : state)
        benchmark::DoNotOptimize(uniformSubnet(space, random));
    state.SetItemsProcessed(state.iterations());
}

void stratifiedDraw(benchmark::State& state)
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    StratifiedSampler sampler(CostTable::macs(parts, {224}), 224);
    Random random(1);
    for (auto _ : state)
        benchmark::DoNotOptimize(sampler.draw(random));
    state.SetItemsProcessed(state.iterations());
}

} // namespace

BENCHMARK_CAPTURE(tableEvaluation, mbv3, "ofa-mbv3-w1.0");
BENCHMARK_CAPTURE(tableEvaluation, resnet50, "ofa-resnet50");
BENCHMARK(exactAccount);
BENCHMARK(makeTable);
BENCHMARK(uniformDraw);
BENCHMARK(stratifiedDraw);

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger of a family with 4,096 draws (wanted: 10 ms) and a front of 3,000 subnets after a change of grid (1 ms).
#include "carbon/ledger.h"

#include <benchmark/benchmark.h>

#include <fmt/format.h>

using namespace paretoscope;

namespace {

Quantity quantity(double value, double factor, std::string id)
{
    return {withFactor(value, factor, Kind::Model, "made for a benchmark"), std::move(id), 0, std::numeric_limits<double>::max()};
}

Computation computation(const char* name, double gpuHours)
{
    Computation c;
    c.name = name;
    c.gpuHours = gpuHours;
    c.wattsPerGpu = quantity(188.15, 1.35, "watts");
    c.pue = quantity(1.58, 1.03, "pue");
    c.gPerKwh = quantity(432.7, 1.1, "grid");
    c.machine = ComputeMachine{quantity(3700, 1.6, "node"), 8, 5, 0.5};
    return c;
}

LedgerInputs family(std::size_t devices, std::size_t countries)
{
    LedgerInputs in;
    in.search = {computation("predictor", 40)};
    in.training = {computation("supernet", 1200)};
    in.discardedFactor = quantity(0.5, 1.5, "discarded");
    in.fineTuning = {computation("tuning", 25)};
    in.targets = static_cast<double>(devices);
    for (std::size_t i = 0; i < devices; ++i) {
        Deployment d;
        d.fleet.name = fmt::format("phone {}", i);
        d.fleet.devices = 1e5;
        d.fleet.inferencesPerDay = 10;
        d.fleet.chargingEfficiency = {{0.85, 0.75, 0.92, Kind::Citation, "charger"}, "charger", 0, 1};
        for (std::size_t z = 0; z < countries; ++z)
            d.fleet.mix.push_back({fmt::format("Z{}", z), 1.0 / static_cast<double>(countries), quantity(100 + 50.0 * static_cast<double>(z), 1.1, fmt::format("grid Z{}", z))});
        d.energyJ = quantity(0.05, 2, fmt::format("phone {}", i));
        d.lifeYears = 3;
        in.use.push_back(d);
    }
    return in;
}

void ledgerOfAFamily(benchmark::State& state)
{
    const auto in = family(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
    for (auto _ : state)
        benchmark::DoNotOptimize(ledger(in).co2eKg.value);
}

void frontAfterAChangeOfGrid(benchmark::State& state)
{
    std::vector<Estimate> energies;
    for (int i = 0; i < 3000; ++i)
        energies.push_back(withFactor(0.02 + 1e-5 * i, 2, Kind::Model, "m"));
    const FrontCarbon front(energies);
    std::vector<FrontCarbon::Value> values(energies.size());
    const Estimate eta{0.85, 0.75, 0.92, Kind::Citation, "charger"};
    double g = 30;
    for (auto _ : state) {
        front.gPerMillion(withFactor(g += 0.01, 1.1, Kind::Table, "grid"), exactly(1), eta, values);
        benchmark::DoNotOptimize(values.data());
    }
}

void comparison(benchmark::State& state)
{
    MarginalInputs in;
    in.energyJA = quantity(0.06, 2, "a");
    in.energyJB = quantity(0.05, 2, "b");
    in.gPerKwh = quantity(472.94, 1.1, "grid");
    for (auto _ : state)
        benchmark::DoNotOptimize(marginal(in).probabilityBLess);
}

} // namespace

BENCHMARK(ledgerOfAFamily)->Args({1, 2})->Args({5, 5})->Args({40, 10})->Unit(benchmark::kMillisecond);
BENCHMARK(frontAfterAChangeOfGrid)->Unit(benchmark::kMicrosecond);
BENCHMARK(comparison)->Unit(benchmark::kMicrosecond);

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Extraction beside a plain copy of the same weights, and what a forward pass costs in each form. bench_engine.py has
// Python's PyTorch beside it.
#include "engine/engine.h"
#include "space/spacejson.h"

#include <benchmark/benchmark.h>

#include <cstring>

using namespace paretoscope;

namespace {

struct Net {
    Net()
        : engine(openEngine({1, "cpu"}))
        , parts(std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0")))
        , supernet(engine->supernet(parts, engine->initialWeights(*parts, 1), NetPrecision::Float32))
        , images(Tensor::fromFloats({1, 3, 224, 224}, std::vector<float>(3u * 224 * 224, 0.5f)))
    {
    }
    std::unique_ptr<Engine> engine;
    std::shared_ptr<const Parts> parts;
    std::unique_ptr<Supernet> supernet;
    Tensor images;
    const SearchSpace& space() const { return parts->space(); }
};

Net& net()
{
    static Net n;
    return n;
}

/// Into memory of its own for each tensor, as a net needs it.
void plainCopy(benchmark::State& state)
{
    const auto weights = net().supernet->extract(net().space().largest())->weights();
    for (auto _ : state) {
        std::vector<std::unique_ptr<std::byte[]>> copies;
        for (const auto& t : weights.tensors()) {
            const auto bytes = t.tensor.storage();
            copies.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes.size()));
            std::memcpy(copies.back().get(), bytes.data(), bytes.size());
        }
        benchmark::DoNotOptimize(copies.data());
    }
}
BENCHMARK(plainCopy)->Unit(benchmark::kMillisecond);

void extractLargest(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(net().supernet->extract(net().space().largest()));
}
BENCHMARK(extractLargest)->Unit(benchmark::kMillisecond);

void extractSmallest(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(net().supernet->extract(net().space().smallest()));
}
BENCHMARK(extractSmallest)->Unit(benchmark::kMillisecond);

void forwardSupernet(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(net().supernet->forward(net().space().largest(), net().images));
}
BENCHMARK(forwardSupernet)->Unit(benchmark::kMillisecond);

void forwardExtracted(benchmark::State& state)
{
    const auto cut = net().supernet->extract(net().space().largest());
    for (auto _ : state)
        benchmark::DoNotOptimize(cut->forward(net().images));
}
BENCHMARK(forwardExtracted)->Unit(benchmark::kMillisecond);

void forwardFrozen(benchmark::State& state)
{
    const auto frozen = net().supernet->extract(net().space().largest())->freeze();
    for (auto _ : state)
        benchmark::DoNotOptimize(frozen->forward(net().images));
}
BENCHMARK(forwardFrozen)->Unit(benchmark::kMillisecond);

void freeze(benchmark::State& state)
{
    const auto cut = net().supernet->extract(net().space().largest());
    for (auto _ : state)
        benchmark::DoNotOptimize(cut->freeze());
}
BENCHMARK(freeze)->Unit(benchmark::kMillisecond);

} // namespace

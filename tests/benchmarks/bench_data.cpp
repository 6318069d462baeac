// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images a second that the loader makes ready. A training step of 128 images takes about 175 ms on two cores, so a step's
// batch has to be there in a small part of that, on one thread. The pixels of Fashion-MNIST where it is installed, else noise.
#include "engine/batchloader.h"

#include <benchmark/benchmark.h>

#include <filesystem>

using namespace paretoscope;

namespace {

DataSource made(int channels, int height, int width, std::size_t n)
{
    auto data = std::make_shared<DataSet>();
    data->classNames.assign(10, "x");
    data->labels.assign(n, 0);
    std::vector<std::uint8_t> pixels(n * static_cast<std::size_t>(channels * height * width));
    Random random(1);
    for (auto& v : pixels)
        v = static_cast<std::uint8_t>(random.next() >> 56);
    data->images = std::make_shared<PackedImages>(channels, height, width, std::move(pixels));
    return {data, nullptr, {}};
}

const DataSource& fashion()
{
    static const DataSource source = [] {
        const std::filesystem::path folder("/usr/share/datasets/fashion-mnist");
        return std::filesystem::exists(folder) ? openDataSet(folder) : made(1, 28, 28, 60000);
    }();
    return source;
}

const DataSource& photos()
{
    static const DataSource source = made(3, 375, 500, 64); // the usual size of an ImageNet image, decoded
    return source;
}

void run(benchmark::State& state, LoaderRequest request)
{
    std::size_t images = 0, batches = 0;
    request.batchSize = std::min<std::size_t>(128, request.images.size());
    request.shuffle = true;
    for (auto _ : state) {
        BatchLoader loader(request);
        while (auto batch = loader.next()) {
            benchmark::DoNotOptimize(batch->pixels.data());
            images += batch->size();
            ++batches;
            loader.recycle(std::move(*batch));
        }
        ++request.epoch;
    }
    state.counters["images/s"] = benchmark::Counter(static_cast<double>(images), benchmark::Counter::kIsRate);
    state.counters["batch"] = benchmark::Counter(static_cast<double>(batches), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

LoaderRequest fashionRequest(int resolution, int threads)
{
    LoaderRequest r;
    r.images = drawImages(wholeDataSet(fashion().train), 12800, 1);
    r.preprocessing = {1, {0.2860}, {0.3530}, 0};
    r.resolution = fixedResolution(resolution);
    r.threads = threads;
    return r;
}

void fashionTraining(benchmark::State& state)
{
    auto r = fashionRequest(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    r.augmentation = Augmentation::smallGrey();
    run(state, std::move(r));
}

void fashionEvaluation(benchmark::State& state) { run(state, fashionRequest(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)))); }

LoaderRequest photoRequest(int threads)
{
    LoaderRequest r;
    r.images = wholeDataSet(photos().train);
    r.preprocessing = Preprocessing::imageNet();
    r.resolution = fixedResolution(224);
    r.threads = threads;
    return r;
}

void photoTraining(benchmark::State& state)
{
    auto r = photoRequest(static_cast<int>(state.range(0)));
    r.augmentation = Augmentation::published();
    run(state, std::move(r));
}

void photoEvaluation(benchmark::State& state) { run(state, photoRequest(static_cast<int>(state.range(0)))); }

// Files are compressed and unpacked by one thread.
void openFashion(benchmark::State& state)
{
    const std::filesystem::path folder("/usr/share/datasets/fashion-mnist");
    if (!std::filesystem::exists(folder))
        return state.SkipWithError("Fashion-MNIST is not installed");
    for (auto _ : state)
        benchmark::DoNotOptimize(openDataSet(folder).train->size());
}

} // namespace

BENCHMARK(fashionTraining)->ArgNames({"resolution", "threads"})->Args({28, 1})->Args({24, 1})->Args({16, 1})->Args({28, 2})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(fashionEvaluation)->ArgNames({"resolution", "threads"})->Args({28, 1})->Args({16, 1})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(photoTraining)->ArgName("threads")->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(photoEvaluation)->ArgName("threads")->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(openFashion)->Unit(benchmark::kMillisecond);

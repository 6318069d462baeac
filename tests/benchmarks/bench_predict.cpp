// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Throughput of the MLP predictor beside the BLAS of the machine, both on one core. The weights do not matter for the
// time: they are the formula weights of the fixtures' shape (128-400-400-400-1).
#include "base/random.h"
#include "predict/mlp.h"
#include "space/sampling.h"
#include "space/spacejson.h"

#include <benchmark/benchmark.h>
#include <cblas.h>

#include <algorithm>
#include <cstdlib>

extern "C" void openblas_set_num_threads(int) __attribute__((weak));

using namespace paretoscope;

namespace {

void oneBlasThread()
{
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1); // where it is another BLAS, or not loaded yet
}

std::vector<float> randomFloats(std::size_t n, std::uint64_t seed, double scale = 1)
{
    Random random(seed);
    std::vector<float> values(n);
    std::generate(values.begin(), values.end(), [&] { return static_cast<float>(scale * (2 * random.uniform() - 1)); });
    return values;
}

std::shared_ptr<const MlpPredictor> predictor(MlpBackend backend)
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    MlpWeights weights;
    const int widths[] = {128, 400, 400, 400, 1};
    for (std::size_t i = 0; i + 1 < std::size(widths); ++i) {
        const int inputs = widths[i], outputs = widths[i + 1];
        const auto count = static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs);
        weights.layers.push_back(
            {inputs, outputs, randomFloats(count, i, 0.08), randomFloats(static_cast<std::size_t>(outputs), 9, 0.1)});
    }
    return MlpPredictor(std::move(weights), Encoding::tutorial(space, "bench")).withBackend(backend);
}

std::vector<Subnet> subnets(std::size_t n)
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    Random random(7);
    std::vector<Subnet> list(n);
    std::generate(list.begin(), list.end(),
        [&] { return uniformSubnet(space, random, 160 + 16 * static_cast<int>(random.below(5))); });
    return list;
}

void predict(benchmark::State& state, MlpBackend backend)
{
    if (!isAvailable(backend)) {
        state.SkipWithError("not on this processor");
        return;
    }
    const auto mlp = predictor(backend);
    const auto list = subnets(static_cast<std::size_t>(state.range(0)));
    std::vector<float> out(list.size());
    MlpPredictor::Workspace workspace;
    for (auto _ : state) {
        mlp->predict(list, out, workspace);
        benchmark::DoNotOptimize(out.data());
    }
    const auto done = static_cast<double>(state.iterations()) * static_cast<double>(list.size());
    state.SetItemsProcessed(static_cast<std::int64_t>(done));
    state.counters["GFLOP/s"] = benchmark::Counter(done * mlp->flopPerSubnet() / 1e9, benchmark::Counter::kIsRate);
}

void encodeAndGather(benchmark::State& state)
{
    const auto mlp = predictor(availableBackends().back());
    const auto list = subnets(static_cast<std::size_t>(state.range(0)));
    MlpPredictor::Workspace workspace;
    for (auto _ : state)
        mlp->gatherOnly(list, workspace);
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void encodeOnly(benchmark::State& state)
{
    const auto encoding = Encoding::tutorial(builtInSpace("ofa-mbv3-w1.2"), "bench");
    const auto list = subnets(1024);
    std::uint16_t terms[Encoding::kMaxTerms];
    for (auto _ : state)
        for (const auto& s : list) {
            benchmark::DoNotOptimize(encoding.resolutionIndex(s.resolution));
            benchmark::DoNotOptimize(encoding.termsOf(s, terms));
            benchmark::ClobberMemory();
        }
    state.SetItemsProcessed(state.iterations() * 1024);
}

void sgemm(benchmark::State& state)
{
    oneBlasThread();
    const auto m = static_cast<int>(state.range(0)), n = static_cast<int>(state.range(1));
    const auto size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
    const auto a = randomFloats(size(m, n), 1), b = randomFloats(size(n, n), 2);
    std::vector<float> c(size(m, n));
    for (auto _ : state) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, n, 1, a.data(), n, b.data(), n, 0, c.data(), n);
        benchmark::DoNotOptimize(c.data());
    }
    state.counters["GFLOP/s"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * 2.0 * m * n * n / 1e9, benchmark::Counter::kIsRate);
}

} // namespace

BENCHMARK(sgemm)->Args({256, 400})->Args({1024, 1024});
BENCHMARK_CAPTURE(predict, avx512, MlpBackend::Avx512)->Arg(1)->Arg(100)->Arg(256)->Arg(1024)->Arg(4096);
BENCHMARK_CAPTURE(predict, bf16, MlpBackend::Avx512Bf16)->Arg(1)->Arg(100)->Arg(256)->Arg(1024)->Arg(4096);
BENCHMARK_CAPTURE(predict, avx2, MlpBackend::Avx2)->Arg(1)->Arg(256)->Arg(1024);
BENCHMARK_CAPTURE(predict, portable, MlpBackend::Portable)->Arg(1)->Arg(256)->Arg(1024);
BENCHMARK(encodeAndGather)->Arg(256)->Arg(1024);
BENCHMARK(encodeOnly);

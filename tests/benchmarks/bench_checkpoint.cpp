// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading checkpoints beside plain reading of the same file, with weights of the size of OFA-MobileNetV3 w1.0.
#include "base/file.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/supernetweights.h"
#include "space/keys.h"
#include "space/spacejson.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <unistd.h>

using namespace paretoscope;

namespace {

namespace fs = std::filesystem;

class Files {
public:
    Files()
        : folder(fs::temp_directory_path() / ("paretoscope-bench-" + std::to_string(getpid())))
        , space(builtInSpace("ofa-mbv3-w1.0"))
    {
        fs::create_directories(folder);
        StateDict weights;
        for (const auto& key : supernetKeys(space)) {
            std::size_t n = 1;
            for (const auto d : key.shape)
                n *= static_cast<std::size_t>(d);
            if (key.dtype == "float32")
                weights.add(key.name, Tensor::fromFloats(key.shape, std::vector<float>(n, 0.25f)));
        }
        writePyTorch(folder / "w.pth", weights);
        writeSafeTensors(folder / "w.safetensors", weights);
    }
    ~Files() { fs::remove_all(folder); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    fs::path folder;
    SearchSpace space;
};

const Files& files()
{
    static const Files f;
    return f;
}

void bytes(benchmark::State& state, const fs::path& path)
{
    state.SetBytesProcessed(static_cast<std::int64_t>(static_cast<std::uint64_t>(state.iterations()) * fs::file_size(path)));
}

void plainRead(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(readFile(files().folder / "w.pth").data());
    bytes(state, files().folder / "w.pth");
}

void pyTorchZip(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(readPyTorch(files().folder / "w.pth").weights.size());
    bytes(state, files().folder / "w.pth");
}

void safeTensors(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(readSafeTensors(files().folder / "w.safetensors").tensors.size());
    bytes(state, files().folder / "w.safetensors");
}

// What opening a bundle does: every value is looked at.
void zipToSupernet(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(fitToSupernet(readPyTorch(files().folder / "w.pth").weights, files().space, "w").size());
    bytes(state, files().folder / "w.pth");
}

} // namespace

BENCHMARK(plainRead)->Unit(benchmark::kMillisecond);
BENCHMARK(pyTorchZip)->Unit(benchmark::kMillisecond);
BENCHMARK(safeTensors)->Unit(benchmark::kMillisecond);
BENCHMARK(zipToSupernet)->Unit(benchmark::kMillisecond);

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What following a job costs: one sample a second must stay below 0.5 % of one core, that is below 5 ms of it.
#include "carbon/tracker.h"

#include <benchmark/benchmark.h>

#include <ctime>
#include <filesystem>
#include <fstream>

using namespace paretoscope;

namespace {

namespace fs = std::filesystem;

// Two sockets with dram and 128 threads, as files: what a large server shows.
fs::path server()
{
    const auto root = fs::temp_directory_path() / "paretoscope-bench-tracker";
    const auto write = [&](const fs::path& path, const std::string& text) {
        fs::create_directories((root / path).parent_path());
        std::ofstream(root / path) << text;
    };
    for (const char* id : {"0", "1"}) {
        const auto folder = fs::path("sys/class/powercap") / (std::string("intel-rapl:") + id);
        write(folder / "name", std::string("package-") + id);
        write(folder / "energy_uj", "1000000");
        write(folder / "max_energy_range_uj", "262143328850");
        const auto dram = fs::path("sys/class/powercap") / (std::string("intel-rapl:") + id + ":0");
        write(dram / "name", "dram");
        write(dram / "energy_uj", "1000000");
        write(dram / "max_energy_range_uj", "65532610987");
    }
    std::string stat = "cpu  1000 0 1000 100000 0 0 0 0 0 0\n", info;
    for (int i = 0; i < 128; ++i) {
        stat += "cpu" + std::to_string(i) + " 1000 0 1000 100000 0 0 0 0 0 0\n";
        info += "processor\t: " + std::to_string(i) + "\nmodel name\t: Server\n\n";
    }
    write("proc/stat", stat);
    write("proc/cpuinfo", info);
    write("proc/meminfo", "MemTotal: 500000000 kB\n");
    return root;
}

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void sample(benchmark::State& state, bool fake, Attribution attribution)
{
    ProbeOptions probe;
    TrackerOptions options;
    options.thread = false;
    options.attribution = attribution;
    options.intensityGPerKwh = meterBand(400, 1.1, Kind::Table, "grid");
    options.onSample = [](const RunReport& r) { benchmark::DoNotOptimize(r.co2eG.value); }; // as with a window
    if (fake)
        probe.root = server();
    probe.nvmlLibrary.clear();
    Tracker tracker(probeMeters(probe), options, probe.files, fake && attribution != Attribution::Share ? probe.root : fs::path("/"));
    tracker.start();
    for (auto _ : state)
        tracker.sample();
    state.counters["share_of_a_core_at_1_s_percent"]
        = benchmark::Counter(0.01 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    if (fake)
        fs::remove_all(probe.root);
}

// The whole of it: thread, waking and reading, over seconds of real time.
void thread(benchmark::State& state)
{
    ProbeOptions probe;
    TrackerOptions options;
    options.intensityGPerKwh = meterBand(400, 1.1, Kind::Table, "grid");
    for (auto _ : state) {
        Tracker tracker(probeMeters(probe), options);
        tracker.start();
        const double begin = cpuSeconds();
        const timespec wait{5, 0};
        nanosleep(&wait, nullptr);
        state.counters["share_of_a_core_percent"] = 100 * (cpuSeconds() - begin) / 5;
        benchmark::DoNotOptimize(tracker.stop().co2eG.value);
    }
}

} // namespace

BENCHMARK_CAPTURE(sample, thisComputer, false, Attribution::Machine);
BENCHMARK_CAPTURE(sample, thisComputerShare, false, Attribution::Share);
BENCHMARK_CAPTURE(sample, twoSockets128Threads, true, Attribution::Machine);
BENCHMARK(thread)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

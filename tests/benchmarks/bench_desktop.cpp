// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the hand feels: the first paint, a frame of a full plot, from the slider to the new exact front on screen, how long
// the window is deaf while it searches, and how soon Cancel is obeyed. Runs on whatever QT_QPA_PLATFORM says.
#include "mainwindow.h"
#include "views/tradeoffplot.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTimer>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

using namespace paretoscope;
using namespace paretoscope::desktop;

namespace {

const QString kBundle = QStringLiteral("imagenet-ofa-mbv3-w1.0");

template <typename F> bool waitUntil(F&& done)
{
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        if (clock.elapsed() > 60'000)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
    return true;
}

/// A window with an answer.
struct Opened {
    MainWindow window{QString()};
    Opened()
    {
        window.resize(1440, 900);
        window.show();
        window.open(kBundle);
        waitUntil([&] { return state().phase() == Phase::Results; });
    }
    ExplorerState& state() { return window.explorer().state(); }
    void limit(double latencyMs)
    {
        state().change(QStringLiteral("limit"), "bench", [&](Question& q) { q.limit(Metric::LatencyMs) = {Metric::LatencyMs, true, latencyMs}; });
    }
};

/// Process start is not in it: add some 30 ms of loading libraries.
void firstPaint(benchmark::State& s)
{
    for (auto _ : s) {
        MainWindow window{QString()};
        window.resize(1440, 900);
        window.show();
        QCoreApplication::processEvents();
        window.grab();
        s.PauseTiming();
        window.hide();
        s.ResumeTiming();
    }
}
BENCHMARK(firstPaint)->Unit(benchmark::kMillisecond)->Iterations(10);

/// Panned by a hair each time where it moves: every dot is at another place.
void frameOf(benchmark::State& s, bool moves)
{
    Opened o;
    const auto cloud = cloudOf(*o.state().world(), static_cast<std::size_t>(s.range(0)), 1);
    o.state().setWorld(o.state().world(), std::make_shared<const Table>(tabulate(*o.state().world(), cloud)));
    auto* plot = o.window.findChild<TradeoffPlot*>();
    double shift = 1e-3 * plot->xAxis->range().size();
    for (auto _ : s) {
        if (moves)
            plot->xAxis->moveRange(shift = -shift);
        plot->replot(QCustomPlot::rpImmediateRefresh);
    }
    s.counters["points"] = static_cast<double>(cloud.size());
}
BENCHMARK_CAPTURE(frameOf, still, false)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(frameOf, moving, true)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void sliderToFront(benchmark::State& s)
{
    Opened o;
    auto* plot = o.window.findChild<TradeoffPlot*>();
    double limit = 40;
    for (auto _ : s) {
        limit = limit > 20 ? limit - 1 : 40;
        o.limit(limit);
        waitUntil([&] { return o.state().phase() == Phase::Results && o.state().answer()->question == o.state().question(); });
        QCoreApplication::processEvents();
        plot->repaint();
    }
}
BENCHMARK(sliderToFront)->Unit(benchmark::kMillisecond)->Iterations(50)->UseRealTime();

/// A slider that moves at 60 a second for five seconds; a timer of 1 ms says how long the window was deaf.
void gapsWhileSearching(benchmark::State& s)
{
    Opened o;
    std::vector<double> gapsMs;
    for (auto _ : s) {
        QElapsedTimer last, whole;
        QTimer beat, hand;
        QObject::connect(&beat, &QTimer::timeout, [&] { gapsMs.push_back(static_cast<double>(last.nsecsElapsed()) / 1e6); last.start(); });
        QObject::connect(&hand, &QTimer::timeout, [&] { o.limit(20 + 20 * (static_cast<double>(whole.elapsed() % 1000) / 1000)); });
        beat.setTimerType(Qt::PreciseTimer);
        whole.start();
        last.start();
        beat.start(1);
        hand.start(16);
        waitUntil([&] { return whole.elapsed() > 5000; });
    }
    std::sort(gapsMs.begin(), gapsMs.end());
    s.counters["p50Ms"] = gapsMs[gapsMs.size() / 2];
    s.counters["p95Ms"] = gapsMs[gapsMs.size() * 95 / 100];
    s.counters["mostMs"] = gapsMs.back();
}
BENCHMARK(gapsWhileSearching)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();

void cancel(benchmark::State& s)
{
    Opened o;
    for (auto _ : s) {
        s.PauseTiming();
        o.window.open(kBundle);
        waitUntil([&] { return o.state().phase() == Phase::Loading; });
        s.ResumeTiming();
        o.window.explorer().stop();
        waitUntil([&] { return o.state().phase() != Phase::Loading; });
        s.PauseTiming();
        waitUntil([&] { return o.state().phase() == Phase::Results; });
        s.ResumeTiming();
    }
}
BENCHMARK(cancel)->Unit(benchmark::kMillisecond)->Iterations(10)->UseRealTime();

void memory(benchmark::State& s)
{
    Opened o;
    for (auto _ : s)
        QCoreApplication::processEvents();
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            s.counters["peakMB"] = std::stod(line.substr(6)) / 1024;
}
BENCHMARK(memory)->Iterations(1);

} // namespace

int main(int argc, char** argv)
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

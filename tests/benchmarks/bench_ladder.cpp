// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Quality of the budget ladder over time on the official predictor and published tables. Run by hand; the reference
// material is looked for in PARETOSCOPE_REFERENCE_DIR.
//   bench_ladder front [note10|i7|macs] [seeds] [threads] [seconds ...]
//   bench_ladder limit [seeds] [threads] [seconds]
#include "device/latencytable.h"
#include "predict/predictorfile.h"
#include "search/ladder.h"
#include "search/nondominated.h"
#include "space/spacejson.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace paretoscope;

namespace {

namespace fs = std::filesystem;
const std::vector<int> kResolutions{160, 176, 192, 208, 224};

struct CostRaw {
    double cost = 0;
    double raw = 0;
};

fs::path reference(const std::string& relative)
{
    const char* set = std::getenv("PARETOSCOPE_REFERENCE_DIR");
    return (set && *set ? fs::path(set) : fs::path(PARETOSCOPE_SOURCE_DIR) / "../shared") / relative;
}

SearchProblem problem(const std::string& what)
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto parts = std::make_shared<const Parts>(space);
    std::vector<SearchDevice> devices;
    if (what == "note10" || what == "i7") {
        const auto table =
            readLatencyTable(reference(what == "i7" ? "real/nsganetv2/i7-8700K_lut.yaml" : "real/once-for-all/note10"));
        SearchDevice device;
        device.id = what;
        device.latencyMs = {toCostTable(table, parts)};
        devices.push_back(device);
    }
    return SearchProblem(parts, openPredictor(reference("real/once-for-all/acc_predictor.pth"), space), devices);
}

SearchRequest front(const std::string& what)
{
    SearchRequest r;
    r.objectives = {{Metric::Top1Percent, 0}, {what == "macs" ? Metric::Macs : Metric::LatencyMs, 0}};
    r.choices.resolutions = kResolutions;
    return r;
}

struct Outcome {
    std::vector<CostRaw> front;
    std::uint64_t evaluations = 0;
    double ms = 0;
};

Outcome run(const SearchTask& task, const SearchRequest& request)
{
    Archive archive(task);
    SearchControl control(request, {}, {});
    searchLadder(task, request, request.warmStart, archive, control);
    Outcome o;
    o.evaluations = control.evaluations();
    o.ms = control.elapsedMs();
    const auto f = archive.front();
    for (std::size_t i = 0; i < f.size(); ++i)
        o.front.push_back({f.dimensions > 1 ? f.at(i, 1) : 0, f.at(i, 0) / 100});
    return o;
}

/// Area between the front and the reference point.
double area(std::vector<CostRaw> front, CostRaw worst)
{
    std::sort(front.begin(), front.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    double sum = 0, best = worst.raw;
    for (std::size_t i = 0; i < front.size(); ++i) {
        if (front[i].cost >= worst.cost || front[i].raw <= best)
            continue;
        sum += (worst.cost - front[i].cost) * (front[i].raw - best);
        best = front[i].raw;
    }
    return sum;
}

double median(std::vector<double> v)
{
    std::sort(v.begin(), v.end());
    return v.empty() ? 0 : (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
}

std::vector<CostRaw> readFront(const fs::path& path)
{
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    std::vector<CostRaw> front;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        fields.imbue(std::locale::classic());
        CostRaw p;
        char comma = 0;
        fields >> p.cost >> comma >> p.raw;
        front.push_back(p);
    }
    return front;
}

int fronts(const std::string& what, int seeds, int threads, const std::vector<double>& seconds)
{
    const auto p = problem(what);
    auto request = front(what);
    request.threads = threads;
    const auto task = prepare(p, request);
    std::vector<CostRaw> best;
    const auto known = fs::path(std::getenv("LADDER_FRONTS") ? std::getenv("LADDER_FRONTS") : ".") / (what + ".csv");
    if (what == "note10")
        best = readFront(reference("fixtures/search/front_note10_w1.2.csv"));
    else if (fs::exists(known))
        best = readFront(known);
    else {
        for (int s = 0; s < 5; ++s) {
            request.seed = 1000 + static_cast<std::uint64_t>(s);
            request.timeMs = 1000 * (std::getenv("LADDER_LONG") ? std::atof(std::getenv("LADDER_LONG")) : 60);
            const auto o = run(task, request);
            best.insert(best.end(), o.front.begin(), o.front.end());
        }
        std::ofstream out(known);
        out << "cost,raw\n";
        for (const auto& b : best)
            out << fmt::format("{},{}\n", b.cost, b.raw);
    }
    std::sort(best.begin(), best.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    const CostRaw worst{what == "note10" ? 60.0 : best.back().cost, best.front().raw - 0.002};
    const double whole = area(best, worst);
    fmt::print("{}, {} threads: HV % of the reference ({} points, {:.6g}); median, lowest, highest of {} seeds\n", what,
        threads, best.size(), whole, seeds);
    for (const double s : seconds) {
        std::vector<double> shares, rates, times;
        for (int seed = 1; seed <= seeds; ++seed) {
            request.seed = static_cast<std::uint64_t>(seed);
            if (s >= 100) // evaluations
                request.evaluations = static_cast<std::uint64_t>(s);
            else
                request.timeMs = 1000 * s;
            const auto o = run(task, request);
            shares.push_back(100 * area(o.front, worst) / whole);
            rates.push_back(static_cast<double>(o.evaluations) / o.ms);
            times.push_back(o.ms);
        }
        fmt::print("{:6.2f} s  {:8.3f}  {:8.3f}  {:8.3f}   {:6.0f} k evaluations/s, {:.1f} ms\n", s, median(shares),
            *std::min_element(shares.begin(), shares.end()), *std::max_element(shares.begin(), shares.end()),
            median(rates), median(times));
        std::fflush(stdout);
    }
    return 0;
}

struct Target {
    double ms = 0, published = 0, best = 0;
};
const std::vector<Target> kTargets{{15, 0.78486, 0.78800}, {20, 0.80392, 0.80790}, {25, 0.81819, 0.82222},
    {30, 0.82649, 0.83187}, {45, 0.84304, 0.84962}, {60, 0.84982, 0.85397}};

int limits(int seeds, int threads, double seconds)
{
    const auto p = problem("note10");
    fmt::print(
        "one limit, {} s, {} threads, {} seeds: best known; lowest, median, highest found\n", seconds, threads, seeds);
    for (const auto& t : kTargets) {
        auto request = front("note10");
        request.objectives.resize(1);
        request.threads = threads;
        if (seconds >= 100)
            request.evaluations = static_cast<std::uint64_t>(seconds);
        else
            request.timeMs = 1000 * seconds;
        request.limits = {{{Metric::LatencyMs, 0}, std::nullopt, t.ms}};
        const auto task = prepare(p, request);
        std::vector<double> found, rates;
        for (int seed = 1; seed <= seeds; ++seed) {
            request.seed = static_cast<std::uint64_t>(seed);
            const auto o = run(task, request);
            found.push_back(o.front.empty() ? 0 : o.front.back().raw);
            rates.push_back(static_cast<double>(o.evaluations) / o.ms);
        }
        fmt::print("{:4.0f} ms  {:.5f}   {:.5f} {:.5f} {:.5f}  {:+.5f}  {:.0f} k/s\n", t.ms, t.best,
            *std::min_element(found.begin(), found.end()), median(found), *std::max_element(found.begin(), found.end()),
            *std::min_element(found.begin(), found.end()) - t.best, median(rates));
        std::fflush(stdout);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> args(argv + 1, argv + argc);
    const auto number = [&](std::size_t i, double otherwise) {
        return i < args.size() ? std::atof(args[i].c_str()) : otherwise;
    };
    if (!args.empty() && args[0] == "limit")
        return limits(static_cast<int>(number(1, 8)), static_cast<int>(number(2, 1)), number(3, 1));
    std::vector<double> seconds;
    for (std::size_t i = 4; i < args.size(); ++i)
        seconds.push_back(std::atof(args[i].c_str()));
    if (seconds.empty())
        seconds = {0.03, 0.1, 0.3, 1, 3, 10};
    return fronts(
        args.size() > 1 ? args[1] : "note10", static_cast<int>(number(2, 8)), static_cast<int>(number(3, 1)), seconds);
}

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/tracker.h"

#include "base/error.h"
#include "carbon/wallmeter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <unistd.h>

namespace paretoscope {

namespace {

constexpr std::array<std::string_view, 3> kAttributions{"machine", "net", "share"};
constexpr std::size_t kMostLog = 200;

} // namespace

std::string_view name(Attribution a) { return kAttributions[static_cast<std::size_t>(a)]; }

Attribution attributionFromName(std::string_view text, const std::string& where)
{
    for (std::size_t i = 0; i < kAttributions.size(); ++i)
        if (kAttributions[i] == text)
            return static_cast<Attribution>(i);
    throw ValueError({where, "unknown attribution", quote(text), "machine, net, share"});
}

Tracker::Tracker(MeterSet meters, TrackerOptions options, std::shared_ptr<FileSource> files, std::filesystem::path root,
    std::shared_ptr<Clock> clock, std::optional<RunReport> before)
    : m_meters(std::move(meters))
    , m_options(std::move(options))
    , m_files(std::move(files))
    , m_root(std::move(root))
    , m_clock(std::move(clock))
    , m_before(std::move(before))
{
    if (!(m_options.intervalS >= 0.1 && m_options.intervalS <= 30))
        throw ValueError({"interval", "out of range", fmt::format("{} s", m_options.intervalS), "0.1 to 30 s"});
    if (!(m_options.pue.value >= 1))
        throw ValueError({"PUE", "must be at least 1", fmt::format("{}", m_options.pue.value), "1 (own computer) to 3"});
    if (!(m_options.intensityGPerKwh.value >= 0))
        throw ValueError({"intensity", "must be a number of at least 0", fmt::format("{}", m_options.intensityGPerKwh.value), "g CO2e per kWh"});
    for (const auto& m : m_meters.meters)
        m_sources.push_back({m, {}, 0});
    m_sources.push_back({m_meters.estimate, {}, 0});
    if (m_before) {
        m_epochKwh = m_before->epochKwh;
        m_epochS = m_before->epochS;
        m_phases = m_before->phases;
        m_budgetTold = m_before->budgetReached;
        if (!m_options.epochsTotal)
            m_options.epochsTotal = m_before->epochsTotal;
    }
}

Tracker::~Tracker()
{
    m_thread.request_stop();
    m_wake.notify_all();
}

// Every meter by itself: one that throws costs its own reading only.
void Tracker::readAll()
{
    const double before = m_nowS;
    m_nowS = m_clock->monotonicS();
    m_nowUnixS = m_clock->unixS();
    const double gap = m_clock->bootS() - m_nowS;
    const double slept = before > 0 ? std::max(0.0, gap - m_bootGapS) : 0;
    m_bootGapS = gap;
    if (slept > 0.5) {
        m_suspendedS += slept;
        if (m_log.size() < kMostLog)
            m_log.push_back(fmt::format("the computer slept for {:.1f} s; not counted", slept));
    }
    for (auto& s : m_sources) {
        std::string reason;
        try {
            s.account.add(m_nowS, slept, s.meter->read());
        } catch (const std::exception& e) {
            reason = e.what();
        }
        if (!reason.empty()) {
            s.account.failed(m_nowS, reason);
            if (s.errors++ == 0 && m_log.size() < kMostLog)
                m_log.push_back(fmt::format("{}: {}; the job goes on without this reading", s.meter->name(), reason));
        }
    }
}

void Tracker::measureIdle()
{
    readAll();
    const double begin = m_nowS;
    while (m_clock->monotonicS() - begin < m_options.idleBaselineS) {
        if (m_options.thread) {
            const double left = m_options.idleBaselineS - (m_clock->monotonicS() - begin);
            std::this_thread::sleep_for(std::chrono::duration<double>(std::clamp(left, 0.01, m_options.intervalS)));
        }
        readAll();
        if (!m_options.thread && m_nowS - begin <= 0)
            break; // a clock that stands still
    }
    const double length = m_nowS - begin;
    for (const auto c : {Component::Cpu, Component::Dram, Component::Gpu, Component::Ram, Component::Box})
        if (const auto e = machineJ(c); e && length > 0)
            m_attributed[c].idleW = e->first / length;
    for (auto& s : m_sources)
        s.account = {};
    m_suspendedS = 0;
}

void Tracker::start()
{
    const std::lock_guard lock(m_mutex);
    if (m_started)
        throw ValueError({"tracker", "was started before", {}, "one start"});
    m_started = true;
    if (m_options.attribution == Attribution::Net)
        measureIdle();
    if (m_options.attribution == Attribution::Share) {
        m_share.emplace(m_files, m_root, m_options.process ? m_options.process : static_cast<int>(getpid()));
        for (const auto& m : m_meters.meters)
            gpuShare(*m, {}); // what came before does not count
    }
    m_nowS = 0;
    readAll();
    m_beginS = m_phaseBeginS = m_epochBeginS = m_nowS;
    m_beginUnixS = m_nowUnixS;
    if (m_options.thread)
        m_thread = std::jthread([this](std::stop_token stop) { loop(stop); });
}

void Tracker::loop(std::stop_token stop)
{
    auto next = std::chrono::steady_clock::now();
    const auto step = std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(m_options.intervalS));
    while (!stop.stop_requested()) {
        next = std::max(next + step, std::chrono::steady_clock::now()); // after a sleep there is nothing to catch up
        {
            std::unique_lock lock(m_wakeMutex);
            m_wake.wait_until(lock, stop, next, [] { return false; });
        }
        if (!stop.stop_requested())
            sample();
    }
}

void Tracker::sample()
{
    std::optional<RunReport> told, budget;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_started || m_stopped)
            return;
        readAll();
        attribute();
        if (m_options.onSample || (m_options.budgetCo2eG && !m_budgetTold)) {
            told = report();
            if (m_options.budgetCo2eG && !m_budgetTold && told->co2eG.value >= *m_options.budgetCo2eG) {
                m_budgetTold = told->budgetReached = true;
                budget = told;
            }
        }
    }
    // Outside of the lock: a callback may ask for the state. Nothing thrown may leave the thread.
    try {
        if (budget && m_options.onBudget)
            m_options.onBudget(*budget);
        if (told && m_options.onSample)
            m_options.onSample(*told);
    } catch (const std::exception& e) {
        const std::lock_guard lock(m_mutex);
        m_log.push_back(fmt::format("a callback failed: {}", e.what()));
    }
}

// The best source of a component; the estimate only where nothing measures.
std::optional<std::pair<double, const Tracker::Source*>> Tracker::machineJ(Component component) const
{
    double sum = 0;
    const Source* best = nullptr;
    for (std::size_t i = 0; i + 1 < m_sources.size(); ++i)
        if (const auto e = m_sources[i].account.energyJ(component)) {
            sum += *e; // devices of different makers
            best = best ? best : &m_sources[i];
        }
    if (best)
        return std::pair(sum, best);
    // Measured dram takes the place of the rule for memory.
    if (component == Component::Ram && machineJ(Component::Dram))
        return std::nullopt;
    if (const auto e = m_sources.back().account.energyJ(component))
        return std::pair(*e, &m_sources.back());
    return std::nullopt;
}

void Tracker::attribute()
{
    const double duration = m_nowS - m_beginS;
    std::optional<double> share, gpu;
    if (m_share) {
        share = m_share->share();
        for (const auto& m : m_meters.meters)
            if (const auto g = gpuShare(*m, m_share->processes()))
                gpu = g;
        m_gpuShareKnown = m_gpuShareKnown || gpu;
    }
    for (const auto c : {Component::Cpu, Component::Dram, Component::Gpu, Component::Ram, Component::Box}) {
        const auto machine = machineJ(c);
        if (!machine)
            continue;
        auto& a = m_attributed[c];
        switch (m_options.attribution) {
        case Attribution::Machine: a.energyJ = machine->first; break;
        case Attribution::Net: a.energyJ = std::max(0.0, machine->first - a.idleW * duration); break;
        case Attribution::Share: {
            a.pendingJ += machine->first - a.lastJ;
            a.lastJ = machine->first;
            // A GPU without a driver that tells goes to the job whole; the report says so.
            auto part = c == Component::Gpu ? (gpu ? gpu : std::optional<double>(1)) : share;
            // At the end what is left goes by the share so far; a job too short for a tick is counted whole, never as zero.
            if (!part && m_stopping)
                part = a.lastJ > a.pendingJ ? a.energyJ / (a.lastJ - a.pendingJ) : 1;
            if (part) {
                a.energyJ += a.pendingJ * *part;
                a.pendingJ = 0;
            }
            break;
        }
        }
        a.powerW = machine->second->account.powerW(c);
    }
}

double Tracker::energyItJ() const
{
    const bool box = boxCounts();
    double sum = 0;
    for (const auto& [c, a] : m_attributed)
        sum += (c == Component::Box) == box ? a.energyJ : 0;
    return sum;
}

// A box that stood on mains part of the time says nothing of the whole.
bool Tracker::boxCounts() const
{
    const auto machine = machineJ(Component::Box);
    return m_attributed.contains(Component::Box) && machine && machine->second->account.filledShare(Component::Box) <= 0.05;
}

void Tracker::closePhase()
{
    if (!m_phase.empty())
        m_phases.push_back({m_phase, m_nowS - m_phaseBeginS, std::max(0.0, energyItJ() - m_phaseBeginJ) / 3.6e6});
}

void Tracker::phase(std::string phaseName)
{
    sample();
    const std::lock_guard lock(m_mutex);
    closePhase();
    m_phase = std::move(phaseName);
    m_phaseBeginS = m_epochBeginS = m_nowS;
    m_phaseBeginJ = m_epochBeginJ = energyItJ();
}

void Tracker::epochDone(int epochs)
{
    sample();
    const std::lock_guard lock(m_mutex);
    if (!m_started || m_stopped || epochs < 1 || epochs > 1'000'000)
        return;
    m_epochKwh.insert(m_epochKwh.end(), static_cast<std::size_t>(epochs), std::max(0.0, energyItJ() - m_epochBeginJ) / 3.6e6 / epochs);
    m_epochS.insert(m_epochS.end(), static_cast<std::size_t>(epochs), (m_nowS - m_epochBeginS) / epochs);
    m_epochBeginS = m_nowS;
    m_epochBeginJ = energyItJ();
}

void Tracker::setEpochsTotal(int total)
{
    const std::lock_guard lock(m_mutex);
    m_options.epochsTotal = total;
}

RunReport Tracker::state() const
{
    const std::lock_guard lock(m_mutex);
    return report();
}

RunReport Tracker::stop()
{
    m_thread.request_stop();
    m_wake.notify_all();
    if (m_thread.joinable() && m_thread.get_id() != std::this_thread::get_id())
        m_thread.join();
    if (!m_stopped) {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        sample(); // the last partial interval
        const std::lock_guard lock(m_mutex);
        closePhase();
        m_phase.clear();
        m_stopped = true;
        if (!m_options.wallMeter.empty())
            m_wallJ = readWallMeterLog(m_options.wallMeter).energyJ(m_beginUnixS, m_nowUnixS);
    }
    return state();
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Follows a job: reads the meters once a second on a thread of its own, keeps the energy by component, phase and epoch,
// and answers at any time with a report that carries bands. What cannot be measured is estimated and named.
#pragma once

#include "carbon/meteraccount.h"
#include "carbon/meterprobe.h"
#include "carbon/runreport.h"
#include "carbon/trackershare.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace paretoscope {

/// Machine: everything while the job runs. Net: without the idle power measured before. Share: the job's share of the
/// processors' (and GPUs') work.
enum class Attribution { Machine, Net, Share };

std::string_view name(Attribution attribution); // "machine", "net", "share"
/// @throws ValueError naming what exists.
Attribution attributionFromName(std::string_view name, const std::string& where);

struct TrackerOptions {
    double intervalS = 1;       // 0.1 to 30: a counter of 65 kJ wraps within minutes
    Attribution attribution = Attribution::Machine;
    double idleBaselineS = 10;  // for Net, before start; start() takes that long
    int process = 0;            // for Share; 0: this process
    Estimate intensityGPerKwh;
    Estimate pue = userValue(1, "own computer");
    std::string zone, zoneIso3, basis;
    int zoneYear = 0;
    std::string project = "paretoscope", command;
    int epochsTotal = 0;        // 0: not known
    std::filesystem::path wallMeter; // a log that is read at the end; empty: none
    std::optional<double> budgetCo2eG;
    std::function<void(const RunReport&)> onBudget; // once, when the budget is reached; on the tracker's thread
    std::function<void(const RunReport&)> onSample; // after each reading; on the tracker's thread
    bool thread = true;         // false: only `sample()` reads, for tests and for programs with a clock of their own
};

class Tracker {
public:
    /// `before` is the report of an earlier session of the same job: its energies, times, phases and epochs are carried on.
    /// @throws ValueError for options out of range.
    Tracker(MeterSet meters, TrackerOptions options, std::shared_ptr<FileSource> files = systemFiles(), std::filesystem::path root = "/",
        std::shared_ptr<Clock> clock = systemClock(), std::optional<RunReport> before = {});
    /// Stops.
    ~Tracker();
    Tracker(const Tracker&) = delete;
    Tracker& operator=(const Tracker&) = delete;

    /// Measures the idle power where that is asked for, reads every meter and begins. Once only.
    void start();
    /// Reads a last time, so that no partial interval is lost, and reports. Repeated calls give the same report.
    /// @throws as readWallMeterLog, when a wall meter was named; the tracker has stopped then, and state() still answers.
    RunReport stop();

    /// A reading now, in between.
    void sample();
    /// From now on energy counts for this phase, and the epoch that is under way begins here.
    void phase(std::string name);
    /// Epochs are finished: reads and keeps their energy and time, in equal parts where there were several.
    void epochDone(int epochs = 1);
    void setEpochsTotal(int total);
    /// What is known now; a value of its own, for another thread.
    RunReport state() const;

private:
    struct Source {
        std::shared_ptr<EnergyMeter> meter;
        MeterAccount account;
        int errors = 0;
    };
    struct Attributed {
        double energyJ = 0, powerW = 0;
        double pendingJ = 0, lastJ = 0; // Share: energy of the machine that is not shared out yet, and all of it so far
        double idleW = 0;
    };
    void readAll();
    void attribute();
    void measureIdle();
    std::optional<std::pair<double, const Source*>> machineJ(Component component) const;
    RunReport report() const;
    double energyItJ() const;
    bool boxCounts() const;
    void closePhase();
    void loop(std::stop_token stop);

    MeterSet m_meters;
    TrackerOptions m_options;
    std::shared_ptr<FileSource> m_files;
    std::filesystem::path m_root;
    std::shared_ptr<Clock> m_clock;
    std::optional<RunReport> m_before;

    mutable std::mutex m_mutex;
    std::vector<Source> m_sources; // the last one is the estimate
    std::map<Component, Attributed> m_attributed;
    std::optional<ShareMeter> m_share;
    bool m_gpuShareKnown = false;
    bool m_started = false, m_stopping = false, m_stopped = false, m_budgetTold = false;
    double m_beginS = 0, m_nowS = 0, m_bootGapS = 0, m_suspendedS = 0, m_beginUnixS = 0, m_nowUnixS = 0;
    std::string m_phase;
    double m_phaseBeginS = 0, m_phaseBeginJ = 0, m_epochBeginS = 0, m_epochBeginJ = 0;
    std::vector<PhaseEnergy> m_phases;
    std::vector<double> m_epochKwh, m_epochS;
    std::vector<std::string> m_log, m_warnings;
    std::optional<double> m_wallJ;

    std::mutex m_wakeMutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

} // namespace paretoscope

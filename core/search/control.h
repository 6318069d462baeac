// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a solver stops, and what it says meanwhile.
#pragma once

#include "search/request.h"

#include <chrono>
#include <functional>
#include <stop_token>

namespace paretoscope {

/// One run. `stopped` may be asked from any thread; the rest belongs to the thread that called the solver.
class SearchControl {
public:
    using Clock = std::chrono::steady_clock;
    /// Makes a snapshot when one is due: the front as it stands.
    using Snapshot = std::function<Points()>;

    SearchControl(const SearchRequest& request, std::stop_token stop, OnProgress onProgress);

    /// Told to stop, or out of time. Cheap (one clock reading); a solver asks at least once a millisecond of work.
    bool stopped() const { return m_stop.stop_requested() || (m_hasDeadline && Clock::now() >= m_deadline); }
    bool interrupted() const { return m_stop.stop_requested(); }
    double elapsedMs() const;
    bool bounded() const { return m_hasDeadline || m_evaluationLimit != 0; }
    /// Of the whole run; nothing where there is no such bound.
    std::optional<double> timeMs() const { return m_timeMs; }
    /// 0: no limit.
    std::uint64_t evaluationLimit() const { return m_evaluationLimit; }
    std::uint64_t evaluations() const { return m_evaluations; }
    /// How many of `wanted` evaluations may still be done; counts them.
    std::uint64_t take(std::uint64_t wanted);
    /// Share of the bound that is used up, 0 to 1: of the evaluations where these are bounded, else of the time.
    double share() const;
    /// Calls the progress callback at most 30 times a second; the snapshot is made only then.
    void report(const Snapshot& snapshot);
    /// Set by whoever knows the reference point.
    std::function<double(const Points&)> hypervolume;

private:
    std::stop_token m_stop;
    OnProgress m_onProgress;
    Clock::time_point m_begin;
    Clock::time_point m_deadline;
    Clock::time_point m_lastReport;
    bool m_hasDeadline = false;
    std::optional<double> m_timeMs;
    std::uint64_t m_evaluationLimit = 0;
    std::uint64_t m_evaluations = 0;
};

} // namespace paretoscope

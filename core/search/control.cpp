// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/control.h"

#include <algorithm>

namespace paretoscope {

namespace {

constexpr std::chrono::milliseconds kReportInterval{33};

} // namespace

SearchControl::SearchControl(const SearchRequest& request, std::stop_token stop, OnProgress onProgress)
    : m_stop(std::move(stop))
    , m_onProgress(std::move(onProgress))
    , m_begin(Clock::now())
    , m_lastReport(m_begin)
    , m_hasDeadline(request.timeMs.has_value())
    , m_timeMs(request.timeMs)
    , m_evaluationLimit(request.evaluations.value_or(0))
{
    if (m_hasDeadline)
        m_deadline = m_begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(*request.timeMs));
}

double SearchControl::elapsedMs() const { return std::chrono::duration<double, std::milli>(Clock::now() - m_begin).count(); }

std::uint64_t SearchControl::take(std::uint64_t wanted)
{
    const auto granted = m_evaluationLimit == 0 ? wanted : std::min(wanted, m_evaluationLimit - std::min(m_evaluationLimit, m_evaluations));
    m_evaluations += granted;
    return granted;
}

double SearchControl::share() const
{
    if (m_evaluationLimit != 0)
        return std::min(1.0, static_cast<double>(m_evaluations) / static_cast<double>(m_evaluationLimit));
    return m_timeMs ? std::min(1.0, elapsedMs() / *m_timeMs) : 0.0;
}

void SearchControl::report(const Snapshot& snapshot)
{
    if (!m_onProgress || Clock::now() - m_lastReport < kReportInterval)
        return;
    m_lastReport = Clock::now();
    SearchProgress p;
    p.evaluations = m_evaluations;
    p.elapsedMs = elapsedMs();
    if (bounded()) {
        const double done = m_timeMs ? std::max(share(), std::min(1.0, p.elapsedMs / *m_timeMs)) : share();
        p.share = done;
        if (done > 0)
            p.timeLeftMs = p.elapsedMs * (1 - done) / done;
    }
    const auto front = std::make_shared<Points>(snapshot());
    if (hypervolume)
        p.hypervolume = hypervolume(*front);
    p.front = front;
    m_onProgress(p);
}

} // namespace paretoscope

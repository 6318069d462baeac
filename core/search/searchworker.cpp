// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/searchworker.h"

#include <algorithm>

namespace paretoscope {

SearchWorker::SearchWorker(OnWorkerProgress onProgress, OnWorkerResult onResult)
    : m_onProgress(std::move(onProgress))
    , m_onResult(std::move(onResult))
    , m_thread([this](const std::stop_token& quit) { work(quit); })
{
}

SearchWorker::~SearchWorker()
{
    cancel();
    m_thread.request_stop();
}

std::uint64_t SearchWorker::submit(std::shared_ptr<const SearchProblem> problem, SearchRequest request)
{
    const std::lock_guard lock(m_mutex);
    m_waiting = Job{++m_latest, std::move(problem), std::move(request)};
    m_cancelled = m_latest - 1;
    if (m_running != 0)
        m_stop.request_stop();
    m_wake.notify_one();
    return m_latest;
}

void SearchWorker::cancel()
{
    const std::lock_guard lock(m_mutex);
    m_waiting.reset();
    m_cancelled = m_latest;
    m_stop.request_stop();
}

void SearchWorker::finishNow()
{
    const std::lock_guard lock(m_mutex);
    if (m_running != 0)
        m_stop.request_stop();
}

bool SearchWorker::idle() const
{
    const std::lock_guard lock(m_mutex);
    return m_running == 0 && !m_waiting;
}

void SearchWorker::deliver(const Job& job, const std::function<void()>& call)
{
    {
        const std::lock_guard lock(m_mutex);
        if (job.run <= m_cancelled)
            return;
    }
    call(); // outside the lock: the callback may submit the next request
}

void SearchWorker::work(const std::stop_token& quit)
{
    for (;;) {
        Job job;
        std::stop_token stop;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, quit, [this] { return m_waiting.has_value(); }))
                return;
            job = std::move(*m_waiting);
            m_waiting.reset();
            m_stop = {};
            stop = m_stop.get_token();
            m_running = job.run;
        }
        std::shared_ptr<const SearchResult> result;
        std::exception_ptr error;
        try { // nothing thrown may leave the thread
            result = std::make_shared<SearchResult>(search(*job.problem, job.request, stop, [&](const SearchProgress& p) {
                if (m_onProgress)
                    deliver(job, [&] { m_onProgress(job.run, p); });
            }));
        } catch (...) {
            error = std::current_exception();
        }
        if (m_onResult)
            deliver(job, [&] { m_onResult(job.run, result, error); });
        const std::lock_guard lock(m_mutex);
        m_running = 0;
    }
}

} // namespace paretoscope

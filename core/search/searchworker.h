// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "search/search.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace paretoscope {

/// A thread that searches for whoever must not wait, such as a window under whose sliders the front is solved again.
/// The latest request wins: a new one takes the place of one that waits, and tells the one that runs to stop. Results of
/// requests that were overtaken are not delivered.
class SearchWorker {
public:
    /// Both callbacks come from the worker's thread and must be quick: hand the value over and return. Exactly one
    /// result comes for each request that was not overtaken or cancelled: either a result or the exception.
    using OnWorkerProgress = std::function<void(std::uint64_t run, const SearchProgress&)>;
    using OnWorkerResult = std::function<void(std::uint64_t run, std::shared_ptr<const SearchResult>, std::exception_ptr)>;

    SearchWorker(OnWorkerProgress onProgress, OnWorkerResult onResult);
    /// Stops what runs and waits for the thread.
    ~SearchWorker();
    SearchWorker(const SearchWorker&) = delete;
    SearchWorker& operator=(const SearchWorker&) = delete;

    /// Returns the number of the run, rising from 1. From any thread.
    std::uint64_t submit(std::shared_ptr<const SearchProblem> problem, SearchRequest request);
    /// Forgets what waits and tells what runs to stop; its result is not delivered.
    void cancel();
    /// Tells what runs to stop; its result, as far as it has come, is delivered.
    void finishNow();
    bool idle() const;

private:
    struct Job {
        std::uint64_t run = 0;
        std::shared_ptr<const SearchProblem> problem;
        SearchRequest request;
    };
    void work(const std::stop_token& quit);
    void deliver(const Job& job, const std::function<void()>& call);

    OnWorkerProgress m_onProgress;
    OnWorkerResult m_onResult;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Job> m_waiting;
    std::uint64_t m_latest = 0;    // number of the last request
    std::uint64_t m_running = 0;   // 0: none
    std::uint64_t m_cancelled = 0; // requests up to this one are not delivered
    std::stop_source m_stop;       // of what runs
    std::jthread m_thread;         // last: the rest is there before it starts, and it ends before the rest goes
};

} // namespace paretoscope

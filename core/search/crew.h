// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Threads that share out numbered pieces of work again and again. Private to this room.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace paretoscope {

class Crew {
public:
    /// The calling thread is one of them; 0 takes as many as there are processors.
    explicit Crew(int threads)
    {
        const auto processors = std::max(1u, std::thread::hardware_concurrency());
        const auto wanted = threads > 0 ? static_cast<unsigned>(threads) : processors;
        for (unsigned i = 1; i < wanted; ++i)
            m_threads.emplace_back([this](std::stop_token stop) { serve(stop); });
    }
    ~Crew()
    {
        for (auto& t : m_threads)
            t.request_stop();
        m_round.fetch_add(1);
        m_round.notify_all();
    }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    /// Calls work(0) … work(pieces - 1), each once, on whatever thread is free; returns when all are done. The first
    /// exception is thrown again here.
    void run(std::size_t pieces, const std::function<void(std::size_t)>& work)
    {
        m_work = &work;
        m_pieces = pieces;
        m_next.store(0);
        m_busy.store(m_threads.size());
        m_round.fetch_add(1);
        m_round.notify_all();
        takePieces();
        for (auto busy = m_busy.load(); busy != 0; busy = m_busy.load())
            m_busy.wait(busy);
        if (m_error)
            std::rethrow_exception(std::exchange(m_error, nullptr));
    }

private:
    void serve(const std::stop_token& stop)
    {
        for (std::size_t seen = 0;;) {
            m_round.wait(seen);
            seen = m_round.load();
            if (stop.stop_requested())
                return;
            takePieces();
            if (m_busy.fetch_sub(1) == 1)
                m_busy.notify_all();
        }
    }
    void takePieces()
    {
        try {
            for (auto i = m_next.fetch_add(1); i < m_pieces; i = m_next.fetch_add(1))
                (*m_work)(i);
        } catch (...) {
            const std::lock_guard lock(m_mutex);
            if (!m_error)
                m_error = std::current_exception();
        }
    }

    const std::function<void(std::size_t)>* m_work = nullptr;
    std::size_t m_pieces = 0;
    std::atomic<std::size_t> m_next{0};
    std::atomic<std::size_t> m_busy{0};
    std::atomic<std::size_t> m_round{0};
    std::mutex m_mutex;
    std::exception_ptr m_error;
    std::vector<std::jthread> m_threads; // last: they end before the rest goes
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks the bundle's MLP about an answer, in the background, once the hand rests: it takes a second where the exact solver
// takes milliseconds.
#pragma once

#include "search/searchworker.h"
#include "state/secondopinion.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <mutex>

namespace paretoscope::desktop {

class Refiner : public QObject {
    Q_OBJECT
public:
    explicit Refiner(QObject* parent = nullptr);
    ~Refiner() override;

    /// After kRestMs without another call; nothing where the world has no second predictor or the front is empty.
    void ask(std::shared_ptr<const Answer> answer);
    /// At once; no opinion comes.
    void cancel();
    /// Waiting or searching.
    bool busy() const { return m_rest.isActive() || m_running; }

    static constexpr int kRestMs = 150;
    static constexpr double kSearchMs = 1000;

signals:
    void progressed(const paretoscope::desktop::SearchState& state);
    void refined(std::shared_ptr<const paretoscope::desktop::SecondOpinion> opinion);
    void failed(const QString& message);

private:
    void begin();
    void deliver(std::uint64_t run, const std::shared_ptr<const SearchResult>& result, const std::exception_ptr& error);

    QTimer m_rest;
    std::shared_ptr<const Answer> m_waiting;
    bool m_running = false;
    std::uint64_t m_run = 0; // GUI thread

    std::mutex m_mutex; // of the two below
    std::uint64_t m_askedRun = 0;
    std::shared_ptr<const Answer> m_asked;
    std::unique_ptr<SearchWorker> m_worker; // last: ends before the rest goes
};

} // namespace paretoscope::desktop

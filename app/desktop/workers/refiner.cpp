// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workers/refiner.h"

#include "workers/searcher.h"

#include <QMetaObject>

#include <utility>

namespace paretoscope::desktop {

Refiner::Refiner(QObject* parent)
    : QObject(parent)
    , m_worker(std::make_unique<SearchWorker>(
          [this](std::uint64_t run, const SearchProgress& p) {
              const SearchState state{p.evaluations, p.elapsedMs, p.share, p.timeLeftMs, p.hypervolume};
              QMetaObject::invokeMethod(this, [this, run, state] {
                  if (m_running && run == m_run)
                      emit progressed(state);
              }, Qt::QueuedConnection);
          },
          [this](std::uint64_t run, std::shared_ptr<const SearchResult> result, std::exception_ptr error) { deliver(run, result, error); }))
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &Refiner::begin);
}

Refiner::~Refiner() = default;

void Refiner::ask(std::shared_ptr<const Answer> answer)
{
    cancel();
    if (!answer->world->second || answer->result->front.empty())
        return;
    m_waiting = std::move(answer);
    m_rest.start();
}

void Refiner::cancel()
{
    m_rest.stop();
    m_waiting.reset();
    if (std::exchange(m_running, false))
        m_worker->cancel();
}

void Refiner::begin()
{
    const auto answer = std::exchange(m_waiting, nullptr);
    auto request = Searcher::requestOf(*answer->world, answer->question);
    request.warmStart = answer->result->front.subnets;
    request.timeMs = kSearchMs;
    request.threads = 1; // the other processor is the window's
    const std::lock_guard lock(m_mutex); // held until the number is known, so that an answer waits for it
    m_run = m_askedRun = m_worker->submit(answer->world->second, std::move(request));
    m_asked = answer;
    m_running = true;
}

void Refiner::deliver(std::uint64_t run, const std::shared_ptr<const SearchResult>& result, const std::exception_ptr& error)
{
    std::shared_ptr<const Answer> answer;
    {
        const std::lock_guard lock(m_mutex);
        if (m_askedRun != run)
            return;
        answer = m_asked;
    }
    std::shared_ptr<const SecondOpinion> opinion;
    QString message;
    try {
        if (error)
            std::rethrow_exception(error);
        opinion = secondOpinion(answer, result);
    } catch (const std::exception& e) { // nothing that is thrown may leave the worker's thread
        message = QString::fromUtf8(e.what());
    }
    QMetaObject::invokeMethod(this, [this, run, opinion, message] {
        if (!m_running || run != m_run) // overtaken or cancelled meanwhile
            return;
        m_running = false;
        if (opinion)
            emit refined(opinion);
        else
            emit failed(message);
    }, Qt::QueuedConnection);
}

} // namespace paretoscope::desktop

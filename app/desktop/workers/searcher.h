// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions in, answers out, off the GUI thread. The latest question wins: what was asked before is stopped and its
// answer dropped.
#pragma once

#include "search/searchworker.h"
#include "state/explorerstate.h"

#include <QObject>

#include <memory>
#include <mutex>

namespace paretoscope::desktop {

class Searcher : public QObject {
    Q_OBJECT
public:
    explicit Searcher(QObject* parent = nullptr);
    ~Searcher() override;

    /// Searches the front of top-1 and the cost of the x axis within the limits. Exact where the predictor is additive.
    void ask(std::shared_ptr<const World> world, const Question& question);
    /// Stops at once; no answer comes.
    void cancel();
    /// Stops; what was found comes as the answer.
    void finish();
    bool busy() const { return m_asked != m_answered; }

    /// The request that `ask` makes. @throws nothing: limits that the world does not know are left out.
    static SearchRequest requestOf(const World& world, const Question& question);
    /// What is read off a result. Any thread.
    static std::shared_ptr<const Answer> answerOf(std::shared_ptr<const World> world, Question question, std::shared_ptr<const SearchResult> result);

signals:
    void progressed(const paretoscope::desktop::SearchState& state);
    void answered(std::shared_ptr<const paretoscope::desktop::Answer> answer);
    void failed(const QString& message);

private:
    struct Asked {
        std::uint64_t run = 0;
        std::shared_ptr<const World> world;
        Question question;
    };
    void deliver(std::uint64_t run, const std::shared_ptr<const SearchResult>& result, const std::exception_ptr& error);

    std::mutex m_mutex; // of m_latest
    Asked m_latest;
    std::uint64_t m_asked = 0, m_answered = 0; // GUI thread
    std::unique_ptr<SearchWorker> m_worker;    // last: ends before the rest goes
};

} // namespace paretoscope::desktop

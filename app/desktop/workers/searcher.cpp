// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workers/searcher.h"

#include "search/picks.h"
#include "search/search.h"

#include <QMetaObject>

#include <algorithm>
#include <exception>
#include <thread>

namespace paretoscope::desktop {

namespace {

/// The row that bends most, costs and top-1 both seen as something to make small.
std::optional<std::size_t> kneeRow(const SearchResult& result)
{
    if (result.objectives < 2 || result.front.size() < 3)
        return std::nullopt;
    std::vector<double> values;
    for (std::size_t i = 0; i < result.front.size(); ++i)
        for (std::size_t c = 0; c < result.objectives; ++c)
            values.push_back(isMaximised(result.quantities[c].metric) ? -result.front.at(i, c) : result.front.at(i, c));
    const auto knee = kneeOf(values, result.objectives);
    return knee ? std::optional(knee->row) : std::nullopt;
}

QString messageOf(const std::exception_ptr& error)
{
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        return QString::fromUtf8(e.what());
    } catch (...) {
        return QStringLiteral("unknown");
    }
}

} // namespace

Searcher::Searcher(QObject* parent)
    : QObject(parent)
    , m_worker(std::make_unique<SearchWorker>(
          [this](std::uint64_t run, const SearchProgress& p) {
              const SearchState state{p.evaluations, p.elapsedMs, p.share, p.timeLeftMs, p.hypervolume};
              QMetaObject::invokeMethod(this, [this, run, state] {
                  if (run == m_asked)
                      emit progressed(state);
              }, Qt::QueuedConnection);
          },
          [this](std::uint64_t run, std::shared_ptr<const SearchResult> result, std::exception_ptr error) { deliver(run, result, error); }))
{
}

Searcher::~Searcher() = default;

SearchRequest Searcher::requestOf(const World& world, const Question& question)
{
    SearchRequest request;
    request.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1); // one is the window's
    const auto cost = question.axes.x == Metric::Top1Percent ? question.axes.y : question.axes.x;
    for (const auto metric : {Metric::Top1Percent, cost})
        if (world.knows({metric, 0}))
            request.objectives.push_back({metric, 0});
    for (const auto& l : question.limits) {
        if (!l.on || !world.knows({l.metric, 0}))
            continue;
        Limit limit{{l.metric, 0}, std::nullopt, std::nullopt};
        (isMaximised(l.metric) ? limit.least : limit.most) = l.value;
        request.limits.push_back(limit);
    }
    return request;
}

std::shared_ptr<const Answer> Searcher::answerOf(std::shared_ptr<const World> world, Question question, std::shared_ptr<const SearchResult> result)
{
    auto answer = std::make_shared<Answer>();
    answer->front = tabulate(*world, result->front.subnets);
    answer->suggested = kneeRow(*result);
    if (!answer->suggested && !result->front.empty())
        answer->suggested = result->front.size() - 1;
    const auto& bands = world->bundle->predictor() ? world->bundle->predictor()->bands : std::optional<ConformalBands>();
    for (const auto& s : answer->front.points.subnets)
        answer->halfWidthPercent.push_back(bands ? bands->halfWidthPercent(s.resolution).value_or(0) : 0);
    const auto top1 = answer->front.column({Metric::Top1Percent, 0});
    const auto cost = result->objectives > 1 ? answer->front.column(result->quantities[1]) : std::nullopt;
    if (bands && top1 && cost && !result->front.empty()) {
        std::vector<double> costs, accuracies;
        for (std::size_t i = 0; i < answer->front.size(); ++i) {
            costs.push_back(answer->front.at(i, *cost));
            accuracies.push_back(answer->front.at(i, *top1));
        }
        answer->groups = groupByAccuracy(costs, accuracies, answer->halfWidthPercent);
    }
    answer->world = std::move(world);
    answer->question = std::move(question);
    answer->result = std::move(result);
    return answer;
}

void Searcher::ask(std::shared_ptr<const World> world, const Question& question)
{
    const std::lock_guard lock(m_mutex); // held until the number is known, so that an answer waits for it
    m_asked = m_worker->submit(world->problem, requestOf(*world, question));
    m_latest = {m_asked, std::move(world), question};
}

void Searcher::cancel()
{
    m_worker->cancel();
    m_answered = m_asked;
}

void Searcher::finish() { m_worker->finishNow(); }

void Searcher::deliver(std::uint64_t run, const std::shared_ptr<const SearchResult>& result, const std::exception_ptr& error)
{
    Asked asked;
    {
        const std::lock_guard lock(m_mutex);
        asked = m_latest;
    }
    if (asked.run != run)
        return;
    std::shared_ptr<const Answer> answer;
    QString message;
    try {
        if (error)
            std::rethrow_exception(error);
        answer = answerOf(asked.world, asked.question, result);
    } catch (...) { // nothing that is thrown may leave the worker's thread
        message = messageOf(std::current_exception());
    }
    QMetaObject::invokeMethod(this, [this, run, answer, message] {
        if (run != m_asked || m_answered == m_asked) // overtaken or cancelled meanwhile
            return;
        m_answered = run;
        if (answer)
            emit answered(answer);
        else
            emit failed(message);
    }, Qt::QueuedConnection);
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "drawnproblems.h"

#include "search/searchworker.h"

#include <QSemaphore>

#include <mutex>

using namespace paretoscope;
using testing::compareText;
using testing::drawnProblem;

namespace {

constexpr SearchQuantity kTop1{Metric::Top1Percent}, kLatency{Metric::LatencyMs}, kParams{Metric::Params}, kMacs{Metric::Macs};

SearchRequest request(std::vector<SearchQuantity> objectives)
{
    SearchRequest q;
    q.objectives = std::move(objectives);
    return q;
}

/// Collects what a worker delivers.
struct Inbox {
    std::mutex mutex;
    std::vector<std::uint64_t> runs;
    std::shared_ptr<const SearchResult> last;
    std::string error;
    int progress = 0;
    QSemaphore arrived;

    SearchWorker::OnWorkerResult onResult()
    {
        return [this](std::uint64_t run, std::shared_ptr<const SearchResult> result, std::exception_ptr e) {
            const std::lock_guard lock(mutex);
            runs.push_back(run);
            last = std::move(result);
            error = e ? testing::messageOf([&] { std::rethrow_exception(e); }) : std::string();
            arrived.release();
        };
    }
    SearchWorker::OnWorkerProgress onProgress()
    {
        return [this](std::uint64_t, const SearchProgress&) {
            const std::lock_guard lock(mutex);
            ++progress;
        };
    }
};

constexpr int kLongMs = 60'000;

} // namespace

class TestSearchWorker : public QObject {
    Q_OBJECT
private slots:
    void deliversAResult();
    void theLatestRequestWins();
    void cancelDeliversNothing();
    void finishNowDeliversWhatThereIs();
    void errorsArrive();
    void mayBeDestroyedWhileItRuns();
    void aCallbackMaySubmit();
};

void TestSearchWorker::deliversAResult()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", false));
    Inbox inbox;
    SearchWorker worker(inbox.onProgress(), inbox.onResult());
    QVERIFY(worker.idle());
    QCOMPARE(worker.submit(problem, request({kTop1, kLatency})), std::uint64_t{1});
    QVERIFY(inbox.arrived.tryAcquire(1, kLongMs));
    const auto here = search(*problem, request({kTop1, kLatency}));
    QVERIFY(inbox.last->front == here.front);
    QCOMPARE(inbox.last->hypervolume, here.hypervolume);
    QVERIFY(here.proof && here.proof->exact);
}

void TestSearchWorker::theLatestRequestWins()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", true));
    Inbox inbox;
    SearchWorker worker(inbox.onProgress(), inbox.onResult());
    std::uint64_t last = 0;
    for (int i = 0; i < 20; ++i) // each takes about a second: all but the last are overtaken
        last = worker.submit(problem, request({kTop1, kLatency, kParams}));
    last = worker.submit(problem, request({kTop1, kLatency}));
    QVERIFY(inbox.arrived.tryAcquire(1, kLongMs));
    QCOMPARE(inbox.runs, std::vector<std::uint64_t>{last});
    QVERIFY(!inbox.arrived.tryAcquire(1, 50));
}

void TestSearchWorker::cancelDeliversNothing()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", true));
    Inbox inbox;
    SearchWorker worker(inbox.onProgress(), inbox.onResult());
    worker.submit(problem, request({kTop1, kLatency, kParams}));
    worker.cancel();
    QVERIFY(!inbox.arrived.tryAcquire(1, 100));
    const auto next = worker.submit(problem, request({kTop1, kMacs}));
    QVERIFY(inbox.arrived.tryAcquire(1, kLongMs));
    QCOMPARE(inbox.runs, std::vector<std::uint64_t>{next});
}

void TestSearchWorker::finishNowDeliversWhatThereIs()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", false));
    Inbox inbox;
    SearchWorker worker(inbox.onProgress(), inbox.onResult());
    auto q = request({kTop1, kLatency});
    q.algorithm = Algorithm::Random;
    q.timeMs = 1e9;
    worker.submit(problem, q);
    while (true) { // until it has reported once
        const std::lock_guard lock(inbox.mutex);
        if (inbox.progress > 0)
            break;
    }
    worker.finishNow();
    QVERIFY(inbox.arrived.tryAcquire(1, kLongMs));
    QVERIFY(inbox.last->interrupted);
    QVERIFY(!inbox.last->front.empty());
}

void TestSearchWorker::errorsArrive()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", false));
    Inbox inbox;
    SearchWorker worker({}, inbox.onResult());
    worker.submit(problem, request({kTop1, kTop1}));
    QVERIFY(inbox.arrived.tryAcquire(1, kLongMs));
    QVERIFY(!inbox.last);
    compareText(inbox.error, "search: an objective that is named twice: found top1");
}

void TestSearchWorker::mayBeDestroyedWhileItRuns()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", true));
    Inbox inbox;
    {
        SearchWorker worker({}, inbox.onResult());
        worker.submit(problem, request({kTop1, kLatency, kParams}));
        worker.submit(problem, request({kTop1, kLatency, kMacs}));
    }
    QVERIFY(inbox.runs.empty());
}

void TestSearchWorker::aCallbackMaySubmit()
{
    const auto problem = std::make_shared<const SearchProblem>(drawnProblem("mbv3_w1.0", false));
    QSemaphore second;
    SearchWorker* self = nullptr;
    SearchWorker worker({}, [&](std::uint64_t run, const std::shared_ptr<const SearchResult>&, const std::exception_ptr&) {
        if (run == 1)
            self->submit(problem, request({kTop1, kMacs}));
        else
            second.release();
    });
    self = &worker;
    worker.submit(problem, request({kTop1, kLatency}));
    QVERIFY(second.tryAcquire(1, kLongMs));
}

QTEST_APPLESS_MAIN(TestSearchWorker)
#include "tst_searchworker.moc"

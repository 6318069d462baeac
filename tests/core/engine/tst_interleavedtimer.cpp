// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeruns.h"
#include "support.h"

#include "engine/processortime.h"
#include "engine/timingsummary.h"

#include <ctime>
#include <numeric>
#include <set>

using namespace paretoscope;
using testing::FakeComputer;
using testing::fakeRun;

namespace {

std::vector<double> trueTimes(int count)
{
    std::vector<double> ms;
    for (int i = 0; i < count; ++i)
        ms.push_back(0.2 * std::pow(1.05, i));
    return ms;
}

std::vector<TimedItem> itemsFor(FakeComputer& computer, const std::vector<double>& ms)
{
    std::vector<TimedItem> items;
    for (const double t : ms)
        items.push_back({fakeRun(computer, t), kEveryGroup});
    return items;
}

std::vector<TimingRound> timed(const std::vector<TimedItem>& items, const TimingOptions& options, std::vector<TimingRound> done = {}, const OnStep& onStep = {})
{
    auto rounds = done;
    timeInterleaved(items, options, done, [&](const TimingRound& r) { rounds.push_back(r); }, onStep);
    return rounds;
}

TimingOptions exactly(int rounds)
{
    TimingOptions o;
    o.leastRounds = o.mostRounds = rounds;
    return o;
}

// The largest relative error of a share of the whole: under drift no absolute time is the true one.
double worstError(const std::vector<double>& ms, const std::vector<double>& trueMs)
{
    const double sum = std::accumulate(ms.begin(), ms.end(), 0.0), trueSum = std::accumulate(trueMs.begin(), trueMs.end(), 0.0);
    double worst = 0;
    for (std::size_t i = 0; i < ms.size(); ++i)
        worst = std::max(worst, std::abs(ms[i] / sum / (trueMs[i] / trueSum) - 1));
    return worst;
}

std::vector<double> msOf(const TimingSummary& summary)
{
    std::vector<double> ms;
    for (const auto& t : summary.items)
        ms.push_back(t.ms);
    return ms;
}

} // namespace

class TestInterleavedTimer : public QObject {
    Q_OBJECT
private slots:
    void quantiles();
    void everyItemOnceARoundInEverNewOrder();
    void disturbancesAreTakenOut_data();
    void disturbancesAreTakenOut();
    void slowRoundsAreLeftOut();
    void stopsWhenItIsSure();
    void groupsShareNoMemory();
    void stopsBetweenRunsAndGoesOn();
    void shareNeverFalls();
    void othersTimeIsNotCounted();
};

void TestInterleavedTimer::quantiles()
{
    QCOMPARE(quantile({3, 1, 2}, 0.5), 2.0);
    QCOMPARE(quantile({1, 2}, 0.25), 1.25);
    QCOMPARE(quantile({7}, 0.75), 7.0);
    QCOMPARE(quantile({1, 2, 3, 4, 5}, 1), 5.0);
}

void TestInterleavedTimer::everyItemOnceARoundInEverNewOrder()
{
    FakeComputer computer;
    std::vector<int> order;
    std::vector<TimedItem> items;
    struct Noting final : TimedRun {
        Noting(std::vector<int>& o, int n)
            : order(o)
            , number(n)
        {
        }
        double runMs() override { return order.push_back(number), 1.0; }
        std::vector<int>& order;
        int number;
    };
    for (int i = 0; i < 16; ++i)
        items.push_back({[&order, i] { return std::make_unique<Noting>(order, i); }, kEveryGroup});
    items.push_back({[&order] { return std::make_unique<Noting>(order, 16); }, kEveryGroup, true});
    auto options = exactly(6);
    options.chain = 8;
    std::vector<TimingRound> rounds;
    timeInterleaved(items, options, {}, [&](const TimingRound& r) { rounds.push_back(r); }, {});
    QCOMPARE(rounds.size(), std::size_t(6));
    QCOMPARE(order.size(), std::size_t(7 * 17 * 3)); // one round to warm up
    std::vector<int> all(17);
    std::iota(all.begin(), all.end(), 0);
    std::set<std::vector<int>> orders;
    for (auto at = order.begin(); at != order.end();) {
        std::vector<int> round;
        while (round.size() < all.size()) { // chains, each three times
            const std::ptrdiff_t length = *at == 16 ? 1 : 8;
            QVERIFY(std::equal(at, at + 2 * length, at + length));
            round.insert(round.end(), at, at + length);
            at += 3 * length;
        }
        orders.insert(round);
        std::sort(round.begin(), round.end());
        QCOMPARE(round, all);
    }
    QCOMPARE(orders.size(), std::size_t(7));
}

void TestInterleavedTimer::disturbancesAreTakenOut_data()
{
    QTest::addColumn<double>("outliers");
    QTest::addColumn<double>("jitter");
    QTest::addColumn<double>("drift"); // slowdown at the end
    QTest::addColumn<double>("tolerance");
    QTest::newRow("nothing") << 0.0 << 0.0 << 1.0 << 1e-12;
    QTest::newRow("drift") << 0.0 << 0.0 << 2.0 << 0.01;
    QTest::newRow("outliers") << 0.05 << 0.0 << 1.0 << 1e-12;
    QTest::newRow("jitter") << 0.0 << 0.1 << 1.0 << 0.03;
    QTest::newRow("all") << 0.05 << 0.1 << 2.0 << 0.04;
}

void TestInterleavedTimer::disturbancesAreTakenOut()
{
    QFETCH(double, outliers);
    QFETCH(double, jitter);
    QFETCH(double, drift);
    QFETCH(double, tolerance);
    constexpr int kRounds = 40;
    const auto trueMs = trueTimes(60);
    FakeComputer computer;
    computer.outlierShare = outliers;
    computer.jitter = jitter;
    const double runs = (kRounds + 1) * 60 * 3;
    computer.slowdown = [=](int run) { return 1 + (drift - 1) * run / runs; };
    const auto rounds = timed(itemsFor(computer, trueMs), exactly(kRounds));
    const std::vector<int> groups(trueMs.size(), kEveryGroup);
    const auto summary = summarise(groups, rounds);
    QCOMPARE(summary.rounds, kRounds);
    std::vector<double> means(trueMs.size(), 0);
    for (std::size_t i = 0; i < trueMs.size(); ++i) {
        QCOMPARE(summary.items[i].runs, kRounds);
        QVERIFY(summary.items[i].lowMs <= summary.items[i].highMs && summary.items[i].ms <= summary.items[i].highMs * (1 + 1e-12));
        for (const auto& r : rounds)
            means[i] += r.ms[i] / kRounds;
    }
    const double ours = worstError(msOf(summary), trueMs);
    QVERIFY2(ours <= tolerance, qPrintable(QString::number(ours)));
    if (outliers > 0) {
        const double naive = worstError(means, trueMs);
        QVERIFY2(naive > 5 * ours, qPrintable(QString("%1 %2").arg(naive).arg(ours)));
    }
}

void TestInterleavedTimer::slowRoundsAreLeftOut()
{
    const auto trueMs = trueTimes(16);
    FakeComputer computer;
    computer.jitter = 0.02;
    // A third of the rounds at a fraction of the speed, and not the same fraction for all.
    computer.slowdown = [](int run) { return run / 48 % 3 ? 1.0 : run % 3 ? 4.0 : 6.0; };
    const std::vector<int> groups(trueMs.size(), kEveryGroup);
    auto options = exactly(30);
    options.warmUpRounds = 0;
    const auto summary = summarise(groups, timed(itemsFor(computer, trueMs), options));
    QCOMPARE(summary.discarded, 10);
    QCOMPARE(summary.rounds, 20);
    QVERIFY(worstError(msOf(summary), trueMs) < 0.02);
    QVERIFY(summary.scatterPercent > 0 && summary.scatterPercent < 2);
    QVERIFY(summary.slowestPercent >= 0 && summary.slowestPercent < 2);
}

void TestInterleavedTimer::stopsWhenItIsSure()
{
    TimingOptions options;
    options.leastRounds = 12;
    options.mostRounds = 50;
    options.targetPercent = 0.5;
    const std::vector<int> groups(20, kEveryGroup);
    FakeComputer quiet;
    QCOMPARE(timed(itemsFor(quiet, trueTimes(20)), options).size(), std::size_t(12));
    FakeComputer unquiet;
    unquiet.jitter = 0.06;
    const auto rounds = timed(itemsFor(unquiet, trueTimes(20)), options);
    QVERIFY2(rounds.size() > 12 && rounds.size() < 50, qPrintable(QString::number(rounds.size())));
    QVERIFY(standardErrorPercent(summarise(groups, rounds)) <= 0.5);
    FakeComputer wild;
    wild.jitter = 1;
    QCOMPARE(timed(itemsFor(wild, trueTimes(20)), options).size(), std::size_t(50));
    options.mostRounds = 3; // fewer than the least
    QCOMPARE(timed(itemsFor(wild, trueTimes(20)), options).size(), std::size_t(3));
}

void TestInterleavedTimer::groupsShareNoMemory()
{
    FakeComputer computer;
    std::vector<TimedItem> items;
    int mostAlive = 0;
    for (int i = 0; i < 10; ++i)
        items.push_back({fakeRun(computer, 1 + i), kEveryGroup});
    for (int i = 0; i < 12; ++i)
        items.push_back({fakeRun(computer, 20 + i), i % 3});
    std::vector<TimingRound> rounds;
    timeInterleaved(items, exactly(4), {},
        [&](const TimingRound& r) {
            rounds.push_back(r);
            mostAlive = std::max(mostAlive, computer.alive);
        },
        {});
    QCOMPARE(rounds.size(), std::size_t(12));
    QCOMPARE(computer.made, 22);
    QCOMPARE(mostAlive, 10 + 4);
    QCOMPARE(computer.alive, 0);
    std::vector<int> groups;
    for (const auto& item : items)
        groups.push_back(item.group);
    QCOMPARE(itemsOfGroup(groups, 1), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 17, 20}));
    const auto summary = summarise(groups, rounds);
    for (int i = 0; i < 22; ++i) {
        QCOMPARE(summary.items[static_cast<std::size_t>(i)].ms, i < 10 ? 1.0 + i : 10.0 + i);
        QCOMPARE(summary.items[static_cast<std::size_t>(i)].runs, i < 10 ? 12 : 4);
    }
}

void TestInterleavedTimer::stopsBetweenRunsAndGoesOn()
{
    const auto trueMs = trueTimes(30);
    FakeComputer computer;
    std::vector<TimingRound> rounds;
    const auto items = itemsFor(computer, trueMs);
    const auto stop = [&](const std::string&, double) { return rounds.size() < 3; };
    // The callback is asked at most every few milliseconds, so the runs must take some.
    computer.slowdown = [](int) {
        QTest::qSleep(1);
        return 1.0;
    };
    QVERIFY_THROWS_EXCEPTION(Cancelled, timeInterleaved(items, exactly(10), {}, [&](const TimingRound& r) { rounds.push_back(r); }, stop));
    QVERIFY2(rounds.size() >= 3 && rounds.size() < 10, qPrintable(QString::number(rounds.size())));
    computer.slowdown = [](int) { return 1.0; };
    const int before = computer.runs;
    const auto all = timed(items, exactly(10), rounds);
    QCOMPARE(all.size(), std::size_t(10));
    QCOMPARE(computer.runs - before, static_cast<int>(1 + 10 - rounds.size()) * 30 * 3); // one to warm up again
    const int made = computer.made;
    timed(items, exactly(10), all);
    QCOMPARE(computer.made, made); // nothing is left to do
}

void TestInterleavedTimer::shareNeverFalls()
{
    FakeComputer computer;
    computer.jitter = 0.3;
    computer.slowdown = [](int) {
        QTest::qSleep(1); // a round takes longer than the time between two reports
        return 1.0;
    };
    std::vector<double> shares;
    std::set<std::string> steps;
    TimingOptions options;
    options.leastRounds = 5;
    options.mostRounds = 12;
    timed(itemsFor(computer, trueTimes(20)), options, {}, [&](const std::string& step, double share) {
        shares.push_back(share);
        steps.insert(step);
        return true;
    });
    QVERIFY(shares.size() > 5);
    QVERIFY(std::is_sorted(shares.begin(), shares.end()));
    QVERIFY(shares.front() >= 0 && shares.back() <= 1 && shares.back() > 0.6);
    QVERIFY(steps.contains("preparing 1 of 20"));
    QVERIFY(steps.contains("warming up"));
    QVERIFY(steps.contains("round 2 of about 12"));
}

void TestInterleavedTimer::othersTimeIsNotCounted()
{
    // Without the processor for a while, as if another program had it.
    struct Waiting final : TimedRun {
        double runMs() override
        {
            QTest::qSleep(50);
            return 50;
        }
    };
    QVERIFY(withoutPreemption(std::make_unique<Waiting>())->runMs() < 10);
    // Its input takes longer to write than it runs: its own time stands.
    struct Working final : TimedRun {
        double runMs() override
        {
            for (const auto begin = std::clock(); std::clock() - begin < CLOCKS_PER_SEC / 200;)
                ;
            return 1;
        }
    };
    QCOMPARE(withoutPreemption(std::make_unique<Working>())->runMs(), 1.0);
}

QTEST_GUILESS_MAIN(TestInterleavedTimer)
#include "tst_interleavedtimer.moc"

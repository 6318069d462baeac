// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/random.h"
#include "carbon/formula.h"
#include "carbon/shift.h"

#include <fmt/format.h>

#include <algorithm>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

bool near(double a, double b, double tolerance = 1e-12) { return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b)); }

ShiftResult plan(const std::vector<double>& g, double duration, std::size_t from = 0, std::size_t to = 0, double overhead = 0)
{
    return shift({g, from, to, duration, overhead});
}

// Every choice of hours, one by one.
double bestByTrying(const std::vector<double>& g, int hours, double overhead)
{
    double best = 1e300;
    for (unsigned mask = 0; mask < (1u << g.size()); ++mask) {
        if (__builtin_popcount(mask) != hours)
            continue;
        double cost = 0;
        bool started = false, before = false;
        for (std::size_t h = 0; h < g.size(); ++h) {
            const bool on = mask >> h & 1u;
            if (on)
                cost += g[h] + (started && !before ? overhead * g[h] : 0);
            started = started || on;
            before = on;
        }
        best = std::min(best, cost);
    }
    return best / hours;
}

Json run(const std::string& request)
{
    const auto json = parseJson(request, "request");
    for (const auto& f : useFormulas())
        if (f.name == "shift")
            return f.run(JsonView(json, "request"));
    return {};
}

} // namespace

class TestShift : public QObject {
    Q_OBJECT
private slots:
    void bestBlock();
    void windowIsRespected();
    void partsOfHours();
    void pausesAgainstEveryChoice();
    void pausesNeverLose();
    void flatSeriesSavesNothing();
    void averageAgainstEveryStart();
    void profileFollowsMonthAndHour();
    void realProfilesSave();
    void wrongWindows();
    void seriesWithTimes();
};

void TestShift::bestBlock()
{
    const auto r = plan({300, 280, 250, 180, 120, 110, 160, 240, 310}, 3);
    QCOMPARE(r.block.pieces, (std::vector<ShiftPiece>{{4, 3}}));
    QVERIFY(near(r.block.gPerKwh, 130));
    QVERIFY(near(r.now.gPerKwh, 830.0 / 3));
    QVERIFY(near(ShiftResult::saving(r.block.gPerKwh, r.now.gPerKwh), 1 - 390.0 / 830));
    QVERIFY(near(r.windowMeanGPerKwh, 1950.0 / 9));
    // The earliest of equals.
    QCOMPARE(plan({5, 1, 5, 1, 5}, 1).block.pieces[0].start, std::size_t(1));
}

void TestShift::windowIsRespected()
{
    const std::vector<double> g{1, 9, 8, 7, 6, 5, 1};
    QCOMPARE(plan(g, 2, 1, 6).block.pieces[0].start, std::size_t(4));
    QCOMPARE(plan(g, 5, 1, 6).block.pieces[0].start, std::size_t(1)); // fits exactly
    QCOMPARE(plan(g, 5, 1, 6).pause.pauses(), std::size_t(0));
    QCOMPARE(plan(g, 1, 1, 6).now.gPerKwh, 9.0);
}

void TestShift::partsOfHours()
{
    const auto r = plan({10, 2, 4, 10}, 1.5);
    QCOMPARE(r.block.pieces, (std::vector<ShiftPiece>{{1, 1.5}}));
    QVERIFY(near(r.block.gPerKwh, (2 + 0.5 * 4) / 1.5));
    QCOMPARE(plan({10, 2, 4, 1}, 0.25).block.pieces, (std::vector<ShiftPiece>{{3, 0.25}}));
    const auto p = plan({1, 9, 3, 9, 2}, 2.5);
    QVERIFY(near(p.pause.gPerKwh, (1 + 2 + 0.5 * 3) / 2.5));
    QCOMPARE(p.pause.pauses(), std::size_t(2));
}

void TestShift::pausesAgainstEveryChoice()
{
    Random random(11);
    for (int trial = 0; trial < 60; ++trial) {
        std::vector<double> g(10);
        for (auto& v : g)
            v = 1 + std::floor(20 * random.uniform());
        const int hours = 1 + static_cast<int>(random.below(6));
        for (const double overhead : {0.0, 0.25, 1.0, 5.0}) {
            const auto r = plan(g, hours, 0, 0, overhead);
            QVERIFY2(near(r.pause.gPerKwh, bestByTrying(g, hours, overhead)), QByteArray::number(trial));
            // The pieces are what the figure says.
            double cost = 0, length = 0;
            for (std::size_t i = 0; i < r.pause.pieces.size(); ++i) {
                const auto& piece = r.pause.pieces[i];
                length += piece.hours;
                for (std::size_t h = 0; h < static_cast<std::size_t>(piece.hours); ++h)
                    cost += g[piece.start + h] * (h == 0 && i > 0 ? 1 + overhead : 1);
            }
            QVERIFY(near(length, hours) && near(cost / hours, r.pause.gPerKwh));
        }
    }
}

void TestShift::pausesNeverLose()
{
    Random random(5);
    std::vector<double> g(500);
    for (auto& v : g)
        v = 50 + 400 * random.uniform();
    double before = 0;
    for (const double overhead : {0.0, 0.1, 0.5, 2.0, 50.0}) {
        const auto r = plan(g, 24, 10, 300, overhead);
        QVERIFY(r.pause.gPerKwh <= r.block.gPerKwh + 1e-12);
        QVERIFY(r.block.gPerKwh <= r.now.gPerKwh + 1e-12);
        QVERIFY(r.pause.gPerKwh >= before - 1e-9); // dearer pauses, dearer plans
        before = r.pause.gPerKwh;
    }
    QCOMPARE(plan(g, 24, 10, 300, 50).pause.pauses(), std::size_t(0));
}

void TestShift::flatSeriesSavesNothing()
{
    const auto r = plan(std::vector<double>(100, 0.1), 7.3);
    QCOMPARE(r.block.pieces[0].start, std::size_t(0));
    QCOMPARE(r.pause.pauses(), std::size_t(0));
    QVERIFY(near(ShiftResult::saving(r.block.gPerKwh, r.now.gPerKwh), 0));
    QCOMPARE(ShiftResult::saving(0, 0), 0.0);
}

void TestShift::averageAgainstEveryStart()
{
    Random random(9);
    std::vector<double> g(200);
    for (auto& v : g)
        v = std::floor(100 * random.uniform()); // with ties
    for (const std::size_t duration : {1u, 4u, 24u})
        for (const std::size_t slack : {0u, 5u, 24u}) {
            double now = 0, best = 0, pause = 0;
            std::size_t starts = 0;
            for (std::size_t s = 0; s + duration + slack <= g.size(); ++s, ++starts) {
                const auto r = plan(g, static_cast<double>(duration), s, s + duration + slack);
                now += r.now.gPerKwh;
                best += r.block.gPerKwh;
                pause += r.pause.gPerKwh;
            }
            const auto a = averageSaving(g, duration, slack);
            QCOMPARE(a.starts, starts);
            QVERIFY(near(a.block, 1 - best / now, 1e-9));
            QVERIFY(near(a.pause, 1 - pause / now, 1e-9));
        }
    compareText(messageOf([&] { averageSaving(g, 190, 20); }), "duration: the job and its slack do not fit into the series: found 190 + 20 hours; allowed 1 to 200 hours together");
}

void TestShift::profileFollowsMonthAndHour()
{
    std::array<std::array<double, 24>, 12> shape{};
    for (std::size_t m = 0; m < 12; ++m)
        for (std::size_t h = 0; h < 24; ++h)
            shape[m][h] = static_cast<double>(100 * (m + 1) + h);
    // 2020-02-28T22:00Z is hour 439,702 since 1970; 2020 has a 29th of February.
    const auto s = seriesFromProfile(shape, 2, 439'702, 60);
    QCOMPARE(s[0], 2.0 * 222);
    QCOMPARE(s[2], 2.0 * 200);
    QCOMPARE(s[26], 2.0 * 300);
    const auto early = seriesFromProfile(shape, 1, -1, 2); // 1969-12-31T23:00Z
    QCOMPARE(early, (std::vector<double>{1223, 100}));
    shape[3][4] = -1;
    compareText(messageOf([&] { seriesFromProfile(shape, 1, 0, 1); }), "profile[3][4]: number out of range: found -1; allowed 0 or more");
}

void TestShift::realProfilesSave()
{
    // Shapes average the days of a month, so they save less than the traces did, and always something.
    for (const char* zone : {"FR", "GB", "DE"}) {
        const auto a = run(fmt::format(R"({{"zone":"{}","duration_h":4,"slack_h":24,"every_start":true}})", zone));
        QVERIFY(a["average_saving"].get<double>() > 0.02 && a["average_saving"].get<double>() < 0.3);
        QVERIFY(a["average_pause_saving"].get<double>() >= a["average_saving"].get<double>() - 1e-12);
        const auto week = run(fmt::format(R"({{"zone":"{}","duration_h":168,"slack_h":24,"every_start":true}})", zone));
        QVERIFY(week["average_saving"].get<double>() < a["average_saving"].get<double>());
    }
    const auto flat = run(R"({"zone":"PL","duration_h":4})");
    QVERIFY(testing::contains(flat["assumptions"][0].get<std::string>(), "taken as flat"));
    QVERIFY(near(flat["saving"].get<double>(), 0));
}

void TestShift::wrongWindows()
{
    const std::vector<double> g{1, 2, 3};
    compareText(messageOf([&] { plan(g, 0); }), "duration: number out of range: found 0; allowed more than 0 hours");
    compareText(messageOf([&] { plan(g, 3, 1); }), "duration: the job does not fit into its window: found 3 hours; allowed at most 2");
    compareText(messageOf([&] { plan(g, 1, 3); }), "window: the window lies outside the series: found hours 3 to 3; allowed 0 to 3");
    compareText(messageOf([&] { plan({1, std::nan(""), 3}, 1); }), "hour 1 of the series: the intensity is missing: found nan; allowed 0 or more");
    compareText(messageOf([&] { plan({1, -2, 3}, 1); }), "hour 1 of the series: number out of range: found -2; allowed 0 or more");
    compareText(messageOf([&] { plan(g, 1, 0, 0, -1); }), "overhead: number out of range: found -1; allowed 0 hours or more");
    const std::vector<double> year(8784, 1.0);
    QVERIFY(testing::contains(messageOf([&] { plan(year, 8000, 0, 0, 1); }), "too many hours to plan with costly pauses"));
    compareText(messageOf([&] { plan(year, 8000); }), "no error");
}

void TestShift::seriesWithTimes()
{
    const auto a = run(R"({"series":[{"time":"2024-03-01T00:00Z","g_per_kwh":300},{"time":"2024-03-01T01:00Z","g_per_kwh":100},{"time":"2024-03-01T02:00Z","g_per_kwh":200}],
        "duration_h":1,"start":"2024-03-01T00:00Z","finish_by":"2024-03-01T03:00Z","kwh":2})");
    QCOMPARE(a["best_start"].get<int>(), 1);
    QCOMPARE(a["g"].get<double>(), 200.0);
    compareText(a["block"]["pieces"][0]["time"].get<std::string>(), "2024-03-01 01:00 UTC");
    // A hole of more than 3 h is an error, not a guess.
    const auto message = messageOf([] {
        run(R"({"series":[{"time":"2024-03-01T00:00Z","g_per_kwh":300},{"time":"2024-03-01T09:00Z","g_per_kwh":100}],"duration_h":1})");
    });
    QVERIFY2(testing::contains(message, "2024-03-01"), message.c_str());
    compareText(messageOf([] { run(R"({"series":[1,2],"duration_h":1,"start":"2024-03-01T00:00Z"})"); }),
        "request: start: the series has no times: found \"2024-03-01T00:00Z\"; allowed the start as a number of hours");
}

QTEST_APPLESS_MAIN(TestShift)
#include "tst_shift.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fronts.h"
#include "support.h"

#include "base/rankstats.h"
#include "search/regret.h"

#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

using Values = std::vector<double>;
using Steps = std::vector<StepCurve::Step>;
using Losses = std::vector<Regret::Loss>;
constexpr double kInf = std::numeric_limits<double>::infinity();

double bestWithin(const Values& cost, const Values& top1, double budget)
{
    double best = -kInf;
    for (std::size_t i = 0; i < cost.size(); ++i)
        if (cost[i] <= budget)
            best = std::max(best, top1[i]);
    return best;
}

} // namespace

class TestRegret : public QObject {
    Q_OBJECT
private slots:
    void stepsByHand();
    void regretByHand();
    void intervalsAreCut();
    void curvesWithoutACommonBudget();
    void anInstant();
    void agreesWithFineSums();
    void aCurveLosesNothingToItself();
    void crossDeviceByHand();
    void sameOrderSameFront();
    void emptyFronts();
    void nonsenseIsRefused();
};

void TestRegret::stepsByHand()
{
    const StepCurve curve(Values{30, 10, 20, 10, 30}, Values{76, 70, 69, 68, 76});
    QCOMPARE(curve.steps(), (Steps{{10, 70, 1}, {30, 76, 0}})); // dominated ones and the repetition are out
    QVERIFY(!curve.at(9.99));
    QCOMPARE(curve.at(10)->point, std::size_t(1));
    QCOMPARE(curve.at(29.99)->point, std::size_t(1));
    QCOMPARE(curve.at(30)->point, std::size_t(0));
    QCOMPARE(curve.at(1e9)->point, std::size_t(0));
    QVERIFY(StepCurve({}, {}).empty());
    QVERIFY(!StepCurve({}, {}).at(1));
}

void TestRegret::regretByHand()
{
    // Reference 70 from 10, 74 from 20, 76 from 40; curve 70 from 15, 75 from 30. Common from 15 to 40.
    const StepCurve reference(Values{10, 20, 40}, Values{70, 74, 76}), curve(Values{15, 30}, Values{70, 75});
    const auto r = *regretOf(curve, reference);
    QCOMPARE(r.fromCost, 15.0);
    QCOMPARE(r.toCost, 40.0);
    QCOMPARE(r.unreachedCost, 5.0); // 10 to 15
    QCOMPARE(r.losses, (Losses{{15, 0}, {20, 4}, {30, -1}, {40, 1}}));
    QCOMPARE(r.meanPercent, (5 * 0 + 10 * 4 - 10 * 1) / 25.0); // the last loss begins where the interval ends
    QCOMPARE(r.maxPercent, 4.0);
    QCOMPARE(r.maxAtCost, 20.0);
    // The other way round all signs turn.
    const auto turned = *regretOf(reference, curve);
    QCOMPARE(turned.meanPercent, -r.meanPercent);
    QCOMPARE(turned.maxPercent, 1.0);
    QCOMPARE(turned.maxAtCost, 30.0);
    QCOMPARE(turned.unreachedCost, 0.0);
}

void TestRegret::intervalsAreCut()
{
    const StepCurve reference(Values{10, 20, 40}, Values{70, 74, 76}), curve(Values{15, 30}, Values{70, 75});
    const auto inner = *regretOf(curve, reference, 25, 35);
    QCOMPARE(inner.losses, (Losses{{25, 4}, {30, -1}}));
    QCOMPARE(inner.meanPercent, 1.5);
    QCOMPARE(inner.maxAtCost, 25.0);
    QCOMPARE(inner.unreachedCost, 0.0);
    const auto outer = *regretOf(curve, reference, 0, 100);
    QCOMPARE(outer.fromCost, 15.0);
    QCOMPARE(outer.toCost, 100.0);
    QCOMPARE(outer.unreachedCost, 5.0);
    QCOMPARE(outer.meanPercent, (10 * 4 - 10 * 1 + 60 * 1) / 85.0);
    QCOMPARE(regretOf(curve, reference, 12)->unreachedCost, 3.0);
    QCOMPARE(regretOf(curve, reference, 50)->losses, (Losses{{50, 1}}));
    QCOMPARE(regretOf(curve, reference, 50)->meanPercent, 1.0);
}

void TestRegret::curvesWithoutACommonBudget()
{
    const StepCurve cheap(Values{10}, Values{70}), dear(Values{50}, Values{75}), none({}, {});
    QVERIFY(!regretOf(cheap, dear, 0, 40));
    QVERIFY(!regretOf(none, dear));
    QVERIFY(!regretOf(dear, none));
    QCOMPARE(regretOf(cheap, dear)->losses, (Losses{{50, 5}})); // both meet 50 and above
}

void TestRegret::anInstant()
{
    const StepCurve a(Values{10}, Values{70}), b(Values{10}, Values{72});
    const auto r = *regretOf(a, b);
    QCOMPARE(r.fromCost, 10.0);
    QCOMPARE(r.toCost, 10.0);
    QCOMPARE(r.meanPercent, 2.0);
    QCOMPARE(r.maxPercent, 2.0);
}

void TestRegret::agreesWithFineSums()
{
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        Random random(seed);
        Values ca, ta, cb, tb;
        for (int i = 0; i < 12; ++i) { // costs are multiples of 1/8, so the sum over eighths is exact
            ca.push_back(static_cast<double>(random.below(160)) / 8);
            cb.push_back(static_cast<double>(random.below(160)) / 8);
            ta.push_back(70 + static_cast<double>(random.below(64)) / 8);
            tb.push_back(70 + static_cast<double>(random.below(64)) / 8);
        }
        const auto r = *regretOf(StepCurve(ca, ta), StepCurve(cb, tb), 0, 25);
        double sum = 0, worst = -kInf, worstAt = 0;
        for (double c = r.fromCost; c < 25; c += 0.125) {
            const double loss = bestWithin(cb, tb, c) - bestWithin(ca, ta, c);
            sum += loss;
            if (loss > worst) {
                worst = loss;
                worstAt = c;
            }
        }
        QCOMPARE(r.fromCost, std::max(*std::min_element(ca.begin(), ca.end()), *std::min_element(cb.begin(), cb.end())));
        QCOMPARE(r.meanPercent, sum * 0.125 / (25 - r.fromCost));
        QCOMPARE(r.maxPercent, worst);
        QCOMPARE(r.maxAtCost, worstAt);
    }
}

void TestRegret::aCurveLosesNothingToItself()
{
    const StepCurve curve(Values{10, 20, 40}, Values{70, 74, 76});
    const auto r = *regretOf(curve, curve);
    QCOMPARE(r.losses, (Losses{{10, 0}}));
    QCOMPARE(r.meanPercent, 0.0);
    QCOMPARE(r.maxPercent, 0.0);
    QCOMPARE(r.unreachedCost, 0.0);
}

void TestRegret::crossDeviceByHand()
{
    // Sought for A: on B the second point is slower than the third, so it is useless there.
    const Values topA{70, 73, 75}, aOnA{5, 6, 8}, aOnB{20, 50, 40};
    const Values topB{70, 74, 76}, bOnA{5, 9, 12}, bOnB{20, 30, 60};
    const auto r = crossDeviceRegret({topA, aOnA, aOnB}, {topB, bOnA, bOnB});
    QCOMPARE(r.own.steps(), (Steps{{20, 70, 0}, {30, 74, 1}, {60, 76, 2}}));
    QCOMPARE(r.transferred.steps(), (Steps{{20, 70, 0}, {40, 75, 2}}));
    QCOMPARE(r.regret->losses, (Losses{{20, 0}, {30, 4}, {40, -1}, {60, 1}}));
    QCOMPARE(r.regret->meanPercent, (10 * 4 - 20 * 1) / 40.0);
    QCOMPARE(r.regret->maxPercent, 4.0);
    QCOMPARE(r.regret->maxAtCost, 30.0);
    // Five distinct points, (5,20) is in both: of ten pairs (6,50)-(8,40) and (6,50)-(9,30) and (8,40)-(9,30) are discordant.
    QCOMPARE(r.kendallTau, (7 - 3) / 10.0);
    QCOMPARE(crossDeviceRegret({topA, aOnA, aOnB}, {topB, bOnA, bOnB}, 30, 40).regret->meanPercent, 4.0);
}

void TestRegret::sameOrderSameFront()
{
    const Values top{70, 73, 75}, onA{5, 6, 8}, onB{50, 60, 80};
    const auto r = crossDeviceRegret({top, onA, onB}, {top, onA, onB});
    QCOMPARE(r.regret->maxPercent, 0.0);
    QCOMPARE(r.kendallTau, 1.0);
    QCOMPARE(r.own.steps(), r.transferred.steps());
}

void TestRegret::emptyFronts()
{
    const Values top{70}, latency{5};
    const auto r = crossDeviceRegret({}, {top, latency, latency});
    QVERIFY(!r.regret);
    QVERIFY(r.transferred.empty());
    QCOMPARE(r.own.steps().size(), std::size_t(1));
    QCOMPARE(r.kendallTau, 0.0);
}

void TestRegret::nonsenseIsRefused()
{
    compareText(messageOf([] { StepCurve(Values{1}, Values{}); }), "accuracy by budget: lists of different lengths: found 1 costs, 0 accuracies; allowed as many");
    compareText(messageOf([] { StepCurve(Values{1, 2}, Values{70, kInf}); }),
        "accuracy by budget: not finite: found -inf in row 1, column 1; allowed finite numbers");
    const StepCurve curve(Values{1}, Values{70});
    compareText(messageOf([&] { regretOf(curve, curve, 2, 1); }), "regret: interval of budgets ends before it begins: found 2 to 1");
    compareText(messageOf([&] { regretOf(curve, curve, kInf); }), "regret: interval of budgets is not finite: found inf; allowed finite numbers");
    const Values one{70}, two{5, 6}, bad{std::nan("")};
    compareText(messageOf([&] { crossDeviceRegret({one, one, two}, {one, one, one}); }),
        "front sought for the first device: lists of different lengths: found 1 accuracies, 1 and 2 latencies; allowed as many");
    compareText(messageOf([&] { crossDeviceRegret({one, one, one}, {one, bad, one}); }),
        "front sought for the second device: not a number: found NaN in row 0, column 0; allowed numbers");
}

QTEST_APPLESS_MAIN(TestRegret)
#include "tst_regret.moc"

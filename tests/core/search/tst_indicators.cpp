// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fronts.h"
#include "support.h"

#include "search/attainment.h"
#include "search/indicators.h"
#include "search/nondominated.h"

#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;
using testing::points;
using testing::Shape;

namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

// How many of the fronts weakly dominate a point.
std::size_t attaining(const std::vector<Values>& fronts, double x, double y)
{
    std::size_t count = 0;
    for (const auto& front : fronts)
        for (std::size_t i = 0; i < front.size(); i += 2)
            if (front[i] <= x && front[i + 1] <= y) {
                ++count;
                break;
            }
    return count;
}

} // namespace

class TestIndicators : public QObject {
    Q_OBJECT
private slots:
    void rangesAndScaling();
    void distanceByHand();
    void epsilonByHand();
    void epsilonUndoesAShift();
    void aBetterFrontIsNeverJudgedWorse();
    void emptyFronts();
    void attainmentByHand();
    void attainmentFollowsTheDefinition();
    void nonsenseIsRefused();
};

void TestIndicators::rangesAndScaling()
{
    const Values front{10, 3, 7, 20, 1, 7, 15, 2, 7};
    const auto ranges = rangesOf(front, 3);
    QCOMPARE(ranges, (Ranges{{10, 1, 7}, {20, 3, 7}}));
    QCOMPARE(normalised(front, ranges), (Values{0, 1, 0, 1, 0, 0, 0.5, 0.5, 0}));
    QCOMPARE(normalised(Values{30, 0, 9}, ranges), (Values{2, -0.5, 0}));
}

void TestIndicators::distanceByHand()
{
    const Values reference{0, 4, 1, 1, 4, 0};
    QCOMPARE(invertedGenerationalDistancePlus(reference, reference, 2), 0.0);
    // (3, 5): from (0,4) 3 and 1 worse, from (1,1) 2 and 4, from (4,0) better in x and 5 worse.
    QCOMPARE(invertedGenerationalDistancePlus(Values{3, 5}, reference, 2), (std::sqrt(10.0) + std::sqrt(20.0) + 5) / 3);
    // What is better than the reference costs nothing: plain IGD would count it.
    QCOMPARE(invertedGenerationalDistancePlus(Values{-5, -5}, reference, 2), 0.0);
    QCOMPARE(invertedGenerationalDistancePlus(Values{1, 1}, reference, 2), (1.0 + 0 + 1) / 3);
}

void TestIndicators::epsilonByHand()
{
    const Values reference{1, 4, 2, 2, 4, 1};
    QCOMPARE(additiveEpsilon(reference, reference, 2), 0.0);
    QCOMPARE(multiplicativeEpsilon(reference, reference, 2), 1.0);
    // (2,3): 1 off (1,4), 1 off (2,2), 2 off (4,1). (5,1): 4 and 3 and 1. The best partners leave 1, 1, 1.
    QCOMPARE(additiveEpsilon(Values{2, 3, 5, 1}, reference, 2), 1.0);
    QCOMPARE(additiveEpsilon(Values{2, 3}, reference, 2), 2.0);
    QCOMPARE(additiveEpsilon(Values{0.5, 0.25}, reference, 2), -0.5); // -0.5 at (1,4), -1.5 at (2,2), -0.75 at (4,1)
    QCOMPARE(multiplicativeEpsilon(Values{2, 3}, reference, 2), 3.0);
    QCOMPARE(multiplicativeEpsilon(Values{2, 3, 5, 1}, reference, 2), 2.0);
    QCOMPARE(multiplicativeEpsilon(Values{0.5, 0.5}, reference, 2), 0.5);
}

void TestIndicators::epsilonUndoesAShift()
{
    for (const std::size_t columns : {2u, 3u, 4u}) {
        const auto reference = points(Shape::Sphere, 60, columns, columns);
        auto shifted = reference, scaled = reference, positive = reference;
        for (std::size_t i = 0; i < reference.size(); ++i) {
            shifted[i] += 0.25;
            positive[i] += 1;
            scaled[i] = positive[i] * 1.5;
        }
        QCOMPARE(additiveEpsilon(shifted, reference, columns), 0.25);
        QCOMPARE(multiplicativeEpsilon(scaled, positive, columns), 1.5);
    }
}

void TestIndicators::aBetterFrontIsNeverJudgedWorse()
{
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto reference = points(Shape::Sphere, 30, 3, seed);
        const auto front = points(Shape::Uniform, 20, 3, seed + 100);
        auto better = front;
        Random random(seed);
        for (auto& x : better)
            x -= 0.2 * random.uniform();
        QVERIFY(invertedGenerationalDistancePlus(better, reference, 3) <= invertedGenerationalDistancePlus(front, reference, 3));
        QVERIFY(additiveEpsilon(better, reference, 3) <= additiveEpsilon(front, reference, 3));
    }
}

void TestIndicators::emptyFronts()
{
    QCOMPARE(invertedGenerationalDistancePlus({}, Values{1, 2}, 2), kInf);
    QCOMPARE(additiveEpsilon({}, Values{1, 2}, 2), kInf);
    QCOMPARE(multiplicativeEpsilon({}, Values{1, 2}, 2), kInf);
    compareText(messageOf([] { additiveEpsilon(Values{1, 2}, {}, 2); }), "additive epsilon: the reference front is empty");
    compareText(messageOf([] { invertedGenerationalDistancePlus(Values{1, 2}, {}, 2); }), "IGD+: the reference front is empty");
    compareText(messageOf([] { rangesOf({}, 2); }), "ranges of a front: no rows");
}

void TestIndicators::attainmentByHand()
{
    const std::vector<Values> fronts{{1, 3, 3, 1}, {2, 2}, {4, 4}};
    const auto a = attainmentOf(fronts);
    QCOMPARE(a.best, (Values{1, 3, 2, 2, 3, 1}));
    QCOMPARE(a.median, (Values{2, 3, 3, 2})); // by two of three
    QCOMPARE(a.worst, (Values{4, 4}));
    QCOMPARE(attainedBy(std::vector<Values>{{1, 1}, {}}, 2), Values{}); // one run found nothing
    QCOMPARE(attainmentOf(std::vector<Values>{{5, 1, 1, 5, 6, 6}}).median, (Values{1, 5, 5, 1}));
    // Of an even number of runs half are enough for the median.
    QCOMPARE(attainmentOf(std::vector<Values>{{1, 1}, {2, 2}, {3, 3}, {4, 4}}).median, (Values{2, 2}));
}

void TestIndicators::attainmentFollowsTheDefinition()
{
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::vector<Values> fronts;
        for (std::uint64_t run = 0; run < 5; ++run)
            fronts.push_back(points(seed % 2 ? Shape::Coarse : Shape::Concave, 6, 2, 10 * seed + run));
        for (std::size_t runs = 1; runs <= fronts.size(); ++runs) {
            const auto corners = attainedBy(fronts, runs);
            QCOMPARE(nondominated(corners, 2).size(), corners.size() / 2); // corners, each of them needed, in order
            for (std::size_t i = 2; i < corners.size(); i += 2)
                QVERIFY(corners[i] > corners[i - 2]);
            for (const auto& front : fronts) // a grid of all coordinates that occur
                for (std::size_t i = 0; i < front.size(); i += 2)
                    for (const auto& other : fronts)
                        for (std::size_t j = 1; j < other.size(); j += 2)
                            QCOMPARE(attaining({corners}, front[i], other[j]) == 1, attaining(fronts, front[i], other[j]) >= runs);
        }
    }
}

void TestIndicators::nonsenseIsRefused()
{
    compareText(messageOf([] { multiplicativeEpsilon(Values{1, 0}, Values{1, 2}, 2); }),
        "multiplicative epsilon: a value without a ratio: found 0 in row 0, column 1; allowed above 0");
    compareText(messageOf([] { multiplicativeEpsilon(Values{1, 1}, Values{1, 2, -1, 3}, 2); }),
        "multiplicative epsilon: a value without a ratio: found -1 in row 1, column 0; allowed above 0");
    compareText(messageOf([] { additiveEpsilon(Values{1, std::nan("")}, Values{1, 2}, 2); }),
        "additive epsilon: not a number: found NaN in row 0, column 1; allowed numbers");
    compareText(messageOf([] { invertedGenerationalDistancePlus(Values{1, 1}, Values{1}, 2); }),
        "IGD+: values do not fill their rows: found 1 values in 2 columns; allowed a multiple of at least one column");
    compareText(messageOf([] { rangesOf(Values{1, kInf}, 2); }), "ranges of a front: not finite: found inf in row 0, column 1; allowed finite numbers");
    const std::vector<Values> one{{1, 1}}, odd{{1, 1, 1}};
    compareText(messageOf([&] { attainedBy(one, 2); }), "attainment: number of runs out of range: found 2; allowed 1 to 1");
    compareText(messageOf([&] { attainedBy(one, 0); }), "attainment: number of runs out of range: found 0; allowed 1 to 1");
    compareText(messageOf([] { attainmentOf({}); }), "attainment: number of runs out of range: found 1; allowed 1 to 0");
    compareText(messageOf([&] { attainedBy(odd, 1); }),
        "attainment: values do not fill their rows: found 3 values in 2 columns; allowed a multiple of at least one column");
}

QTEST_APPLESS_MAIN(TestIndicators)
#include "tst_indicators.moc"

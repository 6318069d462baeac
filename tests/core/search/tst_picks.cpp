// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fronts.h"
#include "support.h"

#include "search/nondominated.h"
#include "search/picks.h"

#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;
using testing::points;
using testing::Shape;

namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

Values frontOf(const Values& v, std::size_t columns)
{
    Values front;
    for (const auto i : nondominated(v, columns))
        front.insert(front.end(), v.begin() + i * columns, v.begin() + (i + 1) * columns);
    return front;
}

// The geometry itself: distance from the line through the first and the last row, in scaled axes.
std::size_t farthestBelowChord(const Values& f)
{
    const auto n = f.size() / 2;
    const double w = f[2 * n - 2] - f[0], h = f[1] - f[2 * n - 1];
    std::size_t best = 0;
    double farthest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double x = (f[2 * i] - f[0]) / w, y = (f[2 * i + 1] - f[2 * n - 1]) / h;
        const double distance = ((1 - x) - y) / std::sqrt(2.0); // the chord goes from (0,1) to (1,0)
        if (distance > farthest + 1e-12) {
            farthest = distance;
            best = i;
        }
    }
    return best;
}

} // namespace

class TestPicks : public QObject {
    Q_OBJECT
private slots:
    void kneeByHand();
    void kneeIsFarthestBelowTheChord();
    void noKnee();
    void kneeDoesNotDependOnUnits();
    void kneeInThreeColumns();
    void compromiseByHand();
    void extremeWeightsTakeTheEnds();
    void compromiseIsNotDominated();
    void nonsenseIsRefused();
};

void TestPicks::kneeByHand()
{
    // x from 0 to 10, y from 0 to 100: scaled (0,1) (0.2,0.3) (0.5,0.2) (1,0).
    QCOMPARE(kneeOf(Values{0, 100, 2, 30, 5, 20, 10, 0}, 2), (Knee{1, 0.5}));
    // Equally deep: the first.
    QCOMPARE(kneeOf(Values{0, 4, 1, 2, 2, 1, 4, 0}, 2), (Knee{1, 0.25}));
    QCOMPARE(kneeOf(Values{0, 4, 2, 1, 1, 2, 4, 0}, 2), (Knee{1, 0.25}));
}

void TestPicks::kneeIsFarthestBelowTheChord()
{
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        auto front = frontOf(points(seed % 2 ? Shape::Sphere : Shape::Uniform, 300, 2, seed), 2);
        for (std::size_t i = 0; i < front.size(); i += 2) {
            front[i] = 10 + 50 * front[i]; // milliseconds
            front[i + 1] = -80 + 5 * front[i + 1]; // percent, negated
        }
        if (front.size() < 6)
            continue;
        const auto knee = kneeOf(front, 2);
        QCOMPARE(knee ? knee->row : 0, farthestBelowChord(front));
    }
}

void TestPicks::noKnee()
{
    QVERIFY(!kneeOf({}, 2));
    QVERIFY(!kneeOf(Values{1, 2, 2, 1}, 2));
    QVERIFY(!kneeOf(Values{1, 2, 3}, 1));
    QVERIFY(!kneeOf(Values{0, 3, 1, 2, 2, 1, 3, 0}, 2));          // straight
    QVERIFY(!kneeOf(Values{0, 0.3, 0.1, 0.2, 0.2, 0.1, 0.3, 0}, 2)); // straight but for rounding
    QVERIFY(!kneeOf(Values{0, 10, 4, 9, 9, 4, 10, 0}, 2));        // bulging
    QVERIFY(!kneeOf(Values{1, 5, 1, 5, 1, 5}, 2));                // without extent
    auto bulging = points(Shape::Concave, 100, 3, 2);
    bulging.insert(bulging.end(), {1, 0, 0, 0, 1, 0, 0, 0, 1});
    QVERIFY(!kneeOf(bulging, 3));
}

void TestPicks::kneeDoesNotDependOnUnits()
{
    const auto front = points(Shape::Sphere, 200, 3, 6);
    QVERIFY(kneeOf(front, 3));
    auto other = front;
    for (std::size_t i = 0; i < other.size(); i += 3) {
        other[i] = 1024 * other[i];
        other[i + 2] = other[i + 2] / 64;
    }
    QCOMPARE(kneeOf(other, 3), kneeOf(front, 3)); // powers of two scale without rounding
}

void TestPicks::kneeInThreeColumns()
{
    // Three extremes of sum 2 and two points inside, of sums 1 and 0.625.
    QCOMPARE(kneeOf(Values{0, 1, 1, 1, 0, 1, 1, 1, 0, 0.25, 0.25, 0.5, 0.25, 0.125, 0.25}, 3), (Knee{4, 0.6875}));
    // The first row is the extreme of two columns, with a sum of 1, the third of the last one, with 2: 4/3 on average.
    const auto knee = kneeOf(Values{0, 0, 1, 1, 0, 0.5, 1, 1, 0, 0.25, 0.25, 0.25}, 3);
    QCOMPARE(knee->row, std::size_t(3));
    QCOMPARE(knee->depth, 1 - 0.75 / (4 / 3.0));
}

void TestPicks::compromiseByHand()
{
    const Values front{0, 100, 2, 30, 5, 20, 10, 0}; // scaled (0,1) (0.2,0.3) (0.5,0.2) (1,0)
    QCOMPARE(compromiseOf(front, 2, Values{1, 1}), std::size_t(1));
    QCOMPARE(compromiseOf(front, 2, Values{1, 3}), std::size_t(2)); // 0.25 0.75: 0.75, 0.225, 0.15, 0.25
    QCOMPARE(compromiseOf(front, 2, Values{2, 6}), std::size_t(2));
    QCOMPARE(compromiseOf(Values{}, 2, Values{1, 1}), std::nullopt);
    QCOMPARE(compromiseOf(Values{3, 3}, 2, Values{1, 1}), std::size_t(0));
    QCOMPARE(compromiseOf(Values{1, 2, 2, 1, 2, 1}, 2, Values{1, 1}), std::size_t(0)); // equally good: the first
    // The sum decides where the largest terms agree: a weakly dominated row loses.
    QCOMPARE(compromiseOf(Values{2, 2, 2, 1, 0, 4, 4, 0}, 2, Values{1, 1}), std::size_t(1));
}

void TestPicks::extremeWeightsTakeTheEnds()
{
    const auto front = frontOf(points(Shape::Sphere, 200, 2, 12), 2);
    QCOMPARE(compromiseOf(front, 2, Values{1, 0}), std::size_t(0));
    QCOMPARE(compromiseOf(front, 2, Values{0, 1}), front.size() / 2 - 1);
}

void TestPicks::compromiseIsNotDominated()
{
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const auto v = points(seed % 2 ? Shape::Coarse : Shape::Uniform, 100, 3, seed);
        Random random(seed);
        const Values weights{random.uniform() + 0.01, random.uniform() + 0.01, random.uniform() + 0.01};
        const auto pick = *compromiseOf(v, 3, weights);
        const auto front = nondominated(v, 3);
        QVERIFY(std::find(front.begin(), front.end(), pick) != front.end());
    }
}

void TestPicks::nonsenseIsRefused()
{
    compareText(messageOf([] { kneeOf(Values{1, 2, 3}, 2); }),
        "knee of a front: values do not fill their rows: found 3 values in 2 columns; allowed a multiple of at least one column");
    compareText(messageOf([] { kneeOf(Values{1, kInf}, 2); }), "knee of a front: not finite: found inf in row 0, column 1; allowed finite numbers");
    const Values front{1, 2, 2, 1};
    compareText(messageOf([&] { compromiseOf(front, 2, Values{1, -1}); }),
        "compromise on a front: weight out of range: found -1; allowed finite, 0 or more");
    compareText(messageOf([&] { compromiseOf(front, 2, Values{1, std::nan("")}); }),
        "compromise on a front: weight out of range: found nan; allowed finite, 0 or more");
    compareText(messageOf([&] { compromiseOf(front, 2, Values{0, 0}); }),
        "compromise on a front: weights do not fit: found 2 with a sum of 0; allowed 2 with a sum above 0");
    compareText(messageOf([&] { compromiseOf(front, 2, Values{1, 1, 1}); }),
        "compromise on a front: weights do not fit: found 3 with a sum of 3; allowed 2 with a sum above 0");
}

QTEST_APPLESS_MAIN(TestPicks)
#include "tst_picks.moc"

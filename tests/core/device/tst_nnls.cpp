// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/random.h"
#include "device/nnls.h"

#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

using Values = std::vector<double>;

double residualNorm(const Values& a, const Values& b, const Values& x)
{
    double sum = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        double r = -b[i];
        for (std::size_t j = 0; j < x.size(); ++j)
            r += a[i * x.size() + j] * x[j];
        sum += r * r;
    }
    return sum;
}

// The conditions of Karush, Kuhn and Tucker: no entry is negative, the gradient of what is positive is 0, and of what is
// held at 0 it does not point inwards. Relative to the length of the column and of b.
void checkOptimal(const Values& a, const Values& b, const Values& x, double tolerance = 1e-7)
{
    double lengthB = 0;
    for (const double v : b)
        lengthB += v * v;
    for (std::size_t j = 0; j < x.size(); ++j) {
        double gradient = 0, length = 0;
        for (std::size_t i = 0; i < b.size(); ++i) {
            double r = b[i];
            for (std::size_t k = 0; k < x.size(); ++k)
                r -= a[i * x.size() + k] * x[k];
            gradient += a[i * x.size() + j] * r;
            length += a[i * x.size() + j] * a[i * x.size() + j];
        }
        const double scaled = gradient / std::max(1e-300, std::sqrt(length * lengthB));
        QVERIFY(x[j] >= 0);
        QVERIFY2(x[j] > 0 ? std::abs(scaled) < tolerance : scaled < tolerance, std::to_string(scaled).c_str());
    }
}

void compareNear(const Values& found, const Values& expected)
{
    QCOMPARE(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        QVERIFY2(std::abs(found[i] - expected[i]) < 1e-12, std::to_string(found[i]).c_str());
}

} // namespace

class TestNnls : public QObject {
    Q_OBJECT
private slots:
    void byHand();
    void randomProblemsAreOptimal_data();
    void randomProblemsAreOptimal();
    void recoversNonNegativeTruth();
    void collinearColumns();
    void scalesOfColumnsDoNotMatter();
    void emptyAndZero();
    void badInput();
};

void TestNnls::byHand()
{
    // Unconstrained (1, 2).
    compareNear(nonNegativeLeastSquares(Values{1, 0, 0, 1}, Values{1, 2}, 2), {1, 2});
    // Unconstrained (3, -1): with the second at 0 the first is 5 / 2.
    compareNear(nonNegativeLeastSquares(Values{1, 1, 1, 0}, Values{2, 3}, 2), {2.5, 0});
    // Everything points the wrong way.
    QCOMPARE(nonNegativeLeastSquares(Values{1, 2, 1, 3}, Values{-1, -1}, 2), (Values{0, 0}));
    // A column that enters first and must leave again: 1 and 2 together are b exactly, 0 is the best single one.
    const Values a{0.9, 1, 0, 0.9, 0, 1, 0.1, 0, 0};
    compareNear(nonNegativeLeastSquares(a, Values{1, 1, 0}, 3), {0, 1, 1});
}

void TestNnls::randomProblemsAreOptimal_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    for (const auto& [rows, columns] : {std::pair(1, 1), std::pair(5, 5), std::pair(40, 8), std::pair(300, 50), std::pair(6, 20), std::pair(1, 9)})
        QTest::addRow("%d x %d", rows, columns) << rows << columns;
}

void TestNnls::randomProblemsAreOptimal()
{
    QFETCH(int, rows);
    QFETCH(int, columns);
    Random random(7);
    for (int round = 0; round < 20; ++round) {
        Values a, b;
        for (int i = 0; i < rows * columns; ++i)
            a.push_back(round % 2 ? random.uniform() : 2 * random.uniform() - 1);
        for (int i = 0; i < rows; ++i)
            b.push_back(2 * random.uniform() - 0.7);
        const auto x = nonNegativeLeastSquares(a, b, static_cast<std::size_t>(columns));
        checkOptimal(a, b, x);
    }
}

void TestNnls::recoversNonNegativeTruth()
{
    Random random(3);
    const Values truth{0.5, 0, 2, 0, 0, 7, 1e-3, 0};
    Values a, b;
    for (int i = 0; i < 200; ++i) {
        double y = 0;
        for (const double t : truth) {
            a.push_back(random.uniform());
            y += t * a.back();
        }
        b.push_back(y);
    }
    const auto x = nonNegativeLeastSquares(a, b, truth.size());
    for (std::size_t j = 0; j < truth.size(); ++j)
        QVERIFY2(std::abs(x[j] - truth[j]) < 1e-9, std::to_string(j).c_str());
}

void TestNnls::collinearColumns()
{
    // The second column is twice the first, the fourth is the sum of the first and the third.
    Random random(5);
    Values a, b;
    for (int i = 0; i < 30; ++i) {
        const double u = random.uniform(), v = random.uniform();
        for (const double value : {u, 2 * u, v, u + v})
            a.push_back(value);
        b.push_back(3 * u + v + 0.01 * random.uniform());
    }
    const auto x = nonNegativeLeastSquares(a, b, 4);
    checkOptimal(a, b, x);
    QVERIFY(residualNorm(a, b, x) < 30 * 1e-4);
    // Equal columns: the first has all of it.
    compareNear(nonNegativeLeastSquares(Values{1, 1, 2, 2, 3, 3}, Values{2, 4, 6}, 2), {2, 0});
}

void TestNnls::scalesOfColumnsDoNotMatter()
{
    Random random(11);
    Values a, scaled, b;
    const Values scale{1e-9, 1, 1e7, 1e3};
    for (int i = 0; i < 25; ++i) {
        for (const double s : scale) {
            a.push_back(random.uniform() - 0.3);
            scaled.push_back(a.back() * s);
        }
        b.push_back(random.uniform());
    }
    const auto x = nonNegativeLeastSquares(a, b, 4), y = nonNegativeLeastSquares(scaled, b, 4);
    for (std::size_t j = 0; j < 4; ++j)
        QVERIFY(std::abs(y[j] * scale[j] - x[j]) < 1e-10);
}

void TestNnls::emptyAndZero()
{
    QCOMPARE(nonNegativeLeastSquares({}, {}, 3), (Values{0, 0, 0}));
    QCOMPARE(nonNegativeLeastSquares({}, Values{1, 2}, 0), Values());
    compareNear(nonNegativeLeastSquares(Values{0, 1, 0, 1}, Values{2, 2}, 2), {0, 2});
    QCOMPARE(nonNegativeLeastSquares(Values{1, 2}, Values{0, 0}, 1), Values{0});
}

void TestNnls::badInput()
{
    compareText(messageOf([] { nonNegativeLeastSquares(Values{1, 2, 3}, Values{1, 2}, 2); }),
        "least squares: wrong number of values: found 3; allowed 4");
    compareText(messageOf([] { nonNegativeLeastSquares(Values{1, std::numeric_limits<double>::quiet_NaN()}, Values{1, 2}, 1); }),
        "least squares: a number that is not finite");
    compareText(messageOf([] { nonNegativeLeastSquares(Values{1, 2}, Values{1, std::numeric_limits<double>::infinity()}, 1); }),
        "least squares: a number that is not finite");
}

QTEST_APPLESS_MAIN(TestNnls)
#include "tst_nnls.moc"

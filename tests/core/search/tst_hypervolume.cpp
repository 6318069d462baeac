// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fronts.h"
#include "support.h"

#include "search/hypervolume.h"
#include "search/nondominated.h"

#include <pagmo/utils/hv_algos/hv_hv2d.hpp>
#include <pagmo/utils/hv_algos/hv_hv3d.hpp>
#include <pagmo/utils/hv_algos/hv_hvwfg.hpp>
#include <pagmo/utils/hypervolume.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace paretoscope;
using testing::compareText;
using testing::kShapes;
using testing::messageOf;
using testing::points;
using testing::Shape;

namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<pagmo::vector_double> rowsOf(const Values& v, std::size_t columns)
{
    std::vector<pagmo::vector_double> rows;
    for (std::size_t i = 0; i < v.size(); i += columns)
        rows.emplace_back(v.begin() + i, v.begin() + i + columns);
    return rows;
}

// pagmo wants every row below the reference.
Values inside(const Values& v, const Values& reference)
{
    Values kept;
    for (std::size_t i = 0; i < v.size(); i += reference.size())
        if (std::equal(reference.begin(), reference.end(), v.begin() + i, std::greater<>()))
            kept.insert(kept.end(), v.begin() + i, v.begin() + i + reference.size());
    return kept;
}

double byPagmo(const Values& v, const Values& reference)
{
    const auto kept = inside(v, reference);
    if (kept.empty())
        return 0;
    pagmo::hypervolume volume(rowsOf(kept, reference.size()), true);
    pagmo::hv2d two;
    pagmo::hv3d three;
    pagmo::hvwfg more(2);
    return reference.size() == 2 ? volume.compute(reference, two)
        : reference.size() == 3  ? volume.compute(reference, three)
                                 : volume.compute(reference, more);
}

// The share of a fine grid's cells, each as wide as the values are coarse: exact, and knows no algorithm.
double byCells(const Values& v, const Values& reference, double width)
{
    const auto columns = reference.size();
    std::vector<std::size_t> side(columns);
    std::size_t cells = 1;
    for (std::size_t c = 0; c < columns; ++c)
        cells *= side[c] = static_cast<std::size_t>(std::lround(reference[c] / width));
    std::size_t covered = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        Values low(columns);
        for (std::size_t c = 0, rest = cell; c < columns; rest /= side[c++])
            low[c] = static_cast<double>(rest % side[c]) * width;
        for (std::size_t i = 0; i < v.size(); i += columns)
            if (std::equal(low.begin(), low.end(), v.begin() + i, std::greater_equal<>())) {
                ++covered;
                break;
            }
    }
    return static_cast<double>(covered) * std::pow(width, static_cast<double>(columns));
}

bool isClose(double found, double expected, double tolerance = 1e-12) { return std::abs(found - expected) <= tolerance * (1 + std::abs(expected)); }

} // namespace

class TestHypervolume : public QObject {
    Q_OBJECT
private slots:
    void byHand();
    void countsTheCellsOfAGrid();
    void agreesWithPagmo();
    void manyStepsOfAStaircase();
    void dominatedAndOutsideRowsAddNothing();
    void orderDoesNotMatter();
    void infiniteRowsAddNothing();
    void contributionsAreWhatIsLost();
    void contributionsAgreeWithPagmo();
    void traceAddsUp();
    void traceOfBadRows();
    void nonsenseIsRefused();
};

void TestHypervolume::byHand()
{
    QCOMPARE(hypervolume({}, Values{1, 1}), 0.0);
    QCOMPARE(hypervolume(Values{4, 2, 7}, Values{10}), 8.0);
    QCOMPARE(hypervolume(Values{1, 3, 2, 2, 3, 1}, Values{4, 4}), 6.0);          // a staircase of three
    QCOMPARE(hypervolume(Values{1, 3, 2, 2, 3, 1, 2, 2}, Values{4, 4}), 6.0);    // twice the same
    QCOMPARE(hypervolume(Values{1, 1, 1}, Values{3, 4, 5}), 24.0);
    QCOMPARE(hypervolume(Values{0, 1, 1, 1, 0, 1, 1, 1, 0}, Values{2, 2, 2}), 4.0); // a cube and three arms
    QCOMPARE(hypervolume(Values{0, 1, 1, 1, 1, 0, 1, 1}, Values{2, 2, 2, 2}), 3.0); // two bars that share a cube
    QCOMPARE(hypervolume(Values{0, 0, 0, 0, 0}, Values{1, 2, 3, 4, 5}), 120.0);
    QCOMPARE(hypervolume(Values{0, 1, 1, 1, 1, 1, 1, 1, 1, 0}, Values{2, 2, 2, 2, 2}), 3.0);
}

void TestHypervolume::countsTheCellsOfAGrid()
{
    for (const std::size_t columns : {2u, 3u, 4u, 5u})
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            const auto v = points(Shape::Coarse, 3 + 5 * seed, columns, seed); // eighths, ties and duplicates
            const Values reference(columns, 0.75);                            // and points on and beyond the reference
            QCOMPARE(hypervolume(v, reference), byCells(v, reference, 0.125)); // eighths: no rounding
        }
}

void TestHypervolume::agreesWithPagmo()
{
    for (const auto shape : kShapes)
        for (const std::size_t columns : {2u, 3u, 4u, 5u, 6u})
            for (const std::size_t rows : {1u, 2u, 10u, 60u, 300u}) {
                if (columns > 4 && rows > 60)
                    continue; // pagmo's time
                const auto v = points(shape, rows, columns, rows * 10 + columns);
                Values reference(columns, 1.1);
                for (std::size_t c = 0; c < columns; ++c)
                    reference[c] -= 0.2 * static_cast<double>(c % 2); // the far points lie outside
                const double found = hypervolume(v, reference), expected = byPagmo(v, reference);
                QVERIFY2(isClose(found, expected), qPrintable(QString("%1 rows, %2 columns: %3, pagmo %4").arg(rows).arg(columns).arg(found, 0, 'g', 17).arg(expected, 0, 'g', 17)));
            }
}

void TestHypervolume::manyStepsOfAStaircase()
{
    // All steps are alive at once: the map has to change its kind on the way.
    Values v;
    Random random(3);
    const std::size_t rows = 6000;
    for (std::size_t i = 0; i < rows; ++i) {
        const double t = random.uniform();
        v.insert(v.end(), {0.1 * random.uniform(), t, 1 - t});
    }
    const Values reference{1.1, 1.1, 1.1};
    QVERIFY(isClose(hypervolume(v, reference), byPagmo(v, reference)));
}

void TestHypervolume::dominatedAndOutsideRowsAddNothing()
{
    for (const std::size_t columns : {2u, 3u, 4u, 5u}) {
        auto v = points(Shape::Sphere, 40, columns, columns);
        const Values reference(columns, 1);
        const double before = hypervolume(v, reference);
        auto worse = v;
        for (auto& x : worse)
            x += 0.001;
        v.insert(v.end(), worse.begin(), worse.end());
        v.insert(v.end(), columns, 1.0); // the reference itself
        Values beside(columns, -5.0);    // far better, but on the edge in one column
        beside.back() = 1.0;
        v.insert(v.end(), beside.begin(), beside.end());
        beside.back() = 7.0;
        v.insert(v.end(), beside.begin(), beside.end());
        QCOMPARE(hypervolume(v, reference), before);
        QCOMPARE(hypervolume(beside, reference), 0.0);
    }
}

void TestHypervolume::orderDoesNotMatter()
{
    for (const std::size_t columns : {2u, 3u, 4u, 5u}) {
        const auto v = points(Shape::Coarse, 50, columns, 77);
        Values reversed;
        for (std::size_t i = v.size(); i > 0; i -= columns)
            reversed.insert(reversed.end(), v.begin() + i - columns, v.begin() + i);
        const Values reference(columns, 1);
        QCOMPARE(hypervolume(reversed, reference), hypervolume(v, reference));
        // Nor does the order of the columns.
        Values turned;
        for (std::size_t i = 0; i < v.size(); i += columns)
            turned.insert(turned.end(), std::make_reverse_iterator(v.begin() + i + columns), std::make_reverse_iterator(v.begin() + i));
        QCOMPARE(hypervolume(turned, reference), hypervolume(v, reference));
    }
}

void TestHypervolume::infiniteRowsAddNothing()
{
    QCOMPARE(hypervolume(Values{0, kInf, 1, 1}, Values{2, 2}), 1.0);
    QCOMPARE(hypervolume(Values{0, 0, 0, kInf, 1, 1, 1, 1}, Values{2, 2, 2, 2}), 1.0);
}

void TestHypervolume::contributionsAreWhatIsLost()
{
    QCOMPARE(hypervolumeContributions(Values{1, 3, 2, 2, 3, 1}, Values{4, 4}), (Values{1, 1, 1}));
    QCOMPARE(hypervolumeContributions(Values{1, 1, 1, 1, 0, 2}, Values{2, 4}), (Values{0, 0, 2})); // twice the same
    QCOMPARE(hypervolumeContributions(Values{3, 1, 1, 2}, Values{4}), (Values{0, 0, 0, 0}));
    QCOMPARE(hypervolumeContributions(Values{3, 1, 2, 9}, Values{4}), (Values{0, 1, 0, 0}));
    for (const auto shape : {Shape::Coarse, Shape::Uniform, Shape::Sphere})
        for (const std::size_t columns : {2u, 3u, 4u, 5u}) {
            const auto v = points(shape, 40, columns, 5);
            const Values reference(columns, 0.8);
            const auto found = hypervolumeContributions(v, reference);
            const double all = hypervolume(v, reference);
            for (std::size_t i = 0; i < 40; ++i) {
                auto without = v;
                without.erase(without.begin() + i * columns, without.begin() + (i + 1) * columns);
                QVERIFY(std::abs(found[i] - (all - hypervolume(without, reference))) < 1e-13);
            }
        }
}

void TestHypervolume::contributionsAgreeWithPagmo()
{
    for (const std::size_t columns : {2u, 3u, 4u}) {
        const auto v = points(Shape::Sphere, 150, columns, 8); // no duplicates: pagmo's ways differ about those
        const Values reference(columns, 1.5);
        const auto found = hypervolumeContributions(v, reference);
        const auto expected = pagmo::hypervolume(rowsOf(v, columns), true).contributions(reference);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(std::abs(found[i] - expected[i]) < 1e-12);
    }
}

void TestHypervolume::traceAddsUp()
{
    for (const auto shape : kShapes)
        for (const std::size_t columns : {1u, 2u, 3u, 4u, 5u}) {
            const auto v = points(shape, 120, columns, 21);
            const Values reference(columns, 0.9);
            HypervolumeTrace trace(reference);
            Values seen;
            double last = 0;
            for (std::size_t i = 0; i < 120; ++i) {
                const Values row(v.begin() + i * columns, v.begin() + (i + 1) * columns);
                const double added = trace.add(row);
                QVERIFY(added >= 0);
                QCOMPARE(trace.add(row), 0.0);
                seen.insert(seen.end(), row.begin(), row.end());
                QVERIFY(std::abs(trace.volume() - last - added) < 1e-15);
                last = trace.volume();
                if (i % 10 == 9)
                    QVERIFY(isClose(last, hypervolume(seen, reference)));
            }
            QCOMPARE(trace.size(), nondominated(inside(v, reference), columns).size());
        }
}

void TestHypervolume::traceOfBadRows()
{
    HypervolumeTrace trace({1, 1});
    QCOMPARE(trace.add(Values{1, 0}), 0.0);
    QCOMPARE(trace.add(Values{kInf, 0}), 0.0);
    QCOMPARE(trace.size(), std::size_t(0));
    QCOMPARE(trace.add(Values{0.5, 0.5}), 0.25);
    QCOMPARE(trace.add(Values{0.5, 0.25}), 0.125); // lower at the same place
    QCOMPARE(trace.size(), std::size_t(1));
    compareText(messageOf([&] { trace.add(Values{1}); }), "hypervolume: a row of another width: found 1 values; allowed 2");
    compareText(messageOf([&] { trace.add(Values{0, std::nan("")}); }), "hypervolume: not a number: found NaN in row 0, column 1; allowed numbers");
    compareText(messageOf([&] { trace.add(Values{0, -kInf}); }), "hypervolume: no volume: found -inf in row 0, column 1; allowed numbers above");
    QCOMPARE(trace.volume(), 0.375);
    compareText(messageOf([] { HypervolumeTrace({}); }), "hypervolume: the reference point has no columns");
}

void TestHypervolume::nonsenseIsRefused()
{
    compareText(messageOf([] { hypervolume(Values{1, 2}, {}); }), "hypervolume: the reference point has no columns");
    compareText(messageOf([] { hypervolume(Values{1, 2}, Values{1, kInf}); }),
        "hypervolume: the reference point is not finite: found inf in column 1; allowed finite numbers");
    compareText(messageOf([] { hypervolume(Values{1, 2, 3}, Values{4, 4}); }),
        "hypervolume: values do not fill their rows: found 3 values in 2 columns; allowed a multiple of at least one column");
    compareText(messageOf([] { hypervolume(Values{1, -kInf}, Values{4, 4}); }),
        "hypervolume: no volume: found -inf in row 0, column 1; allowed numbers above");
    compareText(messageOf([] { hypervolumeContributions(Values{1, std::nan("")}, Values{4, 4}); }),
        "hypervolume: not a number: found NaN in row 0, column 1; allowed numbers");
}

QTEST_APPLESS_MAIN(TestHypervolume)
#include "tst_hypervolume.moc"

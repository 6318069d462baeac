// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fronts.h"
#include "support.h"

#include "search/nondominated.h"

#include <pagmo/utils/multi_objective.hpp>

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

using Indices = std::vector<std::uint32_t>;
constexpr double kInf = std::numeric_limits<double>::infinity();

// The definition, word by word.
Indices byDefinition(const std::vector<double>& v, std::size_t columns)
{
    const auto n = v.size() / columns;
    Indices kept;
    for (std::size_t i = 0; i < n; ++i) {
        bool stays = true;
        for (std::size_t j = 0; j < n && stays; ++j) {
            bool noWorse = true, better = false;
            for (std::size_t c = 0; c < columns; ++c) {
                noWorse &= v[j * columns + c] <= v[i * columns + c];
                better |= v[j * columns + c] < v[i * columns + c];
            }
            stays = !(noWorse && (better || j < i));
        }
        if (stays)
            kept.push_back(static_cast<std::uint32_t>(i));
    }
    std::sort(kept.begin(), kept.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::lexicographical_compare(v.begin() + a * columns, v.begin() + (a + 1) * columns, v.begin() + b * columns,
            v.begin() + (b + 1) * columns);
    });
    return kept;
}

Indices ranksByPagmo(const std::vector<double>& v, std::size_t columns)
{
    std::vector<pagmo::vector_double> rows;
    for (std::size_t i = 0; i < v.size(); i += columns)
        rows.emplace_back(v.begin() + i, v.begin() + i + columns);
    const auto ranks = std::get<3>(pagmo::fast_non_dominated_sorting(rows));
    return {ranks.begin(), ranks.end()};
}

} // namespace

class TestNondominated : public QObject {
    Q_OBJECT
private slots:
    void byHand();
    void followsTheDefinition();
    void infiniteValuesAreValues();
    void extremeRangesKeepTheOrder();
    void ranksByHand();
    void ranksAreThoseOfPagmo();
    void rankZeroIsTheFront();
    void nonsenseIsRefused();
};

void TestNondominated::byHand()
{
    QCOMPARE(nondominated({}, 2), Indices{});
    QCOMPARE(nondominated(std::vector<double>{3, 1, 2, 1}, 1), Indices{1}); // of equals the first
    QCOMPARE(nondominated(std::vector<double>{5, 5}, 2), Indices{0});
    // (3,1) (1,3) (2,2) (2,3) (1,3) again: the fourth falls to the second, the last is a repetition.
    QCOMPARE(nondominated(std::vector<double>{3, 1, 1, 3, 2, 2, 2, 3, 1, 3}, 2), (Indices{1, 2, 0}));
    QCOMPARE(nondominated(std::vector<double>{1, 1, 1, 0.0, 2, 2, -0.0, 2, 2, 0, 2, 1}, 3), (Indices{3, 0}));
    QCOMPARE(nondominated(std::vector<double>{1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 0, 9, 9, 9}, 4), (Indices{3, 0}));
}

void TestNondominated::followsTheDefinition()
{
    for (const auto shape : kShapes)
        for (const std::size_t columns : {1u, 2u, 3u, 4u, 6u})
            for (const std::size_t rows : {1u, 2u, 3u, 17u, 255u, 256u, 700u, 1500u}) {
                const auto v = points(shape, rows, columns, 100 * rows + columns);
                QCOMPARE(nondominated(v, columns), byDefinition(v, columns));
            }
}

void TestNondominated::infiniteValuesAreValues()
{
    for (const std::size_t columns : {2u, 3u, 4u})
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            auto v = points(seed % 2 ? Shape::Coarse : Shape::Uniform, 800, columns, seed);
            Random random(seed + 50);
            for (auto& x : v) // few finite numbers, so that infinite ones stay in the front
                x = random.below(5) < 2 + seed / 2 ? kInf : random.below(40) == 0 && seed > 3 ? -kInf : x;
            QCOMPARE(nondominated(v, columns), byDefinition(v, columns));
            const auto ranks = nondominatedRanks(v, columns);
            QCOMPARE(ranks, ranksByPagmo(v, columns));
        }
    const std::vector<double> all(3 * 600, kInf);
    QCOMPARE(nondominated(all, 3), Indices{0});
    QCOMPARE(nondominated(all, 2), Indices{0});
    QCOMPARE(nondominated(all, 4), Indices{0});
}

void TestNondominated::extremeRangesKeepTheOrder()
{
    const double scales[] = {1e308, 5e-324, 1e-310, 1e15};
    for (const double scale : scales)
        for (const std::size_t columns : {2u, 3u, 4u}) {
            auto v = points(Shape::Coarse, 900, columns, 9);
            for (auto& x : v)
                x = (x - 0.5) * 16 * scale / (scale > 1 ? 8 : 1);
            QCOMPARE(nondominated(v, columns), byDefinition(v, columns));
        }
    auto skewed = points(Shape::Plane, 1200, 2, 4); // one far row puts all others into one bucket
    skewed[0] = 1e12;
    QCOMPARE(nondominated(skewed, 2), byDefinition(skewed, 2));
}

void TestNondominated::ranksByHand()
{
    QCOMPARE(nondominatedRanks({}, 3), Indices{});
    QCOMPARE(nondominatedRanks(std::vector<double>{3, 1, 2, 1}, 1), (Indices{2, 0, 1, 0}));
    // A chain of three, and (0,4) beside it; the second (1,1) shares the rank of the first.
    QCOMPARE(nondominatedRanks(std::vector<double>{3, 3, 1, 1, 2, 2, 0, 4, 1, 1}, 2), (Indices{2, 0, 1, 0, 0}));
    QCOMPARE(nondominatedRanks(std::vector<double>{1, 2, 3, 1, 2, 3, 1, 2, 4, 0, 9, 9}, 3), (Indices{0, 0, 1, 0}));
}

void TestNondominated::ranksAreThoseOfPagmo()
{
    for (const auto shape : kShapes)
        for (const std::size_t columns : {2u, 3u, 4u, 5u})
            for (const std::size_t rows : {2u, 3u, 40u, 300u}) {
                const auto v = points(shape, rows, columns, 7 * rows + columns);
                QCOMPARE(nondominatedRanks(v, columns), ranksByPagmo(v, columns));
            }
}

void TestNondominated::rankZeroIsTheFront()
{
    for (const std::size_t columns : {1u, 2u, 3u, 4u}) {
        const auto v = points(Shape::Coarse, 2000, columns, columns);
        const auto ranks = nondominatedRanks(v, columns);
        Indices zero;
        for (std::uint32_t i = 0; i < ranks.size(); ++i)
            if (ranks[i] == 0)
                zero.push_back(i);
        std::vector<double> rows;
        for (const auto i : zero)
            rows.insert(rows.end(), v.begin() + i * columns, v.begin() + (i + 1) * columns);
        auto front = nondominated(rows, columns);
        for (auto& i : front)
            i = zero[i];
        QCOMPARE(front, nondominated(v, columns));
        QVERIFY(zero.size() >= front.size());
    }
}

void TestNondominated::nonsenseIsRefused()
{
    compareText(messageOf([] { nondominated(std::vector<double>{1, 2, 3}, 2); }),
        "non-dominated filter: values do not fill their rows: found 3 values in 2 columns; allowed a multiple of at least one column");
    compareText(messageOf([] { nondominatedRanks(std::vector<double>{1}, 0); }),
        "non-dominated ranks: values do not fill their rows: found 1 values in 0 columns; allowed a multiple of at least one column");
    compareText(messageOf([] { nondominated(std::vector<double>{1, 2, 3, std::nan("")}, 2); }),
        "non-dominated filter: not a number: found NaN in row 1, column 1; allowed numbers");
    compareText(messageOf([] { nondominatedRanks(std::vector<double>{std::nan(""), 2, 3}, 3); }),
        "non-dominated ranks: not a number: found NaN in row 0, column 0; allowed numbers");
}

QTEST_APPLESS_MAIN(TestNondominated)
#include "tst_nondominated.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fronts.h"
#include "support.h"

#include "search/groups.h"

#include <limits>
#include <numeric>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

using Values = std::vector<double>;
using Indices = std::vector<std::uint32_t>;
using Interval = AccuracyGroups::Interval;
constexpr double kInf = std::numeric_limits<double>::infinity();

std::set<std::uint32_t> members(const AccuracyGroups& g, Interval interval)
{
    return {g.byTop1.begin() + interval.begin, g.byTop1.begin() + interval.end};
}

// The words of the header, pair by pair.
void compareToDefinition(const Values& cost, const Values& top1, const Values& width)
{
    const auto g = groupByAccuracy(cost, top1, width);
    const auto n = static_cast<std::uint32_t>(cost.size());
    const auto alike = [&](std::uint32_t i, std::uint32_t j) { return std::abs(top1[i] - top1[j]) <= width[width.size() == 1 ? 0 : i]; };
    for (std::uint32_t i = 0; i < n; ++i) {
        std::set<std::uint32_t> expected;
        for (std::uint32_t j = 0; j < n; ++j)
            if (alike(i, j))
                expected.insert(j);
        QCOMPARE(members(g, g.alike[i]), expected);
    }
    std::set<std::uint32_t> left;
    for (std::uint32_t i = 0; i < n; ++i)
        left.insert(i);
    for (std::size_t k = 0; k < g.groups.size(); ++k) {
        QVERIFY(!left.empty());
        const auto leader = *std::min_element(left.begin(), left.end(), [&](auto a, auto b) { return std::tuple(-top1[a], cost[a], a) < std::tuple(-top1[b], cost[b], b); });
        std::set<std::uint32_t> expected;
        for (const auto j : left)
            if (alike(leader, j))
                expected.insert(j);
        QCOMPARE(g.groups[k].leader, leader);
        QCOMPARE(members(g, g.groups[k].members), expected);
        const auto cheapest = *std::min_element(expected.begin(), expected.end(), [&](auto a, auto b) { return std::tuple(cost[a], -top1[a], a) < std::tuple(cost[b], -top1[b], b); });
        QCOMPARE(g.groups[k].cheapest, cheapest);
        for (const auto j : expected) {
            QCOMPARE(g.groupOf[j], std::uint32_t(k));
            left.erase(j);
        }
    }
    QVERIFY(left.empty());
}

} // namespace

class TestGroups : public QObject {
    Q_OBJECT
private slots:
    void byHand();
    void edgesOfTheBand();
    void followsTheDefinition();
    void orderOfThePointsDoesNotMatter();
    void nonsenseIsRefused();
};

void TestGroups::byHand()
{
    const Values cost{10, 20, 30, 40, 50}, top1{70, 75, 75.5, 76, 76.25};
    const auto g = groupByAccuracy(cost, top1, Values{0.75});
    QCOMPARE(g.byTop1, (Indices{4, 3, 2, 1, 0}));
    QCOMPARE(g.alike, (std::vector<Interval>{{4, 5}, {2, 4}, {0, 4}, {0, 3}, {0, 3}}));
    QCOMPARE(g.groups, (std::vector<AccuracyGroups::Group>{{{0, 3}, 4, 2}, {{3, 4}, 1, 1}, {{4, 5}, 0, 0}}));
    QCOMPARE(g.groupOf, (Indices{2, 1, 0, 0, 0}));
    // The best one is sure, the others are not.
    const auto own = groupByAccuracy(cost, top1, Values{9, 9, 9, 9, 0.1});
    QCOMPARE(own.groups, (std::vector<AccuracyGroups::Group>{{{0, 1}, 4, 4}, {{1, 5}, 3, 0}}));
}

void TestGroups::edgesOfTheBand()
{
    QVERIFY(groupByAccuracy({}, {}, Values{1}).groups.empty());
    QVERIFY(groupByAccuracy({}, {}, {}).groups.empty());
    QCOMPARE(groupByAccuracy(Values{1}, Values{70}, Values{0}).groups.size(), std::size_t(1));
    QCOMPARE(groupByAccuracy(Values{1, 2}, Values{70, 70}, Values{0}).groups, (std::vector<AccuracyGroups::Group>{{{0, 2}, 0, 0}}));
    QCOMPARE(groupByAccuracy(Values{1, 2}, Values{70, 71}, Values{1}).groups.size(), std::size_t(1)); // the edge belongs to it
    QCOMPARE(groupByAccuracy(Values{1, 2}, Values{70, 71}, Values{std::nextafter(1, 0)}).groups.size(), std::size_t(2));
    QCOMPARE(groupByAccuracy(Values{1, 2, 3}, Values{70, 71, 99}, Values{kInf}).groups, (std::vector<AccuracyGroups::Group>{{{0, 3}, 2, 0}}));
    // Of members that cost the same the more accurate is named.
    QCOMPARE(groupByAccuracy(Values{2, 2, 5}, Values{70, 70.5, 71}, Values{2}).groups[0].cheapest, 1u);
}

void TestGroups::followsTheDefinition()
{
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        Random random(seed);
        const std::size_t n = 1 + random.below(60);
        Values cost, top1, width;
        for (std::size_t i = 0; i < n; ++i) {
            cost.push_back(std::floor(random.uniform() * 20));
            top1.push_back(70 + (seed % 2 ? random.uniform() * 8 : static_cast<double>(random.below(30)) / 4));
            width.push_back(static_cast<double>(random.below(5)) / 4);
        }
        if (seed % 3 == 0) {
            std::sort(cost.begin(), cost.end());
            std::sort(top1.begin(), top1.end());
        }
        compareToDefinition(cost, top1, width);
        compareToDefinition(cost, top1, {width.front()});
    }
}

void TestGroups::orderOfThePointsDoesNotMatter()
{
    Values cost, top1;
    Random random(5);
    for (int i = 0; i < 50; ++i) {
        cost.push_back(i);
        top1.push_back((i ? top1.back() : 70) + 0.01 + 0.2 * random.uniform()); // a front: rises with its cost
    }
    const auto rising = groupByAccuracy(cost, top1, Values{0.45});
    std::reverse(cost.begin(), cost.end());
    std::reverse(top1.begin(), top1.end());
    const auto falling = groupByAccuracy(cost, top1, Values{0.45});
    QCOMPARE(falling.groups.size(), rising.groups.size());
    for (std::size_t k = 0; k < rising.groups.size(); ++k) {
        QCOMPARE(falling.groups[k].members, rising.groups[k].members);
        QCOMPARE(falling.groups[k].leader, 49 - rising.groups[k].leader);
        QCOMPARE(falling.groups[k].cheapest, 49 - rising.groups[k].cheapest);
    }
    QVERIFY(rising.groups.size() > 5);
}

void TestGroups::nonsenseIsRefused()
{
    compareText(messageOf([] { groupByAccuracy(Values{1, 2}, Values{70}, Values{1}); }),
        "groups by accuracy: lists of different lengths: found 2 costs, 1 accuracies, 1 half-widths; allowed as many of each, or one half-width");
    compareText(messageOf([] { groupByAccuracy(Values{1, 2, 3}, Values{70, 71, 72}, Values{1, 1}); }),
        "groups by accuracy: lists of different lengths: found 3 costs, 3 accuracies, 2 half-widths; allowed as many of each, or one half-width");
    compareText(messageOf([] { groupByAccuracy(Values{1}, Values{70}, Values{-0.5}); }),
        "groups by accuracy: negative half-width: found -0.5; allowed 0 or more");
    compareText(messageOf([] { groupByAccuracy(Values{1, 1}, Values{70, std::nan("")}, Values{1}); }),
        "groups by accuracy: not a number: found NaN in row 1, column 0; allowed numbers");
    compareText(messageOf([] { groupByAccuracy(Values{1, 1}, Values{70, -kInf}, Values{1}); }),
        "groups by accuracy: not finite: found -inf in row 1, column 0; allowed finite numbers");
    compareText(messageOf([] { groupByAccuracy(Values{std::nan(""), 1}, Values{70, 71}, Values{1}); }),
        "groups by accuracy: not a number: found NaN in row 0, column 0; allowed numbers");
    compareText(messageOf([] { groupByAccuracy(Values{1, 1}, Values{70, 71}, Values{1, std::nan("")}); }),
        "groups by accuracy: not a number: found NaN in row 1, column 0; allowed numbers");
}

QTEST_APPLESS_MAIN(TestGroups)
#include "tst_groups.moc"

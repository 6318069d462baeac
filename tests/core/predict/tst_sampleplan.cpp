// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/random.h"
#include "predict/conformal.h"
#include "predict/sampleplan.h"
#include "space/accounting.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

#include <QTest>

#include <map>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestSamplePlan : public QObject {
    Q_OBJECT
private slots:
    void spreadsOverCostAndResolution();
    void longerPlansBeginWithShorterOnes();
    void marksHaveTheirShares();
    void csvRoundTrips_data();
    void csvRoundTrips();
    void errors();
    void marksAreAllOrNothing();
    void chanceOfBeingInside();
};

namespace {

std::shared_ptr<const Parts> partsOf(const char* space) { return std::make_shared<const Parts>(builtInSpace(space)); }

} // namespace

void TestSamplePlan::spreadsOverCostAndResolution()
{
    const auto parts = partsOf("fashion-mbv3");
    const auto& space = parts->space();
    const auto plan = planSamples(parts, {400});
    QCOMPARE(plan.size(), std::size_t(400));
    std::set<Subnet> distinct;
    std::map<int, std::vector<double>> macs;
    for (const auto& s : plan) {
        validate(space, s.subnet, "plan");
        distinct.insert(s.subnet);
        macs[s.subnet.resolution].push_back(static_cast<double>(account(*parts, s.subnet).total.macs));
    }
    QCOMPARE(distinct.size(), plan.size());
    QCOMPARE(macs.size(), space.resolutions.size());
    for (const auto& [r, values] : macs) {
        QCOMPARE(values.size(), std::size_t(100));
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        auto ends = space.smallest();
        ends.resolution = static_cast<std::uint16_t>(r);
        QCOMPARE(*low, static_cast<double>(account(*parts, ends).total.macs));
        ends = space.largest();
        ends.resolution = static_cast<std::uint16_t>(r);
        QCOMPARE(*high, static_cast<double>(account(*parts, ends).total.macs));
        // Each fifth of the range has its share, which uniform draws are far from giving.
        for (int k = 0; k < 5; ++k) {
            const auto inside = std::count_if(values.begin(), values.end(), [&, l = *low, h = *high](double v) { return v >= l + (h - l) * k / 5 && v <= l + (h - l) * (k + 1) / 5; });
            QVERIFY2(inside >= 12, fmt::format("{} of 100 in fifth {} at {}", inside, k, r).c_str());
        }
    }
}

void TestSamplePlan::longerPlansBeginWithShorterOnes()
{
    const auto parts = partsOf("fashion-mbv3");
    const auto longer = planSamples(parts, {120}), shorter = planSamples(parts, {50}), other = planSamples(parts, {50, 2});
    QVERIFY(std::equal(shorter.begin(), shorter.end(), longer.begin()));
    QVERIFY(shorter != other);
}

void TestSamplePlan::marksHaveTheirShares()
{
    const auto plan = planSamples(partsOf("fashion-mbv3"), {2000, 1, 0.25, 0.4});
    std::map<std::string, int> count;
    for (const auto& s : plan)
        ++count[s.split];
    QCOMPARE(count.size(), std::size_t(3));
    QVERIFY(std::abs(count[kHeldOutMark] - 800) < 90); // four standard deviations
    QVERIFY(std::abs(count[kCalibrationMark] - 500) < 80);
    for (std::size_t i = 0; i < 8; ++i)
        compareText(plan[i].split, kTrainMark); // the ends of each resolution
}

void TestSamplePlan::csvRoundTrips_data()
{
    QTest::addColumn<QString>("space");
    QTest::newRow("fashion") << "fashion-mbv3";
    QTest::newRow("mbv3") << "ofa-mbv3-w1.0";
    QTest::newRow("proxyless") << "ofa-proxyless-w1.3";
}

void TestSamplePlan::csvRoundTrips()
{
    QFETCH(QString, space);
    const auto parts = partsOf(space.toStdString().c_str());
    auto plan = planSamples(parts, {40});
    Random random(1);
    for (auto& s : plan)
        s.top1Percent = 50 + 40 * random.uniform();
    const auto csv = samplesCsv(parts->space(), plan);
    QVERIFY(csv.starts_with("ks,e,d,r,top1_percent,split\n"));
    QVERIFY(readSamples(csv, "csv", parts->space()) == plan);
    for (auto& s : plan)
        s.split.clear();
    QVERIFY(samplesCsv(parts->space(), plan).starts_with("ks,e,d,r,top1_percent\n"));
    QVERIFY(readSamples(samplesCsv(parts->space(), plan), "csv", parts->space()) == plan);
}

void TestSamplePlan::errors()
{
    const auto parts = partsOf("fashion-mbv3");
    compareText(messageOf([&] { planSamples(parts, {10, 1, 0.5, 0.5}); }), "shares: nothing is left to train on: found calibration 0.5, held out 0.5; allowed together less than 1");
    const auto resnet = builtInSpace("ofa-resnet50");
    compareText(messageOf([&] { samplesCsv(resnet, {{resnet.largest(), 1, "", ""}}); }),
        "ofa-resnet50: the columns of sample files have no place for the widths of a ResNet: allowed a MobileNetV3 or ProxylessNAS space");
    auto small = builtInSpace("fashion-mbv3");
    small.resolutions = {16};
    for (auto& stage : small.stages) {
        stage.kernels = {3};
        stage.expansions = {2};
        stage.depths = {1, 2};
    }
    small.finish("small");
    compareText(messageOf([&] { planSamples(std::make_shared<const Parts>(small), {20}); }),
        "count: no further subnet is found that is not among the samples already: found 20; allowed about 8 in the space fashion-mbv3");
}

void TestSamplePlan::marksAreAllOrNothing()
{
    std::vector<Sample> samples(3);
    samples[0].split = kTrainMark;
    samples[1].split = kCalibrationMark;
    samples[2].split = kHeldOutMark;
    QVERIFY(MarkedSamples::of(samples));
    samples[1].split = kTrainMark;
    QVERIFY(!MarkedSamples::of(samples));
    samples[1].split = "test";
    QVERIFY(!MarkedSamples::of(samples));
}

void TestSamplePlan::chanceOfBeingInside()
{
    // scipy.stats.betabinom(157, 82, 9).interval(0.95): wider than the binomial's 134 to 148, because a band of 90 nets is
    // itself uncertain.
    const auto chances = insideChances(157, 90, 0.9);
    double sum = 0;
    for (const double c : chances)
        sum += c;
    QVERIFY(std::abs(sum - 1) < 1e-9);
    const auto a = expectedInside(chances);
    QCOMPARE(a.low, 128);
    QCOMPARE(a.high, 152);
    const auto two = expectedInside(chancesOfSum(chances, chances)), none = expectedInside(insideChances(0, 90, 0.9));
    QVERIFY(two.low > 2 * a.low && two.high < 2 * a.high); // two that are independent
    QCOMPARE(none.low, 0);
    QCOMPARE(none.high, 0);
    compareText(messageOf([&] { insideChances(10, 5, 0.9); }), "conformal interval: too few nets for a band of this level: found 5");
}

QTEST_GUILESS_MAIN(TestSamplePlan)
#include "tst_sampleplan.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "space/accounting.h"
#include "space/sampling.h"
#include "space/stratified.h"

#include <map>
#include <set>

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;

namespace {

// A space small enough to list: 2 stages, 2 operators, depth 1 or 2: (2 + 4)² = 36 subnets.
SearchSpace smallSpace()
{
    auto json = toJson(builtInSpace("ofa-mbv3-w1.0"));
    json["id"] = "small";
    json["choices"] = {{"kernels", {3, 5}}, {"expansions", {3}}, {"depths", {1, 2}}};
    json["stages"].erase(json["stages"].begin() + 2, json["stages"].end());
    return spaceFromJson(JsonView(json, "small"));
}

} // namespace

class TestSampling : public QObject {
    Q_OBJECT
private slots:
    void uniformOverDistinctSubnets();
    void referenceDrawsReplay();
    void stratifiedCoversTheRangeEvenly_data();
    void stratifiedCoversTheRangeEvenly();
    void stratifiedIsUniformWithinCost();
    void stratifiedNeedsADifference();
    void neighboursAreExactlyThoseOneStepAway();
};

void TestSampling::uniformOverDistinctSubnets()
{
    const auto space = smallSpace();
    compareText(space.subnetsPerResolution(), "36");
    Random random(5);
    std::map<Subnet, int> counts;
    constexpr int kDraws = 36'000;
    for (int i = 0; i < kDraws; ++i)
        ++counts[uniformSubnet(space, random, 128)];
    QCOMPARE(counts.size(), 36u);
    double chi2 = 0;
    for (const auto& [s, n] : counts) {
        validate(space, s, "drawn");
        chi2 += (n - 1000.0) * (n - 1000.0) / 1000.0;
    }
    QVERIFY2(chi2 < 66.6, qPrintable(QString::number(chi2))); // 0.999 quantile, 35 degrees of freedom
}

void TestSampling::referenceDrawsReplay()
{
    NEED_REFERENCE("fixtures/ofa/losses_lr_rng.json");
    const auto golden = readJsonFile(testing::referenceDir() / "fixtures/ofa/losses_lr_rng.json")["subnet_seed"];
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    QVERIFY(golden.size() > 2);
    for (const auto& g : golden) {
        PythonRandom random(g["seed"].get<std::uint64_t>());
        auto arch = g["arch"];
        arch["r"] = 224;
        const auto expected = subnetFromGenotype(space, genotypeFromJson(JsonView(arch, "golden")), "golden");
        QVERIFY(referenceSubnet(space, random, 224) == expected);
    }
}

void TestSampling::stratifiedCoversTheRangeEvenly_data()
{
    QTest::addColumn<QString>("net");
    QTest::addColumn<int>("resolution");
    QTest::newRow("mbv3") << "mbv3_w1.0" << 224;
    QTest::newRow("proxyless") << "proxyless_w1.3" << 128;
    QTest::newRow("resnet") << "resnet50" << 224;
}

void TestSampling::stratifiedCoversTheRangeEvenly()
{
    QFETCH(QString, net);
    QFETCH(int, resolution);
    const auto parts = std::make_shared<const Parts>(fixtureSpace(net.toStdString()));
    const auto macs = CostTable::macs(parts, {resolution});
    StratifiedSampler sampler(macs, resolution, 10);
    auto low = parts->space().smallest(), high = parts->space().largest();
    low.resolution = high.resolution = static_cast<std::uint16_t>(resolution);
    QCOMPARE(sampler.lowest(), macs.cost(low));
    QCOMPARE(sampler.highest(), macs.cost(high));
    const double exact = std::stod(parts->space().subnetsPerResolution());
    QVERIFY2(std::abs(sampler.count() / exact - 1) < 1e-9, qPrintable(QString::number(sampler.count() / exact)));

    Random random(9);
    std::array<int, 10> strata{};
    for (int i = 0; i < 500; ++i) {
        const auto s = sampler.draw(random);
        validate(parts->space(), s, "drawn");
        const double share = (macs.cost(s) - sampler.lowest()) / (sampler.highest() - sampler.lowest());
        ++strata[static_cast<std::size_t>(std::min(9.0, share * 10))];
    }
    for (const int n : strata) // 50 each, and a few that rounding to the grid moved across a border
        QVERIFY2(n >= 40 && n <= 60, qPrintable(QString::number(n)));

    // What it is for: uniform draws hardly ever reach the lowest third.
    int below = 0;
    for (int i = 0; i < 500; ++i)
        below += macs.cost(uniformSubnet(parts->space(), random, resolution)) < sampler.lowest() + (sampler.highest() - sampler.lowest()) / 4;
    QVERIFY2(below < 60, qPrintable(QString::number(below))); // 125 if they were even
}

void TestSampling::stratifiedIsUniformWithinCost()
{
    // With one stratum per round and all costs on the grid, every subnet of a stratum is equally likely.
    const auto space = smallSpace();
    const auto parts = std::make_shared<const Parts>(space);
    // Cost 1 per block: 2, 3 or 4 blocks; 4, 16 and 16 subnets.
    const auto blocks = CostTable::make(parts, {128}, [](std::size_t, int, const Block& b, int) { return b.slot >= 0 ? 1.0 : 0.0; });
    StratifiedSampler sampler(blocks, 128, 3);
    Random random(17);
    std::map<Subnet, int> counts;
    for (int i = 0; i < 30'000; ++i)
        ++counts[sampler.draw(random)];
    QCOMPARE(counts.size(), 36u);
    for (const auto& [s, n] : counts) {
        const double expected = blocks.cost(s) == 2 ? 2500 : 625;
        QVERIFY2(std::abs(n - expected) < 5 * std::sqrt(expected), qPrintable(QString::number(n)));
    }
}

void TestSampling::stratifiedNeedsADifference()
{
    const auto parts = std::make_shared<const Parts>(smallSpace());
    const auto same = CostTable::make(parts, {128}, [](std::size_t, int, const Block& b, int) { return b.slot < 0 ? 1.0 : 0.0; });
    compareText(messageOf([&] { StratifiedSampler s(same, 128); }), "small: all subnets cost the same: there is nothing to stratify: found 6");
    compareText(messageOf([&] { StratifiedSampler s(same, 160); }), "the table has no column for the resolution: found 160; allowed 128");
}

void TestSampling::neighboursAreExactlyThoseOneStepAway()
{
    const auto space = smallSpace();
    Subnet s = space.smallest(); // depth 1 and 1, 128
    const auto near = neighbours(space, s);
    // One other operator in each of 2 blocks, 2 ways to deepen each of 2 stages, one resolution up.
    QCOMPARE(near.size(), 2u + 4u + 1u);
    QCOMPARE(std::set<Subnet>(near.begin(), near.end()).size(), near.size());
    for (const auto& n : near) {
        validate(space, n, "neighbour");
        const auto back = neighbours(space, n);
        QVERIFY(std::find(back.begin(), back.end(), s) != back.end());
    }
}

QTEST_APPLESS_MAIN(TestSampling)
#include "tst_sampling.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "device/blockfeatures.h"
#include "space/accounting.h"

#include <map>
#include <set>

using namespace paretoscope;
using testing::fixtureSpace;

namespace {

std::map<std::string, double> nonZero(const std::vector<double>& values)
{
    std::map<std::string, double> named;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != 0)
            named[std::string(blockFeatures()[i].name)] = values[i];
    return named;
}

void compareFeatures(const std::vector<double>& values, const std::map<std::string, double>& expected)
{
    const auto found = nonZero(values);
    for (const auto& [name, value] : expected) {
        QVERIFY2(found.contains(name), (name + " is 0").c_str());
        QVERIFY2(std::abs(found.at(name) / value - 1) < 1e-12, (name + " is " + std::to_string(found.at(name))).c_str());
    }
    for (const auto& [name, value] : found)
        QVERIFY2(expected.contains(name), (name + " is not expected").c_str());
}

} // namespace

class TestBlockFeatures : public QObject {
    Q_OBJECT
private slots:
    void namesAreUnique();
    void mbConvByHand();
    void batchScalesWorkAndNothingElse();
    void fixedParts();
    void macsAddUp();
};

void TestBlockFeatures::namesAreUnique()
{
    std::set<std::string_view> names;
    for (const auto& f : blockFeatures()) {
        QVERIFY2(names.insert(f.name).second, std::string(f.name).c_str());
        QVERIFY(!f.unit.empty() && !f.what.empty());
    }
    QCOMPARE(blockFeatureIndex("denseMacs"), std::size_t(0));
    QCOMPARE(blockFeatureIndex("nonsense"), blockFeatures().size());
}

// 24 → 96 → 40 channels, 5x5 stride 2 on 15x15 (out: 8x8), h-swish, squeeze-and-excite 96 → 24.
void TestBlockFeatures::mbConvByHand()
{
    Block b;
    b.type = BlockType::MbConv;
    b.in = 24;
    b.mid = 96;
    b.out = 40;
    b.kernel = 5;
    b.stride = 2;
    b.activation = Activation::HSwish;
    b.convolutions = {{"inverted_bottleneck", 24, 96, 1, 1, 1, true, Activation::HSwish}, {"depth_conv", 96, 96, 5, 2, 96, true, Activation::HSwish},
        {"point_linear", 96, 40, 1, 1, 1, true, Activation::None}};
    b.squeezeExcite = SqueezeExcite{96, 24};
    // A row of 15 with centres 0, 2, …, 14: 3 taps at either end, 5 at the six between.
    const double inside = 96 * 36 * 36, all = 96 * 25 * 64;
    // 225 pixels round up to 232 and 240.
    compareFeatures(featuresOf(b, 15),
        {{"expandMacs", 24 * 96 * 225 / 1e6}, {"projectMacs", 96 * 40 * 64 / 1e6}, {"depthwise5Stride2Macs", inside / 1e6}, {"depthwisePaddingMacs", (all - inside) / 1e6},
            {"depthwise5Rows", 96 * 8 * 5 / 1e6}, {"depthwiseTiles", 96 * 64 / 1e6}, {"gemmWaste", 24 * 96 * 7 / 1e6}, {"wideGemmWaste", 24 * 96 * 15 / 1e6},
            {"expandIn", 24 * 225 / 1e6}, {"expandOut", 96 * 225 / 1e6}, {"depthwiseOut", 96 * 64 / 1e6}, {"projectOut", 40 * 64 / 1e6},
            {"hSwishElements", (96 * 225 + 96 * 64) / 1e6}, {"squeezeExciteElements", 96 * 64 / 1e6}, {"squeezeExciteWeights", 2 * 96 * 24 / 1e6},
            {"pointwiseWeights", (24 * 96 + 96 * 40) / 1e6}, {"pointwiseOps", 2}, {"depthwiseOps", 1}, {"depthwiseChannels", 0.096}, {"squeezeExciteOps", 1}, {"hSwishOps", 2}});
}

void TestBlockFeatures::batchScalesWorkAndNothingElse()
{
    const Parts parts(fixtureSpace("mbv3_w1.2"));
    const auto b = parts.block(6, 4);
    const auto one = featuresOf(b, 56, 1), many = featuresOf(b, 56, 32);
    for (std::size_t i = 0; i < one.size(); ++i) {
        const auto& f = blockFeatures()[i];
        const std::string name(f.name);
        if (f.kind != FeatureClass::Work)
            QVERIFY2(many[i] == one[i], name.c_str());
        else if (name.find("Beyond") == std::string::npos && name.find("Waste") == std::string::npos)
            QVERIFY2(std::abs(many[i] - 32 * one[i]) <= 1e-12 * many[i], name.c_str());
        else
            QVERIFY2(many[i] >= one[i], name.c_str()); // thresholds and rounding see the whole batch
    }
    QCOMPARE(many[blockFeatureIndex("gemmWaste")], 0.0);
}

void TestBlockFeatures::fixedParts()
{
    const Parts parts(fixtureSpace("mbv3_w1.0"));
    const auto sizes = parts.mapSizes(224);
    const auto n = parts.size();
    // 3 → 16 channels, 3x3 stride 2: 112 x 112 outputs.
    compareFeatures(featuresOf(parts.block(0, 0), 224),
        {{"denseMacs", 27 * 16 * 12544 / 1e6}, {"denseElements", 16 * 12544 / 1e6}, {"denseOps", 1}, {"hSwishElements", 16 * 12544 / 1e6}, {"hSwishOps", 1}});
    compareFeatures(featuresOf(parts.block(n - 3, 0), sizes[n - 3]), {{"poolElements", 960 * 49 / 1e6}});
    compareFeatures(featuresOf(parts.block(n - 2, 0), 1), {{"mixWeights", 960 * 1280 / 1e6}});
    compareFeatures(featuresOf(parts.block(n - 1, 0), 1), {{"classifierWeights", 1280 * 1000 / 1e6}});
    QVERIFY(hasFeatures(parts.space()) && !hasFeatures(fixtureSpace("resnet50")));
}

void TestBlockFeatures::macsAddUp()
{
    const Parts parts(fixtureSpace("proxyless_w1.3"));
    const auto at = [](const std::vector<double>& f, std::initializer_list<const char*> names) {
        double sum = 0;
        for (const char* name : names)
            sum += f[blockFeatureIndex(name)];
        return sum;
    };
    const auto sizes = parts.mapSizes(176);
    for (std::size_t p = 0; p < parts.size(); ++p)
        for (int v = 0; v < parts.list()[p].variants; ++v) {
            const auto b = parts.block(p, v);
            const auto f = featuresOf(b, sizes[p]);
            const auto macs = macsByKind(b, sizes[p]);
            const double depthwise = at(f, {"depthwise3Stride1Macs", "depthwise3Stride2Macs", "depthwise5Stride1Macs", "depthwise5Stride2Macs",
                                               "depthwise7Stride1Macs", "depthwise7Stride2Macs", "depthwisePaddingMacs"});
            QVERIFY(std::abs(at(f, {"expandMacs", "projectMacs"}) - static_cast<double>(macs.pointwise) / 1e6) < 1e-9);
            QVERIFY(std::abs(depthwise - static_cast<double>(macs.depthwise) / 1e6) < 1e-9);
        }
}

QTEST_APPLESS_MAIN(TestBlockFeatures)
#include "tst_blockfeatures.moc"

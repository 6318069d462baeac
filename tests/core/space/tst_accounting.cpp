// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "space/accounting.h"
#include "space/costtable.h"
#include "space/netconfig.h"
#include "space/sampling.h"

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;

class TestAccounting : public QObject {
    Q_OBJECT
private slots:
    void casesOfTheReference_data();
    void casesOfTheReference();
    void releasedNets_data();
    void releasedNets();
    void peakMemoryByHand();
    void resnetPeakMemoryByHand();
    void oddAndTinyResolutions();
    void tablesEqualTheAccount();
    void tablesNameWhatIsMissing();
    void macsByKindAddUp();
};

void TestAccounting::casesOfTheReference_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"mbv3_w1.2", "tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

void TestAccounting::casesOfTheReference()
{
    QFETCH(QString, net);
    const auto name = net.toStdString();
    NEED_REFERENCE("fixtures/ofa/" + name + "_cases.json");
    const auto dir = testing::referenceDir() / "fixtures/ofa";
    const auto cases = readJsonFile(dir / (name + "_cases.json"))["cases"];
    const Parts parts(fixtureSpace(name));
    for (std::size_t i = 0; i < cases.size(); ++i) {
        auto arch = cases[i]["arch"];
        arch["image_size"] = cases[i]["image_size"];
        const auto subnet = subnetFromGenotype(parts.space(), genotypeFromJson(JsonView(arch, name)), name, ResolutionRule::Any);
        const auto a = account(parts, subnet);
        QCOMPARE(a.total.macs, cases[i]["macs_exact"].get<std::uint64_t>());
        QCOMPARE(a.total.params, cases[i]["params_subnet"].get<std::uint64_t>());
        if (i < 3) {
            const auto file = dir / (name + "_case" + std::to_string(i) + "_net.config");
            const auto config = readJsonFile(file);
            QVERIFY2(netConfig(parts, subnet) == config, file.c_str());
            // In the tiny spaces neighbouring choices can give the same channels, so the net is compared, not the choice.
            const auto back = subnetFromNetConfig(parts, JsonView(config, "net.config"), subnet.resolution);
            QVERIFY(netConfig(parts, back) == config);
            QVERIFY(back == subnet || net == "tiny_proxyless" || net == "tiny_resnet");
            QVERIFY(account(parts, back).total == a.total);
        }
    }
}

void TestAccounting::releasedNets_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("printedMacs");
    QTest::addColumn<QString>("printedParams");
    QTest::addColumn<quint64>("macs"); // recomputed from the released configuration, to a tenth of a million
    // The table of released specialised subnets (specification, section 12).
    QTest::newRow("143") << "pixel1_lat@143ms_top1@80.1_finetune@75" << "642M" << "9.2M" << quint64(6418);
    QTest::newRow("132") << "pixel1_lat@132ms_top1@79.8_finetune@75" << "593M" << "9.2M" << quint64(5927);
    QTest::newRow("79") << "pixel1_lat@79ms_top1@78.7_finetune@75" << "356M" << "8.2M" << quint64(3555);
    QTest::newRow("58") << "pixel1_lat@58ms_top1@76.9_finetune@75" << "230M" << "5.8M" << quint64(2298);
    QTest::newRow("40") << "pixel1_lat@40ms_top1@74.9_finetune@25" << "162M" << "6.0M" << quint64(1623);
    QTest::newRow("28") << "pixel1_lat@28ms_top1@73.3_finetune@25" << "109M" << "5.2M" << quint64(1086);
    QTest::newRow("20") << "pixel1_lat@20ms_top1@71.4_finetune@25" << "77M" << "4.3M" << quint64(767);
    QTest::newRow("v100") << "v100_gpu64@9ms_top1@75.3_finetune@25" << "313M" << "5.2M" << quint64(3128);
}

void TestAccounting::releasedNets()
{
    QFETCH(QString, folder);
    QFETCH(QString, printedMacs);
    QFETCH(QString, printedParams);
    QFETCH(quint64, macs);
    const auto relative = "real/compofa/" + folder.toStdString();
    NEED_REFERENCE(relative);
    const auto dir = testing::referenceDir() / relative;
    const auto config = readJsonFile(dir / "net.config");
    const int resolution = readJsonFile(dir / "run.config")["image_size"].get<int>();
    // The table does not say which supernet each net came from; its widths do.
    const bool proxyless = config["name"] == "ProxylessNASNets";
    const bool wide = config["first_conv"]["out_channels"] == 24;
    const Parts parts(builtInSpace(proxyless ? "ofa-proxyless-w1.3" : wide ? "ofa-mbv3-w1.2" : "ofa-mbv3-w1.0"));
    const auto a = account(parts, subnetFromNetConfig(parts, JsonView(config, "net.config"), resolution));
    const auto exactMacs = static_cast<double>(a.total.macs), exactParams = static_cast<double>(a.total.params);
    QCOMPARE(quint64(std::llround(exactMacs / 1e5)), macs);
    // The printed table rounds the tenths once more: 355.47 was printed as 355.5 and 356.
    QCOMPARE(QString::number(qRound(double(macs) / 10)) + "M", printedMacs);
    QCOMPARE(QString::number(exactParams / 1e6, 'f', 1) + "M", printedParams);
}

void TestAccounting::peakMemoryByHand()
{
    const Parts parts(builtInSpace("ofa-mbv3-w1.0"));
    const auto a = account(parts, parts.space().largest());
    // blocks.1, depthwise: 96 channels at 112² in, 96 at 56² out, no shortcut.
    QCOMPARE(a.total.peakActivationBytes, 4u * 96u * (112u * 112u + 56u * 56u));
    const auto& b2 = a.blocks[3];
    compareText(b2.block.name, "blocks.2");
    // depthwise: 144 in, 144 out, 24 held for the shortcut.
    QCOMPARE(b2.account.peakActivationBytes, 4u * (144u + 144u + 24u) * 56u * 56u);
    compareText(a.blocks[0].block.name, "first_conv");
    QCOMPARE(a.blocks[0].account.peakActivationBytes, 4u * (3u * 224u * 224u + 16u * 112u * 112u));
    compareText(a.blocks.back().block.name, "classifier");
    QCOMPARE(a.blocks.back().account.peakActivationBytes, 4u * (1280u + 1000u));
}

void TestAccounting::resnetPeakMemoryByHand()
{
    const Parts parts(builtInSpace("ofa-resnet50"));
    auto s = parts.space().largest();
    s.resolution = 224;
    const auto a = account(parts, s);
    for (const auto& b : a.blocks)
        if (b.block.name == "blocks.1") // conv3: 88 in, 256 out, 256 held
            QCOMPARE(b.account.peakActivationBytes, 4u * (88u + 256u + 256u) * 56u * 56u);
    QCOMPARE(a.total.peakActivationBytes, 4u * 600u * 56u * 56u);
}

void TestAccounting::oddAndTinyResolutions()
{
    const Parts parts(builtInSpace("ofa-mbv3-w1.0"));
    const auto s = parts.space().largest();
    for (const int r : {1, 7, 33, 225, 236, 260})
        QVERIFY(account(parts, s, r).total.macs > 0);
    QVERIFY(account(parts, s, 33).total.macs > account(parts, s, 32).total.macs); // 17 pixels after the stem, not 16
    compareText(messageOf([&] { account(parts, s, 0); }), "resolution out of range: found 0; allowed 1 to 65535 pixels");
}

void TestAccounting::tablesEqualTheAccount()
{
    Random random(3);
    for (const char* net : {"mbv3_w1.0", "proxyless_w1.3", "resnet50", "tiny_mbv3_b"}) {
        const auto parts = std::make_shared<const Parts>(fixtureSpace(net));
        const auto macs = CostTable::macs(parts, parts->space().resolutions);
        const auto params = CostTable::params(parts, parts->space().resolutions);
        for (int i = 0; i < 200; ++i) {
            const auto s = uniformSubnet(parts->space(), random);
            const auto a = account(*parts, s);
            QCOMPARE(macs.cost(s), static_cast<double>(a.total.macs));
            QCOMPARE(params.cost(s), static_cast<double>(a.total.params));
        }
    }
}

void TestAccounting::tablesNameWhatIsMissing()
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    const auto macs = CostTable::macs(parts, {160, 192});
    auto s = parts->space().largest();
    compareText(messageOf([&] { macs.cost(s); }), "the table has no column for the resolution: found 224; allowed 160, 192");
    compareText(messageOf([&] { CostTable(parts, {160}, {1, 2, 3}); }), "a cost table of the wrong size: found 3 values; allowed 186 for 1 resolutions");
}

void TestAccounting::macsByKindAddUp()
{
    const Parts parts(builtInSpace("ofa-resnet50"));
    const auto a = account(parts, parts.space().largest());
    for (const auto& b : a.blocks) {
        const auto m = macsByKind(b.block, b.inputSize);
        QCOMPARE(m.pointwise + m.depthwise + m.dense + m.gate + m.linear, b.account.macs);
    }
}

QTEST_APPLESS_MAIN(TestAccounting)
#include "tst_accounting.moc"

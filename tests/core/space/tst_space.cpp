// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "space/accounting.h"
#include "space/keys.h"
#include "space/sampling.h"

#include <set>
#include <tuple>

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;

class TestSpace : public QObject {
    Q_OBJECT
private slots:
    void makeDivisibleAsPublished();
    void countsAreExact();
    void stageIndexIsOneToOne();
    void keysEqualTheReference_data();
    void keysEqualTheReference();
    void staticKeysEqualTheReference_data();
    void staticKeysEqualTheReference();
    void jsonRoundTrips();
    void badSpacesAreRefused_data();
    void badSpacesAreRefused();
    void userSpaceWithOwnChoicesPerStage();
    void smallSpaceForGreyImages();
};

void TestSpace::makeDivisibleAsPublished()
{
    // Examples of the specification, section 1.1.
    const std::vector<std::pair<double, int>> examples{{19.2, 24}, {28.8, 32}, {134.4, 136}, {41.6, 40}, {20.8, 24}, {249.6, 248},
        {36, 40}, {204, 208}, {20, 24}, {4, 8}};
    for (const auto& [v, expected] : examples)
        QCOMPARE(makeDivisible(v), expected);
    QCOMPARE(expandedChannels(256, 0.35), 88); // round(89.6) = 90
    QCOMPARE(expandedChannels(1640, 0.35), 576);
}

void TestSpace::countsAreExact()
{
    // Per stage 9^2 + 9^3 + 9^4 = 7371.
    QCOMPARE(builtInSpace("ofa-mbv3-w1.0").stageConfigurations(0), 7371u);
    compareText(builtInSpace("ofa-mbv3-w1.2").subnetsPerResolution(), "21758655492572485851"); // 7371^5, beyond 2^64
    compareText(builtInSpace("ofa-mbv3-w1.2").subnets(), "543966387314312146275");
    compareText(builtInSpace("ofa-proxyless-w1.3").subnetsPerResolution(), "195827899433152372659"); // × 9
    // Stem 2 × 3^2 widths, stages 3 widths each; 3^2+3^3+3^4 = 117 three times and 3^4+3^5+3^6 = 1053.
    compareText(builtInSpace("ofa-resnet50").subnetsPerResolution(), std::to_string(2ull * 729 * 117 * 117 * 117 * 1053));
}

void TestSpace::stageIndexIsOneToOne()
{
    for (const char* net : {"tiny_mbv3_b", "tiny_resnet"}) {
        const auto space = fixtureSpace(net);
        for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage) {
            std::set<Subnet> seen;
            for (std::uint64_t i = 0; i < space.stageConfigurations(stage); ++i) {
                Subnet s = space.smallest();
                space.setStage(s, stage, i);
                QCOMPARE(space.stageIndex(s, stage), i);
                seen.insert(s);
            }
            QCOMPARE(seen.size(), space.stageConfigurations(stage));
        }
    }
}

void TestSpace::keysEqualTheReference_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"mbv3_w1.0", "mbv3_w1.2", "proxyless_w1.3", "resnet50", "tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

void TestSpace::keysEqualTheReference()
{
    QFETCH(QString, net);
    const auto file = "fixtures/ofa/" + net.toStdString() + "_keys.json";
    NEED_REFERENCE(file);
    const auto expected = readJsonFile(testing::referenceDir() / file);
    const auto keys = supernetKeys(fixtureSpace(net.toStdString()));
    QCOMPARE(keys.size(), expected.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        compareText(keys[i].name, expected[i][0].get<std::string>());
        QVERIFY2(keys[i].shape == expected[i][1].get<std::vector<std::int64_t>>(), keys[i].name.c_str());
        compareText(std::string(keys[i].dtype), expected[i][2].get<std::string>());
    }
}

void TestSpace::staticKeysEqualTheReference_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"mbv3_w1.2", "tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

void TestSpace::staticKeysEqualTheReference()
{
    QFETCH(QString, net);
    const auto name = net.toStdString();
    NEED_REFERENCE("fixtures/ofa/" + name + "_case2_subnet_tensors.json");
    const auto dir = testing::referenceDir() / "fixtures/ofa";
    const auto expected = readJsonFile(dir / (name + "_case2_subnet_tensors.json"));
    const auto cases = readJsonFile(dir / (name + "_cases.json"));
    auto arch = cases["cases"][2]["arch"];
    arch["r"] = cases["cases"][2]["image_size"];
    const Parts parts(fixtureSpace(name));
    const auto subnet = subnetFromGenotype(parts.space(), genotypeFromJson(JsonView(arch, name)), name, ResolutionRule::Any);
    const auto keys = staticKeys(parts, subnet);
    QCOMPARE(keys.size(), expected.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        compareText(keys[i].name, expected[i][0].get<std::string>());
        QVERIFY2(keys[i].shape == expected[i][1].get<std::vector<std::int64_t>>(), keys[i].name.c_str());
    }
}

void TestSpace::jsonRoundTrips()
{
    for (const char* net : {"mbv3_w1.0", "mbv3_w1.2", "proxyless_w1.3", "resnet50", "tiny_mbv3_b"}) {
        const auto space = fixtureSpace(net);
        const auto json = parseJson(printJson(toJson(space)), "space.json");
        QVERIFY2(spaceFromJson(JsonView(json, "space.json")) == space, net);
    }
    compareText(messageOf([] { builtInSpace("ofa-mbv3-w99"); }),
        "there is no built-in space with this id: found \"ofa-mbv3-w99\"; allowed ofa-mbv3-w1.0, ofa-mbv3-w1.2, ofa-proxyless-w1.3, "
        "ofa-resnet50, fashion-mbv3; ofa-mbv3-wX and ofa-proxyless-wX for any width X from 0.05 to 8; or a space file");
}

void TestSpace::badSpacesAreRefused_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    QTest::newRow("schema") << "/schema" << "2" << "s.json: schema: number out of range: found 2; allowed 1 to 1";
    QTest::newRow("family") << "/family" << "\"vit\"" << "s.json: family: unknown family: found \"vit\"; allowed mobilenetv3, proxyless, resnet";
    QTest::newRow("even kernel") << "/choices/kernels" << "[3,4]" << "s.json: choices.kernels: a kernel size must be odd: found 4; allowed 1, 3, 5, 7, …";
    QTest::newRow("descending") << "/choices/depths" << "[4,2]" << "s.json: choices.depths: choices must ascend without repeats: found [4,2]";
    QTest::newRow("empty") << "/choices/expansions" << "[]" << "s.json: choices.expansions: the list is empty: found nothing; allowed at least one choice";
    QTest::newRow("vanishing stage") << "/stages/1/depths" << "[0,1]" << "s.json: stage 1 can vanish: found 0 blocks; allowed at least one";
    QTest::newRow("huge channels") << "/stages/0/channels" << "1000000" << "s.json: stages[0].channels: number out of range: found 1000000; allowed 1 to 65536";
    QTest::newRow("misspelt") << "/stages/0/strid" << "1" << "s.json: stages[0]: unknown key: found \"strid\"; allowed channels, stride, activation, squeezeExcite, kernels, expansions, depths";
    QTest::newRow("too many blocks") << "/choices/depths" << "[20]" << "s.json: stage 0 has too many configurations: found 9^20; allowed fewer than 2^62";
    QTest::newRow("too long") << "/choices" << R"({"kernels":[3],"expansions":[3],"depths":[20]})" << "s.json: too many blocks: found 80 or more; allowed at most 64";
    QTest::newRow("no stages") << "/stages" << "[]" << "s.json: wrong number of stages: found 0; allowed 1 to 16";
}

void TestSpace::badSpacesAreRefused()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, message);
    auto json = toJson(builtInSpace("ofa-mbv3-w1.0"));
    json[Json::json_pointer{key.toStdString()}] = parseJson(value.toStdString(), "value");
    compareText(messageOf([&] { spaceFromJson(JsonView(json, "s.json")); }), message.toStdString());
}

void TestSpace::userSpaceWithOwnChoicesPerStage()
{
    auto json = toJson(builtInSpace("ofa-mbv3-w1.0"));
    json["id"] = "mine";
    json["inputChannels"] = 1;
    json["stages"][0]["kernels"] = {3};
    json["stages"][4]["expansions"] = {2.5, 5};
    json["stages"][1]["depths"] = {1, 3};
    const auto space = spaceFromJson(JsonView(json, "s.json"));
    QCOMPARE(space.slotCount(), 19);
    QCOMPARE(space.stageConfigurations(0), 9u + 27u + 81u);
    QCOMPARE(space.stageConfigurations(1), 9u + 729u);
    QCOMPARE(space.stageConfigurations(4), 36u + 216u + 1296u);
    const auto keys = supernetKeys(space);
    const auto has = [&](const char* name) {
        return std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return k.name == name; });
    };
    QVERIFY(!has("blocks.1.conv.depth_conv.conv.5to3_matrix") && has("blocks.5.conv.depth_conv.conv.5to3_matrix"));
    QVERIFY(spaceFromJson(JsonView(toJson(space), "again")) == space);
}

void TestSpace::smallSpaceForGreyImages()
{
    const auto space = builtInSpace("fashion-mbv3");
    QCOMPARE(space.inputChannels, 1);
    QCOMPARE(space.classes, 10);
    QCOMPARE(space.resolutions, (std::vector<int>{16, 20, 24, 28}));
    // Per stage 9 + 9^2 + 9^3 = 819; 819^3 and four resolutions.
    compareText(space.subnetsPerResolution(), "549353259");
    compareText(space.subnets(), "2197413036");
    for (const auto& stage : space.stages) {
        QVERIFY(stage.kernels.size() == 3 && stage.expansions.size() == 3 && stage.depths.size() == 3);
        QCOMPARE(stage.channels.front() % 8, 0);
    }

    const Parts parts(space);
    const auto large = account(parts, space.largest()).total, small = account(parts, space.smallest()).total;
    QCOMPARE(large.macs, 6'997'312u);
    QCOMPARE(large.params, 357'818u);
    QCOMPARE(small.macs, 370'048u);
    QCOMPARE(small.params, 114'706u);
    QVERIFY(large.macs >= 18 * small.macs && large.macs < 7'500'000);
    QVERIFY(large.params > 3 * small.params && large.params < 400'000);
    // Half, quarter and eighth of the image; the smallest image still leaves a map of 2x2 for the last stage.
    QCOMPARE(parts.mapSizes(28)[parts.size() - 3], 4);
    QCOMPARE(parts.mapSizes(16)[parts.size() - 3], 2);

    // No two choices round to the same channels, so that all of these subnets are distinct nets.
    for (const auto& part : parts.list()) {
        std::set<std::tuple<int, int>> shapes;
        for (int v = 0; v < part.variants; ++v) {
            const auto b = parts.block(static_cast<std::size_t>(&part - parts.list().data()), v);
            shapes.emplace(b.kernel, b.mid);
        }
        QCOMPARE(static_cast<int>(shapes.size()), part.variants);
    }
}

QTEST_APPLESS_MAIN(TestSpace)
#include "tst_space.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "space/netconfig.h"
#include "space/sampling.h"

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;

namespace {

Subnet fromText(const SearchSpace& space, const std::string& text, ResolutionRule rule = ResolutionRule::InSpace)
{
    const auto json = parseJson(text, "x.json");
    return subnetFromGenotype(space, genotypeFromJson(JsonView(json, "x.json")), "x.json", rule);
}

} // namespace

class TestSubnet : public QObject {
    Q_OBJECT
private slots:
    void switchedOffPartsDoNotCount();
    void allSpellings();
    void outputHasFullLengthAndZeros();
    void resnetSpelling();
    void everyProblemAtOnce();
    void badJson_data();
    void badJson();
    void digitsAndOps();
    void repairTakesTheNearest();
    void validateSeesWhatIsNotCanonical();
    void netConfigOutsideTheSpace();
    void netConfigRoundTripsForRandomSubnets();
};

void TestSubnet::switchedOffPartsDoNotCount()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto a = fromText(space, R"({"ks": [3,3,7,7, 3,3,3,3, 3,3,3,3, 3,3,3,3, 3,3,3,3], "e": 4, "d": 2, "r": [160]})");
    const auto b = fromText(space, R"({"ks": [3,3,0,null, 3,3,5,5, 3,3,3,3, 3,3,3,3, 3,3,3,3], "e": 4, "d": [2,2,2,2,2], "r": 160})");
    QVERIFY(a == b);
    QCOMPARE(SubnetHash()(a), SubnetHash()(b));
    const auto c = fromText(space, R"({"ks": [3,5,7,7, 3,3,3,3, 3,3,3,3, 3,3,3,3, 3,3,3,3], "e": 4, "d": 2, "r": [160]})");
    QVERIFY(a != c);
}

void TestSubnet::allSpellings()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto expected = space.largest();
    for (const char* text : {R"({"ks": 7, "e": 6, "d": 4, "r": [224]})", R"({"ks": 7, "e": 6, "d": 4, "r": 224})",
             R"({"ks": 7, "e": 6, "d": 4, "image_size": 224})", R"({"ks": 7.0, "e": 6.0, "d": 4, "image_size": [224], "wid": null})"})
        QVERIFY2(fromText(space, text) == expected, text);
    compareText(messageOf([&] { fromText(space, R"({"ks": 7, "e": 6, "d": 4, "r": 224, "image_size": 224})"); }),
        "x.json: both r and image_size are given: allowed one of them");
    QCOMPARE(fromText(space, R"({"ks": 7, "e": 6, "d": 4, "r": 236})", ResolutionRule::Any).resolution, 236);
}

void TestSubnet::outputHasFullLengthAndZeros()
{
    const auto space = fixtureSpace("tiny_mbv3_b");
    const auto s = fromText(space, R"({"ks": 7, "e": 2, "d": [1,2,1,2,1], "r": 128})");
    compareText(toJson(space, s).dump(), R"({"ks":[7,0,7,7,7,0,7,7,7,0],"e":[2,0,2,2,2,0,2,2,2,0],"d":[1,2,1,2,1],"r":[128]})");
    const auto json = toJson(space, s);
    QVERIFY(fromText(space, json.dump()) == s);
}

void TestSubnet::resnetSpelling()
{
    const auto space = builtInSpace("ofa-resnet50");
    const auto s = fromText(space, R"({"d": [0,0,1,2,0], "e": 0.25, "w": [0,1,2,0,1,2], "r": 160})");
    const auto json = toJson(space, s);
    compareText(json.dump(), R"({"d":[0,0,1,2,0],"e":[0.25,0.25,0,0,0.25,0.25,0.25,0,0.25,0.25,0.25,0.25,0.25,0.25,0.25,0.25,0,0],"w":[0,1,2,0,1,2],"r":[160]})");
    QVERIFY(fromText(space, json.dump()) == s);
    compareText(messageOf([&] { fromText(space, R"({"d": [1,0,1,2,0], "e": 0.25, "w": 0, "r": 160})"); }),
        "x.json: the subnet lies outside the space ofa-resnet50: found d[0] is 1 (allowed 0 2)");
    compareText(messageOf([&] { fromText(space, R"({"d": 0, "e": 0.25, "w": 0, "ks": 3, "r": 160})"); }),
        "x.json: the subnet lies outside the space ofa-resnet50: found ks has no meaning here");
}

void TestSubnet::everyProblemAtOnce()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    compareText(messageOf([&] { fromText(space, R"({"ks": 9, "e": 6, "d": [5,4,4,4,1], "r": 128})"); }),
        "x.json: the subnet lies outside the space ofa-mbv3-w1.0: found d[0] is 5 (allowed 2 3 4), ks[0] is 9 (allowed 3 5 7), "
        "ks[1] is 9 (allowed 3 5 7), ks[4] is 9 (allowed 3 5 7), ks[5] is 9 (allowed 3 5 7), ks[6] is 9 (allowed 3 5 7) and 12 more");
    compareText(messageOf([&] { fromText(space, R"({"ks": [3,3], "e": 6, "r": 130})"); }),
        "x.json: the subnet lies outside the space ofa-mbv3-w1.0: found ks has 2 entries instead of 20, d is missing (a list of 5), "
        "r is 130 (allowed 128 132 136 140 144 148 152 156 160 164 168 172 176 180 184 188 192 196 200 204 208 212 216 220 224)");
    compareText(messageOf([&] { fromText(space, R"({"ks": 3, "e": 6, "d": 2})"); }),
        "x.json: the subnet lies outside the space ofa-mbv3-w1.0: found the resolution r is missing");
}

void TestSubnet::badJson_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("list") << "[1]" << "x.json: not an object: found a list; allowed an object";
    QTest::newRow("key") << R"({"kernel": 3})" << "x.json: unknown key: found \"kernel\"; allowed ks, e, d, w, wid, r, image_size";
    QTest::newRow("text") << R"({"ks": ["a"]})" << "x.json: ks[0]: not a number: found the string \"a\"; allowed a number";
    QTest::newRow("two r") << R"({"ks": 3, "e": 3, "d": 2, "r": [128, 160]})" << "x.json: r: one resolution is needed: found 2; allowed a number or a list of one";
    QTest::newRow("empty") << R"({"ks": [], "e": 3, "d": 2, "r": 128})" << "x.json: ks: the list is empty";
}

void TestSubnet::badJson()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { fromText(builtInSpace("ofa-mbv3-w1.0"), text.toStdString()); }), message.toStdString());
}

void TestSubnet::digitsAndOps()
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto s = subnetFromDigits(space, "75557757573753735353", "64466343363336346436", "22223", 204, "row");
    compareText(toJson(space, s)["ks"].dump(), "[7,5,0,0,7,7,0,0,5,7,0,0,5,3,0,0,5,3,5,0]");
    const auto same = subnetFromDigits(space, "75--77--57--53--535-", "64--63--36--36--643-", "22223", 204, "row");
    QVERIFY(s == same);
    // The grammar of the published measurements: 3 × kernel index + expansion index.
    const auto o = subnetFromOps(space, "33332", "601-260-058-482-10--", 128, "row");
    compareText(toJson(space, o)["ks"].dump(), "[7,3,3,0,3,7,3,0,3,5,7,0,5,7,3,0,3,3,0,0]");
    compareText(toJson(space, o)["e"].dump(), "[3,3,4,0,6,3,3,0,3,6,6,0,4,6,6,0,4,3,0,0]");
    compareText(messageOf([&] { subnetFromDigits(space, "7x", "6", "2", 204, "f.csv:3"); }), "f.csv:3: ks must be digits: found \"7x\"");
    QVERIFY(testing::contains(messageOf([&] { subnetFromDigits(space, "7", "6", "2", 204, "f.csv:3"); }), "ks has 2 entries instead of 20"));
    QVERIFY(testing::contains(messageOf([&] { subnetFromOps(space, "33332", "901-260-058-482-10--", 128, "row"); }), "ks[0] is 0"));
}

void TestSubnet::repairTakesTheNearest()
{
    const auto space = fixtureSpace("tiny_mbv3_b");
    Genotype g;
    g.ks = {4};
    g.e = {3, 9};
    g.d = {2};
    g.resolution = 1000;
    const auto r = repair(space, g);
    compareText(toJson(space, r.subnet)["ks"][0].dump(), "3");
    compareText(toJson(space, r.subnet)["e"].dump(), "[2,4,4,4,4,4,4,4,4,4]");
    QCOMPARE(r.subnet.resolution, 224);
    compareText(r.changes.front(), "e: 2 entries instead of 10");
    compareText(r.changes.back(), "r: 1000 became 224");
    const auto clean = repair(space, Genotype{{3}, {2}, {1}, {}, 128});
    QCOMPARE(clean.changes.size(), 0u);
}

void TestSubnet::validateSeesWhatIsNotCanonical()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    auto s = space.smallest();
    validate(space, s, "s");
    s.op[2] = 1; // switched off by depth
    compareText(messageOf([&] { validate(space, s, "s"); }), "s: the subnet lies outside the space ofa-mbv3-w1.0: found block 2 has operator 1");
}

void TestSubnet::netConfigOutsideTheSpace()
{
    const Parts w10(builtInSpace("ofa-mbv3-w1.0")), w12(builtInSpace("ofa-mbv3-w1.2"));
    const auto config = netConfig(w12, w12.space().largest());
    compareText(messageOf([&] { subnetFromNetConfig(w10, JsonView(config, "net.config"), 224); }),
        "net.config: first_conv.out_channels: the net lies outside the space ofa-mbv3-w1.0: found 24; allowed 16");
    auto odd = netConfig(w10, w10.space().largest());
    odd["blocks"][7]["conv"]["mid_channels"] = 999;
    compareText(messageOf([&] { subnetFromNetConfig(w10, JsonView(odd, "net.config"), 224); }),
        "net.config: blocks[7].conv: the net lies outside the space ofa-mbv3-w1.0: found mid_channels is 999 and not 120 or 160 or 240");
    auto classes = netConfig(w10, w10.space().largest());
    classes["classifier"]["out_features"] = 10;
    compareText(messageOf([&] { subnetFromNetConfig(w10, JsonView(classes, "net.config"), 224); }),
        "net.config: classifier.out_features: the net has another number of classes than the space ofa-mbv3-w1.0: found 10; allowed 1000");
    const Parts proxyless(builtInSpace("ofa-proxyless-w1.3"));
    compareText(messageOf([&] { subnetFromNetConfig(proxyless, JsonView(config, "net.config"), 224); }),
        "net.config: name: the net lies outside the space ofa-proxyless-w1.3: found the class \"MobileNetV3\"");
}

void TestSubnet::netConfigRoundTripsForRandomSubnets()
{
    Random random(11);
    for (const char* net : {"mbv3_w1.0", "proxyless_w1.3", "resnet50", "tiny_mbv3"}) {
        const Parts parts(fixtureSpace(net));
        for (int i = 0; i < 50; ++i) {
            auto s = uniformSubnet(parts.space(), random);
            if (parts.space().isResNet() && s.width[0] == 1)
                s.width[0] = 0; // both give 24 channels inside the stem: one net, written alike
            const auto config = netConfig(parts, s);
            const auto back = subnetFromNetConfig(parts, JsonView(config, "c"), s.resolution);
            QVERIFY2(netConfig(parts, back) == config, net);
            QVERIFY2(back == s, net);
        }
    }
}

QTEST_APPLESS_MAIN(TestSubnet)
#include "tst_subnet.moc"

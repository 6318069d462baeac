// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "predict/encoding.h"

#include <algorithm>
#include <array>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestEncoding : public QObject {
    Q_OBJECT
private slots:
    void fixtures_data();
    void fixtures();
    void termsAreTheOnes();
    void tutorialFloorsResolutions();
    void userSpacesHaveTheirOwnNumbers();
    void decodeRefusesNonsense();
    void errorsNameWhatIsAllowed();
};

void TestEncoding::fixtures_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < testing::fixtureGroups().size(); ++i)
        QTest::newRow(testing::fixtureGroups()[i].key) << static_cast<int>(i);
}

void TestEncoding::fixtures()
{
    NEED_REFERENCE("fixtures/ofa/predictor_and_latency.json");
    QFETCH(int, index);
    const auto& group = testing::fixtureGroups()[static_cast<std::size_t>(index)];
    const auto space = builtInSpace(group.space);
    const auto encoding = testing::fixtureEncoding(group);
    const auto& fixture = testing::predictorFixtures()[group.key];
    QCOMPARE(encoding.inputs(), fixture.value("n_dim", 128));
    QCOMPARE(fixture["cases"].size(), std::size_t(20));
    for (const auto& c : fixture["cases"]) {
        const auto subnet = testing::fixtureSubnet(c, space);
        const auto ones = c["ones"].get<std::vector<int>>();
        QCOMPARE(encoding.ones(subnet), ones);
        const auto decoded = encoding.decode(ones, space);
        QVERIFY(decoded == subnet);
        if (c.contains("roundtrip")) {
            Json expected = c["roundtrip"], found = toJson(space, decoded);
            found["image_size"] = found["r"][0];
            found.erase("r");
            compareText(nlohmann::json(found).dump(), nlohmann::json(expected).dump());
        }
    }
}

void TestEncoding::termsAreTheOnes()
{
    for (const auto& group : testing::fixtureGroups()) {
        const auto space = builtInSpace(group.space);
        const std::vector<int> sizes =
            group.kind == EncodingKind::Tutorial128 ? tutorialResolutions() : std::vector<int>{224, 128};
        const Encoding encoding(group.kind, space, sizes, "t");
        for (const auto& subnet : testing::randomSubnets(space, 300, 5, sizes)) {
            std::array<std::uint16_t, Encoding::kMaxTerms> terms;
            const auto n = encoding.termsOf(subnet, terms.data());
            std::vector<int> ones{encoding.resolutionInput(encoding.resolutionIndex(subnet.resolution))};
            for (std::size_t i = 0; i < n; ++i) {
                const auto term = encoding.terms()[terms[i]];
                ones.push_back(term.first);
                if (term.second >= 0)
                    ones.push_back(term.second);
            }
            std::sort(ones.begin(), ones.end());
            QCOMPARE(encoding.ones(subnet), ones);
            QVERIFY(encoding.decode(ones, space) == subnet);
        }
    }
}

void TestEncoding::tutorialFloorsResolutions()
{
    const auto encoding = Encoding::tutorial(builtInSpace("ofa-mbv3-w1.2"), "t");
    QCOMPARE(encoding.encodedResolution(170), 160);
    QCOMPARE(encoding.encodedResolution(175), 160);
    QCOMPARE(encoding.encodedResolution(176), 176);
    QCOMPARE(encoding.encodedResolution(239), 224);
    QVERIFY(!encoding.knows(111));
    QVERIFY(!encoding.knows(240));
    compareText(messageOf([&] { encoding.resolutionIndex(240); }),
        "accuracy predictor: the predictor does not know this resolution: found 240; allowed 112, 128, 144, 160, 176, "
        "192, 208, 224");
}

void TestEncoding::userSpacesHaveTheirOwnNumbers()
{
    // Two kernels and two expansions in one stage, a single kernel and three expansions in the other.
    auto space = builtInSpace("ofa-mbv3-w1.0");
    space.id = "mine";
    space.stages.resize(2);
    space.stages[0].kernels = {3, 7};
    space.stages[0].expansions = {2, 4};
    space.stages[0].depths = {1, 2};
    space.stages[1].kernels = {5};
    space.stages[1].expansions = {1, 2, 3};
    space.stages[1].depths = {1, 3};
    space.finish("mine");
    const Encoding encoding(EncodingKind::OfaNas, space, {96, 64}, "t");
    QCOMPARE(encoding.inputs(), 2 + (2 * 2 + 3) + (2 * 2 + 3 * 3));
    Subnet s = space.largest();
    s.resolution = 64;
    QCOMPARE(encoding.ones(s), (std::vector<int>{1, 3, 5, 6, 7, 8, 10, 12, 15, 18, 21}));
    for (const auto& subnet : testing::randomSubnets(space, 200, 1, {64, 96}))
        QVERIFY(encoding.decode(encoding.ones(subnet), space) == subnet);
    QVERIFY(encoding.fits(space));
    QVERIFY(!encoding.fits(builtInSpace("ofa-mbv3-w1.0")));
}

void TestEncoding::decodeRefusesNonsense()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const Encoding encoding(EncodingKind::OfaNas, space, {128}, "t");
    auto ones = encoding.ones([&] {
        auto s = space.smallest();
        s.resolution = 128;
        return s;
    }());
    const auto refused = [&](const std::vector<int>& list) {
        return messageOf([&] { static_cast<void>(encoding.decode(list, space)); });
    };
    compareText(refused({}), "accuracy predictor: these inputs are no encoded subnet: found 0 blocks in stage 0");
    compareText(refused({500}), "accuracy predictor: these inputs are no encoded subnet: found input 500 of 121");
    auto twice = ones;
    twice.push_back(2); // a second kernel for the first block
    compareText(refused(twice),
        "accuracy predictor: these inputs are no encoded subnet: found inputs that contradict each other or are "
        "missing");
    ones.erase(ones.begin()); // the resolution
    compareText(refused(ones),
        "accuracy predictor: these inputs are no encoded subnet: found inputs that contradict each other or are "
        "missing");
}

void TestEncoding::errorsNameWhatIsAllowed()
{
    const auto mbv3 = builtInSpace("ofa-mbv3-w1.2"), resnet = builtInSpace("ofa-resnet50");
    compareText(messageOf([&] { Encoding::tutorial(builtInSpace("ofa-proxyless-w1.3"), "p.pth"); }),
        "p.pth: the tutorial's encoding does not fit the space: found ofa-proxyless-w1.3; allowed 5 stages of 4 blocks "
        "with kernels 3, 5, 7 "
        "and expansions 3, 4, 6");
    compareText(messageOf([&] { Encoding(EncodingKind::OfaNas, resnet, {128}, "p.pth"); }),
        "p.pth: the encoding ofa-nas does not fit the space: found ofa-resnet50 (resnet); allowed ofa-nas-resnet");
    compareText(messageOf([&] { Encoding(EncodingKind::OfaNasResNet, mbv3, {128}, "p.pth"); }),
        "p.pth: the encoding ofa-nas-resnet does not fit the space: found ofa-mbv3-w1.2 (mobilenetv3); allowed "
        "ofa-nas, tutorial-128");
    compareText(messageOf([&] {
        Encoding(EncodingKind::OfaNas, mbv3, {128, 160, 128}, "p.pth");
    }),
        "p.pth: a resolution of the predictor stands twice: found 128, 160, 128; allowed distinct resolutions from 1 "
        "to 65535, in the order "
        "of the predictor's training");
    compareText(messageOf([&] { Encoding(EncodingKind::OfaNas, mbv3, {0}, "p.pth"); }),
        "p.pth: a resolution of the predictor is out of range: found 0; allowed distinct resolutions from 1 to 65535, "
        "in the order of the "
        "predictor's training");
    compareText(messageOf([&] { Encoding(EncodingKind::OfaNas, mbv3, {}, "p.pth"); }),
        "p.pth: a predictor needs at least one resolution");
    const Encoding encoding(EncodingKind::OfaNas, mbv3, {160, 128}, "p.pth");
    auto s = mbv3.largest();
    s.resolution = 132;
    compareText(messageOf([&] { static_cast<void>(encoding.ones(s)); }),
        "accuracy predictor: the predictor does not know this resolution: found 132; allowed 160, 128");
    compareText(messageOf([&] { encodingKindFromName("one-hot", "p"); }),
        "p: unknown predictor encoding: found \"one-hot\"; allowed tutorial-128, ofa-nas, ofa-nas-resnet");
}

QTEST_APPLESS_MAIN(TestEncoding)
#include "tst_encoding.moc"

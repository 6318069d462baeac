// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frozen graphs compute what the nets they were made of compute, before and after a file; and runs to be timed.
#include "fixturenets.h"

#include "base/file.h"
#include "checkpoint/supernetweights.h"
#include "engine/measure.h"
#include "space/sampling.h"

using namespace paretoscope;
using testing::compareText;
using testing::engine;
using testing::fixtureInput;
using testing::fixtureSpace;
using testing::fixtureWeights;
using testing::messageOf;

namespace {

struct Net {
    explicit Net(const SearchSpace& space)
        : parts(std::make_shared<const Parts>(space))
        , supernet(engine().supernet(parts, fixtureWeights(space), NetPrecision::Float32))
    {
    }
    std::shared_ptr<const Parts> parts;
    std::unique_ptr<Supernet> supernet;
};

void eachNet()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

} // namespace

class TestFrozen : public QObject {
    Q_OBJECT
private slots:
    void computesTheNet_data() { eachNet(); }
    void computesTheNet();
    void staticNetsLoadIntoTheSupernet_data() { eachNet(); }
    void staticNetsLoadIntoTheSupernet();
    void laterChangesDoNotReachIt();
    void constantsThatLookWhole();
    void everyBlockRuns_data() { eachNet(); }
    void everyBlockRuns();
    void latency();
    void errors();
};

void TestFrozen::computesTheNet()
{
    QFETCH(QString, net);
    const Net n(fixtureSpace(net.toStdString()));
    QTemporaryDir dir;
    const auto file = dir.filePath("subnet.ts.pt").toStdString();
    const auto& space = n.parts->space();
    Random random(3);
    for (const auto& s : {space.largest(), space.smallest(), uniformSubnet(space, random), uniformSubnet(space, random)}) {
        const auto cut = n.supernet->extract(s);
        const auto frozen = cut->freeze();
        frozen->save(file);
        const auto opened = engine().openFrozen(file);
        for (const auto& [batch, size] : {std::pair{1, 33}, {3, 64}, {2, 48}}) { // the graph is for any batch and size
            const auto images = fixtureInput("frozen", {batch, 3, size, size});
            const auto expected = cut->forward(images).toDoubles();
            QVERIFY_CLOSE(frozen->forward(images).toDoubles(), expected, 2e-5);
            QVERIFY(opened->forward(images).contiguousBytes() == frozen->forward(images).contiguousBytes());
        }
    }
}

void TestFrozen::staticNetsLoadIntoTheSupernet()
{
    QFETCH(QString, net);
    const Net n(fixtureSpace(net.toStdString()));
    const auto& space = n.parts->space();
    std::vector<std::string> filled;
    const auto weights = fitToSupernet(n.supernet->extract(space.largest())->weights(), space, "largest", &filled);
    const auto reloaded = engine().supernet(n.parts, weights, NetPrecision::Float32);
    const auto images = fixtureInput("input:48", {1, 3, 48, 48});
    QVERIFY(reloaded->forward(space.largest(), images).contiguousBytes() == n.supernet->forward(space.largest(), images).contiguousBytes());
    if (space.isResNet()) {
        QVERIFY(filled.empty());
        return;
    }
    // Its kernel transforms are the identity now, so small kernels are plain crops. The net that notices least is
    // tiny_mbv3_b, with logits up to 0.1 of which transforms move 8e-4.
    QVERIFY(!filled.empty());
    QVERIFY(testing::largestDifference(reloaded->forward(space.smallest(), images).toDoubles(), n.supernet->forward(space.smallest(), images).toDoubles()) > 1e-4);
}

void TestFrozen::laterChangesDoNotReachIt()
{
    const Net n(fixtureSpace("tiny_mbv3_b"));
    const auto cut = n.supernet->extract(n.parts->space().largest());
    const auto images = fixtureInput("input:40", {1, 3, 40, 40});
    const auto frozen = cut->freeze();
    const auto before = frozen->forward(images).toDoubles();
    bool given = false;
    cut->recalibrate([&]() -> std::optional<Tensor> { return std::exchange(given, true) ? std::nullopt : std::optional(fixtureInput("others", {4, 3, 40, 40})); });
    QVERIFY(testing::largestDifference(cut->forward(images).toDoubles(), before) > 1e-2);
    QVERIFY_CLOSE(frozen->forward(images).toDoubles(), before, 0.0);
    QVERIFY_CLOSE(cut->freeze()->forward(images).toDoubles(), cut->forward(images).toDoubles(), 1e-4);
}

// TorchScript takes "1" for a whole number.
void TestFrozen::constantsThatLookWhole()
{
    auto space = fixtureSpace("tiny_mbv3_b");
    space.bnMomentum = 1;
    space.bnEps = 1;
    const Net n(space);
    const auto cut = n.supernet->extract(space.smallest());
    const auto images = fixtureInput("input:40", {1, 3, 40, 40});
    QVERIFY_CLOSE(cut->freeze()->forward(images).toDoubles(), cut->forward(images).toDoubles(), 1e-5);
}

void TestFrozen::everyBlockRuns()
{
    QFETCH(QString, net);
    const Parts parts(fixtureSpace(net.toStdString()));
    const auto sizes = parts.mapSizes(64);
    for (std::size_t p = 0; p < parts.size(); ++p) {
        const auto run = engine().timedBlock(parts.block(p, parts.list()[p].variants - 1), sizes[p], 2);
        QVERIFY(run->runMs() > 0);
    }
    QVERIFY(engine().timedNothing()->runMs() >= 0);
}

void TestFrozen::latency()
{
    const Net n(fixtureSpace("tiny_mbv3_b"));
    const auto& space = n.parts->space();
    MeasureOptions options;
    options.warmUpS = 0.01;
    options.seconds = 0.02;
    int steps = 0;
    options.onStep = [&](const std::string&, double share) { return ++steps > 0 && share >= 0 && share <= 1; };
    const auto m = measureLatency(*n.supernet->extract(space.largest())->freeze()->timed(1, 64), options);
    QVERIFY(m.repeats >= 30 && m.warmUps >= 3 && steps >= m.repeats);
    QVERIFY(m.fastestMs <= m.p5Ms && m.p5Ms <= m.q1Ms && m.q1Ms <= m.medianMs && m.medianMs <= m.q3Ms && m.q3Ms <= m.p95Ms);
    QVERIFY(m.fastestMs > 0);
    options.onStep = [](const std::string& step, double) { return step != "measuring"; };
    QVERIFY_THROWS_EXCEPTION(Cancelled, measureLatency(*n.supernet->extract(space.smallest())->freeze()->timed(1, 64), options));
}

void TestFrozen::errors()
{
    const Net n(fixtureSpace("tiny_mbv3_b"));
    const auto& space = n.parts->space();
    const auto frozen = n.supernet->extract(space.smallest())->freeze();
    compareText(messageOf([&] { frozen->forward(fixtureInput("x", {1, 1, 32, 32})); }), "images: do not fit the frozen net: found float32 [1, 1, 32, 32]; allowed float32 [N, 3, height, width]");
    compareText(messageOf([&] { frozen->forward(Tensor::fromFloats({0, 3, 32, 32}, {})); }), "images: do not fit the frozen net: found float32 [0, 3, 32, 32]; allowed float32 [N, 3, height, width]");
    const auto twice = engine().supernet(n.parts, fixtureWeights(space), NetPrecision::Float64);
    compareText(messageOf([&] { twice->extract(space.smallest())->freeze(); }), "frozen net: only float32 nets are frozen: found Double; allowed float32");
    QTemporaryDir dir;
    const auto file = dir.filePath("bad.ts.pt").toStdString();
    writeFileAtomically(file, "no zip");
    const auto message = messageOf([&] { engine().openFrozen(file); });
    QVERIFY2(testing::contains(message, "bad.ts.pt: LibTorch failed: found \""), message.c_str());
    QCOMPARE(std::count(message.begin(), message.end(), '\n'), 0);
    const auto other = n.supernet->extract(space.smallest())->weights();
    auto wrong = space.smallest();
    wrong.op[0] = 99;
    QVERIFY(testing::contains(messageOf([&] { engine().staticNet(n.parts, wrong, other, NetPrecision::Float32); }), "subnet: "));
}

QTEST_GUILESS_MAIN(TestFrozen)
#include "tst_frozen.moc"

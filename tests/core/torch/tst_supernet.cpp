// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The supernet against the reference implementation: logits, extraction, recalibration, channel sorting.
#include "fixturenets.h"

#include "base/json.h"
#include "checkpoint/pytorch.h"
#include "space/sampling.h"

using namespace paretoscope;
using testing::compareText;
using testing::doublesOf;
using testing::engine;
using testing::fixtureInput;
using testing::fixtureSpace;
using testing::fixtureSubnet;
using testing::fixtureWeights;
using testing::messageOf;

namespace {

Json fixture(const std::string& name) { return readJsonFile(testing::referenceDir() / "fixtures/ofa" / name); }

struct Net {
    explicit Net(const std::string& name, NetPrecision precision = NetPrecision::Float32)
        : parts(std::make_shared<const Parts>(fixtureSpace(name)))
        , supernet(engine().supernet(parts, fixtureWeights(parts->space()), precision))
    {
    }
    std::shared_ptr<const Parts> parts;
    std::unique_ptr<Supernet> supernet;
};

std::vector<double> forward(const Supernet& net, const Subnet& subnet, const Tensor& images) { return net.forward(subnet, images).toDoubles(); }

void eachNet()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

Tensor floats(const Shape& shape, float value)
{
    std::int64_t n = 1;
    for (const auto d : shape)
        n *= d;
    return Tensor::fromFloats(shape, std::vector<float>(static_cast<std::size_t>(n), value));
}

} // namespace

class TestSupernet : public QObject {
    Q_OBJECT
private slots:
    void logits_data();
    void logits();
    void extractionIsBitEqual_data() { eachNet(); }
    void extractionIsBitEqual();
    void extractedTensors_data() { eachNet(); }
    void extractedTensors();
    void recalibration_data();
    void recalibration();
    void channelSorting_data();
    void channelSorting();
    void batchesAreIndependent();
    void weightsComeBack();
    void errors();
};

void TestSupernet::logits_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet", "mbv3_w1.2"})
        QTest::newRow(net) << net;
}

void TestSupernet::logits()
{
    QFETCH(QString, net);
    const auto name = net.toStdString();
    NEED_REFERENCE("fixtures/ofa/" + name + "_cases.json");
    const Net single(name), twice(name, NetPrecision::Float64);
    const double tolerance = name == "tiny_resnet" ? 5e-5 : 1e-5;
    const auto cases = fixture(name + "_cases.json");
    for (const auto& c : cases["cases"]) {
        const auto subnet = fixtureSubnet(single.parts->space(), c);
        const int r = c["image_size"];
        const auto images = fixtureInput(c["input_key"], {1, 3, r, r});
        const auto expected = doublesOf(c["logits_f64"]);
        QVERIFY_CLOSE(forward(*single.supernet, subnet, images), expected, tolerance);
        QVERIFY_CLOSE(forward(*twice.supernet, subnet, images), expected, 1e-10);
    }
    QVERIFY(cases["cases"].size() >= 8);
}

void TestSupernet::extractionIsBitEqual()
{
    QFETCH(QString, net);
    const Net n(net.toStdString());
    const auto& space = n.parts->space();
    Random random(7);
    std::vector<Subnet> subnets{space.largest(), space.smallest()};
    for (int i = 0; i < 12; ++i)
        subnets.push_back(uniformSubnet(space, random));
    for (const auto& s : subnets)
        for (const int r : {33, 64}) {
            const auto images = fixtureInput("bits", {2, 3, r, r});
            const auto extracted = n.supernet->extract(s);
            QVERIFY(extracted->subnet() == s);
            const auto a = n.supernet->forward(s, images), b = extracted->forward(images);
            QVERIFY(a.contiguousBytes() == b.contiguousBytes());
        }
}

void TestSupernet::extractedTensors()
{
    QFETCH(QString, net);
    const auto name = net.toStdString();
    NEED_REFERENCE("fixtures/ofa/" + name + "_case2_subnet_tensors.json");
    const Net n(name);
    const auto subnet = fixtureSubnet(n.parts->space(), fixture(name + "_cases.json")["cases"][2]);
    const auto weights = n.supernet->extract(subnet)->weights();
    const auto expected = fixture(name + "_case2_subnet_tensors.json");
    QCOMPARE(weights.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, tensor] = weights.tensors()[i];
        compareText(key, expected[i][0]);
        compareText(toString(tensor.shape()), toString(expected[i][1].get<Shape>()));
        if (tensor.dtype() == DType::I64)
            continue;
        double sum = 0, absolute = 0;
        for (const double v : tensor.toDoubles()) {
            sum += v;
            absolute += std::abs(v);
        }
        QVERIFY2(std::abs(sum - expected[i][2].get<double>()) < 1e-4 * std::max(1.0, absolute), key.c_str());
        QVERIFY2(std::abs(absolute - expected[i][3].get<double>()) < 1e-5 * std::max(1.0, absolute), key.c_str());
    }
    // The file that the reference wrote of the same subnet holds the same net.
    NEED_REFERENCE("fixtures/ofa/" + name + "_case2_init");
    const auto file = readPyTorch(testing::referenceDir() / "fixtures/ofa" / (name + "_case2_init"));
    const auto loaded = engine().staticNet(n.parts, subnet, file.weights, NetPrecision::Float32);
    const auto images = fixtureInput("input:64", {1, 3, 64, 64});
    QVERIFY_CLOSE(loaded->forward(images).toDoubles(), forward(*n.supernet, subnet, images), 1e-6);
}

void TestSupernet::recalibration_data()
{
    QTest::addColumn<QString>("net");
    QTest::addColumn<bool>("extracted");
    for (const char* net : {"tiny_mbv3", "tiny_proxyless", "tiny_resnet"}) {
        QTest::newRow((std::string(net) + " supernet").c_str()) << net << false;
        QTest::newRow((std::string(net) + " extracted").c_str()) << net << true;
    }
}

void TestSupernet::recalibration()
{
    QFETCH(QString, net);
    QFETCH(bool, extracted);
    const auto name = net.toStdString();
    NEED_REFERENCE("fixtures/ofa/bn_recal_" + name + ".json");
    const auto trace = fixture("bn_recal_" + name + ".json");
    for (const auto& r : trace["results"]) {
        const Net n(name, NetPrecision::Float64);
        const auto subnet = fixtureSubnet(n.parts->space(), r);
        const int size = r["image_size"];
        const auto images = fixtureInput(r["eval_input"], {1, 3, size, size});
        QVERIFY_CLOSE(forward(*n.supernet, subnet, images), doublesOf(r["logits_before"]), 1e-10);
        std::size_t batch = 0;
        const NextImages next = [&]() -> std::optional<Tensor> {
            if (batch == r["batches"].size())
                return std::nullopt;
            const auto& b = r["batches"][batch++];
            return fixtureInput(b[0], {b[1].get<std::int64_t>(), 3, size, size});
        };
        if (extracted) {
            const auto cut = n.supernet->extract(subnet);
            cut->recalibrate(next);
            QVERIFY_CLOSE(cut->forward(images).toDoubles(), doublesOf(r["logits_after_supernet"]), 1e-6);
            QVERIFY_CLOSE(forward(*n.supernet, subnet, images), doublesOf(r["logits_before"]), 1e-10); // untouched
            continue;
        }
        const auto before = n.supernet->weights();
        std::vector<std::pair<std::string, std::vector<double>>> old;
        for (const auto& [key, tensor] : before.tensors())
            if (key.ends_with("running_mean") || key.ends_with("running_var"))
                old.emplace_back(key, tensor.toDoubles());
        n.supernet->recalibrate(subnet, next);
        QVERIFY_CLOSE(forward(*n.supernet, subnet, images), doublesOf(r["logits_after_supernet"]), 1e-10);
        const auto after = n.supernet->weights();
        const auto& changed = r["changed_stats_key__nchanged_sum_first_lastchanged"];
        std::size_t seen = 0;
        for (const auto& [key, was] : old) {
            const auto now = after.find(key)->toDoubles();
            if (!changed.contains(key)) {
                QVERIFY2(now == was, key.c_str());
                continue;
            }
            ++seen;
            const auto& e = changed[key];
            const auto count = e[0].get<std::size_t>();
            double sum = 0;
            for (const double v : now)
                sum += v;
            QVERIFY2(std::abs(sum - e[1].get<double>()) < 1e-8 * std::max(1.0, std::abs(sum)), key.c_str());
            QVERIFY2(std::abs(now[0] - e[2].get<double>()) < 1e-9 && std::abs(now[count - 1] - e[3].get<double>()) < 1e-9, key.c_str());
            QVERIFY2(std::equal(now.begin() + static_cast<std::ptrdiff_t>(count), now.end(), was.begin() + static_cast<std::ptrdiff_t>(count)), key.c_str());
        }
        QCOMPARE(seen, changed.size());
    }
}

void TestSupernet::channelSorting_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < 8; ++i)
        QTest::addRow("%d", i) << i;
}

void TestSupernet::channelSorting()
{
    QFETCH(int, index);
    NEED_REFERENCE("fixtures/ofa/channel_resort.json");
    const auto r = fixture("channel_resort.json")["results"][static_cast<std::size_t>(index)];
    const Net n(r["net"], NetPrecision::Float64);
    const auto& space = n.parts->space();
    const auto images = fixtureInput("input:64", {1, 3, 64, 64});
    const auto compare = [&](const char* when) {
        QVERIFY_CLOSE(forward(*n.supernet, space.largest(), images), doublesOf(r[when]["max"]), 1e-10);
        QVERIFY_CLOSE(forward(*n.supernet, space.smallest(), images), doublesOf(r[when]["min"]), 1e-10);
    };
    compare("before");
    const auto key = r["perm_example_key"].get<std::string>();
    const auto old = Tensor::fromDoubles(n.supernet->weights().find(key)->shape(), n.supernet->weights().find(key)->toDoubles());
    n.supernet->sortChannels(r["expand_ratio_stage"]);
    compare("after");
    // Channel i of the result is the old one that the reference names.
    const auto order = r["perm_new_to_old"].get<std::vector<std::size_t>>();
    const auto was = old.toDoubles(), now = n.supernet->weights().find(key)->toDoubles();
    const auto& shape = old.shape();
    const auto inner = static_cast<std::size_t>(shape[2] * shape[3]), channels = static_cast<std::size_t>(shape[1]);
    for (std::size_t o = 0; o < static_cast<std::size_t>(shape[0]); ++o)
        for (std::size_t i = 0; i < channels; ++i)
            QCOMPARE(now[(o * channels + i) * inner], was[(o * channels + order[i]) * inner]);
}

void TestSupernet::batchesAreIndependent()
{
    const Net n("tiny_mbv3_b");
    const auto s = n.parts->space().largest();
    const auto both = fixtureInput("pair", {2, 3, 40, 40});
    const auto values = both.toFloats();
    const auto half = static_cast<std::ptrdiff_t>(values.size() / 2);
    const auto first = Tensor::fromFloats({1, 3, 40, 40}, {values.begin(), values.begin() + half});
    const auto second = Tensor::fromFloats({1, 3, 40, 40}, {values.begin() + half, values.end()});
    auto expected = forward(*n.supernet, s, first);
    for (const double v : forward(*n.supernet, s, second))
        expected.push_back(v);
    QVERIFY_CLOSE(forward(*n.supernet, s, both), expected, 1e-5);
}

void TestSupernet::weightsComeBack()
{
    const auto space = fixtureSpace("tiny_mbv3_b");
    const auto given = fixtureWeights(space);
    const auto net = engine().supernet(std::make_shared<const Parts>(space), given, NetPrecision::Float32);
    const auto back = net->weights();
    QCOMPARE(back.size(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        compareText(back.tensors()[i].name, given.tensors()[i].name);
        QVERIFY(back.tensors()[i].tensor.contiguousBytes() == given.tensors()[i].tensor.contiguousBytes());
    }
    const auto a = engine().initialWeights(Parts(space), 3), b = engine().initialWeights(Parts(space), 3), c = engine().initialWeights(Parts(space), 4);
    QCOMPARE(a.size(), given.size());
    bool other = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        QVERIFY(a.tensors()[i].tensor.contiguousBytes() == b.tensors()[i].tensor.contiguousBytes());
        other = other || a.tensors()[i].tensor.contiguousBytes() != c.tensors()[i].tensor.contiguousBytes();
    }
    QVERIFY(other);
}

void TestSupernet::errors()
{
    const Net n("tiny_mbv3_b");
    const auto& space = n.parts->space();
    const auto run = [&](const Subnet& s, const Tensor& t) { return messageOf([&] { n.supernet->forward(s, t); }); };
    compareText(run(space.largest(), floats({1, 1, 32, 32}, 0)),
        "images: do not fit the nets of tiny_mbv3_b: found float32 [1, 1, 32, 32]; allowed float32 or float64 [N, 3, height, width]");
    compareText(run(space.largest(), floats({3, 32, 32}, 0)),
        "images: do not fit the nets of tiny_mbv3_b: found float32 [3, 32, 32]; allowed float32 or float64 [N, 3, height, width]");
    compareText(run(space.largest(), floats({0, 3, 32, 32}, 0)),
        "images: do not fit the nets of tiny_mbv3_b: found float32 [0, 3, 32, 32]; allowed float32 or float64 [N, 3, height, width]");
    auto wrong = space.largest();
    wrong.op[0] = 200;
    QVERIFY2(testing::contains(run(wrong, floats({1, 3, 32, 32}, 0)), "subnet: "), run(wrong, floats({1, 3, 32, 32}, 0)).c_str());
    compareText(messageOf([&] { n.supernet->recalibrate(space.largest(), [] { return std::optional<Tensor>(); }); }),
        "recalibration: there is no image to recalibrate on: allowed at least one batch");
    compareText(messageOf([&] { n.supernet->sortChannels(2); }), "channel sorting: no such stage of elastic expansion: found 2; allowed 0 to 1");
    compareText(messageOf([&] { engine().staticNet(n.parts, space.largest(), n.supernet->extract(space.smallest())->weights(), NetPrecision::Float32); }).substr(0, 65),
        "subnet of tiny_mbv3_b: the weights are not those of the net: foun");
    compareText(messageOf([] { openEngine({1, "tpu"}); }), "device: unknown: found \"tpu\"; allowed auto, cpu, cuda");
}

QTEST_GUILESS_MAIN(TestSupernet)
#include "tst_supernet.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "predict/mlp.h"
#include "base/rankstats.h"

#include <bit>
#include <limits>
#include <thread>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestMlp : public QObject {
    Q_OBJECT
private slots:
    void formulaFixtures_data();
    void formulaFixtures();
    void realCheckpoint();
    void sameBitsInAnyBatch();
    void oddShapesAndDepths();
    void bfloat16StaysWithinItsBounds();
    void threadsShareAPredictor();
    void badWeightsAreNamedAtOnce();
    void shapesMustChain();
    void encodingMustFit();
};

namespace {

bool isExact(MlpBackend backend) { return backend != MlpBackend::Avx512Bf16; }

std::vector<float> predictAll(const MlpPredictor& mlp, const std::vector<Subnet>& subnets)
{
    MlpPredictor::Workspace workspace;
    std::vector<float> out(subnets.size());
    mlp.predict(subnets, out, workspace);
    return out;
}

} // namespace

void TestMlp::formulaFixtures_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < testing::fixtureGroups().size(); ++i)
        QTest::newRow(testing::fixtureGroups()[i].key) << static_cast<int>(i);
}

void TestMlp::formulaFixtures()
{
    NEED_REFERENCE("fixtures/ofa/predictor_and_latency.json");
    QFETCH(int, index);
    const auto& group = testing::fixtureGroups()[static_cast<std::size_t>(index)];
    const auto space = builtInSpace(group.space);
    const auto encoding = testing::fixtureEncoding(group);
    const MlpPredictor mlp(testing::formulaTensors(testing::layoutOf(group), encoding.inputs()), encoding, "formula");
    for (const auto& c : testing::predictorFixtures()[group.key]["cases"]) {
        const auto subnet = testing::fixtureSubnet(c, space);
        const double expected = c["pred_formula_weights_f64"].get<double>();
        QVERIFY2(std::abs(mlp.predictDouble(subnet) - expected) < 1e-12,
            qPrintable(QString::number(mlp.predictDouble(subnet) - expected)));
        for (const auto backend : availableBackends()) {
            const double error = mlp.withBackend(backend)->predict(subnet) - expected;
            QVERIFY2(std::abs(error) < (isExact(backend) ? 1e-6 : 5e-3), qPrintable(QString::number(error)));
        }
    }
}

void TestMlp::realCheckpoint()
{
    NEED_REFERENCE("fixtures/ofa/predictor_and_latency.json");
    NEED_REFERENCE(testing::kRealPredictor);
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto predictor = openPredictor(testing::referenceDir() / testing::kRealPredictor, space);
    QVERIFY(predictor.mlp());
    for (const auto& c : testing::predictorFixtures()["tutorial_128"]["cases"]) {
        const auto subnet = testing::fixtureSubnet(c, space);
        const double expected = c["pred_real_checkpoint_f64"].get<double>();
        QVERIFY(std::abs(predictor.mlp()->predictDouble(subnet) - expected) < 1e-12);
        for (const auto backend : availableBackends())
            if (isExact(backend))
                QVERIFY(std::abs(predictor.mlp()->withBackend(backend)->predict(subnet) - expected) < 1e-6);
    }
}

void TestMlp::sameBitsInAnyBatch()
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto encoding = Encoding::tutorial(space, "t");
    const MlpPredictor mlp(testing::formulaTensors(MlpLayout::Sequential, 128), encoding, "formula");
    const auto subnets = testing::randomSubnets(space, 500, 3, tutorialResolutions());
    std::vector<float> portable;
    for (const auto backend : availableBackends()) {
        const auto p = mlp.withBackend(backend);
        QCOMPARE(p->backend(), backend);
        const auto all = predictAll(*p, subnets);
        for (std::size_t i = 0; i < subnets.size(); i += 7)
            QCOMPARE(std::bit_cast<std::uint32_t>(p->predict(subnets[i])), std::bit_cast<std::uint32_t>(all[i]));
        MlpPredictor::Workspace workspace;
        for (const std::size_t size : {2u, 3u, 4u, 5u, 6u, 7u, 11u, 119u, 120u, 121u, 241u}) {
            std::vector<float> out(size);
            const std::size_t begin = size % 13;
            p->predict(std::span(subnets).subspan(begin, size), out, workspace);
            for (std::size_t i = 0; i < size; ++i)
                QCOMPARE(std::bit_cast<std::uint32_t>(out[i]), std::bit_cast<std::uint32_t>(all[begin + i]));
        }
        if (backend == MlpBackend::Portable)
            portable = all;
        for (std::size_t i = 0; i < all.size() && isExact(backend); ++i)
            QVERIFY(std::abs(all[i] - portable[i]) < 1e-6f);
    }
    MlpPredictor::Workspace workspace;
    mlp.predict({}, {}, workspace); // an empty batch is fine
}

void TestMlp::oddShapesAndDepths()
{
    // Widths around the registers' sizes, one to five hidden layers, with and without the last bias.
    const auto space = builtInSpace("ofa-resnet50");
    const Encoding encoding(EncodingKind::OfaNasResNet, space, {224, 128}, "t");
    const auto subnets = testing::randomSubnets(space, 23, 9, {128, 224});
    Random random(4);
    for (const std::vector<int>& hidden :
        {std::vector<int>{1}, {7}, {16, 3}, {17, 33, 95}, {100, 81, 161, 5}, {80, 80, 64, 400, 31}}) {
        MlpWeights weights;
        int inputs = encoding.inputs();
        auto widths = hidden;
        widths.push_back(1);
        for (const int width : widths) {
            LinearWeights l{inputs, width, {}, {}};
            for (int i = 0; i < inputs * width; ++i)
                l.weight.push_back(static_cast<float>((2 * random.uniform() - 1) * std::sqrt(3.0 / inputs)));
            for (int i = 0; i < width && (width > 1 || hidden.size() % 2); ++i)
                l.bias.push_back(static_cast<float>(0.1 * random.uniform()));
            weights.layers.push_back(l);
            inputs = width;
        }
        if (hidden.size() % 2 == 0)
            weights.baseAccuracy = 0.5f;
        const MlpPredictor mlp(weights, encoding);
        for (const auto backend : availableBackends()) {
            const auto p = mlp.withBackend(backend);
            const auto out = predictAll(*p, subnets);
            for (std::size_t i = 0; i < subnets.size(); ++i)
                QVERIFY2(std::abs(out[i] - mlp.predictDouble(subnets[i])) < (isExact(backend) ? 2e-6 : 2e-2),
                    qPrintable(
                        QString("%1 layers, %2").arg(hidden.size()).arg(out[i] - mlp.predictDouble(subnets[i]))));
        }
    }
}

void TestMlp::bfloat16StaysWithinItsBounds()
{
    NEED_REFERENCE(testing::kRealPredictor);
    if (!isAvailable(MlpBackend::Avx512Bf16))
        QSKIP("this processor has no AVX512_BF16");
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto exact = openPredictor(testing::referenceDir() / testing::kRealPredictor, space).sharedMlp();
    const auto fast = exact->withPrecision(Precision::Fast);
    QCOMPARE(fast->backend(), MlpBackend::Avx512Bf16);
    QVERIFY(exact->backend() != MlpBackend::Avx512Bf16);
    const auto subnets = testing::randomSubnets(space, 20000, 11, {160, 176, 192, 208, 224});
    const auto a = predictAll(*exact, subnets), b = predictAll(*fast, subnets);
    std::vector<double> exactPercent, fastPercent;
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        exactPercent.push_back(100.0 * a[i]);
        fastPercent.push_back(100.0 * b[i]);
        worst = std::max(worst, std::abs(exactPercent[i] - fastPercent[i]));
    }
    const double rms = rootMeanSquareError(exactPercent, fastPercent), tau = kendallTau(exactPercent, fastPercent);
    qInfo("bfloat16 on 20,000 subnets: at most %.5f, rms %.5f percentage points; Kendall tau %.6f", worst, rms, tau);
    QVERIFY(worst < 0.03);
    QVERIFY(rms < 0.006);
    QVERIFY(tau > 0.99);
}

void TestMlp::threadsShareAPredictor()
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const MlpPredictor mlp(
        testing::formulaTensors(MlpLayout::Sequential, 128), Encoding::tutorial(space, "t"), "formula");
    const auto subnets = testing::randomSubnets(space, 300, 3, tutorialResolutions());
    const auto expected = predictAll(mlp, subnets);
    std::vector<std::vector<float>> found(4);
    {
        std::vector<std::jthread> threads;
        for (auto& out : found)
            threads.emplace_back([&] { out = predictAll(mlp, subnets); });
    }
    for (const auto& out : found)
        QVERIFY(out == expected);
}

void TestMlp::badWeightsAreNamedAtOnce()
{
    const auto read = [](const StateDict& tensors) { return messageOf([&] { readMlpWeights(tensors, "p.pth"); }); };
    const auto good = testing::formulaTensors(MlpLayout::OfaNas, 12, 4);
    compareText(read(good), "no error");
    auto nan = std::vector<float>(16, 0.0f);
    nan[5] = std::numeric_limits<float>::quiet_NaN();
    const std::string allowed =
        "; allowed layers.{i}.0.weight, layers.{i}.0.bias, last layers.{n}.weight, base_acc, all float32";
    compareText(read(testing::changed(good, {{"layers.1.0.weight", Tensor::fromFloats({4, 4}, nan)}})),
        "p.pth: not the weights of an accuracy predictor: found layers.1.0.weight holds NaN or infinite values"
            + allowed);
    nan[5] = std::numeric_limits<float>::infinity();
    compareText(read(testing::changed(good,
                    {{"layers.1.0.weight", Tensor::fromFloats({4, 4}, nan)},
                        {"layers.2.0.bias", Tensor::fromDoubles({4}, {0, 0, 0, 0})},
                        {"layers.2.0.weight", Tensor::fromFloats({4, 3}, std::vector<float>(12))},
                        {"classifier.weight", Tensor()}},
                    "layers.0.0.bias")),
        "p.pth: not the weights of an accuracy predictor: found layers.0.0.bias is missing, layers.1.0.weight holds "
        "NaN or infinite values, "
        "layers.2.0.weight has shape [4, 3] instead of [4, 4], layers.2.0.bias is float64 instead of float32, "
        "\"classifier.weight\" is "
        "unknown"
            + allowed);
    compareText(read(StateDict()),
        "p.pth: not the weights of an accuracy predictor: found 0.weight is missing, 0.bias is missing, 2.weight is "
        "missing, 2.bias is "
        "missing; allowed 0.weight, 0.bias, 2.weight, … (every second number), all float32");
    QVERIFY(!looksLikeMlp(StateDict()));
    QVERIFY(looksLikeMlp(good));
}

void TestMlp::shapesMustChain()
{
    const auto read = [](const StateDict& tensors) { return messageOf([&] { readMlpWeights(tensors, "p.pth"); }); };
    const auto good = testing::formulaTensors(MlpLayout::Sequential, 128, 4);
    const std::string tail = "; allowed 0.weight, 0.bias, 2.weight, … (every second number), all float32";
    compareText(read(testing::changed(good, {}, "6.bias")),
        "p.pth: not the weights of an accuracy predictor: found 6.bias is missing" + tail);
    compareText(read(testing::changed(good, {{"6.weight", Tensor::fromFloats({2, 4}, std::vector<float>(8))}})),
        "p.pth: not the weights of an accuracy predictor: found 6.weight has shape [2, 4] instead of [1, 4], 6.bias "
        "has shape [1] instead "
        "of [2]"
            + tail);
    compareText(read(testing::changed(good, {{"2.bias", Tensor::fromFloats({1, 4}, std::vector<float>(4))}})),
        "p.pth: not the weights of an accuracy predictor: found 2.bias has shape [1, 4] instead of [4]" + tail);
    // A last bias of the other layout is optional there.
    const auto nas = testing::formulaTensors(MlpLayout::OfaNas, 12, 4);
    const auto withBias =
        readMlpWeights(testing::changed(nas, {{"layers.3.bias", Tensor::fromFloats({1}, {0.25f})}}), "p");
    QCOMPARE(withBias.layers.back().bias, std::vector<float>{0.25f});
    QVERIFY(!readMlpWeights(testing::changed(nas, {}, "base_acc"), "p").baseAccuracy);
    // Names as torch.nn.DataParallel writes them.
    StateDict wrapped;
    for (const auto& t : nas.tensors())
        wrapped.add("module." + t.name, t.tensor);
    QVERIFY(readMlpWeights(wrapped, "p") == readMlpWeights(nas, "p"));
}

void TestMlp::encodingMustFit()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto tensors = testing::formulaTensors(MlpLayout::OfaNas, 124, 16);
    compareText(messageOf([&] {
        MlpPredictor(tensors, Encoding(EncodingKind::OfaNas, space, {128, 160}, "p"), "p.pth");
    }),
        "p.pth: the predictor's first layer does not fit the encoding: found 124 inputs; allowed 122 (ofa-nas, 2 "
        "resolutions)");
    const MlpPredictor mlp(tensors, Encoding(EncodingKind::OfaNas, space, {128, 160, 192, 224}, "p"), "p.pth");
    auto s = space.largest();
    s.resolution = 132;
    compareText(messageOf([&] { static_cast<void>(mlp.predict(s)); }),
        "accuracy predictor: the predictor does not know this resolution: found 132; allowed 128, 160, 192, 224");
    for (const auto backend : {MlpBackend::Avx2, MlpBackend::Avx512, MlpBackend::Avx512Bf16})
        if (!isAvailable(backend))
            QVERIFY(testing::contains(
                messageOf([&] { mlp.withBackend(backend); }), "this processor does not have these instructions"));
}

QTEST_APPLESS_MAIN(TestMlp)
#include "tst_mlp.moc"

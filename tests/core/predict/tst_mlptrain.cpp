// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "measuredfixtures.h"

#include "predict/mlptrain.h"
#include "base/rankstats.h"

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestMlpTrain : public QObject {
    Q_OBJECT
private slots:
    void linearPathIsExact_data();
    void linearPathIsExact();
    void membersStandSideBySide();
    void learnsWhatIsNotAdditive();
    void groupsDoNotBlur();
    void sameSeedSameBytes();
    void interpolatedLevelsStandOnTheCurve();
    void survivesBfloat16();
    void canBeStopped();
    void errorsAreNamed();
    void measuredNets();
};

namespace {

MlpTrainOptions quick()
{
    MlpTrainOptions o;
    o.members = 2;
    o.width = 8;
    o.epochs = 2;
    return o;
}

double rmsePercent(const MlpPredictor& p, const std::vector<Sample>& samples)
{
    std::vector<double> a, b;
    for (const auto& s : samples) {
        a.push_back(100 * p.predict(s.subnet));
        b.push_back(s.top1Percent);
    }
    return rootMeanSquareError(a, b);
}

} // namespace

void TestMlpTrain::linearPathIsExact_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("mobilenet") << "ofa-mbv3-w1.0";
    QTest::newRow("proxyless") << "ofa-proxyless-w1.3";
    QTest::newRow("resnet") << "ofa-resnet50";
}

void TestMlpTrain::linearPathIsExact()
{
    // An additive truth leaves the members nothing to learn but rounding, so the predictor is the truth.
    QFETCH(QString, id);
    const auto space = builtInSpace(id.toStdString());
    testing::Truth truth;
    truth.noise = 0;
    truth.interaction = 0;
    const auto samples = testing::madeUpSamples(space, 1200, {128, 160, 192}, truth);
    const auto mlp = trainMlp(space, samples, quick(), "t");
    const auto fresh = testing::madeUpSamples(space, 300, {128, 160, 192}, truth, 99);
    QVERIFY2(rmsePercent(*mlp, fresh) < 0.03, qPrintable(QString::number(rmsePercent(*mlp, fresh))));
    QVERIFY(mlp->encoding().kind() == (space.isResNet() ? EncodingKind::OfaNasResNet : EncodingKind::OfaNas));
    QCOMPARE(mlp->encoding().resolutions(), (std::vector<int>{128, 160, 192}));
}

void TestMlpTrain::membersStandSideBySide()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto mlp = trainMlp(space, testing::madeUpSamples(space, 300, {128, 160}), quick(), "t");
    const auto& layers = mlp->weights().layers;
    QCOMPARE(layers.size(), std::size_t(3));
    const int units = 2 * 8 + 6; // a unit a stage and one for the resolution
    QCOMPARE(layers[1].inputs, units);
    QCOMPARE(layers[1].outputs, units);
    const auto block = [](int unit) { return unit < 16 ? unit / 8 : unit - 14; };
    int inside = 0;
    for (int i = 0; i < units; ++i)
        for (int j = 0; j < units; ++j) {
            const float w = layers[1].weight[static_cast<std::size_t>(i * units + j)];
            if (block(i) != block(j))
                QCOMPARE(w, 0.0f);
            inside += block(i) == block(j) && w != 0;
            if (i >= 16 && i == j)
                QCOMPARE(w, 1.0f);
        }
    QCOMPARE(inside, 2 * 64 + 6);
    // What flows through the linear path is small and not negative for any subnet.
    for (const auto& s : testing::randomSubnets(space, 200, 3, {128, 160}))
        for (int unit = 16; unit < units; ++unit) {
            double sum = layers[0].bias[static_cast<std::size_t>(unit)];
            for (const int input : mlp->encoding().ones(s))
                sum += layers[0].weight[static_cast<std::size_t>(unit * layers[0].inputs + input)];
            QVERIFY2(sum > -1e-6 && sum < 0.15, qPrintable(QString::number(sum)));
        }
}

void TestMlpTrain::learnsWhatIsNotAdditive()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    testing::Truth truth;
    truth.interaction = 3;
    const auto samples = testing::madeUpSamples(space, 2500, {128, 160}, truth);
    const auto fresh = testing::madeUpSamples(space, 500, {128, 160}, truth, 99);
    MlpTrainOptions o;
    o.members = 3;
    auto untrained = o;
    untrained.epochs = 1;
    untrained.learningRate = 1e-9;
    const double before = rmsePercent(*trainMlp(space, samples, untrained, "t"), fresh), after = rmsePercent(*trainMlp(space, samples, o, "t"), fresh);
    QVERIFY2(after < 0.7 * before, qPrintable(QString("%1 of %2").arg(after).arg(before)));
}

void TestMlpTrain::groupsDoNotBlur()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    auto samples = testing::madeUpSamples(space, 1000, {128, 160});
    testing::shiftRuns(samples, {0.5, -0.5});
    const auto fresh = testing::madeUpSamples(space, 300, {128, 160}, {}, 99);
    const auto o = quick();
    const double known = rmsePercent(*trainMlp(space, samples, o, "t"), fresh);
    QVERIFY2(known < 0.2, qPrintable(QString::number(known)));
}

void TestMlpTrain::sameSeedSameBytes()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto samples = testing::madeUpSamples(space, 200, {128, 160});
    auto o = quick();
    const auto a = trainMlp(space, samples, o, "t");
    o.threads = 3;
    QVERIFY(a->weights() == trainMlp(space, samples, o, "t")->weights());
    o.seed = 2;
    QVERIFY(a->weights() != trainMlp(space, samples, o, "t")->weights());
}

void TestMlpTrain::interpolatedLevelsStandOnTheCurve()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto samples = testing::madeUpSamples(space, 600, {128, 160, 192, 224});
    auto o = quick();
    o.interpolate = {208, 144, 176};
    const auto mlp = trainMlp(space, samples, o, "t");
    QCOMPARE(mlp->encoding().resolutions(), (std::vector<int>{128, 144, 160, 176, 192, 208, 224}));
    std::map<int, double> mean;
    for (const auto& sample : samples)
        for (const int r : mlp->encoding().resolutions()) {
            auto s = sample.subnet;
            s.resolution = static_cast<std::uint16_t>(r);
            mean[r] += 100 * mlp->predict(s) / static_cast<double>(samples.size());
        }
    for (const int r : {144, 176, 208})
        QVERIFY2(std::abs(mean[r] - testing::madeUpLevel(r) - (mean[160] - testing::madeUpLevel(160))) < 0.05, qPrintable(QString("%1: %2").arg(r).arg(mean[r])));
    // The measured resolutions are what they are without.
    o.interpolate.clear();
    const auto without = trainMlp(space, samples, o, "t");
    for (const auto& s : samples)
        QVERIFY(std::abs(without->predict(s.subnet) - mlp->predict(s.subnet)) < 1e-6f);
}

void TestMlpTrain::survivesBfloat16()
{
    if (!isAvailable(MlpBackend::Avx512Bf16))
        QSKIP("this processor has no bfloat16");
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto mlp = trainMlp(space, testing::madeUpSamples(space, 500, {128, 160}), quick(), "t");
    const auto fast = mlp->withPrecision(Precision::Fast);
    double worst = 0;
    for (const auto& s : testing::randomSubnets(space, 500, 3, {128, 160}))
        worst = std::max(worst, 100.0 * std::abs(fast->predict(s) - mlp->predict(s)));
    QVERIFY2(worst < 0.05, qPrintable(QString::number(worst)));
}

void TestMlpTrain::canBeStopped()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto samples = testing::madeUpSamples(space, 200, {128, 160});
    auto o = quick();
    int calls = 0;
    double last = 0;
    QVERIFY(!trainMlp(space, samples, o, "t", [&](double) { return ++calls < 2; }));
    QCOMPARE(calls, 2);
    calls = 0;
    QVERIFY(trainMlp(space, samples, o, "t", [&](double share) {
        last = share;
        return ++calls > 0;
    }));
    QCOMPARE(calls, 4); // two members, two epochs
    QCOMPARE(last, 1.0);
}

void TestMlpTrain::errorsAreNamed()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto samples = testing::madeUpSamples(space, 30, {128, 160});
    const auto refused = [&](auto change) {
        auto o = quick();
        change(o);
        return messageOf([&] { trainMlp(space, samples, o, "s.csv"); });
    };
    compareText(refused([](auto& o) { o.members = 0; }), "s.csv: number of members out of range: found 0; allowed 1 to 64");
    compareText(refused([](auto& o) { o.batch = 0; }), "s.csv: batch size out of range: found 0; allowed 1 to 65536");
    compareText(refused([](auto& o) { o.learningRate = 0; }), "s.csv: learning rate out of range: found 0; allowed above 0, at most 1");
    compareText(refused([](auto& o) { o.weightDecay = -1; }), "s.csv: weight decay out of range: found -1; allowed 0 to 100");
    compareText(refused([](auto& o) { o.interpolate = {144}; }),
        "s.csv: too few measured resolutions to interpolate between: found 128, 160; allowed 3 or more");
}

void TestMlpTrain::measuredNets()
{
    NEED_REFERENCE(testing::kMeasured);
    // One of the five folds; the whole is in the shipped file. The bound is the row "+ 45 stage terms".
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto samples = testing::measuredSamples(space);
    const auto fold = foldsOf(samples.size(), 5, 1);
    std::vector<Sample> training, left;
    for (std::size_t i = 0; i < samples.size(); ++i)
        (fold[i] == 0 ? left : training).push_back(samples[i]);
    const auto mlp = trainMlp(space, training, {}, "measured");
    std::vector<double> predicted;
    for (const auto& s : left)
        predicted.push_back(100 * mlp->predict(s.subnet));
    const std::array tau{.707, .748, .753, .937}, rmse{.39, .29, .29, .14};
    const auto rows = heldOutRows(left, predicted);
    for (std::size_t r = 0; r < 4; ++r) {
        qInfo("%d: %d nets, tau %.3f, RMSE %.3f pp", rows[r].resolution, rows[r].nets, rows[r].kendallTau, rows[r].rmsePercent);
        QVERIFY(rows[r].kendallTau > tau[r] - 0.04); // 120 to 320 nets: tau's own error
        QVERIFY(rows[r].rmsePercent < rmse[r] + 0.02);
    }
}

QTEST_APPLESS_MAIN(TestMlpTrain)
#include "tst_mlptrain.moc"

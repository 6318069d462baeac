// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "predict/additive.h"
#include "base/rankstats.h"
#include "predict/samples.h"

#include <array>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestAdditive : public QObject {
    Q_OBJECT
private slots:
    void kendallAgreesWithBruteForce();
    void recoversAnAdditiveTruth_data();
    void recoversAnAdditiveTruth();
    void recoversStageTermsAndSlopes();
    void groupsShiftOffsetsOnly();
    void penaltyGrowsWithNoise();
    void partsAddUp();
    void measuredNets_data();
    void measuredNets();
    void measuredRuns();
    void sameSeedSameFit();
    void errorsAreNamed();
};

namespace {

/// tau-b from its definition.
double slowTau(const std::vector<double>& a, const std::vector<double>& b)
{
    double score = 0, untiedA = 0, untiedB = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double da = (a[i] > a[j]) - (a[i] < a[j]), db = (b[i] > b[j]) - (b[i] < b[j]);
            score += da * db;
            untiedA += da * da;
            untiedB += db * db;
        }
    return untiedA > 0 && untiedB > 0 ? score / std::sqrt(untiedA * untiedB) : 0;
}

/// Coefficients of about the size of real ones.
AdditiveCoefficients madeUp(const SearchSpace& space, std::vector<int> resolutions, bool stageTerms, bool slopes)
{
    Random random(17);
    AdditiveCoefficients c;
    c.resolutions = std::move(resolutions);
    for (std::size_t r = 0; r < c.resolutions.size(); ++r)
        c.offsets.push_back(static_cast<float>(0.68 + 0.02 * static_cast<double>(r)));
    c.stageTerms = stageTerms;
    const auto first = additiveColumns(space, false);
    for (std::size_t i = 0; i < additiveColumns(space, stageTerms); ++i) {
        c.effects.push_back(static_cast<float>(i < first ? 0.01 * random.uniform() : 1e-5 * random.uniform()));
        if (slopes)
            c.slopes.push_back(i < first && stageTerms ? 0.0f : static_cast<float>(1e-5 * random.uniform()));
    }
    c.centre = slopes ? 160.0f : 0.0f;
    return c;
}

std::vector<Sample> samplesOf(
    const AdditivePredictor& truth, const SearchSpace& space, std::size_t n, double noisePercent = 0)
{
    Random random(23);
    std::vector<Sample> samples;
    PythonRandom reference(5);
    for (std::size_t i = 0; i < n; ++i) {
        Sample s;
        s.subnet = referenceSubnet(space, reference, truth.resolutions()[random.below(truth.resolutions().size())]);
        double noise = -6;
        for (int k = 0; k < 12; ++k)
            noise += random.uniform();
        s.top1Percent = 100 * truth.predict(s.subnet) + noisePercent * noise;
        samples.push_back(s);
    }
    return samples;
}

AdditiveOptions plain()
{
    AdditiveOptions o;
    o.stageTerms = false;
    return o;
}

} // namespace

void TestAdditive::kendallAgreesWithBruteForce()
{
    Random random(2);
    for (const std::uint64_t values : {2u, 5u, 40u, 1000000u})
        for (std::size_t n = 0; n < 60; n += 3) {
            std::vector<double> a, b;
            for (std::size_t i = 0; i < n; ++i) {
                a.push_back(static_cast<double>(random.below(values)));
                b.push_back(a.back() / 2 + static_cast<double>(random.below(values)));
            }
            QVERIFY(std::abs(kendallTau(a, b) - slowTau(a, b)) < 1e-12);
        }
    const std::array<double, 4> up{1, 2, 3, 4}, down{4, 3, 2, 1}, same{1, 1, 1, 1};
    QCOMPARE(kendallTau(up, up), 1.0);
    QCOMPARE(kendallTau(up, down), -1.0);
    QCOMPARE(kendallTau(up, same), 0.0);
    QCOMPARE(rootMeanSquareError(up, down), std::sqrt(5.0));
    QCOMPARE(meanAbsoluteError(up, down), 2.0);
}

void TestAdditive::recoversAnAdditiveTruth_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("mobilenet") << "ofa-mbv3-w1.0";
    QTest::newRow("proxyless") << "ofa-proxyless-w1.3";
    QTest::newRow("resnet") << "ofa-resnet50";
}

void TestAdditive::recoversAnAdditiveTruth()
{
    QFETCH(QString, id);
    const auto space = builtInSpace(id.toStdString());
    if (!space.isResNet())
        QCOMPARE(additiveColumns(space, false), static_cast<std::size_t>(5 * space.slotCount()));
    const AdditivePredictor truth(madeUp(space, {128, 160, 192}, false, false), space, "t");
    const auto samples = samplesOf(truth, space, 1500);
    auto options = plain();
    options.penalties = {1e-9, 1e-3, 1};
    const auto fit = fitAdditive(space, samples, options, "t");
    QCOMPARE(fit.penalty, 1e-9);
    const AdditivePredictor found(fit.coefficients, space, "t");
    for (const auto& s : testing::randomSubnets(space, 200, 8, {128, 160, 192}))
        QVERIFY2(std::abs(found.predict(s) - truth.predict(s)) < 1e-6,
            qPrintable(QString::number(found.predict(s) - truth.predict(s))));
    // The held-out errors are those of predicting the truth.
    QVERIFY(fit.heldOut.back().rmsePercent < 1e-4);
    QVERIFY(fit.heldOut.back().kendallTau > 0.999);
    QCOMPARE(fit.heldOut.size(), std::size_t(4));
    QCOMPARE(fit.heldOut.back().nets, 1500);
}

void TestAdditive::recoversStageTermsAndSlopes()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    QCOMPARE(additiveColumns(space, true), std::size_t(145));
    const AdditivePredictor truth(madeUp(space, {128, 160, 192}, true, true), space, "t");
    const auto samples = samplesOf(truth, space, 3000);
    AdditiveOptions options;
    options.penalties = {1e-10};
    options.slopes = true;
    const auto fit = fitAdditive(space, samples, options, "t");
    const AdditivePredictor found(fit.coefficients, space, "t");
    for (const auto& s : testing::randomSubnets(space, 200, 8, {128, 160, 192}))
        QVERIFY2(std::abs(found.predict(s) - truth.predict(s)) < 2e-6,
            qPrintable(QString::number(found.predict(s) - truth.predict(s))));
    // Without stage terms the second-order truth is out of reach.
    QVERIFY(fitAdditive(space, samples, plain(), "t").heldOut.back().rmsePercent > 10 * fit.heldOut.back().rmsePercent);
}

void TestAdditive::groupsShiftOffsetsOnly()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const AdditivePredictor truth(madeUp(space, {128, 160}, false, false), space, "t");
    auto samples = samplesOf(truth, space, 1200);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i].group = i % 2 ? "run b" : "run a";
        samples[i].top1Percent += i % 2 ? 0.5 : -0.5;
    }
    auto options = plain();
    options.penalties = {1e-9};
    options.groupOffsets = true;
    const auto fit = fitAdditive(space, samples, options, "t");
    const AdditivePredictor found(fit.coefficients, space, "t");
    for (const auto& s : testing::randomSubnets(space, 100, 8, {128, 160}))
        QVERIFY(std::abs(found.predict(s) - truth.predict(s)) < 1e-6);
    QVERIFY(fit.heldOut.back().rmsePercent < 1e-4);
    QVERIFY(std::abs(fit.heldOutUnknownGroup.back().rmsePercent - 0.5) < 1e-3);
    options.groupOffsets = false;
    QVERIFY(fitAdditive(space, samples, options, "t").heldOut.back().rmsePercent > 0.49);
}

void TestAdditive::penaltyGrowsWithNoise()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const AdditivePredictor truth(madeUp(space, {128, 160}, false, false), space, "t");
    const auto quiet = fitAdditive(space, samplesOf(truth, space, 400, 0.01), plain(), "t");
    const auto noisy = fitAdditive(space, samplesOf(truth, space, 400, 3), plain(), "t");
    QVERIFY(quiet.penalty <= 1e-4);
    QVERIFY(noisy.penalty >= 3e-2);
    QCOMPARE(noisy.rmsePercentOfPenalty.size(), plain().penalties.size());
    QVERIFY(quiet.heldOut.back().rmsePercent < 0.02);
}

void TestAdditive::partsAddUp()
{
    for (const char* id : {"ofa-mbv3-w1.0", "ofa-resnet50"}) {
        const auto space = builtInSpace(id);
        const AdditivePredictor p(madeUp(space, {128, 224}, true, true), space, "t");
        for (const auto& s : testing::randomSubnets(space, 50, 8, {128, 224})) {
            const auto r = p.resolutionIndex(s.resolution);
            double sum = p.offset(r) + p.stemScore(r, space.stemResidual(s));
            for (int slot = 0; slot < space.slotCount(); ++slot)
                sum += p.score(r, slot, s.op[static_cast<std::size_t>(slot)]);
            for (int i = 0; i < static_cast<int>(space.stages.size()); ++i)
                sum += p.stageScore(r, i, s);
            for (int gene = 0; gene < space.widthGenes(); ++gene)
                sum += p.widthScore(r, gene, s.width[static_cast<std::size_t>(gene)]);
            QVERIFY(std::abs(sum - p.predict(s)) < 1e-12);
        }
        QCOMPARE(p.score(0, 3, 0), 0.0);
        QVERIFY(p.fits(space));
        QVERIFY(!p.fits(builtInSpace("ofa-proxyless-w1.3")));
    }
}

void TestAdditive::measuredNets_data()
{
    QTest::addColumn<bool>("stageTerms");
    QTest::addColumn<QList<double>>("tau");
    QTest::addColumn<QList<double>>("rmse");
    // What others measured on the same nets with 5 folds of their own.
    QTest::newRow("additive") << false << QList<double>{.704, .745, .750, .933} << QList<double>{.39, .30, .30, .19};
    QTest::newRow("with stage terms") << true << QList<double>{.707, .748, .753, .937}
                                      << QList<double>{.39, .29, .29, .14};
}

void TestAdditive::measuredNets()
{
    NEED_REFERENCE("real/measured/ofa_mbv3_w1.0_imagenet_top1.csv");
    QFETCH(bool, stageTerms);
    QFETCH(QList<double>, tau);
    QFETCH(QList<double>, rmse);
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const auto samples = readSamples(testing::referenceDir() / "real/measured/ofa_mbv3_w1.0_imagenet_top1.csv", space);
    QCOMPARE(samples.size(), std::size_t(3590));
    AdditiveOptions options;
    options.stageTerms = stageTerms;
    const auto fit = fitAdditive(space, samples, options, "measured");
    for (qsizetype r = 0; r < 4; ++r) {
        const auto& row = fit.heldOut[static_cast<std::size_t>(r)];
        qInfo("%d: %d nets, tau %.3f, RMSE %.3f pp (penalty %g)", row.resolution, row.nets, row.kendallTau,
            row.rmsePercent, fit.penalty);
        QVERIFY(std::abs(row.kendallTau - tau[r]) < 0.02);
        QVERIFY(std::abs(row.rmsePercent - rmse[r]) < 0.02);
    }
}

void TestAdditive::measuredRuns()
{
    NEED_REFERENCE("real/measured/ofa_mbv3_w1.0_imagenet_top1.csv");
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    auto samples = readSamples(testing::referenceDir() / "real/measured/ofa_mbv3_w1.0_imagenet_top1.csv", space);
    // The random nets are four runs, one after the other; each begins with a block of about 150 nets at 128.
    std::size_t row = 0;
    for (auto& s : samples)
        if (s.group == "moofa_random") {
            s.group += std::to_string((row >= 503) + (row >= 1006) + (row >= 1497));
            ++row;
        }
    AdditiveOptions options;
    options.groupOffsets = true;
    options.slopes = true;
    const auto fit = fitAdditive(space, samples, options, "measured");
    const std::array tau{.855, .855, .862, .939}, rmse{.21, .18, .21, .12};
    for (std::size_t r = 0; r < 4; ++r) {
        const auto &known = fit.heldOut[r], &unknown = fit.heldOutUnknownGroup[r];
        qInfo("%d: tau %.3f, RMSE %.3f pp; run unknown %.3f, %.3f (penalty %g)", known.resolution, known.kendallTau,
            known.rmsePercent, unknown.kendallTau, unknown.rmsePercent, fit.penalty);
        QVERIFY(std::abs(known.kendallTau - tau[r]) < 0.02);
        QVERIFY(known.rmsePercent < rmse[r] + 0.02);
    }
}

void TestAdditive::sameSeedSameFit()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const AdditivePredictor truth(madeUp(space, {128, 160}, false, false), space, "t");
    const auto samples = samplesOf(truth, space, 200, 0.3);
    auto options = plain();
    const auto a = fitAdditive(space, samples, options, "t"), b = fitAdditive(space, samples, options, "t");
    QVERIFY(a.coefficients == b.coefficients);
    QCOMPARE(a.heldOutPercent, b.heldOutPercent);
    options.seed = 2;
    QVERIFY(fitAdditive(space, samples, options, "t").heldOutPercent != a.heldOutPercent);
    QVERIFY(a.notes.empty());
    auto few = std::vector<Sample>(samples.begin(), samples.begin() + 30);
    const auto notes = fitAdditive(space, few, options, "t").notes;
    QVERIFY(!notes.empty());
    QVERIFY(testing::contains(notes[0], "measured nets at resolution 128"));
}

void TestAdditive::errorsAreNamed()
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    const AdditivePredictor truth(madeUp(space, {128, 160}, false, false), space, "t");
    const auto samples = samplesOf(truth, space, 30);
    const auto refused = [&](std::size_t n, const AdditiveOptions& o) {
        return messageOf([&] { fitAdditive(space, std::span(samples).first(n), o, "s.csv"); });
    };
    compareText(refused(5, plain()),
        "s.csv: too few measured nets for a predictor: found 5; allowed 20 or more; a few hundred make a good one");
    auto options = plain();
    options.folds = 1;
    compareText(refused(30, options), "s.csv: wrong number of folds: found 1; allowed 2 to 30");
    options = plain();
    options.penalties = {0.0};
    compareText(refused(30, options), "s.csv: penalty out of range: found 0; allowed a positive number");
    options.penalties = {};
    compareText(refused(30, options), "s.csv: no candidate for the penalty");
    compareText(messageOf([&] { static_cast<void>(truth.resolutionIndex(176)); }),
        "accuracy predictor: the predictor does not know this resolution: found 176; allowed 128, 160");

    const auto made = [&](AdditiveCoefficients c) {
        return messageOf([&] { AdditivePredictor(std::move(c), space, "p"); });
    };
    auto c = truth.coefficients();
    c.effects.pop_back();
    compareText(
        made(c), "p: wrong number of effects of an additive predictor: found 99; allowed 100 for ofa-mbv3-w1.0");
    c = truth.coefficients();
    c.offsets[0] = std::nanf("");
    compareText(made(c), "p: a coefficient of an additive predictor is NaN or infinite");
    c = truth.coefficients();
    c.resolutions = {160, 128};
    compareText(made(c),
        "p: wrong resolutions of an additive predictor: found 160, 128; allowed an ascending list from 1 to 65535");
}

QTEST_APPLESS_MAIN(TestAdditive)
#include "tst_additive.moc"

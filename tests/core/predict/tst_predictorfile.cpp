// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predictorfixtures.h"

#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"

#include <QTemporaryDir>

#include <bit>
#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

class TestPredictorFile : public QObject {
    Q_OBJECT
private slots:
    void recognisesReleasedFiles_data();
    void recognisesReleasedFiles();
    void asksForResolutions();
    void realTutorialPredictor();
    void roundTripsMlp();
    void roundTripsAdditive();
    void opensEveryFormat();
    void damagedFilesAreRefused();
    void estimatesCarryBandAndSource();
    void optimismIsTakenOff();
    void guardNamesWhatIsOutside();
    void calibrationIsLeastSquares();
};

namespace {

AccuracyPredictor tutorial(int width = 8)
{
    return importPredictor(
        testing::formulaTensors(MlpLayout::Sequential, 128, width), builtInSpace("ofa-mbv3-w1.2"), {}, "acc.pth");
}

AccuracyPredictor additive(bool slopes)
{
    const auto space = builtInSpace("ofa-mbv3-w1.0");
    AdditiveCoefficients c;
    c.resolutions = {128, 160};
    c.offsets = {0.68f, 0.7f};
    c.stageTerms = slopes;
    for (std::size_t i = 0; i < additiveColumns(space, slopes); ++i)
        c.effects.push_back(0.001f * static_cast<float>(i % 7));
    if (slopes) {
        c.slopes.assign(c.effects.size(), 1e-5f);
        c.centre = 144;
    }
    PredictorInfo info{"additive predictor", "samples.csv", space.id, {128, 160}, "fitted to 300 nets"};
    return {std::make_shared<const AdditivePredictor>(std::move(c), space, "t"), std::move(info)};
}

/// Our own file with one metadata entry changed (or dropped, with nullptr).
Bytes withMetadata(const AccuracyPredictor& p, const char* key, const char* value)
{
    const auto bytes = std::make_shared<const Bytes>(makePredictorFile(p));
    auto file = readSafeTensors(*bytes, bytes, "t");
    if (value)
        file.metadata[key] = value;
    else
        file.metadata.erase(key);
    return makeSafeTensors(file.tensors, file.metadata);
}

std::string refusal(const Bytes& bytes, const char* space = "ofa-mbv3-w1.2")
{
    const auto owner = std::make_shared<const Bytes>(bytes);
    return messageOf([&] { loadPredictor(*owner, owner, "f", builtInSpace(space)); });
}

AccuracyPredictor reloaded(const AccuracyPredictor& p, const char* space)
{
    const auto bytes = std::make_shared<const Bytes>(makePredictorFile(p));
    return loadPredictor(*bytes, bytes, "f", builtInSpace(space));
}

} // namespace

void TestPredictorFile::recognisesReleasedFiles_data()
{
    QTest::addColumn<int>("inputs");
    QTest::addColumn<QString>("space");
    QTest::addColumn<QString>("description");
    QTest::newRow("tutorial") << 128 << "ofa-mbv3-w1.2"
                              << "MLP 128-8-8-8-1, tutorial-128 encoding, 8 resolutions, 112 to 224";
    QTest::newRow("25 sizes") << 145 << "ofa-mbv3-w1.0"
                              << "MLP 145-8-8-8-1, ofa-nas encoding, 25 resolutions, 128 to 224";
    QTest::newRow("proxyless") << 151 << "ofa-proxyless-w1.3"
                               << "MLP 151-8-8-8-1, ofa-nas encoding, 25 resolutions, 128 to 224";
    QTest::newRow("resnet") << 82 << "ofa-resnet50"
                            << "MLP 82-8-8-8-1, ofa-nas-resnet encoding, 8 resolutions, 128 to 256";
}

void TestPredictorFile::recognisesReleasedFiles()
{
    QFETCH(int, inputs);
    QFETCH(QString, space);
    QFETCH(QString, description);
    const auto layout = inputs == 128 ? MlpLayout::Sequential : MlpLayout::OfaNas;
    const auto p =
        importPredictor(testing::formulaTensors(layout, inputs, 8), builtInSpace(space.toStdString()), {}, "p.pth");
    compareText(p.describe(), description.toStdString());
    QVERIFY(p.fits(builtInSpace(space.toStdString())));
}

void TestPredictorFile::asksForResolutions()
{
    const auto import = [](int inputs, const char* space, std::optional<std::vector<int>> sizes = {}) {
        return messageOf([&] {
            importPredictor(testing::formulaTensors(MlpLayout::OfaNas, inputs, 4), builtInSpace(space), sizes, "p.pth");
        });
    };
    const std::string asks =
        "p.pth: the file does not say at which resolutions the predictor was trained; list them with "
        "--predictor-resolutions: found ";
    compareText(import(124, "ofa-mbv3-w1.0"),
        asks + "4 inputs for the resolution; allowed 4 values: 128,160,192,224 is what ofa.nas trains on by default");
    compareText(import(123, "ofa-mbv3-w1.0"),
        asks + "3 inputs for the resolution; allowed 3 values, such as 128,160,192,224 for four");
    compareText(import(124, "ofa-mbv3-w1.0", std::vector<int>{128, 160, 192, 224}), "no error");
    compareText(import(124, "ofa-mbv3-w1.0", std::vector<int>{128, 160}),
        "p.pth: the number of resolutions does not fit the predictor: found 2 (128,160); allowed 4 for 124 inputs on "
        "ofa-mbv3-w1.0");
    compareText(import(124, "ofa-proxyless-w1.3"),
        "p.pth: the predictor does not fit the space: found 124 inputs; allowed 127 or more for ofa-proxyless-w1.3 "
        "(one a resolution and 126 "
        "for its blocks)");
    compareText(messageOf([] {
        importPredictor(
            testing::formulaTensors(MlpLayout::Sequential, 100, 4), builtInSpace("ofa-mbv3-w1.2"), {}, "p.pth");
    }),
        "p.pth: a predictor with numbered layers must have the tutorial's encoding: found 100 inputs; allowed 128 "
        "inputs");
    compareText(messageOf([] {
        importPredictor(testing::formulaTensors(MlpLayout::Sequential, 128, 4), builtInSpace("ofa-mbv3-w1.2"),
            std::vector<int>{160, 192}, "p.pth");
    }),
        "p.pth: the tutorial's predictor has its own resolutions: found 160,192; allowed "
        "112,128,144,160,176,192,208,224");
}

void TestPredictorFile::realTutorialPredictor()
{
    NEED_REFERENCE(testing::kRealPredictor);
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto p = openPredictor(testing::referenceDir() / testing::kRealPredictor, space);
    compareText(p.describe(), "MLP 128-400-400-400-1, tutorial-128 encoding, 8 resolutions, 112 to 224");
    compareText(p.info.trainedSpace, "ofa-mbv3-w1.2");
    QCOMPARE(p.info.trainedResolutions, (std::vector<int>{160, 176, 192, 208, 224}));
    const auto back = reloaded(p, "ofa-mbv3-w1.2");
    for (const auto& s : testing::randomSubnets(space, 100, 1, {160, 224}))
        QCOMPARE(std::bit_cast<std::uint64_t>(back.predict(s)), std::bit_cast<std::uint64_t>(p.predict(s)));
}

void TestPredictorFile::roundTripsMlp()
{
    auto p = importPredictor(testing::formulaTensors(MlpLayout::OfaNas, 122, 20), builtInSpace("ofa-mbv3-w1.0"),
        std::vector<int>{224, 160}, "ü.pth");
    p.calibration = Calibration{-4.5, 0.1 + 0.2, "100 nets"};
    p.bands = fitConformal(std::vector<Residual>(50, {160, 0.3}));
    const auto back = reloaded(p, "ofa-mbv3-w1.0");
    QVERIFY(back.kind() == PredictorKind::Mlp);
    QVERIFY(back.mlp()->weights() == p.mlp()->weights());
    QVERIFY(back.mlp()->encoding() == p.mlp()->encoding());
    QVERIFY(back.info == p.info);
    QVERIFY(back.calibration == p.calibration);
    QVERIFY(back.bands == p.bands);
    QVERIFY(makePredictorFile(back) == makePredictorFile(p));
    QCOMPARE(back.resolutions(), (std::vector<int>{160, 224}));
}

void TestPredictorFile::roundTripsAdditive()
{
    for (const bool slopes : {false, true}) {
        const auto p = additive(slopes);
        const auto back = reloaded(p, "ofa-mbv3-w1.0");
        QVERIFY(back.kind() == PredictorKind::Additive);
        QVERIFY(back.additive()->coefficients() == p.additive()->coefficients());
        QVERIFY(back.info == p.info);
        QVERIFY(!back.calibration && !back.bands);
        QVERIFY(makePredictorFile(back) == makePredictorFile(p));
        for (const auto& s : testing::randomSubnets(builtInSpace("ofa-mbv3-w1.0"), 50, 1, {128, 160}))
            QCOMPARE(std::bit_cast<std::uint64_t>(back.predict(s)), std::bit_cast<std::uint64_t>(p.predict(s)));
        compareText(back.describe(),
            slopes ? "additive, 145 effects with stage terms, 2 resolutions, 128 to 160"
                   : "additive, 100 effects, 2 resolutions, 128 to 160");
    }
}

void TestPredictorFile::opensEveryFormat()
{
    QTemporaryDir folder;
    const std::filesystem::path base = folder.path().toStdString();
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const auto tensors = testing::formulaTensors(MlpLayout::Sequential, 128, 8);
    writePyTorch(base / "a.pth", tensors);
    writePyTorch(base / "bare.pth.tar", tensors, {true, {}});
    writeSafeTensors(base / "plain.safetensors", tensors);
    savePredictor(base / kPredictorFileName, tutorial());
    const auto expected = tutorial().predict(space.largest());
    for (const auto& name : listFolder(base))
        QCOMPARE(openPredictor(base / name, space).predict(space.largest()), expected);
    QCOMPARE(loadPredictor(base / kPredictorFileName, space).predict(space.largest()), expected);
    compareText(
        testing::without(messageOf([&] { loadPredictor(base / "plain.safetensors", space); }), base.string() + "/"),
        "plain.safetensors: not a predictor file of this program: allowed metadata with format "
        "paretoscope-accuracy-predictor");
}

void TestPredictorFile::damagedFilesAreRefused()
{
    const auto p = tutorial();
    compareText(
        refusal(withMetadata(p, "version", "2")), "f: unknown version of the predictor file: found \"2\"; allowed 1");
    compareText(refusal(withMetadata(p, "kind", "forest")),
        "f: unknown kind of predictor: found \"forest\"; allowed mlp, additive");
    compareText(refusal(withMetadata(p, "note", nullptr)), "f: the metadata lack \"note\"");
    compareText(refusal(withMetadata(p, "resolutions", "[160, \"a\"]")),
        "f: resolutions[1]: not a whole number: found the string \"a\"; allowed a whole number from 1 to 65535");
    compareText(refusal(withMetadata(p, "calibration", "{\"slope\": 1}")),
        "f: calibration: the key \"offsetPercent\" is missing");
    compareText(refusal(withMetadata(p, "encoding", "ofa-nas-resnet")),
        "f: the encoding ofa-nas-resnet does not fit the space: found ofa-mbv3-w1.2 (mobilenetv3); allowed ofa-nas, "
        "tutorial-128");
    compareText(refusal(withMetadata(additive(false), "stage_terms", "true"), "ofa-mbv3-w1.0"),
        "f: wrong number of effects of an additive predictor: found 100; allowed 145 for ofa-mbv3-w1.0");
    compareText(refusal(makePredictorFile(additive(false)), "ofa-proxyless-w1.3"),
        "f: wrong number of effects of an additive predictor: found 100; allowed 105 for ofa-proxyless-w1.3");
    compareText(refusal(makePredictorFile(p), "ofa-proxyless-w1.3"),
        "f: the tutorial's encoding does not fit the space: found ofa-proxyless-w1.3; allowed 5 stages of 4 blocks "
        "with kernels 3, 5, 7 and "
        "expansions 3, 4, 6");
}

void TestPredictorFile::estimatesCarryBandAndSource()
{
    auto p = tutorial();
    const auto s = builtInSpace("ofa-mbv3-w1.2").largest();
    auto e = p.top1Percent(s);
    QCOMPARE(e.value, 100 * p.predict(s));
    QVERIFY(!e.low && !e.high);
    QVERIFY(e.kind == Kind::Predicted);
    compareText(e.source, "OFA tutorial predictor, acc.pth");
    p.calibration = Calibration{-5, 1.1, "100 measured nets"};
    p.bands = fitConformal(std::vector<Residual>(50, {224, 0.25}));
    e = p.top1Percent(s);
    QCOMPARE(e.value, -5 + 1.1 * (100 * p.predict(s)));
    QCOMPARE(*e.low, e.value - 0.25);
    QCOMPARE(*e.high, e.value + 0.25);
    compareText(e.source,
        "OFA tutorial predictor, acc.pth; calibrated: 100 measured nets; band: 90 % split-conformal, 50 nets at 224");
    const auto raw = p.top1RawPercent(s);
    QCOMPARE(raw.value, 100 * p.predict(s));
    QVERIFY(!raw.low);
}

void TestPredictorFile::optimismIsTakenOff()
{
    auto p = tutorial();
    const auto s = builtInSpace("ofa-mbv3-w1.2").largest();
    compareText(messageOf([&] { p.top1CorrectedPercent(s); }), "the selection optimism of the predictor is not known");
    p.optimism = SelectionOptimism{0.25, 0.1, "30 searches on halves"};
    auto e = p.top1CorrectedPercent(s);
    QCOMPARE(e.value, p.top1Percent(s).value - 0.25);
    QVERIFY(!e.low && !e.high);
    p.bands = fitConformal(std::vector<Residual>(50, {224, 0.3}));
    e = p.top1CorrectedPercent(s);
    const double half = std::hypot(0.3, 1.6448536269514722 * 0.1);
    QVERIFY(std::abs(*e.low - (e.value - half)) < 1e-12 && std::abs(*e.high - (e.value + half)) < 1e-12);
    compareText(e.source,
        "OFA tutorial predictor, acc.pth; band: 90 % split-conformal, 50 nets at 224; less 0.25 pp of selection "
        "optimism: 30 searches on halves");
    p.heldOut = HeldOutErrors{"5 folds", {{128, 20, 0.8, 0.3, 0.2}, {0, 20, 0.8, 0.3, 0.2}}};
    p.info.interpolated = {{176, "between 160 and 192"}};
    const auto back = reloaded(p, "ofa-mbv3-w1.2");
    QVERIFY(back.optimism == p.optimism && back.heldOut == p.heldOut && back.info == p.info);
    compareText(refusal(withMetadata(p, "selection_optimism", R"({"percent": 1, "basis": "x"})")),
        "f: selection_optimism: the key \"sdPercent\" is missing");
    compareText(refusal(withMetadata(p, "held_out", R"({"basis": "x", "rows": [{"resolution": 0}]})")),
        "f: held_out.rows[0].resolution: number out of range: found 0; allowed 1 to 65535");
    compareText(refusal(withMetadata(p, "interpolated", R"([{"resolution": 176}])")),
        "f: interpolated[0]: the key \"basis\" is missing");
}

void TestPredictorFile::guardNamesWhatIsOutside()
{
    const auto p = tutorial();
    const auto w12 = builtInSpace("ofa-mbv3-w1.2"), w10 = builtInSpace("ofa-mbv3-w1.0");
    auto s = w12.largest();
    QVERIFY(p.outsideTraining(s, w12).empty());
    const auto said = [&](int resolution, const SearchSpace& space) {
        s.resolution = static_cast<std::uint16_t>(resolution);
        return joinNames(p.outsideTraining(s, space));
    };
    compareText(said(128, w12), "the predictor was not trained at resolution 128 (but at 160, 176, 192, 208, 224)");
    compareText(said(180, w10),
        "the predictor was trained for ofa-mbv3-w1.2, not for ofa-mbv3-w1.0, the predictor takes resolution 180 for "
        "176");
    compareText(
        said(96, w12), "the predictor does not know resolution 96 (it knows 112, 128, 144, 160, 176, 192, 208, 224)");
    compareText(said(160, builtInSpace("ofa-proxyless-w1.3")),
        "the predictor was made for other blocks than those of ofa-proxyless-w1.3");
    QVERIFY(additive(false)
                .outsideTraining(
                    [&] {
                        auto t = w10.largest();
                        t.resolution = 160;
                        return t;
                    }(),
                    w10)
                .empty());
}

void TestPredictorFile::calibrationIsLeastSquares()
{
    const std::vector<double> raw{70, 75, 80}, measured{66, 70, 76};
    const auto c = fitCalibration(raw, measured, "three nets");
    QVERIFY(std::abs(c.slope - 1) < 1e-12);
    QVERIFY(std::abs(c.apply(75) - 212.0 / 3) < 1e-12);
    const auto one = fitCalibration(std::vector<double>{80}, std::vector<double>{75.5}, "one net");
    QCOMPARE(one.slope, 1.0);
    QCOMPARE(one.apply(81), 76.5);
    QCOMPARE(fitCalibration(measured, std::vector<double>{76, 70, 66}, "reversed").slope, 1.0);
    compareText(messageOf([] { fitCalibration({}, {}, "none"); }),
        "calibration: no measured nets to calibrate with: found 0 and 0");
}

QTEST_APPLESS_MAIN(TestPredictorFile)
#include "tst_predictorfile.moc"

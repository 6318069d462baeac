// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "device/devicefit.h"
#include "space/sampling.h"
#include "space/spacejson.h"

#include <fmt/format.h>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;
using testing::referenceDir;

namespace {

std::shared_ptr<const Parts> partsOf(const std::string& space) { return std::make_shared<const Parts>(builtInSpace(space)); }

BlockModel modelOf(std::vector<std::map<std::string, double>> sums, int batch = 1)
{
    BlockModel m;
    m.form = sums.size() > 1 ? LatencyForm::MaxOfSums : LatencyForm::Additive;
    m.fittedTo = "nets";
    m.batch = batch;
    m.trained = {{"ofa-mbv3-w1.2", 160, 224, 1000}};
    for (const auto& sum : sums) {
        auto& coefficients = m.sums.emplace_back(blockFeatures().size(), 0.0);
        for (const auto& [name, value] : sum)
            coefficients[blockFeatureIndex(name)] = value;
    }
    return m;
}

// What a device of this model would have measured, with a little noise.
std::vector<Measurement> measuredOn(const BlockModel& model, const std::shared_ptr<const Parts>& parts, int count, double noise = 0)
{
    const auto tables = model.tables(parts);
    Random random(17);
    std::vector<Measurement> rows;
    for (int i = 0; i < count; ++i) {
        Measurement m{uniformSubnet(parts->space(), random), 0};
        for (const auto& t : tables)
            m.latencyMs = std::max(m.latencyMs, t.cost(m.subnet));
        m.latencyMs *= 1 + noise * (2 * random.uniform() - 1);
        rows.push_back(m);
    }
    return rows;
}

LatencyTable tableOf(const BlockModel& model, const Parts& parts, const std::vector<int>& resolutions)
{
    LatencyTable table;
    table.source = "table";
    for (const int r : resolutions) {
        const auto sizes = parts.mapSizes(r);
        for (std::size_t p = 0; p < parts.size(); ++p)
            for (int v = 0; v < parts.list()[p].variants; ++v) {
                const auto b = parts.block(p, v);
                table.files[r][*tableKey(TableGrammar::Ofa, parts.space(), b, sizes[p])] = {model.blockMs(0, b, sizes[p])};
            }
    }
    return table;
}

const std::map<std::string, double> kWork{{"expandMacs", 0.03}, {"projectMacs", 0.02}, {"depthwise5Stride1Macs", 0.2}, {"depthwise3Stride2Macs", 0.1}, {"hSwishElements", 1.5},
    {"denseElements", 0.3}, {"denseOps", 0.4}};
const std::map<std::string, double> kLaunch{{"denseOps", 2}, {"pointwiseOps", 0.1}, {"squeezeExciteOps", 0.2}, {"hSwishOps", 0.05}};

} // namespace

class TestDeviceFit : public QObject {
    Q_OBJECT
private slots:
    void autoFindsTheForm_data();
    void autoFindsTheForm();
    void outliersPullLittle();
    void tableOfAModelGivesItBack();
    void widthsThatItAccepts();
    void jsonRoundTrips();
    void bandsAndWarningsByRange();
    void badModels_data();
    void badModels();
    void badData();
    void badMeasurements_data();
    void badMeasurements();
    void measurementsInBothGrammars();
    void interruption();
    void note10();
    void i7();
    void gpus_data();
    void gpus();
    void catalogueOpensForBothWidths();
};

void TestDeviceFit::autoFindsTheForm_data()
{
    QTest::addColumn<int>("form");
    QTest::addColumn<int>("batch");
    QTest::newRow("additive") << static_cast<int>(FitForm::Additive) << 1;
    QTest::newRow("launch") << static_cast<int>(FitForm::Launch) << 1;
    QTest::newRow("max") << static_cast<int>(FitForm::Max) << 2;
}

void TestDeviceFit::autoFindsTheForm()
{
    QFETCH(int, form);
    QFETCH(int, batch);
    const auto parts = partsOf("ofa-mbv3-w1.2");
    auto work = kWork;
    work.erase("denseOps");
    const auto truth = form == static_cast<int>(FitForm::Additive) ? modelOf({kWork}, batch)
        : form == static_cast<int>(FitForm::Launch)                ? modelOf({kLaunch}, batch)
                                                                   : modelOf({{{"denseOps", 6}, {"pointwiseOps", 0.3}, {"squeezeExciteOps", 0.5}}, work}, batch);
    const auto rows = measuredOn(truth, parts, 400, 0.002);
    if (truth.sums.size() > 1) { // both sides must be seen
        int launch = 0;
        const auto tables = truth.tables(parts);
        for (const auto& m : rows)
            launch += tables[0].cost(m.subnet) > tables[1].cost(m.subnet);
        QVERIFY2(launch > 60 && launch < 340, std::to_string(launch).c_str());
    }
    const auto fit = fitMeasurements(rows, parts, batch);
    compareText(std::string(name(fit.form)), std::string(name(static_cast<FitForm>(form))));
    QCOMPARE(fit.model.launchBound(), form == static_cast<int>(FitForm::Launch));
    const auto& error = fit.heldOut.front().error;
    QVERIFY2(*error.mapePercent < 0.6, fmt::format("{} {}", *error.mapePercent, *error.kendallTau).c_str());
    // Where counts of operators decide, many nets are equal but for the noise.
    QCOMPARE(meetsShipRule(error), form == static_cast<int>(FitForm::Additive));
    QCOMPARE(*error.nets, 400);
    // The same seed gives the same model.
    QVERIFY(fitMeasurements(rows, parts, batch).model == fit.model);
}

void TestDeviceFit::outliersPullLittle()
{
    const auto parts = partsOf("ofa-mbv3-w1.2");
    const auto truth = modelOf({kWork});
    auto rows = measuredOn(truth, parts, 400);
    const auto clean = rows;
    for (std::size_t i = 0; i < rows.size(); i += 7)
        rows[i].latencyMs *= 1.2; // a second state of the machine
    DeviceFitOptions options;
    options.form = FitForm::Additive;
    const auto fit = fitMeasurements(rows, parts, 1, options);
    const auto table = fit.model.tables(parts).front();
    double worst = 0;
    for (const auto& m : clean)
        worst = std::max(worst, std::abs(table.cost(m.subnet) / m.latencyMs - 1));
    QVERIFY2(worst < 0.02, std::to_string(worst).c_str());
}

void TestDeviceFit::tableOfAModelGivesItBack()
{
    const auto parts = partsOf("ofa-mbv3-w1.2");
    auto coefficients = kWork;
    coefficients["mixWeights"] = 0.4;
    coefficients["classifierWeights"] = 0.3;
    coefficients["poolElements"] = 0.2;
    coefficients["pointwiseOps"] = 0.01;
    const auto truth = modelOf({coefficients});
    const auto fit = fitTables({{tableOf(truth, *parts, {160, 176, 192, 208}), parts}});
    QVERIFY(*fit.blocks->r2 > 0.9999 && *fit.blocks->mapePercent <= 0.01);
    QVERIFY(*fit.heldOut.front().error.mapePercent < 0.05);
    const auto found = fit.model.tables(parts).front(), expected = truth.tables(parts).front();
    Random random(2);
    for (int i = 0; i < 50; ++i) { // at resolutions of the table and beside it
        const auto s = uniformSubnet(parts->space(), random);
        QVERIFY2(std::abs(found.cost(s) / expected.cost(s) - 1) < 0.01, std::to_string(s.resolution).c_str());
    }
}

void TestDeviceFit::widthsThatItAccepts()
{
    const auto model = modelOf({kWork});
    QCOMPARE(model.spaces(), (std::vector<std::string>{"ofa-mbv3-w1.2", "ofa-mbv3-w1.0"}));
    QCOMPARE(model.tables(partsOf("ofa-mbv3-w1.0")).front().resolutions().size(), std::size_t(25));
    compareText(messageOf([&] { model.tables(partsOf("ofa-mbv3-w0.75")); }),
        "device model: the space is too far from those that the model was fitted to: found \"ofa-mbv3-w0.75\"; allowed ofa-mbv3-w1.2, ofa-mbv3-w1.0");
    auto other = model;
    other.trained[0].space = "ofa-proxyless-w1.3";
    QCOMPARE(other.spaces(), (std::vector<std::string>{"ofa-proxyless-w1.3"}));
}

void TestDeviceFit::jsonRoundTrips()
{
    const auto parts = partsOf("ofa-mbv3-w1.2"), narrow = partsOf("ofa-mbv3-w1.0");
    for (const auto& model : {modelOf({kWork}), modelOf({kLaunch, kWork}, 32)}) {
        const auto fit = fitMeasurements(measuredOn(model, parts, 200), parts, model.batch);
        auto d = deviceOf(fit, "Some GPU (batch 32)", parts);
        d.source = "made for a test";
        d.warnings.push_back("warm");
        const auto text = printJson(toJson(d));
        const auto json = parseJson(text, "d.json");
        for (const auto& p : {parts, narrow}) { // the file is the same, whatever space it was opened for
            const auto back = deviceFromJson(JsonView(json, "d.json"), p);
            compareText(printJson(toJson(back)), text);
            compareText(back.spaceId, p->space().id);
            QVERIFY(back.model == d.model && back.errors == d.errors);
        }
        const auto back = deviceFromJson(JsonView(json, "d.json"), parts);
        Random random(4);
        for (int i = 0; i < 20; ++i) {
            const auto s = uniformSubnet(parts->space(), random);
            QCOMPARE(back.latencyMs(s), d.latencyMs(s));
        }
    }
}

void TestDeviceFit::bandsAndWarningsByRange()
{
    const auto parts = partsOf("ofa-mbv3-w1.2"), narrow = partsOf("ofa-mbv3-w1.0");
    DeviceFitOptions options;
    options.otherWidthNotes = {"tends to read high"};
    const auto fit = fitTables({{tableOf(modelOf({kWork}), *parts, {160, 192, 224}), parts}}, options);
    auto d = deviceOf(fit, "Phone", parts);
    auto s = parts->space().largest();
    QVERIFY(*d.latency(s).high / d.latency(s).value < 1.01);
    QVERIFY(d.warningsOf(s).empty());
    s.resolution = 156;
    QCOMPARE(*d.latency(s).high / d.latency(s).value, 1.06);
    compareText(d.latency(s).source, "; extrapolated, ±6 %: resolutions outside 160 to 224, of which nothing was measured");
    QCOMPARE(d.warningsOf(s), (std::vector<std::string>{"extrapolated: measured at resolutions 160 to 224 only; level ±6 %"}));
    applyModel(d, narrow);
    const auto t = narrow->space().largest();
    QCOMPARE(*d.latency(t).low / d.latency(t).value, 0.94);
    QCOMPARE(d.warningsOf(t), (std::vector<std::string>{"extrapolated: this width was not measured on the device; order tau about 0.95, level ±6 %", "tends to read high"}));
    QCOMPARE(*d.error->kendallTau, 0.95);

    // Of measured nets: twice the error.
    const auto gpu = fitMeasurements(measuredOn(modelOf({kWork}), parts, 300, 0.05), parts, 1);
    QCOMPARE(*gpu.heldOut.back().error.band90Percent, 2 * *gpu.heldOut.front().error.band90Percent);
    QVERIFY(gpu.heldOut.back().extrapolated && gpu.heldOut.back().space == "ofa-mbv3-w1.0");
}

void TestDeviceFit::badModels_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    QTest::newRow("form") << "/model/form" << "\"product\"" << "d.json: model.form: unknown form of a device model: found \"product\"; allowed additive, max-of-sums";
    QTest::newRow("sums") << "/model/form" << "\"max-of-sums\"" << "d.json: model.sums: wrong number of sums: found 1; allowed two";
    QTest::newRow("feature") << "/model/sums/0/colour" << "{\"ms\":1,\"per\":\"M MACs\"}" << "d.json: model.sums[0].colour: unknown feature: found \"colour\"";
    QTest::newRow("unit") << "/model/sums/0/expandMacs/per" << "\"MACs\"" << "d.json: model.sums[0].expandMacs.per: another unit: found \"MACs\"; allowed \"M MACs\"";
    QTest::newRow("negative") << "/model/sums/0/expandMacs/ms" << "-1" << "d.json: model.sums[0].expandMacs.ms: number out of range: found -1; allowed 0 to 1e+06";
    QTest::newRow("batch") << "/model/batch" << "2" << "d.json: model.batch: not the batch of the conditions: found 2; allowed 1";
    QTest::newRow("nothing") << "/model/trained" << "[]" << "d.json: model.trained: a model that was fitted to nothing";
    QTest::newRow("range") << "/model/trained/0/resolutions" << "[224,160]"
                           << "d.json: model.trained[0].resolutions: not the lowest and the highest resolution: found [224,160]; allowed two numbers that ascend";
    QTest::newRow("space") << "/model/trained/0/space" << "\"ofa-proxyless-w1.3\""
                           << "d.json: model: the model cannot say anything of the space: found \"ofa-mbv3-w1.2\"; allowed ofa-proxyless-w1.3";
    QTest::newRow("both") << "/latencyMs" << "{}" << "d.json: a device with a model has neither latencyMs nor error: found latencyMs; allowed model, errors";
    QTest::newRow("error of a stranger") << "/errors" << "[{\"space\":\"x\",\"resolutions\":[1,2],\"basis\":\"y\"}]"
                                         << "d.json: errors[0].space: the model does not accept this space: found \"x\"; allowed ofa-mbv3-w1.2, ofa-mbv3-w1.0";
}

void TestDeviceFit::badModels()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(QString, message);
    const auto parts = partsOf("ofa-mbv3-w1.2");
    Device d;
    d.id = "x";
    d.title = "X";
    d.source = "made for a test";
    d.kind = Kind::Model;
    d.model = modelOf({kWork});
    applyModel(d, parts);
    auto json = toJson(d);
    json[Json::json_pointer(path.toStdString())] = parseJson(value.toStdString(), "value");
    compareText(messageOf([&] { deviceFromJson(JsonView(json, "d.json"), parts); }), message.toStdString());
}

void TestDeviceFit::badData()
{
    const auto parts = partsOf("ofa-mbv3-w1.2");
    const auto resnet = partsOf("ofa-resnet50");
    const auto model = modelOf({kWork});
    const auto rows = measuredOn(model, parts, 60);
    compareText(messageOf([&] { fitMeasurements(std::vector(rows.begin(), rows.begin() + 49), parts, 1); }), "device model: too few measured nets: found 49; allowed 50 or more");
    compareText(messageOf([&] { fitMeasurements(rows, parts, 0); }), "device model: batch out of range: found 0; allowed 1 to 1048576");
    compareText(messageOf([&] { fitMeasurements(rows, resnet, 1); }),
        "ofa-resnet50: device models have no features for the blocks of a ResNet: allowed a latency table made by profile, used as it is");
    compareText(messageOf([] { fitFormFromName("cubic", "--form"); }), "--form: unknown form of a device model: found \"cubic\"; allowed auto, additive, max, launch");
    compareText(messageOf([] { fitTables({}); }), "device model: nothing to fit it to: allowed a latency table");

    const auto table = tableOf(model, *parts, {160, 192});
    DeviceFitOptions options;
    options.form = FitForm::Max;
    compareText(messageOf([&] { fitTables({{table, parts}}, options); }),
        "device model: a latency table is a sum over blocks and fits no other form: found \"max\"; allowed auto, additive");
    compareText(messageOf([&] { fitTables({{table, parts}, {table, parts}}); }), "table: a second table for the same space: found ofa-mbv3-w1.2; allowed one table a space");
    compareText(messageOf([&] { fitTables({{tableOf(model, *parts, {160}), parts}}); }),
        "table: too few resolutions to tell how the model carries over: found 1; allowed two or more");
    auto half = table;
    std::erase_if(half.files[192], [](const auto& entry) { return entry.first.find("se:1") != std::string::npos; });
    const auto message = messageOf([&] { fitTables({{half, parts}}); });
    QVERIFY2(testing::contains(message, "entries that the space ofa-mbv3-w1.2 needs are missing: found expanded_conv-input:"), message.c_str());
}

void TestDeviceFit::badMeasurements_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const QString head = "ks,e,d,r,latency_ms\n", ks = "33333333333333333333,33333333333333333333,22222";
    QTest::newRow("empty") << "" << "m.csv: no measurements: allowed a header, ks,e,d,r,latency_ms or depths,ops,res,latency_ms, and a line a subnet";
    QTest::newRow("header only") << head << "m.csv: no measurements: allowed a header, ks,e,d,r,latency_ms or depths,ops,res,latency_ms, and a line a subnet";
    QTest::newRow("missing column") << "ks,e,r,latency_ms\n"
                                    << "m.csv:1: not the header of a file of measurements: found column d is missing; allowed ks,e,d,r,latency_ms or depths,ops,res,latency_ms";
    QTest::newRow("unknown column") << "ks,e,d,r,latency_ms,top1\n"
                                    << "m.csv:1: not the header of a file of measurements: found column \"top1\" is unknown; allowed ks,e,d,r,latency_ms or depths,ops,res,latency_ms";
    QTest::newRow("column twice") << "ks,e,d,r,r,latency_ms\n"
                                  << "m.csv:1: not the header of a file of measurements: found column \"r\" stands twice; allowed ks,e,d,r,latency_ms or depths,ops,res,latency_ms";
    QTest::newRow("NaN") << head + ks + ",160,nan\n" << "m.csv:2: latency_ms is not a number: found \"nan\"; allowed milliseconds, with a decimal point";
    QTest::newRow("negative") << head + ks + ",160,-3\n" << "m.csv:2: latency_ms out of range: found -3; allowed above 0, at most 1e+07 ms";
    QTest::newRow("zero") << head + ks + ",160,0\n" << "m.csv:2: latency_ms out of range: found 0; allowed above 0, at most 1e+07 ms";
    QTest::newRow("comma") << head + ks + ",160,3,5\n" << "m.csv:2: wrong number of fields: found 6; allowed 5, as in the header (numbers take a point, not a comma)";
    QTest::newRow("resolution") << head + ks + ",wide,3\n" << "m.csv:2: r is not a whole number: found \"wide\"";
    QTest::newRow("gap") << head + ks + ",160,3\n\n" + ks + ",160,3\n" << "m.csv:3: an empty line between measurements";
}

void TestDeviceFit::badMeasurements()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { readMeasurements(text.toStdString(), "m.csv", builtInSpace("ofa-mbv3-w1.2")); }), message.toStdString());
}

void TestDeviceFit::measurementsInBothGrammars()
{
    const auto space = builtInSpace("ofa-mbv3-w1.2");
    const std::string head = "\xEF\xBB\xBFks,e,d,r,a,latency_ms\r\n", row = "33333333333333333333,33333333333333333333,22222,160,7,3.5\r\n";
    const auto digits = readMeasurements(head + row + "\r\n", "m.csv", space, "a");
    QCOMPARE(digits.size(), std::size_t(1));
    QCOMPARE(digits[0].latencyMs, 7.0);
    const auto ops = readMeasurements("res,depths,ops,latency_ms\n160,22222,00--00--00--00--00--,3.5\n", "m.csv", space);
    QVERIFY(ops[0].subnet == digits[0].subnet);
    QCOMPARE(ops[0].latencyMs, 3.5);
    // Of another space: 21 blocks.
    const auto message = messageOf([&] { readMeasurements("ks,e,d,r,latency_ms\n333333333333333333333,333333333333333333333,222221,160,3\n", "m.csv", space); });
    QVERIFY2(testing::contains(message, "m.csv:2"), message.c_str());
}

void TestDeviceFit::interruption()
{
    const auto parts = partsOf("ofa-mbv3-w1.2");
    const auto rows = measuredOn(modelOf({kWork}), parts, 60);
    DeviceFitOptions options;
    int steps = 0;
    options.onStep = [&](const std::string&, double share) { return share >= 0 && share <= 1 && ++steps < 3; };
    QVERIFY_THROWS_EXCEPTION(Cancelled, fitMeasurements(rows, parts, 1, options));
    QCOMPARE(steps, 3);
}

namespace {

// The model of the catalogue is that which the recipe's way gives here: same features, coefficients to the digits that
// another processor may round differently, and the same errors.
void compareWithCatalogue(const ModelFit& fit, const std::string& id, const std::shared_ptr<const Parts>& parts)
{
    const auto shipped = catalogueDevice(id, parts);
    const auto& model = *shipped.model;
    QVERIFY(model.trained == fit.model.trained && model.batch == fit.model.batch && model.form == fit.model.form);
    const auto found = fit.model.tables(parts), expected = shipped.sums;
    QCOMPARE(found.size(), expected.size());
    Random random(6);
    for (int i = 0; i < 100; ++i) {
        const auto s = uniformSubnet(parts->space(), random);
        for (std::size_t k = 0; k < found.size(); ++k)
            QVERIFY(std::abs(found[k].cost(s) / expected[k].cost(s) - 1) < 1e-4);
    }
    QCOMPARE(shipped.errors.size(), fit.heldOut.size());
    for (std::size_t i = 0; i < fit.heldOut.size(); ++i) {
        const auto &a = shipped.errors[i], &b = fit.heldOut[i];
        QVERIFY(a.space == b.space && a.lowestResolution == b.lowestResolution && a.highestResolution == b.highestResolution);
        QVERIFY(std::abs(a.error.mapePercent.value_or(0) - b.error.mapePercent.value_or(0)) < 0.011);
        QVERIFY(std::abs(*a.error.band90Percent - *b.error.band90Percent) < 0.21);
    }
}

// As in the study or better, at the precision that it prints.
void atLeast(const char* what, std::optional<double> found, double target, double halfStep)
{
    QVERIFY2(found && *found >= target - halfStep, fmt::format("{} {} < {}", what, found.value_or(0), target).c_str());
}
void atMost(const char* what, std::optional<double> found, double target, double halfStep)
{
    QVERIFY2(found && *found <= target + halfStep, fmt::format("{} {} > {}", what, found.value_or(0), target).c_str());
}

} // namespace

void TestDeviceFit::note10()
{
    NEED_REFERENCE("real/once-for-all/note10");
    const auto parts = partsOf("ofa-mbv3-w1.2");
    const auto fit = fitTables({{readLatencyTable(referenceDir() / "real/once-for-all/note10"), parts}});
    atLeast("block R²", fit.blocks->r2, 0.9986, 5e-5);
    atMost("block MAPE", fit.blocks->mapePercent, 1.7, 0.05);
    atLeast("block tau", fit.blocks->kendallTau, 0.976, 5e-4);
    const auto& own = fit.inSample.front().error;
    atLeast("R²", own.r2, 0.998, 5e-4);
    atMost("MAPE", own.mapePercent, 0.90, 0.005);
    atLeast("tau", own.kendallTauInResolution, 0.984, 5e-4);
    const auto& left = fit.heldOut.front().error;
    atMost("left out MAPE", left.mapePercent, 1.07, 0.005);
    atMost("worst resolution", fit.worstResolutionMapePercent, 2.2, 0.05);
    atLeast("left out tau", left.kendallTauInResolution, 0.983, 5e-4);
    QCOMPARE(*left.within5Percent, 100.0);
    compareWithCatalogue(fit, "samsung-note10", parts);
}

void TestDeviceFit::i7()
{
    NEED_REFERENCE("real/nsganetv2/i7-8700K_lut.yaml");
    const auto narrow = partsOf("ofa-mbv3-w1.0"), wide = partsOf("ofa-mbv3-w1.2");
    const auto table = readLatencyTable(referenceDir() / "real/nsganetv2/i7-8700K_lut.yaml");
    const auto fit = fitTables({{table, narrow}, {table, wide}});
    atLeast("block R²", fit.blocks->r2, 0.990, 5e-4);
    atMost("block MAPE", fit.blocks->mapePercent, 3.3, 0.05);
    atLeast("block tau", fit.blocks->kendallTau, 0.932, 5e-4);
    const auto mean = [](const std::vector<ErrorRange>& ranges, auto member) { return (*(ranges[0].error.*member) + *(ranges[1].error.*member)) / 2; };
    atLeast("R²", mean(fit.inSample, &DeviceError::r2), 0.995, 5e-4);
    atMost("MAPE", mean(fit.inSample, &DeviceError::mapePercent), 1.27, 0.005);
    atLeast("tau", mean(fit.inSample, &DeviceError::kendallTauInResolution), 0.955, 5e-4);
    atMost("left out MAPE", mean(fit.heldOut, &DeviceError::mapePercent), 1.31, 0.005);
    atLeast("left out tau", mean(fit.heldOut, &DeviceError::kendallTauInResolution), 0.955, 5e-4);
    atLeast("left out within 5 %", mean(fit.heldOut, &DeviceError::within5Percent), 99, 0.5);
    compareWithCatalogue(fit, "intel-i7-8700k", wide);

    const auto check = [&](const std::shared_ptr<const Parts>& from, const std::shared_ptr<const Parts>& to, double r2, double mape, double tau) {
        const auto one = fitTables({{table, from}});
        const auto model = one.model.tables(to).front(), truth = toCostTable(table, to);
        double error = 0;
        for (const int r : truth.resolutions()) {
            PythonRandom random(static_cast<std::uint64_t>(r));
            for (int i = 0; i < 100; ++i) {
                const auto s = referenceSubnet(to->space(), random, r);
                error += std::abs(model.cost(s) / truth.cost(s) - 1) / static_cast<double>(truth.resolutions().size());
            }
        }
        atMost("carried over MAPE", error, mape, 0.05);
        atLeast("own R²", one.inSample.front().error.r2, r2, 5e-4);
        atLeast("own tau", one.inSample.front().error.kendallTauInResolution, tau, 5e-4);
    };
    check(narrow, wide, 0.995, 2.1, 0.955);
    check(wide, narrow, 0.995, 1.6, 0.956); // tau .957 in the study; .9558 to .9563 by seed here
}

void TestDeviceFit::gpus_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("column");
    QTest::addColumn<int>("batch");
    QTest::addColumn<QString>("form");
    QTest::addColumn<double>("r2");
    QTest::addColumn<double>("mape");
    QTest::addColumn<double>("tau");
    QTest::addColumn<double>("within10");
    // The study's figures are of one split of 4,000 / 1,000, these are of all 5,000 nets held out in turn: at the settings
    // with outliers its split was luckier than the mean of five (2080 Ti: R² .973, tau .946, 96.6 %; launch only, fitted by
    // least squares there: R² .69 and .78, tau .81 and .76, 91 %). What is pinned here is what five folds give.
    QTest::newRow("titan rtx 1") << "nvidia-titan-rtx-b1" << "titan_rtx_1" << 1 << "launch" << 0.668 << 3.8 << 0.81 << 89.0;
    QTest::newRow("titan rtx 32") << "nvidia-titan-rtx-b32" << "titan_rtx_32" << 32 << "additive" << 1.000 << 0.55 << 0.988 << 100.0;
    QTest::newRow("titan rtx 64") << "nvidia-titan-rtx-b64" << "titan_rtx_64" << 64 << "additive" << 1.000 << 0.55 << 0.988 << 100.0;
    QTest::newRow("v100 1") << "nvidia-v100-b1" << "v100_1" << 1 << "launch" << 0.757 << 4.4 << 0.748 << 88.8;
    QTest::newRow("v100 32") << "nvidia-v100-b32" << "v100_32" << 32 << "max" << 0.959 << 2.4 << 0.878 << 95.3;
    QTest::newRow("v100 64") << "nvidia-v100-b64" << "v100_64" << 64 << "additive" << 0.999 << 0.61 << 0.986 << 99.75;
    QTest::newRow("titan xp 32") << "nvidia-titan-xp-b32" << "titan_xp_32" << 32 << "additive" << 0.987 << 2.4 << 0.951 << 96.15;
    QTest::newRow("titan xp 64") << "nvidia-titan-xp-b64" << "titan_xp_64" << 64 << "additive" << 0.996 << 1.57 << 0.969 << 99.25;
    QTest::newRow("2080 ti 64") << "nvidia-rtx-2080-ti-b64" << "2080ti_64" << 64 << "additive" << 0.965 << 2.2 << 0.941 << 95.85;
}

void TestDeviceFit::gpus()
{
    NEED_REFERENCE("real/help/help_mbv3_gpu_latency_ms.csv");
    QFETCH(QString, id);
    QFETCH(QString, column);
    QFETCH(int, batch);
    QFETCH(QString, form);
    QFETCH(double, r2);
    QFETCH(double, mape);
    QFETCH(double, tau);
    QFETCH(double, within10);
    const auto parts = partsOf("ofa-mbv3-w1.2");
    DeviceFitOptions options;
    options.form = fitFormFromName(form.toStdString(), "form");
    const auto rows = readMeasurements(referenceDir() / "real/help/help_mbv3_gpu_latency_ms.csv", parts->space(), column.toStdString());
    QCOMPARE(rows.size(), std::size_t(5000));
    const auto fit = fitMeasurements(rows, parts, batch, options);
    const auto& e = fit.heldOut.front().error;
    atLeast("R²", e.r2, r2, 5e-4);
    atMost("MAPE", e.mapePercent, mape, 0.005);
    atLeast("tau", e.kendallTau, tau, form == "launch" ? 5e-3 : 5e-4);
    atLeast("within 10 %", e.within10Percent, within10, 0.06);
    QCOMPARE(meetsShipRule(e), form == "additive");
    QCOMPARE(fit.model.launchBound(), form == "launch");
    compareWithCatalogue(fit, id.toStdString(), parts);
}

void TestDeviceFit::catalogueOpensForBothWidths()
{
    const auto wide = catalogueDeviceIds("ofa-mbv3-w1.2"), narrow = catalogueDeviceIds("ofa-mbv3-w1.0");
    QCOMPARE(wide.size(), std::size_t(11));
    QVERIFY(wide == narrow);
    QVERIFY(catalogueDeviceIds("ofa-proxyless-w1.3").empty());
    for (const char* space : {"ofa-mbv3-w1.0", "ofa-mbv3-w1.2"})
        for (const auto& id : wide) {
            const auto parts = partsOf(space);
            const auto d = catalogueDevice(id, parts);
            QVERIFY2(!d.source.empty() && !d.licence.empty() && d.error && d.error->band90Percent, id.c_str());
            for (const int r : parts->space().resolutions) {
                auto s = parts->space().largest();
                s.resolution = static_cast<std::uint16_t>(r);
                const auto ms = d.latency(s);
                QVERIFY2(ms.value > 0.5 && ms.value < 1000 && *ms.low < ms.value && *ms.high > ms.value, id.c_str());
            }
        }
    const auto has = [&](const char* id, const char* warning) {
        const auto d = catalogueDevice(id, partsOf("ofa-mbv3-w1.2"));
        return std::any_of(d.warnings.begin(), d.warnings.end(), [&](const auto& w) { return testing::contains(w, warning); });
    };
    QVERIFY(has("nvidia-v100-b32", "ranking weak"));
    QVERIFY(has("nvidia-v100-b1", "resolution is free") && has("nvidia-titan-rtx-b1", "no ranking inside equal counts"));
    QVERIFY(!has("nvidia-v100-b64", "ranking weak"));
}

QTEST_APPLESS_MAIN(TestDeviceFit)
#include "tst_devicefit.moc"

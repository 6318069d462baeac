// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"

#include "base/file.h"
#include "device/device.h"
#include "space/sampling.h"

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;
using testing::without;

namespace {

Device sampleDevice(const std::string& net, LatencyForm form = LatencyForm::Additive)
{
    const auto parts = std::make_shared<const Parts>(fixtureSpace(net));
    Device d;
    d.id = "phone-1";
    d.title = "Phone 1";
    d.source = "made for a test";
    d.licence = "CC0-1.0";
    d.spaceId = parts->space().id;
    d.kind = Kind::Model;
    d.supply = Supply::Battery;
    d.conditions = {1, 4, "TensorFlow Lite", "float32", ""};
    d.form = form;
    const std::vector<int> resolutions{parts->space().resolutions[0], parts->space().resolutions[2]};
    d.sums.push_back(CostTable::make(parts, resolutions, [](std::size_t p, int v, const Block& b, int size) {
        return 0.01 * static_cast<double>(p) + 0.001 * v + 1e-4 * size + 0.1 * b.kernel;
    }));
    if (form == LatencyForm::MaxOfSums)
        d.sums.push_back(CostTable::make(parts, resolutions, [](std::size_t, int v, const Block&, int size) { return 0.02 * size + 0.01 * v; }));
    d.powerW["active"] = {2.5, 2.0, 3.0, Kind::Citation, "a table"};
    d.workPj["pointwiseMac"] = {3.0, 1.0, 9.0, Kind::Model, "a paper"};
    d.warnings = {"ranking weak"};
    return d;
}

} // namespace

class TestDevice : public QObject {
    Q_OBJECT
private slots:
    void jsonRoundTrips_data();
    void jsonRoundTrips();
    void estimateHasABandOnlyWhereAnErrorIsKnown();
    void maxOfSumsTakesTheLarger();
    void badFiles_data();
    void badFiles();
    void idsFromNames();
    void catalogueNamesWhatThereIs();
};

void TestDevice::jsonRoundTrips_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"mbv3_w1.0", "proxyless_w1.3", "resnet50", "tiny_mbv3_b"})
        QTest::newRow(net) << net;
}

void TestDevice::jsonRoundTrips()
{
    QFETCH(QString, net);
    for (const auto form : {LatencyForm::Additive, LatencyForm::MaxOfSums}) {
        auto d = sampleDevice(net.toStdString(), form);
        d.error = DeviceError{"100 nets", 100, 0.99, 1.5, 0.95, 99.0, 4.0};
        const auto text = printJson(toJson(d));
        const auto json = parseJson(text, "d.json");
        const auto parts = std::make_shared<const Parts>(fixtureSpace(net.toStdString()));
        const auto back = deviceFromJson(JsonView(json, "d.json"), parts);
        compareText(printJson(toJson(back)), text);
        Random random(1);
        for (int i = 0; i < 20; ++i) {
            const auto s = uniformSubnet(parts->space(), random, d.resolutions()[1]);
            QCOMPARE(back.latencyMs(s), d.latencyMs(s));
        }
    }
}

void TestDevice::estimateHasABandOnlyWhereAnErrorIsKnown()
{
    auto d = sampleDevice("tiny_mbv3_b");
    auto s = d.sums[0].parts().space().smallest();
    QVERIFY(!d.latency(s).low && !d.latency(s).high);
    d.error = DeviceError{"100 nets", 100, {}, {}, {}, {}, 10.0};
    const auto e = d.latency(s);
    QCOMPARE(*e.low, e.value * 0.9);
    QCOMPARE(*e.high, e.value * 1.1);
    compareText(e.source, "made for a test; 90 % of 100 nets within ±10 %");
    s.resolution = 224;
    compareText(messageOf([&] { d.latency(s); }), "the table has no column for the resolution: found 224; allowed 128, 136");
}

void TestDevice::maxOfSumsTakesTheLarger()
{
    const auto d = sampleDevice("tiny_mbv3_b", LatencyForm::MaxOfSums);
    Random random(2);
    for (int i = 0; i < 50; ++i) {
        const auto s = uniformSubnet(d.sums[0].parts().space(), random, d.resolutions()[0]);
        QCOMPARE(d.latencyMs(s), std::max(d.sums[0].cost(s), d.sums[1].cost(s)));
    }
}

void TestDevice::badFiles_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    QTest::newRow("schema") << "/schema" << "9" << "d.json: schema: number out of range: found 9; allowed 1 to 1";
    QTest::newRow("id") << "/id" << "\"../x\"" << "d.json: id: not an id: found \"../x\"; allowed lower-case letters, digits, dots and hyphens";
    QTest::newRow("space") << "/space" << "\"other\"" << "d.json: space: the device is for another space: found \"other\"; allowed \"tiny_mbv3_b\"";
    QTest::newRow("kind") << "/kind" << "\"guess\"" << "d.json: kind: unknown kind of figure: found \"guess\"; allowed measured, counter, table, model, predicted, citation, user";
    QTest::newRow("supply") << "/supply" << "\"solar\"" << "d.json: supply: unknown value: found \"solar\"; allowed battery, mains, data-centre";
    QTest::newRow("form") << "/latencyMs/form" << "\"max-of-sums\"" << "d.json: latencyMs.sums: wrong number of sums: found 1; allowed two or more";
    QTest::newRow("resolution") << "/latencyMs/resolutions" << "[128,130]" << "d.json: latencyMs.resolutions: resolution outside the space: found 130; allowed 128, 132, 136, 140, 144, 148, 152, 156, 160, 164, 168, 172, 176, 180, 184, 188, 192, 196, 200, 204, 208, 212, 216, 220, 224";
    QTest::newRow("missing column") << "/latencyMs/resolutions" << "[128,136,140]" << "d.json: latencyMs.sums[0]: resolutions without values: found 140";
    QTest::newRow("part") << "/latencyMs/parts/2" << "\"blocks.9\"" << "d.json: latencyMs.parts: the parts are not those of the space: found \"blocks.9\"; allowed \"blocks.1\"";
    QTest::newRow("variants") << "/latencyMs/sums/0/128/2" << "[1,2]" << "d.json: latencyMs.sums[0].128[2]: wrong number of variants of blocks.1: found 2; allowed 4";
    QTest::newRow("negative") << "/latencyMs/sums/0/128/0" << "[-1]" << "d.json: latencyMs.sums[0].128[0][0]: number out of range: found -1; allowed 0 to 1e+09";
    QTest::newRow("power") << "/powerW/turbo" << "{}" << "d.json: powerW: unknown key: found \"turbo\"; allowed active, awake";
}

void TestDevice::badFiles()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, message);
    const auto parts = std::make_shared<const Parts>(fixtureSpace("tiny_mbv3_b"));
    auto json = toJson(sampleDevice("tiny_mbv3_b"));
    json[Json::json_pointer{key.toStdString()}] = parseJson(value.toStdString(), "value");
    compareText(messageOf([&] { deviceFromJson(JsonView(json, "d.json"), parts); }), message.toStdString());
}

void TestDevice::idsFromNames()
{
    compareText(idFromName("Samsung Note10"), "samsung-note10");
    compareText(idFromName("  i7-8700K (1 thread)"), "i7-8700k-1-thread");
    compareText(idFromName("../../etc/passwd"), "etc-passwd");
    compareText(idFromName("電話"), "device");
}

void TestDevice::catalogueNamesWhatThereIs()
{
    const auto parts = std::make_shared<const Parts>(fixtureSpace("tiny_mbv3_b"));
    compareText(messageOf([&] { catalogueDevice("none", parts); }),
        "there is no device with this id for the space tiny_mbv3_b: found \"none\"; allowed a device file or a latency table");
}

QTEST_APPLESS_MAIN(TestDevice)
#include "tst_device.moc"

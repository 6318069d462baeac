// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "commalocale.h"
#include "support.h"

#include "carbon/runreport.h"

#include <fmt/format.h>

#include <algorithm>
#include <clocale>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::messageOf;

namespace {

RunReport sample()
{
    RunReport r;
    r.project = "search";
    r.runId = "run-1";
    r.command = "python train.py --name \"a, b\"";
    r.begin = "2026-03-01T12:00:00Z";
    r.end = "2026-03-01T13:00:00Z";
    r.durationS = 3600;
    r.components = {{Component::Cpu, meterBand(0.1, 1.05, Kind::Counter, "RAPL"), meterBand(100, 1.05, Kind::Counter, "RAPL"), "RAPL (powercap)"},
        {Component::Gpu, meterBand(0.3, 1.05, Kind::Counter, "NVML"), meterBand(300, 1.05, Kind::Counter, "NVML"), "NVML"},
        {Component::Ram, meterBand(0.01, 2, Kind::Model, "rule"), meterBand(10, 2, Kind::Model, "rule"), "estimate"}};
    r.pue = userValue(1.25, "of the user");
    r.intensityGPerKwh = meterBand(342.06, 1.1, Kind::Table, "Ember");
    r.zone = "DE";
    r.zoneIso3 = "DEU";
    r.zoneYear = 2024;
    r.basis = "lifecycle/production";
    r.cpuModel = "Known & 100%";
    r.cpuThreads = 8;
    r.ramGb = 16;
    r.gpus = {"GPU 0 (Stub_300)"};
    r.phases = {{"train", 3600, 0.41}};
    r.epochKwh = {0.2, 0.21};
    r.epochS = {1800, 1800};
    r.epochsTotal = 4;
    r.forecast = forecastEpochs(r.epochKwh, r.epochS, 4);
    r.exitCode = 0;
    r.measured = {"CPU package measured by RAPL."};
    r.reasons = {"=memory is estimated"};
    r.equivalents = {{"km of a car", meterBand(0.7, 1.5, Kind::Citation, "EPA")}};
    r.citations = {"Energy: RAPL", "Intensity: Ember_2024"};
    addUp(r);
    return r;
}

} // namespace

class TestRunReport : public QObject {
    Q_OBJECT
private slots:
    void jsonAndBack();
    void jsonErrors();
    void csv();
    void markdown();
    void latex();
    void text();
    void localeDoesNotMatter();
    void numbers_data();
    void numbers();
    void sumsAreSums();
    void errors();
};

void TestRunReport::jsonAndBack()
{
    const auto r = sample();
    const auto text = printJson(toJson(r));
    const auto json = parseJson(text, "run.json");
    const auto back = runReportFromJson(JsonView(json, "run.json"));
    QVERIFY(back == r);
    compareText(printJson(toJson(back)), text);
}

void TestRunReport::jsonErrors()
{
    auto json = toJson(sample());
    json["schema"] = "other/1";
    compareText(messageOf([&] { runReportFromJson(JsonView(json, "run.json")); }),
        "run.json: schema: not a run of this program: found \"other/1\"; allowed paretoscope.run/1");
    json = toJson(sample());
    json["components"][1]["component"] = "tpu";
    compareText(messageOf([&] { runReportFromJson(JsonView(json, "run.json")); }),
        "run.json: components[1]: unknown component: found \"tpu\"; allowed cpu, dram, gpu, ram, box");
    json = toJson(sample());
    json["durationS"] = -1;
    QVERIFY(contains(messageOf([&] { runReportFromJson(JsonView(json, "run.json")); }), "durationS"));
}

void TestRunReport::csv()
{
    const auto csv = runReportsCsv({sample()});
    const auto header = csv.substr(0, csv.find('\n'));
    for (const char* column : {"timestamp", "project_name", "run_id", "duration", "emissions", "emissions_rate", "cpu_power", "gpu_power", "ram_power", "cpu_energy",
             "gpu_energy", "ram_energy", "energy_consumed", "country_iso_code", "region", "cloud_provider", "cloud_region", "pue"})
        QVERIFY2(contains(fmt::format(",{},", header), fmt::format(",{},", column)), column);
    const auto row = csv.substr(csv.find('\n') + 1);
    QVERIFY(row.starts_with("2026-03-01T13:00:00Z,search,run-1,,3600,0.1753"));
    QVERIFY(contains(row, ",100,300,10,0.1,0.3,0.01,0.5125000000000001,,DE,DEU,,"));
    QVERIFY(contains(row, "'=memory is estimated")); // no formula for a spreadsheet
    QCOMPARE(std::count(row.begin(), row.end(), ','), std::count(header.begin(), header.end(), ','));
}

void TestRunReport::markdown()
{
    const auto text = runReportMarkdown(sample());
    QVERIFY(contains(text, "| Time | 1.00 h |"));
    QVERIFY(contains(text, "| PUE | 1.25 |"));
    QVERIFY(contains(text, "| gpu | 0.300 (0.286 to 0.315) kWh | 300 (286 to 315) W | NVML (counter) |"));
    QVERIFY(contains(text, "**175 (158 to 195) g CO2e**"));
    QVERIFY(contains(text, "342 (311 to 376) g/kWh, DE in 2024"));
}

void TestRunReport::latex()
{
    const auto text = runReportLatex(sample());
    QVERIFY(contains(text, "Known \\& 100\\% (8 threads), 16.0 GB of memory, GPU 0 (Stub\\_300) for 1.00 h"));
    QVERIFY(contains(text, "175 (158 to 195) g CO$_2$e."));
    QVERIFY(contains(text, "For comparison: 0.70 (0.47 to 1.0) km of a car."));
    QVERIFY(contains(text, "\\item Intensity: Ember\\_2024"));
    QVERIFY(!contains(text, "{}{"));
}

void TestRunReport::text()
{
    const auto text = runReportText(sample());
    QVERIFY(text.starts_with("1.00 h of this machine: 513 (493 to 536) Wh (model), 175 (158 to 195) g CO2e at 342 g/kWh (DE in 2024, PUE 1.25)\n"));
    QVERIFY(contains(text, "  ram: 10 (5.0 to 20) Wh, mean 10 (5.0 to 20) W; estimate\n"));
}

void TestRunReport::localeDoesNotMatter()
{
    const auto all = [] { return runReportsCsv({sample()}) + runReportMarkdown(sample()) + runReportLatex(sample()) + runReportText(sample()) + printJson(toJson(sample())); };
    const auto before = all();
    const testing::CommaLocale commas;
    compareText(all(), before);
}

void TestRunReport::numbers_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("digits");
    QTest::addColumn<QString>("text");
    QTest::newRow("0.0999") << 0.0999 << 2 << "0.10";
    QTest::newRow("999.6") << 999.6 << 3 << "1000";
    QTest::newRow("1234") << 1234.0 << 2 << "1200";
    QTest::newRow("12") << 12.34 << 3 << "12.3";
    QTest::newRow("small") << 0.000012345 << 2 << "0.000012";
    QTest::newRow("zero") << 0.0 << 2 << "0";
    QTest::newRow("tiny") << 1.5e-9 << 2 << "1.5e-09";
}

void TestRunReport::numbers()
{
    QFETCH(double, value);
    QFETCH(int, digits);
    QFETCH(QString, text);
    compareText(plainText(value, digits), text.toStdString());
}

void TestRunReport::sumsAreSums()
{
    // Case X03: time by k scales energy and carbon by k; the sum of runs is the sum.
    const auto r = sample();
    auto twice = r;
    for (auto& c : twice.components)
        c.energyKwh = meterScaled(c.energyKwh, 2);
    addUp(twice);
    QVERIFY(std::abs(twice.co2eG.value - 2 * r.co2eG.value) < 1e-9 && std::abs(*twice.co2eG.high - 2 * *r.co2eG.high) < 1e-9);
    QVERIFY(r.energyKwh.kind == Kind::User && r.energyItKwh.kind == Kind::Model); // the worst kind
}

void TestRunReport::errors()
{
    auto r = sample();
    r.pue.value = 0.99;
    compareText(messageOf([&] { addUp(r); }), "PUE: must be at least 1: found 0.99; allowed 1 (own computer) to 3");
    r = sample();
    r.intensityGPerKwh.value = -1;
    compareText(messageOf([&] { addUp(r); }), "intensity: must be a number of at least 0: found -1; allowed g CO2e per kWh");
}

QTEST_APPLESS_MAIN(TestRunReport)
#include "tst_runreport.moc"

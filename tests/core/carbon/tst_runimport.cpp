// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "base/file.h"
#include "carbon/runimport.h"

#include <algorithm>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::messageOf;

namespace {

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

const std::string kNewHeader = "timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,"
                               "energy_consumed,country_name,country_iso_code,codecarbon_version,cpu_model,gpu_count,gpu_model,longitude,latitude,pue\n";

// A run of an hour without a fault: 100 W CPU that moved, 250 W GPU, 20 W memory, Germany.
struct Row {
    std::string duration = "3600", emissions = "0.1235", rate, cpuPower = "90", cpuEnergy = "0.1", gpuEnergy = "0.25", ramEnergy = "0.02", consumed = "0.37",
                country = "Germany,DEU", gpuCount = "1", coordinates = "8.0,50.0", pue = "1.0";
    std::string text() const
    {
        return kNewHeader + "2026-01-01T00:00:00,p,id," + duration + "," + emissions + "," + rate + "," + cpuPower + ",250,20," + cpuEnergy + "," + gpuEnergy + ","
            + ramEnergy + "," + consumed + "," + country + ",3.3.0,\"Some, CPU\"," + gpuCount + ",1 x A100," + coordinates + "," + pue + "\n";
    }
};

std::string faultsOf(const std::string& csv)
{
    const IntensityLookup lookup = [](const std::string& c) { return c == "DEU" ? std::optional(342.0) : std::nullopt; };
    std::string all;
    const auto runs = importCodecarbon(csv, "e.csv", lookup);
    for (const auto& f : runs.at(0).faults)
        all += f + "\n";
    return all;
}

const std::string kStandard = R"(2026-01-01 10:00:00 - carbontracker version 2.0.1
2026-01-01 10:00:00 - The following components were found: GPU with device(s) A100, A100. CPU with device(s) cpu:0.
2026-01-01 10:00:01 - Epoch 1:
2026-01-01 10:30:01 - Duration: 0:30:00.00
2026-01-01 10:30:01 - Average power usage (W) for gpu: [200. 200.]
2026-01-01 10:30:01 - Average power usage (W) for cpu: [100.]
2026-01-01 10:30:01 - Epoch 2:
2026-01-01 11:00:01 - Duration: 0:30:00.00
2026-01-01 11:00:01 - Average power usage (W) for gpu: [200. 200.]
2026-01-01 11:00:01 - Average power usage (W) for cpu: [100.]
2026-01-01 11:00:01 - Average carbon intensity during training was 102.00 gCO2/kWh at detected location: Copenhagen, Capital Region, DK.
)";

std::string output(const std::string& kwh, const std::string& g)
{
    return "2026-01-01 11:00:01 - CarbonTracker: \nActual consumption for 2 epoch(s):\n\tTime:\t1:00:00\n\tEnergy:\t" + kwh + " kWh\n\tCO2eq:\t" + g
        + " g\n\tThis is equivalent to:\n\t0.1 km travelled by car\n";
}

std::string joined(const std::vector<std::string>& faults)
{
    std::string all;
    for (const auto& f : faults)
        all += f + "\n";
    return all;
}

} // namespace

class TestRunImport : public QObject {
    Q_OBJECT
private slots:
    void cleanRowHasNoFault();
    void oldColumns();
    void faults_data();
    void faults();
    void ownCsvIsRead();
    void badCsv_data();
    void badCsv();
    void carbontrackerAveragesDevices();
    void carbontrackerOneDevice();
    void carbontrackerOutputOnly();
    void carbontrackerZeroSensor();
    void carbontrackerPrediction();
    void badLogs_data();
    void badLogs();
    void filesAndPairs();
};

void TestRunImport::cleanRowHasNoFault()
{
    compareText(faultsOf(Row().text()), "");
    const auto i = importCodecarbon(Row().text(), "e.csv").at(0);
    compareText(i.toolVersion, "3.3.0");
    compareText(i.where, "e.csv:2");
    QVERIFY(close(i.run.energyKwh.value, 0.37) && close(i.run.co2eG.value, 123.5));
    QVERIFY(i.run.energyKwh.low && i.run.co2eG.high && *i.run.co2eG.high > 123.5);
    compareText(i.run.cpuModel, "Some, CPU");
    QCOMPARE(i.run.components.size(), 3u);
}

void TestRunImport::oldColumns()
{
    // Version 1: no powers, no components; the column energy_consumed came with it.
    const auto runs = importCodecarbon("\xEF\xBB\xBFtimestamp,experiment_id,project_name,duration,emissions,energy_consumed,country_name,country_iso_code,region,on_cloud\r\n"
                                       "2021-01-01T00:00:00,e,p,10,0.001,0.01,France,FRA,,N\r\n2021-01-02T00:00:00,e,p,20,0.002,0.02,France,FRA,,N\r\n", "old.csv");
    QCOMPARE(runs.size(), 2u);
    QVERIFY(close(runs[1].run.energyKwh.value, 0.02) && close(*runs[1].run.energyKwh.high, 0.04));
    QVERIFY(runs[1].run.components.empty());
}

void TestRunImport::faults_data()
{
    QTest::addColumn<QString>("csv");
    QTest::addColumn<QString>("fault");
    const auto add = [](const char* tag, const Row& row, const char* fault) { QTest::newRow(tag) << QString::fromStdString(row.text()) << fault; };
    Row r;
    r.cpuEnergy = "0";
    r.consumed = "0.27";
    add("zero CPU", r, "the energy of the CPU is 0: its counter could not be read; the total is too low");
    r = {};
    r.gpuEnergy = "0";
    add("zero GPU", r, "the energy of 1 GPU(s) is 0: the driver has no energy counter (codecarbon #1316); the total is too low");
    r = {};
    r.cpuPower = "42.5";
    r.cpuEnergy = "0.0425";
    r.consumed = "0.3125";
    add("constant", r, "the CPU's power was a constant 42.5 W (the fallback for an unknown processor), not a reading");
    r = {};
    r.cpuPower = "15";
    r.cpuEnergy = "0.0878175913472"; // 54,000 J and 262,143 J
    add("range injected", r, "the CPU holds 262143 J more than its power explains, 1 x 262143 J: the range of a counter was added after a failed read");
    r = {};
    r.cpuEnergy = "-0.001111";
    add("negative", r, "cpu_energy is negative: a counter wrapped and its range was not known (codecarbon #322, #1309)");
    r = {};
    r.emissions = "270.692";
    add("unit slip", r, "the intensity is 7.316e+05 g/kWh, which no grid has: a unit slipped (a gram value taken for kilogram, or the reverse)");
    r = {};
    r.rate = "0.0343055";
    add("rate", r, "emissions_rate is in g/s although the column means kg/s (units changed between versions)");
    r = {};
    r.pue = "1.58";
    r.consumed = "0.5846";
    add("pue", r, "PUE 1.58 is in the energy but not in the components and powers (codecarbon #1320)");
    r = {};
    r.pue = "0.8";
    add("pue below 1", r, "PUE 0.8 is below 1, which cannot be; 1 is used");
    r = {};
    r.emissions = "0.0074";
    add("other country", r, "the intensity is 20 g/kWh and that of DEU is about 342: another country, region or year");
    r = {};
    r.emissions = "0.17575";
    add("world", r, "the intensity is 475 g/kWh, the world average of the tool: it did not know the place");
    r = {};
    r.country = "Canada,CAN";
    r.coordinates = ",";
    add("Canada", r, "Canada without coordinates: codecarbon assumes Canada when it cannot find the place (#854, #1101)");
    r = {};
    r.consumed = "0.5";
    add("sum", r, "the components add up to 0.37 kWh and the total is 0.5 kWh");
}

void TestRunImport::faults()
{
    QFETCH(QString, csv);
    QFETCH(QString, fault);
    const auto found = faultsOf(csv.toStdString());
    QVERIFY2(contains(found, fault.toStdString() + "\n"), found.c_str());
}

void TestRunImport::ownCsvIsRead()
{
    auto run = importCodecarbon(Row().text(), "e.csv").at(0).run;
    const auto again = importCodecarbon(runReportsCsv({run}), "own.csv").at(0);
    QVERIFY(close(again.run.energyKwh.value, 0.37) && close(again.run.co2eG.value, 123.5));
}

void TestRunImport::badCsv_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](auto&& change) {
        Row r;
        change(r);
        return QString::fromStdString(r.text());
    };
    QTest::newRow("columns") << "timestamp,duration\n1,2\n"
                             << "e.csv:1: columns of codecarbon are missing: found \"timestamp,duration\"; allowed with emissions, energy_consumed";
    QTest::newRow("other file") << "a,b\n1,2\n"
                                << "e.csv:1: neither an emissions.csv of codecarbon nor a log of Carbontracker: found \"a,b\"; allowed with timestamp, duration, "
                                   "emissions, energy_consumed";
    QTest::newRow("header only") << QString::fromStdString(kNewHeader) << "e.csv: holds no run: found a header only; allowed at least one row";
    QTest::newRow("nan") << row([](Row& r) { r.emissions = "nan"; }) << "e.csv:2, column emissions: not a finite number: found \"nan\"; allowed a number";
    QTest::newRow("text") << row([](Row& r) { r.duration = "1h"; }) << "e.csv:2, column duration: not a number: found \"1h\"; allowed a number";
    QTest::newRow("empty") << row([](Row& r) { r.consumed = ""; }) << "e.csv:2, column energy_consumed: is empty: allowed a number";
    QTest::newRow("quoted decimal comma") << row([](Row& r) { r.emissions = "\"0,5\""; })
                                          << "e.csv:2, column emissions: a decimal comma: found \"0,5\"; allowed a decimal point";
    QTest::newRow("decimal comma") << row([](Row& r) { r.emissions = "0,5"; }) << "e.csv:2: more cells than columns (a decimal comma?): found 23; allowed 22";
    QTest::newRow("semicolons") << "timestamp;duration;emissions\n1;2,5;3\n"
                                << "e.csv:1: columns are parted by semicolons (and decimals perhaps by commas): found \"timestamp;duration;emissions\"; allowed commas "
                                   "and decimal points, as codecarbon writes them";
    QTest::newRow("short row") << QString::fromStdString(kNewHeader + "a,b\n") << "e.csv:2: fewer cells than columns: found 2; allowed 22";
    QTest::newRow("open quote") << QString::fromStdString(kNewHeader + "\"a,b\n") << "e.csv:2: a quote is not closed";
    QTest::newRow("negative time") << row([](Row& r) { r.duration = "-1"; }) << "e.csv:2, column duration: is negative: found -1; allowed at least 0 s";
}

void TestRunImport::badCsv()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { importCodecarbon(text.toStdString(), "e.csv"); }), message.toStdString());
}

void TestRunImport::carbontrackerAveragesDevices()
{
    // 2 x 200 W + 100 W for an hour are 0.5 kWh; averaged and with PUE 1.58 it prints 0.474.
    const auto i = importCarbontracker(output("0.474", "48.348"), kStandard, "run.log");
    compareText(i.toolVersion, "2.0.1");
    compareText(i.faults.at(0), "the energy of 2 devices was averaged instead of added (carbontracker since 2.0.0): 0.474 kWh printed, 0.79 kWh with PUE 1.58 "
                                "added up; the larger is used");
    compareText(i.faults.at(1), "PUE 1.58 is in the printed energy; the powers are without it (and so is the PDF of Carbontracker)");
    QVERIFY(close(i.run.energyItKwh.value, 0.5) && close(i.run.energyKwh.value, 0.79));
    QVERIFY(close(i.run.intensityGPerKwh.value, 102) && close(i.run.co2eG.value, 0.79 * 102));
    QCOMPARE(i.run.epochKwh, (std::vector<double>{0.25, 0.25}));
    compareText(i.run.zone, "Copenhagen, Capital Region, DK");
    compareText(i.run.gpus.at(0), "A100, A100");
}

void TestRunImport::carbontrackerOneDevice()
{
    auto standard = kStandard;
    for (const auto& [from, to] : {std::pair("[200. 200.]", "[400.]"), std::pair("A100, A100", "A100"), std::pair("2.0.1", "1.1.6")})
        for (auto at = standard.find(from); at != std::string::npos; at = standard.find(from))
            standard.replace(at, std::string(from).size(), to);
    const auto i = importCarbontracker(output("0.5", "51"), standard, "run.log", [](const std::string& c) { return c == "DK" ? std::optional(400.0) : std::nullopt; });
    compareText(joined(i.faults), "the intensity is 102 g/kWh and that of DK is about 400: another country, region or hour\n");
    QVERIFY(close(i.run.energyKwh.value, 0.5) && close(i.run.durationS, 3600));
}

void TestRunImport::carbontrackerOutputOnly()
{
    const auto i = importCarbontracker("CarbonTracker: The following components were found: GPU with device(s) A, B.\nCarbonTracker: \nActual consumption:\n"
                                       "\tTime:\t1 day, 2:00:24\n\tEnergy:\t0.5 kWh\n\tCO2eq:\t147.105 g\n", {}, "o.log");
    QVERIFY(close(i.run.durationS, 93624) && close(i.run.co2eG.value, 147.105));
    const auto faults = joined(i.faults);
    QVERIFY(contains(faults, "2 devices of one kind: carbontracker since 2.0.0 averages them instead of adding; the printed energy may be up to 2 times too low"));
    QVERIFY(contains(faults, "the intensity is 294.21 g/kWh, a constant of the tool: the place was not known"));
}

void TestRunImport::carbontrackerZeroSensor()
{
    auto standard = kStandard;
    for (auto at = standard.find("[100.]"); at != std::string::npos; at = standard.find("[100.]"))
        standard.replace(at, 6, "[None]");
    standard += "No RAPL read-permissions\n";
    const auto faults = joined(importCarbontracker({}, standard, "s.log").faults);
    QVERIFY2(contains(faults, "the energy of cpu is 0: RAPL may be read by root only, and 0 was recorded"), faults.c_str());
}

void TestRunImport::carbontrackerPrediction()
{
    const auto i = importCarbontracker("CarbonTracker: \nPredicted consumption for 100 epoch(s):\n\tTime:\t0:03:33\n\tEnergy:\t0.014018 kWh\n\tCO2eq:\t1.429803 g\n", {}, "o.log");
    QVERIFY(contains(joined(i.faults), "only a prediction was logged"));
    QCOMPARE(i.run.epochsTotal, 100);
}

void TestRunImport::badLogs_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("nothing") << "CarbonTracker: Finished monitoring.\n"
                             << "o.log: holds no figure of Carbontracker: allowed \"Actual consumption … Energy … kWh\" (output log) or \"Average power usage (W)\" "
                                "(standard log)";
    QTest::newRow("nan") << "Actual consumption:\n\tEnergy:\tnan kWh\n" << "o.log:2: the energy is no finite number: found \"nan kWh\"; allowed a number";
    QTest::newRow("decimal comma") << "Actual consumption:\n\tEnergy:\t0,5 kWh\n" << "o.log:2: the energy has a decimal comma: found \"0,5 kWh\"; allowed a decimal point";
    QTest::newRow("time") << "Actual consumption:\n\tTime:\tlong\n" << "o.log:2: not a time: found \"\\x09long\"; allowed h:mm:ss";
    QTest::newRow("negative") << "Actual consumption:\n\tEnergy:\t-1 kWh\n" << "o.log:2: the energy is out of range: found \"-1 kWh\"; allowed 0 to 1e15";
}

void TestRunImport::badLogs()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    compareText(messageOf([&] { importCarbontracker(text.toStdString(), {}, "o.log"); }), message.toStdString());
}

void TestRunImport::filesAndPairs()
{
    QTemporaryDir dir;
    const auto folder = std::filesystem::path(dir.path().toStdString());
    writeFileAtomically(folder / "a_carbontracker_output.log", output("0.474", "48.348"));
    writeFileAtomically(folder / "a_carbontracker.log", kStandard);
    writeFileAtomically(folder / "emissions.csv", Row().text());
    writeFileAtomically(folder / "empty.csv", " \n");
    for (const char* file : {"a_carbontracker_output.log", "a_carbontracker.log"}) {
        const auto runs = importRuns(folder / file);
        QCOMPARE(runs.size(), 1u);
        QVERIFY(close(runs[0].run.energyKwh.value, 0.79));
    }
    compareText(importRuns(folder / "emissions.csv").at(0).tool, "codecarbon");
    const auto json = toJson(importRuns(folder / "emissions.csv").at(0));
    QVERIFY(runReportFromJson(JsonView(json["run"], "run")) == importRuns(folder / "emissions.csv").at(0).run);
    compareText(testing::without(messageOf([&] { importRuns(folder / "empty.csv"); }), folder.string()),
        "/empty.csv: is empty: allowed an emissions.csv of codecarbon or a log of Carbontracker");
}

QTEST_APPLESS_MAIN(TestRunImport)
#include "tst_runimport.moc"

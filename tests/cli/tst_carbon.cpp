// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of the carbon room as a user's script sees them.
#include "runcli.h"
#include "support.h"

#include "base/file.h"

#include <QProcess>

using namespace paretoscope;
using testing::compareText;
using testing::runCli;
using testing::contains;

class TestCarbonCli : public QObject {
    Q_OBJECT
private slots:
    void requestFromFileAndStandardInput();
    void schemaPrintsAnExampleThatRuns();
    void ledgerOfABundle();
    void failuresAreOneLine_data();
    void failuresAreOneLine();
    void usage_data();
    void usage();
    void textHoldsNoDigitThatTheBandDenies();
    void tables();
    void grids();
    void gridsOfOnesOwn();
    void hardware();
    void trackPassesTheChildThrough();
    void trackWritesWhatNotebooksRead();
    void importSaysWhatIsWrong();
};

void TestCarbonCli::requestFromFileAndStandardInput()
{
    const std::string request = R"({"power_w":1415.78,"hours":12,"pue":1.58,"lb_per_kwh":0.954})";
    const auto piped = runCli({"carbon", "strubell", "--request", "-", "--json"}, request);
    QCOMPARE(piped.code, 0);
    QVERIFY(std::abs(piped.json()["co2e_lb"].get<double>() - 25.6084021152) < 1e-9);
    const QTemporaryDir dir;
    const auto path = dir.filePath("r.json");
    writeFileAtomically(path.toStdString(), request);
    compareText(runCli({"--json", "carbon", "strubell", "--request", path}).out, piped.out);
}

void TestCarbonCli::schemaPrintsAnExampleThatRuns()
{
    for (const char* formula : {"training", "from-flops", "strubell", "patterson", "design-cost", "break-even", "mix",
             "cpu-power", "what-if", "equivalents"}) {
        const auto schema = runCli({"carbon", formula, "--schema"});
        QCOMPARE(schema.code, 0);
        const auto j = schema.json();
        compareText(j["schema"]["type"].get<std::string>(), "object");
        const auto answer = runCli({"carbon", formula, "--request", "-", "--json"}, j["example"].dump());
        QVERIFY2(answer.code == 0 && answer.json().is_object(), (formula + (": " + answer.err)).c_str());
    }
}

void TestCarbonCli::ledgerOfABundle()
{
    const QStringList asked{"carbon", "ledger", "--bundle", "imagenet-ofa-mbv3-w1.0", "--device", "samsung-note10", "--subnet", "max", "--grid", "FR", "--devices", "1000000"};
    const auto run = runCli(asked + QStringList{"--json"});
    QVERIFY2(run.code == 0, run.err.c_str());
    const auto items = run.json()["items"];
    QCOMPARE(items.size(), std::size_t(1)); // what its training has cost, the bundle does not say
    compareText(items[0]["phase"].get<std::string>(), "inference");
    compareText(items[0]["name"].get<std::string>(), "Samsung Note10");
    const auto without = runCli(asked.mid(0, 6));
    QCOMPARE(without.code, 2);
    QVERIFY2(contains(without.err, "--bundle needs --device and --subnet"), without.err.c_str());
    auto none = asked;
    none.back() = "0";
    const auto refused = runCli(none);
    QCOMPARE(refused.code, 1);
    compareText(refused.err, "paretoscope-cli: devices: must be above 0: found 0\n");
}

void TestCarbonCli::failuresAreOneLine_data()
{
    QTest::addColumn<QString>("formula");
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("message");
    QTest::newRow("pue") << "training"
                         << R"({"tdp_w":1,"hours":1,"pue":0.5})"
                         << "--request: pue: a PUE below 1 is impossible: a data centre uses at least what its "
                            "computers use: found 0.5; allowed from 1 to 10";
    QTest::newRow("hours") << "strubell"
                           << R"({"power_w":1,"hours":-1})"
                           << "--request: hours: negative: found -1; allowed from 0 to 1e+09";
    QTest::newRow("json") << "strubell"
                          << "{"
                          << "--request:1:2: not valid JSON";
    QTest::newRow("nan") << "strubell"
                         << R"({"power_w":NaN,"hours":1})"
                         << "--request:1:12: not valid JSON";
    QTest::newRow("twice") << "strubell"
                           << R"({"hours":1,"hours":1})"
                           << "--request: a key stands twice in one object: found \"hours\"";
}

void TestCarbonCli::failuresAreOneLine()
{
    QFETCH(QString, formula);
    QFETCH(QString, request);
    QFETCH(QString, message);
    const auto o = runCli({"carbon", formula, "--request", "-"}, request.toStdString());
    QCOMPARE(o.code, 1);
    QVERIFY(o.out.empty());
    compareText(o.err, "paretoscope-cli: " + message.toStdString() + "\n");
}

void TestCarbonCli::usage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList{"carbon"};
    QTest::newRow("unknown formula") << QStringList{"carbon", "offsets"};
    QTest::newRow("no request") << QStringList{"carbon", "strubell"};
    QTest::newRow("both") << QStringList{"carbon", "strubell", "--schema", "--request", "-"};
    QTest::newRow("no table") << QStringList{"carbon", "tables"};
    QTest::newRow("unknown table") << QStringList{"carbon", "tables", "llmcarbon"};
}

void TestCarbonCli::usage()
{
    QFETCH(QStringList, arguments);
    const auto o = runCli(arguments);
    QCOMPARE(o.code, 2);
    QVERIFY(o.out.empty() && o.err.ends_with(" (see --help)\n"));
}

void TestCarbonCli::textHoldsNoDigitThatTheBandDenies()
{
    const auto o = runCli(
        {"carbon", "training", "--request", "-"}, R"({"gpu":"V100 SXM2","gpus":8,"hours":100,"zone":"FR","pue":1.2})");
    QCOMPARE(o.code, 0);
    QVERIFY2(contains(o.out, "  it_kwh: 200 [150, 280]  (model; ")
            && contains(o.out, "  g_per_kwh: 44.2 [40.2, 48.6]  (table; France (FR), 2024, "),
        o.out.c_str());
}

void TestCarbonCli::tables()
{
    const auto ofa = runCli({"carbon", "tables", "ofa", "--json"}).json();
    QCOMPARE(ofa["rows"].size(), std::size_t(13));
    compareText(ofa["rows"][9]["figures"][1]["agreement"].get<std::string>(), "DIFFERS");
    const auto text = runCli({"carbon", "tables", "strubell"});
    QCOMPARE(text.code, 0);
    QVERIFY(contains(text.out, "NAS, P100x8") && contains(text.out, "626155") && contains(text.out, "DIFFERS; 79.2 h"));
}

void TestCarbonCli::grids()
{
    const auto all = runCli({"grids", "--json"}).json();
    QCOMPARE(all["grids"].size(), std::size_t(302 + 117));
    for (const auto& r : all["grids"])
        for (const char* key : {"id", "gPerKwh", "unit", "basis", "year", "source", "licence"})
            QVERIFY2(r.contains(key) && !r[key].is_null(), key);
    const auto france = runCli({"grids", "FR", "--json"}).json();
    compareText(france["chosen"]["zone"].get<std::string>(), "FR");
    compareText(france["grids"][0]["licence"].get<std::string>(), "CC-BY-4.0 (Ember)");
    const auto georgia = runCli({"grids", "georgia"});
    QCOMPARE(georgia.code, 0); // two places: both are shown, none is chosen
    QVERIFY(contains(georgia.out, "US-GA") && !contains(georgia.out, "stands for"));
    const auto nowhere = runCli({"grids", "Atlantys"});
    QCOMPARE(nowhere.code, 1);
    QVERIFY2(
        nowhere.err.starts_with("paretoscope-cli: there is no grid zone with this name: found \"Atlantys\"; allowed "),
        nowhere.err.c_str());
}

void TestCarbonCli::gridsOfOnesOwn()
{
    const QTemporaryDir dir;
    const auto path = dir.filePath("own.csv");
    writeFileAtomically(path.toStdString(), "id,name,g_per_kwh\nLAB,Laboratory,12\n");
    compareText(runCli({"grids", "lab", "--csv", path, "--json"}).json()["chosen"]["zone"].get<std::string>(), "LAB");
    const auto request = Json{{"it_kwh", 1}, {"pue", 1}, {"zone", "LAB"}, {"grid_csv", path.toStdString()}}.dump();
    QCOMPARE(runCli({"carbon", "training", "--request", "-", "--json"}, request).json()["g"].get<double>(), 12.0);
    writeFileAtomically(path.toStdString(), "time;g_per_kwh\n2024-01-01T00:00Z;12,5\n");
    const auto bad = runCli({"grids", "--csv", path});
    QCOMPARE(bad.code, 1);
    compareText(testing::without(bad.err, dir.path().toStdString()),
        "paretoscope-cli: /own.csv:2: a number with a decimal comma: found \"12,5\"; allowed a decimal point\n");
}

void TestCarbonCli::hardware()
{
    const auto all = runCli({"hardware", "--json"}).json();
    QCOMPARE(all["hardware"].size(), std::size_t(177));
    for (const auto& r : all["hardware"])
        for (const char* key : {"title", "power", "unit", "basis", "source", "licence"})
            QVERIFY2(r.contains(key) && !r[key].is_null(), key);
    const auto t4 = runCli({"hardware", "tesla t4", "--json"}).json();
    compareText(t4["chosen"].get<std::string>(), "NVIDIA T4");
    QCOMPARE(t4["hardware"][0]["power"]["value"].get<double>(), 70.0);
    const auto nothing = runCli({"hardware", "abacus"});
    QCOMPARE(nothing.code, 1);
    QVERIFY(
        nothing.err.starts_with("paretoscope-cli: there is no such hardware in the table: found \"abacus\"; allowed "));
}

void TestCarbonCli::trackPassesTheChildThrough()
{
    const auto done = runCli({"carbon", "track", "--", "sh", "-c", "echo to-out; echo to-err >&2"});
    QCOMPARE(done.code, 0);
    compareText(done.out, "to-out\n");
    QVERIFY2(contains(done.err, "to-err\n") && contains(done.err, " J (") && contains(done.err, "CO2e"), done.err.c_str());
    QCOMPARE(runCli({"carbon", "track", "--", "sh", "-c", "exit 3"}).code, 3);
    QCOMPARE(runCli({"carbon", "track", "--", "sh", "-c", "kill -9 $$"}).code, 137);
    const auto none = runCli({"carbon", "track", "--", "no-such-program"});
    QCOMPARE(none.code, 127);
    compareText(none.err, "paretoscope-cli: no-such-program: cannot be started: No such file or directory\n");
    // With --json the document has standard output for itself.
    const auto json = runCli({"carbon", "track", "--json", "--grid", "100", "--", "echo", "to-err-now"});
    QVERIFY(contains(json.err, "to-err-now\n"));
    compareText(json.json()["schema"].get<std::string>(), "paretoscope.run/1");
}

void TestCarbonCli::trackWritesWhatNotebooksRead()
{
    const QTemporaryDir dir;
    const auto prefix = dir.filePath("run");
    QCOMPARE(runCli({"carbon", "track", "--out", prefix, "--grid", "FR", "--", "true"}).code, 0);
    const auto csv = readTextFile((prefix + ".csv").toStdString());
    for (const char* column : {"timestamp", "project_name", "run_id", "duration", "emissions", "emissions_rate", "cpu_power", "gpu_power", "ram_power", "cpu_energy",
             "gpu_energy", "ram_energy", "energy_consumed", "country_iso_code", "region", "cloud_provider", "cloud_region", "pue"})
        QVERIFY2(contains(csv.substr(0, csv.find('\n')), column), column);
    const auto latex = runCli({"carbon", "report", prefix + ".json", "--format", "latex"});
    QCOMPARE(latex.code, 0);
    QVERIFY2(contains(latex.out, "CO$_2$e") || contains(latex.out, "CO_2"), latex.out.c_str());
    compareText(runCli({"carbon", "report", prefix + ".json", "--format", "csv"}).out, csv);
    const auto markdown = runCli({"carbon", "report", prefix + ".json", "--format", "markdown"}).out;
    QVERIFY2(contains(markdown, "France") && contains(markdown, "km by an average US car") && contains(markdown, "smartphone charges"), markdown.c_str());
    QCOMPARE(runCli({"carbon", "report", prefix + ".csv"}).code, 1);
    // A zone of one's own.
    const auto own = dir.filePath("own.csv").toStdString();
    writeFileAtomically(own, "id,name,g_per_kwh\nHOME,My roof,12.5\n");
    const auto roof = runCli({"carbon", "track", "--json", "--grid-csv", QString::fromStdString(own), "--grid", "HOME", "--", "true"});
    QVERIFY2(contains(roof.out, "12.5"), roof.out.c_str());
    // What we write is read back by our own import.
    const auto back = runCli({"carbon", "import", prefix + ".csv", "--json"});
    QCOMPARE(back.code, 0);
    const auto bad = runCli({"carbon", "track", "--out", "/nonexistent/run", "--", "true"});
    QCOMPARE(bad.code, 1);
    compareText(bad.err, "paretoscope-cli: /nonexistent/run: cannot be written: found No such file or directory; allowed a prefix in a folder that exists and is writable\n");
}

void TestCarbonCli::importSaysWhatIsWrong()
{
    const QTemporaryDir dir;
    const auto file = dir.filePath("empty.log").toStdString();
    writeFileAtomically(file, "");
    const auto o = runCli({"carbon", "import", QString::fromStdString(file)});
    QCOMPARE(o.code, 1);
    compareText(o.err, "paretoscope-cli: " + file + ": is empty: allowed an emissions.csv of codecarbon or a log of Carbontracker\n");
}

QTEST_GUILESS_MAIN(TestCarbonCli)
#include "tst_carbon.moc"

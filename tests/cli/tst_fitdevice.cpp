// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runcli.h"
#include "support.h"

#include "base/file.h"
#include "space/costtable.h"
#include "space/sampling.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

using namespace paretoscope;
using testing::compareText;
using testing::runCli;
using testing::without;

class TestFitDevice : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void fitsMeasurementsAndPredictsWithThem();
    void failsInOneLine_data();
    void failsInOneLine();
    void wrongUsage_data();
    void wrongUsage();
    void listsTheCatalogue();
    void rebuildsTheCatalogue();

private:
    QTemporaryDir m_dir;
    std::string m_folder;
    QString m_csv;
};

// 150 nets whose time is 2 ms and a millisecond for each 20 million MACs.
void TestFitDevice::initTestCase()
{
    m_folder = m_dir.path().toStdString();
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.2"));
    const auto macs = CostTable::macs(parts, parts->space().resolutions);
    Random random(1);
    std::string text = "ks,e,d,r,latency_ms\n";
    for (int i = 0; i < 150; ++i) {
        const auto s = uniformSubnet(parts->space(), random);
        const auto j = toJson(parts->space(), s);
        for (const char* key : {"ks", "e", "d"}) {
            for (const auto& v : j[key])
                text += std::to_string(v.get<int>());
            text += ',';
        }
        text += std::to_string(s.resolution) + "," + std::to_string(2 + macs.cost(s) / 2e7) + "\n";
    }
    m_csv = QString::fromStdString(m_folder + "/nets.csv");
    writeFileAtomically(m_csv.toStdString(), std::string_view(text));
}

void TestFitDevice::fitsMeasurementsAndPredictsWithThem()
{
    const auto out = QString::fromStdString(m_folder + "/gpu.json");
    const QStringList arguments{"fit-device", "--space", "ofa-mbv3-w1.2", "--measurements", m_csv, "--batch", "8", "--name", "NVIDIA Titan RTX (batch 8)", "--supply", "data-centre",
        "--source", "a test", "--licence", "CC0-1.0", "--out", out};
    const auto r = runCli(arguments + QStringList{"--json", "--progress", "json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    QVERIFY2(testing::contains(r.err, "\"share\""), r.err.c_str());
    const auto j = r.json();
    compareText(j["id"], "nvidia-titan-rtx-batch-8");
    compareText(j["form"], "additive");
    QVERIFY(j["heldOut"][0]["mapePercent"].get<double>() < 3);
    QVERIFY(j["heldOut"][1]["extrapolated"].get<bool>());
    QCOMPARE(j["shipRule"]["met"].get<bool>(), true);
    QVERIFY(j["energy"].is_null());
    const auto first = readTextFile(out.toStdString());
    const auto again = runCli(arguments);
    QVERIFY2(again.code == 0, again.err.c_str());
    QVERIFY2(testing::contains(again.out, "ship rule met: MAPE "), again.out.c_str());
    compareText(readTextFile(out.toStdString()), first); // the same bytes

    const auto info = runCli({"info", out, "--json"});
    QVERIFY2(info.code == 0, info.err.c_str());
    compareText(info.json()["summary"], "device nvidia-titan-rtx-batch-8, a fitted model for ofa-mbv3-w1.0, ofa-mbv3-w1.2");

    const auto bundle = QString::fromStdString(m_folder + "/bundle");
    QCOMPARE(runCli({"import", "--space", "ofa-mbv3-w1.0", "--out", bundle}).code, 0);
    const auto p = runCli({"predict", "--bundle", bundle, "--subnet", "max", "--device", out, "--json"});
    QVERIFY2(p.code == 0, p.err.c_str());
    const auto json = p.json();
    const auto& device = json["subnets"][0]["devices"][0];
    const auto& figures = device["figures"];
    QVERIFY(figures["latencyMs"]["low"].get<double>() < figures["latencyMs"]["value"].get<double>());
    compareText(figures["latencyMs"]["kind"], "model");
    // 280 W × (0.1 + 0.9 / 2), shared by eight images.
    QVERIFY(std::abs(figures["energyJ"]["value"].get<double>() - 154 * figures["latencyMs"]["value"].get<double>() / 8000) < 1e-9);
    QVERIFY2(testing::contains(device["warnings"].dump(), "no net of this width was measured"), device["warnings"].dump().c_str());
}

void TestFitDevice::failsInOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    QTest::newRow("no file") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "FOLDER/none.csv"} << "/none.csv: cannot be opened: found No such file or directory";
    QTest::newRow("column") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "FOLDER/nets.csv", "--column", "v100"}
                            << "/nets.csv:1: not the header of a file of measurements: found column v100 is missing; allowed ks,e,d,r,v100 or depths,ops,res,v100";
    QTest::newRow("id") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "FOLDER/nets.csv", "--id", "../x"}
                        << "--id: not an id: found \"../x\"; allowed lower-case letters, digits, dots and hyphens";
    QTest::newRow("power") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "FOLDER/nets.csv", "--power-w", "5", "9", "7", "--power-source", "x"}
                           << "--power-w: not a value with its band: found 5, 9, 7; allowed value, low, high with low <= value <= high";
    QTest::newRow("no table") << QStringList{"--space", "ofa-mbv3-w1.2", "--table", "FOLDER/nets.csv"} << "/nets.csv:1: not a latency table: found \"ks,e,d,r,latency_ms ";
}

void TestFitDevice::failsInOneLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    const auto out = QString::fromStdString(m_folder + "/never.json");
    arguments.replaceInStrings("FOLDER", m_dir.path());
    const auto r = runCli(QStringList{"fit-device", "--name", "X", "--out", out} + arguments);
    QCOMPARE(r.code, 1);
    const auto text = without(r.err, m_folder);
    QVERIFY2(testing::contains(text, message.toStdString()), text.c_str());
    QVERIFY(!std::filesystem::exists(out.toStdString()));
}

void TestFitDevice::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no data") << QStringList{"--space", "ofa-mbv3-w1.2"};
    QTest::newRow("both") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "a", "--table", "b"};
    QTest::newRow("form") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "a", "--form", "cubic"};
    QTest::newRow("batch") << QStringList{"--space", "ofa-mbv3-w1.2", "--measurements", "a", "--batch", "0"};
    QTest::newRow("two spaces") << QStringList{"--space", "ofa-mbv3-w1.2", "--space", "ofa-mbv3-w1.0", "--measurements", "a"};
    QTest::newRow("tables") << QStringList{"--space", "ofa-mbv3-w1.2", "--table", "a", "--table", "b"};
}

void TestFitDevice::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QCOMPARE(runCli(QStringList{"fit-device", "--name", "X", "--out", "x.json"} + arguments).code, 2);
}

void TestFitDevice::listsTheCatalogue()
{
    const auto r = runCli({"devices", "--space", "ofa-mbv3-w1.2", "--json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto j = r.json();
    QCOMPARE(j["devices"].size(), std::size_t(11));
    for (const auto& d : j["devices"])
        QVERIFY(!d["source"].get<std::string>().empty() && !d["licence"].is_null() && !d["error"]["basis"].get<std::string>().empty());
    const auto text = runCli({"devices", "--space", "ofa-mbv3-w1.0"}).out;
    QVERIFY2(testing::contains(text, "samsung-note10: Samsung Note10 (ofa-mbv3-w1.0; batch 1; 25 resolutions, 128 to 224)"), text.c_str());
    QVERIFY2(testing::contains(text, "error at 128 to 224: 90 % within ±6 %, tau 0.95: the width was not measured"), text.c_str());
    QVERIFY2(testing::contains(text, "tends to read about 4 % high"), text.c_str());
}

void TestFitDevice::rebuildsTheCatalogue()
{
    NEED_REFERENCE("real/help");
    NEED_REFERENCE("real/nsganetv2");
    NEED_REFERENCE("real/once-for-all/note10");
    const auto out = m_folder + "/devices";
    QProcess p;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PARETOSCOPE_CLI", PARETOSCOPE_CLI);
    p.setProcessEnvironment(environment);
    p.start(PARETOSCOPE_SOURCE_DIR "/packaging/fit-devices.sh", {QString::fromStdString(testing::referenceDir().string()), QString::fromStdString(out)});
    QVERIFY(p.waitForFinished(600'000));
    QVERIFY2(p.exitCode() == 0, p.readAllStandardError().constData());
    const auto shipped = listFolder(PARETOSCOPE_SOURCE_DIR "/resources/devices");
    QCOMPARE(listFolder(out).size(), shipped.size());
    for (const auto& file : shipped) {
        // Everything but the last digits of numbers, which another processor may round differently.
        const auto a = readJsonFile(std::filesystem::path(PARETOSCOPE_SOURCE_DIR) / "resources/devices" / file.filename()), b = readJsonFile(std::filesystem::path(out) / file.filename());
        for (const char* key : {"id", "title", "source", "licence", "space", "kind", "supply", "conditions", "warnings", "powerW"}) {
            QCOMPARE(a.contains(key), b.contains(key));
            if (a.contains(key))
                compareText(b.at(key).dump(), a.at(key).dump());
        }
        compareText(b.at("model").at("trained").dump(), a.at("model").at("trained").dump());
    }
}

QTEST_GUILESS_MAIN(TestFitDevice)
#include "tst_fitdevice.moc"

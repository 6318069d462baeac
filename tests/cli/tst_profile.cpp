// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runcli.h"
#include "support.h"

#include "base/file.h"

#include <QRegularExpression>

#include <algorithm>
#include <csignal>
#include <sstream>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::runCli;
using testing::without;

class TestProfileCli : public QObject {
    Q_OBJECT
private slots:
    void init();
    void measuresThisComputer();
    void saysItForPeople();
    void interruptedAndResumed();
    void failsInOneLine_data();
    void failsInOneLine();
    void wrongUsage_data();
    void wrongUsage();

private:
    QStringList quick(const QString& out) const
    {
        return {"profile", "--space", "fashion-mbv3", "--resolutions", "16", "--nets", "12", "--rounds", "6", "--name", "Test CPU", "--out", out};
    }
    QString path(const char* name) const { return m_dir->path() + "/" + name; }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestProfileCli::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestProfileCli::measuresThisComputer()
{
    const auto out = path("cpu.json");
    const auto r = runCli(quick(out) + QStringList{"--supply", "mains", "--power-w", "65", "50", "80", "--power-source", "a test", "--json", "--progress", "json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto j = r.json();
    compareText(j["out"], out.toStdString());
    compareText(j["id"], "test-cpu");
    compareText(j["resolutions"].dump(), "[16]");
    QCOMPARE(j["blocks"].get<int>(), 60);
    QCOMPARE(j["nets"].get<int>(), 12);
    QVERIFY(j["rounds"].get<int>() + j["discardedRounds"].get<int>() == 6);
    QCOMPARE(j["measured"].size(), std::size_t(12));
    for (const auto& n : j["measured"])
        QVERIFY(n["measuredMs"].get<double>() > 0 && n["predictedMs"].get<double>() > 0 && n["subnet"]["r"].dump() == "[16]");
    for (const char* key : {"r2", "mapePercent", "kendallTau", "kendallTauInResolution", "within5Percent", "within10Percent", "biasPercent", "band90Percent"})
        QVERIFY2(j["error"][key].is_number(), key);
    QVERIFY2(contains(j["error"]["basis"].get<std::string>(), "12 measured nets, stratified over MACs"), j["error"].dump().c_str());
    QVERIFY(j.contains("correction") && j["warnings"].is_array());
    QVERIFY(contains(j["engine"]["library"].get<std::string>(), "LibTorch "));
    QCOMPARE(j["engine"]["threads"].get<int>(), 1); // whatever the computer has
    QCOMPARE(j["conditions"]["batch"].get<int>(), 1);

    // Progress as JSON lines whose share rises.
    std::istringstream lines(r.err);
    std::vector<double> shares;
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with('{')) // the engine may have warned of something
            shares.push_back(parseJson(line, "progress")["share"].get<double>());
    QVERIFY(!shares.empty() && std::is_sorted(shares.begin(), shares.end()));

    // The device is one like any other.
    QCOMPARE(listFolder(m_dir->path().toStdString()).size(), std::size_t(1));
    const auto file = readJsonFile(out.toStdString());
    compareText(file["kind"], "table");
    compareText(file["space"], "fashion-mbv3");
    compareText(file["conditions"]["precision"], "float32");
    const auto info = runCli({"info", out, "--json"});
    QVERIFY2(info.code == 0, info.err.c_str());
    QCOMPARE(runCli({"import", "--space", "fashion-mbv3", "--out", path("bundle")}).code, 0);
    const auto p = runCli({"predict", "--bundle", path("bundle"), "--subnet", "max", "--device", out, "--json"});
    QCOMPARE(p.code, 0);
    const auto device = p.json()["subnets"][0]["devices"][0];
    QVERIFY(device["figures"]["latencyMs"]["value"].is_null()); // 28 pixels were not profiled
    QCOMPARE(runCli({"bundle", "attach", path("bundle"), "--device", out, "--out", path("attached")}).code, 0);
}

void TestProfileCli::saysItForPeople()
{
    const auto r = runCli(quick(path("cpu.json")) + QStringList{"--progress", "text"});
    QVERIFY2(r.code == 0, r.err.c_str());
    QVERIFY2(contains(r.out, "/cpu.json: test-cpu (Test CPU), space fashion-mbv3 at 16\n  60 distinct blocks and 12 whole nets, "), r.out.c_str());
    QVERIFY2(contains(r.out, "  sums of blocks against whole nets: R² "), r.out.c_str());
}

void TestProfileCli::interruptedAndResumed()
{
    const auto out = path("cpu.json");
    const QStringList arguments{"profile", "--space", "fashion-mbv3", "--nets", "200", "--name", "Test CPU", "--out", out};
    QProcess p;
    p.setReadChannel(QProcess::StandardError);
    p.start(QStringLiteral(PARETOSCOPE_CLI), arguments + QStringList{"--rounds", "100000", "--progress", "json"});
    QByteArray said;
    const QRegularExpression someRounds("round ([3-9]|\\d\\d+) of");
    while (!someRounds.match(QString::fromUtf8(said)).hasMatch() && p.waitForReadyRead(60'000))
        said += p.readAllStandardError();
    QVERIFY2(someRounds.match(QString::fromUtf8(said)).hasMatch(), said.right(500).constData());
    QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
    ::kill(static_cast<pid_t>(p.processId()), SIGINT);
    QVERIFY(p.waitForFinished(60'000));
    QCOMPARE(p.exitCode(), 130);
    said += p.readAllStandardError();
    QVERIFY2(said.contains("paretoscope-cli: interrupted; what was measured is kept in ") && said.contains("/cpu.json.partial: --resume goes on with it"), said.right(500).constData());
    QVERIFY(!std::filesystem::exists(out.toStdString()));
    const auto kept = readJsonFile(out.toStdString() + ".partial")["rounds"];
    QVERIFY(kept.size() >= 2);

    const auto again = runCli(arguments + QStringList{"--rounds", "2"});
    QCOMPARE(again.code, 1);
    const auto inTheWay = without(again.err, m_dir->path().toStdString());
    QVERIFY2(inTheWay.ends_with("paretoscope-cli: /cpu.json.partial: an unfinished profile is there: allowed --resume to go on with it, or delete it\n"), inTheWay.c_str());
    const auto other = runCli(arguments + QStringList{"--rounds", "2", "--batch", "2", "--resume"});
    QCOMPARE(other.code, 1);
    const auto otherwise = without(other.err, m_dir->path().toStdString());
    QVERIFY2(otherwise.ends_with("paretoscope-cli: /cpu.json.partial: this profile was begun otherwise: found batch 1; allowed batch 2; or delete it\n"), otherwise.c_str());
    const auto resumed = runCli(arguments + QStringList{"--rounds", "2", "--resume", "--json"});
    QVERIFY2(resumed.code == 0, resumed.err.c_str());
    const auto j = resumed.json();
    QCOMPARE(j["rounds"].get<std::size_t>() + j["discardedRounds"].get<std::size_t>(), kept.size());
    QVERIFY(std::filesystem::exists(out.toStdString()));
    QVERIFY(!std::filesystem::exists(out.toStdString() + ".partial"));
}

void TestProfileCli::failsInOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("out");
    QTest::addColumn<QString>("message");
    const QStringList space{"--space", "fashion-mbv3"};
    QTest::newRow("resolution") << space + QStringList{"--resolutions", "16,18"} << "/cpu.json" << "resolutions: not a resolution of the space fashion-mbv3: found 18; allowed 16, 20, 24, 28";
    QTest::newRow("folder") << space << "/none/cpu.json" << ": cannot be written: found No such file or directory";
    QTest::newRow("id") << space + QStringList{"--id", "../x"} << "/cpu.json" << "--id: not an id: found \"../x\"; allowed lower-case letters, digits, dots and hyphens";
    QTest::newRow("power") << space + QStringList{"--power-w", "5", "9", "7", "--power-source", "x"} << "/cpu.json"
                           << "--power-w: not a value with its band: found 5, 9, 7; allowed value, low, high with low <= value <= high";
}

void TestProfileCli::failsInOneLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, out);
    QFETCH(QString, message);
    const auto r = runCli(QStringList{"profile", "--name", "X", "--out", m_dir->path() + out} + arguments);
    QCOMPARE(r.code, 1);
    const auto said = without(r.err, m_dir->path().toStdString());
    QVERIFY2(said.ends_with(message.toStdString() + "\n"), said.c_str());
    QVERIFY(listFolder(m_dir->path().toStdString()).empty());
}

void TestProfileCli::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no net") << QStringList{"--name", "X", "--out", "x.json"};
    QTest::newRow("both") << QStringList{"--space", "a", "--bundle", "b", "--name", "X", "--out", "x.json"};
    QTest::newRow("no name") << QStringList{"--space", "fashion-mbv3", "--out", "x.json"};
    QTest::newRow("no out") << QStringList{"--space", "fashion-mbv3", "--name", "X"};
    QTest::newRow("rounds") << QStringList{"--space", "fashion-mbv3", "--name", "X", "--out", "x.json", "--rounds", "0"};
    QTest::newRow("power alone") << QStringList{"--space", "fashion-mbv3", "--name", "X", "--out", "x.json", "--power-w", "1", "1", "1"};
}

void TestProfileCli::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QCOMPARE(runCli(QStringList{"profile"} + arguments).code, 2);
}

QTEST_GUILESS_MAIN(TestProfileCli)
#include "tst_profile.moc"

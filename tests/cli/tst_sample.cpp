// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// sample as a user's script sees it, and predictors fitted to what it writes.
#include "fixturenets.h"
#include "noisedata.h"
#include "runcli.h"

#include "base/file.h"
#include "checkpoint/safetensors.h"
#include "predict/sampleplan.h"

#include <QProcess>

#include <csignal>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::fixtureWeights;
using testing::runCli;
using testing::without;

namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

} // namespace

class TestSample : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void measuresWhatEvaluateMeasures();
    void goesOnWhereItWasStopped();
    void marksAreFittedBy();
    void fails_data();
    void fails();

private:
    std::string path(const std::string& name) const { return m_folder + "/" + name; }
    QStringList arguments(const std::string& out, int count) const
    {
        return {"sample", "--bundle", text(path("b")), "--data", text(path("data")), "--count", QString::number(count), "--out", text(path(out)), "--recalibrate", "40", "--threads", "1", "--progress", "none"};
    }

    QTemporaryDir m_dir;
    std::string m_folder;
};

void TestSample::initTestCase()
{
    m_folder = m_dir.path().toStdString();
    testing::writeNoiseData(path("data"), 240, 20, 10);
    writeSafeTensors(path("small.safetensors"), fixtureWeights(builtInSpace("fashion-mbv3")));
    writeFileAtomically(path("about.json"), std::string(R"({"id": "small", "dataSet": {"name": "Noise", "classes": 10, "mean": [0.5], "std": [0.25]}})"));
    const auto made = runCli({"import", "--space", "fashion-mbv3", "--weights", text(path("small.safetensors")), "--about", text(path("about.json")), "--out", text(path("b"))});
    QVERIFY2(made.code == 0, made.err.c_str());
}

void TestSample::measuresWhatEvaluateMeasures()
{
    const auto run = runCli(arguments("s.csv", 11) + QStringList{"--json"});
    QVERIFY2(run.code == 0, run.err.c_str());
    const auto space = builtInSpace("fashion-mbv3");
    const auto samples = readSamples(std::filesystem::path(path("s.csv")), space);
    QCOMPARE(samples.size(), std::size_t(11));
    const auto j = run.json();
    QCOMPARE(j["samples"].get<int>(), 11);
    QCOMPARE(j["images"].get<int>(), 40); // a sixth is held out
    QCOMPARE(j["train"].get<int>() + j["calibration"].get<int>() + j["heldOut"].get<int>(), 11);
    QVERIFY(!std::filesystem::exists(path("s.csv.partial")));

    // The plan is that of the library, and each accuracy is what `evaluate` says.
    const auto plan = planSamples(std::make_shared<const Parts>(space), {11});
    for (std::size_t i = 0; i < plan.size(); ++i) {
        QVERIFY(samples[i].subnet == plan[i].subnet);
        compareText(samples[i].split, plan[i].split);
    }
    for (const std::size_t i : {std::size_t(0), std::size_t(10)}) {
        writeFileAtomically(path("subnet.json"), printJson(toJson(space, samples[i].subnet)));
        const auto one = runCli({"evaluate", "--bundle", text(path("b")), "--data", text(path("data")), "--subnet", text(path("subnet.json")), "--split", "validation", "--recalibrate", "40", "--threads", "1", "--json"});
        QVERIFY2(one.code == 0, one.err.c_str());
        QCOMPARE(samples[i].top1Percent, one.json()["top1Percent"]["value"].get<double>());
    }
}

void TestSample::goesOnWhereItWasStopped()
{
    const auto whole = runCli(arguments("whole.csv", 60));
    QVERIFY2(whole.code == 0, whole.err.c_str());

    QProcess p;
    auto asked = arguments("part.csv", 60);
    asked.replace(asked.size() - 1, "json");
    p.start(QStringLiteral(PARETOSCOPE_CLI), asked);
    p.setReadChannel(QProcess::StandardError);
    std::string err;
    while (!contains(err, "measuring net 4 of 60") && p.waitForReadyRead(60'000))
        err += p.readAllStandardError().toStdString();
    QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
    ::kill(static_cast<pid_t>(p.processId()), SIGINT);
    QVERIFY(p.waitForFinished(60'000));
    err += p.readAllStandardError().toStdString();
    QCOMPARE(p.exitCode(), 130);
    QVERIFY2(contains(err, "of 60 nets are measured and kept in"), err.c_str());
    QVERIFY(!std::filesystem::exists(path("part.csv")));

    const auto refused = runCli(arguments("part.csv", 60));
    QCOMPARE(refused.code, 1);
    compareText(without(refused.err, m_folder), "paretoscope-cli: /part.csv.partial: an unfinished sampling is there: allowed --resume to go on with it, or delete it\n");
    const auto other = runCli(arguments("part.csv", 60) + QStringList{"--resume", "--seed", "2"});
    QCOMPARE(other.code, 1);
    compareText(without(other.err, m_folder), "paretoscope-cli: /part.csv.partial: this sampling was begun otherwise: found seed 1; allowed seed 2; or delete it\n");

    const auto rest = runCli(arguments("part.csv", 60) + QStringList{"--resume"});
    QVERIFY2(rest.code == 0, rest.err.c_str());
    compareText(readTextFile(path("part.csv")), readTextFile(path("whole.csv")));
}

void TestSample::marksAreFittedBy()
{
    // Accuracies that follow the depth, so that there is something to fit.
    const auto parts = std::make_shared<const Parts>(builtInSpace("fashion-mbv3"));
    auto plan = planSamples(parts, {600});
    Random random(1);
    for (auto& s : plan) {
        s.top1Percent = 80 + 0.1 * s.subnet.resolution;
        for (int stage = 0; stage < 3; ++stage)
            s.top1Percent += s.subnet.depth[static_cast<std::size_t>(stage)];
        s.top1Percent += random.uniform() - 0.5;
    }
    writeFileAtomically(path("made.csv"), samplesCsv(parts->space(), plan));
    const auto run = runCli({"fit-predictor", "--bundle", text(path("b")), "--samples", text(path("made.csv")), "--kind", "additive", "--out", text(path("fitted")), "--json"});
    QVERIFY2(run.code == 0, run.err.c_str());
    const auto heldOut = run.json()["predictors"][0]["heldOut"];
    const auto marked = MarkedSamples::of(plan);
    QVERIFY(marked);
    compareText(heldOut["basis"].get<std::string>(), fmt::format("{} held-out nets, seen neither by the fit ({} nets) nor by the bands ({} nets)", marked->heldOut.size(), marked->train.size(), marked->calibration.size()));
    const auto all = heldOut["rows"].back();
    QCOMPARE(all["nets"].get<std::size_t>(), marked->heldOut.size());
    QVERIFY2(all["rmsePercent"].get<double>() < 0.35, all.dump().c_str()); // noise of 0.29
    const auto inside = all["insideBand"].get<double>() / all["nets"].get<double>();
    QVERIFY2(inside > 0.83 && inside < 0.97, all.dump().c_str());
    const auto people = runCli({"fit-predictor", "--bundle", text(path("b")), "--samples", text(path("made.csv")), "--kind", "additive", "--out", text(path("fitted2"))});
    QVERIFY2(contains(people.out, "; by chance "), people.out.c_str());
    const auto ignored = runCli({"fit-predictor", "--bundle", text(path("b")), "--samples", text(path("made.csv")), "--kind", "additive", "--ignore-marks", "--out", text(path("fitted3")), "--json"});
    compareText(ignored.json()["predictors"][0]["heldOut"]["basis"].get<std::string>(), "5 folds");
    QVERIFY(!ignored.json()["predictors"][0]["heldOut"]["rows"].back().contains("insideBand"));
}

void TestSample::fails_data()
{
    QTest::addColumn<QStringList>("change");
    QTest::addColumn<QString>("message");
    QTest::newRow("shares") << QStringList{"--calibration", "0.6", "--held-out", "0.5"} << "shares: nothing is left to train on: found calibration 0.6, held out 0.5; allowed together less than 1";
    QTest::newRow("no data") << QStringList{"--data", text(path("none"))} << "/none: cannot be read: found No such file or directory";
    QTest::newRow("folder") << QStringList{"--out", text(path("none/s.csv"))} << "/none/s.csv.partial: cannot be written";
}

void TestSample::fails()
{
    QFETCH(QStringList, change);
    QFETCH(QString, message);
    auto asked = arguments("bad.csv", 5);
    for (int i = 0; i < change.size(); i += 2)
        if (const auto at = asked.indexOf(change[i]); at >= 0)
            asked.replace(at + 1, change[i + 1]);
        else
            asked += {change[i], change[i + 1]};
    const auto run = runCli(asked);
    QCOMPARE(run.code, 1);
    const auto found = without(run.err, m_folder);
    QVERIFY2(contains(found, "paretoscope-cli: " + message.toStdString()), found.c_str());
    QCOMPARE(std::count(found.begin(), found.end(), '\n'), 1);
}

QTEST_GUILESS_MAIN(TestSample)
#include "tst_sample.moc"

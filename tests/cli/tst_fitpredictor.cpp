// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// fit-predictor and shipped bundles as a user's script sees them.
#include "runcli.h"

#include "../core/predict/measuredfixtures.h"

#include "base/file.h"

#include <QProcess>

#include <csignal>

using namespace paretoscope;
using testing::compareText;
using testing::runCli;
using testing::without;

namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

constexpr const char* kSpace = "ofa-mbv3-w1.0";

std::string digits(const SearchSpace& space, const Sample& s)
{
    std::string ks, e, d;
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        d += std::to_string(space.activeBlocks(s.subnet, static_cast<int>(i)));
        for (int b = 0; b < stage.maxBlocks; ++b) {
            const auto op = s.subnet.op[static_cast<std::size_t>(stage.firstSlot + b)];
            ks += op ? std::to_string(stage.kernelOf(op)) : "0";
            e += op ? std::to_string(static_cast<int>(stage.expansionOf(op))) : "0";
        }
    }
    return ks + "," + e + "," + d + "," + std::to_string(s.subnet.resolution);
}

} // namespace

class TestFitPredictorCli : public QObject {
    Q_OBJECT
private slots:
    void init();
    void fitsAllKinds();
    void anEarlierFitMakesRoom();
    void failures_data();
    void failures();
    void usage();
    void interruptionChangesNothing();
    void shippedById();

private:
    std::string write(const std::vector<Sample>& samples, const std::string& name);
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_folder;
};

void TestFitPredictorCli::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = m_dir->path().toStdString();
    QCOMPARE(runCli({"import", "--space", kSpace, "--out", text(m_folder + "/b")}).code, 0);
}

std::string TestFitPredictorCli::write(const std::vector<Sample>& samples, const std::string& name)
{
    const auto space = builtInSpace(kSpace);
    std::string csv = "ks,e,d,r,top1_percent,group\n";
    for (const auto& s : samples)
        csv += digits(space, s) + "," + std::to_string(s.top1Percent) + "," + s.group + "\n";
    writeFileAtomically(m_folder + "/" + name, csv);
    return m_folder + "/" + name;
}

void TestFitPredictorCli::fitsAllKinds()
{
    auto samples = testing::madeUpSamples(builtInSpace(kSpace), 240, {128, 160, 192, 224});
    testing::shiftRuns(samples, {0.2, -0.2});
    const auto csv = write(samples, "s.csv");
    const QStringList command{"fit-predictor", "--bundle", text(m_folder + "/b"), "--samples", text(csv), "--members", "1", "--interpolate", "176", "--json"};
    const auto o = runCli(command + QStringList{"--out", text(m_folder + "/fitted")});
    QVERIFY2(o.code == 0, o.err.c_str());
    const auto j = o.json();
    QCOMPARE(j["samples"].get<int>(), 240);
    QCOMPARE(j["predictors"].size(), std::size_t(3));
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& p = j["predictors"][i];
        compareText(p["kind"].get<std::string>(), std::array{"stagewise", "additive", "mlp"}[i]);
        QCOMPARE(p["heldOut"]["rows"].size(), std::size_t(5));
        QCOMPARE(p["heldOut"]["rows"][0]["resolution"].get<int>(), 128);
        QVERIFY(p["heldOut"]["rows"][4]["resolution"].is_null());
        QVERIFY(p["heldOut"]["rows"][4]["kendallTau"].get<double>() > 0.8);
        QCOMPARE(p["bands"]["rows"].size(), std::size_t(5));
        QCOMPARE(p["groups"].size(), std::size_t(8));
    }
    // The same again: the same bytes, whatever the number of threads.
    QCOMPARE(runCli(command + QStringList{"--threads", "1", "--out", text(m_folder + "/again")}).code, 0);
    QVERIFY(readFile(m_folder + "/fitted/bundle.json") == readFile(m_folder + "/again/bundle.json"));
    QVERIFY(readTextFile(m_folder + "/fitted/samples.csv") == readTextFile(csv));

    const auto info = runCli({"info", text(m_folder + "/fitted"), "--json"}).json();
    QCOMPARE(info["predictors"].size(), std::size_t(3));
    QVERIFY(info["accuracy"][0]["heldOut"] == j["predictors"][0]["heldOut"]);
    QVERIFY(testing::contains(runCli({"info", text(m_folder + "/fitted")}).out, "held-out errors, 5 folds; with the mean offset over runs"));
    const auto file = runCli({"info", text(m_folder + "/fitted/accuracy_predictor.safetensors"), "--json"}).json();
    QVERIFY(file["accuracy"][0]["bands"] == j["predictors"][0]["bands"]);

    const auto predicted = runCli({"predict", "--bundle", text(m_folder + "/fitted"), "--subnet", "max", "--resolution", "176", "--json"}).json();
    const auto& device = predicted["subnets"][0]["devices"][0];
    const auto& top1 = device["figures"]["top1Percent"];
    QVERIFY(top1["low"].get<double>() < top1["value"].get<double>() && top1["value"].get<double>() < top1["high"].get<double>());
    QVERIFY(device["figures"]["top1CorrectedPercent"]["value"].is_null());
    compareText(device["figures"]["top1CorrectedPercent"]["reason"].get<std::string>(), "the selection optimism of the predictor is not known");
    compareText(device["warnings"][0].get<std::string>(), "no net was measured at resolution 176: interpolated between 160 and 192");
}

void TestFitPredictorCli::anEarlierFitMakesRoom()
{
    auto samples = testing::madeUpSamples(builtInSpace(kSpace), 200, {128, 160});
    const auto csv = write(samples, "s.csv");
    const auto fit = [&](const char* from, const char* to, const char* kinds) {
        return runCli({"fit-predictor", "--bundle", text(m_folder + from), "--samples", text(csv), "--kind", kinds, "--without-samples", "--out", text(m_folder + to)}).code;
    };
    QCOMPARE(fit("/b", "/one.zip", "additive,additive"), 0);
    QCOMPARE(fit("/one.zip", "/two", "stagewise,additive"), 0);
    const auto info = runCli({"info", text(m_folder + "/two"), "--json"}).json();
    QCOMPARE(info["predictors"].size(), std::size_t(2));
    QVERIFY(testing::contains(info["predictors"][0].get<std::string>(), "stage terms"));
    QVERIFY(!std::filesystem::exists(m_folder + "/two/samples.csv"));
}

void TestFitPredictorCli::failures_data()
{
    QTest::addColumn<QString>("csv");
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QString>("message");
    const QString header = "ks,e,d,r,top1_percent\n", net = "33333333333333333333,33333333333333333333,44444,128,";
    QTest::newRow("too few") << header + net + "70\n" << QStringList()
                             << "/s.csv: too few measured nets for a predictor: found 1; allowed 20 or more; a few hundred make a good one";
    QTest::newRow("another space") << header + "33333333333333333333,55555555555555555555,44444,128,70\n" << QStringList()
                                   << "/s.csv:2: the subnet lies outside the space ofa-mbv3-w1.0: found e[0] is 5 (allowed 3 4 6), ";
    QTest::newRow("accuracy") << header + net + "170\n" << QStringList() << "/s.csv:2: top1_percent out of range: found 170; allowed 0 to 100";
    QTest::newRow("fractions") << header + net + "0.7\n" << QStringList() << "/s.csv: the accuracies look like fractions, not percent: found at most 0.7; allowed percent, 0 to 100";
    QTest::newRow("no samples") << header << QStringList() << "/s.csv: no samples: nothing follows the header";
    QTest::newRow("no group") << header + net + "70\n" << QStringList{"--group-starts", "a:0"}
                              << "--group-starts: no sample is of this group: found \"a\"; allowed rows without a group: the samples name none";
    QString many = header;
    for (int i = 0; i < 30; ++i)
        many += net + QString::number(70 + i % 3) + "\n";
    QTest::newRow("one resolution") << many << QStringList{"--interpolate", "144"}
                                    << "/s.csv: too few measured resolutions to interpolate between: found 128; allowed 4 or more, so that the curve can be checked";
    QTest::newRow("target") << many << QStringList{"--out", "/b"} << "/b: exists already and is not empty: allowed a new name or an empty folder";
}

void TestFitPredictorCli::failures()
{
    QFETCH(QString, csv);
    QFETCH(QStringList, more);
    QFETCH(QString, message);
    writeFileAtomically(m_folder + "/s.csv", csv.toStdString());
    QStringList command{"fit-predictor", "--bundle", text(m_folder + "/b"), "--samples", text(m_folder + "/s.csv")};
    if (more.value(0) == "--out")
        more[1] = text(m_folder) + more[1];
    else
        command += {"--out", text(m_folder + "/out")};
    const auto o = runCli(command + more);
    QCOMPARE(o.code, 1);
    QVERIFY2(without(o.err, m_folder).starts_with("paretoscope-cli: " + message.toStdString()), o.err.c_str());
    QVERIFY(!std::filesystem::exists(m_folder + "/out"));
}

void TestFitPredictorCli::usage()
{
    const QStringList whole{"fit-predictor", "--bundle", "b", "--samples", "s", "--out", "o"};
    for (const auto& wrong : {QStringList{"--kind", "forest"}, QStringList{"--folds", "1"}, QStringList{"--members", "0"}, QStringList{"--runs", "some"}})
        QCOMPARE(runCli(whole + wrong).code, 2);
    QCOMPARE(runCli({"fit-predictor", "--bundle", "b", "--samples", "s"}).code, 2);
}

void TestFitPredictorCli::interruptionChangesNothing()
{
    auto samples = testing::madeUpSamples(builtInSpace(kSpace), 2500, {128, 160});
    testing::shiftRuns(samples, {0.2, -0.2, 0});
    const auto csv = write(samples, "s.csv");
    QProcess p;
    p.setReadChannel(QProcess::StandardError);
    p.start(QStringLiteral(PARETOSCOPE_CLI), {"fit-predictor", "--bundle", text(m_folder + "/b"), "--samples", text(csv), "--kind", "mlp", "--members", "64", "--progress", "json", "--out", text(m_folder + "/out")});
    QByteArray said;
    while (!said.contains("mlp: fit") && p.waitForReadyRead(60'000))
        said += p.readAllStandardError();
    QVERIFY2(said.contains("mlp: fit"), said.constData());
    QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
    ::kill(static_cast<pid_t>(p.processId()), SIGINT);
    QVERIFY(p.waitForFinished(60'000));
    QCOMPARE(p.exitCode(), 130);
    said += p.readAllStandardError();
    QVERIFY(said.contains("interrupted; nothing was changed"));
    QVERIFY(!std::filesystem::exists(m_folder + "/out"));
}

void TestFitPredictorCli::shippedById()
{
    const auto list = runCli({"bundle", "list", "--json"}).json()["bundles"];
    std::string ids;
    for (const auto& b : list)
        ids += (ids.empty() ? "" : ", ") + b["id"].get<std::string>();
    QVERIFY(testing::contains(ids, "imagenet-ofa-mbv3-w1.0"));
    const auto p = runCli({"predict", "--bundle", "imagenet-ofa-mbv3-w1.0", "--subnet", "max", "--json"});
    QVERIFY2(p.code == 0, p.err.c_str());
    const double top1 = p.json()["subnets"][0]["devices"][0]["figures"]["top1Percent"]["value"].get<double>();
    QVERIFY2(top1 > 76 && top1 < 78, qPrintable(QString::number(top1)));
    QCOMPARE(runCli({"describe", "--bundle", "imagenet-ofa-mbv3-w1.0", "--subnet", "min", "--json"}).code, 0);
    QCOMPARE(runCli({"devices", "--bundle", "imagenet-ofa-mbv3-w1.0", "--json"}).code, 0);
    QCOMPARE(runCli({"bundle", "verify", "imagenet-ofa-mbv3-w1.0"}).code, 0);
    QCOMPARE(runCli({"info", "imagenet-ofa-mbv3-w1.0"}).code, 0);
    const auto unknown = runCli({"predict", "--bundle", "imagenet", "--subnet", "max"});
    QCOMPARE(unknown.code, 1);
    compareText(unknown.err, "paretoscope-cli: there is no file and no shipped bundle of this name: found \"imagenet\"; allowed a folder, a zip, or " + ids + "\n");
}

QTEST_APPLESS_MAIN(TestFitPredictorCli)
#include "tst_fitpredictor.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `search` as a user's script sees it.
#include "drawnproblems.h"
#include "runcli.h"

#include "base/file.h"
#include "bundle/bundle.h"

#include <csignal>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::runCli;

namespace {

Device drawn(const std::string& id, const std::shared_ptr<const Parts>& parts, std::uint64_t seed)
{
    Device d;
    d.id = id;
    d.title = "Drawn device " + id;
    d.source = "drawn";
    d.spaceId = parts->space().id;
    d.sums.push_back(testing::drawnLatency(parts, {160, 192}, seed));
    d.powerW["active"] = {2, 1.5, 2.5, Kind::Citation, "drawn"};
    return d;
}

} // namespace

class TestSearchCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void theContract();
    void limitsHold();
    void bestOfOne();
    void infeasible();
    void wrongRequests();
    void files();
    void severalDevices();
    void repeatableOnAnyNumberOfThreads();
    void startsFromAnEarlierFront();
    void interruptedKeepsWhatWasFound();
    void progressForPrograms();
    void judgedOnAnotherDevice();

private:
    QStringList searchArguments(const QStringList& more) const { return QStringList{"search", "--bundle", m_bundle} + more; }
    QTemporaryDir m_dir;
    QString m_bundle;
};

void TestSearchCli::initTestCase()
{
    Bundle b;
    b.id = "drawn";
    b.title = "Drawn";
    b.parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    b.predictors.push_back(testing::drawnPredictor(b.space(), {160, 192}, true));
    b.devices = {drawn("one", b.parts, 3), drawn("two", b.parts, 4)};
    const auto folder = std::filesystem::path(m_dir.path().toStdString()) / "bundle";
    saveBundle(b, folder);
    m_bundle = QString::fromStdString(folder.string());
}

void TestSearchCli::theContract()
{
    const auto run = runCli(searchArguments({"--device", "one", "--json"}));
    QCOMPARE(run.code, 0);
    const auto j = run.json();
    for (const char* key : {"front", "algorithm", "predictor", "proof", "evaluations", "wallTimeMs", "hypervolume", "reference"})
        QVERIFY2(j.contains(key), key);
    compareText(j["algorithm"].get<std::string>(), "exact");
    QCOMPARE(j["proof"]["exact"].get<bool>(), true);
    compareText(j["proof"]["subnetsCovered"].get<std::string>(), "43517310985144971702");
    QVERIFY(j["front"].size() > 300);
    double before = 0, accuracy = 0;
    for (const auto& p : j["front"]) {
        QVERIFY(p["figures"]["latencyMs"]["value"].get<double>() > before);
        QVERIFY(p["figures"]["top1Percent"]["value"].get<double>() > accuracy);
        before = p["figures"]["latencyMs"]["value"].get<double>();
        accuracy = p["figures"]["top1Percent"]["value"].get<double>();
        QCOMPARE(p["subnet"]["ks"].size(), std::size_t{20});
    }
    QVERIFY(j["reference"].contains("latency") && j["reference"].contains("top1"));
    // The figures of a point are those that `predict` gives.
    const auto predicted = runCli({"predict", "--bundle", m_bundle, "--device", "one", "--subnet", QString::fromStdString(j["front"][7]["subnet"].dump()), "--json"}).json();
    compareText(predicted["subnets"][0]["devices"][0]["figures"].dump(), j["front"][7]["figures"].dump());
    const auto reference = runCli(searchArguments({"--device", "one", "--json", "--reference", "latency=60,top1=40"})).json();
    QCOMPARE(reference["reference"]["latency"].get<double>(), 60.0);
    QCOMPARE(reference["reference"]["top1"].get<double>(), 40.0);
    const QTemporaryDir dir;
    const auto knee = runCli(searchArguments({"--device", "one", "--json", "--knee-out", dir.filePath("knee.json")})).json();
    const auto at = knee["knee"].get<std::size_t>();
    QVERIFY(at > 0 && at + 1 < knee["front"].size());
    QVERIFY(readJsonFile(dir.filePath("knee.json").toStdString()) == knee["front"][at]["subnet"]);
    const auto people = runCli(searchArguments({"--device", "one", "--rows", "5"}));
    QVERIFY(contains(people.out, "<- knee"));
    QVERIFY(contains(people.out, "proof: Pareto dynamic programme: of 43517310985144971702 subnets none dominates a point of this front"));
}

void TestSearchCli::limitsHold()
{
    const auto j = runCli(searchArguments({"--device", "one", "--json", "--max-latency-ms", "9", "--min-top1", "60", "--resolutions", "160", "--kernels", "3,5"})).json();
    QVERIFY(!j["front"].empty());
    for (const auto& p : j["front"]) {
        QVERIFY(p["figures"]["latencyMs"]["value"].get<double>() <= 9);
        QVERIFY(p["figures"]["top1Percent"]["value"].get<double>() >= 60);
        QCOMPARE(p["subnet"]["r"][0].get<int>(), 160);
        for (const auto& k : p["subnet"]["ks"])
            QVERIFY(k.get<int>() < 7);
    }
}

void TestSearchCli::bestOfOne()
{
    const auto front = runCli(searchArguments({"--device", "one", "--json"})).json()["front"];
    const auto limit = front[100]["figures"]["latencyMs"]["value"].get<double>();
    const auto j = runCli(searchArguments({"--device", "one", "--json", "--objectives", "top1", "--max-latency-ms", QString::number(limit, 'g', 17)})).json();
    QVERIFY(!j.contains("front"));
    compareText(j["best"]["subnet"].dump(), front[100]["subnet"].dump());
}

void TestSearchCli::infeasible()
{
    const auto run = runCli(searchArguments({"--device", "one", "--json", "--max-latency-ms", "1"}));
    QCOMPARE(run.code, 3);
    const auto j = run.json();
    QVERIFY(j["nearest"].contains("subnet"));
    QCOMPARE(j["relax"].size(), std::size_t{1});
    compareText(j["relax"][0]["quantity"].get<std::string>(), "latency");
    QCOMPARE(j["relax"][0]["limit"].get<double>(), 1.0);
    QVERIFY(contains(run.err, "no subnet satisfies the limits: latency of "));
    QVERIFY(contains(run.err, " instead of 1 would do"));
    const auto again = runCli(searchArguments({"--device", "one", "--json", "--max-latency-ms", QString::number(j["relax"][0]["needed"].get<double>(), 'g', 17)}));
    QCOMPARE(again.code, 0);
}

void TestSearchCli::wrongRequests()
{
    const auto fails = [&](const QStringList& more, const char* message, int code = 1) {
        const auto run = runCli(searchArguments(more));
        compareText(run.err, std::string("paretoscope-cli: ") + message + "\n");
        QCOMPARE(run.code, code);
        compareText(run.out, "");
    };
    fails({"--objectives", "top1,speed"}, "--objectives: unknown objective: found \"speed\"; allowed top1, latency, energy, co2e, macs, params, weight-bytes, peak-activation-bytes");
    fails({"--device", "one", "--min-latency-ms", "30", "--max-latency-ms", "20"}, "latency: limits that contradict each other: found at least 30, at most 20");
    fails({"--device", "one", "--time-ms", "0"}, "search: the time limit: found 0 ms; allowed more than 0");
    fails({"--device", "one", "--evaluations", "0"}, "search: the limit of evaluations: found 0; allowed 1 or more");
    fails({"--objectives", "top1,latency"}, "latency: needs a device, and the search has none");
    fails({"--device", "one", "--reference", "latency=60"}, "--reference: has no number for an objective: found top1");
    fails({"--device", "one", "--reference", "latency=x,top1=60"}, "--reference: cannot be read: found \"latency=x\"; allowed NAME=NUMBER, one for each objective, such as latency=60,top1=72.1");
    fails({"--device", "one", "--predictor", "mlp"}, "drawn: the bundle holds no mlp accuracy predictor: allowed additive, 145 effects with stage terms, 2 resolutions, 160 to 192");
    fails({"--device", "one", "--kernels", "4"}, "ofa-mbv3-w1.0: the space does not have this kernel: found 4; allowed 3, 5, 7");
    fails({"--device", "one", "--weights", "1,2"}, "--weights: one weight for each device: found 2 weights; allowed 1");
    fails({"--device", "one", "--out", "front.xml"}, "front.xml: an ending that names no format: found .xml; allowed .json or .csv");
    QCOMPARE(runCli(searchArguments({"--device", "one", "--algorithm", "magic"})).code, 2);
    QCOMPARE(runCli(searchArguments({"--device", "one", "--max-latency-ms", "12,5"})).code, 2);
}

void TestSearchCli::files()
{
    const auto json = m_dir.filePath("front.json"), csv = m_dir.filePath("front.csv");
    QCOMPARE(runCli(searchArguments({"--device", "one", "--out", json})).code, 0);
    QCOMPARE(runCli(searchArguments({"--device", "one", "--out", csv})).code, 0);
    const auto j = parseJson(readTextFile(json.toStdString()), "front.json");
    const auto text = readTextFile(csv.toStdString());
    QCOMPARE(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), j["front"].size() + 1);
    compareText(text.substr(0, text.find('\n')),
        "ks,e,d,r,top1_percent,top1_percent_low,top1_percent_high,latency_ms,latency_ms_low,latency_ms_high,energy_j,energy_j_low,energy_j_high,"
        "co2e_g_per_million,co2e_g_per_million_low,co2e_g_per_million_high,macs,params,weight_bytes,peak_activation_bytes");
    const auto line = text.substr(text.find('\n') + 1, 200);
    QCOMPARE(line.find(','), std::size_t{20});
}

void TestSearchCli::severalDevices()
{
    const auto j = runCli(searchArguments({"--device", "one", "--device", "two", "--epsilon", "0.05", "--json"})).json();
    QCOMPARE(j["objectives"].size(), std::size_t{3});
    compareText(j["objectives"][2].get<std::string>(), "latency:two");
    QCOMPARE(j["front"][0]["devices"].size(), std::size_t{2});
    compareText(j["front"][0]["devices"][1]["device"].get<std::string>(), "two");
    QCOMPARE(j["proof"]["epsilon"].get<double>(), 0.05);
    const auto mean = runCli(searchArguments({"--device", "one", "--device", "two", "--weights", "3,1", "--json"})).json();
    compareText(mean["objectives"][1].get<std::string>(), "mean latency");
}

void TestSearchCli::repeatableOnAnyNumberOfThreads()
{
    std::string first;
    for (const char* threads : {"1", "2", "3"}) {
        auto j = runCli(searchArguments({"--device", "one", "--algorithm", "nsga2", "--evaluations", "3000", "--seed", "5", "--threads", threads, "--json"})).json();
        QCOMPARE(j["evaluations"].get<int>(), 3000);
        j.erase("wallTimeMs");
        if (first.empty())
            first = j.dump();
        compareText(j.dump(), first);
    }
}

void TestSearchCli::startsFromAnEarlierFront()
{
    const auto earlier = m_dir.filePath("earlier.json");
    QCOMPARE(runCli(searchArguments({"--device", "one", "--out", earlier})).code, 0);
    QCOMPARE(runCli(searchArguments({"--device", "one", "--start", earlier, "--algorithm", "nsga2", "--evaluations", "2000"})).code, 0);
    writeFileAtomically(m_dir.filePath("broken.json").toStdString(), std::string("{\"front\": [{}]}"));
    const auto broken = runCli(searchArguments({"--device", "one", "--start", m_dir.filePath("broken.json")}));
    QCOMPARE(broken.code, 1);
    QVERIFY(contains(broken.err, "front[0]"));
}

void TestSearchCli::interruptedKeepsWhatWasFound()
{
    QProcess p;
    p.start(QStringLiteral(PARETOSCOPE_CLI), searchArguments({"--device", "one", "--algorithm", "random", "--time-ms", "100000", "--json", "--progress", "json"}));
    QVERIFY(p.waitForStarted());
    p.setReadChannel(QProcess::StandardError);
    QByteArray errors;
    while (!errors.contains("searching") && p.waitForReadyRead(60'000)) // opened, and at work
        errors += p.readAllStandardError();
    QVERIFY(errors.contains("searching"));
    QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
    ::kill(static_cast<pid_t>(p.processId()), SIGINT);
    QVERIFY(p.waitForFinished(60'000));
    QCOMPARE(p.exitCode(), 130);
    const auto j = parseJson(p.readAllStandardOutput().toStdString(), "standard output");
    QVERIFY(j["interrupted"].get<bool>());
    QVERIFY(!j["front"].empty());
}

void TestSearchCli::progressForPrograms()
{
    const auto run = runCli(searchArguments({"--device", "one", "--algorithm", "random", "--time-ms", "400", "--progress", "json"}));
    bool found = false;
    for (const auto& line : QString::fromStdString(run.err).split('\n', Qt::SkipEmptyParts)) {
        const auto j = parseJson(line.toStdString(), "progress");
        if (!j.contains("hypervolume"))
            continue;
        found = true;
        QVERIFY(j["share"].get<double>() >= 0 && j["share"].get<double>() <= 1);
        QVERIFY(j["evaluations"].get<int>() > 0);
        QVERIFY(j["leftS"].get<double>() >= 0);
    }
    QVERIFY(found);
}

void TestSearchCli::judgedOnAnotherDevice()
{
    const auto j = runCli(searchArguments({"--device", "one", "--judge-on", "two", "--json"})).json()["judgedOn"];
    QVERIFY(j["meanLossPercent"].get<double>() >= 0);
    QVERIFY(j["largestLossPercent"].get<double>() >= j["meanLossPercent"].get<double>());
    QVERIFY(j["kendallTau"].get<double>() > 0.5);
    const auto itself = runCli(searchArguments({"--device", "one", "--judge-on", "one", "--json"})).json()["judgedOn"];
    QVERIFY(std::abs(itself["largestLossPercent"].get<double>()) < 1e-9);
}

QTEST_GUILESS_MAIN(TestSearchCli)
#include "tst_search.moc"

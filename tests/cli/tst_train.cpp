// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// train as a user's script sees it: a whole run in small, stopped in every way there is, and its failures.
#include "noisedata.h"
#include "runcli.h"
#include "smalldisk.h"
#include "support.h"

#include "base/file.h"
#include "engine/trainingcheckpoint.h"
#include "engine/trainingconfig.h"
#include "space/spacejson.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <sstream>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::runCli;
using testing::without;

namespace fs = std::filesystem;

namespace {

constexpr int kTrain = 60, kBatches = 15, kEpochs = 5;

Json phase(const char* name, int epochs, const Json& more)
{
    Json p{{"name", name}, {"depths", {3}}, {"resolutions", {16}}, {"epochs", epochs}, {"learningRate", 0.03}};
    p.update(more);
    return p;
}

Json config()
{
    return {{"schema", 1}, {"about", {{"id", "tiny"}, {"title", "Noise"}}}, {"space", "fashion-mbv3"},
        {"dataSet", {{"name", "Noise"}, {"imageSize", {28, 28}}, {"validationImages", 10}}}, {"seed", 5}, {"batchSize", 4},
        {"validation", {{"everyEpochs", 2}, {"images", 6}, {"recalibrationImages", 6}}},
        {"phases",
            {phase("full", 2, {{"kernels", {7}}, {"expansions", {4}}}), phase("kernel", 1, {{"expansions", {4}}, {"distill", true}}),
                phase("expand 1", 2, {{"expansions", {3, 4}}, {"subnetsPerStep", 2}, {"distill", true}})}}};
}

/// epochs.csv without its last column, the time.
std::string curveOf(const std::string& folder)
{
    std::istringstream lines(readTextFile(folder + "/epochs.csv"));
    std::string curve;
    for (std::string line; std::getline(lines, line);)
        curve += line.substr(0, line.rfind(',')) + "\n";
    return curve;
}

/// A run whose progress is watched.
class Running {
public:
    Running(const QStringList& arguments)
    {
        m_process.setReadChannel(QProcess::StandardError);
        m_process.start(QStringLiteral(PARETOSCOPE_CLI), arguments + QStringList{"--progress", "json"});
    }
    /// Until a line of progress begins so and has at least so many batches; false when the program ends before.
    bool reaches(const std::string& step, int batch)
    {
        while (m_process.canReadLine() || m_process.waitForReadyRead(60'000))
            while (m_process.canReadLine()) {
                const auto line = m_process.readLine().toStdString();
                m_said += line;
                if (!line.starts_with('{'))
                    continue;
                const auto json = parseJson(line, "progress");
                if (json["step"].get<std::string>().starts_with(step) && json.value("batch", 0) >= batch)
                    return true;
            }
        return false;
    }
    bool end(int signal)
    {
        if (m_process.processId() <= 0) // it has ended; 0 would be every process of this group
            return false;
        ::kill(static_cast<pid_t>(m_process.processId()), signal);
        const bool finished = m_process.waitForFinished(60'000);
        m_said += m_process.readAllStandardError().toStdString();
        return finished;
    }
    const QProcess& process() const { return m_process; }
    const std::string& said() const { return m_said; }

private:
    QProcess m_process;
    std::string m_said;
};

/// What a run on a small disk says.
testing::Outcome runOnSmallDisk(const QStringList& arguments, rlim_t bytes)
{
    const testing::SmallDisk disk(bytes); // children inherit it
    return runCli(arguments);
}

} // namespace

class TestTrain : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void wholeRun();
    void finishedRun();
    void forecastWritesNothing();
    void killedInEveryPhase();
    void interruptedAndLocked();
    void interruptedWhileMeasuring();
    void fullDisk();
    void budget();
    void belongsToItsCheckpoint();
    void failsInOneLine_data();
    void failsInOneLine();
    void wrongUsage_data();
    void wrongUsage();

private:
    std::string path(const std::string& name) const { return m_folder + "/" + name; }
    QString text(const std::string& name) const { return QString::fromStdString(path(name)); }
    QStringList begin(const std::string& out, const std::string& config = "c.json") const
    {
        return {"train", "--config", text(config), "--data", text("noise"), "--out", text(out), "--threads", "1"};
    }
    QStringList resume(const std::string& run) const { return {"train", "--resume", text(run), "--threads", "1"}; }
    std::vector<std::string> filesIn(const std::string& folder) const
    {
        std::vector<std::string> names;
        for (const auto& f : listFolder(path(folder)))
            names.push_back(f.filename().string());
        return names;
    }

    QTemporaryDir m_dir;
    std::string m_folder;
    testing::Outcome m_whole;
};

void TestTrain::initTestCase()
{
    m_folder = m_dir.path().toStdString();
    testing::writeNoiseData(path("noise"), kTrain + 10, 20, 10);
    testing::writeNoiseData(path("three"), 30, 9, 3);
    auto json = config();
    writeFileAtomically(path("c.json"), printJson(json));
    json["phases"].erase(json["phases"].begin() + 1, json["phases"].end());
    writeFileAtomically(path("one.json"), printJson(json)); // its first phase
    m_whole = runCli(begin("whole") + QStringList{"--json", "--grid", "300"});
    QVERIFY2(m_whole.code == 0, m_whole.err.c_str());
}

void TestTrain::wholeRun()
{
    QCOMPARE(filesIn("whole"), (std::vector<std::string>{"bundle", "checkpoint.safetensors", "energy.json", "epochs.csv", "lock", "run.json"}));
    const auto j = m_whole.json();
    compareText(j["run"], path("whole"));
    compareText(j["bundle"], path("whole/bundle"));
    QCOMPARE(j["epochs"].get<int>(), kEpochs);
    QVERIFY(j["energy"]["energyKwh"]["value"].get<double>() > 0);
    // A line an epoch for people, also beside JSON.
    for (const char* part : {"full 1/2: loss 2.", "full 2/2: loss ", "kernel 1/1: loss ", "expand 1 2/2: loss ", ", largest ", " g CO2e, forecast "})
        QVERIFY2(contains(m_whole.err, part), m_whole.err.c_str());

    const auto run = readJsonFile(path("whole/run.json"));
    compareText(run["data"], path("noise"));
    compareText(run["carbon"]["grid"], "300");
    QCOMPARE(run["threads"].get<int>(), 1);
    compareText(printJson(toJson(trainingConfigFromJson(JsonView(run["config"], "run.json")))), printJson(run["config"]));

    std::istringstream csv(readTextFile(path("whole/epochs.csv")));
    std::string line;
    std::getline(csv, line);
    compareText(line,
        "phase,epoch,learning_rate,loss,distillation_loss,classification_loss,gradient_norm,steps,largest_top1_percent,smallest_top1_percent,random_top1_percent,validation_images,seconds");
    for (const char* epoch : {"full,1,", "full,2,", "kernel,1,", "expand 1,1,", "expand 1,2,"}) {
        QVERIFY(std::getline(csv, line));
        QVERIFY2(contains(line, ",,,,") == (line.starts_with("full,1,") || line.starts_with("expand 1,1,")), line.c_str()); // every second epoch, and the last
        QVERIFY2(line.starts_with(epoch) && contains(line, fmt::format(",{},", kBatches)) && std::count(line.begin(), line.end(), ',') == 12, line.c_str());
    }
    QVERIFY(!std::getline(csv, line));

    const auto energy = readJsonFile(path("whole/energy.json"));
    compareText(energy["command"], "train Noise");
    QCOMPARE(energy["epochKwh"].size(), std::size_t(kEpochs));
    std::vector<std::string> phases;
    for (const auto& p : energy["phases"])
        phases.push_back(p["name"]);
    QCOMPARE(phases, (std::vector<std::string>{"measuring", "full", "kernel", "expand 1"}));
    QCOMPARE(energy["intensityGPerKwh"]["value"].get<double>(), 300.0);

    // A bundle like any other.
    const auto info = runCli({"info", text("whole/bundle"), "--json"});
    QVERIFY2(info.code == 0, info.err.c_str());
    compareText(info.json()["id"], "tiny");
    QVERIFY(info.json()["problems"].empty());
    const auto bundle = readJsonFile(path("whole/bundle/bundle.json"));
    const auto description = bundle["training"]["description"].get<std::string>();
    QVERIFY2(description.starts_with("Trained from scratch with LibTorch ") && description.ends_with("; 60 images, 10 held out"), description.c_str());
    QVERIFY2(contains(description, ", progressive shrinking in 3 of 3 phases: full (2 epochs), kernel (1 epoch"), description.c_str());
    QVERIFY(bundle["training"]["energyKwh"]["value"].get<double>() > 0);
    const auto evaluated = runCli({"evaluate", "--bundle", text("whole/bundle"), "--data", text("noise"), "--subnet", "max", "--json"});
    QVERIFY2(evaluated.code == 0, evaluated.err.c_str());
    QCOMPARE(evaluated.json()["images"].get<int>(), 20);
}

void TestTrain::finishedRun()
{
    const auto csv = readFile(path("whole/epochs.csv"));
    const auto people = runCli(resume("whole"));
    QVERIFY2(people.code == 0, people.err.c_str());
    const auto said = without(people.out, m_folder);
    QVERIFY2(said.starts_with("/whole: the run is finished\n"), said.c_str());
    const auto r = runCli({"train", "--resume", text("whole"), "--threads", "2", "--json"});
    QCOMPARE(r.code, 0);
    QVERIFY2(r.out.starts_with("{"), r.out.c_str());
    QVERIFY2(r.err.starts_with("note: the run began with 1 threads; with 2 sums round otherwise and the curve differs in its last digits\n"), r.err.c_str());
    QCOMPARE(r.json()["epochs"].get<int>(), kEpochs);
    QVERIFY(readFile(path("whole/epochs.csv")) == csv);
}

void TestTrain::forecastWritesNothing()
{
    const auto before = filesIn("");
    const auto r = runCli({"train", "--config", text("c.json"), "--data", text("noise"), "--forecast", "--threads", "1", "--json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto j = r.json();
    QCOMPARE(j["phases"].size(), std::size_t(3));
    double seconds = 0;
    for (const auto& p : j["phases"]) {
        QVERIFY(p["stepMs"].get<double>() > 0 && p["validationMs"].get<double>() > 0);
        QCOMPARE(p["steps"].get<int>(), p["phase"] == "kernel" ? kBatches : 2 * kBatches);
        seconds += p["seconds"].get<double>();
    }
    QVERIFY(std::abs(j["seconds"].get<double>() - seconds) < 1e-9);
    for (const char* what : {"energyKwh", "co2eG", "timeS"})
        QVERIFY2(j["forecast"][what]["value"].get<double>() > 0, what);
    const auto people = runCli(begin("forecast", "one.json") + QStringList{"--forecast"});
    QVERIFY2(people.code == 0, people.err.c_str());
    QVERIFY2(contains(people.out, "  full              30 steps of ") && contains(people.out, "  together ") && contains(people.out, "  energy "), people.out.c_str());
    QCOMPARE(filesIn(""), before);
}

void TestTrain::killedInEveryPhase()
{
    auto arguments = begin("killed");
    for (const auto& [step, batch] : {std::pair{"full: training 1/", 2}, {"kernel: training", 1}, {"expand 1: training 2/", 2}}) {
        Running run(arguments);
        QVERIFY2(run.reaches(step, batch), run.said().c_str());
        QVERIFY(run.end(SIGKILL));
        QCOMPARE(run.process().exitStatus(), QProcess::CrashExit);
        arguments = resume("killed");
    }
    const auto r = runCli(arguments + QStringList{"--json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    QCOMPARE(r.json()["epochs"].get<int>(), kEpochs);
    compareText(curveOf(path("killed")), curveOf(path("whole")));
    QVERIFY(readFile(path("killed/bundle/weights.safetensors")) == readFile(path("whole/bundle/weights.safetensors")));
    QCOMPARE(readJsonFile(path("killed/energy.json"))["epochKwh"].size(), std::size_t(kEpochs));
}

void TestTrain::interruptedAndLocked()
{
    auto json = readJsonFile(path("one.json"));
    json["phases"][0]["epochs"] = 10'000; // it does not end by itself
    writeFileAtomically(path("long.json"), printJson(json));
    Running run(begin("stopped", "long.json"));
    QVERIFY2(run.reaches("full: training 1/", 3), run.said().c_str());
    const auto other = runCli(resume("stopped"));
    QCOMPARE(other.code, 1);
    compareText(without(other.err, m_folder), "paretoscope-cli: /stopped: another program is training in this folder: allowed to wait for it, or another folder\n");
    QVERIFY(run.end(SIGINT));
    QCOMPARE(run.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(run.process().exitCode(), 130);
    QVERIFY2(run.said().ends_with("paretoscope-cli: interrupted; --resume " + path("stopped") + " goes on\n"), run.said().c_str());
    QVERIFY(readJsonFile(path("stopped/energy.json"))["energyKwh"]["value"].get<double>() > 0);
    const auto changed = runCli(resume("stopped") + QStringList{"--config", text("c.json")}); // the phase has begun
    QCOMPARE(changed.code, 1);
    QVERIFY2(contains(changed.err, "/checkpoint.safetensors: the checkpoint belongs to a run with another configuration"), changed.err.c_str());
    QCOMPARE(filesIn("stopped"), (std::vector<std::string>{"checkpoint.safetensors", "energy.json", "epochs.csv", "lock", "run.json"}));
}

void TestTrain::interruptedWhileMeasuring()
{
    Running run(begin("measured"));
    QVERIFY2(run.reaches("measuring how long a step of full takes", 0), run.said().c_str());
    QVERIFY(run.end(SIGINT));
    QCOMPARE(run.process().exitCode(), 130);
    QVERIFY2(run.said().ends_with("paretoscope-cli: interrupted; nothing was changed\n"), run.said().c_str());
    QVERIFY(!fs::exists(path("measured")));
}

void TestTrain::fullDisk()
{
    // No checkpoint at all: the run begins anew.
    const auto first = runOnSmallDisk(begin("full", "one.json"), 64 * 1024);
    QCOMPARE(first.code, 1);
    auto said = without(first.err, m_folder);
    QVERIFY2(said.ends_with("paretoscope-cli: /full/checkpoint.safetensors: cannot be written: found File too large\n"), said.c_str());
    QCOMPARE(filesIn("full"), (std::vector<std::string>{"energy.json", "epochs.csv", "lock", "run.json"}));
    {
        Running run(resume("full"));
        QVERIFY2(run.reaches("full: training 2/", 3), run.said().c_str());
        QVERIFY(run.end(SIGINT));
        QCOMPARE(run.process().exitCode(), 130);
    }
    const auto stopped = loadTrainingState(path("full/checkpoint.safetensors"), builtInSpace("fashion-mbv3"));
    QCOMPARE(stopped.epoch, 1);
    QVERIFY(stopped.batch >= 3); // where it was stopped, not where the epoch began
    const auto checkpoint = readFile(path("full/checkpoint.safetensors"));
    const auto later = runOnSmallDisk(resume("full"), 512 * 1024);
    QCOMPARE(later.code, 1);
    said = without(later.err, m_folder);
    QVERIFY2(said.ends_with("paretoscope-cli: /full/checkpoint.safetensors: cannot be written: found File too large\n"), said.c_str());
    QVERIFY(readFile(path("full/checkpoint.safetensors")) == checkpoint);
    // More phases are to come, and the data have gone elsewhere.
    fs::rename(path("noise"), path("moved"));
    const auto rest = runCli(resume("full") + QStringList{"--config", text("c.json"), "--data", text("moved")});
    fs::rename(path("moved"), path("noise"));
    QVERIFY2(rest.code == 0, rest.err.c_str());
    said = without(rest.out, m_folder);
    QVERIFY2(said.starts_with("/full/bundle: trained; LibTorch "), said.c_str());
    compareText(curveOf(path("full")), curveOf(path("whole")));
    const auto run = readJsonFile(path("full/run.json"));
    compareText(run["data"], path("moved"));
    compareText(run["config"].dump(), readJsonFile(path("whole/run.json"))["config"].dump());
}

void TestTrain::budget()
{
    const auto usedUp = [&](const testing::Outcome& r) {
        const auto said = without(r.err, m_folder);
        return r.code == 1 && contains(said, "paretoscope-cli: --budget: the carbon budget is used up: found ")
            && said.ends_with(" g CO2e; allowed at most 1.00e-07 g; --resume /thrift with a larger --budget goes on\n");
    };
    const auto first = runCli(begin("thrift", "one.json") + QStringList{"--budget", "0.0000001"});
    QVERIFY2(usedUp(first), first.err.c_str());
    QVERIFY(readJsonFile(path("thrift/energy.json"))["budgetReached"].get<bool>());
    const auto again = runCli(resume("thrift"));
    QVERIFY2(usedUp(again), again.err.c_str());
    Running larger(resume("thrift") + QStringList{"--budget", "1000"});
    QVERIFY2(larger.reaches("full: training 2/", 1), larger.said().c_str());
    QVERIFY(larger.end(SIGINT));
    QCOMPARE(larger.process().exitCode(), 130);
    QVERIFY(!readJsonFile(path("thrift/energy.json"))["budgetReached"].get<bool>());
    QCOMPARE(readJsonFile(path("thrift/run.json"))["carbon"]["budgetCo2eG"].get<double>(), 1000.0);
}

void TestTrain::belongsToItsCheckpoint()
{
    const auto refusal = [&](const std::string& run) {
        const auto r = runCli(resume(run));
        return r.code == 1 ? without(r.err, m_folder) : "exit code " + std::to_string(r.code);
    };
    fs::create_directory(path("other"));
    fs::copy(path("whole/checkpoint.safetensors"), path("other/checkpoint.safetensors"));
    auto json = readJsonFile(path("whole/run.json"));
    json["config"]["batchSize"] = 5;
    writeFileAtomically(path("other/run.json"), printJson(json));
    compareText(refusal("other"), "paretoscope-cli: /other/checkpoint.safetensors: the checkpoint belongs to a run with another configuration: allowed the configuration that the run began with; "
                                  "only phases that have not begun may change\n");
    testing::writeNoiseData(path("more"), kTrain + 11, 20, 10);
    const auto others = runCli(resume("whole") + QStringList{"--data", text("more")});
    QCOMPARE(others.code, 1);
    QVERIFY2(without(others.err, m_folder).ends_with("paretoscope-cli: /more: the run was begun with other images: allowed the folder that it began with, or one that holds the same; --data FOLDER\n"), others.err.c_str());
    QCOMPARE(readJsonFile(path("whole/run.json"))["images"].get<std::string>().size(), std::size_t(64));
    writeFileAtomically(path("other/checkpoint.safetensors"), std::string_view("broken"));
    compareText(refusal("other"), "paretoscope-cli: /other/checkpoint.safetensors: is too short for a safetensors file: found 6 bytes; allowed 8 or more\n");
    json["carbon"]["zone"] = "FR";
    writeFileAtomically(path("other/run.json"), printJson(json));
    compareText(refusal("other"), "paretoscope-cli: /other/run.json: carbon: unknown key: found \"zone\"; allowed grid, gridCsv, pue, attribution, intervalS, tdpW, gpu, gpus, budgetCo2eG\n");
    compareText(refusal("none"), "paretoscope-cli: /none/run.json: cannot be opened: found No such file or directory\n");
}

void TestTrain::failsInOneLine_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    const auto config = [](const char* name, const char* pointer, const char* value, const char* message) { QTest::newRow(name) << pointer << value << QStringList() << message; };
    config("phases", "/phases/1/expansions", "[2]", "phase \"kernel\": expansions: they must grow from the largest downwards, without a gap: found 2; allowed the last of 2, 3, 4");
    config("left out", "/phases/2/kernels", "[7]", "phase \"expand 1\": kernels: the phase cannot follow, because what was trained before is left out: found 7; allowed at least 3, 5, 7");
    config("unknown key", "/phases/1/lr", "1",
        "/x.json: phases[1]: unknown key: found \"lr\"; allowed name, kernels, expansions, depths, resolutions, draw, subnetsPerStep, epochs, warmupEpochs, learningRate, warmupLearningRate, distill");
    config("about", "/about/licence", "\"GPL\"", "about: unknown key: found \"licence\"; allowed id, title, dataSet, training, licences, notes");
    config("size", "/dataSet/imageSize", "[32, 32]", "/noise: the images have another size than the configuration is made for: found 28 x 28; allowed 32 x 32");
    config("validation", "/dataSet/validationImages", "70", "/noise: no image would be left to train on: found 70 for validation and 0 for the test of 70; allowed fewer than 70 together");
    config("batch", "/batchSize", "100", "batchSize: there are fewer images to train on: found 100; allowed at most 60");
    const auto option = [](const char* name, const QStringList& arguments, const char* message) { QTest::newRow(name) << "/seed" << "1" << arguments << message; };
    option("classes", {"--data", "FOLDER/three"}, "/three: the data set has another number of classes: found 3; allowed 10");
    option("no data", {"--data", "FOLDER/none"}, "/none: cannot be read: found No such file or directory");
    option("no configuration", {"--config", "FOLDER/none.json"}, "/none.json: cannot be opened: found No such file or directory");
    option("there already", {"--out", "FOLDER/whole", "--data", "FOLDER/none"}, "/whole: a training run is there already: allowed --resume /whole, or another folder");
    option("PUE", {"--pue", "0.5"}, "PUE: must be at least 1: found 0.5; allowed 1 (own computer) to 3");
    option("device", {"--compute", "cuda"}, "device: there is no CUDA device that LibTorch can use: found \"cuda\"; allowed cpu, auto");
}

void TestTrain::failsInOneLine()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    auto json = config();
    json[Json::json_pointer(pointer.toStdString())] = parseJson(value.toStdString(), "value");
    writeFileAtomically(path("x.json"), printJson(json));
    arguments.replaceInStrings("FOLDER", m_dir.path());
    fs::remove_all(path("never"));
    QStringList all{"train", "--threads", "1"}; // an option may stand once
    for (const auto& [key, fallback] : {std::pair{"--config", "x.json"}, {"--data", "noise"}, {"--out", "never"}})
        if (!arguments.contains(key))
            all += {key, text(fallback)};
    const auto r = runCli(all + arguments);
    if (arguments.contains("cuda") && r.code == 0)
        QSKIP("there is a CUDA device here");
    QCOMPARE(r.code, 1);
    compareText(r.out, "");
    compareText(without(r.err, m_folder), "paretoscope-cli: " + message.toStdString() + "\n");
    QVERIFY(!fs::exists(path("never")));
}

void TestTrain::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    const QString needed = "--config, --data and --out, or --resume is required";
    QTest::newRow("nothing") << QStringList{} << needed;
    QTest::newRow("no data") << QStringList{"--config", "c", "--out", "o"} << needed;
    QTest::newRow("no out") << QStringList{"--config", "c", "--data", "d"} << needed;
    QTest::newRow("no configuration") << QStringList{"--forecast", "--data", "d"} << needed;
    QTest::newRow("two folders") << QStringList{"--resume", "r", "--out", "o"} << "--out excludes --resume";
    QTest::newRow("budget") << QStringList{"--resume", "r", "--budget", "-1"} << "--budget: Value -1 not in range";
    QTest::newRow("compute") << QStringList{"--resume", "r", "--compute", "tpu"} << "--compute: tpu not in {auto,cpu,cuda}";
    QTest::newRow("attribution") << QStringList{"--resume", "r", "--attribution", "all"} << "--attribution: all not in {machine,net,share}";
}

void TestTrain::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    const auto r = runCli(QStringList{"train"} + arguments);
    QCOMPARE(r.code, 2);
    QVERIFY2(r.err.starts_with("paretoscope-cli: " + message.toStdString()), r.err.c_str());
}

QTEST_GUILESS_MAIN(TestTrain)
#include "tst_train.moc"

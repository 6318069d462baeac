// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// export as a user's script sees it, on a small supernet with weights of the fixtures' rule; Python's own PyTorch, where
// there is one, is the judge.
#include "fixturenets.h"
#include "noisedata.h"
#include "python.h"
#include "runcli.h"
#include "support.h"

#include "base/file.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "space/costtable.h"
#include "space/netconfig.h"
#include "space/sampling.h"

#include <QProcess>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::runCli;
using testing::without;

namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

} // namespace

class TestExportCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void writesEveryFile();
    void theFilesHoldTheNet();
    void pythonLoadsThem();
    void measuresOnData();
    void theCardKnowsDevices();
    void fromASpaceAndACheckpoint();
    void failsInOneLine_data();
    void failsInOneLine();
    void wrongUsage_data();
    void wrongUsage();
    void interruptionLeavesNothing();

private:
    std::string path(const std::string& name) const { return m_folder + "/" + name; }
    QStringList arguments(const QStringList& more) const { return QStringList{"export", "--bundle", text(path("b"))} + more; }
    std::unique_ptr<StaticNet> net(const std::string& subnetJson) const;

    QTemporaryDir m_dir;
    std::string m_folder;
    std::shared_ptr<const Parts> m_parts = std::make_shared<const Parts>(builtInSpace("fashion-mbv3"));
};

// A bundle with weights and normalisation, one without weights, and two data sets, of which one does not fit.
void TestExportCli::initTestCase()
{
    m_folder = m_dir.path().toStdString();
    writeSafeTensors(path("weights.safetensors"), testing::fixtureWeights(m_parts->space()));
    writeFileAtomically(path("about.json"), std::string(R"({"id": "small", "title": "A small supernet", "dataSet": {"name": "Noise", "classes": 10, "mean": [0.5], "std": [0.25]},
        "licences": [{"what": "weights", "licence": "CC0-1.0", "source": "a rule"}], "notes": ["Made up."]})"));
    const auto made = runCli({"import", "--space", "fashion-mbv3", "--weights", text(path("weights.safetensors")), "--about", text(path("about.json")), "--out", text(path("b"))});
    QVERIFY2(made.code == 0, made.err.c_str());
    QCOMPARE(runCli({"import", "--space", "fashion-mbv3", "--out", text(path("bare"))}).code, 0);
    testing::writeNoiseData(path("noise"), 300, 5000, 10);
    testing::writeNoiseData(path("three"), 300, 9, 3);
}

std::unique_ptr<StaticNet> TestExportCli::net(const std::string& subnetJson) const
{
    const auto json = parseJson(subnetJson, "subnet");
    const auto subnet = subnetFromGenotype(m_parts->space(), genotypeFromJson(JsonView(json, "subnet")), "subnet");
    return testing::engine().supernet(m_parts, testing::fixtureWeights(m_parts->space()), NetPrecision::Float32)->extract(subnet);
}

void TestExportCli::writesEveryFile()
{
    const auto out = path("all");
    const auto r = runCli(arguments({"--subnet", "random:3", "--out", text(out), "--json", "--progress", "json"}));
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto j = r.json();
    std::string names;
    for (const auto& f : j["files"]) {
        names += f["name"].get<std::string>() + " ";
        QCOMPARE(f["bytes"].get<std::size_t>(), static_cast<std::size_t>(std::filesystem::file_size(out + "/" + f["name"].get<std::string>())));
        if (!f["maxAbsDifference"].is_null())
            QVERIFY(f["maxAbsDifference"].get<double>() < 1e-5);
    }
    compareText(names, "subnet.ts.pt init net.config run.config subnet.safetensors subnet.onnx model-card.md model-card.json provenance.json ");
    QCOMPARE(listFolder(out).size(), std::size_t(9));
    QVERIFY(j["top1Percent"]["value"].is_null());
    compareText(j["top1Percent"]["reason"], "no data was given");
    QVERIFY2(contains(r.err, "warning: nothing was recalibrated"), r.err.c_str());
    for (const char* step : {"exporting torchscript", "exporting onnx", "exported"})
        QVERIFY2(contains(r.err, std::string("{\"step\":\"") + step + "\",\"share\":"), r.err.c_str());

    const auto provenance = readJsonFile(out + "/provenance.json");
    QVERIFY(contains(provenance["weights"], "weights.safetensors (SHA-256 "));
    compareText(provenance["bundle"].dump(), R"({"id":"small","title":"A small supernet"})");
    compareText(provenance["licences"].dump(), R"([{"what":"weights","licence":"CC0-1.0","source":"a rule"}])");
    QVERIFY(contains(provenance["engine"]["library"], "LibTorch"));
    QVERIFY(provenance["dataSet"].is_null());
    QVERIFY(!contains(printJson(provenance), m_folder)); // nothing of this machine
    const auto card = readTextFile(out + "/model-card.md");
    QVERIFY(card.starts_with("# Small MobileNetV3 for 28x28 grey images, Noise: subnet of "));
    QVERIFY(contains(card, "- Licence of weights: CC0-1.0 (a rule)") && contains(card, "torch.jit.load"));

    // The same bytes again, and the largest subnet needs no recalibration.
    const auto again = runCli(arguments({"--subnet", "random:3", "--out", text(path("again"))}));
    QVERIFY2(again.code == 0, again.err.c_str());
    compareText(readTextFile(path("again") + "/provenance.json"), readTextFile(out + "/provenance.json"));
    QVERIFY2(contains(again.out, "  top-1  unknown (no data was given)"), again.out.c_str());
    const auto largest = runCli(arguments({"--subnet", "max", "--resolution", "20", "--format", "ofa-config", "--out", text(path("largest"))}));
    QVERIFY2(largest.code == 0 && !contains(largest.err, "recalibrated"), largest.err.c_str());
    compareText(readTextFile(path("largest") + "/run.config"), "{\n  \"image_size\": 20\n}\n");
}

void TestExportCli::theFilesHoldTheNet()
{
    const auto out = path("held");
    const auto r = runCli(arguments({"--subnet", "random:3", "--format", "state-dict,safetensors", "--out", text(out), "--json"}));
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto expected = net(r.json()["subnet"].dump())->weights();
    const auto init = readPyTorch(out + "/init");
    const auto tensors = readSafeTensors(out + "/subnet.safetensors");
    compareText(init.weightsKey, "state_dict");
    QCOMPARE(init.weights.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, tensor] = expected.tensors()[i];
        for (const auto* found : {&init.weights.tensors()[i], &tensors.tensors.tensors()[i]}) {
            compareText(found->name, key);
            QCOMPARE(found->tensor.shape(), tensor.shape());
            QVERIFY(found->tensor.contiguousBytes() == tensor.contiguousBytes());
        }
    }
    compareText(tensors.metadata.at("mean"), "[0.5]");
    const auto config = readJsonFile(out + "/net.config"), run = readJsonFile(out + "/run.config");
    const auto subnet = subnetFromNetConfig(*m_parts, JsonView(config, "net.config"), run["image_size"].get<int>());
    compareText(toJson(m_parts->space(), subnet).dump(), r.json()["subnet"].dump());
}

void TestExportCli::pythonLoadsThem()
{
    testing::Python python;
    if (!python.found())
        QSKIP("NOT TESTED against PyTorch: no python3 here can import torch (apt install python3-torch)");
    const auto out = path("python");
    const auto r = runCli(arguments({"--subnet", "random:3", "--format", "torchscript,state-dict,model-card", "--out", text(out), "--json"}));
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto own = net(r.json()["subnet"].dump());
    const auto size = own->subnet().resolution;
    const auto images = testing::fixtureInput("export", {3, 1, size, size});
    StateDict expected = own->weights();
    expected.add("images", images);
    expected.add("logits", own->forward(images));
    PyTorchOptions bare;
    bare.bare = true;
    writePyTorch(path("expected.pt"), expected, bare);
    const auto card = readJsonFile(out + "/model-card.json");
    const std::string script = R"(
import os, sys, torch
os.chdir(sys.argv[1])
expected = torch.load('../expected.pt')
images, logits = expected.pop('images'), expected.pop('logits')
difference = (torch.jit.load('subnet.ts.pt').eval()(images) - logits).abs().max().item()
assert difference <= 1e-5, difference
init = torch.load('init', map_location='cpu')
assert list(init) == ['state_dict'], list(init)
assert list(init['state_dict']) == list(expected)
assert all(torch.equal(init['state_dict'][k], expected[k]) for k in expected)
print('equal')
)";
    QVERIFY2(python.run(script + card["loading"]["subnet.ts.pt"].get<std::string>() + "\nprint(list(logits.shape))", {text(out)}), python.error.constData());
    compareText(python.output.toStdString(), "equal\n[1, 10]\n");
}

void TestExportCli::measuresOnData()
{
    const auto out = path("measured");
    const auto r = runCli(arguments({"--subnet", "min", "--data", text(path("noise")), "--recalibrate", "200", "--split", "validation", "--validation", "60", "--format", "state-dict,model-card",
        "--out", text(out), "--json", "--progress", "json"}));
    QVERIFY2(r.code == 0, r.err.c_str());
    QVERIFY2(contains(r.err, "\"evaluating\"") && !contains(r.err, "nothing was recalibrated"), r.err.c_str());
    const auto j = r.json();
    QCOMPARE(j["recalibrationImages"].get<int>(), 200);
    QCOMPARE(j["images"].get<int>(), 60);
    const auto& top1 = j["top1Percent"];
    QVERIFY(top1["low"].get<double>() <= top1["value"].get<double>() && top1["value"].get<double>() <= top1["high"].get<double>());
    compareText(top1["kind"], "measured");
    compareText(top1["source"], "validation images of noise (IDX); band: 90 % Wilson score interval of the sampling error of 60 images");
    const auto card = readJsonFile(out + "/model-card.json");
    compareText(card["accuracy"]["measured"]["top1Percent"].dump(), top1.dump());
    QCOMPARE(card["accuracy"]["measured"]["classes"].size(), std::size_t(10));
    const auto provenance = readJsonFile(out + "/provenance.json");
    QCOMPARE(provenance["dataSet"]["trainImages"].get<int>(), 240);
    QCOMPARE(provenance["dataSet"]["testImages"].get<int>(), 5000);

    // What was recalibrated is what is exported.
    const auto plain = path("plain");
    QCOMPARE(runCli(arguments({"--subnet", "min", "--format", "state-dict", "--out", text(plain)})).code, 0);
    const auto a = readPyTorch(out + "/init").weights, b = readPyTorch(plain + "/init").weights;
    const auto same = [&](const char* key) { return a.find(key)->contiguousBytes() == b.find(key)->contiguousBytes(); };
    QVERIFY(same("first_conv.conv.weight") && !same("first_conv.bn.running_mean") && !same("first_conv.bn.running_var"));
}

// A phone whose time is a constant and the work; its power is that of the class of phones.
void TestExportCli::theCardKnowsDevices()
{
    Random random(1);
    const auto macs = CostTable::macs(m_parts, m_parts->space().resolutions);
    std::string csv = "ks,e,d,r,latency_ms\n";
    for (int i = 0; i < 150; ++i) {
        const auto s = uniformSubnet(m_parts->space(), random);
        const auto json = toJson(m_parts->space(), s);
        for (const char* key : {"ks", "e", "d"}) {
            for (const auto& v : json[key])
                csv += std::to_string(v.get<int>());
            csv += ',';
        }
        csv += fmt::format("{},{}\n", s.resolution, 2 + macs.cost(s) / 2e6);
    }
    writeFileAtomically(path("nets.csv"), csv);
    const auto fit = runCli({"fit-device", "--space", "fashion-mbv3", "--measurements", text(path("nets.csv")), "--name", "A phone", "--supply", "battery", "--source", "a test", "--licence",
        "CC0-1.0", "--out", text(path("phone.json"))});
    QVERIFY2(fit.code == 0, fit.err.c_str());
    const auto r = runCli(arguments({"--subnet", "max", "--format", "model-card", "--device", text(path("phone.json")), "--grid", "100", "--out", text(path("card")), "--json"}));
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto card = readJsonFile(path("card") + "/model-card.json");
    compareText(card["devices"][0]["title"], "A phone");
    const auto& figures = card["devices"][0]["figures"];
    const auto predicted = runCli({"predict", "--bundle", text(path("b")), "--subnet", "max", "--device", text(path("phone.json")), "--grid", "100", "--json"}).json();
    for (const char* key : {"latencyMs", "energyJ", "co2eGPerMillion"})
        compareText(figures[key].dump(), predicted["subnets"][0]["devices"][0]["figures"][key].dump());
    QVERIFY(!figures["co2eGPerMillion"]["value"].is_null());
    QVERIFY(contains(card["carbon"]["assumptions"].dump(), "Devices on a battery: 85 %"));
    QVERIFY(contains(readTextFile(path("card") + "/model-card.md"), "| A phone | "));
}

void TestExportCli::fromASpaceAndACheckpoint()
{
    const auto r = runCli({"export", "--space", "fashion-mbv3", "--weights", text(path("weights.safetensors")), "--subnet", "max", "--format", "model-card,onnx", "--out", text(path("space"))});
    QVERIFY2(r.code == 0, r.err.c_str());
    QVERIFY2(contains(r.err, "it is not known how images are normalised"), r.err.c_str());
    const auto card = readJsonFile(path("space") + "/model-card.json");
    QVERIFY(card["provenance"]["bundle"].is_null() && card["input"]["mean"].is_null());
    QVERIFY(contains(card["provenance"]["weights"], "weights.safetensors (SHA-256 "));
}

void TestExportCli::failsInOneLine_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QString>("message");
    QTest::newRow("folder in the way") << QStringList{"--bundle", "FOLDER/b", "--out", "FOLDER/noise"} << "paretoscope-cli: /noise: exists already and is not empty: allowed a new name or an empty folder\n";
    QTest::newRow("no weights") << QStringList{"--bundle", "FOLDER/bare", "--out", "FOLDER/never"}
                                << "paretoscope-cli: /bare: the bundle holds no weights: allowed a bundle with weights: paretoscope-cli bundle attach /bare --weights CHECKPOINT --out NEW_BUNDLE\n";
    QTest::newRow("classes") << QStringList{"--bundle", "FOLDER/b", "--data", "FOLDER/three", "--out", "FOLDER/never"} << "paretoscope-cli: /three: the data set has another number of classes: found 3; allowed 10\n";
    QTest::newRow("no data") << QStringList{"--bundle", "FOLDER/b", "--data", "FOLDER/nowhere", "--out", "FOLDER/never"} << "paretoscope-cli: /nowhere: cannot be read: found No such file or directory\n";
    QTest::newRow("grid") << QStringList{"--bundle", "FOLDER/b", "--grid", "Atlantis", "--out", "FOLDER/never"} << "paretoscope-cli: there is no grid zone with this name: found \"Atlantis\"; allowed ";
    QTest::newRow("device") << QStringList{"--bundle", "FOLDER/b", "--device", "abacus", "--out", "FOLDER/never"} << "paretoscope-cli: there is no device with this id for the space fashion-mbv3: found \"abacus\"; allowed a device file or a latency table\n";
}

void TestExportCli::failsInOneLine()
{
    QFETCH(QStringList, more);
    QFETCH(QString, message);
    more.replaceInStrings("FOLDER", m_dir.path());
    const auto r = runCli(QStringList{"export", "--subnet", "min"} + more);
    QCOMPARE(r.code, 1);
    const auto said = without(r.err, m_folder);
    QVERIFY2(said.starts_with(message.toStdString()) && std::count(said.begin(), said.end(), '\n') == 1, said.c_str());
    QVERIFY(!std::filesystem::exists(path("never")));
}

void TestExportCli::wrongUsage_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QString>("message");
    QTest::newRow("format") << QStringList{"--bundle", "b", "--subnet", "min", "--out", "o", "--format", "onnx,tflite"}
                            << "--format: tflite not in {torchscript,state-dict,safetensors,onnx,ofa-config,model-card}";
    QTest::newRow("no out") << QStringList{"--bundle", "b", "--subnet", "min"} << "--out is required";
    QTest::newRow("no subnet") << QStringList{"--bundle", "b", "--out", "o"} << "--subnet is required";
    QTest::newRow("two sources") << QStringList{"--bundle", "b", "--space", "s", "--subnet", "min", "--out", "o"} << "2 were given";
    QTest::newRow("split") << QStringList{"--bundle", "b", "--subnet", "min", "--out", "o", "--split", "all"} << "--split: all not in {test,validation,train}";
    QTest::newRow("split of nothing") << QStringList{"--bundle", "b", "--subnet", "min", "--out", "o", "--split", "test"} << "--split requires --data";
}

void TestExportCli::wrongUsage()
{
    QFETCH(QStringList, more);
    QFETCH(QString, message);
    const auto r = runCli(QStringList{"export"} + more);
    QCOMPARE(r.code, 2);
    QVERIFY2(contains(r.err, message.toStdString()), r.err.c_str());
}

void TestExportCli::interruptionLeavesNothing()
{
    const auto before = listFolder(m_folder);
    QProcess p;
    p.setReadChannel(QProcess::StandardError);
    p.start(QStringLiteral(PARETOSCOPE_CLI), arguments({"--subnet", "max", "--data", text(path("noise")), "--progress", "json", "--out", text(path("never"))}));
    QByteArray said;
    while (!said.contains("\"evaluating\"") && p.waitForReadyRead(60'000))
        said += p.readAllStandardError();
    QVERIFY2(said.contains("\"evaluating\""), said.constData());
    QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
    ::kill(static_cast<pid_t>(p.processId()), SIGINT);
    QVERIFY(p.waitForFinished(60'000));
    QCOMPARE(p.exitCode(), 130);
    said += p.readAllStandardError();
    QVERIFY2(said.contains("interrupted; nothing was changed"), said.constData());
    QVERIFY(listFolder(m_folder) == before);
}

QTEST_GUILESS_MAIN(TestExportCli)
#include "tst_export.moc"

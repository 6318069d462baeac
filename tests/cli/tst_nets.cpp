// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// forward, evaluate and measure as a user's script sees them, their failures too: each ends the command in one line and
// nothing else.
#include "fixturenets.h"
#include "noisedata.h"
#include "runcli.h"

#include "base/file.h"
#include "checkpoint/npy.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "engine/evaluate.h"

#include <QProcess>

#include <csignal>
#include <limits>
#include <sys/resource.h>

using namespace paretoscope;
using testing::compareText;
using testing::contains;
using testing::fixtureInput;
using testing::fixtureSpace;
using testing::fixtureWeights;
using testing::runCli;
using testing::without;

namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

StateDict with(const StateDict& weights, const std::string& key, float value)
{
    StateDict changed;
    for (const auto& [name, tensor] : weights.tensors()) {
        if (name != key) {
            changed.add(name, tensor);
            continue;
        }
        auto values = tensor.toFloats();
        values[0] = value;
        changed.add(name, Tensor::fromFloats(tensor.shape(), values));
    }
    return changed;
}

} // namespace

class TestNets : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void forwardThroughBoth_data();
    void forwardThroughBoth();
    void forwardMatchesTheReference();
    void forwardInParts();
    void loneDepths();
    void evaluates();
    void evaluatesWhatPythonWouldCount();
    void measures();
    void failsInOneLine_data();
    void failsInOneLine();
    void moduleMissing();
    void outOfMemory();
    void interruption_data();
    void interruption();
    void hangUp();
    void wrongUsage_data();
    void wrongUsage();

private:
    std::string path(const std::string& name) const { return m_folder + "/" + name; }

    QTemporaryDir m_dir;
    std::string m_folder;
};

void TestNets::initTestCase()
{
    m_folder = m_dir.path().toStdString();
    for (const char* net : {"tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"}) {
        const auto space = fixtureSpace(net);
        writeFileAtomically(path(std::string(net) + ".json"), printJson(toJson(space)));
        writePyTorch(path(std::string(net) + ".pth"), fixtureWeights(space));
    }
    writeNpy(path("images.npy"), fixtureInput("input:40", {2, 3, 40, 40}));
    writeNpy(path("grey.npy"), fixtureInput("grey", {1, 1, 28, 28}));
    writeNpy(path("many.npy"), fixtureInput("many", {20'000, 1, 28, 28}));
    writeNpy(path("some.npy"), fixtureInput("many", {70, 1, 28, 28}));
    const auto small = builtInSpace("fashion-mbv3");
    const auto weights = fixtureWeights(small);
    writeSafeTensors(path("small.safetensors"), weights);
    const auto variance = std::string("blocks.2.conv.depth_conv.bn.bn.running_var");
    writeSafeTensors(path("nan.safetensors"), with(weights, variance, std::numeric_limits<float>::quiet_NaN()));
    writeSafeTensors(path("negative.safetensors"), with(weights, variance, -0.5f));
    writeFileAtomically(path("about.json"), std::string(R"({"id": "small", "dataSet": {"name": "Noise", "classes": 10, "mean": [0.5], "std": [0.25]}})"));
    const auto made = runCli({"import", "--space", "fashion-mbv3", "--weights", text(path("small.safetensors")), "--about", text(path("about.json")), "--out", text(path("b"))});
    QVERIFY2(made.code == 0, made.err.c_str());
    QCOMPARE(runCli({"import", "--space", "fashion-mbv3", "--out", text(path("bare"))}).code, 0);
    testing::writeNoiseData(path("noise"), 300, 120, 10);
    testing::writeNoiseData(path("three"), 30, 9, 3);
    testing::writeNoiseData(path("cut"), 30, 10, 10);
    const auto images = readTextFile(path("cut/t10k-images-idx3-ubyte"));
    writeFileAtomically(path("cut/t10k-images-idx3-ubyte"), images.substr(0, images.size() - 100));
}

void TestNets::forwardThroughBoth_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::newRow(net) << net;
}

void TestNets::forwardThroughBoth()
{
    QFETCH(QString, net);
    const QStringList common{"forward", "--space", text(path(net.toStdString() + ".json")), "--weights", text(path(net.toStdString() + ".pth")), "--input", text(path("images.npy"))};
    const auto run = [&](const char* out, const QStringList& more) {
        const auto r = runCli(common + QStringList{"--out", text(path(out))} + more);
        QVERIFY2(r.code == 0, r.err.c_str());
    };
    run("a.npy", {"--subnet", "random:5"});
    run("b.npy", {"--subnet", "random:5", "--extracted"});
    run("c.npy", {"--subnet", "random:5", "--dtype", "float64"});
    run("d.npy", {"--subnet", "random:6"});
    QVERIFY(readNpy(path("a.npy")).contiguousBytes() == readNpy(path("b.npy")).contiguousBytes());
    const auto a = readNpy(path("a.npy")).toDoubles(), c = readNpy(path("c.npy")).toDoubles();
    QVERIFY(readNpy(path("c.npy")).dtype() == DType::F64);
    QVERIFY_CLOSE(a, c, 5e-5);
    QVERIFY(testing::largestDifference(a, readNpy(path("d.npy")).toDoubles()) > 1e-3);
}

void TestNets::forwardMatchesTheReference()
{
    NEED_REFERENCE("fixtures/ofa/tiny_mbv3_b_cases.json");
    NEED_REFERENCE("fixtures/ofa/tiny_mbv3_b_legacy.pth");
    const auto cases = readJsonFile(testing::referenceDir() / "fixtures/ofa/tiny_mbv3_b_cases.json");
    const auto& c = cases["cases"][3];
    const int r = c["image_size"];
    writeNpy(path("case.npy"), fixtureInput(c["input_key"], {1, 3, r, r}));
    auto subnet = c["arch"];
    subnet["image_size"] = r;
    const auto done = runCli({"forward", "--space", text(path("tiny_mbv3_b.json")), "--weights", text((testing::referenceDir() / "fixtures/ofa/tiny_mbv3_b_legacy.pth").string()), "--subnet", "-",
                                 "--input", text(path("case.npy")), "--out", text(path("case-out.npy")), "--json"},
        subnet.dump());
    QVERIFY2(done.code == 0, done.err.c_str());
    compareText(done.json()["shape"].dump(), "[1,7]");
    QVERIFY(done.json()["warnings"].empty());
    QVERIFY_CLOSE(readNpy(path("case-out.npy")).toDoubles(), testing::doublesOf(c["logits_f64"]), 1e-5);
}

// 70 images take two parts; the first image does not notice the others.
void TestNets::forwardInParts()
{
    const auto run = [&](const char* in, const char* out) {
        const auto r = runCli({"forward", "--bundle", text(path("b")), "--subnet", "min", "--resolution", "28", "--input", text(path(in)), "--out", text(path(out)), "--json"});
        QVERIFY2(r.code == 0, r.err.c_str());
    };
    run("some.npy", "some-out.npy");
    auto all = readNpy(path("some-out.npy"));
    compareText(toString(all.shape()), "[70, 10]");
    const auto last = fixtureInput("many", {70, 1, 28, 28}).toFloats();
    writeNpy(path("last.npy"), Tensor::fromFloats({1, 1, 28, 28}, {last.end() - 784, last.end()}));
    run("last.npy", "last-out.npy");
    const auto values = all.toDoubles();
    QVERIFY_CLOSE(std::vector<double>(values.end() - 10, values.end()), readNpy(path("last-out.npy")).toDoubles(), 1e-6);
}

// As set_active_subnet of the reference takes them: 4 for all stages, the last of which has one block.
void TestNets::loneDepths()
{
    for (const auto& [net, subnet, depths] : {std::tuple{"tiny_proxyless", R"({"ks":7,"e":6,"d":4,"r":40})", "[4,4,4,4,4,1]"}, {"tiny_proxyless", R"({"ks":3,"e":3,"d":2,"r":40})", "[2,2,2,2,2,1]"},
             {"tiny_resnet", R"({"d":1,"e":0.25,"w":1,"r":40})", "[1,1,1,1,1]"}, {"tiny_resnet", R"({"d":0,"e":0.25,"w":1,"r":40})", "[0,0,0,0,0]"}}) {
        const auto r = runCli({"forward", "--space", text(path(std::string(net) + ".json")), "--weights", text(path(std::string(net) + ".pth")), "--input", text(path("images.npy")), "--out",
            text(path("lone.npy")), "--subnet", subnet, "--json"});
        QVERIFY2(r.code == 0, r.err.c_str());
        compareText(r.json()["subnet"]["d"].dump(), depths);
    }
    const auto full = runCli({"describe", "--space", "ofa-resnet50", "--subnet", R"({"d":1,"e":0.25,"w":1,"r":224})", "--json"});
    QVERIFY2(full.code == 0, full.err.c_str());
    compareText(full.json()["subnet"]["d"].dump(), "[0,1,1,1,1]"); // the stem keeps its residual layer at the largest depth only
    const auto wrong = runCli({"describe", "--space", "ofa-proxyless-w1.3", "--subnet", R"({"ks":7,"e":6,"d":5,"r":224})"});
    QCOMPARE(wrong.code, 1);
}

void TestNets::evaluates()
{
    const QStringList common{"evaluate", "--bundle", text(path("b")), "--data", text(path("noise")), "--json", "--progress", "json"};
    const auto r = runCli(common + QStringList{"--subnet", "random:2", "--recalibrate", "150"});
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto j = r.json();
    QCOMPARE(j["images"].get<int>(), 120);
    QCOMPARE(j["recalibrationImages"].get<int>(), 150);
    const auto& top1 = j["top1Percent"];
    compareText(top1["kind"], "measured");
    QVERIFY(top1["low"].get<double>() <= top1["value"].get<double>() && top1["value"].get<double>() <= top1["high"].get<double>());
    QVERIFY(j["top5Percent"]["value"].get<double>() >= top1["value"].get<double>());
    std::size_t correct = 0, images = 0;
    for (const auto& c : j["classes"]) {
        correct += c["correct"].get<std::size_t>();
        images += c["images"].get<std::size_t>();
    }
    QCOMPARE(images, std::size_t(120));
    QVERIFY(std::abs(100.0 * static_cast<double>(correct) / 120 - top1["value"].get<double>()) < 1e-9);
    QVERIFY2(contains(r.err, "\"recalibrating batch norm\"") && contains(r.err, "\"share\":"), r.err.c_str());

    // The held-out images: 50 of 300 training images.
    const auto held = runCli(common + QStringList{"--subnet", "min", "--split", "validation"});
    QVERIFY2(held.code == 0, held.err.c_str());
    QCOMPARE(held.json()["images"].get<int>(), 50);
    QVERIFY2(contains(held.err, "without --recalibrate N"), held.err.c_str());
    const auto people = runCli({"evaluate", "--bundle", text(path("b")), "--data", text(path("noise")), "--subnet", "max"});
    QVERIFY2(contains(people.out, "top-1 ") && contains(people.out, "120 test images, batch norm as it is in the weights"), people.out.c_str());
}

// What evaluate counts is what forward's logits say.
void TestNets::evaluatesWhatPythonWouldCount()
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("fashion-mbv3"));
    const auto source = openDataSet(path("noise"));
    LoaderRequest request;
    request.images = wholeDataSet(source.test);
    request.preprocessing = {1, {0.5}, {0.25}, 0};
    request.resolution = fixedResolution(28);
    const auto net = testing::engine().supernet(parts, fixtureWeights(parts->space()), NetPrecision::Float32);
    const auto counted = evaluate([&](const Tensor& images) { return net->forward(parts->space().largest(), images); }, request);
    const auto r = runCli({"evaluate", "--bundle", text(path("b")), "--data", text(path("noise")), "--subnet", "max", "--json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    for (std::size_t i = 0; i < counted.classes.size(); ++i)
        QCOMPARE(r.json()["classes"][i]["correct"].get<std::size_t>(), counted.classes[i].correct);
}

void TestNets::measures()
{
    const auto r = runCli({"measure", "--bundle", text(path("b")), "--subnet", "min", "--seconds", "0.05", "--json"});
    QVERIFY2(r.code == 0, r.err.c_str());
    const auto j = r.json();
    const auto& ms = j["latencyMs"];
    QVERIFY(ms["value"].get<double>() > 0 && ms["low"].get<double>() <= ms["value"].get<double>() && ms["high"].get<double>() >= ms["value"].get<double>());
    compareText(ms["kind"], "measured");
    QCOMPARE(j["batch"].get<int>(), 1);
    QCOMPARE(j["threads"].get<int>(), 1);
    QVERIFY(j["repeats"].get<int>() >= 30);
    QCOMPARE(j["initialisedWeights"].get<bool>(), false);
    const auto more = runCli({"measure", "--space", "fashion-mbv3", "--subnet", "max", "--seconds", "0.05", "--batch", "8", "--threads", "2", "--json"});
    QVERIFY2(more.code == 0, more.err.c_str());
    QCOMPARE(more.json()["threads"].get<int>(), 2);
    QCOMPARE(more.json()["initialisedWeights"].get<bool>(), true);
    QVERIFY(more.json()["latencyMs"]["value"].get<double>() > ms["value"].get<double>()); // 160 times the work
}

void TestNets::failsInOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    const QStringList forward{"forward", "--subnet", "max", "--out", "FOLDER/never.npy"}, evaluate{"evaluate", "--subnet", "max"};
    QTest::newRow("no weights") << forward + QStringList{"--bundle", "FOLDER/bare", "--input", "FOLDER/grey.npy"}
                                << "/bare: the bundle holds no weights: allowed a bundle with weights: paretoscope-cli bundle attach /bare --weights CHECKPOINT --out NEW_BUNDLE";
    QTest::newRow("a space alone") << forward + QStringList{"--space", "fashion-mbv3", "--input", "FOLDER/grey.npy"}
                                   << "fashion-mbv3: a space alone has no weights: allowed --weights CHECKPOINT, or --bundle";
    QTest::newRow("another space") << forward + QStringList{"--space", "ofa-mbv3-w1.0", "--weights", "FOLDER/small.safetensors", "--input", "FOLDER/images.npy"}
                                   << "/small.safetensors: the weights are not those of a supernet of ofa-mbv3-w1.0: found ";
    QTest::newRow("NaN") << forward + QStringList{"--space", "fashion-mbv3", "--weights", "FOLDER/nan.safetensors", "--input", "FOLDER/grey.npy"}
                         << "/nan.safetensors: the weights are not those of a supernet of fashion-mbv3: found 1 with NaN or infinite values: blocks.2.conv.depth_conv.bn.bn.running_var";
    QTest::newRow("negative variance") << forward + QStringList{"--space", "fashion-mbv3", "--weights", "FOLDER/negative.safetensors", "--input", "FOLDER/grey.npy"}
                                       << "/negative.safetensors: the weights are not those of a supernet of fashion-mbv3: found 1 with negative variances: blocks.2.conv.depth_conv.bn.bn.running_var";
    QTest::newRow("no folder") << QStringList{"forward", "--subnet", "max", "--bundle", "FOLDER/b", "--input", "FOLDER/grey.npy", "--out", "FOLDER/none/x.npy"}
                               << "/none/x.npy: cannot be written: found there is no folder /none";
    QTest::newRow("colour") << forward + QStringList{"--bundle", "FOLDER/b", "--input", "FOLDER/images.npy"}
                            << "images: do not fit the nets of fashion-mbv3: found float32 [2, 3, 40, 40]; allowed float32 or float64 [N, 1, height, width]";
    QTest::newRow("not an array") << forward + QStringList{"--bundle", "FOLDER/b", "--input", "FOLDER/about.json"} << "/about.json: is no .npy file: found ";
    QTest::newRow("truncated data") << evaluate + QStringList{"--bundle", "FOLDER/b", "--data", "FOLDER/cut"} << "/cut/t10k-images-idx3-ubyte: declares more than the file can hold: found 10 x 28 x 28 bytes; allowed a file of 7756 bytes";
    QTest::newRow("classes") << evaluate + QStringList{"--bundle", "FOLDER/b", "--data", "FOLDER/three"} << "/three: the data set has another number of classes: found 3; allowed 10";
    QTest::newRow("no data") << evaluate + QStringList{"--bundle", "FOLDER/b", "--data", "FOLDER/none"} << "/none: cannot be read: found No such file or directory";
    QTest::newRow("no normalisation") << evaluate + QStringList{"--space", "fashion-mbv3", "--weights", "FOLDER/small.safetensors", "--data", "FOLDER/noise"}
                                      << "fashion-mbv3: it is not known how images are normalised: allowed a bundle with \"mean\" and \"std\" under \"dataSet\"";
    QTest::newRow("no such device") << QStringList{"measure", "--space", "fashion-mbv3", "--subnet", "min", "--compute", "cuda"}
                                    << "device: there is no CUDA device that LibTorch can use: found \"cuda\"; allowed cpu, auto";
}

void TestNets::failsInOneLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    arguments.replaceInStrings("FOLDER", m_dir.path());
    if (arguments.contains("cuda") && runCli(arguments).code == 0)
        QSKIP("there is a CUDA device here");
    const auto r = runCli(arguments);
    QCOMPARE(r.code, 1);
    compareText(r.out, "");
    const auto found = without(r.err, m_folder);
    QVERIFY2(contains(found, "paretoscope-cli: " + message.toStdString()), found.c_str());
    QCOMPARE(std::count(found.begin(), found.end(), '\n'), 1);
    QVERIFY(!std::filesystem::exists(path("never.npy")));
}

void TestNets::moduleMissing()
{
    QProcess p;
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const auto& [engine, reason] : {std::pair{path("none.so"), std::string("cannot open shared object file")}, {path("about.json"), std::string("invalid ELF header")},
             {std::string(PARETOSCOPE_STUB_MODULE), std::string("no symbol paretoscopeEngineInterface")}}) {
        environment.insert("PARETOSCOPE_ENGINE", text(engine));
        p.setProcessEnvironment(environment);
        p.start(PARETOSCOPE_CLI, {"measure", "--space", "fashion-mbv3", "--subnet", "min"});
        QVERIFY(p.waitForFinished(60'000));
        QCOMPARE(p.exitCode(), 1);
        const auto err = p.readAllStandardError().toStdString();
        QVERIFY2(contains(err, reason) && contains(err, "packaging/run.sh builds it; it needs libtorch-dev"), err.c_str());
    }
}

void TestNets::outOfMemory()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer needs the address space that this test takes away");
#endif
    QProcess p;
    p.setChildProcessModifier([] {
        const rlimit limit{8ull << 30, 8ull << 30};
        setrlimit(RLIMIT_AS, &limit);
    });
    p.start(PARETOSCOPE_CLI, {"measure", "--space", "ofa-mbv3-w1.0", "--subnet", "max", "--batch", "20000"});
    QVERIFY(p.waitForFinished(120'000));
    QCOMPARE(p.exitCode(), 1);
    const auto err = p.readAllStandardError().toStdString();
    QVERIFY2(contains(err, "out of memory: found ") && contains(err, " more bytes were asked for; allowed a smaller batch, a lower resolution, or more memory"), err.c_str());
}

void TestNets::interruption_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("step");
    QTest::newRow("forward") << QStringList{"forward", "--bundle", "FOLDER/b", "--subnet", "max", "--input", "FOLDER/many.npy", "--out", "FOLDER/never.npy"} << "\"forward\"";
    QTest::newRow("measure") << QStringList{"measure", "--space", "fashion-mbv3", "--subnet", "max", "--seconds", "600"} << "measuring";
    const QStringList evaluate{"evaluate", "--bundle", "FOLDER/b", "--data", "FOLDER/noise", "--subnet", "max"};
    QTest::newRow("recalibration") << evaluate + QStringList{"--recalibrate", "300"} << "recalibrating batch norm";
    QTest::newRow("evaluation") << evaluate + QStringList{"--batch", "1"} << "evaluating";
}

void TestNets::interruption()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, step);
    arguments.replaceInStrings("FOLDER", m_dir.path());
    QProcess p;
    p.setReadChannel(QProcess::StandardError);
    p.start(PARETOSCOPE_CLI, arguments + QStringList{"--progress", "json"});
    QByteArray seen;
    while (!seen.contains(step.toUtf8())) {
        QVERIFY2(p.waitForReadyRead(30'000), seen.constData());
        seen += p.readAllStandardError();
    }
    QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
    ::kill(static_cast<pid_t>(p.processId()), SIGINT);
    QVERIFY(p.waitForFinished(10'000));
    QCOMPARE(p.exitStatus(), QProcess::NormalExit);
    QCOMPARE(p.exitCode(), 130);
    const auto err = seen + p.readAllStandardError();
    QVERIFY2(err.endsWith("paretoscope-cli: interrupted; nothing was changed\n"), err.constData());
}

// The terminal has gone: that stops the program, unless it was started to outlive the terminal.
void TestNets::hangUp()
{
    for (const auto& [before, code] : {std::pair{"", 130}, {"trap '' HUP; ", 0}}) {
        QProcess p;
        p.setReadChannel(QProcess::StandardError);
        p.start("/bin/sh", {"-c", QString(before) + "exec \"$0\" measure --space fashion-mbv3 --subnet min --seconds 1.5 --progress json", PARETOSCOPE_CLI});
        QByteArray seen;
        while (!seen.contains("measuring")) {
            QVERIFY2(p.waitForReadyRead(30'000), seen.constData());
            seen += p.readAllStandardError();
        }
        QVERIFY(p.processId() > 0); // 0, after its end, would be our own group
        ::kill(static_cast<pid_t>(p.processId()), SIGHUP);
        QVERIFY(p.waitForFinished(30'000));
        QCOMPARE(p.exitStatus(), QProcess::NormalExit);
        QCOMPARE(p.exitCode(), code);
    }
}

void TestNets::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("neither") << QStringList{"measure", "--subnet", "max"};
    QTest::newRow("both") << QStringList{"measure", "--subnet", "max", "--space", "fashion-mbv3", "--bundle", "b"};
    QTest::newRow("weights of a bundle") << QStringList{"measure", "--subnet", "max", "--bundle", "b", "--weights", "w"};
    QTest::newRow("batch") << QStringList{"measure", "--subnet", "max", "--space", "fashion-mbv3", "--batch", "0"};
    QTest::newRow("recalibrate") << QStringList{"evaluate", "--subnet", "max", "--bundle", "b", "--data", "d", "--recalibrate", "-5"};
    QTest::newRow("validation") << QStringList{"evaluate", "--subnet", "max", "--bundle", "b", "--data", "d", "--validation", "-1"};
    QTest::newRow("split") << QStringList{"evaluate", "--subnet", "max", "--bundle", "b", "--data", "d", "--split", "all"};
    QTest::newRow("type") << QStringList{"forward", "--subnet", "max", "--bundle", "b", "--input", "i", "--out", "o", "--dtype", "int8"};
}

void TestNets::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QCOMPARE(runCli(arguments).code, 2);
}

QTEST_GUILESS_MAIN(TestNets)
#include "tst_nets.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line as a user's script sees it: what stands on which stream, and the exit code.
#include "fixturespaces.h"
#include "runcli.h"

#include "base/file.h"
#include "base/zip.h"
#include "checkpoint/pytorch.h"
#include "space/keys.h"

#include <QProcess>

#include <csignal>

using namespace paretoscope;
using testing::compareText;
using testing::runCli;
using testing::fixtureSpace;
using testing::without;

namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

} // namespace

class TestCli : public QObject {
    Q_OBJECT
private slots:
    void init();
    void usageErrorsAreTwo_data();
    void usageErrorsAreTwo();
    void failuresAreOneLineAndOne_data();
    void failuresAreOneLineAndOne();
    void helpAndVersion();
    void spaces();
    void describeTakesEverySubnet();
    void describeAtAnyResolution();
    void importPredictAndBundle();
    void figuresThatCannotBeGivenSayWhy();
    void realFilesGiveTheFixturesFigures();
    void closedOutputIsAnError();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_folder;
};

void TestCli::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = m_dir->path().toStdString();
}

void TestCli::usageErrorsAreTwo_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("unknown command") << QStringList{"frobnicate"};
    QTest::newRow("unknown option") << QStringList{"spaces", "--colour"};
    QTest::newRow("missing option") << QStringList{"describe", "--space", "ofa-mbv3-w1.0"};
    QTest::newRow("both") << QStringList{"describe", "--space", "ofa-mbv3-w1.0", "--bundle", "b", "--subnet", "max"};
    QTest::newRow("resolution") << QStringList{"describe", "--space", "ofa-mbv3-w1.0", "--subnet", "max", "--resolution", "0"};
    QTest::newRow("progress") << QStringList{"--progress", "loud", "spaces"};
    QTest::newRow("too many names") << QStringList{"import", "--space", "ofa-mbv3-w1.0", "--device-name", "x", "--out", "/nonexistent/b"};
    QTest::newRow("bundle alone") << QStringList{"bundle"};
}

void TestCli::usageErrorsAreTwo()
{
    QFETCH(QStringList, arguments);
    const auto o = runCli(arguments);
    QCOMPARE(o.code, 2);
    QVERIFY(o.out.empty());
    QVERIFY2(o.err.starts_with("paretoscope-cli: ") && o.err.ends_with(" (see --help)\n"), o.err.c_str());
}

void TestCli::failuresAreOneLineAndOne_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    QTest::newRow("space") << QStringList{"spaces", "resnet"} << "there is no built-in space with this id: found \"resnet\"; allowed ofa-mbv3-w1.0, ofa-mbv3-w1.2, ofa-proxyless-w1.3, ofa-resnet50, fashion-mbv3; ofa-mbv3-wX and ofa-proxyless-wX for any width X from 0.05 to 8; or a space file";
    QTest::newRow("subnet outside") << QStringList{"describe", "--space", "ofa-mbv3-w1.0", "--subnet", R"({"ks":3,"e":5,"d":2,"r":128})", "--json"}
                                    << "--subnet: the subnet lies outside the space ofa-mbv3-w1.0: found e[0] is 5 (allowed 3 4 6), e[1] is 5 (allowed 3 4 6), e[4] is 5 (allowed 3 4 6), e[5] is 5 (allowed 3 4 6), e[8] is 5 (allowed 3 4 6), e[9] is 5 (allowed 3 4 6) and 4 more";
    QTest::newRow("not json") << QStringList{"describe", "--space", "ofa-mbv3-w1.0", "--subnet", "{oops"} << "--subnet:1:2: not valid JSON";
    QTest::newRow("no file") << QStringList{"describe", "--space", "ofa-mbv3-w1.0", "--subnet", "/nonexistent.json"} << "/nonexistent.json: cannot be opened: found No such file or directory";
    QTest::newRow("seed") << QStringList{"describe", "--space", "ofa-mbv3-w1.0", "--subnet", "random:x"} << "--subnet: not a seed: found \"x\"; allowed random: and a whole number";
    QTest::newRow("bundle") << QStringList{"predict", "--bundle", "/nonexistent", "--subnet", "max"} << "/nonexistent: cannot be opened: found No such file or directory";
    QTest::newRow("info") << QStringList{"info", "/nonexistent"} << "/nonexistent: cannot be opened: found No such file or directory";
}

void TestCli::failuresAreOneLineAndOne()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    const auto o = runCli(arguments);
    QCOMPARE(o.code, 1);
    QVERIFY(o.out.empty());
    compareText(o.err, "paretoscope-cli: " + message.toStdString() + "\n");
}

void TestCli::helpAndVersion()
{
    const auto help = runCli({"--help"});
    QCOMPARE(help.code, 0);
    for (const char* command : {"spaces", "info", "import", "describe", "predict", "devices", "bundle"})
        QVERIFY2(testing::contains(help.out, command), command);
    QVERIFY(runCli({"--version"}).out.starts_with("paretoscope-cli "));
}

void TestCli::spaces()
{
    const auto list = runCli({"spaces", "--json"}).json();
    QCOMPARE(list["spaces"].size(), 5u);
    const auto one = runCli({"--json", "spaces", "ofa-mbv3-w1.2", "--keys"}).json();
    compareText(one["subnetsPerResolution"].get<std::string>(), "21758655492572485851");
    compareText(one["subnets"].get<std::string>(), "543966387314312146275");
    QCOMPARE(one["keys"].size(), 475u);
    compareText(one["keys"][0].dump(), R"(["first_conv.conv.weight",[24,3,3,3],"float32"])");
    compareText(one["choices"]["ks"].dump() + one["choices"]["e"].dump() + one["choices"]["d"].dump(), "[3,5,7][3,4,6][2,3,4]");
    // A space file of one's own works wherever an id does.
    auto mine = toJson(builtInSpace("ofa-mbv3-w1.0"));
    mine["id"] = "mine";
    writeFileAtomically(m_folder + "/mine.json", printJson(mine));
    compareText(runCli({"spaces", text(m_folder + "/mine.json"), "--json"}).json()["id"].get<std::string>(), "mine");
}

void TestCli::describeTakesEverySubnet()
{
    const auto max = runCli({"describe", "--space", "ofa-mbv3-w1.2", "--subnet", "max", "--json"}).json();
    QCOMPARE(max["macs"].get<std::uint64_t>(), 843101040u);
    QCOMPARE(max["params"].get<std::uint64_t>(), 10701632u);
    QCOMPARE(max["weightBytes"].get<std::uint64_t>(), 4 * 10701632u);
    std::uint64_t sum = 0;
    for (const auto& b : max["blocks"])
        sum += b["macs"].get<std::uint64_t>();
    QCOMPARE(sum, 843101040u);
    const auto same = [&](const QStringList& how, const std::string& input = {}) {
        const auto o = runCli(QStringList{"describe", "--space", "ofa-mbv3-w1.2", "--json", "--subnet"} + how, input);
        return o.code == 0 && o.json()["macs"] == max["macs"];
    };
    QVERIFY(same({R"({"ks":7,"e":6,"d":4,"r":[224]})"}));
    QVERIFY(same({"-"}, R"({"ks":7,"e":6,"d":4,"image_size":224})"));
    writeFileAtomically(m_folder + "/printed.json", printJson(max)); // what a command printed is read again
    QVERIFY(same({text(m_folder + "/printed.json")}));
    const auto a = runCli({"describe", "--space", "ofa-mbv3-w1.2", "--subnet", "random:5", "--json"}), b = runCli({"describe", "--space", "ofa-mbv3-w1.2", "--subnet", "random", "--seed", "5", "--json"});
    compareText(a.out, b.out);
    QVERIFY(a.out != runCli({"describe", "--space", "ofa-mbv3-w1.2", "--subnet", "random:6", "--json"}).out);
}

void TestCli::describeAtAnyResolution()
{
    const auto o = runCli({"describe", "--space", "ofa-mbv3-w1.0", "--subnet", "min", "--resolution", "33", "--json"}).json();
    QCOMPARE(o["subnet"]["r"][0].get<int>(), 33);
    compareText(o["warnings"][0].get<std::string>(), "resolution 33 lies outside the space");
}

void TestCli::importPredictAndBundle()
{
    const auto space = fixtureSpace("tiny_mbv3_b");
    writeFileAtomically(m_folder + "/space.json", printJson(toJson(space)));
    StateDict weights;
    for (const auto& key : supernetKeys(space)) {
        std::size_t n = 1;
        for (const auto d : key.shape)
            n *= static_cast<std::size_t>(d);
        if (key.dtype == "float32")
            weights.add(key.name, Tensor::fromFloats(key.shape, std::vector<float>(n, 0.5f)));
    }
    writePyTorch(m_folder + "/w.pth", weights);
    const auto import = runCli({"import", "--space", text(m_folder + "/space.json"), "--weights", text(m_folder + "/w.pth"), "--out", text(m_folder + "/b"), "--json"});
    QCOMPARE(import.code, 0);
    QCOMPARE(import.json()["weights"].get<bool>(), true);
    const auto again = runCli({"import", "--space", text(m_folder + "/space.json"), "--out", text(m_folder + "/b")});
    QCOMPARE(again.code, 1);
    compareText(without(again.err, m_folder), "paretoscope-cli: /b: exists already and is not empty: allowed a new name or an empty folder\n");

    QCOMPARE(runCli({"bundle", "pack", text(m_folder + "/b"), text(m_folder + "/b.zip")}).code, 0);
    QCOMPARE(runCli({"bundle", "verify", text(m_folder + "/b.zip"), "--json"}).json()["weights"].get<bool>(), true);
    QCOMPARE(runCli({"bundle", "unpack", text(m_folder + "/b.zip"), text(m_folder + "/u")}).code, 0);
    QVERIFY(readFile(m_folder + "/u/bundle.json") == readFile(m_folder + "/b/bundle.json"));

    auto broken = readTextFile(m_folder + "/u/space.json");
    writeFileAtomically(m_folder + "/u/space.json", broken + " ");
    const auto verify = runCli({"bundle", "verify", text(m_folder + "/u")});
    QCOMPARE(verify.code, 1);
    QVERIFY2(without(verify.err, m_folder).starts_with("paretoscope-cli: /u: the bundle is damaged or was changed: found space.json has "), verify.err.c_str());

    const auto info = runCli({"info", text(m_folder + "/b.zip"), "--json"}).json();
    compareText(info["kind"].get<std::string>(), "bundle");
    const auto progress = runCli({"--progress", "json", "bundle", "verify", text(m_folder + "/b")});
    const auto firstLine = progress.err.substr(0, progress.err.find('\n'));
    compareText(parseJson(firstLine, "progress")["step"].get<std::string>(), "read");
}

void TestCli::figuresThatCannotBeGivenSayWhy()
{
    QCOMPARE(runCli({"import", "--space", "ofa-mbv3-w0.25", "--out", text(m_folder + "/b")}).code, 0);
    const auto p = runCli({"predict", "--bundle", text(m_folder + "/b"), "--subnet", "max", "min", "--json"}).json();
    QCOMPARE(p["subnets"].size(), 2u);
    const auto& figures = p["subnets"][0]["devices"][0]["figures"];
    QVERIFY(figures["top1Percent"]["value"].is_null() && figures["latencyMs"]["value"].is_null());
    compareText(figures["top1Percent"]["reason"].get<std::string>(), "the bundle holds no accuracy predictor");
    compareText(figures["latencyMs"]["reason"].get<std::string>(), "no device is given and the bundle holds none");
    QVERIFY(figures["macs"].is_number_unsigned());
}

void TestCli::realFilesGiveTheFixturesFigures()
{
    NEED_REFERENCE("real/once-for-all/acc_predictor.pth");
    NEED_REFERENCE("real/once-for-all/note10");
    NEED_REFERENCE("fixtures/ofa/predictor_and_latency.json");
    const auto real = testing::referenceDir() / "real/once-for-all";
    QCOMPARE(runCli({"import", "--space", "ofa-mbv3-w1.2", "--predictor", text(real / "acc_predictor.pth"), "--latency", text(real / "note10"), "--device-name", "Samsung Note10", "--supply", "battery", "--out", text(m_folder + "/b")}).code, 0);
    const auto c = readJsonFile(testing::referenceDir() / "fixtures/ofa/predictor_and_latency.json")["tutorial_128"]["cases"][3];
    auto subnet = c["arch"];
    subnet["r"] = {c["r"]};
    const auto p = runCli({"predict", "--bundle", text(m_folder + "/b"), "--device", "samsung-note10", "--subnet", "-", "--json"}, subnet.dump()).json();
    const auto& figures = p["subnets"][0]["devices"][0]["figures"];
    QVERIFY(std::abs(figures["top1Percent"]["value"].get<double>() - 100 * c["pred_real_checkpoint_f64"].get<double>()) < 1e-3);
    QVERIFY(std::abs(figures["latencyMs"]["value"].get<double>() - c["note10_latency_ms_spec"].get<double>()) < 1e-9);
    compareText(figures["latencyMs"]["kind"].get<std::string>(), "table");
    // The same device straight from its table.
    const auto direct = runCli({"predict", "--bundle", text(m_folder + "/b"), "--device", text(real / "note10"), "--subnet", "-", "--json"}, subnet.dump()).json();
    QCOMPARE(direct["subnets"][0]["devices"][0]["figures"]["latencyMs"]["value"].get<double>(), figures["latencyMs"]["value"].get<double>());
    // Energy first, carbon second: emissions are the energy times factors, and another grid only multiplies.
    const auto energyJ = figures["energyJ"]["value"].get<double>(), world = figures["co2eGPerMillion"]["value"].get<double>();
    const double gPerKwh = p["gPerKwh"]["value"].get<double>();
    QVERIFY(std::abs(world / (energyJ * 1e6 / 3.6e6 / 0.85 * gPerKwh) - 1) < 1e-12);
    QVERIFY(figures["energyJ"]["low"].get<double>() < energyJ && energyJ < figures["energyJ"]["high"].get<double>());
    QVERIFY(figures["energyByPowerJ"]["value"].is_number() && figures["energyByWorkJ"]["value"].is_number());
    const auto clean = runCli({"predict", "--bundle", text(m_folder + "/b"), "--grid", "10", "--charging-efficiency", "1", "--subnet", "-", "--json"}, subnet.dump()).json();
    QVERIFY(std::abs(clean["subnets"][0]["devices"][0]["figures"]["co2eGPerMillion"]["value"].get<double>() / (energyJ * 1e6 / 3.6e6 * 10) - 1) < 1e-12);
    const auto nowhere = runCli({"predict", "--bundle", text(m_folder + "/b"), "--grid", "Frnace", "--subnet", "max"});
    QCOMPARE(nowhere.code, 1);
    QVERIFY2(testing::contains(nowhere.err, "there is no grid zone with this name: found \"Frnace\"; allowed FR (France)"), nowhere.err.c_str());
    const auto unknown = runCli({"predict", "--bundle", text(m_folder + "/b"), "--device", "pixel1", "--subnet", "max"});
    QCOMPARE(unknown.code, 1);
    compareText(unknown.err, "paretoscope-cli: there is no device with this id for the space ofa-mbv3-w1.2: found \"pixel1\"; allowed intel-i7-8700k, nvidia-rtx-2080-ti-b64, nvidia-titan-rtx-b1, nvidia-titan-rtx-b32, nvidia-titan-rtx-b64, nvidia-titan-xp-b32, nvidia-titan-xp-b64, nvidia-v100-b1, nvidia-v100-b32, nvidia-v100-b64, samsung-note10; or a device file or a latency table\n");
}

void TestCli::closedOutputIsAnError()
{
    QProcess p;
    p.setStandardOutputFile("/dev/full");
    p.start(QStringLiteral(PARETOSCOPE_CLI), {"spaces"});
    QVERIFY(p.waitForFinished());
    QCOMPARE(p.exitCode(), 1);
    compareText(p.readAllStandardError().toStdString(), "paretoscope-cli: standard output: cannot be written: found No space left on device\n");
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"

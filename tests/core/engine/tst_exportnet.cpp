// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeengine.h"
#include "fixturespaces.h"
#include "fixturenets.h"
#include "smalldisk.h"
#include "support.h"

#include "base/sha256.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "engine/exportnet.h"
#include "space/netconfig.h"
#include "space/spacejson.h"
#include "space/subnetjson.h"

#include <cmath>

using namespace paretoscope;
using testing::compareText;
using testing::FakeEngine;
using testing::FakeNet;
using testing::messageOf;

namespace {

std::shared_ptr<const Parts> smallSpace() { return std::make_shared<const Parts>(builtInSpace("fashion-mbv3")); }

FakeNet smallNet(const std::shared_ptr<const Parts>& parts)
{
    const auto s = parts->space().smallest();
    StateDict weights;
    for (const auto& key : staticKeys(*parts, s))
        weights.add(key.name, testing::fixtureTensor(key));
    return {parts, s, std::move(weights)};
}

ExportRequest request(const std::shared_ptr<const Parts>& parts, std::vector<ExportFormat> formats = allExportFormats())
{
    ExportRequest r;
    r.parts = parts;
    r.formats = std::move(formats);
    r.preprocessing = Preprocessing{1, {0.286}, {0.353}, 0};
    r.classNames = {"a", "b"};
    r.provenance = {{"program", "test"}};
    r.modelCard = [](const std::vector<ExportedFile>& files) {
        return ModelCardFiles{fmt::format("# {} files\n", files.size()), {{"files", files.size()}}};
    };
    return r;
}

std::string namesOf(const std::vector<ExportedFile>& files)
{
    std::string text;
    for (const auto& f : files)
        text += (text.empty() ? "" : " ") + f.name;
    return text;
}

std::vector<std::string> keysOf(const StateDict& weights)
{
    std::vector<std::string> keys;
    for (const auto& t : weights.tensors())
        keys.push_back(t.name);
    return keys;
}

} // namespace

class TestExportNet : public QObject {
    Q_OBJECT
private slots:
    void init();
    void writesAndReloadsEverything();
    void weightsComeBack();
    void metadataSaysWhatItIs();
    void sameInputSameBytes();
    void onlyWhatIsAskedFor_data();
    void onlyWhatIsAskedFor();
    void formatNames();
    void differencesAreFound_data();
    void differencesAreFound();
    void toleranceGrowsWithTheLogits();
    void aNetThatComputesNothing();
    void layersCountAndNotChoices();
    void cancelsAnywhere();
    void fullDisk_data();
    void fullDisk();
    void folderInTheWay();

private:
    void verifyNothingLeft() const;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::filesystem::path m_target;
};

void TestExportNet::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_target = std::filesystem::path(m_dir->path().toStdString()) / "out";
}

void TestExportNet::verifyNothingLeft() const { QVERIFY(listFolder(m_target.parent_path()).empty()); }

void TestExportNet::writesAndReloadsEverything()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    const auto files = exportNet(engine, smallNet(parts), request(parts), m_target);
    compareText(namesOf(files), "subnet.ts.pt init net.config run.config subnet.safetensors subnet.onnx model-card.md model-card.json provenance.json");
    QCOMPARE(engine.reloads, 4);
    QCOMPARE(listFolder(m_target).size(), files.size());
    QCOMPARE(listFolder(m_target.parent_path()).size(), std::size_t(1));
    for (const auto& f : files) {
        const auto content = readFile(m_target / f.name);
        QCOMPARE(f.bytes, content.size());
        compareText(f.sha256, sha256(content));
        QVERIFY(!f.note.empty());
        const bool computes = f.name.starts_with("subnet") || f.name == "init";
        QCOMPARE(f.maxAbsDifference.has_value(), computes);
        QVERIFY(!computes || *f.maxAbsDifference == 0);
    }
    compareText(readTextFile(m_target / "model-card.md"), "# 6 files\n");
    const auto provenance = readJsonFile(m_target / "provenance.json");
    compareText(provenance["program"], "test");
    QCOMPARE(provenance["files"].size(), std::size_t(8)); // all but itself
    compareText(provenance["files"][0].dump(), toJson(files[0]).dump());
}

void TestExportNet::weightsComeBack()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    const auto net = smallNet(parts);
    exportNet(engine, net, request(parts), m_target);
    const auto init = readPyTorch(m_target / "init");
    compareText(init.weightsKey, "state_dict");
    std::vector<std::string> expected;
    for (const auto& k : staticKeys(*parts, net.subnet()))
        expected.push_back(k.name);
    QCOMPARE(keysOf(init.weights), expected);
    const auto tensors = readSafeTensors(m_target / "subnet.safetensors").tensors;
    QCOMPARE(keysOf(tensors), expected);
    const auto weights = net.weights();
    for (const auto& t : weights.tensors()) {
        QVERIFY(init.weights.find(t.name)->contiguousBytes() == t.tensor.contiguousBytes());
        QVERIFY(tensors.find(t.name)->contiguousBytes() == t.tensor.contiguousBytes());
    }
    const auto config = readJsonFile(m_target / "net.config");
    QVERIFY(subnetFromNetConfig(*parts, JsonView(config, "net.config"), 16) == net.subnet());
    compareText(readTextFile(m_target / "run.config"), "{\n  \"image_size\": 16\n}\n");
}

void TestExportNet::metadataSaysWhatItIs()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    exportNet(engine, smallNet(parts), request(parts), m_target);
    auto metadata = readSafeTensors(m_target / "subnet.safetensors").metadata;
    compareText(Json(metadata).dump(),
        R"({"class_names":"[\"a\",\"b\"]","classes":"10","evaluation_crop":"0","format":"pt","mean":"[0.286]","resolution":"16","space":"fashion-mbv3","std":"[0.353]","subnet":"{\"ks\":[3,0,0,3,0,0,3,0,0],\"e\":[2,0,0,2,0,0,2,0,0],\"d\":[1,1,1],\"r\":[16]}"})");
    metadata.erase("format");
    QVERIFY(engine.onnxMetadata == (std::vector<std::pair<std::string, std::string>>(metadata.begin(), metadata.end())));

    auto r = request(parts, {ExportFormat::SafeTensors});
    r.preprocessing.reset();
    r.classNames.clear();
    std::filesystem::remove_all(m_target);
    exportNet(engine, smallNet(parts), r, m_target);
    metadata = readSafeTensors(m_target / "subnet.safetensors").metadata;
    QVERIFY(!metadata.contains("mean") && !metadata.contains("class_names") && metadata.contains("classes"));
}

void TestExportNet::sameInputSameBytes()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    const auto first = exportNet(engine, smallNet(parts), request(parts), m_target);
    const auto second = exportNet(engine, smallNet(parts), request(parts), m_target.string() + "2");
    QVERIFY(first == second);
}

void TestExportNet::onlyWhatIsAskedFor_data()
{
    QTest::addColumn<QStringList>("formats");
    QTest::addColumn<QString>("files");
    QTest::newRow("nothing") << QStringList{} << "provenance.json";
    QTest::newRow("state dict brings its configs") << QStringList{"state-dict"} << "init net.config run.config provenance.json";
    QTest::newRow("configs alone") << QStringList{"ofa-config"} << "net.config run.config provenance.json";
    QTest::newRow("both, once") << QStringList{"ofa-config", "state-dict", "ofa-config"} << "init net.config run.config provenance.json";
    QTest::newRow("in our order") << QStringList{"model-card", "onnx", "torchscript"} << "subnet.ts.pt subnet.onnx model-card.md model-card.json provenance.json";
}

void TestExportNet::onlyWhatIsAskedFor()
{
    QFETCH(QStringList, formats);
    QFETCH(QString, files);
    std::vector<std::string> names;
    for (const auto& f : formats)
        names.push_back(f.toStdString());
    const auto parts = smallSpace();
    FakeEngine engine;
    compareText(namesOf(exportNet(engine, smallNet(parts), request(parts, exportFormatsFrom(names, "--format")), m_target)), files.toStdString());
}

void TestExportNet::formatNames()
{
    QVERIFY(exportFormatsFrom({"model-card", "torchscript", "model-card"}, "x") == (std::vector<ExportFormat>{ExportFormat::TorchScript, ExportFormat::ModelCard}));
    compareText(messageOf([] { exportFormatsFrom({"onnx", "tflite"}, "--format"); }),
        "--format: unknown format: found \"tflite\"; allowed torchscript, state-dict, safetensors, onnx, ofa-config, model-card");
    const auto parts = smallSpace();
    FakeEngine engine;
    auto r = request(parts);
    r.modelCard = {};
    compareText(messageOf([&] { exportNet(engine, smallNet(parts), r, m_target); }), "export: nothing is given to write a model card from");
    verifyNothingLeft();
}

void TestExportNet::differencesAreFound_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<float>("shift");
    QTest::addColumn<QString>("message");
    const float nan = std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("torchscript") << "torchscript" << 1.f << "/subnet.ts.pt: the reloaded torchscript file computes other logits than the net: found a largest difference of 1; allowed at most ";
    QTest::newRow("onnx") << "onnx" << 1.f << "/subnet.onnx: the reloaded onnx file computes other logits than the net: found a largest difference of 1; allowed at most ";
    QTest::newRow("onnx, nan") << "onnx" << nan << "/subnet.onnx: the reloaded onnx file computes other logits than the net: found a largest difference of inf; allowed at most ";
    QTest::newRow("state dict, last bits") << "state-dict" << 1e-5f << "/init: the reloaded state-dict file computes other logits than the net: found a largest difference of ";
    QTest::newRow("safetensors") << "safetensors" << 1.f << "/subnet.safetensors: the reloaded safetensors file computes other logits than the net: found a largest difference of 1; allowed none, to the bit";
    QTest::newRow("reader fails") << "onnx" << 0.f << "subnet.onnx: an operator is not known here: found Erf";
}

void TestExportNet::differencesAreFound()
{
    QFETCH(QString, format);
    QFETCH(float, shift);
    QFETCH(QString, message);
    const auto parts = smallSpace();
    FakeEngine engine;
    engine.onnxFails = shift == 0;
    (format == "torchscript" ? engine.frozenShift : format == "onnx" ? engine.onnxShift : engine.staticShift) = shift;
    const auto found = testing::without(messageOf([&] { exportNet(engine, smallNet(parts), request(parts, exportFormatsFrom({format.toStdString()}, "x")), m_target); }), m_target.string());
    QVERIFY2(found.starts_with(message.toStdString()), found.c_str());
    verifyNothingLeft();
}

// The largest logit of this net is far above 1, so that a difference of 1e-4 of it passes, and twice that does not.
void TestExportNet::toleranceGrowsWithTheLogits()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    engine.onnxShift = 1;
    const auto message = messageOf([&] { exportNet(engine, smallNet(parts), request(parts, {ExportFormat::Onnx}), m_target); });
    const auto tolerance = static_cast<float>(std::strtod(message.c_str() + message.rfind("at most ") + 8, nullptr));
    QVERIFY(tolerance > 1e-3f && tolerance < 1);
    engine.onnxShift = 0.9f * tolerance;
    const auto files = exportNet(engine, smallNet(parts), request(parts, {ExportFormat::Onnx}), m_target);
    QVERIFY(std::abs(*files[0].maxAbsDifference - 0.9 * tolerance) < 1e-5);
    engine.onnxShift = 1.1f * tolerance;
    QVERIFY(messageOf([&] { exportNet(engine, smallNet(parts), request(parts, {ExportFormat::Onnx}), m_target.string() + "2"); }) != "no error");
}

void TestExportNet::aNetThatComputesNothing()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    auto net = smallNet(parts);
    net.shift = std::numeric_limits<float>::infinity();
    compareText(testing::without(messageOf([&] { exportNet(engine, net, request(parts), m_target); }), m_target.parent_path().string()),
        "/out: the net cannot be exported: its logits on normal noise are NaN or infinite: allowed finite logits: the weights or the statistics of batch norm are damaged");
    verifyNothingLeft();
}

// The two smaller widths inside the stem of ofa-resnet50 are the same net, and net.config cannot tell them apart.
void TestExportNet::layersCountAndNotChoices()
{
    const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-resnet50"));
    auto s = parts->space().smallest();
    s.width[0] = 1;
    s.resolution = 32;
    const FakeNet net(parts, s, {});
    FakeEngine engine;
    exportNet(engine, net, request(parts, {ExportFormat::OfaConfig}), m_target);
    const auto config = readJsonFile(m_target / "net.config");
    const auto read = subnetFromNetConfig(*parts, JsonView(config, "net.config"), 32);
    QVERIFY(read != s && network(*parts, read) == network(*parts, s));

    // Two stages of one width: their blocks may be dealt otherwise.
    const auto tiny = std::make_shared<const Parts>(testing::fixtureSpace("tiny_proxyless"));
    auto dealt = tiny->space().largest();
    dealt.depth[2] = 2;
    dealt.op[10] = dealt.op[11] = 0;
    const FakeNet other(tiny, dealt, {});
    std::filesystem::remove_all(m_target);
    exportNet(engine, other, request(tiny, {ExportFormat::OfaConfig}), m_target);
    const auto alike = subnetsWithTheSameLayers(*tiny, dealt);
    QCOMPARE(alike.size(), std::size_t(2)); // 2 and 4 blocks, as well as 3 and 3, 4 and 2
    for (const auto& a : alike)
        QVERIFY(netConfig(*tiny, a) == netConfig(*tiny, dealt) && a != dealt);
    QVERIFY(subnetsWithTheSameLayers(*parts, s).empty());
    QVERIFY(subnetsWithTheSameLayers(*tiny, tiny->space().smallest()).empty());
}

void TestExportNet::cancelsAnywhere()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    std::vector<std::string> steps;
    std::vector<double> shares;
    exportNet(engine, smallNet(parts), request(parts), m_target, [&](const std::string& step, double share) {
        steps.push_back(step);
        shares.push_back(share);
        return true;
    });
    compareText(joinNames(steps), "exporting torchscript, exporting state-dict, exporting safetensors, exporting onnx, exporting ofa-config, exporting model-card, exported");
    QVERIFY(std::is_sorted(shares.begin(), shares.end()) && shares.front() == 0 && shares.back() == 1);
    std::filesystem::remove_all(m_target);
    for (const auto& at : steps) {
        QVERIFY_EXCEPTION_THROWN(exportNet(engine, smallNet(parts), request(parts), m_target, [&](const std::string& step, double) { return step != at; }), Cancelled);
        verifyNothingLeft();
    }
}

void TestExportNet::fullDisk_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<QString>("file");
    QTest::newRow("at once") << 4 << "subnet.ts.pt";
    QTest::newRow("half way") << 50000 << "init";
}

void TestExportNet::fullDisk()
{
    QFETCH(int, bytes);
    QFETCH(QString, file);
    const auto parts = smallSpace();
    FakeEngine engine;
    std::string message;
    {
        const testing::SmallDisk disk(static_cast<rlim_t>(bytes));
        message = messageOf([&] { exportNet(engine, smallNet(parts), request(parts), m_target); });
    }
    QVERIFY2(testing::contains(message, "/" + file.toStdString() + ": cannot be written: found File too large"), message.c_str());
    verifyNothingLeft();
}

void TestExportNet::folderInTheWay()
{
    const auto parts = smallSpace();
    FakeEngine engine;
    std::filesystem::create_directories(m_target);
    writeFileAtomically(m_target / "mine", std::string("x"));
    compareText(testing::without(messageOf([&] { exportNet(engine, smallNet(parts), request(parts), m_target); }), m_target.parent_path().string()),
        "/out: exists already and is not empty: allowed a new name or an empty folder");
    QCOMPARE(listFolder(m_target).size(), std::size_t(1));
    std::filesystem::remove(m_target / "mine");
    exportNet(engine, smallNet(parts), request(parts, {}), m_target); // an empty one is taken
}

QTEST_GUILESS_MAIN(TestExportNet)
#include "tst_exportnet.moc"

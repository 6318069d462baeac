// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixturespaces.h"
#include "smalldisk.h"

#include "base/sha256.h"
#include "base/zip.h"
#include "bundle/bundle.h"
#include "bundle/bundlefiles.h"
#include "bundle/identify.h"
#include "bundle/import.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/supernetweights.h"
#include "space/keys.h"

using namespace paretoscope;
using testing::compareText;
using testing::fixtureSpace;
using testing::messageOf;
using testing::without;

namespace {

StateDict formulaWeights(const SearchSpace& space)
{
    StateDict weights;
    for (const auto& key : supernetKeys(space)) {
        std::size_t n = 1;
        for (const auto d : key.shape)
            n *= static_cast<std::size_t>(d);
        if (key.dtype == "int64") {
            const auto zero = std::make_shared<Bytes>(8);
            weights.add(key.name, Tensor(DType::I64, {}, *zero, zero));
            continue;
        }
        std::vector<float> values(n);
        for (std::size_t i = 0; i < n; ++i)
            values[i] = testing::fixtureWeight(key.name, key.shape, i);
        weights.add(key.name, Tensor::fromFloats(key.shape, values));
    }
    return weights;
}

Bundle sampleBundle()
{
    Bundle b;
    b.parts = std::make_shared<const Parts>(fixtureSpace("tiny_mbv3_b"));
    b.id = "sample";
    b.title = "A sample";
    b.dataSet = DataSetFacts{"none", {0.5, 0.5, 0.5}, {0.2, 0.2, 0.2}};
    b.training = TrainingRecord{"not trained", "a formula", Estimate{1, 0.5, 2, Kind::Measured, "a meter"}, std::nullopt};
    b.licences = {{"weights", "CC0-1.0", "a formula"}};
    b.notes = {"a note"};
    b.weights = formulaWeights(b.space());
    Device d;
    d.id = "phone";
    d.title = "Phone";
    d.source = "made up for a test";
    d.spaceId = b.space().id;
    d.sums.push_back(CostTable::macs(b.parts, {128, 160}));
    b.devices.push_back(std::move(d));
    return b;
}

} // namespace

class TestBundle : public QObject {
    Q_OBJECT
private slots:
    void init();
    void folderAndZipRoundTrip();
    void everyDamageIsNamed();
    void badManifests_data();
    void badManifests();
    void hostileZip();
    void fullDiskLeavesNothing();
    void unreadableFolder();
    void openingCanBeCancelled();
    void weightsInEverySpelling();
    void badWeightsAreNamedAllAtOnce();
    void importOfReleasedFiles();
    void importSaysWhatIsMissing();
    void attachReplacesWhatIsThere();
    void filesAreRecognised();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_folder;
};

void TestBundle::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = m_dir->path().toStdString();
}

void TestBundle::folderAndZipRoundTrip()
{
    const auto b = sampleBundle();
    saveBundle(b, m_folder + "/b");
    saveBundle(b, m_folder + "/b.zip");
    for (const char* name : {"/b", "/b.zip"}) {
        const auto back = openBundle(m_folder + name);
        compareText(back.id, b.id);
        QVERIFY(back.space() == b.space());
        QVERIFY(back.dataSet == b.dataSet && back.training == b.training && back.licences == b.licences && back.notes == b.notes);
        QCOMPARE(back.weights->size(), b.weights->size());
        for (const auto& t : b.weights->tensors())
            QVERIFY2(back.weights->find(t.name)->contiguousBytes() == t.tensor.contiguousBytes(), t.name.c_str());
        const auto s = b.space().smallest();
        QCOMPARE(back.device("phone")->latencyMs(s), b.devices[0].latencyMs(s));
    }
    packBundle(m_folder + "/b", m_folder + "/packed.zip");
    unpackBundle(m_folder + "/packed.zip", m_folder + "/unpacked");
    QVERIFY(readFile(m_folder + "/packed.zip") == readFile(m_folder + "/b.zip"));
    QVERIFY(readFile(m_folder + "/unpacked/bundle.json") == readFile(m_folder + "/b/bundle.json"));
    verifyBundle(m_folder + "/unpacked");
    compareText(without(messageOf([&] { saveBundle(b, m_folder + "/b"); }), m_folder), "/b: exists already and is not empty: allowed a new name or an empty folder");
}

void TestBundle::everyDamageIsNamed()
{
    saveBundle(sampleBundle(), m_folder + "/b");
    auto space = readTextFile(m_folder + "/b/space.json");
    space[space.find("tiny")] = 'T';
    writeFileAtomically(m_folder + "/b/space.json", space);
    writeFileAtomically(m_folder + "/b/extra.txt", "hello");
    writeFileAtomically(m_folder + "/b/weights.safetensors", "short");
    std::filesystem::remove(m_folder + "/b/devices/phone.json");
    const auto message = without(messageOf([&] { openBundle(m_folder + "/b"); }), m_folder);
    QVERIFY2(message.starts_with("/b: the bundle is damaged or was changed: found devices/phone.json is missing, space.json has the checksum "), message.c_str());
    QVERIFY2(testing::contains(message, "weights.safetensors has 5 bytes instead of "), message.c_str());
    QVERIFY2(message.ends_with(", extra.txt is not listed"), message.c_str());
    compareText(without(messageOf([&] { verifyBundle(m_folder + "/b"); }), m_folder), message);
}

void TestBundle::badManifests_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    QTest::newRow("newer") << "/schema" << "7" << "/b/bundle.json: schema: the bundle was written by a newer version of the program: found schema 7; allowed schema 1";
    QTest::newRow("no schema") << "/schema" << "null" << "/b/bundle.json: the key \"schema\" is missing";
    QTest::newRow("key") << "/weigths" << "1" << "/b/bundle.json: unknown key: found \"weigths\"; allowed schema, id, title, space, dataSet, training, weights, predictors, devices, samples, licences, notes, files";
    QTest::newRow("path") << "/files/0/path" << "\"../x\"" << "/b/bundle.json: files[0].path: a name would leave the bundle: found \"../x\"; allowed relative names without ..";
    QTest::newRow("unlisted space") << "/space" << "\"none.json\"" << "/b/bundle.json: space: the file is not listed under \"files\": found \"none.json\"";
    QTest::newRow("classes") << "/dataSet/classes" << "3" << "/b/bundle.json: dataSet.classes: not the classes of the space: found 3; allowed 7";
    QTest::newRow("normalisation") << "/dataSet/mean" << "[1]" << "/b/bundle.json: dataSet: normalisation needs one value a channel: found 1; allowed 3";
}

void TestBundle::badManifests()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, message);
    auto b = sampleBundle();
    b.weights.reset();
    saveBundle(b, m_folder + "/b");
    auto json = readJsonFile(m_folder + "/b/bundle.json");
    json[Json::json_pointer{key.toStdString()}] = parseJson(value.toStdString(), "value");
    writeFileAtomically(m_folder + "/b/bundle.json", printJson(json));
    compareText(without(messageOf([&] { openBundle(m_folder + "/b"); }), m_folder), message.toStdString());
}

void TestBundle::hostileZip()
{
    writeFileAtomically(m_folder + "/evil.zip", makeZip({{"bundle.json", asBytes("{}"), false}, {"../../evil", asBytes("x"), false}}));
    compareText(without(messageOf([&] { openBundle(m_folder + "/evil.zip"); }), m_folder),
        "/evil.zip: a name would leave the bundle: found \"../../evil\"; allowed relative names without ..");
    writeFileAtomically(m_folder + "/empty.zip", makeZip({{"a", asBytes("x"), false}}));
    compareText(without(messageOf([&] { openBundle(m_folder + "/empty.zip"); }), m_folder), "/empty.zip: is not a bundle: it holds no bundle.json");
    std::filesystem::create_directory(m_folder + "/b");
    writeFileAtomically(m_folder + "/b/bundle.json", "{}");
    std::filesystem::create_symlink("/etc/passwd", m_folder + "/b/link");
    compareText(without(messageOf([&] { openBundle(m_folder + "/b"); }), m_folder), "/b/link: a bundle holds no links");
}

void TestBundle::fullDiskLeavesNothing()
{
    const auto b = sampleBundle();
    const testing::SmallDisk small(8192);
    compareText(without(messageOf([&] { saveBundle(b, m_folder + "/b.zip"); }), m_folder), "/b.zip: cannot be written: found File too large");
    const auto message = without(messageOf([&] { saveBundle(b, m_folder + "/b"); }), m_folder);
    QVERIFY2(message.ends_with("cannot be written: found File too large"), message.c_str());
    QCOMPARE(listFolder(m_folder).size(), 0u);
}

void TestBundle::unreadableFolder()
{
    saveBundle(sampleBundle(), m_folder + "/b");
    std::filesystem::permissions(m_folder, std::filesystem::perms::all);
    std::filesystem::permissions(m_folder + "/b", std::filesystem::perms::none);
    std::string message;
    bool works = false;
    {
        const testing::Unprivileged user;
        works = user.works();
        if (works)
            message = without(messageOf([&] { openBundle(m_folder + "/b"); }), m_folder);
    }
    std::filesystem::permissions(m_folder + "/b", std::filesystem::perms::owner_all);
    if (!works)
        QSKIP("cannot give up the right to read everything");
    compareText(message, "/b: cannot be read: found Permission denied");
}

void TestBundle::openingCanBeCancelled()
{
    saveBundle(sampleBundle(), m_folder + "/b");
    std::vector<std::string> steps;
    QVERIFY_EXCEPTION_THROWN(openBundle(m_folder + "/b", [&](const std::string& step, double) {
        steps.push_back(step);
        return steps.size() < 3;
    }), Cancelled);
    QCOMPARE(steps.size(), 3u);
    double last = -1;
    openBundle(m_folder + "/b", [&](const std::string&, double share) {
        const bool ascends = share >= last;
        last = share;
        return ascends;
    });
    QCOMPARE(last, 1.0);
}

void TestBundle::weightsInEverySpelling()
{
    const auto space = fixtureSpace("tiny_mbv3_b");
    const auto weights = formulaWeights(space);
    const auto renamed = [&](auto&& rename) {
        StateDict other;
        for (const auto& t : weights.tensors())
            if (const auto name = rename(t.name); !name.empty())
                other.add(name, t.tensor);
        return other;
    };
    const auto replace = [](std::string s, const std::string& from, const std::string& to) {
        for (auto at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size()))
            s.replace(at, from.size(), to);
        return s;
    };
    std::vector<std::string> filled;
    const auto same = [&](const StateDict& read) {
        filled.clear();
        const auto fitted = fitToSupernet(read, space, "w", &filled);
        for (const auto& t : weights.tensors())
            if (std::find(filled.begin(), filled.end(), t.name) == filled.end() && fitted.find(t.name)->contiguousBytes() != t.tensor.contiguousBytes())
                return false;
        return fitted.size() == weights.size();
    };
    QVERIFY(same(weights) && filled.empty());
    QVERIFY(same(renamed([&](const std::string& n) { return replace(n, ".conv.inverted", ".mobile_inverted_conv.inverted"); })));
    QVERIFY(same(renamed([&](const std::string& n) { return "module." + n; })));
    // The largest static net: plain names and no kernel transforms.
    const auto isStatic = renamed([&](const std::string& n) {
        return n.ends_with("_matrix") ? std::string() : replace(replace(n, ".conv.conv.weight", ".conv.weight"), ".bn.bn.", ".bn.");
    });
    QVERIFY(same(isStatic));
    QCOMPARE(filled.size(), 10u);
    const auto fitted = fitToSupernet(isStatic, space, "w");
    const auto matrix = fitted.find("blocks.1.conv.depth_conv.conv.7to3_matrix")->toFloats();
    QVERIFY(matrix[0] == 1 && matrix[1] == 0 && matrix[10] == 1);
}

void TestBundle::badWeightsAreNamedAllAtOnce()
{
    const auto space = fixtureSpace("tiny_mbv3_b");
    StateDict bad;
    const auto good = formulaWeights(space);
    for (const auto& t : good.tensors()) {
        if (t.name == "first_conv.conv.weight")
            bad.add(t.name, Tensor::fromFloats({8, 3, 1, 1}, std::vector<float>(24)));
        else if (t.name == "classifier.linear.bias")
            bad.add(t.name, Tensor::fromDoubles({7}, std::vector<double>(7)));
        else if (t.name == "first_conv.bn.weight")
            bad.add(t.name, Tensor::fromFloats({8}, {1, 2, 3, std::nanf(""), 5, 6, 7, 8}));
        else if (t.name != "feature_mix_layer.conv.weight")
            bad.add(t.name, t.tensor);
    }
    bad.add("head.weight", Tensor::fromFloats({1}, {1}));
    compareText(messageOf([&] { fitToSupernet(bad, space, "w.pth"); }),
        "w.pth: the weights are not those of a supernet of tiny_mbv3_b: found 1 missing: feature_mix_layer.conv.weight; 1 unknown: head.weight; "
        "1 of another shape: first_conv.conv.weight [8, 3, 1, 1] instead of [8, 3, 3, 3]; 1 of another type: classifier.linear.bias float64 instead of "
        "float32; 1 with NaN or infinite values: first_conv.bn.weight");
    const auto message = messageOf([&] { fitToSupernet(formulaWeights(fixtureSpace("tiny_proxyless")), space, "w.pth"); });
    QVERIFY2(testing::contains(message, " missing: ") && testing::contains(message, " unknown: "), message.c_str());
}

void TestBundle::importOfReleasedFiles()
{
    NEED_REFERENCE("real/once-for-all/acc_predictor.pth");
    NEED_REFERENCE("real/once-for-all/note10");
    NEED_REFERENCE("real/nsganetv2/i7-8700K_lut.yaml");
    const auto real = testing::referenceDir() / "real";
    for (const char* id : {"ofa-mbv3-w1.2", "ofa-mbv3-w1.0"}) {
        const std::string name = m_folder + "/" + id;
        ImportRequest request;
        request.space = builtInSpace(id);
        request.predictor = real / "once-for-all/acc_predictor.pth";
        if (request.space.widthMultipliers[0] == 1.2)
            request.latencies.push_back({real / "once-for-all/note10", "Samsung Note10"});
        request.latencies.push_back({real / "nsganetv2/i7-8700K_lut.yaml", "Intel i7-8700K"});
        const auto result = importFiles(request);
        saveBundle(result.bundle, name);
        const auto back = openBundle(name);
        QVERIFY(back.device("intel-i7-8700k"));
        const bool foreign = std::any_of(result.findings.begin(), result.findings.end(), [](const auto& f) { return testing::contains(f, "trained for ofa-mbv3-w1.2, not for"); });
        QCOMPARE(foreign, request.space.widthMultipliers[0] != 1.2);
        QVERIFY(!testing::contains(readTextFile(name + "/bundle.json"), real.string())); // no path of this machine
    }
    // The bundle predicts what the fixtures say.
    NEED_REFERENCE("fixtures/ofa/predictor_and_latency.json");
    const auto b = openBundle(m_folder + "/ofa-mbv3-w1.2");
    const auto cases = readJsonFile(testing::referenceDir() / "fixtures/ofa/predictor_and_latency.json")["tutorial_128"]["cases"];
    for (const auto& c : cases) {
        auto arch = c["arch"];
        arch["r"] = c["r"];
        const auto s = subnetFromGenotype(b.space(), genotypeFromJson(JsonView(arch, "case")), "case");
        QVERIFY(std::abs(b.predictor()->predict(s) - c["pred_real_checkpoint_f64"].get<double>()) < 1e-5);
        QVERIFY(std::abs(b.device("samsung-note10")->latencyMs(s) - c["note10_latency_ms_spec"].get<double>()) < 1e-9);
    }
}

void TestBundle::importSaysWhatIsMissing()
{
    ImportRequest request;
    request.space = fixtureSpace("tiny_mbv3_b");
    request.weights = m_folder + "/none.pth";
    compareText(without(messageOf([&] { importFiles(request); }), m_folder), "/none.pth: cannot be opened: found No such file or directory");
    request.weights.reset();
    request.latencies = {{m_folder + "/a.yaml", "Phone 1"}, {m_folder + "/b.yaml", "phone-1"}};
    compareText(messageOf([&] { importFiles(request); }), "two devices would have the same id: found \"phone-1\"; allowed a name of its own for each");
    request.latencies.clear();
    const auto bare = importFiles(request).bundle; // a bundle of the space alone
    saveBundle(bare, m_folder + "/bare");
    QVERIFY(openBundle(m_folder + "/bare").space() == request.space);
}

void TestBundle::attachReplacesWhatIsThere()
{
    auto b = sampleBundle();
    const auto source = sampleBundle();
    b.weights.reset();
    writePyTorch(m_folder + "/w.pth", *source.weights);
    writeFileAtomically(m_folder + "/phone.json", printJson(toJson(source.devices[0])));
    ImportRequest request;
    request.weights = m_folder + "/w.pth";
    request.latencies = {{m_folder + "/phone.json", ""}};
    const auto findings = attach(b, request);
    QCOMPARE(b.devices.size(), 1u);
    QCOMPARE(b.weights->size(), source.weights->size());
    QVERIFY(b.weightsSource.starts_with("w.pth (SHA-256 "));
    compareText(findings.back(), "device phone: replaces the one that was there");
}

void TestBundle::filesAreRecognised()
{
    const auto b = sampleBundle();
    saveBundle(b, m_folder + "/b.zip");
    compareText(identify(m_folder + "/b.zip").kind, "bundle");
    const auto w10 = builtInSpace("ofa-mbv3-w1.0");
    writeFileAtomically(m_folder + "/space.json", printJson(toJson(w10)));
    compareText(identify(m_folder + "/space.json").kind, "space");
    writeFileAtomically(m_folder + "/subnet.json", toJson(w10, w10.largest()).dump());
    const auto subnet = identify(m_folder + "/subnet.json");
    compareText(subnet.kind, "subnet");
    QVERIFY(subnet.fits == (std::vector<std::string>{"ofa-mbv3-w1.0", "ofa-mbv3-w1.2"}));
    writePyTorch(m_folder + "/w.pth", *b.weights);
    const auto weights = identify(m_folder + "/w.pth");
    compareText(weights.kind, "checkpoint");
    QVERIFY(weights.fits.empty() && weights.problems.size() == 1);
    writeFileAtomically(m_folder + "/text.txt", "hello\nworld\n");
    compareText(without(messageOf([&] { identify(m_folder + "/text.txt"); }), m_folder),
        "/text.txt: is no file that this program knows: allowed a bundle, checkpoint, predictor, latency table, device, space, net.config, subnet, samples or array");
    writeFileAtomically(m_folder + "/empty", "");
    compareText(without(messageOf([&] { identify(m_folder + "/empty"); }), m_folder), "/empty: the file is empty");
}

QTEST_APPLESS_MAIN(TestBundle)
#include "tst_bundle.moc"

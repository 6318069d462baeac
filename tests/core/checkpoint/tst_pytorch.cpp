// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "pickles.h"
#include "smalldisk.h"

#include "base/file.h"
#include "checkpoint/bytes.h"
#include "checkpoint/pytorch.h"

#include <numeric>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;
using testing::without;

namespace {

const char* const kOfa = "fixtures/ofa/";

std::int64_t integer(const Tensor& tensor) { return load<std::int64_t>(tensor.contiguousBytes().data()); }

bool sameValues(const Tensor& a, const Tensor& b)
{
    return a.dtype() == b.dtype() && a.shape() == b.shape() && a.contiguousBytes() == b.contiguousBytes();
}

/// Whole tensors of a storage of 12 floats and one of 4 integers, and views of the first.
StateDict sample()
{
    const auto values = std::make_shared<const std::vector<float>>([] {
        std::vector<float> v(12);
        std::iota(v.begin(), v.end(), 1.5f);
        return v;
    }());
    const auto bytes = std::as_bytes(std::span(*values));
    const auto whole =
        std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{1, -2, std::int64_t{1} << 40, 0});
    StateDict dict;
    dict.add("z.weight", Tensor(DType::F32, {3, 4}, bytes, values));
    dict.add("a.transposed", Tensor(DType::F32, {4, 3}, {1, 4}, 0, bytes, values));
    dict.add("a.slice", Tensor(DType::F32, {2, 2}, {4, 1}, 5, bytes, values));
    dict.add("counts", Tensor(DType::I64, {4}, std::as_bytes(std::span(*whole)), whole));
    dict.add("scalar", Tensor(DType::I64, {}, {}, 2, std::as_bytes(std::span(*whole)), whole));
    dict.add("empty", Tensor(DType::F64, {0, 3}, {}, {}));
    dict.add("\xc3\xa9", Tensor::fromDoubles({1}, {0.1}));
    return dict;
}

} // namespace

class TestPyTorch : public QObject {
    Q_OBJECT
private slots:
    void readsEveryFixture_data();
    void readsEveryFixture();
    void readsExtractedSubnets_data();
    void readsExtractedSubnets();
    void legacyEqualsZip();
    void readsTheReleasedPredictor();
    void storagesOfALegacyFileAreViewsOfIt();
    void roundTripKeepsEverything();
    void writesTheSameBytes();
    void writesScalarsAndBareDictionaries();
    void picksTheWeights();
    void flattensDictionaries();
    void readsStorageViews();
    void readsCompressedArchives();
    void readsPythonTwo();
    void contentHoldsTheWholeTree();
    void fullDiskIsReported();
};

void TestPyTorch::readsEveryFixture_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("keys");
    QTest::addColumn<bool>("legacy");
    for (const char* net : {"tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::addRow("%s", net) << QString("%1.pth").arg(net) << QString("%1_keys.json").arg(net) << false;
    QTest::addRow("legacy") << "tiny_mbv3_b_legacy.pth"
                            << "tiny_mbv3_b_keys.json" << true;
}

void TestPyTorch::readsEveryFixture()
{
    QFETCH(QString, file);
    QFETCH(QString, keys);
    QFETCH(bool, legacy);
    NEED_REFERENCE(kOfa + file.toStdString());
    const auto folder = testing::referenceDir() / kOfa;
    const auto checkpoint = readPyTorch(folder / file.toStdString());
    QVERIFY(checkpoint.format == (legacy ? PyTorchFormat::Legacy : PyTorchFormat::Zip));
    compareText(checkpoint.weightsKey, "state_dict");
    const auto expected = readJsonFile(folder / keys.toStdString());
    const auto& tensors = checkpoint.weights.tensors();
    QCOMPARE(tensors.size(), expected.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& [key, tensor] = tensors[i];
        compareText(key, expected[i][0].get<std::string>());
        compareText(toString(tensor.shape()), toString(expected[i][1].get<Shape>()));
        compareText(std::string(name(tensor.dtype())), expected[i][2].get<std::string>());
        if (tensor.dtype() == DType::I64) {
            QCOMPARE(integer(tensor), 0);
            continue;
        }
        const auto values = tensor.toFloats();
        for (std::size_t k = 0; k < values.size(); ++k)
            if (values[k] != testing::fixtureWeight(key, tensor.shape(), k))
                QFAIL(qPrintable(QString::fromStdString(key) + " differs at " + QString::number(k)));
    }
}

void TestPyTorch::readsExtractedSubnets_data()
{
    QTest::addColumn<QString>("net");
    for (const char* net : {"tiny_mbv3", "tiny_mbv3_b", "tiny_proxyless", "tiny_resnet"})
        QTest::addRow("%s", net) << net;
}

void TestPyTorch::readsExtractedSubnets()
{
    QFETCH(QString, net);
    const auto stem = kOfa + net.toStdString() + "_case2_";
    NEED_REFERENCE(stem + "init");
    const auto checkpoint = readPyTorch(testing::referenceDir() / (stem + "init"));
    const auto expected = readJsonFile(testing::referenceDir() / (stem + "subnet_tensors.json"));
    const auto& tensors = checkpoint.weights.tensors();
    QCOMPARE(tensors.size(), expected.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& [key, tensor] = tensors[i];
        compareText(key, expected[i][0].get<std::string>());
        compareText(toString(tensor.shape()), toString(expected[i][1].get<Shape>()));
        if (tensor.dtype() == DType::I64)
            continue;
        double sum = 0, absolute = 0;
        for (const double v : tensor.toDoubles()) {
            sum += v;
            absolute += std::abs(v);
        }
        QVERIFY(std::abs(sum - expected[i][2].get<double>()) < 1e-9 * (1 + absolute));
        QVERIFY(std::abs(absolute - expected[i][3].get<double>()) < 1e-9 * (1 + absolute));
    }
}

void TestPyTorch::legacyEqualsZip()
{
    NEED_REFERENCE("fixtures/ofa/tiny_mbv3_b_legacy.pth");
    const auto folder = testing::referenceDir() / kOfa;
    const auto legacy = readPyTorch(folder / "tiny_mbv3_b_legacy.pth"), zip = readPyTorch(folder / "tiny_mbv3_b.pth");
    QCOMPARE(legacy.weights.size(), zip.weights.size());
    for (std::size_t i = 0; i < zip.weights.size(); ++i) {
        compareText(legacy.weights.tensors()[i].name, zip.weights.tensors()[i].name);
        QVERIFY(sameValues(legacy.weights.tensors()[i].tensor, zip.weights.tensors()[i].tensor));
    }
}

void TestPyTorch::readsTheReleasedPredictor()
{
    NEED_REFERENCE("real/once-for-all/acc_predictor.pth");
    const auto checkpoint = readPyTorch(testing::referenceDir() / "real/once-for-all/acc_predictor.pth");
    QVERIFY(checkpoint.format == PyTorchFormat::Legacy);
    compareText(checkpoint.weightsKey, "");
    std::string names;
    for (const auto& [key, tensor] : checkpoint.weights.tensors())
        names += key + toString(tensor.shape()) + " ";
    compareText(names,
        "0.weight[400, 128] 0.bias[400] 2.weight[400, 400] 2.bias[400] 4.weight[400, 400] 4.bias[400] "
        "6.weight[1, 400] 6.bias[1] ");
    // The value that the specification of the reference gives, to its four digits.
    QVERIFY(std::abs(checkpoint.weights.find("6.bias")->toFloats().at(0) - 0.7587f) < 5e-5f);
    for (const auto& entry : checkpoint.weights.tensors())
        QVERIFY(!entry.tensor.hasNonFinite());
}

void TestPyTorch::storagesOfALegacyFileAreViewsOfIt()
{
    const auto file = testing::legacyCheckpoint(
        testing::dict({{"w", testing::tensor(testing::storage("0", 4), 0, {4}, {1})}}), {{"0", testing::floats(4)}});
    const auto checkpoint = readPyTorch(asBytes(file), {}, "f");
    const auto* at = checkpoint.weights.find("w")->storage().data();
    QVERIFY(at == asBytes(file).data() + file.size() - 16);
    QCOMPARE(checkpoint.weights.find("w")->toFloats(), (std::vector<float>{0, 1, 2, 3}));
}

void TestPyTorch::roundTripKeepsEverything()
{
    QTemporaryDir dir;
    const std::filesystem::path path = dir.filePath("w.pth").toStdString();
    const auto before = sample();
    writePyTorch(path, before);
    const auto after = readPyTorch(path);
    QCOMPARE(after.weights.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto &a = before.tensors()[i], &b = after.weights.tensors()[i];
        compareText(b.name, a.name);
        QVERIFY(sameValues(a.tensor, b.tensor));
        QVERIFY(a.tensor.strides() == b.tensor.strides() && a.tensor.offset() == b.tensor.offset());
    }
    const auto storageOf = [&](const char* key) { return after.weights.find(key)->storage().data(); };
    QVERIFY(storageOf("z.weight") == storageOf("a.transposed") && storageOf("z.weight") == storageOf("a.slice"));
    QVERIFY(storageOf("counts") == storageOf("scalar") && storageOf("counts") != storageOf("z.weight"));
    QCOMPARE(integer(*after.weights.find("scalar")), std::int64_t{1} << 40);
}

void TestPyTorch::writesTheSameBytes()
{
    const auto once = makePyTorch(sample());
    QVERIFY(once == makePyTorch(sample()));
    const ZipReader zip(once, "z");
    std::string entries;
    for (const auto& entry : zip.entries())
        entries += entry.name + (entry.stored ? " " : "! ");
    compareText(entries,
        "archive/data.pkl archive/byteorder archive/data/0 archive/data/1 archive/data/2 archive/data/3 "
        "archive/version ");
}

void TestPyTorch::writesScalarsAndBareDictionaries()
{
    PyTorchOptions options;
    options.scalars = {{"epoch", std::int64_t{12}}, {"best_acc", 71.25}, {"huge", std::int64_t{1} << 40},
        {"done", true}, {"dataset", std::string("imagenet")}, {"none", std::monostate()}};
    const auto bytes = makePyTorch(sample(), options);
    const auto checkpoint = readPyTorch(bytes, {}, "w");
    QCOMPARE(checkpoint.scalars.size(), 6u);
    QVERIFY(*checkpoint.scalar("epoch") == Scalar(std::int64_t{12}) && *checkpoint.scalar("best_acc") == Scalar(71.25));
    QVERIFY(*checkpoint.scalar("huge") == Scalar(std::int64_t{1} << 40) && *checkpoint.scalar("done") == Scalar(true));
    QVERIFY(*checkpoint.scalar("dataset") == Scalar(std::string("imagenet")) && *checkpoint.scalar("none") == Scalar());
    QVERIFY(!checkpoint.scalar("state_dict"));

    PyTorchOptions bare;
    bare.bare = true;
    const auto bareBytes = makePyTorch(sample(), bare);
    const auto read = readPyTorch(bareBytes, {}, "w");
    compareText(read.weightsKey, "");
    QCOMPARE(read.weights.size(), sample().size());
    bare.scalars = options.scalars;
    compareText(messageOf([&] { makePyTorch(sample(), bare); }),
        "checkpoint: plain values cannot stand beside a bare dictionary of weights");
    options.scalars[0].name = "state_dict";
    compareText(messageOf([&] { makePyTorch(sample(), options); }),
        "checkpoint: a plain value has the name of the weights: found \"state_dict\"");
    StateDict odd;
    odd.add("\xff", Tensor::fromFloats({}, {1}));
    compareText(
        messageOf([&] { makePyTorch(odd); }), "checkpoint: a name or a text is no valid UTF-8: found \"\\xff\"");
}

void TestPyTorch::picksTheWeights()
{
    using namespace testing;
    const auto one = tensor(storage("0", 4), 0, {4}, {1});
    const auto pick = [&](const std::string& content) {
        const auto bytes = zipCheckpoint(content, {{"data/0", floats(4)}});
        const auto checkpoint = readPyTorch(bytes, {}, "f");
        auto text = checkpoint.weightsKey + ":";
        for (const auto& entry : checkpoint.weights.tensors())
            text += " " + entry.name;
        return text;
    };
    compareText(pick(dict({{"other", one}, {"state_dict", dict({{"w", one}})}})), "state_dict: w");
    compareText(pick(dict({{"other", one}, {"model", dict({{"w", one}})}})), "model: w");
    compareText(pick(dict({{"model_state_dict", dict({{"w", one}})}, {"optimizer", dict({{"m", one}})}})),
        "model_state_dict: w");
    compareText(pick(dict({{"network", dict({{"w", one}})}})), "network: w");
    compareText(pick(dict({{"model", dict({{"depth", number(4)}})}, {"w", one}})), ": w");
    compareText(pick(dict({{"state_dict", number(1)}, {"w", one}})), ": w");
}

void TestPyTorch::flattensDictionaries()
{
    using namespace testing;
    const auto one = tensor(storage("0", 4), 0, {4}, {1});
    const auto content =
        dict({{"encoder", dict({{"a.w", one}, {"steps", number(7)}})}, {"b", one}, {"list", "](" + one + "e"}});
    const auto bytes = zipCheckpoint(content, {{"data/0", floats(4)}});
    const auto checkpoint = readPyTorch(bytes, {}, "f");
    QCOMPARE(checkpoint.weights.size(), 2u);
    compareText(checkpoint.weights.tensors()[0].name, "encoder.a.w");
    compareText(checkpoint.weights.tensors()[1].name, "b");
    QVERIFY(*checkpoint.scalar("encoder.steps") == Scalar(std::int64_t{7}));
    QCOMPARE(checkpoint.content->tensors().size(), 3u);
}

void TestPyTorch::readsStorageViews()
{
    // Legacy files may cut a storage into views; an offset then counts from the view.
    using namespace testing;
    const auto part = storage("0", 8, "FloatStorage", tuple({text("view"), number(3), number(4)}));
    const auto file = legacyCheckpoint(
        dict({{"a", tensor(part, 1, {2}, {1})}, {"b", tensor(storage("0", 8), 0, {8}, {1})}}), {{"0", floats(8)}});
    const auto checkpoint = readPyTorch(asBytes(file), {}, "f");
    QCOMPARE(checkpoint.weights.find("a")->toFloats(), (std::vector<float>{4, 5}));
    QVERIFY(checkpoint.weights.find("a")->storage().data() == checkpoint.weights.find("b")->storage().data());
    const auto beyond = legacyCheckpoint(dict({{"a", tensor(part, 2, {3}, {1})}}), {{"0", floats(8)}});
    compareText(messageOf([&] { readPyTorch(asBytes(beyond), {}, "f"); }),
        "f: a: it reaches beyond its storage: found shape [3], strides [1], offset 2; allowed 4 elements");
}

void TestPyTorch::readsCompressedArchives()
{
    using namespace testing;
    const auto bytes = zipCheckpoint(
        dict({{"w", tensor(storage("0", 400), 0, {400}, {1})}}), {{"data/0", floats(400)}, {"version", "3\n"}}, true);
    const auto checkpoint = readPyTorch(bytes, {}, "f");
    QCOMPARE(checkpoint.weights.find("w")->toFloats().at(399), 399.f);
}

void TestPyTorch::readsPythonTwo()
{
    // Texts of Python 2 are bytes, ordered dictionaries get their pairs as an argument, and _rebuild_tensor has four.
    using namespace testing;
    const auto old = [](const std::string& s) { return "U" + std::string(1, static_cast<char>(s.size())) + s; };
    const auto id = tuple({old("storage"), global("torch", "FloatStorage"), old("0"), old("cpu"), "K\x04", "N"}) + "Q";
    const auto weight = global("torch._utils", "_rebuild_tensor")
        + tuple({id, std::string("K\0", 2), numbers({2, 2}), numbers({2, 1})}) + "R";
    const auto pairs = global("collections", "OrderedDict") + "](](" + old("w") + weight + "ee\x85R";
    const auto file = legacyCheckpoint(pairs, {{"0", floats(4)}});
    const auto checkpoint = readPyTorch(asBytes(file), {}, "f");
    QCOMPARE(checkpoint.weights.find("w")->toFloats(), (std::vector<float>{0, 1, 2, 3}));
}

void TestPyTorch::contentHoldsTheWholeTree()
{
    using namespace testing;
    const auto content = dict({{"w", tensor(storage("0", 4), 0, {4}, {1})},
        {"history",
            "](K\x01K\x02"
            "e"},
        {"bytes", "C\x02hi"}});
    const auto bytes = zipCheckpoint(content, {{"data/0", floats(4)}});
    const auto checkpoint = readPyTorch(bytes, {}, "f");
    const auto& root = checkpoint.content->root();
    const auto* history = pickle::find(root, "history");
    QVERIFY(history && history->kind == pickle::Kind::List && history->items.size() == 2);
    QCOMPARE(history->items[1]->integer, 2);
    QVERIFY(checkpoint.content->tensor(*pickle::find(root, "w")) && !checkpoint.content->tensor(*history));
    QVERIFY(pickle::find(root, "bytes")->text == "hi" && !pickle::find(root, "none"));
}

void TestPyTorch::fullDiskIsReported()
{
    QTemporaryDir dir;
    const auto folder = dir.path().toStdString();
    std::string message;
    {
        const testing::SmallDisk small(512);
        message = messageOf([&] { writePyTorch(folder + "/w.pth", sample()); });
    }
    compareText(without(message, folder), "/w.pth: cannot be written: found File too large");
    QVERIFY(listFolder(folder).empty());
}

QTEST_APPLESS_MAIN(TestPyTorch)
#include "tst_pytorch.moc"

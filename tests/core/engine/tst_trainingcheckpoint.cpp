// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "smalldisk.h"
#include "support.h"

#include "base/file.h"
#include "checkpoint/safetensors.h"
#include "engine/trainingcheckpoint.h"
#include "space/sampling.h"
#include "space/spacejson.h"

#include <bit>
#include <limits>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;
using testing::without;

namespace {

const SearchSpace& space()
{
    static const auto small = builtInSpace("fashion-mbv3");
    return small;
}

constexpr double kOdd[] = {0.1 + 0.2, 1.0 / 3, -0.0, 5e-324, 1.7976931348623157e308, 1e22 + 1e6, 123456789.125};

Subnet drawn(std::uint64_t seed)
{
    Random random(seed);
    return uniformSubnet(space(), random);
}

TrainingState example()
{
    TrainingState s;
    s.phase = 2;
    s.epoch = 1;
    s.batch = 7;
    s.begun = false;
    s.sums = {0.1 + 0.2, 1.0 / 3, -0.0, 5e-324, 7, 1.25};
    s.epochs.push_back({0, 0, 0.1, {kOdd[0], kOdd[1], kOdd[2], kOdd[3], 42, kOdd[6]}, {}});
    s.epochs.push_back({1, 3, kOdd[1], {-kOdd[4], kOdd[5], kOdd[6], kOdd[0], 1, 0},
        {{"largest", space().largest(), 19, 20}, {"smallest", space().smallest(), 0, 20}, {"random", drawn(3), 20, 20}}});
    const auto counter = std::make_shared<Bytes>(8, std::byte{3});
    s.weights.add("b.weight", Tensor::fromFloats({2, 2}, {0.1f, -0.0f, std::numeric_limits<float>::denorm_min(), 3e38f}));
    s.weights.add("a.counter", Tensor(DType::I64, {}, *counter, counter));
    s.momentum.add("b.weight", Tensor::fromDoubles({2, 2}, {kOdd[0], kOdd[1], kOdd[2], kOdd[3]}));
    s.teacher.add("b.weight", Tensor::fromFloats({4}, {1, 2, 3, 4}));
    s.teacher.add("weights/b.weight", Tensor::fromFloats({1}, {5})); // a name that looks like a prefix
    s.config = {{"schema", 1}, {"phases", Json::array({{{"name", "a"}}})}, {"rate", kOdd[1]}};
    s.host = {{"energyKwh", {{"value", kOdd[0]}, {"low", nullptr}}}, {"log", {"ä \"quoted\"\n", ""}}, {"zero", 0}};
    return s;
}

bool same(const StateDict& a, const StateDict& b)
{
    bool equal = a.size() == b.size();
    for (std::size_t i = 0; equal && i < a.size(); ++i) {
        const auto &x = a.tensors()[i], &y = b.tensors()[i];
        equal = x.name == y.name && x.tensor.dtype() == y.tensor.dtype() && x.tensor.shape() == y.tensor.shape() && x.tensor.contiguousBytes() == y.tensor.contiguousBytes();
    }
    return equal;
}

std::vector<std::uint64_t> bitsOf(const EpochSums& s)
{
    std::vector<std::uint64_t> bits{s.steps};
    for (const double v : {s.loss, s.distillation, s.classification, s.gradientNorm, s.seconds})
        bits.push_back(std::bit_cast<std::uint64_t>(v));
    return bits;
}

void compareStates(const TrainingState& found, const TrainingState& expected)
{
    QCOMPARE(found.phase, expected.phase);
    QCOMPARE(found.epoch, expected.epoch);
    QCOMPARE(found.batch, expected.batch);
    QCOMPARE(found.begun, expected.begun);
    QCOMPARE(bitsOf(found.sums), bitsOf(expected.sums));
    QCOMPARE(found.epochs.size(), expected.epochs.size());
    for (std::size_t i = 0; i < found.epochs.size(); ++i) {
        const auto &a = found.epochs[i], &b = expected.epochs[i];
        QVERIFY(a == b);
        QCOMPARE(std::bit_cast<std::uint64_t>(a.learningRate), std::bit_cast<std::uint64_t>(b.learningRate));
        QCOMPARE(bitsOf(a.sums), bitsOf(b.sums)); // -0.0 == 0.0
    }
    QVERIFY(same(found.weights, expected.weights));
    QVERIFY(same(found.momentum, expected.momentum));
    QVERIFY(same(found.teacher, expected.teacher));
    compareText(found.config.dump(), expected.config.dump());
    compareText(found.host.dump(), expected.host.dump());
}

} // namespace

class TestTrainingCheckpoint : public QObject {
    Q_OBJECT
private slots:
    void init();
    void readsBackToTheBit();
    void emptyReadsBack();
    void otherFilesAreRefused();
    void damagedOnesAreRefused_data();
    void damagedOnesAreRefused();
    void truncated();
    void fullDiskLeavesTheOldOne();

private:
    std::string refusal() const
    {
        return without(messageOf([&] { loadTrainingState(m_path, space()); }), m_dir->path().toStdString());
    }
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_path;
};

void TestTrainingCheckpoint::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_path = m_dir->path().toStdString() + "/c.safetensors";
}

void TestTrainingCheckpoint::readsBackToTheBit()
{
    const auto state = example();
    saveTrainingState(m_path, state, space());
    const auto found = loadTrainingState(m_path, space());
    compareStates(found, state);
    const auto bytes = readFile(m_path);
    saveTrainingState(m_path, found, space()); // over the file that its tensors are mapped from
    QVERIFY(readFile(m_path) == bytes);
    compareStates(found, state);
    QCOMPARE(listFolder(m_dir->path().toStdString()).size(), std::size_t(1));
}

void TestTrainingCheckpoint::emptyReadsBack()
{
    TrainingState state;
    state.config = Json::object();
    saveTrainingState(m_path, state, space());
    const auto found = loadTrainingState(m_path, space());
    compareStates(found, state);
    QVERIFY(found.host.is_null());
}

void TestTrainingCheckpoint::otherFilesAreRefused()
{
    compareText(refusal(), "/c.safetensors: cannot be opened: found No such file or directory");
    writeFileAtomically(m_path, std::string_view("no"));
    compareText(refusal(), "/c.safetensors: is too short for a safetensors file: found 2 bytes; allowed 8 or more");
    writeSafeTensors(m_path, example().weights, {{"format", "pt"}});
    compareText(refusal(), "/c.safetensors: this is no checkpoint of a training run: allowed checkpoint.safetensors of a run folder");
    writeSafeTensors(m_path, {}, {{"paretoscope.training", "{"}});
    compareText(refusal(), "/c.safetensors:1:2: not valid JSON");
    // Of another space: its subnets are not those of this one.
    auto state = example();
    saveTrainingState(m_path, state, space());
    const auto found = without(messageOf([&] { loadTrainingState(m_path, builtInSpace("ofa-mbv3-w1.0")); }), m_dir->path().toStdString());
    QVERIFY2(found.starts_with("/c.safetensors: epochs[1].accuracies[0].subnet: "), found.c_str());
    state.weights.add("c", Tensor::fromFloats({1}, {1}));
    saveTrainingState(m_path, state, space());
    auto file = readSafeTensors(m_path);
    StateDict more;
    for (const auto& [name, tensor] : file.tensors.tensors())
        more.add(name == "weights/c" ? "weight/c" : name, tensor);
    writeSafeTensors(m_path, more, file.metadata);
    compareText(refusal(), "/c.safetensors: unknown tensor: found weight/c");
}

void TestTrainingCheckpoint::damagedOnesAreRefused_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    const auto add = [](const char* pointer, const char* value, const char* message) {
        QTest::newRow(qPrintable(QString(pointer) + " " + value)) << pointer << value << "/c.safetensors: " + QString(message);
    };
    add("/schema", "2", "schema: number out of range: found 2; allowed 1 to 1");
    add("/more", "1", "unknown key: found \"more\"; allowed schema, phase, epoch, batch, begun, sums, epochs, config, host");
    add("/config", "null", "the key \"config\" is missing");
    add("/phase", "-1", "phase: number out of range: found -1; allowed 0 to 1000");
    add("/batch", "1.5", "batch: not a whole number: found 1.5; allowed a whole number from 0 to 1099511627776");
    add("/begun", "1", "begun: not a truth value: found 1; allowed true or false");
    add("/sums/loss", "\"nan\"", "sums.loss: not a number: found the string \"nan\"; allowed a number");
    add("/sums/norm", "1", "sums: unknown key: found \"norm\"; allowed loss, distillation, classification, gradientNorm, steps, seconds");
    add("/epochs/0/sums/seconds", "-1", "epochs[0].sums.seconds: number out of range: found -1; allowed at least 0");
    add("/epochs/1/accuracies/0/correct", "21", "epochs[1].accuracies[0].correct: number out of range: found 21; allowed 0 to 20");
    add("/epochs/1/accuracies/0/images", "0", "epochs[1].accuracies[0].images: number out of range: found 0; allowed 1 to 1099511627776");
    add("/epochs", "{}", "epochs: not a list: found an object; allowed a list");
}

void TestTrainingCheckpoint::damagedOnesAreRefused()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, message);
    saveTrainingState(m_path, example(), space());
    const auto file = readSafeTensors(m_path);
    auto json = parseJson(file.metadata.at("paretoscope.training"), "metadata");
    json[Json::json_pointer(pointer.toStdString())] = parseJson(value.toStdString(), "value");
    writeSafeTensors(m_path, file.tensors, {{"paretoscope.training", json.dump()}});
    compareText(refusal(), message.toStdString());
}

void TestTrainingCheckpoint::truncated()
{
    saveTrainingState(m_path, example(), space());
    const auto whole = readFile(m_path);
    for (std::size_t size = 0; size < whole.size(); size += size < 64 || size + 64 > whole.size() ? 1 : 97) {
        writeFileAtomically(m_path, ByteView(whole).first(size));
        const auto message = refusal();
        QVERIFY2(message.starts_with("/c.safetensors"), message.c_str());
    }
}

void TestTrainingCheckpoint::fullDiskLeavesTheOldOne()
{
    saveTrainingState(m_path, example(), space());
    auto state = example();
    state.weights.add("large", Tensor::fromFloats({20'000}, std::vector<float>(20'000, 1.f)));
    {
        const testing::SmallDisk disk(16 * 1024);
        compareText(without(messageOf([&] { saveTrainingState(m_path, state, space()); }), m_dir->path().toStdString()), "/c.safetensors: cannot be written: found File too large");
    }
    compareStates(loadTrainingState(m_path, space()), example());
    QCOMPARE(listFolder(m_dir->path().toStdString()).size(), std::size_t(1)); // nothing half written beside it
}

QTEST_GUILESS_MAIN(TestTrainingCheckpoint)
#include "tst_trainingcheckpoint.moc"

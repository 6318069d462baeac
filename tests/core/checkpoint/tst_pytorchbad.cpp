// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "pickles.h"

#include "base/file.h"
#include "checkpoint/pytorch.h"

#include <fmt/format.h>

#include <limits>
#include <sys/resource.h>

using namespace paretoscope;
using namespace testing;

namespace {

/// The most memory that the process has had, in bytes.
std::size_t peakMemory()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

} // namespace

class TestPyTorchBad : public QObject {
    Q_OBJECT
private slots:
    void smallFilesThatClaimMuch(); // first, because it compares with the most memory there has been
    void otherFilesAreNamed();
    void cutZips();
    void cutLegacyFiles();
    void everyCutOfALegacyFileIsAnError();
    void damagedZips();
    void bigEndianFiles();
    void wrongSizesStridesAndOffsets();
    void wrongStorages();
    void wrongLegacyStorages();
    void wrongPartsOfTensors();
    void twins();
    void noTensors();
};

void TestPyTorchBad::otherFilesAreNamed()
{
    compareText(readMessage(""), "f.pth: is empty");
    compareText(readMessage("<!DOCTYPE html><html><body>404"),
        "f.pth: is a web page, not a checkpoint: the download went wrong");
    compareText(readMessage("\n\n  <HTML lang=en>"), "f.pth: is a web page, not a checkpoint: the download went wrong");
    compareText(readMessage("version https://git-lfs.github.com/spec/v1\noid sha256:00"),
        "f.pth: is a pointer of Git LFS, not the checkpoint itself: fetch it with \"git lfs pull\"");
    auto tar = "storages" + std::string(504, '\0');
    tar.replace(257, 5, "ustar");
    compareText(readMessage(tar),
        "f.pth: is a tar archive, the format of PyTorch before 0.1.10: load it there and save it again");
    compareText(readMessage("\x1f\x8b\x08 and so on"), "f.pth: is compressed with gzip: unpack it first");
    compareText(readMessage(std::string("\x10\0\0\0\0\0\0\0{\"w\":{}}", 16)),
        "f.pth: is no PyTorch checkpoint: it looks like a safetensors file");
    compareText(readMessage("name,value\n1,2\n"),
        "f.pth: is no PyTorch checkpoint: found \"name,value\\x0a1,2\\x0a\"; allowed a zip archive or a pickle of "
        "torch.save");
    compareText(readMessage("column\n1\n2\n3 and 4"), "f.pth: the pickle asks for \"olumn.1\", which is refused");
    compareText(readMessage("c"),
        "f.pth: is no PyTorch checkpoint: found \"c\"; allowed a zip archive or a pickle of torch.save");
    compareText(readMessage(kProto + dict({{"w", number(1)}}) + "."), "f.pth: is a pickle, but not one of torch.save");
    compareText(messageOf([] { readPyTorch("/nowhere/f.pth"); }),
        "/nowhere/f.pth: cannot be opened: found No such file or directory");
    compareText(messageOf([] { readPyTorch("/tmp"); }), "/tmp: cannot be read: found Is a directory");

    compareText(readMessage(makeZip({{"a/b", asBytes("c"), false}})),
        "f.pth: is a zip archive but no PyTorch checkpoint: it has no data.pkl");
    compareText(readMessage(makeZip({{"a/data.pkl", asBytes("c"), false}, {"b/data.pkl", asBytes("c"), false}})),
        "f.pth: has more than one data.pkl: found 2; allowed 1");
    compareText(
        readMessage(zipCheckpoint("N", {{"constants.pkl", "x"}})), "f.pth: is a TorchScript program, not a checkpoint");
    compareText(readMessage(zipCheckpoint("N", {{"version", "11\n"}})),
        "f.pth: has an unknown version of the format: found \"11\"; allowed 1 to 10");
    compareText(readMessage(zipCheckpoint("N", {{"version", "x"}})),
        "f.pth: has an unknown version of the format: found \"x\"; allowed 1 to 10");
    compareText(readMessage(zipCheckpoint("N", {{"version", std::string(65, '1')}})),
        "f.pth: version: is too long: found 65 bytes; allowed at most 64");
}

void TestPyTorchBad::cutZips()
{
    const auto whole = zipCheckpoint(dict({{"w", weight(0, {4}, {1})}}), {{"data/0", floats(4)}, {"version", "3\n"}});
    compareText(readMessage(whole), "no error");
    for (std::size_t size = 4; size < whole.size(); ++size) {
        const auto message = readMessage(ByteView(whole).first(size));
        QVERIFY2(message.starts_with("f.pth: is not a whole zip archive ("), message.c_str());
    }
    NEED_REFERENCE("fixtures/ofa/tiny_mbv3_b.pth");
    const auto real = readFile(referenceDir() / "fixtures/ofa/tiny_mbv3_b.pth");
    for (const auto size : {real.size() - 1, real.size() / 2, std::size_t{1000}})
        compareText(readMessage(ByteView(real).first(size)), "f.pth: is not a whole zip archive (Not a zip archive)");
}

void TestPyTorchBad::cutLegacyFiles()
{
    const auto head = legacyHead();
    const auto content = kProto + dict({{"w", weight(0, {4}, {1})}}) + ".";
    const auto whole = legacyCheckpoint(dict({{"w", weight(0, {4}, {1})}}), {{"0", floats(4)}});
    compareText(readMessage(whole), "no error");
    const auto cut = [&](std::size_t size) { return readMessage(whole.substr(0, size)); };
    compareText(cut(2), "f.pth: byte 2: the pickle is cut: found 0 bytes; allowed 1 or more");
    compareText(cut(8), "f.pth: byte 2: the pickle is cut: found 4 bytes; allowed 10 or more"); // the magic number
    compareText(cut(15), "f.pth: byte 15: the pickle is cut: found 0 bytes; allowed 1 or more"); // before the version
    compareText(cut(19), "f.pth: byte 17: the pickle is cut: found 1 bytes; allowed 2 or more"); // within the version
    compareText(
        cut(head.size() - 5), "f.pth: byte 49: the pickle is cut: found 11 bytes; allowed 13 or more"); // the machine
    compareText(cut(head.size()),
        fmt::format("f.pth: byte {}: the pickle is cut: found 0 bytes; allowed 1 or more", head.size()));
    const auto keys = head.size() + content.size();
    compareText(cut(head.size() + content.size() - 4),
        fmt::format("f.pth: byte {}: the pickle is cut: found 0 bytes; allowed 1 or more", keys - 4));
    compareText(
        cut(keys + 6), fmt::format("f.pth: byte {}: the pickle is cut: found 1 bytes; allowed 4 or more", keys + 4));
    compareText(
        cut(whole.size() - 24), "f.pth: storage \"0\": the file ends within it: found 0 bytes; allowed 8 or more");
    compareText(
        cut(whole.size() - 17), "f.pth: storage \"0\": the file ends within it: found 7 bytes; allowed 8 or more");
    compareText(
        cut(whole.size() - 1), "f.pth: storage \"0\": the file ends within it: found 23 bytes; allowed 24 or more");
    compareText(readMessage(whole + "x"), "f.pth: goes on after the last storage: found 1 bytes; allowed 0");
}

void TestPyTorchBad::everyCutOfALegacyFileIsAnError()
{
    const auto whole = legacyCheckpoint(dict({{"w", weight(0, {4}, {1})}}), {{"0", floats(4)}});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto message = readMessage(whole.substr(0, size));
        QVERIFY2(message.starts_with("f.pth: "), message.c_str());
    }
}

void TestPyTorchBad::damagedZips()
{
    auto zip = zipCheckpoint(dict({{"w", tensor(storage("0", 64), 0, {64}, {1})}}), {{"data/0", floats(64)}});
    const auto at = asText(zip).find(floats(64));
    zip[at + 100] ^= std::byte{1};
    compareText(readMessage(zip), "f.pth: x/data/0: cannot be read (CRC error)");
}

void TestPyTorchBad::bigEndianFiles()
{
    compareText(
        readMessage(zipCheckpoint(dict({{"w", weight(0, {4}, {1})}}), {{"data/0", floats(4)}, {"byteorder", "big"}})),
        "f.pth: was written on a big-endian machine: found \"big\"; allowed \"little\"");
    compareText(readMessage(zipCheckpoint("N", {{"byteorder", "middle"}})),
        "f.pth: has an unknown byte order: found \"middle\"; allowed \"little\"");
    compareText(readMessage(legacyHead("\x89") + kProto + "N."),
        "f.pth: was written on a big-endian machine: found \"little_endian\": False; allowed True");
    compareText(
        readMessage(legacyHead("N") + kProto), "f.pth: does not say the byte order of the machine that wrote it");
    auto later = legacyHead();
    later[19] = '\x04';
    compareText(readMessage(later), "f.pth: has an unknown version of the legacy format: found 1257; allowed 1001");
}

void TestPyTorchBad::wrongSizesStridesAndOffsets()
{
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    compareText(tensorMessage(weight(0, {-4}, {1})), "f.pth: w: its shape has a negative size: found [-4]");
    compareText(tensorMessage(weight(0, {4}, {-1})), "f.pth: w: it has a negative stride: found [-1]");
    compareText(tensorMessage(weight(-1, {4}, {1})), "f.pth: w: its offset is negative: found -1");
    compareText(tensorMessage(weight(1, {4}, {1})),
        "f.pth: w: it reaches beyond its storage: found shape [4], strides [1], offset 1; allowed 4 elements");
    compareText(tensorMessage(weight(0, {2, 2}, {3, 1})),
        "f.pth: w: it reaches beyond its storage: found shape [2, 2], strides [3, 1], offset 0; allowed 4 elements");
    compareText(tensorMessage(weight(0, {2}, {kMax})),
        "f.pth: w: it reaches beyond its storage: found shape [2], strides [9223372036854775807], offset 0; allowed 4 "
        "elements");
    compareText(tensorMessage(weight(kMax, {2}, {1})),
        "f.pth: w: it reaches beyond its storage: found shape [2], strides [1], offset 9223372036854775807; allowed 4 "
        "elements");
    compareText(tensorMessage(weight(0, {std::int64_t{1} << 62, 4}, {0, 0})),
        "f.pth: w: its shape is too large: found [4611686018427387904, 4]");
    compareText(tensorMessage(weight(0, {4}, {1, 1})),
        "f.pth: w: its shape and its strides do not match: found shape [4], strides [1, 1]; allowed one stride for "
        "each size");
    compareText(tensorMessage(weight(0, std::vector<std::int64_t>(65, 1), {})),
        "f.pth: w: has too many dimensions: found 65; allowed at most 64");
}

void TestPyTorchBad::wrongStorages()
{
    const auto one = dict({{"w", weight(0, {4}, {1})}});
    compareText(readMessage(zipCheckpoint(one)), "f.pth: storage \"0\": is missing from the archive");
    compareText(tensorMessage(weight(0, {4}, {1}), floats(3)),
        "f.pth: storage \"0\": has not the size that the pickle says: found 12 bytes; allowed 16 (4 × float32)");
    compareText(tensorMessage(tensor(storage("0", 4, "DoubleStorage"), 0, {4}, {1})),
        "f.pth: storage \"0\": has not the size that the pickle says: found 16 bytes; allowed 32 (4 × float64)");
    compareText(tensorMessage(tensor(storage("0", -1), 0, {4}, {1})),
        "f.pth: storage \"0\": its number of elements is not one: found -1; allowed 0 to 2305843009213693951");
    compareText(tensorMessage(tensor(storage("0", std::int64_t{1} << 61), 0, {4}, {1})),
        "f.pth: storage \"0\": its number of elements is not one: found 2305843009213693952; allowed 0 to "
        "2305843009213693951");
    compareText(tensorMessage(tensor(storage("0", (std::int64_t{1} << 61) - 1), 0, {4}, {1})),
        "f.pth: storage \"0\": has not the size that the pickle says: found 16 bytes; allowed 9223372036854775804 "
        "(2305843009213693951 × float32)");
    compareText(tensorMessage(tensor(storage("0", 4, "QInt8Storage"), 0, {4}, {1})),
        "f.pth: the pickle asks for \"torch.QInt8Storage\", which is refused");
    compareText(tensorMessage(tensor(storage("../../etc/passwd", 4), 0, {4}, {1})),
        "f.pth: storage \"../../etc/passwd\": is missing from the archive");
    compareText(readMessage(zipCheckpoint(
                    dict({{"w", weight(0, {4}, {1})}, {"v", tensor(storage("0", 2, "DoubleStorage"), 0, {2}, {1})}}),
                    {{"data/0", floats(4)}})),
        "f.pth: storage \"0\": the pickle describes it in two ways: found 4 × float32 and 2 × float64");
    compareText(
        tensorMessage(tensor(storage("0", 4, "FloatStorage", tuple({text("v"), number(3), number(2)})), 0, {1}, {1})),
        "f.pth: storage \"0\": a view reaches beyond it: found offset 3, 2 elements; allowed 4 elements");
    compareText(tensorMessage(tensor(text("x") + "Q", 0, {1}, {1})),
        "f.pth: the pickle refers to an object outside in a way that PyTorch never writes: found a text");
    compareText(tensorMessage(tensor(tuple({text("module"), "N", text("x.py"), text("class X")}) + "Q", 0, {1}, {1})),
        "f.pth: the pickle refers to an object outside that is no storage: found \"module\"");
    compareText(
        tensorMessage(tensor(
            tuple({text("storage"), text("FloatStorage"), text("0"), text("cpu"), number(4)}) + "Q", 0, {1}, {1})),
        "f.pth: a storage is described in a way that PyTorch never writes");
}

void TestPyTorchBad::wrongLegacyStorages()
{
    const auto one = dict({{"w", weight(0, {4}, {1})}});
    compareText(readMessage(legacyCheckpoint(one)), "f.pth: storage \"0\": is missing from the file");
    compareText(readMessage(legacyCheckpoint(one, {{"1", floats(4)}})),
        "f.pth: storage \"1\": is not one that the pickle names");
    compareText(
        readMessage(legacyCheckpoint(one, {{"0", floats(4)}, {"0", floats(4)}})), "f.pth: storage \"0\": stands twice");
    compareText(readMessage(legacyCheckpoint(one, {{"0", floats(5)}})),
        "f.pth: storage \"0\": has not the size that the pickle says: found 5 elements; allowed 4");
    compareText(readMessage(legacyHead() + kProto + one + "." + kProto + "N."),
        "f.pth: the keys of the storages are no list: found None");
    compareText(readMessage(legacyHead() + kProto + one + "." + kProto
                    + "](K\x01"
                      "e."),
        "f.pth: the key of a storage is no text: found an integer");
    // A number of elements whose bytes would wrap around.
    const auto huge = dict({{"w", tensor(storage("0", std::int64_t{1} << 60), 0, {4}, {1})}});
    compareText(readMessage(legacyHead() + kProto + huge + "." + kProto + "](" + text("0") + "e."
                    + little(std::int64_t{1} << 60) + floats(4)),
        "f.pth: storage \"0\": the file ends within it: found 24 bytes; allowed 4611686018427387912 or more");
}

void TestPyTorchBad::wrongPartsOfTensors()
{
    const auto rebuild = [](const std::vector<std::string>& parts) {
        return global("torch._utils", "_rebuild_tensor_v2") + tuple(parts) + "R";
    };
    const auto s = storage("0", 4);
    compareText(tensorMessage(rebuild({s, number(0), numbers({4})})),
        "f.pth: data.pkl byte 126: a tensor is built of the wrong parts: found 3 arguments");
    compareText(tensorMessage(rebuild({"N", number(0), numbers({4}), numbers({1})})),
        "f.pth: w: it is built of what is no storage: found None");
    compareText(
        tensorMessage(rebuild({s, "N", numbers({4}), numbers({1})})), "f.pth: w: its offset is no integer: found None");
    compareText(tensorMessage(rebuild({s, number(0), "K\x04", numbers({1})})),
        "f.pth: w: its shape is no tuple: found an integer");
    compareText(tensorMessage(rebuild({s, number(0), tuple({text("4")}), numbers({1})})),
        "f.pth: w: its shape holds what is no size: found a text");
    compareText(
        tensorMessage(rebuild({s, number(0), numbers({4}), tuple({"\x8a\x09" + std::string(8, '\xff') + "\x01"})})),
        "f.pth: w: its strides holds what is no size: found a large integer");
    compareText(
        tensorMessage(rebuild({s, number(0), numbers({4}), numbers({1}), "\x89", "N", dict({{"neg", "\x88"}})})),
        "f.pth: w: the tensor has metadata, which is not supported");
    compareText(tensorMessage(global("torch._utils", "_rebuild_parameter") + tuple({"N", "\x88", "N"}) + "R"),
        "f.pth: data.pkl byte 48: a parameter is built of the wrong parts: found 3 arguments");
}

void TestPyTorchBad::twins()
{
    const auto w = weight(0, {4}, {1});
    const auto message = [&](const std::string& content) {
        return readMessage(zipCheckpoint(content, {{"data/0", floats(4)}}));
    };
    compareText(message(dict({{"w", w}, {"w", w}})), "f.pth: a key stands twice in one dictionary: found \"w\"");
    compareText(
        message(dict({{"a.b", w}, {"a", dict({{"b", w}})}})), "f.pth: two tensors have the same name: found \"a.b\"");
    compareText(
        message("}(" + ("N" + w) + "u"), "f.pth: a key of the weights is neither a text nor an integer: found None");
}

void TestPyTorchBad::smallFilesThatClaimMuch()
{
    const auto before = peakMemory();
    // An element that is repeated: 1 GiB out of one float.
    const auto expanded = weight(0, {16384, 16384}, {0, 0});
    compareText(tensorMessage(expanded).substr(0, 82),
        "f.pth: w: the tensors claim more than the file can hold: found 1073741824 bytes; a");
    // Many tensors that are each within the limit.
    std::vector<std::pair<std::string, std::string>> many;
    for (int i = 0; i < 100; ++i)
        many.emplace_back(fmt::format("w{}", i), weight(0, {100'000}, {0}));
    QVERIFY(contains(readMessage(zipCheckpoint(dict(many), {{"data/0", floats(4)}})),
        "f.pth: w2: the tensors claim more than the file can hold"));
    // A text of a gigabyte, a memo entry beyond reach, a storage and a compressed entry that are not there.
    QVERIFY(contains(readMessage(zipCheckpoint("X\xff\xff\xff\x3f"
                                               "a")),
        "the pickle is cut"));
    QVERIFY(contains(readMessage(zipCheckpoint("Nr\xff\xff\xff\x3f")), "under too large a number"));
    const auto huge = dict({{"w", tensor(storage("0", 1 << 28), 0, {1 << 28}, {1})}});
    QVERIFY(contains(readMessage(legacyHead() + kProto + huge + "." + kProto + "](" + text("0") + "e."
                         + little(std::int64_t{1 << 28})),
        "storage \"0\": the file ends within it"));
    QVERIFY(
        contains(readMessage(zipCheckpoint(huge, {{"data/0", floats(4)}})), "has not the size that the pickle says"));
    // Doubling: each list is added to the next many times, and the stack is copied over and over.
    QVERIFY(contains(readMessage(zipCheckpoint(std::string("N") + repeat("2", 1000) + "t")),
        "the pickle takes a mark that is not there"));
    const auto grown = peakMemory() - before;
    QVERIFY2(grown < (64u << 20), qPrintable(QString::number(grown)));
    // 64 MB of zeros in a zip of 64 kB.
    const auto zeros = zipCheckpoint(dict({{"w", tensor(storage("0", 1 << 24), 0, {1 << 24}, {1})}}),
        {{"data/0", std::string(1u << 26, '\0')}}, true);
    QVERIFY(contains(readMessage(zeros), "f.pth: its entries unfold to more than the file can hold: found 67109"));
}

void TestPyTorchBad::noTensors()
{
    compareText(readMessage(zipCheckpoint("}")), "f.pth: holds no tensor");
    compareText(readMessage(zipCheckpoint(dict({{"state_dict", "}"}, {"epoch", number(1)}}))),
        "f.pth: state_dict: holds no tensor");
    compareText(readMessage(zipCheckpoint("N")),
        "f.pth: holds no dictionary of weights: found None; allowed a dictionary of tensors, or one "
        "under \"state_dict\"");
    compareText(readMessage(zipCheckpoint(weight(0, {4}, {1}), {{"data/0", floats(4)}})),
        "f.pth: holds no dictionary of weights: found a tensor; allowed a dictionary of tensors, or one under "
        "\"state_dict\"");
}

QTEST_APPLESS_MAIN(TestPyTorchBad)
#include "tst_pytorchbad.moc"

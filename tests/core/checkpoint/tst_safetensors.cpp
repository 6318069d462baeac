// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "pickles.h"
#include "smalldisk.h"

#include "base/file.h"
#include "checkpoint/safetensors.h"

using namespace paretoscope;
using testing::compareText;
using testing::little;
using testing::messageOf;
using testing::without;

namespace {

std::string file(const std::string& header, std::size_t dataBytes)
{
    return little(static_cast<std::uint64_t>(header.size())) + header + std::string(dataBytes, '\x01');
}

std::string message(const std::string& bytes)
{
    return messageOf([&] { readSafeTensors(asBytes(bytes), {}, "f"); });
}

std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets)
{
    return "{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

/// The message for one tensor "w" over 16 bytes.
std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets = "[0,16]")
{
    return message(file("{\"w\":" + entry(dtype, shape, offsets) + "}", 16));
}

Tensor bytesOf(DType dtype, Shape shape, std::size_t size)
{
    const auto bytes = std::make_shared<Bytes>(size);
    for (std::size_t i = 0; i < size; ++i)
        (*bytes)[i] = static_cast<std::byte>(i % 2 + 1);
    return {dtype, std::move(shape), *bytes, bytes};
}

} // namespace

class TestSafeTensors : public QObject {
    Q_OBJECT
private slots:
    void roundTrip();
    void writesKnownBytes();
    void viewsComeOutContiguous();
    void dataIsAligned();
    void tensorsOutliveTheReader();
    void refusesBadHeaders();
    void refusesBadLayouts();
    void refusesBadNamesOnWriting();
    void fullDiskIsReported();
};

void TestSafeTensors::roundTrip()
{
    StateDict dict;
    const std::vector<std::pair<DType, std::size_t>> types{{DType::U8, 1}, {DType::F16, 2}, {DType::BF16, 2},
        {DType::F32, 4}, {DType::F64, 8}, {DType::I8, 1}, {DType::I16, 2}, {DType::I32, 4}, {DType::I64, 8},
        {DType::Bool, 1}};
    for (const auto& [dtype, size] : types)
        dict.add("t." + std::string(name(dtype)), bytesOf(dtype, {3, 5}, 15 * size));
    dict.add("scalar", Tensor::fromFloats({}, {2.5f}));
    dict.add("empty", Tensor::fromFloats({0, 4}, {}));
    dict.add("\xc3\xa9 \"quoted\"\n", Tensor::fromFloats({1}, {1}));
    const std::map<std::string, std::string> metadata{{"format", "pt"}, {"a", "\xe2\x86\x92\t"}};
    const auto bytes = makeSafeTensors(dict, metadata);
    QVERIFY(bytes == makeSafeTensors(dict, metadata));
    const auto read = readSafeTensors(bytes, {}, "f");
    QVERIFY(read.metadata == metadata);
    QCOMPARE(read.tensors.size(), dict.size());
    for (std::size_t i = 0; i < dict.size(); ++i) {
        const auto &a = dict.tensors()[i], &b = read.tensors.tensors()[i];
        compareText(b.name, a.name);
        QVERIFY(a.tensor.dtype() == b.tensor.dtype() && a.tensor.shape() == b.tensor.shape());
        QVERIFY(a.tensor.contiguousBytes() == b.tensor.contiguousBytes());
    }
    QCOMPARE(readSafeTensors(makeSafeTensors({}), {}, "f").tensors.size(), 0u);
}

void TestSafeTensors::writesKnownBytes()
{
    StateDict dict;
    dict.add("w", Tensor::fromFloats({2}, {1, 2}));
    compareText(std::string(asText(makeSafeTensors(dict, {{"k", "v"}}))),
        std::string("\x50\0\0\0\0\0\0\0", 8)
            + "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}" + " "
            + little(1.f) + little(2.f));
}

void TestSafeTensors::viewsComeOutContiguous()
{
    const auto values = std::make_shared<const std::vector<float>>(std::vector<float>{0, 1, 2, 3, 4, 5});
    StateDict dict;
    dict.add("t", Tensor(DType::F32, {3, 2}, {1, 3}, 0, std::as_bytes(std::span(*values)), values));
    const auto bytes = makeSafeTensors(dict);
    QCOMPARE(readSafeTensors(bytes, {}, "f").tensors.find("t")->toFloats(), (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

void TestSafeTensors::dataIsAligned()
{
    StateDict dict;
    dict.add("byte", bytesOf(DType::U8, {3}, 3));
    dict.add("double", bytesOf(DType::F64, {2}, 16));
    dict.add("half", bytesOf(DType::F16, {1}, 2));
    dict.add("float", bytesOf(DType::F32, {1}, 4));
    const auto bytes = makeSafeTensors(dict);
    const auto read = readSafeTensors(bytes, {}, "f");
    for (const auto& [key, tensor] : read.tensors.tensors())
        QCOMPARE(static_cast<std::size_t>(tensor.storage().data() - bytes.data()) % sizeOf(tensor.dtype()), 0u);
    compareText(read.tensors.tensors()[0].name, "byte");
}

void TestSafeTensors::tensorsOutliveTheReader()
{
    QTemporaryDir dir;
    const std::filesystem::path path = dir.filePath("w.safetensors").toStdString();
    StateDict dict;
    dict.add("w", Tensor::fromFloats({3}, {1, 2, 3}));
    writeSafeTensors(path, dict);
    Tensor kept;
    {
        const auto read = readSafeTensors(path);
        kept = *read.tensors.find("w");
    }
    std::filesystem::remove(path);
    QCOMPARE(kept.toFloats(), (std::vector<float>{1, 2, 3}));
    compareText(messageOf([&] { readSafeTensors("/nowhere/w"); }),
        "/nowhere/w: cannot be opened: found No such file or directory");
}

void TestSafeTensors::refusesBadHeaders()
{
    const std::string good = entry("F32", "[4]", "[0,16]");
    compareText(message(""), "f: is too short for a safetensors file: found 0 bytes; allowed 8 or more");
    compareText(message("1234567"), "f: is too short for a safetensors file: found 7 bytes; allowed 8 or more");
    compareText(message(std::string(8, '\xff')),
        "f: is no safetensors file, or is cut: the length of its header is impossible: found 18446744073709551615 "
        "bytes; allowed at most 0");
    compareText(message(little(std::uint64_t{100}) + "{}"),
        "f: is no safetensors file, or is cut: the length of its header is impossible: found 100 bytes; allowed at "
        "most 2");
    compareText(message(file("", 0)), "f: its header is not an object: found \"\"; allowed \"{\" at its beginning");
    compareText(
        message(file(" {}", 0)), "f: its header is not an object: found \" {}\"; allowed \"{\" at its beginning");
    compareText(message(file("[]", 0)), "f: its header is not an object: found \"[]\"; allowed \"{\" at its beginning");
    compareText(message(file("{\"w\":", 0)), "f: its header is not valid JSON: found an error at byte 6 of it");
    compareText(message(file("{} x", 0)), "f: its header is not valid JSON: found an error at byte 4 of it");
    compareText(message(file("{\"\xff\":{}}", 0)), "f: its header is not valid JSON: found an error at byte 3 of it");
    compareText(message(file("{\"w\":1}", 0)), "f: \"w\": is described by what is no object: found 1");
    compareText(message(file("{\"w\":[]}", 0)), "f: \"w\": is described by what is no object: found a list");
    compareText(message(file("{\"w\":{}}", 0)), "f: \"w\": the key \"dtype\" is missing");
    compareText(message(file("{\"w\":{\"dtype\":\"F32\",\"shape\":[4]}}", 16)),
        "f: \"w\": the key \"data_offsets\" is missing");
    compareText(message(file("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 16)),
        "f: \"w\": a key stands twice: found \"dtype\"");
    compareText(message(file("{\"w\":{\"type\":\"F32\"}}", 16)),
        "f: \"w\": unknown key: found \"type\"; allowed dtype, shape, data_offsets");
    compareText(
        message(file("{\"w\":" + good + ",\"w\":" + good + "}", 16)), "f: two tensors have the same name: found \"w\"");
    compareText(message(file("{\"w\":{\"dtype\":{}}}", 0)),
        "f: \"w\": dtype has a value of the wrong kind: found an object; allowed a text");
    compareText(message(file("{\"w\":{\"dtype\":[]}}", 0)),
        "f: \"w\": dtype has a value of the wrong kind: found a list; allowed a text");
    compareText(message(file("{\"w\":{\"shape\":\"4\"}}", 0)),
        "f: \"w\": shape has a value of the wrong kind: found the text \"4\"; allowed a list of numbers");
    compareText(one("F32", "[[4]]"),
        "f: \"w\": shape holds what is no size: found a list; allowed whole numbers that are not negative");
    compareText(one("F32", "[-4]"),
        "f: \"w\": shape holds what is no size: found -4; allowed whole numbers that are not negative");
    compareText(one("F32", "[4.0]"),
        "f: \"w\": shape holds what is no size: found 4.0; allowed whole numbers that are not negative");
    compareText(one("F32", "[null]"),
        "f: \"w\": shape holds what is no size: found null; allowed whole numbers that are not negative");
    compareText(one("F32", "[9223372036854775808]"), "f: \"w\": a number is too large: found 9223372036854775808");
    compareText(one("F8_E4M3", "[16]"),
        "f: \"w\": unknown dtype: found \"F8_E4M3\"; allowed F16, BF16, F32, F64, I8, I16, I32, I64, U8, BOOL");
    compareText(one("F32", "[4]", "[0]"), "f: \"w\": data_offsets is not a pair: found 1 numbers; allowed 2");
    compareText(message(file("{\"__metadata__\":{\"a\":1}}", 0)),
        "f: \"__metadata__\": a value of __metadata__ is not a text: found 1");
    compareText(message(file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0)),
        "f: \"__metadata__\": a key stands twice in __metadata__: found \"a\"");
    compareText(message(file("{\"__metadata__\":null}", 0)),
        "f: \"__metadata__\": is described by what is no object: found null");
    std::string ones = "1";
    for (int i = 0; i < 64; ++i)
        ones += ",1";
    compareText(one("F32", "[" + ones + "]"), "f: \"w\": a list is too long: allowed at most 64 numbers");
    std::string deep(100'000, '[');
    compareText(message(file("{\"w\":" + deep, 0)), "f: \"w\": is described by what is no object: found a list");
}

void TestSafeTensors::refusesBadLayouts()
{
    compareText(one("F32", "[4]"), "no error");
    compareText(one("F32", "[4]", "[16,0]"), "f: \"w\": its data_offsets are in the wrong order: found [16, 0]");
    compareText(one("F32", "[8]", "[0,32]"),
        "f: \"w\": its data_offsets reach beyond the file: found [0, 32]; allowed at most 16");
    compareText(one("F32", "[3]"),
        "f: \"w\": its data_offsets do not match its shape: found 16 bytes; allowed 12 for float32 [3]");
    compareText(one("F64", "[4]"),
        "f: \"w\": its data_offsets do not match its shape: found 16 bytes; allowed 32 for float64 [4]");
    // 2^32 × 2^32 × 4 bytes is 0 when it wraps around.
    compareText(one("F32", "[4294967296,4294967296]", "[0,0]"),
        "f: \"w\": its shape is too large: found [4294967296, 4294967296]");
    compareText(one("F32", "[0,9223372036854775807,9223372036854775807]", "[0,0]"),
        "f: goes on after the last tensor: found 16 bytes; allowed 0");
    const auto two = [](const std::string& a, const std::string& b) {
        return message(file("{\"a\":" + entry("U8", "[8]", a) + ",\"b\":" + entry("U8", "[8]", b) + "}", 20));
    };
    compareText(two("[0,8]", "[4,12]"), "f: \"b\": overlaps the tensor before it: found begin 4; allowed 8");
    compareText(two("[0,8]", "[0,8]"), "f: \"b\": overlaps the tensor before it: found begin 0; allowed 8");
    compareText(two("[0,8]", "[12,20]"), "f: \"b\": there is a gap before it: found begin 12; allowed 8");
    compareText(two("[12,20]", "[4,12]"), "f: \"b\": there is a gap before it: found begin 4; allowed 0");
    compareText(two("[8,16]", "[0,8]"), "f: goes on after the last tensor: found 4 bytes; allowed 0");
    const auto whole = file("{\"w\":" + entry("F32", "[4]", "[0,16]") + "}", 16);
    for (std::size_t size = 0; size < whole.size(); ++size)
        QVERIFY(message(whole.substr(0, size)).starts_with("f: "));
}

void TestSafeTensors::refusesBadNamesOnWriting()
{
    StateDict dict;
    dict.add("__metadata__", Tensor::fromFloats({}, {1}));
    compareText(
        messageOf([&] { makeSafeTensors(dict); }), "safetensors: a tensor has a reserved name: found \"__metadata__\"");
    StateDict odd;
    odd.add("\xff", Tensor());
    compareText(
        messageOf([&] { makeSafeTensors(odd); }), "safetensors: a name or a text is no valid UTF-8: found \"\\xff\"");
    compareText(messageOf([&] {
        makeSafeTensors({}, {{"k", "\xff"}});
    }),
        "safetensors: a name or a text is no valid UTF-8: found \"\\xff\"");
}

void TestSafeTensors::fullDiskIsReported()
{
    QTemporaryDir dir;
    const auto folder = dir.path().toStdString();
    StateDict dict;
    dict.add("w", Tensor::fromFloats({1000}, std::vector<float>(1000)));
    std::string text;
    {
        const testing::SmallDisk small(512);
        text = messageOf([&] { writeSafeTensors(folder + "/w", dict); });
    }
    compareText(without(text, folder), "/w: cannot be written: found File too large");
    QVERIFY(listFolder(folder).empty());
}

QTEST_APPLESS_MAIN(TestSafeTensors)
#include "tst_safetensors.moc"

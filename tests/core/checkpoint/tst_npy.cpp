// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "pickles.h"

#include "base/file.h"
#include "checkpoint/npy.h"

using namespace paretoscope;
using testing::compareText;
using testing::little;
using testing::messageOf;

namespace {

std::string file(const std::string& header, const std::string& data, char version = 1)
{
    const auto length = version == 1 ? little(static_cast<std::uint16_t>(header.size()))
                                     : little(static_cast<std::uint32_t>(header.size()));
    return std::string("\x93NUMPY") + version + std::string(1, '\0') + length + header + data;
}

std::string header(const std::string& descr, const std::string& shape, const std::string& fortran = "False")
{
    return "{'descr': " + descr + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

std::string message(const std::string& bytes)
{
    return messageOf([&] { readNpy(asBytes(bytes), {}, "f.npy"); });
}

/// The message for a header before 16 bytes.
std::string bad(const std::string& text) { return message(file(text, testing::floats(4))); }

} // namespace

class TestNpy : public QObject {
    Q_OBJECT
private slots:
    void roundTrip();
    void writesKnownBytes();
    void readsEveryVersion();
    void readsFortranOrder();
    void refusesOtherTypes();
    void refusesBadHeaders();
    void refusesWrongSizes();
    void readsAndWritesFiles();
};

void TestNpy::roundTrip()
{
    for (const auto dtype :
        {DType::F16, DType::F32, DType::F64, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::Bool}) {
        const auto bytes = std::make_shared<Bytes>(6 * sizeOf(dtype), std::byte{1});
        for (const Shape& shape : {Shape{6}, Shape{2, 3}, Shape{1, 6, 1}}) {
            const auto written = makeNpy(Tensor(dtype, shape, *bytes, bytes));
            const auto read = readNpy(written, {}, "f.npy");
            QVERIFY(read.dtype() == dtype && read.shape() == shape && read.contiguousBytes() == *bytes);
            QCOMPARE((written.size() - bytes->size()) % 64, 0u);
        }
    }
    const auto scalar = makeNpy(Tensor::fromFloats({}, {2.5f})), empty = makeNpy(Tensor::fromFloats({2, 0}, {}));
    QCOMPARE(readNpy(scalar, {}, "f").toFloats(), (std::vector<float>{2.5f}));
    QVERIFY(readNpy(empty, {}, "f").shape() == (Shape{2, 0}));
    const auto bytes = std::make_shared<Bytes>(2);
    compareText(messageOf([&] { makeNpy(Tensor(DType::BF16, {1}, *bytes, bytes)); }),
        "npy: NumPy has no such type: found bfloat16");
}

void TestNpy::writesKnownBytes()
{
    // As numpy.save writes it.
    const auto expected = std::string("\x93NUMPY\x01\0\x76\0", 10)
        + "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }" + std::string(60, ' ') + "\n" + little(1.f)
        + little(2.f);
    compareText(std::string(asText(makeNpy(Tensor::fromFloats({2}, {1, 2})))), expected);
}

void TestNpy::readsEveryVersion()
{
    for (const char version : {'\x01', '\x02', '\x03'}) {
        const auto bytes = file(header("'<f4'", "(4,)"), testing::floats(4), version);
        QCOMPARE(readNpy(asBytes(bytes), {}, "f").toFloats(), (std::vector<float>{0, 1, 2, 3}));
    }
    // Any order, either quotes, with and without the last comma.
    const auto odd = file("{\"shape\":(2,2),'fortran_order':False,'descr':'<f4'}", testing::floats(4));
    QVERIFY(readNpy(asBytes(odd), {}, "f").shape() == (Shape{2, 2}));
}

void TestNpy::readsFortranOrder()
{
    const auto bytes = file(header("'<f4'", "(2, 3)", "True"), testing::floats(6));
    const auto tensor = readNpy(asBytes(bytes), {}, "f");
    QVERIFY(tensor.strides() == (Shape{1, 2}));
    QCOMPARE(tensor.toFloats(), (std::vector<float>{0, 2, 4, 1, 3, 5}));
    QVERIFY(readNpy(makeNpy(tensor), {}, "f").toFloats() == tensor.toFloats());
}

void TestNpy::refusesOtherTypes()
{
    const std::string allowed = "; allowed little-endian f2, f4, f8, i1, i2, i4, i8, u1 or b1";
    compareText(bad(header("'>f4'", "(4,)")), "f.npy: the values are big-endian: found \">f4\"" + allowed);
    compareText(
        bad(header("'|O'", "(2,)")), "f.npy: the array holds Python objects, which is refused: found \"|O\"" + allowed);
    for (const char* descr : {"<u4", "<c8", "<U4", "|S4", "<M8[ns]", "f4", "|f4", "=f4", ""})
        compareText(bad(header(std::string("'") + descr + "'", "(4,)")),
            std::string("f.npy: the type of the values is not supported: found \"") + descr + "\"" + allowed);
    compareText(bad(header("[('a', '<f4')]", "(4,)")),
        "f.npy: the array is structured, which is not supported: found \"[('a', '<f4')], 'fortran…\"");
}

void TestNpy::refusesBadHeaders()
{
    compareText(message(""), "f.npy: is no .npy file: found \"\"; allowed \"\\x93NUMPY\"");
    compareText(
        message("PK\x03\x04 and more"), "f.npy: is no .npy file: found \"PK\\x03\\x04 and\"; allowed \"\\x93NUMPY\"");
    compareText(message(file("", "", 4)), "f.npy: has an unknown version of the format: found 4; allowed 1 to 3");
    compareText(message(std::string("\x93NUMPY\x01\0\x76", 9)), "f.npy: is cut within its header: found 9 bytes");
    compareText(message(std::string("\x93NUMPY\x01\0\x76\0{", 11)),
        "f.npy: is cut within its header: found 11 bytes; allowed 128 or more");
    compareText(message(std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12)),
        "f.npy: is cut within its header: found 12 bytes; allowed 4294967307 or more");
    compareText(bad(""), "f.npy: the header is not a Python dictionary: found \"\"; allowed \"{\"");
    compareText(bad("{}"), "f.npy: the header has no \"descr\"");
    compareText(bad("{'descr': '<f4', 'shape': (4,)}"), "f.npy: the header has no \"fortran_order\"");
    compareText(bad("{'descr': '<f4', 'descr': '<f4'}"), "f.npy: a key of the header stands twice: found \"descr\"");
    compareText(bad("{'type': '<f4'}"),
        "f.npy: the header has an unknown key: found \"type\"; allowed descr, fortran_order, shape");
    compareText(bad("{'descr': '<f4"), "f.npy: a text of the header has no end: found \"'<f4\"");
    compareText(
        bad("{'descr' '<f4'}"), "f.npy: the header is not a Python dictionary: found \"'<f4'}\"; allowed \":\"");
    compareText(bad("{'descr': '<f4' 'shape'"),
        "f.npy: the header is not a Python dictionary: found \"'shape'\"; allowed \",\" or \"}\"");
    compareText(
        bad("{1: 2}"), "f.npy: the header is not a Python dictionary: found \"1: 2}\"; allowed a text in quotes");
    compareText(bad(header("'<f4'", "(4,)", "0")),
        "f.npy: fortran_order is not a truth value: found \"0, 'shape': (4,), }\\x0a\"; allowed True or False");
    compareText(bad(header("'<f4'", "(4,)") + "x"), "f.npy: the header goes on after its end: found \"x\"");
    compareText(
        bad(header("'<f4'", "4")), "f.npy: the header is not a Python dictionary: found \"4, }\\x0a\"; allowed \"(\"");
    compareText(bad(header("'<f4'", "(4)")), "f.npy: the shape is not a tuple: found (4); allowed (4,)");
    compareText(
        bad(header("'<f4'", "(2 2)")), "f.npy: the shape is not a tuple: found \"2), }\\x0a\"; allowed \",\" or \")\"");
    compareText(bad(header("'<f4'", "(-4,)")),
        "f.npy: the shape holds what is no size: found \"-4,), }\\x0a\"; allowed 0 to 9223372036854775807");
    compareText(bad(header("'<f4'", "(99999999999999999999,)")),
        "f.npy: the shape holds what is no size: found \"99999999999999999999,), …\"; allowed 0 to "
        "9223372036854775807");
    compareText(bad(header("'<f4'", "(os.system('x'),)")),
        "f.npy: the shape holds what is no size: found \"os.system('x'),), }\\x0a\"; allowed 0 to 9223372036854775807");
}

void TestNpy::refusesWrongSizes()
{
    compareText(bad(header("'<f4'", "(4,)")), "no error");
    compareText(bad(header("'<f4'", "(5,)")),
        "f.npy: it reaches beyond its storage: found shape [5], strides [1], offset 0; allowed 4 elements");
    compareText(bad(header("'<f4'", "(3,)")),
        "f.npy: goes on after the last value: found 16 bytes; allowed 12 for float32 [3]");
    compareText(bad(header("'<f4'", "(4294967296, 4294967296)")),
        "f.npy: its shape is too large: found [4294967296, 4294967296]");
    compareText(bad(header("'<f4'", "(0, 9223372036854775807)")),
        "f.npy: goes on after the last value: found 16 bytes; allowed 0 for float32 [0, 9223372036854775807]");
    std::string ones;
    for (int i = 0; i < 65; ++i)
        ones += "1,";
    compareText(bad(header("'<f4'", "(" + ones + ")")), "f.npy: has too many dimensions: found 65; allowed at most 64");
}

void TestNpy::readsAndWritesFiles()
{
    QTemporaryDir dir;
    const std::filesystem::path path = dir.filePath("a.npy").toStdString();
    writeNpy(path, Tensor::fromDoubles({2, 2}, {1, 2, 3, 4}));
    const auto tensor = readNpy(path);
    std::filesystem::remove(path);
    QCOMPARE(tensor.toDoubles(), (std::vector<double>{1, 2, 3, 4}));
    compareText(messageOf([&] { readNpy("/nowhere/a.npy"); }),
        "/nowhere/a.npy: cannot be opened: found No such file or directory");
}

QTEST_APPLESS_MAIN(TestNpy)
#include "tst_npy.moc"

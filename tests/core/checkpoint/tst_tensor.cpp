// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include "checkpoint/bytes.h"
#include "checkpoint/tensor.h"

#include <cmath>
#include <limits>
#include <numeric>

using namespace paretoscope;
using testing::compareText;
using testing::messageOf;

namespace {

constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();

/// 0, 1, 2, … as floats.
std::shared_ptr<const std::vector<float>> counting(std::size_t n)
{
    std::vector<float> values(n);
    std::iota(values.begin(), values.end(), 0.f);
    return std::make_shared<const std::vector<float>>(std::move(values));
}

Tensor view(Shape shape, Shape strides, std::int64_t offset, std::size_t n = 24)
{
    const auto values = counting(n);
    return {DType::F32, std::move(shape), std::move(strides), offset, std::as_bytes(std::span(*values)), values};
}

Tensor halves(DType dtype, const std::vector<std::uint16_t>& bits)
{
    auto copy = std::make_shared<const std::vector<std::uint16_t>>(bits);
    return {dtype, {static_cast<std::int64_t>(bits.size())}, std::as_bytes(std::span(*copy)), copy};
}

} // namespace

class TestTensor : public QObject {
    Q_OBJECT
private slots:
    void typesHaveNamesAndSizes();
    void emptyAndScalarTensors();
    void stridedViewsComeInOrder();
    void stridedViewsOfEverySize();
    void viewsOutsideTheirStorageAreRefused();
    void hugeShapesDoNotOverflow();
    void convertsHalfTypes();
    void otherTypesAreNotConverted();
    void findsNonFiniteValues();
    void stateDictKeepsOrderAndRefusesTwins();
    void utf8IsChecked();
};

void TestTensor::typesHaveNamesAndSizes()
{
    compareText(std::string(name(DType::BF16)), "bfloat16");
    compareText(std::string(name(DType::Bool)), "bool");
    QCOMPARE(sizeOf(DType::I64), 8u);
    QCOMPARE(sizeOf(DType::U8), 1u);
    compareText(toString(Shape{24, 3, 3, 3}), "[24, 3, 3, 3]");
    compareText(toString(Shape{}), "[]");
}

void TestTensor::emptyAndScalarTensors()
{
    const Tensor none;
    QCOMPARE(none.elements(), 0);
    QVERIFY(none.toFloats().empty() && none.isContiguous() && !none.hasNonFinite());
    const auto scalar = Tensor::fromFloats({}, {3.5f});
    QCOMPARE(scalar.elements(), 1);
    QCOMPARE(scalar.toFloats().at(0), 3.5f);
    const auto empty = view({2, 0, kHuge}, {kHuge, 1, kHuge}, 7);
    QCOMPARE(empty.elements(), 0);
    QVERIFY(empty.contiguousBytes().empty());
    QCOMPARE(Tensor::fromDoubles({2}, {1, 2}).toDoubles(), (std::vector<double>{1, 2}));
    compareText(messageOf([] {
        Tensor::fromFloats({3}, {1, 2});
    }),
        "tensor: it reaches beyond its storage: found shape [3], strides [1], offset 0; allowed 2 elements");
    compareText(messageOf([] {
        Tensor::fromFloats({1}, {1, 2});
    }),
        "tensor: the values do not fill the shape: found 2 values; allowed as many as [1]");
}

void TestTensor::stridedViewsComeInOrder()
{
    QVERIFY(view({2, 3, 4}, {12, 4, 1}, 0).isContiguous());
    QVERIFY(view({1, 24}, {99, 1}, 0).isContiguous());
    const auto transposed = view({3, 2}, {1, 3}, 0, 6);
    QVERIFY(!transposed.isContiguous());
    QCOMPARE(transposed.toFloats(), (std::vector<float>{0, 3, 1, 4, 2, 5}));
    QCOMPARE(view({2, 2}, {6, 2}, 1).toFloats(), (std::vector<float>{1, 3, 7, 9}));
    QCOMPARE(view({2, 3}, {0, 0}, 5).toFloats(), (std::vector<float>{5, 5, 5, 5, 5, 5}));
    QCOMPARE(view({2, 1, 2, 2}, {12, 5, 4, 1}, 0).toFloats(), (std::vector<float>{0, 1, 4, 5, 12, 13, 16, 17}));
    QCOMPARE(view({2, 2, 2}, {1, 12, 4}, 0).toFloats(), (std::vector<float>{0, 4, 12, 16, 1, 5, 13, 17}));
    QCOMPARE(view({1}, {kHuge}, 23).toFloats(), (std::vector<float>{23}));
    const auto a = view({2}, {1}, 0), copy = a;
    QVERIFY(a.storage().data() == copy.storage().data());
}

void TestTensor::stridedViewsOfEverySize()
{
    // The transpose of a 3 × 5 matrix whose elements are 1, 2, 4 and 8 bytes wide, each byte different.
    for (const auto dtype : {DType::I8, DType::I16, DType::I32, DType::I64}) {
        const auto size = sizeOf(dtype);
        const auto bytes = std::make_shared<Bytes>(15 * size);
        for (std::size_t i = 0; i < bytes->size(); ++i)
            (*bytes)[i] = static_cast<std::byte>(i);
        const auto out = Tensor(dtype, {5, 3}, {1, 5}, 0, *bytes, bytes).contiguousBytes();
        QCOMPARE(out.size(), 15 * size);
        for (std::size_t r = 0; r < 5; ++r)
            for (std::size_t c = 0; c < 3; ++c)
                for (std::size_t b = 0; b < size; ++b)
                    QCOMPARE(out[(r * 3 + c) * size + b], (*bytes)[(c * 5 + r) * size + b]);
    }
}

void TestTensor::viewsOutsideTheirStorageAreRefused()
{
    compareText(messageOf([] {
        view({5, 5}, {5, 1}, 0);
    }),
        "tensor: it reaches beyond its storage: found shape [5, 5], strides [5, 1], offset 0; allowed 24 elements");
    compareText(messageOf([] { view({1}, {1}, 24); }),
        "tensor: it reaches beyond its storage: found shape [1], strides [1], offset 24; allowed 24 elements");
    compareText(messageOf([] { view({-1}, {1}, 0); }), "tensor: its shape has a negative size: found [-1]");
    compareText(messageOf([] { view({2}, {-1}, 5); }), "tensor: it has a negative stride: found [-1]");
    compareText(messageOf([] { view({2}, {1}, -5); }), "tensor: its offset is negative: found -5");
    compareText(messageOf([] {
        view({2, 2}, {1}, 0);
    }),
        "tensor: its shape and its strides do not match: found shape [2, 2], strides [1]; allowed one stride for each "
        "size");
    compareText(messageOf([] { view(Shape(65, 1), Shape(65, 1), 0); }),
        "tensor: has too many dimensions: found 65; allowed at most 64");
}

void TestTensor::hugeShapesDoNotOverflow()
{
    // Products and sums that would wrap around to something small.
    compareText(messageOf([] {
        view({std::int64_t{1} << 32, std::int64_t{1} << 32}, {0, 0}, 0);
    }),
        "tensor: its shape is too large: found [4294967296, 4294967296]");
    compareText(
        messageOf([] { view({kHuge}, {0}, 0); }), "tensor: its shape is too large: found [9223372036854775807]");
    compareText(messageOf([] { view({3}, {kHuge}, 2); }),
        "tensor: it reaches beyond its storage: found shape [3], strides "
        "[9223372036854775807], offset 2; allowed 24 elements");
    compareText(messageOf([] { view({2}, {1}, kHuge); }),
        "tensor: it reaches beyond its storage: found shape [2], strides "
        "[1], offset 9223372036854775807; allowed 24 elements");
    // Expanded, but not yet materialised.
    QCOMPARE(view({std::int64_t{1} << 40}, {0}, 0).elements(), std::int64_t{1} << 40);
}

void TestTensor::convertsHalfTypes()
{
    // 1, -2, the largest number, the smallest subnormal number, the largest one, -0, 1/3 rounded.
    const auto half = halves(DType::F16, {0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x3555}).toFloats();
    QCOMPARE(half, (std::vector<float>{1, -2, 65504, 0x1p-24f, 1023 * 0x1p-24f, -0.f, 0x1.554p-2f}));
    QVERIFY(std::signbit(half[5]));
    const auto odd = halves(DType::F16, {0x7c00, 0xfc00, 0x7e00}).toFloats();
    QVERIFY(std::isinf(odd[0]) && odd[0] > 0 && std::isinf(odd[1]) && odd[1] < 0 && std::isnan(odd[2]));
    QCOMPARE(halves(DType::BF16, {0x3f80, 0xc000, 0x4049}).toDoubles(), (std::vector<double>{1, -2, 3.140625}));
}

void TestTensor::otherTypesAreNotConverted()
{
    compareText(messageOf([] { Tensor::fromDoubles({1}, {1}).toFloats(); }),
        "tensor: its values are no floats: found float64; allowed float16, bfloat16 or float32");
    const auto bytes = std::make_shared<Bytes>(8);
    const Tensor whole(DType::I64, {}, *bytes, bytes);
    compareText(messageOf([&] { whole.toDoubles(); }),
        "tensor: its values are no floats: found int64; allowed float16, bfloat16, float32 or float64");
    QVERIFY(!whole.hasNonFinite());
}

void TestTensor::findsNonFiniteValues()
{
    std::vector<float> values(10'000, 1.f);
    QVERIFY(!Tensor::fromFloats({10'000}, values).hasNonFinite());
    values[9'999] = std::numeric_limits<float>::quiet_NaN();
    QVERIFY(Tensor::fromFloats({10'000}, values).hasNonFinite());
    QVERIFY(Tensor::fromDoubles({2}, {1, -HUGE_VAL}).hasNonFinite());
    QVERIFY(!Tensor::fromDoubles({2}, {1, 1e308}).hasNonFinite());
    QVERIFY(halves(DType::F16, {0x3c00, 0x7c01}).hasNonFinite() && !halves(DType::F16, {0x7bff}).hasNonFinite());
    QVERIFY(halves(DType::BF16, {0xff80}).hasNonFinite() && !halves(DType::BF16, {0x7c00}).hasNonFinite());
    // Only the values in view count.
    const auto owner = std::make_shared<const std::vector<float>>(std::vector<float>{1, NAN, 2, NAN});
    const auto bytes = std::as_bytes(std::span(*owner));
    QVERIFY(!Tensor(DType::F32, {2}, {2}, 0, bytes, owner).hasNonFinite());
    QVERIFY(Tensor(DType::F32, {2}, {2}, 1, bytes, owner).hasNonFinite());
}

void TestTensor::stateDictKeepsOrderAndRefusesTwins()
{
    StateDict dict;
    for (const char* name : {"z", "a", "m"})
        dict.add(name, Tensor::fromFloats({}, {1}));
    const auto copy = dict;
    dict.add("b", Tensor());
    QCOMPARE(copy.size(), 3u);
    compareText(copy.tensors()[1].name, "a");
    QVERIFY(copy.find("m") && !copy.find("b") && dict.find("b"));
    compareText(messageOf([&] { dict.add("a", Tensor()); }), "state dict: two tensors have the same name: found \"a\"");
    QCOMPARE(dict.size(), 4u);
}

void TestTensor::utf8IsChecked()
{
    for (const char* good : {"", "a", "\xc3\xa9", "\xe2\x86\x92", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"})
        QVERIFY2(isUtf8(good), good);
    for (const char* bad : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
             "\xf5\x80\x80\x80", "\xe2\x86z"})
        QVERIFY2(!isUtf8(bad), bad);
}

QTEST_APPLESS_MAIN(TestTensor)
#include "tst_tensor.moc"

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/tensor.h"

#include "checkpoint/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace paretoscope {

namespace {

constexpr std::size_t kMaxDimensions = 64; // NumPy's limit as well
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

struct TypeInfo {
    std::string_view name;
    std::size_t size;
};

constexpr std::array<TypeInfo, 10> kTypes{{{"float16", 2}, {"bfloat16", 2}, {"float32", 4}, {"float64", 8}, {"int8", 1},
    {"int16", 2}, {"int32", 4}, {"int64", 8}, {"uint8", 1}, {"bool", 1}}};

/// a × b, or the largest number when that is beyond it; neither is negative.
std::int64_t saturatingProduct(std::int64_t a, std::int64_t b)
{
    std::int64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? kMax : product;
}

bool isFloating(DType dtype)
{
    return dtype == DType::F16 || dtype == DType::BF16 || dtype == DType::F32 || dtype == DType::F64;
}

float fromHalf(std::uint16_t half)
{
    const auto sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 31u, fraction = half & 1023u;
    if (exponent == 0) // zero and subnormal numbers: a multiple of 2^-24
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24f));
    return std::bit_cast<float>(sign | ((exponent == 31 ? 255u : exponent + 112u) << 23) | (fraction << 13));
}

float fromBFloat16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

/// A view with as few dimensions as possible: those of size 1 dropped, those that follow each other in memory merged.
struct Plan {
    Shape shape;
    Shape strides;
};

Plan merged(const Shape& shape, const Shape& strides)
{
    Plan plan;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == 1)
            continue;
        if (!plan.shape.empty() && plan.strides.back() == saturatingProduct(strides[i], shape[i])) {
            plan.shape.back() *= shape[i];
            plan.strides.back() = strides[i];
        } else {
            plan.shape.push_back(shape[i]);
            plan.strides.push_back(strides[i]);
        }
    }
    if (plan.shape.empty())
        plan = {{1}, {1}};
    return plan;
}

template <std::size_t kSize>
void gather(const std::byte* from, const Plan& plan, std::byte* out)
{
    const auto last = plan.shape.size() - 1;
    const auto count = static_cast<std::size_t>(plan.shape[last]);
    const auto step = static_cast<std::size_t>(plan.strides[last]) * kSize;
    Shape index(last, 0);
    for (;;) {
        if (step == kSize) {
            std::memcpy(out, from, count * kSize);
        } else {
            for (std::size_t i = 0; i < count; ++i)
                std::memcpy(out + i * kSize, from + i * step, kSize);
        }
        out += count * kSize;
        // The next row, as a mileage counter turns.
        auto d = last;
        for (; d > 0; --d) {
            const auto stride = plan.strides[d - 1] * static_cast<std::int64_t>(kSize);
            if (++index[d - 1] < plan.shape[d - 1]) {
                from += stride;
                break;
            }
            from -= stride * (plan.shape[d - 1] - 1);
            index[d - 1] = 0;
        }
        if (d == 0)
            return;
    }
}

template <typename Bits, Bits kExponent>
bool anyNonFinite(const std::byte* bytes, std::size_t count)
{
    // No early exit within a block, so that the compiler can use vectors.
    constexpr std::size_t kBlock = 4096;
    for (std::size_t begin = 0; begin < count; begin += kBlock) {
        const auto end = std::min(count, begin + kBlock);
        unsigned found = 0;
        for (auto i = begin; i < end; ++i)
            found |= static_cast<unsigned>((load<Bits>(bytes + i * sizeof(Bits)) & kExponent) == kExponent);
        if (found)
            return true;
    }
    return false;
}

} // namespace

std::string_view name(DType dtype) { return kTypes[static_cast<std::size_t>(dtype)].name; }
std::size_t sizeOf(DType dtype) { return kTypes[static_cast<std::size_t>(dtype)].size; }

std::string toString(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

Shape contiguousStrides(const Shape& shape)
{
    Shape strides(shape.size());
    std::int64_t stride = 1;
    for (auto i = shape.size(); i-- > 0;) {
        strides[i] = stride;
        stride = saturatingProduct(stride, std::max<std::int64_t>(1, shape[i]));
    }
    return strides;
}

std::optional<ErrorParts> viewProblem(
    DType dtype, const Shape& shape, const Shape& strides, std::int64_t offset, std::size_t storageBytes)
{
    const auto negative = [](std::int64_t n) { return n < 0; };
    if (shape.size() > kMaxDimensions)
        return ErrorParts{
            {}, "has too many dimensions", fmt::format("{}", shape.size()), fmt::format("at most {}", kMaxDimensions)};
    if (strides.size() != shape.size())
        return ErrorParts{{}, "its shape and its strides do not match",
            fmt::format("shape {}, strides {}", toString(shape),
                strides.size() > kMaxDimensions ? "beyond number" : toString(strides)),
            "one stride for each size"};
    if (std::any_of(shape.begin(), shape.end(), negative))
        return ErrorParts{{}, "its shape has a negative size", toString(shape), {}};
    if (std::any_of(strides.begin(), strides.end(), negative))
        return ErrorParts{{}, "it has a negative stride", toString(strides), {}};
    if (offset < 0)
        return ErrorParts{{}, "its offset is negative", fmt::format("{}", offset), {}};
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return std::nullopt;
    auto bytes = static_cast<std::int64_t>(sizeOf(dtype));
    std::int64_t last = offset;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        bytes = saturatingProduct(bytes, shape[i]);
        std::int64_t sum = 0;
        last = __builtin_add_overflow(last, saturatingProduct(shape[i] - 1, strides[i]), &sum) ? kMax : sum;
    }
    if (bytes == kMax)
        return ErrorParts{{}, "its shape is too large", toString(shape), {}};
    const auto available = static_cast<std::int64_t>(storageBytes / sizeOf(dtype));
    if (last >= available)
        return ErrorParts{{}, "it reaches beyond its storage",
            fmt::format("shape {}, strides {}, offset {}", toString(shape), toString(strides), offset),
            fmt::format("{} elements", available)};
    return std::nullopt;
}

Tensor::Tensor(DType dtype, Shape shape, ByteView bytes, std::shared_ptr<const void> owner)
    : Tensor(dtype, shape, contiguousStrides(shape), 0, bytes, std::move(owner))
{
}

Tensor::Tensor(
    DType dtype, Shape shape, Shape strides, std::int64_t offset, ByteView bytes, std::shared_ptr<const void> owner)
    : m_dtype(dtype)
    , m_shape(std::move(shape))
    , m_strides(std::move(strides))
    , m_offset(offset)
    , m_bytes(bytes)
    , m_owner(std::move(owner))
{
    if (auto problem = viewProblem(m_dtype, m_shape, m_strides, m_offset, m_bytes.size())) {
        problem->where = "tensor";
        throw ValueError(std::move(*problem));
    }
}

namespace {

template <typename T>
Tensor owned(DType dtype, Shape shape, const std::vector<T>& values)
{
    auto copy = std::make_shared<const std::vector<T>>(values);
    const auto bytes = std::as_bytes(std::span(*copy));
    Tensor tensor(dtype, std::move(shape), bytes, std::move(copy));
    if (tensor.contiguousSize() != bytes.size())
        throw ValueError({"tensor", "the values do not fill the shape", fmt::format("{} values", values.size()),
            "as many as " + toString(tensor.shape())});
    return tensor;
}

} // namespace

Tensor Tensor::fromFloats(Shape shape, const std::vector<float>& values)
{
    return owned(DType::F32, std::move(shape), values);
}
Tensor Tensor::fromDoubles(Shape shape, const std::vector<double>& values)
{
    return owned(DType::F64, std::move(shape), values);
}

std::int64_t Tensor::elements() const
{
    std::int64_t product = 1;
    for (const auto n : m_shape)
        product = n == 0 ? 0 : saturatingProduct(product, n);
    return std::find(m_shape.begin(), m_shape.end(), 0) == m_shape.end() ? product : 0;
}

std::size_t Tensor::contiguousSize() const { return static_cast<std::size_t>(elements()) * sizeOf(m_dtype); }

bool Tensor::isContiguous() const
{
    if (elements() == 0)
        return true;
    const auto expected = contiguousStrides(m_shape);
    for (std::size_t i = 0; i < m_shape.size(); ++i)
        if (m_shape[i] != 1 && m_strides[i] != expected[i])
            return false;
    return true;
}

void Tensor::copyTo(std::byte* out) const
{
    if (elements() == 0)
        return;
    const auto* from = m_bytes.data() + static_cast<std::size_t>(m_offset) * sizeOf(m_dtype);
    const auto plan = merged(m_shape, m_strides);
    switch (sizeOf(m_dtype)) {
    case 1:
        return gather<1>(from, plan, out);
    case 2:
        return gather<2>(from, plan, out);
    case 4:
        return gather<4>(from, plan, out);
    default:
        return gather<8>(from, plan, out);
    }
}

Bytes Tensor::contiguousBytes() const
{
    Bytes bytes(contiguousSize());
    copyTo(bytes.data());
    return bytes;
}

std::vector<float> Tensor::toFloats() const
{
    if (!isFloating(m_dtype) || m_dtype == DType::F64)
        throw ValueError(
            {"tensor", "its values are no floats", std::string(name(m_dtype)), "float16, bfloat16 or float32"});
    std::vector<float> values(static_cast<std::size_t>(elements()));
    if (m_dtype == DType::F32) {
        copyTo(std::as_writable_bytes(std::span(values)).data());
        return values;
    }
    const auto bytes = contiguousBytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto bits = load<std::uint16_t>(bytes.data() + 2 * i);
        values[i] = m_dtype == DType::F16 ? fromHalf(bits) : fromBFloat16(bits);
    }
    return values;
}

std::vector<double> Tensor::toDoubles() const
{
    if (!isFloating(m_dtype))
        throw ValueError({"tensor", "its values are no floats", std::string(name(m_dtype)),
            "float16, bfloat16, float32 or float64"});
    if (m_dtype == DType::F64) {
        std::vector<double> values(static_cast<std::size_t>(elements()));
        copyTo(std::as_writable_bytes(std::span(values)).data());
        return values;
    }
    const auto floats = toFloats();
    return {floats.begin(), floats.end()};
}

bool Tensor::hasNonFinite() const
{
    if (!isFloating(m_dtype) || elements() == 0)
        return false;
    const bool inPlace = isContiguous();
    const auto copy = inPlace ? Bytes() : contiguousBytes();
    const auto* bytes = inPlace ? m_bytes.data() + static_cast<std::size_t>(m_offset) * sizeOf(m_dtype) : copy.data();
    const auto count = static_cast<std::size_t>(elements());
    switch (m_dtype) {
    case DType::F16:
        return anyNonFinite<std::uint16_t, 0x7c00u>(bytes, count);
    case DType::BF16:
        return anyNonFinite<std::uint16_t, 0x7f80u>(bytes, count);
    case DType::F32:
        return anyNonFinite<std::uint32_t, 0x7f800000u>(bytes, count);
    default:
        return anyNonFinite<std::uint64_t, 0x7ff0000000000000u>(bytes, count);
    }
}

void StateDict::add(std::string name, Tensor tensor)
{
    if (!m_index.emplace(name, m_tensors.size()).second)
        throw FormatError({"state dict", "two tensors have the same name", quote(name), {}});
    m_tensors.push_back({std::move(name), std::move(tensor)});
}

const Tensor* StateDict::find(std::string_view name) const
{
    const auto it = m_index.find(name);
    return it == m_index.end() ? nullptr : &m_tensors[it->second].tensor;
}

} // namespace paretoscope

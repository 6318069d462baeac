// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tensor as files hold it: a typed, strided view of bytes that somebody else owns. No arithmetic here.
#pragma once

#include "base/error.h"
#include "base/file.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace paretoscope {

enum class DType : std::uint8_t { F16, BF16, F32, F64, I8, I16, I32, I64, U8, Bool };

std::string_view name(DType dtype); // "float32", as PyTorch and NumPy say
std::size_t sizeOf(DType dtype); // bytes of one element

using Shape = std::vector<std::int64_t>;

/// "[24, 3, 3, 3]"
std::string toString(const Shape& shape);

/// What is wrong with such a view of a storage of `storageBytes` bytes (`where` stays empty), or nothing. A view that
/// passes has sizes, strides and an offset that are not negative, fewer than 2^63 bytes of values, and no element
/// outside the storage.
std::optional<ErrorParts> viewProblem(
    DType dtype, const Shape& shape, const Shape& strides, std::int64_t offset, std::size_t storageBytes);

/// The strides of C order, in elements.
Shape contiguousStrides(const Shape& shape);

/// A view; `owner` keeps the bytes alive (a mapped file, a buffer), so copies are cheap and share storage.
class Tensor {
public:
    /// No values: float32 [0].
    Tensor() = default;
    /// A contiguous tensor (C order) over `bytes`. @throws ValueError when `bytes` are too few for the shape.
    Tensor(DType dtype, Shape shape, ByteView bytes, std::shared_ptr<const void> owner);
    /// A strided tensor: element (i, j, …) begins at bytes[(offset + Σ i·stride) × sizeOf(dtype)].
    /// @throws ValueError when viewProblem() finds one.
    Tensor(DType dtype, Shape shape, Shape strides, std::int64_t offset, ByteView bytes,
        std::shared_ptr<const void> owner);
    /// Owns a copy of the values.
    static Tensor fromFloats(Shape shape, const std::vector<float>& values);
    static Tensor fromDoubles(Shape shape, const std::vector<double>& values);

    DType dtype() const { return m_dtype; }
    const Shape& shape() const { return m_shape; }
    std::int64_t elements() const;
    bool isContiguous() const;
    /// The bytes of the storage that the tensor views, whole: two tensors that share storage return the same span.
    ByteView storage() const { return m_bytes; }
    const Shape& strides() const { return m_strides; }
    std::int64_t offset() const { return m_offset; }

    /// The values in C order as bytes of `dtype()`.
    Bytes contiguousBytes() const;
    /// Their number in bytes, elements() × sizeOf(dtype()).
    std::size_t contiguousSize() const;
    /// The values in C order, converted. @throws ValueError when `dtype()` is not a floating type or, for floats, F64
    /// (narrowing must be asked for through toDoubles).
    std::vector<float> toFloats() const;
    std::vector<double> toDoubles() const;
    /// Whether any value of a floating tensor is NaN or infinite.
    bool hasNonFinite() const;

private:
    void copyTo(std::byte* out) const;

    DType m_dtype = DType::F32;
    Shape m_shape{0};
    Shape m_strides{1};
    std::int64_t m_offset = 0;
    ByteView m_bytes;
    std::shared_ptr<const void> m_owner;
};

struct NamedTensor {
    std::string name;
    Tensor tensor;
};

/// Weights by name, in the order of the file.
class StateDict {
public:
    /// @throws FormatError when the name is there already.
    void add(std::string name, Tensor tensor);
    const Tensor* find(std::string_view name) const;
    const std::vector<NamedTensor>& tensors() const { return m_tensors; }
    std::size_t size() const { return m_tensors.size(); }
    bool empty() const { return m_tensors.empty(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::vector<NamedTensor> m_tensors;
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> m_index;
};

} // namespace paretoscope

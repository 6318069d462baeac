// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Python pickles, read as data: nothing is imported, called or executed. Only what a PyTorch state dict needs is known;
// every other function or class that a pickle asks for is refused by name.
#pragma once

#include "checkpoint/tensor.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope::pickle {

enum class Kind : std::uint8_t {
    None,
    Bool,
    Int,
    Long, // an integer of more than 64 bits
    Float,
    Text,
    Bytes,
    List, // also a set
    Tuple,
    Dict,
    Function,
    StorageType,
    Storage,
    Tensor
};

enum class Function : std::uint8_t { None, OrderedDict, RebuildTensor, RebuildParameter, Size };

/// One value. The graph may share values and may even hold cycles: walk it with a limit on the depth.
struct Value {
    Kind kind = Kind::None;
    Function function = Function::None;
    DType dtype = DType::F32; // StorageType
    std::int64_t integer = 0; // Bool, Int
    double real = 0; // Float
    std::string_view text; // Text, Bytes; Long: little-endian two's complement
    /// List, Tuple: the elements. Dict: key, value, key, value, … Storage: its persistent id. Tensor: the tuple that it
    /// is to be built of.
    std::vector<const Value*> items;
};

/// "a list", "a tensor", …
std::string_view describe(const Value& value);

/// The value of a text key of a Dict; the last one if the key stands several times; nullptr if none.
const Value* find(const Value& dict, std::string_view key);

/// Where the bytes come from, for errors: `file: part byte N`.
struct Origin {
    std::string file;
    std::string part; // such as "data.pkl", may be empty
    std::size_t offset = 0; // of the first byte of the pickle in the part
};

class Document {
public:
    const Value& root() const { return *m_root; }
    /// Every value that was made, in order, whether or not it can be reached from the root.
    const std::deque<Value>& values() const { return m_values; }
    /// The bytes of the pickle, up to and with its end mark.
    std::size_t size() const { return m_size; }

private:
    friend class Machine;
    std::deque<Value> m_values;
    const Value* m_root = nullptr;
    std::size_t m_size = 0;
};

/// Reads one pickle (protocols 2 to 5) from the beginning of `bytes`, which must outlive the document: texts are views
/// of them. Memory is bounded by about 150 times the size of the pickle, and by 1 GB.
/// @throws UnsafeError as soon as the pickle names a function or class that is not known, FormatError.
Document parse(ByteView bytes, const Origin& origin);

} // namespace paretoscope::pickle

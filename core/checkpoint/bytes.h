// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers in little-endian bytes, at any alignment. Private to this folder.
#pragma once

#include "base/file.h"

#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace paretoscope {

static_assert(std::endian::native == std::endian::little, "the files are little-endian, and are mapped as they are");

template <typename T>
T load(const std::byte* from)
{
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <typename T>
requires std::is_arithmetic_v<T>
void append(Bytes& to, T value)
{
    const auto at = to.size();
    to.resize(at + sizeof value);
    std::memcpy(to.data() + at, &value, sizeof value);
}

inline void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

/// Whether the text is valid UTF-8 (no surrogates, no overlong forms).
bool isUtf8(std::string_view text);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes pickles and checkpoints byte by byte, the broken and the hostile ones that no program would write.
#pragma once

#include "support.h"

#include "base/file.h"
#include "base/zip.h"
#include "checkpoint/pytorch.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace testing {

template <typename T>
std::string little(T value)
{
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

inline const std::string kProto = "\x80\x02";
inline std::string text(const std::string& s)
{
    return std::string("X") + little(static_cast<std::uint32_t>(s.size())) + s;
}
inline std::string number(std::int64_t n) { return std::string("\x8a\x08") + little(n); }
inline std::string global(const std::string& module, const std::string& name)
{
    return "c" + module + "\n" + name + "\n";
}
inline std::string stackGlobal(const std::string& module, const std::string& name)
{
    return text(module) + text(name) + "\x93";
}
inline std::string tuple(const std::vector<std::string>& parts)
{
    std::string s = "(";
    for (const auto& part : parts)
        s += part;
    return s + "t";
}
inline std::string numbers(const std::vector<std::int64_t>& values)
{
    std::vector<std::string> parts;
    for (const auto v : values)
        parts.push_back(number(v));
    return tuple(parts);
}
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& items)
{
    std::string s = "}(";
    for (const auto& [key, value] : items)
        s += text(key) + value;
    return s + "u";
}

inline std::string storage(const std::string& key, std::int64_t elements, const std::string& type = "FloatStorage",
    const std::string& view = {})
{
    std::vector<std::string> parts{text("storage"), global("torch", type), text(key), text("cpu"), number(elements)};
    if (!view.empty())
        parts.push_back(view);
    return tuple(parts) + "Q";
}

inline std::string tensor(const std::string& storageId, std::int64_t offset, const std::vector<std::int64_t>& shape,
    const std::vector<std::int64_t>& strides)
{
    return global("torch._utils", "_rebuild_tensor_v2")
        + tuple({storageId, number(offset), numbers(shape), numbers(strides), "\x89",
            global("collections", "OrderedDict") + ")R"})
        + "R";
}

inline std::string floats(std::size_t count)
{
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i)
        bytes += little(static_cast<float>(i));
    return bytes;
}

/// A zip checkpoint with `content` as the pickle (protocol and end mark are added).
inline paretoscope::Bytes zipCheckpoint(const std::string& content,
    const std::vector<std::pair<std::string, std::string>>& entries = {}, bool compress = false)
{
    const auto pickle = kProto + content + ".";
    std::vector<paretoscope::ZipInput> inputs{{"x/data.pkl", paretoscope::asBytes(pickle), compress}};
    for (const auto& [name, bytes] : entries)
        inputs.push_back({"x/" + name, paretoscope::asBytes(bytes), compress});
    return paretoscope::makeZip(inputs);
}

inline std::string legacyHead(const std::string& littleEndian = "\x88")
{
    return kProto + std::string("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13) + kProto + "M\xe9\x03."
        + kProto + dict({{"protocol_version", "M\xe9\x03"}, {"little_endian", littleEndian}}) + ".";
}

/// A legacy checkpoint; `storages` are key and bytes of floats.
inline std::string legacyCheckpoint(
    const std::string& content, const std::vector<std::pair<std::string, std::string>>& storages = {})
{
    auto file = legacyHead() + kProto + content + "." + kProto + "](";
    for (const auto& [key, bytes] : storages)
        file += text(key);
    file += "e.";
    for (const auto& [key, bytes] : storages)
        file += little(static_cast<std::int64_t>(bytes.size() / 4)) + bytes;
    return file;
}

/// The message of reading such a checkpoint, called f.pth.
inline std::string readMessage(paretoscope::ByteView bytes)
{
    return messageOf([&] { paretoscope::readPyTorch(bytes, {}, "f.pth"); });
}

inline std::string readMessage(const std::string& text) { return readMessage(paretoscope::asBytes(text)); }

/// The message for a zip checkpoint of one tensor "w" and a storage of 4 floats.
inline std::string tensorMessage(const std::string& weight, const std::string& data = floats(4))
{
    return readMessage(zipCheckpoint(dict({{"w", weight}}), {{"data/0", data}}));
}

inline std::string weight(
    std::int64_t offset, const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides)
{
    return tensor(storage("0", 4), offset, shape, strides);
}

inline std::string repeat(const std::string& s, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += s;
    return out;
}

} // namespace testing

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors.h"

#include "base/error.h"
#include "checkpoint/bytes.h"
#include "checkpoint/safetensorsheader.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace paretoscope {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kMetadata = "__metadata__";

std::string label(const HeaderEntry& entry) { return quote(entry.name, 200); }

/// The number of bytes that the shape says, checked.
std::uint64_t sizeOf(const HeaderEntry& entry, const std::string& where)
{
    std::uint64_t size = sizeOf(entry.dtype);
    const bool isEmpty = std::find(entry.shape.begin(), entry.shape.end(), 0) != entry.shape.end();
    for (const auto n : entry.shape)
        if (!isEmpty && __builtin_mul_overflow(size, static_cast<std::uint64_t>(n), &size))
            throw FormatError({where + ": " + label(entry), "its shape is too large", toString(entry.shape), {}});
    return isEmpty ? 0 : size;
}

void checkLayout(const std::vector<HeaderEntry>& entries, std::uint64_t dataBytes, const std::string& where)
{
    for (const auto& entry : entries) {
        const auto key = where + ": " + label(entry);
        if (entry.begin > entry.end)
            throw FormatError(
                {key, "its data_offsets are in the wrong order", fmt::format("[{}, {}]", entry.begin, entry.end), {}});
        if (entry.end > dataBytes)
            throw FormatError({key, "its data_offsets reach beyond the file",
                fmt::format("[{}, {}]", entry.begin, entry.end), fmt::format("at most {}", dataBytes)});
        if (const auto needed = sizeOf(entry, where); needed != entry.end - entry.begin)
            throw FormatError(
                {key, "its data_offsets do not match its shape", fmt::format("{} bytes", entry.end - entry.begin),
                    fmt::format("{} for {} {}", needed, name(entry.dtype), toString(entry.shape))});
    }
    std::vector<std::size_t> order(entries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(entries[a].begin, entries[a].end) < std::pair(entries[b].begin, entries[b].end);
    });
    std::uint64_t at = 0;
    for (const auto i : order) {
        if (entries[i].begin != at)
            throw FormatError({where + ": " + label(entries[i]),
                entries[i].begin < at ? "overlaps the tensor before it" : "there is a gap before it",
                fmt::format("begin {}", entries[i].begin), fmt::format("{}", at)});
        at = entries[i].end;
    }
    if (at != dataBytes)
        throw FormatError({where, "goes on after the last tensor", fmt::format("{} bytes", dataBytes - at), "0"});
}

void requireUtf8(std::string_view text)
{
    if (!isUtf8(text))
        throw ValueError({"safetensors", "a name or a text is no valid UTF-8", quote(text), {}});
}

} // namespace

SafeTensors readSafeTensors(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where)
{
    constexpr std::uint64_t kMaxHeader = 100'000'000; // the limit of the reference implementation
    if (bytes.size() < kLengthBytes)
        throw FormatError({where, "is too short for a safetensors file", fmt::format("{} bytes", bytes.size()),
            fmt::format("{} or more", kLengthBytes)});
    const auto length = load<std::uint64_t>(bytes.data());
    const auto rest = bytes.subspan(kLengthBytes);
    if (length > rest.size() || length > kMaxHeader)
        throw FormatError({where, "is no safetensors file, or is cut: the length of its header is impossible",
            fmt::format("{} bytes", length),
            fmt::format("at most {}", std::min<std::uint64_t>(rest.size(), kMaxHeader))});
    auto header = parseSafeTensorsHeader(asText(rest.first(static_cast<std::size_t>(length))), where);
    const auto data = rest.subspan(static_cast<std::size_t>(length));
    checkLayout(header.entries, data.size(), where);
    SafeTensors result;
    result.metadata = std::move(header.metadata);
    for (auto& entry : header.entries) {
        const auto span =
            data.subspan(static_cast<std::size_t>(entry.begin), static_cast<std::size_t>(entry.end - entry.begin));
        if (const auto problem = viewProblem(entry.dtype, entry.shape, contiguousStrides(entry.shape), 0, span.size()))
            throw FormatError({where + ": " + label(entry), problem->problem, problem->found, problem->allowed});
        result.tensors.add(std::move(entry.name), Tensor(entry.dtype, std::move(entry.shape), span, owner));
    }
    return result;
}

SafeTensors readSafeTensors(const std::filesystem::path& path)
{
    const auto file = std::make_shared<const MappedFile>(path);
    return readSafeTensors(file->bytes(), file, path.string());
}

Bytes makeSafeTensors(const StateDict& tensors, const std::map<std::string, std::string>& metadata)
{
    const auto& all = tensors.tensors();
    // Large types first, so that each tensor is aligned to its type without a gap; readers view the bytes in place.
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return sizeOf(all[a].tensor.dtype()) > sizeOf(all[b].tensor.dtype()); });
    std::vector<std::uint64_t> begins(all.size());
    std::uint64_t total = 0;
    for (const auto i : order) {
        begins[i] = total;
        total += all[i].tensor.contiguousSize();
    }

    const auto quoted = [](const std::string& text) {
        requireUtf8(text);
        return nlohmann::json(text).dump();
    };
    std::string header = "{";
    const auto separate = [&] { header += header.size() > 1 ? "," : ""; };
    if (!metadata.empty()) {
        header += fmt::format("\"{}\":{{", kMetadata);
        for (bool first = true; const auto& [key, value] : metadata) {
            header += fmt::format("{}{}:{}", first ? "" : ",", quoted(key), quoted(value));
            first = false;
        }
        header += "}";
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& [key, tensor] = all[i];
        if (key == kMetadata)
            throw ValueError({"safetensors", "a tensor has a reserved name", quote(key), {}});
        separate();
        header += fmt::format("{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}", quoted(key),
            safeTensorsName(tensor.dtype()), fmt::join(tensor.shape(), ","), begins[i],
            begins[i] + tensor.contiguousSize());
    }
    header += "}";
    header.resize((header.size() + 7) / 8 * 8, ' ');

    Bytes bytes;
    bytes.reserve(kLengthBytes + header.size() + static_cast<std::size_t>(total));
    append(bytes, static_cast<std::uint64_t>(header.size()));
    append(bytes, asBytes(header));
    for (const auto i : order)
        append(bytes, all[i].tensor.contiguousBytes());
    return bytes;
}

void writeSafeTensors(
    const std::filesystem::path& path, const StateDict& tensors, const std::map<std::string, std::string>& metadata)
{
    writeFileAtomically(path, makeSafeTensors(tensors, metadata));
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/pytorchreader.h"

#include "base/error.h"
#include "base/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace paretoscope {

namespace {

// Only compressed entries unfold, which PyTorch never writes; weights do not compress further than this.
constexpr std::size_t kMaxCompression = 64;
constexpr std::size_t kMaxVersion = 10; // of the archive, as PyTorch 2 checks it

/// Pickles of protocols 2 to 5 begin with a mark. torch.save never writes older ones, but who hides a function in one
/// deserves the same answer.
bool beginsWithFunction(std::string_view text)
{
    if (!text.starts_with('c'))
        return false;
    const auto first = text.find('\n');
    const auto second = first == std::string_view::npos ? first : text.find('\n', first + 1);
    return second != std::string_view::npos && second < 256
        && std::all_of(text.begin(), text.begin() + second,
            [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '\n'; });
}

std::string lowerBeginning(ByteView bytes)
{
    auto text = std::string(asText(bytes.first(std::min<std::size_t>(bytes.size(), 256))));
    text.erase(0, std::min(text.find_first_not_of(" \t\r\n\xef\xbb\xbf"), text.size()));
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// What a file is that is no checkpoint, as far as it shows.
ErrorParts whatElse(ByteView bytes, const std::string& where)
{
    const auto text = lowerBeginning(bytes);
    const auto raw = asText(bytes);
    if (text.starts_with("<!doctype") || text.starts_with("<html") || text.starts_with("<head"))
        return {where, "is a web page, not a checkpoint: the download went wrong", {}, {}};
    if (text.starts_with("version https://git-lfs"))
        return {where, "is a pointer of Git LFS, not the checkpoint itself: fetch it with \"git lfs pull\"", {}, {}};
    if (bytes.size() > 262 && raw.substr(257, 5) == "ustar")
        return {
            where, "is a tar archive, the format of PyTorch before 0.1.10: load it there and save it again", {}, {}};
    if (raw.starts_with("\x1f\x8b"))
        return {where, "is compressed with gzip: unpack it first", {}, {}};
    if (bytes.size() > 9 && raw[8] == '{' && raw.substr(0, 8).find('\0') != std::string_view::npos)
        return {where, "is no PyTorch checkpoint: it looks like a safetensors file", {}, {}};
    return {where, "is no PyTorch checkpoint", quote(raw.substr(0, 16)), "a zip archive or a pickle of torch.save"};
}

/// The folder within the archive, with its slash: the one that holds data.pkl.
std::string topFolder(const ZipReader& zip, const std::string& where)
{
    std::vector<std::string> found;
    for (const auto& entry : zip.entries()) {
        const std::string_view entryName = entry.name;
        const auto slash = entryName.find('/');
        const auto from = slash == std::string_view::npos ? 0 : slash + 1;
        if (entryName.substr(from) == "data.pkl")
            found.emplace_back(entryName.substr(0, from));
    }
    if (found.empty())
        throw FormatError({where, "is a zip archive but no PyTorch checkpoint: it has no data.pkl", {}, {}});
    if (found.size() > 1)
        throw FormatError({where, "has more than one data.pkl", fmt::format("{}", found.size()), "1"});
    if (zip.find(found[0] + "constants.pkl"))
        throw FormatError({where, "is a TorchScript program, not a checkpoint", {}, {}});
    return found[0];
}

void checkRecords(const ZipReader& zip, const std::string& top, const std::string& where)
{
    constexpr std::size_t kMaxRecord = 64;
    const auto read = [&](const char* record) -> std::optional<std::string> {
        const auto* entry = zip.find(top + record);
        if (!entry)
            return std::nullopt;
        if (entry->size > kMaxRecord)
            throw FormatError({where + ": " + record, "is too long", fmt::format("{} bytes", entry->size),
                fmt::format("at most {}", kMaxRecord)});
        auto text = std::string(asText(zip.read(*entry)));
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.pop_back();
        return text;
    };
    if (const auto order = read("byteorder"); order && *order != "little")
        throw FormatError({where, *order == "big" ? "was written on a big-endian machine" : "has an unknown byte order",
            quote(*order), "\"little\""});
    if (const auto version = read("version")) {
        std::size_t number = 0;
        const auto* end = version->data() + version->size();
        const auto [stop, error] = std::from_chars(version->data(), end, number);
        if (error != std::errc() || stop != end || number > kMaxVersion)
            throw FormatError(
                {where, "has an unknown version of the format", quote(*version), fmt::format("1 to {}", kMaxVersion)});
    }
}

} // namespace

std::string_view name(PyTorchFormat format) { return format == PyTorchFormat::Zip ? "zip" : "legacy"; }

Checkpoint readZip(ByteView bytes, const std::string& where)
{
    const ZipReader zip(bytes, where);
    const auto top = topFolder(zip, where);
    checkRecords(zip, top, where);
    CheckpointReader reader(PyTorchFormat::Zip, where, bytes.size());
    const auto limit = kMaxCompression * bytes.size() + (1u << 20);
    std::size_t total = 0;
    const auto read = [&](const ZipEntry& entry) {
        if (entry.size > limit || total > limit - entry.size)
            throw FormatError({where, "its entries unfold to more than the file can hold",
                fmt::format("{} bytes", total + entry.size), fmt::format("at most {}", limit)});
        total += entry.size;
        return std::make_shared<const Bytes>(zip.read(entry));
    };
    const auto content = read(*zip.find(top + "data.pkl"));
    reader.parse(*content, content, {where, "data.pkl", 0});
    for (const auto& id : reader.storages()) {
        const auto key = [&] { return where + ": storage " + quote(id.key); };
        const auto* entry = zip.find(fmt::format("{}data/{}", top, id.key));
        if (!entry)
            throw FormatError({key(), "is missing from the archive", {}, {}});
        if (entry->size != id.bytes())
            throw FormatError({key(), "has not the size that the pickle says", fmt::format("{} bytes", entry->size),
                fmt::format("{} ({} × {})", id.bytes(), id.elements, name(id.dtype))});
        const auto data = read(*entry);
        reader.add(id, {*data, data});
    }
    return reader.finish();
}

Checkpoint readPyTorch(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where)
{
    const auto text = asText(bytes);
    if (bytes.empty())
        throw FormatError({where, "is empty", {}, {}});
    if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06"))
        return readZip(bytes, where);
    if (text.starts_with('\x80') || beginsWithFunction(text))
        return readLegacy(bytes, std::move(owner), where);
    throw FormatError(whatElse(bytes, where));
}

Checkpoint readPyTorch(const std::filesystem::path& path)
{
    const auto file = std::make_shared<const MappedFile>(path);
    return readPyTorch(file->bytes(), file, path.string());
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The format before PyTorch 1.6: the pickles of a magic number, of a version, of facts about the machine, of the
// content and of the keys of the storages, and then for each key the number of elements and the elements.
#include "checkpoint/pytorchreader.h"

#include "base/error.h"
#include "checkpoint/bytes.h"

#include <fmt/format.h>

namespace paretoscope {

using pickle::Kind;

namespace {

constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"; // 0x1950a86a20f9469cfc6c
constexpr std::int64_t kVersion = 1001;

/// The file, pickle after pickle.
class Row {
public:
    Row(ByteView bytes, const std::string& where)
        : m_bytes(bytes)
        , m_where(where)
    {
    }

    ByteView rest() const { return m_bytes.subspan(m_at); }
    pickle::Origin origin() const { return {m_where, {}, m_at}; }
    void skip(std::size_t bytes) { m_at += bytes; }

    pickle::Document next()
    {
        auto document = pickle::parse(rest(), origin());
        skip(document.size());
        return document;
    }

private:
    ByteView m_bytes;
    const std::string& m_where;
    std::size_t m_at = 0;
};

void checkMachine(const pickle::Document& facts, const std::string& where)
{
    const auto* little = pickle::find(facts.root(), "little_endian");
    if (!little || little->kind != Kind::Bool)
        throw FormatError({where, "does not say the byte order of the machine that wrote it", {}, {}});
    if (little->integer == 0)
        throw FormatError({where, "was written on a big-endian machine", "\"little_endian\": False", "True"});
}

StorageData readStorage(
    Row& row, const StorageId& id, const std::shared_ptr<const void>& owner, const std::string& where)
{
    constexpr std::size_t kCount = sizeof(std::int64_t);
    const auto rest = row.rest();
    const auto cut = [&](std::size_t needed) {
        throw FormatError({where, "the file ends within it", fmt::format("{} bytes", rest.size()),
            fmt::format("{} or more", needed)});
    };
    if (rest.size() < kCount)
        cut(kCount);
    if (const auto elements = load<std::int64_t>(rest.data()); elements != id.elements)
        throw FormatError({where, "has not the size that the pickle says", fmt::format("{} elements", elements),
            fmt::format("{}", id.elements)});
    if (rest.size() - kCount < id.bytes())
        cut(kCount + id.bytes());
    row.skip(kCount + id.bytes());
    return {rest.subspan(kCount, id.bytes()), owner};
}

} // namespace

Checkpoint readLegacy(ByteView bytes, std::shared_ptr<const void> owner, const std::string& where)
{
    Row row(bytes, where);
    if (const auto magic = row.next(); magic.root().kind != Kind::Long || magic.root().text != kMagic)
        throw FormatError({where, "is a pickle, but not one of torch.save", {}, {}});
    if (const auto version = row.next(); version.root().kind != Kind::Int || version.root().integer != kVersion)
        throw FormatError({where, "has an unknown version of the legacy format",
            version.root().kind == Kind::Int ? fmt::format("{}", version.root().integer)
                                             : std::string(describe(version.root())),
            fmt::format("{}", kVersion)});
    checkMachine(row.next(), where);

    CheckpointReader reader(PyTorchFormat::Legacy, where, bytes.size());
    reader.parse(row.rest(), owner, row.origin());
    row.skip(reader.pickleBytes());

    const auto keys = row.next();
    if (keys.root().kind != Kind::List)
        throw FormatError({where, "the keys of the storages are no list", std::string(describe(keys.root())), {}});
    for (const auto* key : keys.root().items) {
        if (key->kind != Kind::Text)
            throw FormatError({where, "the key of a storage is no text", std::string(describe(*key)), {}});
        const auto* id = reader.find(key->text);
        const auto storage = [&] { return where + ": storage " + quote(key->text); };
        if (!id)
            throw FormatError({storage(), "is not one that the pickle names", {}, {}});
        if (reader.has(*id))
            throw FormatError({storage(), "stands twice", {}, {}});
        reader.add(*id, readStorage(row, *id, owner, storage()));
    }
    for (const auto& id : reader.storages())
        if (!reader.has(id))
            throw FormatError({where + ": storage " + quote(id.key), "is missing from the file", {}, {}});
    if (!row.rest().empty())
        throw FormatError({where, "goes on after the last storage", fmt::format("{} bytes", row.rest().size()), "0"});
    return reader.finish();
}

} // namespace paretoscope

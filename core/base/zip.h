// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Zip archives, read with suspicion: a declared size is never believed beyond what the archive can hold.
#pragma once

#include "base/file.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

struct ZipEntry {
    std::string name;
    std::uint64_t size = 0;           // bytes after decompression, as declared
    std::uint64_t compressedSize = 0; // bytes in the archive, as declared
    bool stored = false;              // kept as it is, not compressed
    std::uint64_t index = 0;
};

class ZipReader {
public:
    /// @throws IoError, FormatError when the file is no zip archive, is cut, or an entry declares a size that the
    /// archive cannot hold.
    explicit ZipReader(const std::filesystem::path& path);
    /// The same over bytes in memory, which must outlive the reader; `where` names them in errors.
    ZipReader(ByteView bytes, std::string where);
    ~ZipReader();
    ZipReader(const ZipReader&) = delete;
    ZipReader& operator=(const ZipReader&) = delete;

    const std::vector<ZipEntry>& entries() const;
    const ZipEntry* find(std::string_view name) const;
    /// The whole entry, checksum verified. All reads together may not exceed what the archive can hold.
    /// @throws FormatError
    Bytes read(const ZipEntry& entry) const;

private:
    struct Archive;
    std::unique_ptr<Archive> m_archive;
};

struct ZipInput {
    std::string name;
    ByteView content;
    bool compress = false;
};

/// A zip archive in memory, the same bytes for the same input (the time stamps are fixed). @throws IoError
Bytes makeZip(const std::vector<ZipInput>& inputs);

/// Whether the name can be unpacked below a folder without leaving it: relative, no "..", no drive, no control
/// character.
bool isSafeRelativePath(std::string_view name);

} // namespace paretoscope

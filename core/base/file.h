// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files: read whole or mapped, written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

inline ByteView asBytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view asText(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// A file mapped into memory, read-only. A file that is cut while mapped would fault: map only what nobody rewrites in
/// place (this library always renames).
class MappedFile {
public:
    /// @throws IoError when it cannot be opened, is a folder, or cannot be mapped.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ByteView bytes() const { return m_bytes; }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    ByteView m_bytes;
};

/// @throws IoError; also when the file is larger than `atMostBytes`.
Bytes readFile(const std::filesystem::path& path, std::size_t atMostBytes = std::size_t(1) << 40);
std::string readTextFile(const std::filesystem::path& path, std::size_t atMostBytes = 256u << 20);

/// Writes beside the target, flushes to the disk and renames, so that the target is either the old file or the whole
/// new one. A symbolic link stays and what it points to is replaced. @throws IoError with the system's reason (disk full,
/// no permission), or when the target is no regular file; then nothing is left behind.
void writeFileAtomically(const std::filesystem::path& path, ByteView content);
void writeFileAtomically(const std::filesystem::path& path, std::string_view text);

/// A folder that takes its final name only when `commit()` is called, and vanishes otherwise.
class StagedFolder {
public:
    /// @throws IoError; ValueError when `target` exists and is not empty.
    explicit StagedFolder(std::filesystem::path target);
    ~StagedFolder();
    StagedFolder(const StagedFolder&) = delete;
    StagedFolder& operator=(const StagedFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }
    void commit();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_path;
    std::vector<std::filesystem::path> m_madeParents; // of the target
};

/// The folder that this library was loaded from; empty where the system does not tell.
std::filesystem::path libraryFolder();

/// The names in a folder, sorted. @throws IoError when it cannot be read.
std::vector<std::filesystem::path> listFolder(const std::filesystem::path& folder);

} // namespace paretoscope

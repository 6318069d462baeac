// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of a bundle, wherever they lie, and the list of their sizes and checksums.
#pragma once

#include "base/json.h"
#include "base/zip.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace paretoscope {

inline constexpr const char* kManifestName = "bundle.json";

struct Content {
    ByteView bytes;
    std::shared_ptr<const void> owner; // keeps the bytes alive
};

class BundleFiles {
public:
    /// @throws IoError, FormatError when it is neither a folder nor a zip, has no bundle.json, or holds a name that
    /// would leave the bundle.
    explicit BundleFiles(const std::filesystem::path& path);

    const std::string& where() const { return m_where; }
    /// Everything but bundle.json, sorted.
    const std::vector<std::string>& names() const { return m_names; }
    /// `bundle.zip/devices/x.json`, for errors.
    std::string whereOf(const std::string& name) const { return m_where + "/" + name; }
    /// @throws FormatError when there is no such file.
    Content read(const std::string& name) const;

private:
    std::string m_where;
    std::filesystem::path m_folder; // empty for a zip
    std::shared_ptr<ZipReader> m_zip;
    std::vector<std::string> m_names;
};

/// Compares the files with the manifest's list: missing, unlisted, of another size or checksum; everything at once.
/// Reads every file and hands each over, so that opening reads it once. @throws FormatError
std::map<std::string, Content> verifiedContents(const BundleFiles& files, const JsonView& manifest,
    const std::function<void(const std::string& name, double share)>& onFile = {});

/// Bytes to write, by name; bundle.json is made of `manifest` with the list added.
void writeBundleFiles(Json manifest, const std::map<std::string, Bytes>& contents, const std::filesystem::path& target);

} // namespace paretoscope

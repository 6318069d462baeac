// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/bundlefiles.h"

#include "base/error.h"
#include "base/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace paretoscope {

namespace fs = std::filesystem;

BundleFiles::BundleFiles(const fs::path& path)
    : m_where(path.string())
{
    std::error_code error;
    if (fs::is_directory(path, error)) {
        m_folder = path;
        std::vector<fs::path> folders{path};
        while (!folders.empty()) {
            const auto folder = folders.back();
            folders.pop_back();
            for (const auto& entry : listFolder(folder)) {
                // A link could lead anywhere; a bundle is plain files.
                if (fs::is_symlink(entry, error))
                    throw FormatError({entry.string(), "a bundle holds no links", {}, {}});
                if (fs::is_directory(entry, error))
                    folders.push_back(entry);
                else
                    m_names.push_back(fs::relative(entry, path).generic_string());
            }
        }
    } else {
        m_zip = std::make_shared<ZipReader>(path);
        for (const auto& e : m_zip->entries()) {
            if (e.name.ends_with('/'))
                continue;
            if (!isSafeRelativePath(e.name))
                throw FormatError({m_where, "a name would leave the bundle", quote(e.name), "relative names without .."});
            m_names.push_back(e.name);
        }
    }
    std::sort(m_names.begin(), m_names.end());
    if (std::erase(m_names, kManifestName) == 0)
        throw FormatError({m_where, "is not a bundle: it holds no bundle.json", {}, {}});
}

Content BundleFiles::read(const std::string& name) const
{
    if (m_zip) {
        const auto* entry = m_zip->find(name);
        if (!entry)
            throw FormatError({whereOf(name), "the file is missing", {}, {}});
        auto bytes = std::make_shared<const Bytes>(m_zip->read(*entry));
        return {*bytes, bytes};
    }
    auto file = std::make_shared<const MappedFile>(m_folder / name);
    return {file->bytes(), file};
}

std::map<std::string, Content> verifiedContents(const BundleFiles& files, const JsonView& manifest,
    const std::function<void(const std::string&, double)>& onFile)
{
    std::map<std::string, Content> contents;
    std::vector<std::string> problems;
    std::set<std::string> listed;
    const auto list = manifest.at("files").elements(10'000);
    double total = 1, done = 0;
    for (const auto& f : list)
        total += f.at("bytes").number(0, 1e15);
    for (const auto& f : list) {
        f.onlyKeys({"path", "bytes", "sha256"});
        const auto name = f.at("path").string();
        if (!isSafeRelativePath(name))
            f.at("path").fail("a name would leave the bundle", quote(name), "relative names without ..");
        if (!listed.insert(name).second)
            f.at("path").fail("a file is listed twice", quote(name), {});
        if (!std::binary_search(files.names().begin(), files.names().end(), name)) {
            problems.push_back(name + " is missing");
            continue;
        }
        if (onFile)
            onFile(name, done / total);
        auto content = files.read(name);
        const auto bytes = static_cast<std::uint64_t>(f.at("bytes").integer(0, std::int64_t(1) << 50));
        done += static_cast<double>(bytes);
        const auto sum = f.at("sha256").string();
        if (content.bytes.size() != bytes)
            problems.push_back(fmt::format("{} has {} bytes instead of {}", name, content.bytes.size(), bytes));
        else if (const auto seen = sha256(content.bytes); seen != sum)
            problems.push_back(fmt::format("{} has the checksum {}… instead of {}…", name, seen.substr(0, 12), sum.substr(0, 12)));
        contents.emplace(name, std::move(content));
    }
    for (const auto& name : files.names())
        if (!listed.contains(name))
            problems.push_back(name + " is not listed");
    if (!problems.empty())
        throw FormatError({files.where(), "the bundle is damaged or was changed", joinNames(problems, 6), {}});
    return contents;
}

void writeBundleFiles(Json manifest, const std::map<std::string, Bytes>& contents, const fs::path& target)
{
    manifest["files"] = Json::array();
    for (const auto& [name, bytes] : contents)
        manifest["files"].push_back({{"path", name}, {"bytes", bytes.size()}, {"sha256", sha256(bytes)}});
    const auto text = printJson(manifest);
    if (target.extension() == ".zip") {
        std::vector<ZipInput> inputs{{kManifestName, asBytes(text), true}};
        for (const auto& [name, bytes] : contents)
            inputs.push_back({name, bytes, !name.ends_with(".safetensors")}); // weights do not shrink
        writeFileAtomically(target, makeZip(inputs));
        return;
    }
    StagedFolder staged(target);
    for (const auto& [name, bytes] : contents) {
        const auto path = staged.path() / name;
        fs::create_directories(path.parent_path());
        writeFileAtomically(path, bytes);
    }
    writeFileAtomically(staged.path() / kManifestName, text);
    staged.commit();
}

} // namespace paretoscope

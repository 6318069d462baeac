// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bundle/shipped.h"

#include "base/error.h"
#include "base/file.h"
#include "bundle/bundlefiles.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> environment(const char* name)
{
    const char* value = std::getenv(name);
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace

std::vector<fs::path> dataFolders()
{
    std::vector<fs::path> wanted;
    if (const auto data = environment("PARETOSCOPE_DATA"))
        wanted.emplace_back(*data);
    if (const auto library = libraryFolder(); !library.empty()) {
        wanted.push_back(library.parent_path() / "share/paretoscope");
        wanted.push_back(library.parent_path().parent_path() / "share/paretoscope");
    }
    const auto list = environment("XDG_DATA_DIRS").value_or("/usr/local/share:/usr/share");
    for (std::string_view rest = list; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        if (const fs::path folder(rest.substr(0, end)); folder.is_absolute()) // as the specification demands
            wanted.push_back(folder / "paretoscope");
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto& f : wanted)
        if (fs::is_directory(f, ignored) && std::find(folders.begin(), folders.end(), f) == folders.end())
            folders.push_back(f);
    return folders;
}

std::vector<ShippedBundle> shippedBundles()
{
    std::map<std::string, fs::path> found;
    std::error_code ignored;
    for (const auto& folder : dataFolders()) {
        const auto bundles = folder / "bundles";
        if (!fs::is_directory(bundles, ignored))
            continue;
        for (const auto& path : listFolder(bundles))
            if (fs::is_regular_file(path / kManifestName, ignored))
                found.emplace(path.filename().string(), path);
    }
    std::vector<ShippedBundle> list;
    for (const auto& [id, path] : found)
        list.push_back({id, path});
    return list;
}

fs::path findBundle(const std::string& pathOrId)
{
    std::error_code ignored;
    if (fs::exists(pathOrId, ignored) || pathOrId.find('/') != std::string::npos || pathOrId.ends_with(".zip"))
        return pathOrId;
    std::vector<std::string> ids;
    for (const auto& bundle : shippedBundles()) {
        if (bundle.id == pathOrId)
            return bundle.path;
        ids.push_back(bundle.id);
    }
    throw ValueError({{}, "there is no file and no shipped bundle of this name", quote(pathOrId),
        ids.empty() ? "a folder or a zip; no bundles were shipped" : "a folder, a zip, or " + joinNames(ids)});
}

} // namespace paretoscope

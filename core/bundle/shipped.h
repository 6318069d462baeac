// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bundles that come with the program and are known by their id.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace paretoscope {

/// Where data of the program may lie, first come first served: PARETOSCOPE_DATA; share/paretoscope beside the folder
/// of the library (in a build tree a link to resources/) or, where that is one of an architecture, one higher; and
/// paretoscope in each of XDG_DATA_DIRS. Folders that do not exist are left out.
std::vector<std::filesystem::path> dataFolders();

struct ShippedBundle {
    std::string id; // name of its folder
    std::filesystem::path path;
    bool operator==(const ShippedBundle&) const = default;
};

/// Folders with a bundle.json in bundles/ of any data folder, by id; of two with one id the first found.
std::vector<ShippedBundle> shippedBundles();

/// A path that exists, else the shipped bundle with this id. Text that can only be a path (with a slash, or ending in
/// .zip) comes back as it is. @throws ValueError that lists the shipped ids.
std::filesystem::path findBundle(const std::string& pathOrId);

} // namespace paretoscope

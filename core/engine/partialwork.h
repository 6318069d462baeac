// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a long measurement has found so far, kept in a file beside its result so that it can be resumed.
#pragma once

#include "base/json.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace paretoscope {

class PartialWork {
public:
    /// Checks and takes up one item of the file. @throws FormatError through the view.
    using ReadItem = std::function<void(const JsonView& item)>;

    /// `what` names the work ("profile"), `key` the list of its items in the file ("rounds"). `identity` is an object of
    /// plain values: all that must be the same for items to belong together. The file is written at once, so that a folder
    /// that cannot be written to is known before anything is measured.
    /// @throws ValueError when the file exists and `resume` is false, or was begun under another identity; FormatError
    /// when it is damaged; IoError.
    PartialWork(std::filesystem::path path, std::string what, std::string key, Json identity, bool resume, const ReadItem& read);

    /// Written to the file every few seconds. @throws IoError
    void add(Json item);
    void save();

private:
    void read(const ReadItem& readItem);

    std::filesystem::path m_path;
    std::string m_what, m_key;
    Json m_identity;
    Json m_items = Json::array();
    std::chrono::steady_clock::time_point m_saved;
};

/// "cpu.json" → "cpu.json.partial"
std::filesystem::path partialPath(std::filesystem::path out);

} // namespace paretoscope

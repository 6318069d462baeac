// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/partialwork.h"

#include "base/file.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr int kSchema = 1;
constexpr std::size_t kMostItems = 1'000'000;
constexpr std::size_t kMostBytes = std::size_t(1) << 30;
constexpr std::chrono::seconds kBetweenSaves{5};

/// `processor "AMD EPYC"`
std::string namedValue(const std::string& key, const Json& value) { return key + " " + (value.is_string() ? quote(value.get<std::string>()) : value.dump()); }

} // namespace

PartialWork::PartialWork(fs::path path, std::string what, std::string key, Json identity, bool resume, const ReadItem& readItem)
    : m_path(std::move(path))
    , m_what(std::move(what))
    , m_key(std::move(key))
    , m_identity(std::move(identity))
{
    std::error_code ignored; // saving says what is wrong with the folder
    if (fs::exists(m_path, ignored)) {
        if (!resume)
            throw ValueError({m_path.string(), fmt::format("an unfinished {} is there", m_what), {}, "--resume to go on with it, or delete it"});
        read(readItem);
    }
    save();
}

void PartialWork::read(const ReadItem& readItem)
{
    const auto json = readJsonFile(m_path, kMostBytes);
    const JsonView v(json, m_path.string());
    v.onlyKeys({"schema", "identity", m_key});
    v.at("schema").integer(kSchema, kSchema);
    const auto begun = v.at("identity").json();
    std::vector<std::string> found, allowed;
    for (const auto& [key, value] : m_identity.items())
        if (const auto was = begun.contains(key) ? begun.at(key) : Json(); was != value) {
            found.push_back(namedValue(key, was));
            allowed.push_back(namedValue(key, value));
        }
    if (!found.empty())
        throw ValueError({m_path.string(), fmt::format("this {} was begun otherwise", m_what), joinNames(found), joinNames(allowed) + "; or delete it"});
    for (const auto& item : v.at(m_key.c_str()).elements(kMostItems)) {
        readItem(item);
        m_items.push_back(item.json());
    }
}

void PartialWork::add(Json item)
{
    m_items.push_back(std::move(item));
    if (std::chrono::steady_clock::now() - m_saved >= kBetweenSaves)
        save();
}

void PartialWork::save()
{
    writeFileAtomically(m_path, std::string_view(printJson({{"schema", kSchema}, {"identity", m_identity}, {m_key, m_items}})));
    m_saved = std::chrono::steady_clock::now();
}

fs::path partialPath(fs::path out) { return out += ".partial"; }

} // namespace paretoscope

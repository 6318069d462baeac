// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/profilestate.h"

#include "base/file.h"

#include <fmt/format.h>

#include <string>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr int kSchema = 1;
constexpr double kMostMs = 1e9;
constexpr std::size_t kMostRounds = 1'000'000;
constexpr std::size_t kMostBytes = std::size_t(1) << 30;
constexpr std::chrono::seconds kBetweenSaves{5};

/// `processor "AMD EPYC"`
std::string namedValue(const std::string& key, const Json& value) { return key + " " + (value.is_string() ? quote(value.get<std::string>()) : value.dump()); }

Json toJson(const TimingRound& r) { return {{"group", r.group}, {"ms", r.ms}}; }

TimingRound roundFromJson(const JsonView& v, std::span<const int> groupOfItem)
{
    v.onlyKeys({"group", "ms"});
    TimingRound r;
    r.group = static_cast<int>(v.at("group").integer(0, 1 << 20));
    r.ms = v.at("ms").numbers(0, kMostMs);
    if (const auto items = itemsOfGroup(groupOfItem, r.group).size(); r.ms.size() != items)
        v.at("ms").fail("wrong number of times", fmt::format("{}", r.ms.size()), fmt::format("{}", items));
    return r;
}

} // namespace

ProfileState::ProfileState(fs::path path, Json identity, std::span<const int> groupOfItem, bool resume)
    : m_path(std::move(path))
    , m_identity(std::move(identity))
{
    std::error_code ignored; // saving says what is wrong with the folder
    if (fs::exists(m_path, ignored)) {
        if (!resume)
            throw ValueError({m_path.string(), "an unfinished profile is there", {}, "--resume to go on with it, or delete it"});
        read(groupOfItem);
    }
    save();
}

void ProfileState::read(std::span<const int> groupOfItem)
{
    const auto json = readJsonFile(m_path, kMostBytes);
    const JsonView v(json, m_path.string());
    v.onlyKeys({"schema", "identity", "rounds"});
    v.at("schema").integer(kSchema, kSchema);
    const auto begun = v.at("identity").json();
    std::vector<std::string> found, allowed;
    for (const auto& [key, value] : m_identity.items())
        if (const auto was = begun.contains(key) ? begun.at(key) : Json(); was != value) {
            found.push_back(namedValue(key, was));
            allowed.push_back(namedValue(key, value));
        }
    if (!found.empty())
        throw ValueError({m_path.string(), "this profile was begun otherwise", joinNames(found), joinNames(allowed) + "; or delete it"});
    for (const auto& r : v.at("rounds").elements(kMostRounds))
        m_rounds.push_back(roundFromJson(r, groupOfItem));
}

void ProfileState::add(const TimingRound& round)
{
    m_rounds.push_back(round);
    if (std::chrono::steady_clock::now() - m_saved >= kBetweenSaves)
        save();
}

void ProfileState::save()
{
    Json rounds = Json::array();
    for (const auto& r : m_rounds)
        rounds.push_back(toJson(r));
    writeFileAtomically(m_path, std::string_view(printJson({{"schema", kSchema}, {"identity", m_identity}, {"rounds", std::move(rounds)}})));
    m_saved = std::chrono::steady_clock::now();
}

fs::path partialProfile(fs::path out) { return out += ".partial"; }

} // namespace paretoscope

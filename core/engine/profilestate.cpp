// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/profilestate.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {

constexpr double kMostMs = 1e9;

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

ProfileState::ProfileState(std::filesystem::path path, Json identity, std::span<const int> groupOfItem, bool resume)
    : m_work(std::move(path), "profile", "rounds", std::move(identity), resume, [&](const JsonView& v) { m_rounds.push_back(roundFromJson(v, groupOfItem)); })
{
}

void ProfileState::add(const TimingRound& round)
{
    m_rounds.push_back(round);
    m_work.add(toJson(round));
}

} // namespace paretoscope

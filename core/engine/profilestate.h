// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rounds of an unfinished profile.
#pragma once

#include "engine/interleavedtimer.h"
#include "engine/partialwork.h"

#include <span>
#include <vector>

namespace paretoscope {

class ProfileState {
public:
    /// @throws as PartialWork
    ProfileState(std::filesystem::path path, Json identity, std::span<const int> groupOfItem, bool resume);

    const std::vector<TimingRound>& rounds() const { return m_rounds; }
    /// @throws IoError
    void add(const TimingRound& round);
    void save() { m_work.save(); }

private:
    std::vector<TimingRound> m_rounds; // before the work, which fills it
    PartialWork m_work;
};

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an unfinished profile has measured so far, kept in a file so that it can be resumed.
#pragma once

#include "base/json.h"
#include "engine/interleavedtimer.h"

#include <chrono>
#include <filesystem>
#include <span>
#include <vector>

namespace paretoscope {

class ProfileState {
public:
    /// `identity` is an object of plain values: all that must be the same for times to belong together. The file is
    /// written at once, so that a folder that cannot be written to is known before anything is measured.
    /// @throws ValueError when the file exists and `resume` is false, or was begun under another identity; FormatError
    /// when it is damaged; IoError.
    ProfileState(std::filesystem::path path, Json identity, std::span<const int> groupOfItem, bool resume);

    const std::vector<TimingRound>& rounds() const { return m_rounds; }
    /// Written to the file every few seconds. @throws IoError
    void add(const TimingRound& round);
    void save();

private:
    void read(std::span<const int> groupOfItem);

    std::filesystem::path m_path;
    Json m_identity;
    std::vector<TimingRound> m_rounds;
    std::chrono::steady_clock::time_point m_saved;
};

/// "cpu.json" → "cpu.json.partial"
std::filesystem::path partialProfile(std::filesystem::path out);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A wall meter, IPMI or PDU log that the user supplies: the only reading that includes everything.
#pragma once

#include "base/estimate.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// CSV with a header `time,watt` or `time,kwh` (cumulative); time is seconds since 1970 or ISO 8601 (UTC without offset).
struct WallMeterLog {
    std::string where;
    bool cumulative = false;     // values are kWh, else watt
    std::vector<double> unixS;   // ascending
    std::vector<double> values;

    /// Energy between two times: trapezoid of watts, or the difference of kWh, linear between rows.
    /// @throws ValueError when the log does not cover the time, or has a hole of more than 10 min in the watts.
    double energyJ(double beginUnixS, double endUnixS) const;
};

/// @throws FormatError naming the line: header, a number that is none, decimal commas, time or kWh that go back.
WallMeterLog wallMeterLog(std::string_view text, const std::string& where);
/// @throws IoError, FormatError
WallMeterLog readWallMeterLog(const std::filesystem::path& path);

/// Seconds since 1970 of "2026-03-01T12:00:05.5Z", "… 12:00:05+01:00" or a plain number. @throws FormatError
double unixFromIso(std::string_view text, const std::string& where);
/// "2026-03-01T12:00:05Z"
std::string isoFromUnix(double unixS);

} // namespace paretoscope

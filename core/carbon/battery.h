// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole computer by its battery: power_now, or current_now x voltage_now; only while it discharges.
#pragma once

#include "carbon/rapl.h"

namespace paretoscope {

/// `/sys/class/power_supply/*` of type Battery and scope System, below `root`. Several batteries are added. While one
/// charges or stands on mains the meter gives no reading.
MeterProbe probeBattery(std::shared_ptr<FileSource> files, const std::filesystem::path& root);

} // namespace paretoscope

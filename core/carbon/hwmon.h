// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AMD and Intel GPUs by hwmon: `energy1_input` (µJ) where there is one, else `power1_average` (µW), else `power1_input`.
#pragma once

#include "carbon/rapl.h"

namespace paretoscope {

/// `/sys/class/hwmon/hwmon*` called amdgpu, i915 or xe, below `root`.
/// A power of exactly 0 W counts as no reading: the second die of an MI250 shows 0 although it works.
MeterProbe probeHwmon(std::shared_ptr<FileSource> files, const std::filesystem::path& root);

} // namespace paretoscope

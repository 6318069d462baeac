// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the two fits share. Private to this folder.
#pragma once

#include "base/error.h"
#include "device/devicefit.h"
#include "device/relativefit.h"

namespace paretoscope {

void requireFeatures(const SearchSpace& space);

/// Appends to the held-out errors what is claimed where nothing was measured: the resolutions of the spaces outside those
/// of the fit, and the other published width. `stated` is the error of what was measured.
void addExtrapolatedRanges(ModelFit& fit, const std::vector<std::shared_ptr<const Parts>>& known, const DeviceError& stated, bool table,
    const std::vector<std::string>& otherWidthNotes);

} // namespace paretoscope

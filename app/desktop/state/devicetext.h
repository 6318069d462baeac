// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Devices as people read about them: how far off, for what, and what to be careful of. Only what was measured is said.
#pragma once

#include "state/devicelibrary.h"

#include <QString>
#include <QStringList>

namespace paretoscope::desktop {

/// "in the bundle", "catalogue", "imported"
QString originText(DeviceOrigin origin);
/// "90 % within ±2.7 %, Kendall's τ 0.96", "extrapolated: ±6 %", "error not measured".
QString errorText(const Device& device);
/// "128–224", "224"; "none".
QString resolutionsText(const std::vector<int>& resolutions);
/// Source, licence, conditions, every error of this space with its basis, warnings: a line each.
QString aboutDevice(const ListedDevice& listed);

/// What a person must know who reads figures of the subnet on this device: its warnings, that its ranking is weak (by the
/// rule that devices are shipped by), that nothing like it was measured, that its error is not known.
QStringList deviceGuards(const Device& device, const Subnet& subnet);

} // namespace paretoscope::desktop

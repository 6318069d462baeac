// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What numbers beside each other do not say by themselves: how sure the order is, and from when one emits less.
#pragma once

#include "state/emissions.h"

#include <QStringList>

namespace paretoscope::desktop {

/// In percent, as words say it: nothing is quite sure.
QString probabilityText(double p);

/// "P(B is more accurate than A): 88 %", a line a pair, then what that assumes. Empty without intervals.
QStringList accuracyWords(const World& world, const std::vector<Pin>& pins);

/// Who has emitted less, up to and from which number of inferences on; or why that is not known. As many emissions as
/// pins.
QStringList emissionWords(const std::vector<Pin>& pins, const std::vector<NetEmissions>& emissions);

/// "9.9 g", "1.2 kg"
QString massText(double kg);

} // namespace paretoscope::desktop

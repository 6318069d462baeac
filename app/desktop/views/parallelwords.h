// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands at the axes of the parallel coordinates, and what is said of one to people who cannot see it.
#pragma once

#include "views/parallelaxes.h"

#include <QString>

namespace paretoscope::desktop {

QString titleOf(const AxisColumn& column);
QString shownValue(const AxisColumn& column, double value, bool withUnit);
/// "Latency from 12 to 40 ms, brushed from 18 to 20 ms".
QString described(const PlacedAxis& axis, const AxisColumn& column, const Question& question);

} // namespace paretoscope::desktop

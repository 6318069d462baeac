// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Metrics as people read and type them: names, units that fit the size of the number, digits that the band allows.
#pragma once

#include "base/estimate.h"
#include "search/metric.h"

#include <QString>

#include <optional>

namespace paretoscope::desktop {

/// "Latency", "Top-1", …
QString title(Metric metric);
/// "ms", "%", "mJ", "g/M", "M", "MB": what the numbers of this metric are shown in.
QString shownUnit(Metric metric);
/// From the metric's own unit to the shown one.
double shownFactor(Metric metric);

/// "17.8 ms"; without the unit "17.8". Digits follow the size of the number.
QString shown(Metric metric, double value, bool withUnit = true);
/// "76.4 ± 0.3 %", "54 mJ (27–108)": a symmetric band as ±, another one as its ends. Without a band the value alone.
QString shown(Metric metric, const Estimate& estimate);

/// What somebody typed: "18", "18 ms", "0.5g", "54mJ", "0,054 J", "6M". Nothing where it is no number or has a unit of
/// something else. The comma counts as decimal point where it is the only one of the two.
std::optional<double> typed(Metric metric, const QString& text);

} // namespace paretoscope::desktop

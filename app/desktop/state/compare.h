// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two subnets beside each other.
#pragma once

#include "state/table.h"

#include <optional>
#include <vector>

namespace paretoscope::desktop {

struct Difference {
    SearchQuantity quantity;
    Estimate a, b;
    double difference() const { return b.value - a.value; }
    /// -1: a is better, 1: b, 0: equal as far as is known.
    int winner() const;
};

/// Every quantity of the first device that is known of both.
std::vector<Difference> differencesOf(const World& world, const Subnet& a, const Subnet& b);

/// How likely b is truly more accurate than a: each is taken as normal around its value with the width of its 90 %
/// interval, and their errors as independent (they share the predictor, so this is an approximation). Nothing without
/// intervals.
std::optional<double> probabilityMoreAccurate(const Estimate& a, const Estimate& b);

} // namespace paretoscope::desktop

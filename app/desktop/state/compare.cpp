// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/compare.h"

#include <cmath>

namespace paretoscope::desktop {

int Difference::winner() const
{
    const double d = difference() * (isMaximised(quantity.metric) ? 1 : -1);
    return d == 0 ? 0 : d > 0 ? 1 : -1;
}

std::vector<Difference> differencesOf(const World& world, const Subnet& a, const Subnet& b)
{
    std::vector<Difference> all;
    for (const auto& q : world.quantities) {
        if (q.device != 0)
            continue;
        const auto ofA = world.figure(a, q), ofB = world.figure(b, q);
        if (ofA && ofB)
            all.push_back({q, *ofA, *ofB});
    }
    return all;
}

std::optional<double> probabilityMoreAccurate(const Estimate& a, const Estimate& b)
{
    if (!a.low || !a.high || !b.low || !b.high)
        return std::nullopt;
    constexpr double kHalfOf90 = 1.6448536269514722; // standard deviations
    const auto sd = [&](const Estimate& e) { return (*e.high - *e.low) / 2 / kHalfOf90; };
    const double spread = std::hypot(sd(a), sd(b));
    if (spread == 0)
        return a.value == b.value ? 0.5 : a.value < b.value ? 1.0 : 0.0;
    return 0.5 * std::erfc((a.value - b.value) / spread / std::sqrt(2.0));
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/alike.h"

#include <algorithm>

namespace paretoscope::desktop {

std::optional<Alike> alikeOf(const Answer& answer, const Subnet& subnet)
{
    const auto& subnets = answer.front.points.subnets;
    const auto at = std::find(subnets.begin(), subnets.end(), subnet);
    const auto cost = answer.result->objectives > 1 ? answer.front.column(answer.result->quantities[1]) : std::nullopt;
    if (!answer.groups || !cost || at == subnets.end())
        return std::nullopt;
    const auto& groups = *answer.groups;
    const auto interval = groups.alike[static_cast<std::size_t>(at - subnets.begin())];
    Alike alike;
    for (auto i = interval.begin; i < interval.end; ++i)
        alike.rows.push_back(groups.byTop1[i]);
    std::sort(alike.rows.begin(), alike.rows.end());
    alike.cheapest = *std::min_element(alike.rows.begin(), alike.rows.end(), [&](std::size_t a, std::size_t b) { return answer.front.at(a, *cost) < answer.front.at(b, *cost); });
    return alike;
}

} // namespace paretoscope::desktop

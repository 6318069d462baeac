// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the predictor cannot tell apart from a subnet of the front: a difference of accuracy within its 90 % interval is none.
#pragma once

#include "state/explorerstate.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace paretoscope::desktop {

struct Alike {
    std::vector<std::size_t> rows; // of the front, in its order; the subnet itself is one of them
    std::size_t cheapest = 0;      // of these, by the second objective
};

/// Nothing where the subnet is not of the front, or no interval is known.
std::optional<Alike> alikeOf(const Answer& answer, const Subnet& subnet);

} // namespace paretoscope::desktop

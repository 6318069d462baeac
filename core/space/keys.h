// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names and shapes of weights, as the released checkpoints spell them.
#pragma once

#include "space/network.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

struct WeightKey {
    std::string name;
    std::vector<std::int64_t> shape;
    std::string_view dtype = "float32"; // "int64" for the counters of batch norm
    bool operator==(const WeightKey&) const = default;
};

/// The keys of the supernet's state dict, in its order.
std::vector<WeightKey> supernetKeys(const SearchSpace& space);
/// The keys of the extracted static net.
std::vector<WeightKey> staticKeys(const Parts& parts, const Subnet& subnet);

} // namespace paretoscope

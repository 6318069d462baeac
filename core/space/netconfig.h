// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The `net.config` of a released static net: which subnet it is, and the other way round.
#pragma once

#include "base/json.h"
#include "space/network.h"

#include <vector>

namespace paretoscope {

/// Whether the document looks like a net.config (it names a class and lists blocks).
bool looksLikeNetConfig(const Json& json);

/// The subnet of the space that has exactly these layers, with `resolution`. Legacy names ("MobileInvertedResidualBlock",
/// "MBInvertedConvLayer", "mobile_inverted_conv") and new ones are read.
/// @throws ValueError when the net does not lie in the space, naming the first layer that differs; FormatError.
Subnet subnetFromNetConfig(const Parts& parts, const JsonView& view, int resolution);

/// Other subnets whose static nets have the same layers, with the blocks of two neighbouring stages dealt otherwise: where
/// these have the same width, a net.config does not tell which is meant, though a supernet has other weights for each.
std::vector<Subnet> subnetsWithTheSameLayers(const Parts& parts, const Subnet& subnet);

/// The configuration of the static net, in the new names and the reference's order of keys.
Json netConfig(const Parts& parts, const Subnet& subnet);

} // namespace paretoscope

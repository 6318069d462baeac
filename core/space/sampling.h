// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drawing subnets. Uniform over distinct subnets gives almost only deep nets (most subnets are deep), so measuring and
// validating want the stratified sampler (stratified.h); the reference draws over genotypes and is here to be compared
// with.
#pragma once

#include "base/random.h"
#include "space/space.h"

#include <vector>

namespace paretoscope {

/// Uniform over the distinct subnets of one resolution.
Subnet uniformSubnet(const SearchSpace& space, Random& random, int resolution);
/// Uniform over the distinct subnets, then a resolution of the space, uniform.
Subnet uniformSubnet(const SearchSpace& space, Random& random);

/// Uniform over genotypes, position by position, as OFA's sample_active_subnet draws with Python's `random.choice`:
/// kernels of all blocks, expansions of all blocks, depths (ResNet: expansions, depths, widths). The stream of draws is
/// the reference's, so a seed replays it.
Subnet referenceSubnet(const SearchSpace& space, PythonRandom& random, int resolution);

/// Subnets that differ in one choice: another kernel and expansion of one block, one stage a step deeper (with every
/// operator for the new block) or shallower, another width, the next resolution up or down.
std::vector<Subnet> neighbours(const SearchSpace& space, const Subnet& subnet);

} // namespace paretoscope

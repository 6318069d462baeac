// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subnets as text: OFA's architecture dictionaries, `max`, `min`, `random:SEED`, and the digits of sample files.
#pragma once

#include "base/json.h"
#include "space/space.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// Values as a user wrote them, before they are known to lie in a space.
struct Genotype {
    std::vector<double> ks; // one per block position, or a single value for all
    std::vector<double> e;
    std::vector<double> d;
    std::vector<double> w; // indices; ResNet only
    std::optional<int> resolution;
};

/// Reads `{"ks", "e", "d", "r"}`, also `image_size`, and `{"d", "e", "w", "r"}`; a lone value stands for all positions.
Genotype genotypeFromJson(const JsonView& view);

enum class ResolutionRule { InSpace, Any };

/// The canonical subnet; positions that depth switches off are ignored. All that is wrong is reported at once.
/// @throws ValueError with `where`; FormatError.
Subnet subnetFromGenotype(const SearchSpace& space, const Genotype& genotype, const std::string& where,
    ResolutionRule rule = ResolutionRule::InSpace);

/// The nearest subnet of the space (the smaller value where two are equally near) and what had to be changed.
struct Repaired {
    Subnet subnet;
    std::vector<std::string> changes;
};
Repaired repair(const SearchSpace& space, const Genotype& genotype);

/// `{"ks", "e", "d", "r": [R]}` at full length, zero where switched off; ResNet `{"d", "e", "w", "r"}`.
Json toJson(const SearchSpace& space, const Subnet& subnet);

/// The columns `ks,e,d,r` of sample files: one digit a position, `-` or `0` where switched off.
Subnet subnetFromDigits(const SearchSpace& space, std::string_view ks, std::string_view e, std::string_view d, int resolution,
    const std::string& where, ResolutionRule rule = ResolutionRule::InSpace);
/// The same columns as text, "ks,e,d". @throws ValueError when a choice of the space is not a single digit.
std::string digitsOf(const SearchSpace& space, const Subnet& subnet);
/// The columns `res,depths,ops` of published measurements: one character 3·kernel index + expansion index a position.
Subnet subnetFromOps(const SearchSpace& space, std::string_view depths, std::string_view ops, int resolution,
    const std::string& where, ResolutionRule rule = ResolutionRule::InSpace);

/// @throws ValueError listing everything that is not canonical or lies outside the space.
void validate(const SearchSpace& space, const Subnet& subnet, const std::string& where);

} // namespace paretoscope

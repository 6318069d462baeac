// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "context.h"
#include "space/network.h"
#include "space/subnetjson.h"

#include <optional>
#include <string>

namespace paretoscope::cli {

/// What `--subnet` may be: `max`, `min`, `random[:SEED]`, a JSON text, `-` for standard input, or a file that holds an
/// architecture or a net.config (whose resolution is that of `run.config` beside it unless given).
/// @throws as the readers; ValueError when the subnet lies outside the space.
Subnet subnetFromArgument(const std::string& argument, const Parts& parts, std::optional<int> resolution, const Context& context,
    ResolutionRule rule);

inline constexpr const char* kSubnetHelp
    = "max, min, random:SEED, a JSON file with ks, e, d, r (ResNet: d, e, w, r), a net.config, or - for standard input";

} // namespace paretoscope::cli

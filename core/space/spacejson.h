// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "space/space.h"

#include <filesystem>
#include <string>
#include <vector>

namespace paretoscope {

/// A space file. Unknown keys, missing keys and values out of range are refused with their path.
/// @throws FormatError, ValueError
SearchSpace spaceFromJson(const JsonView& view);
Json toJson(const SearchSpace& space);

/// The spaces that are listed; any width multiplier of a family is accepted by `builtInSpace` besides.
std::vector<std::string> builtInSpaceIds();

/// "ofa-mbv3-w1.0", "ofa-mbv3-w0.75", "ofa-proxyless-w1.3", "ofa-resnet50", "fashion-mbv3", …
/// @throws ValueError that lists what there is.
SearchSpace builtInSpace(const std::string& id);

/// A built-in id, or the path of a space file. @throws ValueError, IoError, FormatError
SearchSpace openSpace(const std::string& idOrPath);

} // namespace paretoscope

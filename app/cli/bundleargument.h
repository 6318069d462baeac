// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bundles as arguments: one to read, by path or id, and one to write.
#pragma once

#include "bundle/bundle.h"
#include "context.h"

#include <string>

namespace paretoscope::cli {

inline constexpr const char* kBundleHelp = "A bundle: folder, zip, or the id of a shipped one (see bundle list)";

/// Opens with progress. @throws as findBundle() and openBundle().
Bundle openBundleArgument(const Context& context, const std::string& pathOrId);

/// Refuses a folder that would be in the way before anything long is done. @throws ValueError
void checkTarget(const std::string& path);

} // namespace paretoscope::cli

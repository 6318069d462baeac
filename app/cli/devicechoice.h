// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bundle/bundle.h"

#include <string>
#include <vector>

namespace paretoscope::cli {

/// The devices that `--device` names: of the bundle, then a device file or latency table that exists, then of the
/// catalogue. @throws ValueError listing what there is
std::vector<Device> devicesFromArguments(const Bundle& bundle, const std::vector<std::string>& arguments);

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of the carbon room.
#pragma once

#include "context.h"

namespace paretoscope::cli {

void addCarbon(CLI::App& app, Context& context);
void addGrids(CLI::App& app, Context& context);
void addHardware(CLI::App& app, Context& context);

/// `carbon track` and `carbon import`, below the command `carbon`.
void addCarbonTrack(CLI::App& carbon, Context& context);

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The floor under all searches.
#pragma once

#include "search/archive.h"
#include "search/control.h"

namespace paretoscope {

/// Uniform over the allowed subnets, until a bound is met: without one for one second. Everything goes to the archive.
void searchRandom(const SearchTask& task, const SearchRequest& request, Archive& archive, SearchControl& control);

} // namespace paretoscope

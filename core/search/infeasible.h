// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "search/problem.h"

namespace paretoscope {

/// The nearest miss among the points (columns of the task), and for each limit the smallest change that alone lets one
/// of them through. As good as the points are; `exact` stays false.
Infeasible explainInfeasible(const SearchTask& task, const Points& points);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gradient-informed budget ladder: fronts of MLP accuracy predictors.
//
// Chains of simulated annealing, each below its own budget, propose the changes that the predictor's gradient promises
// most of and accept by the predictor itself; what a chain finds is handed to those with larger budgets.
#pragma once

#include "search/archive.h"
#include "search/control.h"
#include "search/problem.h"

#include <span>

namespace paretoscope {

/// Searches until `control` says stop or its bound is reached; without a bound, until told to stop. Everything that may
/// matter goes to the archive, with the numbers that Evaluator gives. `start` is added first (what is not allowed is
/// left out) and the chains build on it. With a bound on evaluations the archive depends on the request alone, not on
/// the number of threads or the machine's load. A forward and a backward pass together count as one evaluation.
/// @throws ValueError when the task has no accuracy or its predictor is no MLP.
void searchLadder(const SearchTask& task, const SearchRequest& request, std::span<const Subnet> start, Archive& archive,
    SearchControl& control);

} // namespace paretoscope

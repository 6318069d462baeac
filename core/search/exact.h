// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The exact front of an additive accuracy predictor and additive costs.
//
// A subnet is a resolution and one configuration of each stage; every quantity is a sum over these. So the front of the
// whole is found stage by stage: the non-dominated sums of two non-dominated lists contain every non-dominated sum
// (a Pareto dynamic programme; Bellman 1957, Nemhauser and Ullmann 1969). Only what cannot be part of any front within
// the limits is dropped, hence the result is exact for the model in use.
#pragma once

#include "search/control.h"
#include "search/problem.h"

#include <functional>
#include <stop_token>

namespace paretoscope {

struct ExactOutcome {
    Points front; // within the limits, non-dominated in the objectives, sorted by the first cost
    Proof proof;
    bool finished = true;          // false when told to stop; the front is then empty
    std::vector<std::string> notes;
};

/// Solves the task; `epsilon` as in SearchRequest. Objectives and limits of any kind: sums, the largest of several sums,
/// and the largest over blocks. Two objectives are found in milliseconds; each further one, and each limit on something
/// that is not an objective, adds a dimension.
/// `stopped` is asked at least once a millisecond of work; `onShare` hears the share done, 0 to 1.
/// @throws ValueError when the predictor is not additive, or a stage with terms of second order has more
/// configurations than can be listed (four million).
ExactOutcome solveExact(const SearchTask& task, double epsilon, const std::function<bool()>& stopped, const std::function<void(double)>& onShare = {});

/// Whether the task's accuracy, if it has one, comes from an additive predictor.
bool canSolveExactly(const SearchTask& task);

/// What would make an infeasible task feasible: exact for one or two limits, to half a percent for more. Called when no
/// subnet is within the limits. @throws as solveExact
Infeasible explainInfeasible(const SearchTask& task, const std::function<bool()>& stopped);

} // namespace paretoscope

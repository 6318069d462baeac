// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The way in: one request, one result.
#pragma once

#include "search/problem.h"
#include "search/request.h"

#include <optional>
#include <stop_token>

namespace paretoscope {

/// Searches on the calling thread (solvers may use more). Told to stop, it returns within a millisecond or so with what
/// it has. The progress callback comes from the calling thread, at most 30 times a second, and must not throw.
/// @throws ValueError as prepare(); when the algorithm cannot work with the predictor or the objectives.
SearchResult search(const SearchProblem& problem, const SearchRequest& request, std::stop_token stop = {}, const OnProgress& onProgress = {});

/// The algorithm that Auto stands for.
Algorithm chosenAlgorithm(const SearchTask& task, Algorithm wanted);

/// The default reference point, by objective: for a cost its limit, or else that of the dearest allowed subnet; for top-1
/// its limit, or else 0.2 percentage points below the smallest allowed subnet.
std::vector<double> defaultReference(const SearchTask& task);

/// Product of the units of the objectives, as in SearchResult; 0 for a single objective.
double hypervolumeOf(const SearchTask& task, const Points& front, const std::vector<double>& reference);

/// The answer to a request out of what an earlier result has seen, without a search: for limits and objectives that move
/// under the hand. Exact where the earlier result was, had all these quantities, and no limit became wider. Nothing when
/// a quantity of the request was not carried along. `proof` is absent; the caller knows whether limits became wider.
std::optional<SearchResult> refiltered(const SearchResult& earlier, const SearchTask& task);

/// The same front after a change of grid: emissions are energy times a factor, so they scale, and the set of
/// non-dominated subnets stays as it is. Nothing when it does not (a mean over devices whose factors changed by
/// different shares). Devices are those of the two problems, in the same order.
std::optional<SearchResult> withGrid(const SearchResult& earlier, const SearchProblem& before, const SearchProblem& after);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The result of a search for programs, for people and in files.
#pragma once

#include "figures.h"
#include "search/search.h"

#include <functional>
#include <string>
#include <vector>

namespace paretoscope::cli {

/// What the result is spoken of with.
struct SearchWorld {
    const Bundle& bundle; // its first predictor is the one that searched
    const std::vector<Target>& targets;
    const SearchProblem& problem;
    const UsePhase& use;
};

/// Everything but the points: algorithm, predictor, proof, …
Json searchSummary(const SearchWorld& world, const SearchResult& result);
/// Called with the share of the points that is written, 0 to 1; false stops.
using OnWritten = std::function<bool(double share)>;
/// The documented form: the points (a line each: a front may have hundreds of thousands), then the summary.
/// @throws Cancelled when told to stop
std::string searchJson(const SearchWorld& world, const SearchResult& result, const Json& summary, const OnWritten& onWritten);
/// `{nearest, relax}` where no subnet is within the limits.
Json infeasibleJson(const SearchWorld& world, const SearchResult& result);
std::string infeasibleText(const SearchWorld& world, const SearchResult& result);

/// A table of at most `rows` points, evenly chosen along the front, with the knee marked; 0: all.
std::string searchText(const SearchWorld& world, const SearchResult& result, int rows);
/// One line a subnet: `ks,e,d,r` in digits as samples have them, then every figure with its band.
std::string searchCsv(const SearchWorld& world, const SearchResult& result, const OnWritten& onWritten);

/// The point that bends most: an index into the front; nothing where there is none.
std::optional<std::size_t> kneeOfFront(const SearchWorld& world, const SearchResult& result);

} // namespace paretoscope::cli

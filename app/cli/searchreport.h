// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The result of a search for programs, for people and in files.
#pragma once

#include "figures.h"
#include "search/search.h"

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

/// The documented form: front, algorithm, predictor, proof, …
Json searchJson(const SearchWorld& world, const SearchResult& result);
/// `{nearest, relax}` where no subnet is within the limits.
Json infeasibleJson(const SearchWorld& world, const SearchResult& result);
std::string infeasibleText(const SearchWorld& world, const SearchResult& result);

/// A table of at most `rows` points, evenly chosen along the front, with the knee marked; 0: all.
std::string searchText(const SearchWorld& world, const SearchResult& result, int rows);
/// One line a subnet: `ks,e,d,r` in digits as samples have them, then every figure with its band.
std::string searchCsv(const SearchWorld& world, const Json& json);

/// The point that bends most: an index into the front; nothing where there is none.
std::optional<std::size_t> kneeOfFront(const SearchTask& task, const SearchResult& result);

} // namespace paretoscope::cli

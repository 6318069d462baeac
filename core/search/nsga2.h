// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NSGA-II: K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II",
// IEEE Transactions on Evolutionary Computation 6(2), 2002.
#pragma once

#include "search/archive.h"
#include "search/control.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace paretoscope {

struct Nsga2Settings {
    std::size_t population = 100;
    double crossover = 0.9; // else a child is a mutated copy of one parent
    std::optional<double> mutation; // of each gene; 1 / genes where absent
};

/// Any number of objectives; limits by constraint domination. Genes: resolution, widths, depths, operators of the
/// blocks that are on. No subnet is evaluated twice (as far as memory goes: the last half to one million are known).
/// Runs until a bound is met, without one for one second, or until no new subnet is left to be made of what is allowed.
/// Everything evaluated goes to the archive. Warm start: those that are allowed are in the first population.
/// Single-threaded: the same whatever `threads` says.
/// @throws ValueError for a population below 4.
void searchNsga2(const SearchTask& task, const SearchRequest& request, Archive& archive, SearchControl& control,
    const Nsga2Settings& settings = {});

/// Crowding distances within one front; `values` is [rows][columns]. Does not depend on the order of the rows: rows
/// that are equal in one column are told apart by the others, a column without a range counts nothing, and of rows that
/// are equal in all columns the first has the distance and the others have 0.
std::vector<double> crowdingDistances(std::span<const double> values, std::size_t columns);

} // namespace paretoscope

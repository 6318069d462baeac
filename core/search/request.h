// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search as a value: what is asked, and what came back.
#pragma once

#include "search/metric.h"
#include "search/points.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// Limits, both sides, in the unit of the metric. The side that hurts (a latency of at most, a top-1 of at least) is a
/// constraint. The other side cuts the front: it hides what is better than asked and makes nothing else eligible.
struct Limit {
    SearchQuantity quantity;
    std::optional<double> least;
    std::optional<double> most;
    bool operator==(const Limit&) const = default;
};

/// What subnets may consist of; an empty list allows all that the space has.
struct Choices {
    std::vector<int> resolutions;
    std::vector<int> kernels;
    std::vector<double> expansions;
    std::vector<int> depths; // values of OFA's `d`, in every stage
    bool operator==(const Choices&) const = default;
};

enum class Algorithm : std::uint8_t {
    Auto,         // Exact for an additive predictor, else Ladder
    Exact,        // Pareto dynamic programme, with a proof
    Ladder,       // gradient-informed annealing of chains with rising budgets
    Evolution,    // OFA's evolutionary search, as in the tutorial
    EvolutionNas, // the same as in the package `ofa.nas`
    Nsga2,        // Deb et al. 2002
    Random,
};
std::string_view name(Algorithm algorithm); // "auto", "exact", "ladder", "evolution", "evolution-nas", "nsga2", "random"
Algorithm algorithmFromName(std::string_view name, const std::string& where);

struct SearchRequest {
    std::vector<SearchQuantity> objectives; // one or more, all different
    std::vector<Limit> limits;        // at most one a quantity
    Choices choices;
    Algorithm algorithm = Algorithm::Auto;
    /// When to stop, whichever comes first. Without either, ladder, NSGA-II and random search run for one second; the
    /// exact solver and the published evolution have an end of their own.
    std::optional<double> timeMs;
    std::optional<std::uint64_t> evaluations;
    /// Exact with three or more objectives: 0 is exact; else every subnet is matched by one of the front that has at
    /// least its top-1 and at most (1 + epsilon) times its costs.
    double epsilon = 0;
    std::uint64_t seed = 1;
    int threads = 0; // 0: all processors; does not change a result that is bounded by evaluations
    std::vector<Subnet> warmStart; // subnets of an earlier front; those that are not allowed any more are dropped
    /// Of the hypervolume, by objective; where absent, the worst that the choices and limits allow.
    std::optional<std::vector<double>> reference;
    bool operator==(const SearchRequest&) const = default;
};

struct SearchProgress {
    std::uint64_t evaluations = 0;
    double elapsedMs = 0;
    std::optional<double> share;      // done, 0 to 1; absent where it is not known
    std::optional<double> timeLeftMs; // likewise
    double hypervolume = 0;
    std::shared_ptr<const Points> front; // what is known up to now; never null
};
using OnProgress = std::function<void(const SearchProgress&)>;

/// Why a front is what it is said to be.
struct Proof {
    /// Exact for the model in use; with epsilon above 0 up to that share of each cost.
    bool exact = false;
    double epsilon = 0;
    std::string subnetsCovered; // decimal number; how many subnets the front is best of
    std::string text;           // one sentence for people
    bool operator==(const Proof&) const = default;
};

/// A way to make a request feasible: this one limit changed to this value, the others as they are.
struct Relaxation {
    SearchQuantity quantity;
    double limit = 0; // as asked
    double needed = 0;
    bool operator==(const Relaxation&) const = default;
};

/// What to say when no subnet satisfies the limits.
struct Infeasible {
    /// The subnet that misses the limits by the least, relative to each limit, summed; none where the choices are empty.
    std::optional<Subnet> nearest;
    std::vector<double> nearestValues;     // by dimension of SearchResult::front
    std::vector<Relaxation> relaxations;   // one for each limit that alone can be changed to make it feasible
    bool exact = false;                    // whether the changes are the smallest there are, for the model in use
    bool operator==(const Infeasible&) const = default;
};

struct SearchResult {
    std::vector<SearchQuantity> quantities; // of the columns of `front` and `archive`: the objectives, then limited quantities
    std::size_t objectives = 0;
    Points front; // sorted by the first cost, ascending; non-dominated in the objectives, within all limits
    std::shared_ptr<const Points> archive; // what else was seen and kept, the front included; never null
    Algorithm algorithm = Algorithm::Auto;
    std::optional<Proof> proof;
    std::uint64_t evaluations = 0; // of the predictor
    double wallTimeMs = 0;
    double hypervolume = 0;        // product of the units of the objectives; 0 with a single one
    std::vector<double> reference; // by objective
    bool interrupted = false;      // told to stop before its bound
    std::optional<Infeasible> infeasible; // set where the front is empty
    std::vector<std::string> notes;
};

} // namespace paretoscope

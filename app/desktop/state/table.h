// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subnets with every figure of theirs that is known, in columns; and the world that these figures come from.
#pragma once

#include "bundle/bundle.h"
#include "carbon/deviceenergy.h"
#include "search/problem.h"
#include "state/question.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace paretoscope::desktop {

/// A device that is compared with, and what is known of its energy.
struct KnownDevice {
    Device device;
    DeviceEnergy energy;
};

/// What a question is asked of. Immutable; shared between threads.
struct World {
    std::shared_ptr<const Bundle> bundle;
    std::vector<KnownDevice> devices; // in the order of the question
    UsePhase use;
    std::shared_ptr<const SearchProblem> problem;
    std::shared_ptr<const SearchProblem> second; // the same with the bundle's MLP; null where it has none, or it is the predictor itself
    std::vector<SearchQuantity> quantities; // all that can be said of a subnet, in the order of the columns

    const SearchSpace& space() const { return bundle->space(); }
    bool knows(SearchQuantity quantity) const;
    /// The figure with band, kind and source. Nothing where it is not known, also at this resolution.
    std::optional<Estimate> figure(const Subnet& subnet, SearchQuantity quantity) const;
};

/// @throws ValueError for devices or a grid that are not there, and as SearchProblem.
std::shared_ptr<const World> makeWorld(std::shared_ptr<const Bundle> bundle, const std::vector<Device>& devices, const CarbonAssumptions& carbon);

struct Table {
    std::vector<SearchQuantity> quantities;
    Points points;

    std::size_t size() const { return points.size(); }
    std::optional<std::size_t> column(SearchQuantity quantity) const;
    double at(std::size_t row, std::size_t column) const { return points.at(row, column); }
};

/// @throws ValueError for a subnet at a resolution that the world does not know.
Table tabulate(const World& world, std::span<const Subnet> subnets);

/// Subnets spread over what there is: half uniform over all, half evenly over the first device's latency (or MACs).
/// The same arguments give the same subnets.
std::vector<Subnet> cloudOf(const World& world, std::size_t count, std::uint64_t seed);

/// Which limits a row misses; empty: it is feasible.
std::vector<Metric> missed(const Table& table, std::size_t row, const Question& question);

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "search/problem.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace paretoscope {

/// What a search has seen, bounded: distinct subnets with their values. While there is room everything is kept; when it
/// is full, the half that lies farthest below the front goes (the front itself always stays, unless it alone fills the
/// archive: then it is thinned evenly along the first cost). The same sequence of additions leaves the same archive.
class Archive {
public:
    static constexpr std::size_t kCapacity = 200'000;
    explicit Archive(const SearchTask& task, std::size_t capacity = kCapacity); // the task outlives it
    ~Archive();
    Archive(Archive&&) noexcept;

    /// Returns whether it was new. NaN is refused. The archive may forget a point that it dropped and take it again.
    bool add(const Subnet& subnet, std::span<const double> values);
    void add(std::span<const Subnet> subnets, std::span<const double> values); // [subnets][dimensions]
    std::size_t size() const;
    const Points& points() const;
    /// Within the limits and non-dominated in the objectives; sorted by the first cost.
    Points front() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The front of any points of the task: within the limits, non-dominated in the objectives, no two alike in all
/// objectives, sorted by the first cost (by the first objective where there is no cost).
Points frontOf(const SearchTask& task, const Points& points);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Timing many pieces of work side by side. Round after round every item is visited once, in an order drawn anew, so that
// a disturbance meets all items alike. What runs in every round tells how fast the computer was in it (timingsummary.h).
//
// Caches: a net that runs again and again finds its weights where its own last run left them (measured: the first run
// after other work takes 12 to 25 % longer, the second 7 %, the third 1.5 %). So a net runs three times in a visit, and
// the third run counts. Blocks are visited in chains that are as long as a net and drawn anew each round; a chain runs
// three times likewise: between two runs of a block as much else has run as in a net.
#pragma once

#include "base/progress.h"
#include "engine/engine.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace paretoscope {

using MakeRun = std::function<std::unique_ptr<TimedRun>()>;

inline constexpr int kEveryGroup = -1;

/// Groups come one after the other, each with rounds of its own and only its items in memory. What is in every group
/// is timed throughout and made once.
struct TimedItem {
    MakeRun make;
    int group = kEveryGroup;
    bool alone = false; // a chain by itself
};

/// What was measured in one round.
struct TimingRound {
    int group = 0;
    std::vector<double> ms; // of the items of the group, in the order of itemsOfGroup
    bool operator==(const TimingRound&) const = default;
};

struct TimingOptions {
    int chain = 20;             // items that run one after the other, again and again
    int warmUpRounds = 1;       // whenever a group begins or is resumed; their times are dropped
    int leastRounds = 15;       // of a group
    int mostRounds = 60;        // of a group, at least 1
    double targetPercent = 0.5; // a group is done when standardErrorPercent() of its rounds is not above this
    std::uint64_t seed = 1;     // of the orders
};

/// Indices of the items that run in a group.
std::vector<std::size_t> itemsOfGroup(std::span<const int> groupOfItem, int group);

/// Runs what is missing beyond `done`. `onRound` gets every round as soon as it is complete; with those of `done` they
/// are what counts. @throws Cancelled between two runs; whatever making or running an item throws.
void timeInterleaved(const std::vector<TimedItem>& items, const TimingOptions& options, const std::vector<TimingRound>& done,
    const std::function<void(const TimingRound&)>& onRound, const OnStep& onStep);

} // namespace paretoscope

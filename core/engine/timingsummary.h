// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the rounds of an interleaved timing say of each item, when outliers and a changing clock are taken out.
#pragma once

#include "engine/interleavedtimer.h"

namespace paretoscope {

struct ItemTiming {
    double ms = 0; // the mean of the faster half: disturbances only lengthen, and means add up where medians do not
    double lowMs = 0, highMs = 0; // quartiles
    double standardErrorMs = 0;   // from the quartiles
    int runs = 0;
};

/// The slowdown of a round is the median, over the items that are in every group, of their time over what is usual for
/// them; every time is divided by that of its round. Hundreds of blocks tell the speed of a round far better than a few
/// runs of one. Rounds in which the computer was far slower than usual are left out, at most half of each group: there a
/// single factor no longer describes it.
struct TimingSummary {
    std::vector<ItemTiming> items; // `runs` is 0 where there is no round of the item's group
    int rounds = 0; // that were used
    int discarded = 0;
    double slowestPercent = 0; // how much slower than usual the computer was in the slowest round that was used
    double scatterPercent = 0; // interquartile range of an item's times; the median of all items
};

TimingSummary summarise(std::span<const int> groupOfItem, std::span<const TimingRound> rounds);

/// The standard errors of the items over their times, both summed: what the error of a sum would be if all items erred
/// to the same side. Items without runs are left out.
double standardErrorPercent(const TimingSummary& summary);

/// Linear between neighbours; q from 0 to 1. At least one value.
double quantile(std::vector<double> values, double q);
inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

} // namespace paretoscope

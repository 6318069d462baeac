// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What it costs to search for one device and to run on another.
#pragma once

#include "search/stepcurve.h"

#include <optional>
#include <span>

namespace paretoscope {

/// A front side by side: element i of each belongs to the same subnet.
struct DeviceFront {
    std::span<const double> top1Percent;
    std::span<const double> latencyOnAMs, latencyOnBMs;
};

struct CrossDeviceRegret {
    StepCurve own;         // by latency on B: the front that was sought for B
    StepCurve transferred; // by latency on B: what remains on B of the front that was sought for A
    /// Over the budgets on B; nothing where a front is empty or the interval holds no budget that both can meet.
    std::optional<Regret> regret;
    double kendallTau = 0; // of the latencies on A and B over the distinct points of both fronts
};

/// The interval of budgets on B is as in regretOf().
/// @throws ValueError for spans of different lengths, values that are not finite, or an interval that ends before it begins.
CrossDeviceRegret crossDeviceRegret(const DeviceFront& soughtForA, const DeviceFront& soughtForB, std::optional<double> fromMs = {},
    std::optional<double> toMs = {});

} // namespace paretoscope

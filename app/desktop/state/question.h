// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the person asks: everything that changes the meaning of what is shown, as one value. Undo, sessions and searches
// work on it.
#pragma once

#include "search/metric.h"
#include "space/subnet.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope::desktop {

/// The side that hurts is limited: at most a cost, at least a top-1. Off limits keep their value.
struct MetricLimit {
    Metric metric = Metric::LatencyMs;
    bool on = false;
    double value = 0; // in the unit of the metric
    bool operator==(const MetricLimit&) const = default;
};

struct CarbonAssumptions {
    std::string grid = "World"; // as GridBook::find
    double pue = 1.56;          // devices in a data centre
    double chargingEfficiency = 0.85; // devices with a battery
    double inferencesPerDay = 1000;   // of one device
    double devices = 1;
    double lifeYears = 3;
    double embodiedKg = 0; // of one device; 0: not counted
    double targets = 1;    // nets that share the supernet's training
    bool operator==(const CarbonAssumptions&) const = default;
};

struct Axes {
    Metric x = Metric::LatencyMs;
    Metric y = Metric::Top1Percent;
    std::optional<Metric> colour;
    bool logX = false;
    bool operator==(const Axes&) const = default;
};

struct Pin {
    Subnet subnet;
    char letter = 'A';
    bool operator==(const Pin&) const = default;
};

/// A range on one axis of the parallel coordinates, or of the filter box.
struct Brush {
    std::string column; // "latency", "r", …
    double low = 0;
    double high = 0;
    bool operator==(const Brush&) const = default;
};

struct Question {
    std::vector<std::string> devices; // ids; the first one is searched for, the others are compared with
    std::vector<MetricLimit> limits;  // at most one a metric
    CarbonAssumptions carbon;
    Axes axes;
    std::string filter; // as typed
    std::vector<Brush> brushes;
    std::vector<Pin> pins;
    bool showInfeasible = true;
    bool showDominated = true;
    bool operator==(const Question&) const = default;

    const MetricLimit* limit(Metric metric) const;
    MetricLimit& limit(Metric metric); // made where it is not there
    const Pin* pinOf(const Subnet& subnet) const;
    /// The first letter of A to Z that no pin has.
    std::optional<char> freeLetter() const;
};

} // namespace paretoscope::desktop

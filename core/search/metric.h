// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search can optimise and limit.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace paretoscope {

/// The unit stands in the name. Top-1 is the one that is maximised.
enum class Metric : std::uint8_t {
    Top1Percent,
    LatencyMs,
    EnergyJ,         // of one inference
    Co2eGPerMillion, // gram CO2e of a million inferences, use phase
    Macs,
    Params,
    WeightBytes,
    PeakActivationBytes,
};

std::string_view name(Metric metric);    // "top1", "latency", "energy", "co2e", "macs", "params", "weight-bytes", "peak-activation-bytes"
std::string_view unit(Metric metric);    // "%", "ms", "J", "g per million", "", "", "bytes", "bytes"
/// @throws ValueError that lists the names.
Metric metricFromName(std::string_view name, const std::string& where);
inline bool isMaximised(Metric metric) { return metric == Metric::Top1Percent; }
inline bool dependsOnDevice(Metric metric) { return metric == Metric::LatencyMs || metric == Metric::EnergyJ || metric == Metric::Co2eGPerMillion; }

/// A metric, on one of the devices of a problem where it depends on one.
struct SearchQuantity {
    static constexpr int kMeanOfDevices = -1; // weighted by SearchDevice::weight

    Metric metric = Metric::Top1Percent;
    int device = 0; // index into SearchProblem::devices(); 0 where the metric depends on no device
    auto operator<=>(const SearchQuantity&) const = default;
};

} // namespace paretoscope

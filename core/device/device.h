// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A target device for one space: how long a subnet takes on it, what is known of its power, and how far to trust that.
#pragma once

#include "base/estimate.h"
#include "base/json.h"
#include "device/blockmodel.h"
#include "space/costtable.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// Where the electricity comes from decides which factor stands between the device and the meter.
enum class Supply { Battery, Mains, DataCentre };

std::string_view name(Supply supply); // "battery", "mains", "data-centre"

struct Conditions {
    int batch = 1;
    int threads = 0;        // 0: not stated
    std::string runtime;    // "TensorFlow Lite", …; empty: not stated
    std::string precision;  // "float32", …; empty: not stated
    std::string note;
    bool operator==(const Conditions&) const = default;
};

/// What was found when the model was compared with whole nets that it was not made from.
struct DeviceError {
    std::string basis; // on what: "1,000 random subnets left out", …
    std::optional<int> nets;
    std::optional<double> r2;
    std::optional<double> mapePercent;
    std::optional<double> kendallTau; // over all of them
    std::optional<double> within10Percent; // share of nets within ±10 %, in percent
    std::optional<double> band90Percent;   // 90 % of nets lie within ± this many percent
    std::optional<double> kendallTauInResolution = {}; // mean over the resolutions
    std::optional<double> within5Percent = {};
    std::optional<double> biasPercent = {}; // mean of predicted / measured − 1
    bool operator==(const DeviceError&) const = default;
};

/// The error of a model for a part of what it can be asked for.
struct ErrorRange {
    std::string space;
    int lowestResolution = 0; // pixels
    int highestResolution = 0;
    bool extrapolated = false; // nothing of this range was measured
    DeviceError error;
    std::vector<std::string> warnings; // shown beside `Device::warnings` where this range applies
    bool operator==(const ErrorRange&) const = default;
};

struct Device {
    std::string id;
    std::string title;
    std::string source;
    std::string licence;
    std::string spaceId;
    Kind kind = Kind::Table; // of its latencies
    Supply supply = Supply::Mains;
    Conditions conditions;
    LatencyForm form = LatencyForm::Additive;
    std::vector<CostTable> sums; // ms; one for Additive, two or more for MaxOfSums, all with the same resolutions
    std::optional<BlockModel> model; // where the sums were computed from one; then it is what a file holds
    std::optional<DeviceError> error; // where `errors` has a range for this space: that of its first
    std::vector<ErrorRange> errors;   // of all spaces that the model accepts
    /// Powers in watt: "active" (the whole device while it infers), "awake" (awake and idle).
    std::map<std::string, Estimate> powerW;
    /// Work terms in picojoule: "pointwiseMac", "depthwiseMac", "denseMac", "byte".
    std::map<std::string, Estimate> workPj;
    std::vector<std::string> warnings; // "ranking weak", …; shown wherever a number of this device is shown

    const std::vector<int>& resolutions() const { return sums.front().resolutions(); }
    /// ms. @throws ValueError when the device has nothing for the resolution.
    double latencyMs(const Subnet& subnet) const;
    /// The error that holds for the subnet: that of its range, else `error`, else null.
    const DeviceError* errorOf(const Subnet& subnet) const;
    const ErrorRange* errorRangeOf(const Subnet& subnet) const;
    /// What a person must know who reads a figure of this subnet.
    std::vector<std::string> warningsOf(const Subnet& subnet) const;
    /// The same with band (only where an error is known), kind and source.
    Estimate latency(const Subnet& subnet) const;
};

/// Our own device file. The parts and variants of the space are checked one by one.
/// @throws FormatError, ValueError
Device deviceFromJson(const JsonView& view, std::shared_ptr<const Parts> parts);
Json toJson(const Device& device);

/// Takes the model's sums for the space of the parts. @throws as BlockModel::tables
void applyModel(Device& device, std::shared_ptr<const Parts> parts);

/// A device of a latency table as it was published. The id is made from the name. @throws as readLatencyTable and
/// toCostTable.
Device deviceFromTable(const std::filesystem::path& table, std::string name, std::shared_ptr<const Parts> parts);

/// A device file (JSON with "schema") or a latency table, whichever is there.
Device openDevice(const std::filesystem::path& path, std::shared_ptr<const Parts> parts, const std::string& name = {});

/// Ids of the devices that come with the program and fit the space.
std::vector<std::string> catalogueDeviceIds(const std::string& spaceId);
/// @throws ValueError that lists what there is.
Device catalogueDevice(const std::string& id, std::shared_ptr<const Parts> parts);

/// "Samsung Note10" → "samsung-note10"; fit for a file name.
std::string idFromName(std::string_view name);

} // namespace paretoscope

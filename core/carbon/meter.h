// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What measures energy: one small interface for counters and powers, and what a meter needs of the system (files and
// clocks), so that every fault can be tested with a made-up tree. Meters only read; MeterAccount adds up.
#pragma once

#include "base/estimate.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// What a reading is about. Box is the whole computer, and is never added to the others.
enum class Component { Cpu, Dram, Gpu, Ram, Box };

std::string_view name(Component component); // "cpu", "dram", "gpu", "ram", "box"
/// @throws ValueError naming the components that exist.
Component componentFromName(std::string_view name, const std::string& where);

/// Text of a file, or the system's error number.
struct FileText {
    int error = 0; // errno; 0: read
    std::string text;
};

/// Files of /sys and /proc. A test replaces it to inject errors, since tests may run as root.
class FileSource {
public:
    virtual ~FileSource() = default;
    virtual FileText read(const std::filesystem::path& path) = 0;
    /// Names in a folder, sorted; empty when it cannot be read.
    virtual std::vector<std::string> list(const std::filesystem::path& folder) = 0;
};

std::shared_ptr<FileSource> systemFiles();

/// A file that holds one whole number. @returns nothing when it cannot be read or holds something else.
std::optional<std::uint64_t> readNumber(FileSource& files, const std::filesystem::path& path);
/// The text without white space at its ends; empty when it cannot be read.
std::string readTrimmed(FileSource& files, const std::filesystem::path& path);

/// Seconds. Monotonic time stands still while the computer sleeps and boot time does not: the difference is the sleep.
class Clock {
public:
    virtual ~Clock() = default;
    virtual double monotonicS() = 0;
    virtual double bootS() = 0;
    virtual double unixS() = 0;
};

std::shared_ptr<Clock> systemClock();

/// One channel of a meter at one moment: either a counter or a power, or why there is none.
struct Reading {
    std::string channel;                        // "package-0", "GPU 1 (NVIDIA A100)"
    Component component = Component::Cpu;
    std::optional<std::uint64_t> energyUj;      // counter, microjoule
    std::optional<std::uint64_t> energyRangeUj; // the counter wraps after this; absent: not known, or it never wraps
    std::optional<double> powerW;
    double limitW = 0;                // no interval may have a mean power above; 0: not known
    std::optional<double> fallbackW;  // what to assume where the channel never gives a reading
    std::string failure;              // empty: read
};

/// A source of energy readings. `read` may throw; the tracker catches, counts and goes on.
class EnergyMeter {
public:
    virtual ~EnergyMeter() = default;
    virtual std::string name() const = 0;   // "RAPL (powercap)"
    virtual Kind kind() const = 0;
    virtual double bandFactor() const = 0;  // P95 / median of its error, at least 1
    virtual std::string source() const = 0; // what a figure of this meter names as its source
    virtual std::vector<Reading> read() = 0;
};

/// P5 = value / factor and P95 = value × factor of something log-normal.
Estimate meterBand(double value, double factor, Kind kind, std::string source);
/// Exactly this, as the user says.
Estimate userValue(double value, std::string source);
/// Product of log-normal factors, carbon specification section 8: ln F = sqrt(sum of squares), each side for itself.
/// Without a band where a factor other than the user's has none.
Estimate meterProduct(const Estimate& a, const Estimate& b);
/// Sum of independent items: the deviations to each side add in quadrature. The kind is the worst one.
Estimate meterSum(const std::vector<Estimate>& items);
Estimate meterScaled(Estimate e, double factor);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bands of positive numbers. An input is log-normal with median m and factor F: P5 = m / F and P95 = m * F. Factors of
// independent inputs of a product add in squares of logarithms; a band may be wider on one side than on the other, and
// then each side adds up by itself.
#pragma once

#include "base/estimate.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace paretoscope {

/// The factors F that stand for what is known about each sort of input when nobody gave a band (with their evidence).
namespace bandfactor {
inline constexpr double kExact = 1.0;          // counts, definitions
inline constexpr double kCounter = 1.05;       // NVML, RAPL: vendors state ±5 %
inline constexpr double kNodeWatts = 1.35;     // 0.85 x TDP per GPU of a node: 0.60 to 1.10
inline constexpr double kPueStated = 1.03;     // published by the operator
inline constexpr double kPueUnknown = 1.2;     // surveys 1.54 to 1.67, single centres 1.1 to 2
inline constexpr double kGridYear = 1.10;      // annual mean of a large grid, between sources
inline constexpr double kGridFlagged = 1.5;    // zones where sources differ by more than 1.5
inline constexpr double kInferenceJ = 2.0;     // 50 variants of one family on one phone span 2 to 5x
inline constexpr double kPowerActive = 2.0;    // phone CPU 2.5 W, 1 to 5
inline constexpr double kPjPerMac = 1.434;     // 149 pJ/MAC, 104 to 214 (DeepEn2023 kernels)
inline constexpr double kEmbodiedClass = 1.6;  // 10th to 90th percentile of manufacturers' reports
} // namespace bandfactor

/// z of the 95th percentile of the normal distribution.
inline constexpr double kZ95 = 1.6448536269514722;

/// Both sides of a band as logarithms: ln(m / P5) and ln(P95 / m), each at least 0.
struct LogBand {
    double low = 0;
    double high = 0;
    bool operator==(const LogBand&) const = default;
};

/// The band of an estimate; an estimate without one counts as exact here (ask `hasBand`).
/// @throws ValueError when the value is negative or not a number, or when the band does not enclose it or reaches 0.
LogBand logBand(const Estimate& estimate);
inline bool hasBand(const Estimate& e) { return e.low && e.high; }

/// P5 = value / factor, P95 = value * factor. @throws ValueError unless value >= 0 and factor >= 1.
Estimate withFactor(double value, double factor, Kind kind, std::string source);
/// A count or a definition: a band without width, which does not worsen the kind of a total.
Estimate exactly(double value);

/// One input of a product, raised to a power (1, -1, …). The name is what a tornado list shows.
struct BandFactor {
    std::string name;
    Estimate estimate;
    double exponent = 1;
};

struct VarianceShare {
    std::string name;
    double share = 0; // of the variance of the logarithm; shares add up to 1 (or are all 0 when nothing varies)
    bool operator==(const VarianceShare&) const = default;
};

/// scale * Π estimate^exponent of independent inputs, with ln F = sqrt(Σ ln² F_i) on each side, the worst kind and the
/// sources. The band is absent where one input has none. @throws ValueError as logBand; also for 1/0.
Estimate product(double scale, const std::vector<BandFactor>& factors);

/// Shares of the variance of the product's logarithm, largest first (ties by name).
std::vector<VarianceShare> tornado(const std::vector<BandFactor>& factors);

/// The plain product of lows and of highs: what would happen if everything were wrong in the same direction.
/// Only for exponents 1 and -1 or other powers of positive numbers; wider than `product`.
std::pair<double, double> intervalProduct(double scale, const std::vector<BandFactor>& factors);

/// Digits that the band allows: 2 where F > 1.3 or where no band is known, else 3.
int significantDigits(const Estimate& estimate);

/// exp and log from additions and multiplications only, so that every machine draws the same numbers (the C library's
/// last bit depends on its version and on the processor). Relative error below 1e-15; x in [-700, 700], x > 0.
double portableExp(double x);
void portableExp(std::span<double> values); // in place, the same to the last bit
double portableLog(double x);

/// "a; b": different sources joined, in the order of their first appearance.
std::string joinSources(const std::vector<std::string>& sources);

} // namespace paretoscope

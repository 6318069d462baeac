// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What designing nets for N deployment targets costs, by strategy, and from which N on one strategy beats another (§4):
//   A. no search, one training a target:  N t
//   B. a search a target:                 c + N (s + t)
//   C. once for all:                      c0 + N (q + f)
#pragma once

#include "carbon/montecarlo.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// One strategy, in GPU-hours: a row of Table 1 of the OFA paper (Cai et al., ICLR 2020).
struct DesignStrategy {
    std::string name;
    double constantGpuh = 0;  // spent once
    double searchPerTarget = 0;
    double trainPerTarget = 0; // training or fine-tuning
    double perTarget() const { return searchPerTarget + trainPerTarget; }
    double gpuh(double targets) const { return constantGpuh + targets * perTarget(); }
    char strategy() const; // 'A', 'B' or 'C' as above
};

enum class BreakEvenCase {
    After,  // ours costs less from `firstTarget` on
    Always, // ours costs less for every N >= 1
    Never,  // ours costs more (or the same) for every N
    Until,  // ours costs less only up to the break-even
};

/// Where ours and another strategy cost the same.
struct BreakEven {
    std::string other;
    BreakEvenCase kind = BreakEvenCase::Never;
    std::optional<double> targets;     // N* = (c0 - c) / (a - f); absent where the lines do not cross at N > 0
    std::optional<std::int64_t> first; // After: the first whole N strictly above N*
    double oursGpuh = 0;               // at the N asked for
    double otherGpuh = 0;
    double timesLess = 0;  // other / ours at N (the paper's 16x, 19x, 1300x)
    bool costsMore = false; // ours costs more at N: said aloud
    std::string text;
};

/// @throws ValueError for a negative or non-finite number of hours or targets.
BreakEven breakEven(const DesignStrategy& ours, const DesignStrategy& other, double targets);
std::vector<BreakEven> breakEvens(const DesignStrategy& ours, const std::vector<DesignStrategy>& others, double targets);

struct AmortisationPoint {
    double targets = 0;
    double gpuh = 0;
    double kg = 0;
    std::optional<double> gpuhPerTarget; // absent at 0 targets
    std::optional<double> kgPerTarget;
};

/// Cost against the number of targets. `limitKgPerTarget` of C is kgPerGpuh * (q + f).
std::vector<AmortisationPoint> amortisation(const DesignStrategy& method, const std::vector<double>& targets, double kgPerGpuh);

/// Number of inferences whose emissions equal `kg`: I = kg / (E / eta * CI), the point where inference overtakes
/// training, or where a longer search has paid for itself with joule saved.
/// @throws ValueError when an inference saves or costs nothing.
Uncertain inferencesFor(const Uncertain& kg, const Uncertain& joule, const Uncertain& efficiency, const Uncertain& gPerKwh,
    const Uncertain& pue = Uncertain(1));

} // namespace paretoscope

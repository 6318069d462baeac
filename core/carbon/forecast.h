// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the whole of a running job will use, from its epochs or from its progress (carbon specification, section 9).
#pragma once

#include "base/estimate.h"

#include <span>
#include <string_view>

namespace paretoscope {

struct Forecast {
    int epochsDone = 0;  // 0: by progress
    int epochsTotal = 0;
    Estimate energyKwh;  // of the whole job; kind predicted
    Estimate timeS;
    bool operator==(const Forecast&) const = default;
};

/// P95 / median of an extrapolation after k epochs: 1.2 after 1, 1.1 after 3, 1.05 after 10 and more, in between on a line
/// over ln k (carbontracker's own errors: 4.9-19.1 % after one epoch).
double extrapolationFactor(double epochs);

/// Student's t that 5 % exceed; `degrees` at least 1.
double student95(int degrees);

/// E = E_done + (n - k) x median of the epochs 2..k; the mean of all while k < 3, since the first epoch is not like the
/// others. The band joins `extrapolationFactor` and t s / sqrt(m) of the m epochs used. `epochS` may be of another length.
/// @throws ValueError without an epoch, for a total below the epochs done, or for a value that is negative or no number.
Forecast forecastEpochs(std::span<const double> epochKwh, std::span<const double> epochS, int epochsTotal);

/// E / progress, with 0 < progress <= 1. @throws ValueError
Forecast forecastProgress(double energyKwh, double timeS, double progress);

/// The number of an epoch in a line of output ("Epoch 3/100", "epoch: 3", "Epoch [3/100]", "[3/100]"), and of how many.
struct EpochLine {
    int epoch = 0;
    int total = 0;     // 0: not stated
    bool bare = false; // "[3/100]" alone, which may count something else
    bool operator==(const EpochLine&) const = default;
};
std::optional<EpochLine> epochOfLine(std::string_view line);

} // namespace paretoscope

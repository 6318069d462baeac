// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/schedule.h"

#include <cmath>
#include <numbers>

namespace paretoscope {

double LearningRates::at(int epoch, std::size_t batch) const
{
    const auto perEpoch = static_cast<double>(batches), within = static_cast<double>(batch);
    if (epoch < warmupEpochs) {
        const double done = epoch * perEpoch + within + 1, all = warmupEpochs * perEpoch;
        return done / all * (initial - base) + base;
    }
    const double done = (epoch - warmupEpochs) * perEpoch + within, all = epochs * perEpoch;
    return 0.5 * initial * (1 + std::cos(std::numbers::pi * done / all));
}

std::uint64_t referenceSubnetSeed(std::size_t step, int index)
{
    return step * 1'000'000 + static_cast<std::uint64_t>(index) * 1000;
}

} // namespace paretoscope

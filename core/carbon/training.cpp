// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/training.h"

#include "carbon/factband.h"

#include <algorithm>

namespace paretoscope {

TrainingCost trainingCost(const Estimate& itKwh, const Estimate& pue, const Estimate& gPerKwh)
{
    TrainingCost c{itKwh, pue, {}, gPerKwh, {}};
    c.facilityKwh = banded(itKwh.value * pue.value, productFactor({widestFactor(itKwh), widestFactor(pue)}),
        worse(itKwh.kind, pue.kind), itKwh.source + "; PUE: " + pue.source);
    c.co2eKg = banded(c.facilityKwh.value * gPerKwh.value / 1000,
        productFactor({widestFactor(c.facilityKwh), widestFactor(gPerKwh)}), worse(c.facilityKwh.kind, gPerKwh.kind),
        c.facilityKwh.source + "; intensity: " + gPerKwh.source);
    // A facility uses at least what its computers use.
    if (c.facilityKwh.low && itKwh.low)
        c.facilityKwh.low = std::max(*c.facilityKwh.low, *itKwh.low);
    return c;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/sci.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cmath>

namespace paretoscope {

Uncertain sciScore(const Uncertain& kwh, const Uncertain& gPerKwh, const Uncertain& embodiedG, double units)
{
    const auto need = [](bool condition, const char* where, double found, const char* allowed) {
        if (!condition || !std::isfinite(found))
            throw ValueError({where, "number out of range", fmt::format("{}", found), allowed});
    };
    need(units > 0, "r", units, "more than 0: a rate needs something to divide by");
    need(kwh.value() >= 0, "e_kwh", kwh.value(), "0 or more");
    need(gPerKwh.value() >= 0, "i_g_per_kwh", gPerKwh.value(), "0 or more");
    need(embodiedG.value() >= 0, "m_g", embodiedG.value(), "0 or more");
    return (kwh * gPerKwh + embodiedG) / units;
}

std::string sciStatement(const SciBoundary& b)
{
    return fmt::format("SCI 1.1.0 (ISO/IEC 21031:2024), g CO2e per {}. Boundary: {}. Energy (with PUE): {}. Intensity, "
                       "location-based: {}. Embodied: {}. Offsets and market-based values are not counted.",
        b.unit, b.included, b.energySource.empty() ? "as given" : b.energySource, b.gridSource.empty() ? "as given" : b.gridSource,
        b.embodiedMethod);
}

} // namespace paretoscope

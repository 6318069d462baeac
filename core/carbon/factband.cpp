// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/factband.h"

#include <algorithm>
#include <cmath>

namespace paretoscope {

double productFactor(std::initializer_list<double> factors)
{
    double squares = 0;
    for (const double f : factors)
        squares += std::log(std::max(1.0, f)) * std::log(std::max(1.0, f));
    return std::exp(std::sqrt(squares));
}

Estimate banded(double value, double factor, Kind kind, std::string source)
{
    Estimate e{value, {}, {}, kind, std::move(source)};
    if (factor > 1) {
        e.low = std::min(value / factor, value * factor);
        e.high = std::max(value / factor, value * factor);
    }
    return e;
}

double widestFactor(const Estimate& e)
{
    double factor = 1;
    if (e.value > 0 && e.low && *e.low > 0)
        factor = std::max(factor, e.value / *e.low);
    if (e.value > 0 && e.high)
        factor = std::max(factor, *e.high / e.value);
    return factor;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bands of facts and of the formulas made from them, where the factor of a product is all that is needed (band.h
// propagates whole estimates and says which input matters).
#pragma once

#include "carbon/band.h"

#include <initializer_list>
#include <string>

namespace paretoscope {

/// The factor of a product of independent inputs: ln F = sqrt(sum (ln F_i)²). Factors are at least 1.
double productFactor(std::initializer_list<double> factors);

/// `value` from value/F to value·F; without a band where F is 1, that is where nothing is known.
Estimate banded(double value, double factor, Kind kind, std::string source);

/// F of an estimate, from its wider side; 1 where it has no band or is zero.
double widestFactor(const Estimate& estimate);

} // namespace paretoscope

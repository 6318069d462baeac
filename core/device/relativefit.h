// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fits of feature sums to times by relative error, and how good they are.
#pragma once

#include "device/device.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// Rows of features with a time each.
struct FitRows {
    std::size_t columns = 0;
    std::vector<double> x; // [rows, columns], C order
    std::vector<double> ms;
    std::vector<int> resolution;

    std::size_t size() const { return ms.size(); }
    std::span<const double> row(std::size_t i) const { return {x.data() + i * columns, columns}; }
    void add(std::span<const double> features, double timeMs, int pixels);
};

using Coefficients = std::vector<double>; // by column
using Columns = std::vector<char>;        // which of them may be used

double dot(std::span<const double> a, std::span<const double> b);
/// The larger of the sums.
double predictMs(const std::vector<Coefficients>& sums, std::span<const double> row);

/// Least squares of the relative error with coefficients that are not negative.
Coefficients fitRelative(const FitRows& rows, std::span<const std::size_t> which, const Columns& columns, std::span<const double> weights = {});
/// The same, reweighted towards least absolute relative errors: rows of a slow state of the machine pull less.
Coefficients fitRobust(const FitRows& rows, std::span<const std::size_t> which, const Columns& columns);
/// max(launch · x, work · x), robust: rows are dealt to the side that is larger and both sides fitted anew, from several
/// starts. Two sums; where one side finds no rows, only one.
std::vector<Coefficients> fitMax(const FitRows& rows, std::span<const std::size_t> which, const Columns& launch, const Columns& work);

/// Predicted against measured, both in ms and above 0.
DeviceError errorOf(std::span<const double> predicted, std::span<const double> measured, std::span<const int> resolution, std::string basis);

/// Six significant digits, so that a file does not depend on the last bits of a sum.
double rounded(double value);
void roundCoefficients(std::vector<Coefficients>& sums);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/interpolate.h"

#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Core>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace paretoscope {

std::vector<double> interpolatedLevels(
    std::span<const int> measured, std::span<const double> levels, std::span<const int> wanted)
{
    if (measured.size() < 2 || measured.size() != levels.size())
        throw ValueError({"interpolation", "too few measured resolutions", fmt::format("{}", measured.size()), "2 or more"});
    const auto terms = static_cast<Eigen::Index>(std::min<std::size_t>(measured.size(), 3));
    // In units of 1/160, so that the columns are of one size.
    const auto power = [](int r, Eigen::Index p) { return std::pow(160.0 / r - 1, static_cast<double>(p)); };
    Eigen::MatrixXd x(static_cast<Eigen::Index>(measured.size()), terms);
    Eigen::VectorXd y(x.rows());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        y[i] = levels[static_cast<std::size_t>(i)];
        for (Eigen::Index p = 0; p < terms; ++p)
            x(i, p) = power(measured[static_cast<std::size_t>(i)], p);
    }
    const Eigen::VectorXd c = x.colPivHouseholderQr().solve(y);
    std::vector<double> result;
    for (const int r : wanted) {
        double level = 0;
        for (Eigen::Index p = 0; p < terms; ++p)
            level += c[p] * power(r, p);
        result.push_back(level);
    }
    return result;
}

void checkInterpolation(std::span<const int> measured, std::span<const int> wanted, const std::string& where)
{
    if (wanted.empty())
        return;
    if (measured.size() < kFewestForInterpolation)
        throw ValueError({where, "too few measured resolutions to interpolate between", fmt::format("{}", fmt::join(measured, ", ")),
            fmt::format("{} or more", kFewestForInterpolation)});
    for (const int r : wanted) {
        if (r <= measured.front() || r >= measured.back())
            throw ValueError({where, "accuracy is interpolated between measured resolutions only", fmt::format("{}", r),
                fmt::format("between {} and {}", measured.front(), measured.back())});
        if (std::binary_search(measured.begin(), measured.end(), r))
            throw ValueError({where, "a resolution to interpolate was measured", fmt::format("{}", r), "resolutions without nets"});
    }
    if (std::set<int>(wanted.begin(), wanted.end()).size() != wanted.size())
        throw ValueError({where, "a resolution to interpolate stands twice", fmt::format("{}", fmt::join(wanted, ", ")), {}});
}

Neighbours neighboursOf(std::span<const int> measured, int resolution)
{
    const auto above = std::lower_bound(measured.begin(), measured.end(), resolution);
    return {*std::prev(above), *above};
}

} // namespace paretoscope

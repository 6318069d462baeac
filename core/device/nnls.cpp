// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/nnls.h"

#include "base/error.h"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Columns have unit length and b, too, so that one tolerance fits all.
constexpr double kGradientTolerance = 1e-10;
constexpr double kRankTolerance = 1e-9;
constexpr int kRoundsPerColumn = 10;

/// The unconstrained solution over the chosen columns; empty where they depend on each other.
VectorXd solveOver(const MatrixXd& a, const VectorXd& b, const std::vector<Index>& chosen)
{
    MatrixXd sub(a.rows(), static_cast<Index>(chosen.size()));
    for (std::size_t i = 0; i < chosen.size(); ++i)
        sub.col(static_cast<Index>(i)) = a.col(chosen[i]);
    Eigen::ColPivHouseholderQR<MatrixXd> qr(sub);
    qr.setThreshold(kRankTolerance);
    if (qr.rank() < sub.cols())
        return {};
    return qr.solve(b);
}

VectorXd lawsonHanson(const MatrixXd& a, const VectorXd& b)
{
    const Index n = a.cols();
    VectorXd x = VectorXd::Zero(n);
    std::vector<Index> passive; // columns that are not held at 0
    std::vector<char> barred(static_cast<std::size_t>(n), 0); // tried in vain since x last changed
    for (int round = 0; round < kRoundsPerColumn * static_cast<int>(n); ++round) {
        const VectorXd gradient = a.transpose() * (b - a * x);
        Index best = -1;
        for (Index j = 0; j < n; ++j)
            if (!barred[static_cast<std::size_t>(j)] && std::find(passive.begin(), passive.end(), j) == passive.end()
                && gradient[j] > kGradientTolerance && (best < 0 || gradient[j] > gradient[best]))
                best = j;
        if (best < 0)
            break;
        passive.push_back(best);
        VectorXd z = solveOver(a, b, passive);
        if (z.size() == 0 || z[z.size() - 1] <= 0) {
            passive.pop_back();
            barred[static_cast<std::size_t>(best)] = 1;
            continue;
        }
        // Walk towards z until a column reaches 0; drop it and solve again.
        while (z.minCoeff() <= 0) {
            double step = 1;
            for (std::size_t i = 0; i < passive.size(); ++i)
                if (const double at = x[passive[i]], to = z[static_cast<Index>(i)]; to <= 0)
                    step = std::min(step, at / (at - to));
            std::vector<Index> left;
            for (std::size_t i = 0; i < passive.size(); ++i) {
                auto& value = x[passive[i]];
                const double to = z[static_cast<Index>(i)];
                value += step * (to - value);
                if (to <= 0 && value <= 1e-15)
                    value = 0;
                else
                    left.push_back(passive[i]);
            }
            passive = std::move(left);
            if (passive.empty())
                break;
            z = solveOver(a, b, passive);
        }
        for (std::size_t i = 0; i < passive.size(); ++i)
            x[passive[i]] = z[static_cast<Index>(i)];
        std::fill(barred.begin(), barred.end(), 0);
    }
    return x;
}

} // namespace

std::vector<double> nonNegativeLeastSquares(std::span<const double> values, std::span<const double> target, std::size_t columns)
{
    if (values.size() != target.size() * columns)
        throw ValueError({"least squares", "wrong number of values", fmt::format("{}", values.size()), fmt::format("{}", target.size() * columns)});
    const auto finite = [](double v) { return std::isfinite(v); };
    if (!std::all_of(values.begin(), values.end(), finite) || !std::all_of(target.begin(), target.end(), finite))
        throw ValueError({"least squares", "a number that is not finite", {}, {}});
    std::vector<double> x(columns, 0.0);
    if (columns == 0 || target.empty())
        return x;

    const auto rows = static_cast<Index>(target.size()), n = static_cast<Index>(columns);
    MatrixXd a = Eigen::Map<const RowMajor>(values.data(), rows, n);
    VectorXd b = Eigen::Map<const VectorXd>(target.data(), rows);
    const VectorXd length = a.colwise().norm();
    const double targetLength = b.norm();
    if (targetLength == 0)
        return x;
    for (Index j = 0; j < n; ++j)
        if (length[j] > 0)
            a.col(j) /= length[j];
    b /= targetLength;
    if (rows > n) { // the same problem in n rows
        const Eigen::HouseholderQR<MatrixXd> qr(a);
        b = (qr.householderQ().transpose() * b).head(n).eval();
        a = qr.matrixQR().topRows(n).triangularView<Eigen::Upper>();
    }
    const VectorXd solution = lawsonHanson(a, b);
    for (Index j = 0; j < n; ++j)
        if (length[j] > 0)
            x[static_cast<std::size_t>(j)] = solution[j] * targetLength / length[j];
    return x;
}

} // namespace paretoscope

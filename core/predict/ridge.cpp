// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/ridge.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>

namespace paretoscope {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Index = Eigen::Index;

constexpr double kConstant = 1e-9; // a column that varies less within cells, relative to its size, is left out

} // namespace

std::vector<RidgeFit> fitRidge(
    const RidgeData& data, std::span<const std::size_t> rows, std::span<const double> penalties)
{
    const auto n = static_cast<Index>(rows.size()), p = static_cast<Index>(data.columns),
               cells = static_cast<Index>(data.cells);
    const auto row = [&](Index i) {
        return Eigen::Map<const Eigen::RowVectorXd>(data.row(rows[static_cast<std::size_t>(i)]).data(), p);
    };
    const auto cellOf = [&](Index i) { return static_cast<Index>(data.cell[rows[static_cast<std::size_t>(i)]]); };
    const auto target = [&](Index i) { return data.y[rows[static_cast<std::size_t>(i)]]; };

    std::vector<std::size_t> count(data.cells, 0);
    Matrix mean = Matrix::Zero(cells, p);
    Eigen::VectorXd meanY = Eigen::VectorXd::Zero(cells);
    for (Index i = 0; i < n; ++i) {
        ++count[static_cast<std::size_t>(cellOf(i))];
        mean.row(cellOf(i)) += row(i);
        meanY[cellOf(i)] += target(i);
    }
    for (Index c = 0; c < cells; ++c)
        if (const auto k = count[static_cast<std::size_t>(c)]; k > 0) {
            mean.row(c) /= static_cast<double>(k);
            meanY[c] /= static_cast<double>(k);
        }

    Matrix x(n, p);
    Eigen::VectorXd y(n);
    for (Index i = 0; i < n; ++i) {
        x.row(i) = row(i) - mean.row(cellOf(i));
        y[i] = target(i) - meanY[cellOf(i)];
    }
    const double rowsTotal = static_cast<double>(std::max<Index>(n, 1));
    Eigen::VectorXd scale = (x.colwise().squaredNorm() / rowsTotal).cwiseSqrt();
    const Eigen::VectorXd size = mean.cwiseAbs().colwise().maxCoeff();
    for (Index j = 0; j < p; ++j) {
        const bool varies = scale[j] > kConstant * std::max(1.0, size[j]);
        x.col(j) *= varies ? 1 / scale[j] : 0;
        scale[j] = varies ? 1 / scale[j] : 0;
    }
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(p, p);
    gram.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose(), 1 / rowsTotal);
    const Eigen::VectorXd right = x.transpose() * y / rowsTotal;

    std::vector<RidgeFit> fits;
    for (const double penalty : penalties) {
        Eigen::MatrixXd system = gram;
        for (Index j = 0; j < p; ++j)
            system(j, j) += scale[j] > 0 ? penalty * data.shrink[static_cast<std::size_t>(j)] : 1;
        const Eigen::VectorXd beta = system.ldlt().solve(right).cwiseProduct(scale);
        const Eigen::VectorXd offset = meanY - mean * beta;
        RidgeFit fit{
            std::vector<double>(beta.begin(), beta.end()), std::vector<double>(offset.begin(), offset.end()), count};
        for (std::size_t c = 0; c < data.cells; ++c)
            if (count[c] == 0)
                fit.offset[c] = 0;
        fits.push_back(std::move(fit));
    }
    return fits;
}

} // namespace paretoscope

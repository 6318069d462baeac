// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ridge regression with offsets for groups of rows that are not penalised. Private to this folder and to core/device.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace paretoscope {

/// Rows of features with a target each. Every row belongs to one cell, and each cell has an offset of its own.
struct RidgeData {
    std::size_t columns = 0;
    std::vector<double> x; // [rows, columns], C order
    std::vector<double> y;
    std::vector<std::size_t> cell; // by row
    std::size_t cells = 0;
    std::vector<double> shrink; // by column: factor on the penalty

    std::size_t rows() const { return y.size(); }
    std::span<const double> row(std::size_t i) const { return {x.data() + i * columns, columns}; }
};

struct RidgeFit {
    std::vector<double> beta; // by column; 0 where a column does not vary within any cell
    std::vector<double> offset; // by cell; 0 where the cell has no row
    std::vector<std::size_t> count; // rows by cell
};

/// Minimises Σ (y − offset[cell] − x·β)² / n + penalty Σ shrink_j (β_j s_j)², with s_j the standard deviation of column
/// j within cells, over the rows named, once for each penalty. The offsets follow exactly by centring within cells.
std::vector<RidgeFit> fitRidge(
    const RidgeData& data, std::span<const std::size_t> rows, std::span<const double> penalties);

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Point sets that are hard in different ways, and what the definitions say about them.
#pragma once

#include "base/random.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace testing {

enum class Shape { Uniform, Sphere, Plane, Coarse, Line, Concave };
inline constexpr Shape kShapes[] = {Shape::Uniform, Shape::Sphere, Shape::Plane, Shape::Coarse, Shape::Line, Shape::Concave};

/// [rows][columns] in [0, 1]. Sphere, Plane and Concave are non-dominated altogether; Coarse has many ties and
/// duplicates; Line is a chain.
inline std::vector<double> points(Shape shape, std::size_t rows, std::size_t columns, std::uint64_t seed)
{
    paretoscope::Random random(seed);
    std::vector<double> values(rows * columns);
    for (std::size_t i = 0; i < rows; ++i) {
        double* row = values.data() + i * columns;
        double norm = 0, sum = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            row[c] = random.uniform();
            norm += row[c] * row[c];
            sum += row[c];
        }
        for (std::size_t c = 0; c < columns; ++c)
            switch (shape) {
            case Shape::Uniform: break;
            case Shape::Sphere: row[c] = 1 - row[c] / std::sqrt(norm); break;
            case Shape::Concave: row[c] /= std::sqrt(norm); break;
            case Shape::Plane: row[c] /= sum; break;
            case Shape::Coarse: row[c] = std::floor(row[c] * 8) / 8; break;
            case Shape::Line: row[c] = row[0]; break;
            }
    }
    return values;
}

} // namespace testing

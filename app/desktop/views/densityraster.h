// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ten thousand polylines as a picture of how densely they lie. A painter needs half a second for them; adding up which
// rows they cross needs a frame.
#pragma once

#include <QColor>
#include <QImage>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace paretoscope::desktop {

/// Lines over axes, in pixels of the picture, y from the top. What leaves the picture is cut off.
struct Polylines {
    std::vector<double> x;             // of the axes, ascending
    std::vector<float> y;              // [axis][line]
    std::vector<std::uint8_t> passing; // by line; the others are drawn fainter and below

    std::size_t lines() const { return passing.size(); }
};

/// How much of the lines lies in each pixel. Integers, so that the order of adding does not matter.
struct Density {
    static constexpr std::uint32_t kLine = 1024; // what a line adds to each pixel column between the first and the last axis

    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> passing, others; // [column][row]
    bool operator==(const Density&) const = default;
};

Density accumulate(const Polylines& lines, int width, int height);

/// Logarithmic, up to the colour's own alpha, so that a single line is seen beside thousands.
QImage toned(const Density& density, const QColor& passing, const QColor& others);

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws what stands before the density of the parallel coordinates. Lives as long as a paint event.
#pragma once

#include "views/crisplines.h"
#include "views/parallelaxes.h"
#include "views/theme.h"

#include <QPainter>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace paretoscope::desktop {

class ParallelPainter {
public:
    /// In the painter's font. All of them outlive it.
    ParallelPainter(QPainter& painter, const AxisLayout& layout, const Question& question, const Colours& colours);

    /// `current`: keys are for it; `moving`: a hand holds its title.
    void axis(const PlacedAxis& axis, bool current, bool moving);
    /// A bar across the axis; beyond it the axis is only dotted.
    void limit(const PlacedAxis& axis);
    /// `going`: it is removed unless a second click comes.
    void brush(const PlacedAxis& axis, bool withNumbers, bool going);
    void lines(const CrispLines& crisp, std::optional<std::size_t> hovered);

private:
    void badges(const CrispLines& crisp, std::vector<std::pair<double, std::size_t>> ends);

    QPainter& m_painter;
    const AxisLayout& m_layout;
    const Question& m_question;
    const Colours& m_colours;
};

} // namespace paretoscope::desktop

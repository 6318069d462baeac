// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hand on the axes of the parallel coordinates, without a widget: what it presses, and what its moves ask for.
#pragma once

#include "views/parallelaxes.h"

#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

namespace paretoscope::desktop {

struct AxisTarget {
    enum class Part { Nothing, Title, Axis, BrushEnd, Brush };
    Part part = Part::Nothing;
    std::size_t axis = 0;
    bool low = false; // which end
};

AxisTarget targetAt(const AxisLayout& layout, const std::vector<Brush>& brushes, const QPointF& at);
/// That says what a press would do.
Qt::CursorShape cursorOver(AxisTarget::Part part);

class AxisDrag {
public:
    struct BrushTo {
        std::size_t axis;
        double a, b; // in any order
    };
    struct AxisTo {
        std::size_t from, to;
    };
    using Wish = std::variant<std::monostate, BrushTo, AxisTo>;
    enum class End { Nothing, Brushed, ClickOnTitle, ClickOnBrush, ClickOnAxis, ClickElsewhere };

    AxisTarget press(const AxisLayout& layout, const std::vector<Brush>& brushes, const QPointF& at);
    Wish move(const AxisLayout& layout, const QPointF& at);
    End release();

    bool held() const { return m_what != What::None; }
    /// Pressed to make or change a brush.
    bool brushes() const { return m_what == What::Range || m_what == What::Move; }
    bool movesTitle() const { return m_what == What::Title && m_moved; }
    /// Where it is held, or was last.
    std::size_t axis() const { return m_axis; }

private:
    enum class What { None, Range, Move, Title, Elsewhere };
    What m_what = What::None;
    std::size_t m_axis = 0;
    QPointF m_pressed;
    bool m_moved = false;
    bool m_onBrush = false; // pressed inside it
    double m_fixed = 0;     // the end that stays
    double m_grab = 0;      // from the pointer to the end that moves
    std::pair<double, double> m_ends; // of the brush that is moved, in pixels
};

} // namespace paretoscope::desktop

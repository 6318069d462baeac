// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The limits of the two axes in a plot: an edge, what lies beyond it, and what it says.
#pragma once

#include "state/explorerstate.h"
#include "views/theme.h"

#include <qcustomplot.h>

namespace paretoscope::desktop {

class LimitLines {
public:
    enum class Edge { None, X, Y };

    /// On the current layer of the plot, which owns the items.
    explicit LimitLines(QCustomPlot& plot);
    void recolour(const Colours& colours, const QFont& font);
    void draw(const ExplorerState& state);
    /// The edge that is close enough to be dragged.
    Edge edgeAt(const QPointF& at) const;

private:
    struct Line {
        QCPAxis* axis;
        QCPItemLine* edge;
        QCPItemRect* beyond;
        QCPItemText* label;
        double value = 0; // as shown
    };
    void draw(Line& line, const ExplorerState& state, Metric metric);

    QCustomPlot& m_plot;
    Line m_x, m_y;
};

} // namespace paretoscope::desktop

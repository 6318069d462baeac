// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The front in a plot: a line of steps through every point, the band of its accuracies, and as many marks as there is
// room for; behind it, thin and dashed, the front that the other predictor finds.
#pragma once

#include "state/explorerstate.h"
#include "views/theme.h"

#include <qcustomplot.h>

namespace paretoscope::desktop {

class FrontGraphs {
public:
    /// Above what the plot has already; the plot owns the graphs.
    explicit FrontGraphs(QCustomPlot& plot);
    void recolour(const Colours& colours);
    void draw(const ExplorerState& state);
    /// Where points lie closer than their marks are wide, some of them stand for all: the line goes through every one.
    void thinMarks();

private:
    QCustomPlot& m_plot;
    QCPGraph *m_low, *m_high, *m_second, *m_step, *m_marks;
    QColor m_colour;
};

} // namespace paretoscope::desktop

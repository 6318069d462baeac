// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sampled subnets in a plot: within all limits and not, in one colour or by a metric with its scale beside.
#pragma once

#include "state/explorerstate.h"
#include "views/theme.h"

#include <qcustomplot.h>

#include <array>

namespace paretoscope::desktop {

class CloudGraphs {
public:
    static constexpr std::size_t kBins = 16; // of the colours

    /// Below what is added to the plot later; the plot owns the graphs.
    explicit CloudGraphs(QCustomPlot& plot);
    void recolour(const Colours& colours, const QFont& font, qreal ratio);
    void draw(const ExplorerState& state);
    /// The metric that the colours stand for, where they do.
    bool coloured() const { return m_coloured; }
    void retitle(const ExplorerState& state);

private:
    void setColoured(bool on);
    void restyle();

    QCustomPlot& m_plot;
    QCPGraph* m_infeasible;
    std::array<QCPGraph*, kBins> m_feasible; // the first one has all while there is one colour
    QCPColorScale* m_scale;
    Colours m_colours;
    qreal m_ratio = 1;
    bool m_coloured = false;
};

} // namespace paretoscope::desktop

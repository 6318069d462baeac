// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sampled subnets in a plot: within all limits and not, in one colour or by a metric with its scale beside.
#pragma once

#include "state/explorerstate.h"
#include "views/dotcloud.h"
#include "views/theme.h"

#include <qcustomplot.h>

namespace paretoscope::desktop {

class CloudGraphs {
public:
    static constexpr std::size_t kBins = 16; // of the colours

    /// Below what is added to the plot later; the plot owns the graphs.
    explicit CloudGraphs(QCustomPlot& plot);
    void recolour(const Colours& colours, const QFont& font);
    void draw(const ExplorerState& state);
    /// The metric that the colours stand for, where they do.
    bool coloured() const { return m_coloured; }
    void retitle(const ExplorerState& state);

private:
    void setColoured(bool on);
    void restyle();

    QCustomPlot& m_plot;
    DotCloud* m_dots;
    QCPColorScale* m_scale;
    Colours m_colours;
    bool m_coloured = false;
};

} // namespace paretoscope::desktop

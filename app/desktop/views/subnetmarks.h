// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subnets that are spoken of, in a plot: the suggested one, the selected one, and the pins with their letters.
#pragma once

#include "state/explorerstate.h"
#include "views/theme.h"

#include <qcustomplot.h>

#include <vector>

namespace paretoscope::desktop {

class SubnetMarks {
public:
    /// Above what the plot has already; the letters on the layer with this name. The plot owns all of them.
    SubnetMarks(QCustomPlot& plot, const QString& layerOfLetters);
    void recolour(const Colours& colours);
    void draw(const ExplorerState& state);

private:
    void placeAlike(const ExplorerState& state);
    void place(QCPGraph& graph, const ExplorerState& state, const std::optional<Subnet>& subnet);
    std::optional<QPointF> at(const ExplorerState& state, const Subnet& subnet) const;

    QCustomPlot& m_plot;
    QString m_layer;
    QCPGraph *m_alike, *m_selected, *m_suggestion;
    std::vector<QCPItemText*> m_pins;
    Colours m_colours;
};

} // namespace paretoscope::desktop

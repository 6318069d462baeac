// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the front has grown: of the exact solver the value that it ends with, of the search with the MLP the whole way.
#pragma once

#include "state/explorerstate.h"

#include <qcustomplot.h>

#include <QWidget>

class QLabel;

namespace paretoscope::desktop {

class HypervolumeView : public QWidget {
    Q_OBJECT
public:
    explicit HypervolumeView(ExplorerState& state, QWidget* parent = nullptr);
    QString summary() const;

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void recolour();
    void draw();

    ExplorerState& m_state;
    QCustomPlot* m_plot;
    QLabel* m_words;
};

} // namespace paretoscope::desktop

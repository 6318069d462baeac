// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be done with an axis of the parallel coordinates, and with all of them.
#pragma once

#include "views/parallelaxes.h"

#include <QMenu>

namespace paretoscope::desktop {

class AxisMenu : public QMenu {
    Q_OBJECT
public:
    struct Can {
        bool beLogarithmic = false, loseBrush = false, beHidden = false;
    };

    /// Goes when it is closed.
    explicit AxisMenu(QWidget* parent);
    void addAxis(const QString& title, const ParallelAxis& axis, const Can& can);
    void addShowAll(bool enabled);

signals:
    void flagChosen(AxisFlag flag, bool on);
    void typingChosen();
    void removalChosen(); // of the brush
    void hidingChosen();
    void allChosen();
};

} // namespace paretoscope::desktop

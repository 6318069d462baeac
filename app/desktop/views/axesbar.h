// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the trade-off shows along, up and by colour; and what its answer is worth.
#pragma once

#include "state/explorerstate.h"

#include <QWidget>

class QCheckBox;
class QLabel;

namespace paretoscope::desktop {

class ChoiceBox;

class AxesBar : public QWidget {
    Q_OBJECT
public:
    explicit AxesBar(ExplorerState& state, QWidget* parent = nullptr);
    void retranslate();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void fill();
    void showQuestion();
    void showProof();

    ExplorerState& m_state;
    ChoiceBox *m_x, *m_y, *m_colour;
    QCheckBox* m_logX;
    QLabel* m_proof;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What emissions are computed with: grid, factors, and how the subnet is used.
#pragma once

#include "state/explorerstate.h"

#include <QFrame>

#include <functional>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;

namespace paretoscope::desktop {

class CarbonPanel : public QFrame {
    Q_OBJECT
public:
    explicit CarbonPanel(ExplorerState& state, QWidget* parent = nullptr);
    void retranslate();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        QLabel* label;
        QDoubleSpinBox* box;
        double CarbonAssumptions::* field;
    };
    void addRow(double CarbonAssumptions::* field, double low, double high, int decimals, double step);
    void follow(ExplorerState::Changes what);
    void takeGrid(const QString& text);

    ExplorerState& m_state;
    QLabel *m_heading, *m_gridLabel, *m_intensity;
    QComboBox* m_grid;
    std::vector<Row> m_rows;
    bool m_updating = false;
};

} // namespace paretoscope::desktop

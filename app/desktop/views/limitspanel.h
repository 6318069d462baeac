// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a subnet may cost and must reach: a row a metric, with the distribution of what there is.
#pragma once

#include "state/explorerstate.h"

#include <QFrame>

#include <memory>
#include <vector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace paretoscope::desktop {

class HistogramSlider;

class LimitsPanel : public QFrame {
    Q_OBJECT
public:
    explicit LimitsPanel(ExplorerState& state, QWidget* parent = nullptr);

    void retranslate();
    /// Where no subnet satisfies the limits: of the ways that the search names, the one that changes its limit by the
    /// smallest share.
    void relax();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        Metric metric;
        QWidget* widget;
        QCheckBox* on;
        QLabel* sign;
        QLineEdit* value;
        HistogramSlider* slider;
    };
    void addRow(Metric metric);
    void follow(ExplorerState::Changes what);
    void updateScales();
    void updateRows();
    void updateCounts();
    double amountOf(const Row& row) const;
    void setLimit(const Row& row, bool on, double value, bool drag);
    void takeText(const Row& row);
    void showMenu(const Row& row, const QPoint& at);

    ExplorerState& m_state;
    QLabel* m_heading;
    QLabel* m_counts;
    QPushButton* m_relax;
    QPushButton* m_reset;
    std::vector<Row> m_rows;
    bool m_updating = false;
};

} // namespace paretoscope::desktop

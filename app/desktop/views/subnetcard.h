// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The answer in large type: the selected subnet, else the suggested one, each figure with unit, band and source.
#pragma once

#include "state/explorerstate.h"

#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;

namespace paretoscope::desktop {

class ArchitectureStrip;
class OtherDevices;

class SubnetCard : public QFrame {
    Q_OBJECT
public:
    explicit SubnetCard(ExplorerState& state, QWidget* parent = nullptr);
    void retranslate();

signals:
    void pinRequested();
    void exportRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        Metric metric;
        QLabel* name;
        QLabel* value;
    };
    void follow(ExplorerState::Changes what);
    void showSubnet();
    void showAlike(const Subnet& subnet);

    ExplorerState& m_state;
    QLabel *m_heading, *m_accuracy, *m_accuracyBand, *m_alike, *m_second, *m_shape, *m_guard;
    OtherDevices* m_others;
    ArchitectureStrip* m_strip;
    QPushButton *m_pin, *m_export;
    std::vector<Row> m_rows;
};

} // namespace paretoscope::desktop

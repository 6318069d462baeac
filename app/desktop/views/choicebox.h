// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A list to choose from that leaves the wheel to what it lies in until it has the focus, and takes letters for itself: they
// choose in it, and are no shortcuts.
#pragma once

#include <QComboBox>

namespace paretoscope::desktop {

class ChoiceBox : public QComboBox {
    Q_OBJECT
public:
    explicit ChoiceBox(QWidget* parent = nullptr);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace paretoscope::desktop

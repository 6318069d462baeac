// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a number has grown, as a line without axes.
#pragma once

#include <QWidget>

#include <vector>

namespace paretoscope::desktop {

class Sparkline : public QWidget {
    Q_OBJECT
public:
    explicit Sparkline(QWidget* parent = nullptr);
    void clear();
    /// The oldest ones are thinned where there are more than the line has pixels.
    void add(double value);
    const std::vector<double>& values() const { return m_values; }
    QSize sizeHint() const override { return {90, 18}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_values;
};

} // namespace paretoscope::desktop

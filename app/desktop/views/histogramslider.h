// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A slider under the distribution of what it limits.
#pragma once

#include <QSlider>

#include <vector>

namespace paretoscope::desktop {

class HistogramSlider : public QSlider {
    Q_OBJECT
public:
    static constexpr int kBins = 36;

    explicit HistogramSlider(QWidget* parent = nullptr);

    /// The values from `low` to `high` on a scale of a thousand steps; logarithmic where they span more than two decades.
    void setScale(double low, double high);
    double scaleLow() const { return m_low; }
    double scaleHigh() const { return m_high; }
    double amount() const; // at the handle
    void setAmount(double amount);
    /// How many values lie in each bin, of all and of those within all limits.
    void setCounts(std::vector<int> all, std::vector<int> within);
    int binOf(double amount) const;

    QSize sizeHint() const override { return {200, 44}; }
    QSize minimumSizeHint() const override { return {100, 44}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    double share(double amount) const;
    double xOf(int position) const;
    int positionAt(double x) const;

    double m_low = 0, m_high = 1;
    bool m_logarithmic = false;
    std::vector<int> m_all, m_within;
};

} // namespace paretoscope::desktop

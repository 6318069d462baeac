// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hundred thousand dots in a frame. They are stamped into a picture by hand, which is kept until dots or ranges change;
// paper gets them as circles.
#pragma once

#include <qcustomplot.h>

#include <array>
#include <cstdint>
#include <vector>

namespace paretoscope::desktop {

class DotCloud : public QCPAbstractPlottable {
public:
    struct Dot {
        double x = 0, y = 0; // of the axes
    };
    struct Style {
        QColor fill, outline; // invalid: none
        bool operator==(const Style&) const = default;
    };

    DotCloud(QCPAxis* keyAxis, QCPAxis* valueAxis, double sizePixels);

    /// A group is drawn over those before it.
    void setGroups(std::vector<std::vector<Dot>> groups);
    void setStyles(std::vector<Style> styles);
    std::size_t size() const;

    double selectTest(const QPointF& at, bool onlySelectable, QVariant* details = nullptr) const override;
    QCPRange getKeyRange(bool& found, QCP::SignDomain inSignDomain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& found, QCP::SignDomain inSignDomain = QCP::sdBoth, const QCPRange& inKeyRange = QCPRange()) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    struct Key { // of the picture
        QCPRange x, y;
        QCPAxis::ScaleType scaleX = QCPAxis::stLinear, scaleY = QCPAxis::stLinear;
        QRect rect;
        qreal ratio = 0;
        int version = -1; // of dots and styles
        bool operator==(const Key&) const = default;
    };

    Style styleOf(std::size_t group) const;
    QRect rect() const;
    QCPRange rangeOf(double Dot::*what, bool& found, QCP::SignDomain domain) const;
    void drawCircles(QCPPainter& painter) const;
    QImage picture(const Key& key) const;

    std::vector<std::vector<Dot>> m_groups;
    std::vector<Style> m_styles;
    double m_sizePixels;
    int m_version = 0;
    Key m_key;
    QImage m_picture;
};

} // namespace paretoscope::desktop

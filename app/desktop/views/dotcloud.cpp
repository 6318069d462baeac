// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/dotcloud.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope::desktop {

namespace {

/// A dot, antialiased, with a transparent edge of a pixel.
QImage stampOf(const DotCloud::Style& style, double size, qreal ratio)
{
    const double all = size + 2;
    QImage image((QSizeF(all, all) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter p(&image);
    p.setRenderHint(QPainter::Antialiasing);
    p.scale(ratio, ratio);
    p.setPen(style.outline.isValid() ? QPen(style.outline, 1) : QPen(Qt::NoPen));
    p.setBrush(style.fill.isValid() ? QBrush(style.fill) : QBrush(Qt::NoBrush));
    p.drawEllipse(QRectF(1, 1, size, size));
    return image;
}

/// Porter and Duff's "over" of premultiplied pixels, two channels at a time.
std::uint32_t over(std::uint32_t source, std::uint32_t below)
{
    const std::uint32_t rest = 255 - (source >> 24);
    std::uint32_t even = (below & 0xff00ffu) * rest, odd = ((below >> 8) & 0xff00ffu) * rest;
    even = ((even + ((even >> 8) & 0xff00ffu) + 0x800080u) >> 8) & 0xff00ffu;
    odd = (odd + ((odd >> 8) & 0xff00ffu) + 0x800080u) & 0xff00ff00u;
    return source + (even | odd);
}

/// After that many on one place, one more is not to be seen.
int mostOnAPlace(const DotCloud::Style& style)
{
    const auto& colour = style.fill.isValid() ? style.fill : style.outline;
    const double through = 1 - colour.alphaF();
    return through <= 0 ? 1 : std::clamp(static_cast<int>(std::ceil(std::log(1.0 / 255) / std::log(through))), 1, 255);
}

} // namespace

DotCloud::DotCloud(QCPAxis* keyAxis, QCPAxis* valueAxis, double sizePixels)
    : QCPAbstractPlottable(keyAxis, valueAxis)
    , m_sizePixels(sizePixels)
{
    setSelectable(QCP::stNone);
}

void DotCloud::setGroups(std::vector<std::vector<Dot>> groups)
{
    m_groups = std::move(groups);
    ++m_version;
}

void DotCloud::setStyles(std::vector<Style> styles)
{
    if (styles == m_styles)
        return;
    m_styles = std::move(styles);
    ++m_version;
}

std::size_t DotCloud::size() const
{
    std::size_t n = 0;
    for (const auto& g : m_groups)
        n += g.size();
    return n;
}

DotCloud::Style DotCloud::styleOf(std::size_t group) const { return group < m_styles.size() ? m_styles[group] : Style{}; }

QRect DotCloud::rect() const { return mKeyAxis->axisRect()->rect(); }

double DotCloud::selectTest(const QPointF&, bool, QVariant*) const { return -1; } // the view asks its tables

QCPRange DotCloud::rangeOf(double Dot::*what, bool& found, QCP::SignDomain domain) const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& group : m_groups)
        for (const auto& dot : group)
            if (const double v = dot.*what; domain == QCP::sdBoth || (domain == QCP::sdPositive ? v > 0 : v < 0)) {
                low = std::min(low, v);
                high = std::max(high, v);
            }
    found = low <= high;
    return found ? QCPRange(low, high) : QCPRange();
}

QCPRange DotCloud::getKeyRange(bool& found, QCP::SignDomain domain) const { return rangeOf(&Dot::x, found, domain); }

QCPRange DotCloud::getValueRange(bool& found, QCP::SignDomain domain, const QCPRange&) const { return rangeOf(&Dot::y, found, domain); }

void DotCloud::draw(QCPPainter* painter)
{
    if (painter->modes().testFlag(QCPPainter::pmVectorized) || painter->modes().testFlag(QCPPainter::pmNoCaching))
        return drawCircles(*painter);
    const Key key{mKeyAxis->range(), mValueAxis->range(), mKeyAxis->scaleType(), mValueAxis->scaleType(), rect(), painter->device()->devicePixelRatioF(), m_version};
    if (!(key == m_key)) {
        m_picture = picture(key);
        m_key = key;
    }
    painter->drawImage(key.rect.topLeft(), m_picture);
}

QImage DotCloud::picture(const Key& key) const
{
    QImage image((QSizeF(key.rect.size()) * key.ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    image.setDevicePixelRatio(key.ratio);
    image.fill(Qt::transparent);
    const int width = image.width(), height = image.height();
    const auto stride = static_cast<std::ptrdiff_t>(image.bytesPerLine() / 4);
    auto* const pixels = reinterpret_cast<std::uint32_t*>(image.bits());
    std::vector<std::uint8_t> times;
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        const auto style = styleOf(g);
        if (m_groups[g].empty() || (!style.fill.isValid() && !style.outline.isValid()))
            continue;
        const auto stamp = stampOf(style, m_sizePixels, key.ratio);
        const auto most = mostOnAPlace(style);
        const int side = stamp.width();
        const auto places = static_cast<std::size_t>(width + side + 1); // of a row: a stamp begins left of the picture, too
        times.assign(places * static_cast<std::size_t>(height + side + 1), 0);
        for (const auto& dot : m_groups[g]) {
            const double x = (mKeyAxis->coordToPixel(dot.x) - key.rect.left()) * key.ratio - side / 2.0;
            const double y = (mValueAxis->coordToPixel(dot.y) - key.rect.top()) * key.ratio - side / 2.0;
            if (!(x > -side && x < width && y > -side && y < height))
                continue;
            const int left = static_cast<int>(std::lround(x)), top = static_cast<int>(std::lround(y));
            auto& here = times[static_cast<std::size_t>(top + side) * places + static_cast<std::size_t>(left + side)];
            if (here >= most)
                continue;
            ++here;
            const int firstColumn = std::max(0, -left), lastColumn = std::min(side, width - left);
            for (int row = std::max(0, -top); row < std::min(side, height - top); ++row) {
                const auto* source = reinterpret_cast<const std::uint32_t*>(stamp.constScanLine(row));
                auto* below = pixels + (top + row) * stride + left;
                for (int column = firstColumn; column < lastColumn; ++column)
                    below[column] = over(source[column], below[column]);
            }
        }
    }
    return image;
}

void DotCloud::drawCircles(QCPPainter& painter) const
{
    painter.save();
    painter.setClipRect(rect());
    painter.setAntialiasing(true);
    for (std::size_t g = 0; g < m_groups.size(); ++g) {
        const auto style = styleOf(g);
        painter.setPen(style.outline.isValid() ? QPen(style.outline, 1) : QPen(Qt::NoPen));
        painter.setBrush(style.fill.isValid() ? QBrush(style.fill) : QBrush(Qt::NoBrush));
        const auto around = QRectF(rect()).adjusted(-m_sizePixels, -m_sizePixels, m_sizePixels, m_sizePixels);
        for (const auto& dot : m_groups[g])
            if (const QPointF at(mKeyAxis->coordToPixel(dot.x), mValueAxis->coordToPixel(dot.y)); around.contains(at)) // not for what is no number
                painter.drawEllipse(at, m_sizePixels / 2, m_sizePixels / 2);
    }
    painter.restore();
}

void DotCloud::drawLegendIcon(QCPPainter*, const QRectF&) const {}

} // namespace paretoscope::desktop

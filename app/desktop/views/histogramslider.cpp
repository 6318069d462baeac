// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/histogramslider.h"

#include "views/theme.h"

#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace paretoscope::desktop {

namespace {

constexpr int kSteps = 1000;
constexpr double kMargin = 7; // so that the handle stays inside
constexpr double kHandle = 6; // radius
constexpr double kBars = 24;  // height

} // namespace

HistogramSlider::HistogramSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
    setRange(0, kSteps);
    setSingleStep(kSteps / 200);
    setPageStep(kSteps / 20);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void HistogramSlider::setScale(double low, double high)
{
    const double before = amount();
    m_low = low;
    m_high = high > low ? high : low + 1;
    m_logarithmic = low > 0 && high / low > 100;
    const QSignalBlocker quiet(this);
    setAmount(before);
    update();
}

double HistogramSlider::share(double amount) const
{
    const double s = m_logarithmic ? std::log(std::max(amount, m_low) / m_low) / std::log(m_high / m_low) : (amount - m_low) / (m_high - m_low);
    return std::clamp(s, 0.0, 1.0);
}

double HistogramSlider::amount() const
{
    const double s = static_cast<double>(value()) / kSteps;
    return m_logarithmic ? m_low * std::pow(m_high / m_low, s) : m_low + s * (m_high - m_low);
}

void HistogramSlider::setAmount(double amount) { setValue(static_cast<int>(std::lround(share(amount) * kSteps))); }

int HistogramSlider::binOf(double amount) const { return std::min(kBins - 1, static_cast<int>(share(amount) * kBins)); }

void HistogramSlider::setCounts(std::vector<int> all, std::vector<int> within)
{
    m_all = std::move(all);
    m_within = std::move(within);
    update();
}

double HistogramSlider::xOf(int position) const { return kMargin + (width() - 2 * kMargin) * position / kSteps; }

int HistogramSlider::positionAt(double x) const
{
    return std::clamp(static_cast<int>(std::lround((x - kMargin) / std::max(1.0, width() - 2 * kMargin) * kSteps)), 0, kSteps);
}

void HistogramSlider::paintEvent(QPaintEvent*)
{
    const auto& c = coloursOf(palette());
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    const double left = kMargin, width = this->width() - 2 * kMargin, base = kBars + 2;
    // Counts differ by orders of magnitude: heights follow their root.
    const int most = m_all.empty() ? 0 : *std::max_element(m_all.begin(), m_all.end());
    for (std::size_t i = 0; i < m_all.size() && most > 0; ++i) {
        const double x = left + width * static_cast<double>(i) / kBins, w = width / kBins - 1;
        const auto bar = [&](int n, const QColor& colour) {
            const double h = n == 0 ? 0 : std::max(1.0, kBars * std::sqrt(static_cast<double>(n) / most));
            p.setBrush(colour);
            p.drawRect(QRectF(x, base - h, w, h));
        };
        bar(m_all[i], c.barOut);
        bar(i < m_within.size() ? m_within[i] : 0, c.barIn);
    }
    const double y = base + 8, at = xOf(value());
    p.setBrush(c.line);
    p.drawRoundedRect(QRectF(left, y - 1.5, width, 3), 1.5, 1.5);
    if (isEnabled()) {
        p.setBrush(c.accent);
        // What is allowed: up to the handle, or from it on.
        p.drawRoundedRect(invertedAppearance() ? QRectF(at, y - 1.5, left + width - at, 3) : QRectF(left, y - 1.5, at - left, 3), 1.5, 1.5);
    }
    p.setPen(QPen(isEnabled() ? c.accent : c.infeasible, 2));
    p.setBrush(c.card);
    p.drawEllipse(QPointF(at, y), kHandle, kHandle);
    if (hasFocus()) {
        p.setPen(QPen(c.accent, 1, Qt::DotLine));
        p.setBrush(Qt::NoBrush);
        p.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

// A wheel that scrolls the panel must not change what it passes over.
void HistogramSlider::wheelEvent(QWheelEvent* event) { hasFocus() ? QSlider::wheelEvent(event) : event->ignore(); }

void HistogramSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return QSlider::mousePressEvent(event);
    setSliderDown(true);
    setSliderPosition(positionAt(event->position().x()));
}

void HistogramSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown())
        setSliderPosition(positionAt(event->position().x()));
}

// Steps by keyboard or wheel end when somebody turns to something else.
void HistogramSlider::focusOutEvent(QFocusEvent* event)
{
    QSlider::focusOutEvent(event);
    emit sliderReleased();
}

void HistogramSlider::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        setSliderDown(false);
}

} // namespace paretoscope::desktop

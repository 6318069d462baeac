// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sparkline.h"

#include "views/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr std::size_t kMost = 180;

} // namespace

Sparkline::Sparkline(QWidget* parent)
    : QWidget(parent)
{
    setFixedSize(Sparkline::sizeHint());
}

void Sparkline::clear()
{
    m_values.clear();
    update();
}

void Sparkline::add(double value)
{
    if (m_values.size() >= kMost) { // every other one: the whole course stays
        for (std::size_t i = 0; 2 * i < m_values.size(); ++i)
            m_values[i] = m_values[2 * i];
        m_values.resize((m_values.size() + 1) / 2);
    }
    m_values.push_back(value);
    update();
}

void Sparkline::paintEvent(QPaintEvent*)
{
    if (m_values.size() < 2)
        return;
    const auto [low, high] = std::minmax_element(m_values.begin(), m_values.end());
    const double span = *high > *low ? *high - *low : 1, w = width() - 4, h = height() - 6;
    QPainterPath path;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const QPointF at(2 + w * static_cast<double>(i) / static_cast<double>(m_values.size() - 1), 3 + h * (1 - (m_values[i] - *low) / span));
        i == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(QPen(coloursOf(palette()).front, 1.6));
    p.drawPath(path);
}

} // namespace paretoscope::desktop

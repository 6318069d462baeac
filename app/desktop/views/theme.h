// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colours of the window and of what it draws, light and dark. Categories are Okabe and Ito's (2008), which people with
// any colour vision can tell apart; shapes tell them apart, too.
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace paretoscope::desktop {

enum class Theme { System, Light, Dark };

struct Colours {
    QColor window, card, line, text, quietText, accent, accentText;
    QColor cloud, front, frontBand, suggestion, pin, infeasible, warning, error;
    QColor barIn, barOut; // histograms: within all limits, and not
    bool dark = false;
};

/// Of the palette in use: dark where its window is darker than its text.
const Colours& coloursOf(const QPalette& palette);

QPalette paletteOf(const Colours& colours);

/// Fusion with our palette and style sheet. System follows the palette that the platform gave.
void applyTheme(QApplication& application, Theme theme);

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>

namespace paretoscope::desktop {

namespace {

const Colours kLight{
    .window = QColor(0xf4f4f4), .card = QColor(0xffffff), .line = QColor(0xdddddd), .text = QColor(0x1b1f1d), .quietText = QColor(0x5c6662), .accent = QColor(0x0b6b4d), .accentText = QColor(0xffffff),
    .cloud = QColor(0x0072b2), .front = QColor(0xd55e00), .frontBand = QColor(213, 94, 0, 36), .suggestion = QColor(0x009e73), .pin = QColor(0x56b4e9), .infeasible = QColor(0x999999), .warning = QColor(0xa86400), .error = QColor(0xb3261e),
    .barIn = QColor(0x7db8a2), .barOut = QColor(0xd5d9d7), .dark = false};

const Colours kDark{
    .window = QColor(0x16191a), .card = QColor(0x1f2324), .line = QColor(0x363c3e), .text = QColor(0xe8ecea), .quietText = QColor(0x9aa5a1), .accent = QColor(0x3cbf95), .accentText = QColor(0x08120e),
    .cloud = QColor(0x4aa3da), .front = QColor(0xf08a3c), .frontBand = QColor(240, 138, 60, 44), .suggestion = QColor(0x2fd0a0), .pin = QColor(0x7cc8f2), .infeasible = QColor(0x7a8280), .warning = QColor(0xe6a83c), .error = QColor(0xf28b82),
    .barIn = QColor(0x3f8f74), .barOut = QColor(0x3a4143), .dark = true};

// Quiet chrome: cards on a plane, thin lines, one filled button.
QString styleSheet(const Colours& c)
{
    return QStringLiteral(R"(
        QMainWindow, QDialog { background: %1; }
        QFrame[card="true"] { background: %2; border: 1px solid %3; border-radius: 6px; }
        QLabel[quiet="true"] { color: %5; }
        QLabel[heading="true"] { font-weight: 600; }
        QToolBar { background: %2; border: none; border-bottom: 1px solid %3; spacing: 6px; padding: 6px; }
        QStatusBar { background: %2; border-top: 1px solid %3; }
        QPushButton, QToolButton, QComboBox { background: %2; border: 1px solid %3; border-radius: 5px; padding: 4px 10px; min-height: 18px; color: %4; }
        QComboBox::drop-down { border: none; width: 22px; }
        QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
        QScrollBar::handle:vertical { background: %3; border-radius: 4px; min-height: 30px; margin: 1px; }
        QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical { height: 0; }
        QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical { background: transparent; }
        QPushButton:hover, QToolButton:hover, QComboBox:hover { border-color: %6; }
        QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus { border: 1px solid %6; }
        QPushButton:disabled, QToolButton:disabled, QComboBox:disabled { color: %5; }
        QPushButton[primary="true"] { background: %6; color: %7; border-color: %6; font-weight: 600; }
        QPushButton[primary="true"]:disabled { background: %3; color: %5; border-color: %3; }
        QLineEdit { background: %2; border: 1px solid %3; border-radius: 5px; padding: 3px 6px; color: %4; }
        QLineEdit[wrong="true"] { border: 1px solid %8; }
        QTabWidget::pane { border: none; }
        QTabBar::tab { background: transparent; border: none; padding: 7px 12px; color: %5; }
        QTabBar::tab:selected { color: %4; border-bottom: 2px solid %6; }
        QFrame[banner="true"] { background: %1; border: 1px solid %9; border-radius: 5px; }
        QToolButton[autoRaise="true"] { background: transparent; border: none; padding: 2px 6px; }
        QDockWidget { border: 1px solid %3; }
        QDockWidget::title { background: %2; padding: 6px; border-bottom: 1px solid %3; }
        QTableWidget, QTextBrowser { background: %2; color: %4; }
        QKeySequenceEdit { min-width: 160px; }
        QMenu::item:disabled { color: %5; }
        QToolTip { background: %2; color: %4; border: 1px solid %3; }
    )")
        .arg(c.window.name(), c.card.name(), c.line.name(), c.text.name(), c.quietText.name(), c.accent.name(), c.accentText.name(), c.error.name(), c.warning.name());
}

/// Fusion's boxes to tick have the colour of a dark window.
class BoxStyle final : public QProxyStyle {
public:
    BoxStyle()
        : QProxyStyle(QStringLiteral("Fusion"))
    {
    }
    /// The platform's icons are made for light buttons.
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const override
    {
        return hint == SH_DialogButtonBox_ButtonsHaveIcons ? 0 : QProxyStyle::styleHint(hint, option, widget, data);
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override
    {
        if (element != PE_IndicatorCheckBox)
            return QProxyStyle::drawPrimitive(element, option, painter, widget);
        const auto& c = coloursOf(option->palette);
        const bool enabled = option->state & State_Enabled, on = option->state & State_On, focus = option->state & (State_HasFocus | State_MouseOver);
        const QRectF box = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(enabled && (on || focus) ? c.accent : c.quietText, focus ? 1.6 : 1));
        painter->setBrush(on ? (enabled ? c.accent : c.line) : c.card);
        painter->drawRoundedRect(box, 3, 3);
        if (on) {
            painter->setPen(QPen(enabled ? c.accentText : c.quietText, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            const auto at = [&](double x, double y) { return QPointF(box.left() + x * box.width(), box.top() + y * box.height()); };
            painter->drawPolyline(QPolygonF({at(0.24, 0.54), at(0.43, 0.72), at(0.77, 0.30)}));
        }
        painter->restore();
    }
};

} // namespace

const Colours& coloursOf(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness() ? kDark : kLight;
}

QPalette paletteOf(const Colours& c)
{
    QPalette p;
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.card);
    p.setColor(QPalette::AlternateBase, c.window);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::Button, c.card);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::ToolTipBase, c.card);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.accentText);
    p.setColor(QPalette::PlaceholderText, c.quietText);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::Mid, c.line);
    // Lines and the shade of text that is disabled, which Fusion draws lighter than the window.
    p.setColor(QPalette::Light, c.card);
    p.setColor(QPalette::Midlight, c.line);
    p.setColor(QPalette::Dark, c.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c.quietText);
    return p;
}

void applyTheme(QApplication& application, Theme theme)
{
    static const QPalette platform = application.palette(); // before we set our own
    application.setStyle(new BoxStyle);
    const auto& colours = theme == Theme::Light ? kLight : theme == Theme::Dark ? kDark : coloursOf(platform);
    application.setPalette(paletteOf(colours));
    application.setStyleSheet(styleSheet(colours));
}

} // namespace paretoscope::desktop

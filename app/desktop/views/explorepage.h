// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is seen while a bundle is open: limits and carbon on the left, the trade-off with the lower strip in the middle, the
// subnet and the pins on the right.
#pragma once

#include "explorer.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QTabWidget;

namespace paretoscope::desktop {

class Banner;
class HoverCard;
class LimitsPanel;
class PinsPanel;
class SubnetCard;
class TradeoffPlot;

class ExplorePage : public QWidget {
    Q_OBJECT
public:
    explicit ExplorePage(Explorer& explorer, QWidget* parent = nullptr);

    TradeoffPlot& plot() { return *m_plot; }
    Banner& banner() { return *m_banner; }
    SubnetCard& subnetCard() { return *m_subnet; }
    PinsPanel& pins() { return *m_pins; }
    int tabCount() const;
    /// Also where the strip was hidden.
    void showTab(int index);
    void setLeftColumnShown(bool on);
    void setLowerStripShown(bool on);
    void relax();
    void retranslate();

    /// Sizes of columns and rows, kept in the settings.
    void saveLayout() const;
    void restoreLayout();

signals:
    void pinRequested();
    void exportRequested();
    void compareRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeCentre();
    void follow(ExplorerState::Changes what);
    void showCounts();

    Explorer& m_explorer;
    TradeoffPlot* m_plot;
    Banner* m_banner;
    HoverCard* m_hover;
    LimitsPanel* m_limits;
    SubnetCard* m_subnet;
    PinsPanel* m_pins;
    QLabel* m_counts;
    QTabWidget* m_tabs;
    QSplitter *m_columns, *m_rows;
    QWidget *m_left = nullptr, *m_lower = nullptr;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The trade-off: a cloud of what there is, the front with its interval, limits where they bite, the suggested subnet and
// the pins. Limits are dragged, subnets clicked; a rectangle brushes both axes.
#pragma once

#include "state/explorerstate.h"
#include "views/cloudgraphs.h"
#include "views/frontgraphs.h"
#include "views/limitlines.h"
#include "views/subnetmarks.h"
#include "views/viewhistory.h"

#include <QTimer>

#include <qcustomplot.h>

#include <memory>
#include <optional>

class QRubberBand;

namespace paretoscope::desktop {

class TradeoffPlot : public QCustomPlot {
    Q_OBJECT
public:
    explicit TradeoffPlot(ExplorerState& state, QWidget* parent = nullptr);

    /// The whole of what is shown.
    void fitView();
    bool back();
    bool forward();
    /// A sentence of what is to be seen, for people who cannot see it.
    QString summary() const;

signals:
    void pinRequested();
    /// The subnet under the pointer, and where; nothing when there is none.
    void hovered(const std::optional<paretoscope::Subnet>& subnet, const QPoint& at);

protected:
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Drag { None, Pan, LimitX, LimitY, Rectangle };
    struct Hit {
        Subnet subnet;
        double pixels = 0;
    };
    struct View {
        QCPRange x, y;
        bool operator==(const View& o) const { return x == o.x && y == o.y; }
    };

    void follow(ExplorerState::Changes what);
    void recolour();
    void retitle();
    void explain();
    void describe();
    QString emptiness() const;
    void setView(const View& view, bool remember);
    void settle();
    View view() const;
    std::optional<Hit> hit(const QPointF& at) const;
    Drag dragAt(const QPointF& at) const;
    void dragLimit(Metric metric, double value);
    void brush(const QRect& rectangle);
    double shownValue(Metric metric, double value) const;
    std::optional<std::size_t> xColumn(const Table& table) const;
    std::optional<std::size_t> yColumn(const Table& table) const;

    ExplorerState& m_state;
    CloudGraphs m_cloud;
    FrontGraphs m_front;
    SubnetMarks m_marks;
    std::unique_ptr<LimitLines> m_limits;
    QCPItemText* m_why; // it is empty
    ViewHistory<View> m_views;
    QTimer m_wheelRest;
    Axes m_axes; // as they were drawn last
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    View m_dragView;
    bool m_moved = false;
    bool m_panning = false; // Space is held
    QRubberBand* m_band;
    bool m_fitted = false;
};

} // namespace paretoscope::desktop

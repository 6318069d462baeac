// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parallel coordinates: an axis for every figure, all sampled subnets as a density behind, the suggested subnet, the
// selection and the pins as lines. Ranges are brushed on the axes; axes are turned, moved and hidden.
#pragma once

#include "state/explorerstate.h"
#include "views/axisdrag.h"
#include "views/crisplines.h"
#include "views/parallelaxes.h"
#include "views/paralleldensity.h"

#include <QTimer>
#include <QWidget>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope::desktop {

class RangeEditor;

class ParallelView : public QWidget {
    Q_OBJECT
public:
    explicit ParallelView(ExplorerState& state, QWidget* parent = nullptr);

    const ParallelAxes& axes() const { return m_view; }
    /// Columns that are not known are kept for a bundle that knows them; known ones that are missing come last.
    void setAxes(const ParallelAxes& axes);
    /// Where a value is drawn. Nothing for an axis that is not shown.
    std::optional<QPointF> place(std::string_view column, double value) const;
    /// A sentence of what is to be seen, for people who cannot see it.
    QString summary() const;
    /// How often the density was asked for.
    int rastersMade() const { return m_density.asked(); }
    /// Whether a newer density is on its way.
    bool busy() const { return m_density.busy(); }

    QSize sizeHint() const override { return {830, 300}; }
    QSize minimumSizeHint() const override { return {300, 140}; }

signals:
    void axesChanged();
    /// The subnet of the line under the pointer, and where; nothing when there is none.
    void hovered(const std::optional<paretoscope::Subnet>& subnet, const QPoint& at);

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void follow(ExplorerState::Changes what);
    void relayout();
    void describe();
    void changeAxis(std::size_t axis, AxisFlag flag, bool on);
    void moveAxis(std::size_t from, std::size_t to);
    void hideAxis(std::size_t axis);
    void showAll();

    QFont labelFont() const;
    const std::vector<PlacedAxis>& placed() const { return m_layout.axes(); }
    const AxisColumn& columnAt(std::size_t axis) const { return m_layout.columnOf(placed()[axis]); }
    const std::vector<Brush>& brushes() const { return m_state.question().brushes; }

    void setBrush(std::size_t axis, double a, double b, bool drag);
    void removeBrush(std::size_t axis);
    void removeClicked();
    void setHovered(std::optional<std::size_t> line, const QPoint& at);
    void showMenu(std::optional<std::size_t> axis, const QPoint& at);
    void openEditor(std::size_t axis);

    ExplorerState& m_state;
    ParallelAxes m_view;
    ExplorerState::Changes m_pending; // while it could not be seen
    AxisLayout m_layout;
    CrispLines m_crisp;
    ParallelDensity m_density;

    std::size_t m_current = 0; // axis that keys are for
    std::optional<std::size_t> m_hover; // of the crisp lines
    AxisDrag m_drag;
    QTimer m_removal;      // a click removes a brush, unless it becomes a double click
    std::string m_removed; // its column
    RangeEditor* m_editor;
    std::size_t m_edited = 0; // axis
};

} // namespace paretoscope::desktop

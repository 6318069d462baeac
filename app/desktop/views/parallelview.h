// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parallel coordinates: an axis for every figure, all sampled subnets as a density behind, the suggested subnet, the
// selection and the pins as lines. Ranges are brushed on the axes; axes are turned, moved and hidden.
#pragma once

#include "state/explorerstate.h"
#include "views/densitymaker.h"

#include <QImage>
#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class QLineEdit;
class QMenu;

namespace paretoscope::desktop {

struct ParallelAxis {
    std::string column; // as in Brush
    bool flipped = false;
    bool logarithmic = false; // where all values are positive
    bool robust = false;      // from the 1st to the 99th percentile only
    bool hidden = false;      // an axis with a brush is shown all the same
    bool operator==(const ParallelAxis&) const = default;
};

/// How it is looked at, from left to right. Not part of the question; a session can keep it.
struct ParallelAxes {
    std::vector<ParallelAxis> axes;
    bool operator==(const ParallelAxes&) const = default;
};

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
    int rastersMade() const { return m_rastersMade; }
    /// Whether a newer density is on its way.
    bool busy() const { return m_maker.busy(); }

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
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Range {
        double low = 0, high = 0;
        void widen(double value);
        bool operator==(const Range&) const = default;
    };
    struct Column { // what the world knows
        std::string name;
        std::optional<Metric> metric;
        std::vector<double> values; // of the cloud
        Range whole, robust;
    };
    struct Axis { // what is shown
        std::size_t column = 0, view = 0; // indices into m_columns and m_view
        Range range;
        bool logarithmic = false, flipped = false;
        double x = 0;
        bool operator==(const Axis&) const = default;
    };
    enum class Role { Pin, Selection, Suggestion };
    struct Crisp {
        Role role;
        char letter; // of a pin
        Subnet subnet;
        bool operator==(const Crisp&) const = default;
    };
    /// What decides which rows pass.
    struct RowsKey {
        std::shared_ptr<const World> world;
        std::shared_ptr<const Table> cloud;
        std::vector<MetricLimit> limits;
        std::string filter;
        std::vector<Brush> brushes;
        bool showInfeasible = true, showDominated = true;
        bool operator==(const RowsKey&) const = default;
    };
    struct RasterKey {
        int rows = 0; // which m_rows
        std::vector<Axis> axes;
        QSize size;
        qreal ratio = 1;
        QRgb passing = 0, others = 0;
        bool operator==(const RasterKey&) const = default;
    };
    enum class Drag { None, Range, Move, Title, Elsewhere };
    enum class Part { Nothing, Title, Axis, BrushEnd, Brush };
    struct Target {
        Part part = Part::Nothing;
        std::size_t axis = 0;
        bool low = false; // which end
    };

    void follow(ExplorerState::Changes what);
    void updateColumns();
    void updateCrisp();
    void widenBy(const Table& table);
    void updateRows();
    void updateRaster();
    void relayout();
    void describe();
    void changeAxis(std::size_t axis, bool ParallelAxis::*what, bool on);
    void moveAxis(std::size_t from, std::size_t to);
    void hideAxis(std::size_t axis);
    void showAll();

    QRectF rasterRect() const;
    double share(const Axis& axis, double value) const; // 0 at the bottom, 1 at the top
    double yOf(const Axis& axis, double value) const;
    double yInside(const Axis& axis, double value) const;
    double valueAt(const Axis& axis, double y) const;
    double slotWidth() const;
    QFont labelFont() const;
    QString titleOf(const Column& column) const;
    QString shownValue(const Column& column, double value, bool withUnit) const;
    const Column& columnOf(const Axis& axis) const { return m_columns[axis.column]; }

    const Brush* brushOf(const Axis& axis) const;
    void setBrush(const Axis& axis, double a, double b, bool drag);
    void removeBrush(const Axis& axis);
    void removeClicked();
    Target targetAt(const QPointF& at) const;
    std::optional<std::size_t> nearestAxis(double x) const;
    std::optional<std::size_t> crispAt(const QPointF& at) const;
    void setHovered(std::optional<std::size_t> crisp, const QPoint& at);
    void showMenu(std::optional<std::size_t> axis, const QPoint& at);
    void openEditor(std::size_t axis);
    void closeEditor(bool take);

    void paintAxis(QPainter& p, const Axis& axis, bool current) const;
    void paintLimit(QPainter& p, const Axis& axis) const;
    void paintBrush(QPainter& p, const Axis& axis, bool withNumbers) const;
    void paintCrisp(QPainter& p) const;

    ExplorerState& m_state;
    ParallelAxes m_view;
    ExplorerState::Changes m_pending; // while it could not be seen
    std::vector<Column> m_columns;
    std::vector<Axis> m_axes;
    QRectF m_plot; // where they stand
    std::vector<Crisp> m_crisp;
    std::shared_ptr<const World> m_crispWorld;
    Table m_crispTable;
    RowsKey m_rowsKey;
    std::vector<std::uint8_t> m_rows; // of the cloud: 0 left out, 1 misses something, 2 passes
    int m_rowsMade = 0;
    std::size_t m_passing = 0;
    RasterKey m_rasterKey;
    QImage m_raster;
    DensityMaker m_maker;
    int m_rastersMade = 0;

    std::size_t m_current = 0; // axis that keys are for
    std::optional<std::size_t> m_hover; // of m_crisp
    Drag m_drag = Drag::None;
    std::size_t m_dragAxis = 0;
    QPointF m_pressed;
    bool m_moved = false;
    bool m_onBrush = false; // pressed inside it
    double m_fixed = 0;     // the end that stays
    double m_grab = 0;      // from the pointer to the end that moves
    std::pair<double, double> m_ends; // of the brush that is moved, in pixels
    QTimer m_removal;       // a click removes a brush, unless it becomes a double click
    std::string m_removed;  // its column
    QLineEdit* m_editor;
    std::size_t m_edited = 0; // axis
};

} // namespace paretoscope::desktop

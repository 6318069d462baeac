// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/parallelview.h"

#include "state/brushes.h"
#include "state/filter.h"
#include "state/metrictext.h"
#include "views/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope::desktop {

namespace {

constexpr std::string_view kOrder[] = {"latency", "top1", "energy", "co2e", "params", "macs", "peak-activation-bytes", "weight-bytes", kResolutionColumn, kDepthColumn};
constexpr double kGrab = 12;     // pixels: handles, and to both sides of an axis
constexpr double kStart = 4;     // pixels from which a press is a drag
constexpr double kTitleDrag = 8;
constexpr double kHitPixels = 8; // around a line that is meant
constexpr double kSide = 44;     // room for half a title
constexpr double kBadges = 18;   // room for the letters of pins
constexpr double kBrushWidth = 12;
constexpr double kSpill = 2;     // the density is a little higher than the axes, so that lines at their ends are whole

double distanceToSegment(const QPointF& p, const QPointF& a, const QPointF& b)
{
    const QPointF d = b - a;
    const double length = QPointF::dotProduct(d, d);
    const double t = length > 0 ? std::clamp(QPointF::dotProduct(p - a, d) / length, 0.0, 1.0) : 0;
    const QPointF off = p - (a + t * d);
    return std::hypot(off.x(), off.y());
}

QColor withAlpha(QColor colour, int alpha)
{
    colour.setAlpha(alpha);
    return colour;
}

/// The value that `share` of the values lie below.
double quantile(std::vector<double> values, double share)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace

void ParallelView::Range::widen(double value)
{
    low = std::min(low, value);
    high = std::max(high, value);
}

ParallelView::ParallelView(ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_editor(new QLineEdit(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    m_editor->hide();
    m_editor->setAlignment(Qt::AlignCenter);
    m_editor->installEventFilter(this);
    m_removal.setSingleShot(true);
    connect(m_editor, &QLineEdit::textEdited, this, [this] {
        m_editor->setProperty("wrong", false);
        m_editor->style()->polish(m_editor);
    });
    connect(&m_maker, &DensityMaker::made, this, [this](const QImage& image) {
        m_raster = image;
        update();
    });
    connect(&m_removal, &QTimer::timeout, this, &ParallelView::removeClicked);
    connect(&m_state, &ExplorerState::changed, this, &ParallelView::follow);
    follow(ExplorerState::WorldChanged | ExplorerState::AnswerChanged | ExplorerState::QuestionChanged);
}

void ParallelView::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    m_pending |= what & ~ExplorerState::Changes(S::ProgressChanged | S::PhaseChanged);
    if (!isVisible() || !m_pending)
        return;
    what = std::exchange(m_pending, {});
    if (what & (S::WorldChanged | S::CloudChanged))
        updateColumns();
    if (const auto& answer = m_state.answer(); answer && answer->world == m_state.world() && (what & (S::WorldChanged | S::CloudChanged | S::AnswerChanged)))
        widenBy(answer->front);
    updateCrisp();
    updateRows();
    relayout();
    describe();
    update();
}

void ParallelView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    follow({});
    relayout();
}

/// Ranges begin with those of the cloud. They only grow after that, so that axes do not move under a limit that is dragged.
void ParallelView::updateColumns()
{
    m_columns.clear();
    m_crispWorld.reset();
    const auto& world = m_state.world();
    const auto& cloud = m_state.cloud();
    if (!world || !cloud || cloud->size() == 0)
        return;
    for (const auto name : kOrder) {
        const auto source = NamedColumn::find(*cloud, name);
        if (!source)
            continue;
        Column column{std::string(name), metricOfColumn(name), {}, {}, {}};
        column.values.reserve(cloud->size());
        for (std::size_t i = 0; i < cloud->size(); ++i)
            column.values.push_back(source->at(*world, *cloud, i));
        const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
        column.whole = {*low, *high};
        column.robust = {quantile(column.values, 0.01), quantile(column.values, 0.99)};
        m_columns.push_back(std::move(column));
    }
    for (const auto& column : m_columns)
        if (std::none_of(m_view.axes.begin(), m_view.axes.end(), [&](const ParallelAxis& a) { return a.column == column.name; }))
            m_view.axes.push_back({.column = column.name});
}

void ParallelView::widenBy(const Table& table)
{
    for (auto& column : m_columns)
        if (const auto source = NamedColumn::find(table, column.name))
            for (std::size_t i = 0; i < table.size(); ++i)
                column.whole.widen(source->at(*m_state.world(), table, i));
}

/// Figures are computed only where other subnets are meant than before.
void ParallelView::updateCrisp()
{
    std::vector<Crisp> crisp;
    const auto& world = m_state.world();
    if (world && !m_columns.empty()) {
        const auto& known = world->problem->resolutions();
        const auto add = [&](Role role, char letter, const Subnet& subnet) {
            if (std::find(known.begin(), known.end(), subnet.resolution) != known.end())
                crisp.push_back({role, letter, subnet});
        };
        for (const auto& pin : m_state.question().pins)
            add(Role::Pin, pin.letter, pin.subnet);
        if (m_state.selection())
            add(Role::Selection, 0, *m_state.selection());
        if (const auto& answer = m_state.answer(); answer && answer->suggested)
            add(Role::Suggestion, 0, answer->front.points.subnets[*answer->suggested]);
    }
    if (crisp == m_crisp && world == m_crispWorld)
        return;
    m_crisp = std::move(crisp);
    m_crispWorld = world;
    m_hover.reset();
    std::vector<Subnet> subnets;
    for (const auto& c : m_crisp)
        subnets.push_back(c.subnet);
    m_crispTable = subnets.empty() ? Table() : tabulate(*world, subnets);
    if (!subnets.empty())
        widenBy(m_crispTable);
}

void ParallelView::updateRows()
{
    const auto& q = m_state.question();
    RowsKey key{m_state.world(), m_state.cloud(), q.limits, q.filter, q.brushes, q.showInfeasible, q.showDominated};
    if (key == m_rowsKey)
        return;
    m_rowsKey = std::move(key);
    ++m_rowsMade;
    m_rows.clear();
    m_passing = 0;
    const auto& cloud = m_state.cloud();
    if (!cloud || !m_state.world())
        return;
    const auto parsed = Filter::parse(QString::fromStdString(q.filter));
    const auto* filter = std::get_if<Filter>(&parsed);
    for (std::size_t i = 0; i < cloud->size(); ++i) {
        const bool feasible = missed(*cloud, i, q).empty();
        const bool passes = feasible && passesBrushes(*m_state.world(), *cloud, i, q.brushes) && (!filter || filter->passes(*m_state.world(), *cloud, i));
        m_passing += passes;
        m_rows.push_back(!(feasible ? q.showDominated : q.showInfeasible) ? 0 : passes ? 2 : 1);
    }
}

void ParallelView::updateRaster()
{
    const auto& c = coloursOf(palette());
    const auto rect = rasterRect();
    const auto ratio = devicePixelRatioF();
    // Grey lines all over are soon a wall: they are context only.
    const RasterKey key{m_rowsMade, m_axes, (rect.size() * ratio).toSize(), ratio, withAlpha(c.cloud, c.dark ? 190 : 175).rgba(), withAlpha(c.infeasible, c.dark ? 90 : 115).rgba()};
    if (key == m_rasterKey)
        return;
    const bool sameShape = key.axes == m_rasterKey.axes && key.size == m_rasterKey.size && key.ratio == m_rasterKey.ratio && !m_raster.isNull();
    m_rasterKey = key;
    ++m_rastersMade;
    if (m_axes.size() < 2 || key.size.isEmpty()) {
        m_maker.cancel();
        m_raster = QImage();
        return;
    }
    std::vector<std::size_t> rows;
    DensityMaker::Job job{{}, key.size, ratio, QColor::fromRgba(key.passing), QColor::fromRgba(key.others)};
    auto& lines = job.lines;
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i] != 0) {
            rows.push_back(i);
            lines.passing.push_back(m_rows[i] == 2);
        }
    lines.y.reserve(rows.size() * m_axes.size());
    for (const auto& axis : m_axes) {
        lines.x.push_back((axis.x - rect.left()) * ratio);
        const auto& values = columnOf(axis).values;
        for (const auto row : rows)
            lines.y.push_back(static_cast<float>((yOf(axis, values[row]) - rect.top()) * ratio));
    }
    if (sameShape)
        return m_maker.ask(std::move(job)); // the last picture stays until then: its lines are where the axes are
    m_maker.cancel();
    m_raster = DensityMaker::make(job);
}

void ParallelView::relayout()
{
    const double line = std::ceil(QFontMetricsF(labelFont()).height());
    m_plot = QRectF(QPointF(kSide, 2 * line + 14), QPointF(std::max(kSide + 1, width() - kSide - kBadges), std::max(2 * line + 15, height() - line - 8)));
    m_axes.clear();
    for (std::size_t v = 0; v < m_view.axes.size(); ++v) {
        const auto& view = m_view.axes[v];
        const auto column = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == view.column; });
        if (column == m_columns.end())
            continue;
        Axis axis{static_cast<std::size_t>(column - m_columns.begin()), v, view.robust && column->robust.high > column->robust.low ? column->robust : column->whole, false, view.flipped, 0};
        if (axis.range.high <= axis.range.low) // all are the same
            axis.range = {axis.range.low - 1, axis.range.high + 1};
        axis.logarithmic = view.logarithmic && axis.range.low > 0;
        if (!view.hidden || brushOf(axis))
            m_axes.push_back(axis);
    }
    const auto& area = m_plot;
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        m_axes[i].x = m_axes.size() == 1 ? area.center().x() : area.left() + area.width() * static_cast<double>(i) / static_cast<double>(m_axes.size() - 1);
    if (m_current >= m_axes.size())
        m_current = 0;
    if (m_editor->isVisible() && m_edited >= m_axes.size())
        closeEditor(false);
}

void ParallelView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    closeEditor(false);
    relayout();
}

void ParallelView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        relayout();
    if (event->type() == QEvent::LanguageChange)
        describe();
    update(); // the colours are part of what the density is kept by
    QWidget::changeEvent(event);
}

void ParallelView::describe()
{
    setAccessibleName(tr("Parallel coordinates"));
    setAccessibleDescription(summary());
    m_editor->setAccessibleName(tr("Range, low and high"));
}

QString ParallelView::summary() const
{
    if (m_axes.empty())
        return tr("Nothing is open.");
    QStringList texts;
    const auto ofAxis = [&](const Axis& axis) {
        const auto& column = columnOf(axis);
        auto text = tr("%1 from %2 to %3").arg(titleOf(column), shownValue(column, axis.range.low, false), shownValue(column, axis.range.high, true));
        if (const auto* b = brushOf(axis))
            text = tr("%1, brushed from %2 to %3").arg(text, shownValue(column, b->low, false), shownValue(column, b->high, true));
        const auto* limit = column.metric ? std::as_const(m_state.question()).limit(*column.metric) : nullptr;
        if (limit && limit->on)
            text = isMaximised(*column.metric) ? tr("%1, limited to at least %2").arg(text, shownValue(column, limit->value, true)) : tr("%1, limited to at most %2").arg(text, shownValue(column, limit->value, true));
        return axis.flipped ? tr("%1, flipped").arg(text) : text;
    };
    if (hasFocus())
        texts += tr("Axis %1 of %2: %3.").arg(m_current + 1).arg(m_axes.size()).arg(ofAxis(m_axes[m_current]));
    texts += tr("%1 of %2 sampled subnets pass limits, brushes and filter.").arg(QLocale().toString(static_cast<qulonglong>(m_passing)), QLocale().toString(static_cast<qulonglong>(m_rows.size())));
    QStringList all;
    for (const auto& axis : m_axes)
        all += ofAxis(axis);
    texts += tr("Axes: %1.").arg(all.join(QStringLiteral("; ")));
    return texts.join(u' ');
}

void ParallelView::setAxes(const ParallelAxes& axes)
{
    auto wanted = axes;
    for (const auto& column : m_columns)
        if (std::none_of(wanted.axes.begin(), wanted.axes.end(), [&](const ParallelAxis& a) { return a.column == column.name; }))
            wanted.axes.push_back({.column = column.name});
    if (wanted == m_view)
        return;
    closeEditor(false);
    m_view = std::move(wanted);
    relayout();
    describe();
    update();
    emit axesChanged();
}

void ParallelView::changeAxis(std::size_t axis, bool ParallelAxis::*what, bool on)
{
    auto view = m_view;
    view.axes[m_axes[axis].view].*what = on;
    setAxes(view);
}

/// Over the hidden ones in between.
void ParallelView::moveAxis(std::size_t from, std::size_t to)
{
    auto view = m_view;
    const auto a = static_cast<std::ptrdiff_t>(m_axes[from].view), b = static_cast<std::ptrdiff_t>(m_axes[to].view);
    const auto begin = view.axes.begin();
    if (a < b)
        std::rotate(begin + a, begin + a + 1, begin + b + 1);
    else
        std::rotate(begin + b, begin + a, begin + a + 1);
    m_current = to;
    setAxes(view);
}

void ParallelView::hideAxis(std::size_t axis)
{
    const auto column = columnOf(m_axes[axis]).name;
    changeAxis(axis, &ParallelAxis::hidden, true);
    // It is still there where it has a brush: nothing that cannot be seen narrows what is shown.
    for (const auto& a : m_axes)
        if (columnOf(a).name == column)
            return removeBrush(a);
}

void ParallelView::showAll()
{
    auto view = m_view;
    for (auto& a : view.axes)
        a.hidden = false;
    setAxes(view);
}

QFont ParallelView::labelFont() const
{
    auto small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    return small;
}

QRectF ParallelView::rasterRect() const
{
    if (m_axes.empty())
        return {};
    const auto& area = m_plot;
    return QRectF(QPointF(std::floor(m_axes.front().x), std::floor(area.top() - kSpill)), QPointF(std::ceil(m_axes.back().x), std::ceil(area.bottom() + kSpill)));
}

double ParallelView::slotWidth() const { return m_axes.size() < 2 ? 2 * kSide : m_axes[1].x - m_axes[0].x; }

double ParallelView::share(const Axis& axis, double value) const
{
    const auto [low, high] = axis.range;
    const double s = axis.logarithmic ? std::log(std::max(value, low * 1e-9) / low) / std::log(high / low) : (value - low) / (high - low);
    return axis.flipped ? 1 - s : s;
}

double ParallelView::yOf(const Axis& axis, double value) const
{
    const auto& area = m_plot;
    return area.bottom() - share(axis, value) * area.height();
}

double ParallelView::yInside(const Axis& axis, double value) const { return std::clamp(yOf(axis, value), m_plot.top(), m_plot.bottom()); }

/// At the end of a robust axis everything beyond is meant, too.
double ParallelView::valueAt(const Axis& axis, double y) const
{
    const auto& area = m_plot;
    double s = (area.bottom() - y) / area.height();
    if (axis.flipped)
        s = 1 - s;
    const auto [low, high] = axis.range;
    if (s <= 0)
        return std::min(low, columnOf(axis).whole.low);
    if (s >= 1)
        return std::max(high, columnOf(axis).whole.high);
    return axis.logarithmic ? low * std::pow(high / low, s) : low + s * (high - low);
}

std::optional<QPointF> ParallelView::place(std::string_view column, double value) const
{
    for (const auto& axis : m_axes)
        if (columnOf(axis).name == column)
            return QPointF(axis.x, yOf(axis, value));
    return std::nullopt;
}

QString ParallelView::titleOf(const Column& column) const
{
    if (column.metric)
        return title(*column.metric);
    return column.name == kResolutionColumn ? tr("Resolution") : tr("Depth");
}

QString ParallelView::shownValue(const Column& column, double value, bool withUnit) const
{
    if (column.metric)
        return shown(*column.metric, value, withUnit);
    const auto text = QLocale().toString(value, 'f', value == std::round(value) ? 0 : 1);
    return withUnit && column.name == kResolutionColumn ? tr("%1 px").arg(text) : text;
}

const Brush* ParallelView::brushOf(const Axis& axis) const
{
    const auto& brushes = m_state.question().brushes;
    const auto it = std::find_if(brushes.begin(), brushes.end(), [&](const Brush& b) { return b.column == columnOf(axis).name; });
    return it == brushes.end() ? nullptr : &*it;
}

void ParallelView::setBrush(const Axis& axis, double a, double b, bool drag)
{
    const Brush brush{columnOf(axis).name, std::min(a, b), std::max(a, b)};
    m_state.change(tr("Brush %1").arg(titleOf(columnOf(axis))), drag ? "brush " + brush.column : std::string(), [&](Question& q) {
        const auto it = std::find_if(q.brushes.begin(), q.brushes.end(), [&](const Brush& other) { return other.column == brush.column; });
        it == q.brushes.end() ? q.brushes.push_back(brush) : void(*it = brush);
    });
}

void ParallelView::removeBrush(const Axis& axis)
{
    const auto column = columnOf(axis).name; // the axis may be gone afterwards
    m_state.change(tr("Remove the brush of %1").arg(titleOf(columnOf(axis))), "", [&](Question& q) { std::erase_if(q.brushes, [&](const Brush& b) { return b.column == column; }); });
}

void ParallelView::removeClicked()
{
    m_removal.stop();
    const auto axis = std::find_if(m_axes.begin(), m_axes.end(), [&](const Axis& a) { return columnOf(a).name == m_removed; });
    if (axis != m_axes.end())
        removeBrush(*axis);
}

std::optional<std::size_t> ParallelView::nearestAxis(double x) const
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        if (!best || std::abs(m_axes[i].x - x) < std::abs(m_axes[*best].x - x))
            best = i;
    return best;
}

ParallelView::Target ParallelView::targetAt(const QPointF& at) const
{
    const auto nearest = nearestAxis(at.x());
    if (!nearest)
        return {};
    const auto& axis = m_axes[*nearest];
    const auto& area = m_plot;
    const double aside = std::abs(axis.x - at.x());
    if (at.y() < area.top() - kSpill)
        return aside <= slotWidth() / 2 ? Target{Part::Title, *nearest} : Target{};
    if (aside > std::min(kGrab, slotWidth() / 2) || at.y() > area.bottom() + kGrab)
        return {};
    if (const auto* b = brushOf(axis)) {
        const double low = yInside(axis, b->low), high = yInside(axis, b->high);
        const double top = std::min(low, high), bottom = std::max(low, high);
        const double inside = std::min(kGrab, (bottom - top) / 3); // a small brush can still be moved
        const bool lowIsTop = low < high;
        if (at.y() >= top - kGrab && at.y() <= top + inside)
            return {Part::BrushEnd, *nearest, lowIsTop};
        if (at.y() >= bottom - inside && at.y() <= bottom + kGrab)
            return {Part::BrushEnd, *nearest, !lowIsTop};
        if (at.y() > top && at.y() < bottom)
            return {Part::Brush, *nearest};
    }
    return {Part::Axis, *nearest};
}

std::optional<std::size_t> ParallelView::crispAt(const QPointF& at) const
{
    std::optional<std::size_t> best;
    double least = kHitPixels;
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        const auto source = NamedColumn::find(m_crispTable, columnOf(m_axes[axis]).name);
        const auto before = axis > 0 ? NamedColumn::find(m_crispTable, columnOf(m_axes[axis - 1]).name) : std::nullopt;
        if (!source || !before)
            continue;
        for (std::size_t i = 0; i < m_crisp.size(); ++i) {
            const QPointF a(m_axes[axis - 1].x, yOf(m_axes[axis - 1], before->at(*m_crispWorld, m_crispTable, i)));
            const QPointF b(m_axes[axis].x, yOf(m_axes[axis], source->at(*m_crispWorld, m_crispTable, i)));
            const double pixels = distanceToSegment(at, a, b);
            if (pixels <= least) {
                least = pixels;
                best = i;
            }
        }
    }
    return best;
}

void ParallelView::setHovered(std::optional<std::size_t> crisp, const QPoint& at)
{
    if (crisp != m_hover) {
        m_hover = crisp;
        update();
    }
    emit hovered(crisp ? std::optional(m_crisp[*crisp].subnet) : std::nullopt, at);
}

void ParallelView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    closeEditor(true);
    if (m_removal.isActive()) // no double click any more
        removeClicked();
    const auto target = targetAt(event->position());
    m_pressed = event->position();
    m_moved = false;
    m_dragAxis = target.axis;
    m_onBrush = false;
    m_drag = Drag::Elsewhere;
    if (target.part == Part::Nothing)
        return;
    m_current = target.axis;
    update();
    if (target.part == Part::Title) {
        m_drag = Drag::Title;
        return;
    }
    const auto& axis = m_axes[target.axis];
    const auto* b = brushOf(axis);
    m_drag = Drag::Range;
    m_grab = 0;
    m_fixed = valueAt(axis, m_pressed.y());
    if (!b)
        return;
    const double low = yInside(axis, b->low), high = yInside(axis, b->high);
    m_onBrush = m_pressed.y() >= std::min(low, high) && m_pressed.y() <= std::max(low, high);
    if (target.part == Part::BrushEnd) {
        m_fixed = target.low ? b->high : b->low;
        m_grab = (target.low ? low : high) - m_pressed.y();
    } else if (target.part == Part::Brush) {
        m_drag = Drag::Move;
        m_ends = {low, high};
    }
}

void ParallelView::mouseMoveEvent(QMouseEvent* event)
{
    const auto at = event->position();
    if (m_drag == Drag::None) {
        const auto target = targetAt(at);
        setCursor(target.part == Part::Title ? Qt::PointingHandCursor : target.part == Part::BrushEnd ? Qt::SizeVerCursor : target.part == Part::Brush ? Qt::OpenHandCursor : target.part == Part::Axis ? Qt::CrossCursor : Qt::ArrowCursor);
        setHovered(target.part == Part::Nothing || target.part == Part::Axis ? crispAt(at) : std::nullopt, event->globalPosition().toPoint());
        return;
    }
    const double way = m_drag == Drag::Title ? std::abs(at.x() - m_pressed.x()) - kTitleDrag : std::abs(at.y() - m_pressed.y()) - kStart;
    if (m_drag == Drag::Elsewhere || m_dragAxis >= m_axes.size() || (!m_moved && way < 0))
        return;
    m_moved = true;
    const auto axis = m_axes[m_dragAxis]; // a copy: what changes is laid out anew
    const auto& area = m_plot;
    if (m_drag == Drag::Range) {
        setBrush(axis, m_fixed, valueAt(axis, at.y() + m_grab), true);
    } else if (m_drag == Drag::Move) {
        const double top = std::min(m_ends.first, m_ends.second), bottom = std::max(m_ends.first, m_ends.second);
        const double by = std::clamp(at.y() - m_pressed.y(), area.top() - top, area.bottom() - bottom);
        setBrush(axis, valueAt(axis, m_ends.first + by), valueAt(axis, m_ends.second + by), true);
    } else if (const auto to = nearestAxis(at.x()); to && *to != m_dragAxis) {
        const auto from = std::exchange(m_dragAxis, *to);
        moveAxis(from, *to);
    }
}

void ParallelView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto drag = std::exchange(m_drag, Drag::None);
    update();
    if ((drag == Drag::Range || drag == Drag::Move) && m_moved)
        return m_state.endMerge();
    if (drag == Drag::None || m_moved || m_dragAxis >= m_axes.size())
        return;
    if (drag == Drag::Title)
        return changeAxis(m_dragAxis, &ParallelAxis::flipped, !m_axes[m_dragAxis].flipped);
    if (drag != Drag::Elsewhere && m_onBrush) {
        m_removed = columnOf(m_axes[m_dragAxis]).name;
        m_removal.start(QApplication::doubleClickInterval());
        return;
    }
    const auto found = crispAt(event->position());
    if (found)
        m_state.select(m_crisp[*found].subnet);
    else if (drag == Drag::Elsewhere)
        m_state.select(std::nullopt);
}

void ParallelView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto target = targetAt(event->position());
    if (event->button() != Qt::LeftButton || target.part == Part::Nothing || target.part == Part::Title)
        return mousePressEvent(event); // two clicks
    m_removal.stop();
    openEditor(target.axis);
}

void ParallelView::leaveEvent(QEvent* event)
{
    setHovered(std::nullopt, {});
    QWidget::leaveEvent(event);
}

void ParallelView::openEditor(std::size_t axis)
{
    const auto& shownAxis = m_axes[axis];
    const auto& column = columnOf(shownAxis);
    const auto* b = brushOf(shownAxis);
    const double factor = column.metric ? shownFactor(*column.metric) : 1;
    const auto number = [&](double value) { return QString::number(value * factor, 'g', 5); };
    m_edited = axis;
    m_editor->setText(b ? QStringLiteral("%1 %2").arg(number(b->low), number(b->high)) : QString());
    m_editor->setPlaceholderText(tr("low high"));
    m_editor->setModified(false);
    m_editor->setProperty("wrong", false);
    m_editor->setToolTip(column.metric ? tr("Two numbers, in %1 or with their unit; or <20").arg(shownUnit(*column.metric)) : tr("Two numbers, or <20"));
    m_editor->style()->polish(m_editor);
    const auto& area = m_plot;
    const QSize size(130, m_editor->sizeHint().height());
    m_editor->setGeometry(QRect(QPoint(std::clamp(static_cast<int>(shownAxis.x) - size.width() / 2, 0, std::max(0, width() - size.width())), static_cast<int>(area.center().y()) - size.height() / 2), size));
    m_editor->selectAll();
    m_editor->show();
    m_editor->setFocus();
}

/// What is wrong stays open, so that it can be mended.
void ParallelView::closeEditor(bool take)
{
    if (m_editor->isHidden())
        return;
    if (take && m_editor->isModified() && m_edited < m_axes.size()) {
        const auto axis = m_axes[m_edited];
        const auto& column = columnOf(axis);
        const auto range = typedRange(column.metric, m_editor->text(), {column.whole.low, column.whole.high});
        if (!range && !m_editor->text().trimmed().isEmpty()) {
            m_editor->setProperty("wrong", true);
            m_editor->style()->polish(m_editor);
            return;
        }
        m_editor->setModified(false);
        range ? setBrush(axis, range->first, range->second, false) : removeBrush(axis);
    }
    const bool focused = m_editor->hasFocus();
    m_editor->hide();
    if (focused)
        setFocus();
}

bool ParallelView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_editor && event->type() == QEvent::FocusOut && m_editor->isVisible()) {
        closeEditor(true);
        m_editor->hide(); // gone for good: nobody is there to mend it
    }
    if (watched == m_editor && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        // Before the window takes Escape to stop a search, and before the view takes Enter to open the editor.
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept();
            if (event->type() == QEvent::KeyPress)
                closeEditor(key != Qt::Key_Escape);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ParallelView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard)
        return showMenu(m_axes.empty() ? std::nullopt : std::optional(m_current), m_axes.empty() ? event->globalPos() : mapToGlobal(QPointF(m_axes[m_current].x, m_plot.top()).toPoint()));
    const auto target = targetAt(event->pos());
    showMenu(target.part == Part::Nothing ? std::nullopt : std::optional(target.axis), event->globalPos());
}

void ParallelView::showMenu(std::optional<std::size_t> axis, const QPoint& at)
{
    if (m_axes.empty())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    // What the menu is for may have gone when it is answered: it is found again by its name.
    const auto on = [this](const std::string& column, auto&& f) {
        for (std::size_t i = 0; i < m_axes.size(); ++i)
            if (columnOf(m_axes[i]).name == column)
                return f(i);
    };
    if (axis) {
        const auto& shownAxis = m_axes[*axis];
        const auto column = columnOf(shownAxis).name;
        const auto& view = m_view.axes[shownAxis.view];
        const auto toggle = [&](const QString& text, bool ParallelAxis::*what) {
            auto* action = menu->addAction(text);
            action->setCheckable(true);
            action->setChecked(view.*what);
            connect(action, &QAction::triggered, this, [=, this](bool checked) { on(column, [&](std::size_t i) { changeAxis(i, what, checked); }); });
            return action;
        };
        menu->addSection(titleOf(columnOf(shownAxis)));
        toggle(tr("Flip"), &ParallelAxis::flipped);
        toggle(tr("Logarithmic"), &ParallelAxis::logarithmic)->setEnabled(shownAxis.range.low > 0);
        toggle(tr("Robust range (1 % to 99 %)"), &ParallelAxis::robust);
        menu->addSeparator();
        connect(menu->addAction(tr("Type a range…")), &QAction::triggered, this, [=, this] { on(column, [&](std::size_t i) { openEditor(i); }); });
        auto* lift = menu->addAction(tr("Remove brush"));
        lift->setEnabled(brushOf(shownAxis) != nullptr);
        connect(lift, &QAction::triggered, this, [=, this] { on(column, [&](std::size_t i) { removeBrush(m_axes[i]); }); });
        menu->addSeparator();
        auto* hide = menu->addAction(tr("Hide"));
        hide->setEnabled(m_axes.size() > 1);
        connect(hide, &QAction::triggered, this, [=, this] { on(column, [&](std::size_t i) { hideAxis(i); }); });
    }
    auto* all = menu->addAction(tr("Show all"));
    all->setEnabled(std::any_of(m_view.axes.begin(), m_view.axes.end(), [](const ParallelAxis& a) { return a.hidden; }));
    connect(all, &QAction::triggered, this, &ParallelView::showAll);
    menu->popup(at);
}

/// Left and right walk over the axes, with Ctrl they move one; Enter types a range, Delete removes it, Space flips.
void ParallelView::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    const int step = key == Qt::Key_Right ? 1 : key == Qt::Key_Left ? -1 : 0;
    if (m_axes.empty() || m_editor->isVisible())
        return QWidget::keyPressEvent(event);
    if (step != 0) {
        const auto to = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(m_current) + step, 0, static_cast<std::ptrdiff_t>(m_axes.size()) - 1));
        if (event->modifiers() & Qt::ControlModifier && to != m_current)
            moveAxis(m_current, to);
        m_current = to;
    } else if (key == Qt::Key_Home || key == Qt::Key_End) {
        m_current = key == Qt::Key_Home ? 0 : m_axes.size() - 1;
    } else if (key == Qt::Key_Delete || key == Qt::Key_Backspace) {
        removeBrush(m_axes[m_current]);
    } else if (key == Qt::Key_Space) {
        changeAxis(m_current, &ParallelAxis::flipped, !m_axes[m_current].flipped);
    } else if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        return openEditor(m_current);
    } else {
        return QWidget::keyPressEvent(event);
    }
    describe();
    update();
}

void ParallelView::focusInEvent(QFocusEvent* event)
{
    if (event->reason() == Qt::TabFocusReason)
        m_current = 0;
    else if (event->reason() == Qt::BacktabFocusReason && !m_axes.empty())
        m_current = m_axes.size() - 1;
    describe();
    QWidget::focusInEvent(event);
}

void ParallelView::focusOutEvent(QFocusEvent* event)
{
    describe();
    QWidget::focusOutEvent(event);
}

/// Tab goes from axis to axis, and from the last one on.
bool ParallelView::focusNextPrevChild(bool next)
{
    if (m_editor->isVisible()) {
        closeEditor(true);
        return true;
    }
    if (!hasFocus() || m_axes.empty() || m_current == (next ? m_axes.size() - 1 : 0))
        return QWidget::focusNextPrevChild(next);
    m_current += next ? 1 : -1;
    describe();
    update();
    return true;
}

void ParallelView::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    const auto& c = coloursOf(palette());
    p.fillRect(rect(), c.card);
    if (m_axes.empty())
        return;
    updateRaster();
    p.setRenderHint(QPainter::Antialiasing);
    p.setFont(labelFont());
    if (!m_raster.isNull())
        p.drawImage(rasterRect().topLeft(), m_raster);
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        paintAxis(p, m_axes[i], i == m_current && hasFocus());
    paintCrisp(p);
    const bool dragging = m_drag == Drag::Range || m_drag == Drag::Move;
    for (std::size_t i = 0; i < m_axes.size(); ++i) {
        paintLimit(p, m_axes[i]);
        paintBrush(p, m_axes[i], dragging ? i == m_dragAxis : hasFocus() && i == m_current);
    }
}

void ParallelView::paintAxis(QPainter& p, const Axis& axis, bool current) const
{
    const auto& c = coloursOf(palette());
    const auto& area = m_plot;
    const auto& column = columnOf(axis);
    const QFontMetricsF metrics(p.font());
    const double line = std::ceil(metrics.height()), room = std::min(slotWidth(), 2 * kSide) - 4;
    const QRectF head(axis.x - room / 2, 3, room, line), top(axis.x - room / 2, 7 + line, room, line), foot(axis.x - room / 2, area.bottom() + 5, room, line);
    const bool moving = m_drag == Drag::Title && m_moved && &axis == &m_axes[std::min(m_dragAxis, m_axes.size() - 1)];
    if (current || moving) {
        p.setPen(current ? QPen(c.accent, 1, Qt::DotLine) : QPen(Qt::NoPen));
        p.setBrush(moving ? QBrush(withAlpha(c.accent, 40)) : QBrush(Qt::NoBrush));
        p.drawRoundedRect(head.adjusted(-1, -1, 1, 1), 4, 4);
    }
    p.setPen(c.text);
    const QString name = axis.flipped ? QStringLiteral("%1 ↓").arg(titleOf(column)) : titleOf(column);
    p.drawText(head, Qt::AlignCenter, metrics.elidedText(name, Qt::ElideRight, room));
    p.setPen(c.quietText);
    const auto low = shownValue(column, axis.range.low, axis.flipped), high = shownValue(column, axis.range.high, !axis.flipped); // the unit stands above
    p.drawText(top, Qt::AlignCenter, axis.flipped ? low : high);
    p.drawText(foot, Qt::AlignCenter, axis.flipped ? high : low);
    p.setPen(QPen(c.quietText, 1));
    p.drawLine(QPointF(axis.x, area.top()), QPointF(axis.x, area.bottom()));
}

/// A bar across the axis; beyond it the axis is only dotted.
void ParallelView::paintLimit(QPainter& p, const Axis& axis) const
{
    const auto& column = columnOf(axis);
    const auto* limit = column.metric ? std::as_const(m_state.question()).limit(*column.metric) : nullptr;
    if (!limit || !limit->on)
        return;
    const auto& c = coloursOf(palette());
    const auto& area = m_plot;
    const double at = yInside(axis, limit->value);
    const bool below = isMaximised(*column.metric) != axis.flipped; // what is not allowed
    const double end = below ? area.bottom() : area.top();
    p.setPen(QPen(c.card, 3));
    p.drawLine(QPointF(axis.x, at), QPointF(axis.x, end));
    p.setPen(QPen(c.infeasible, 1.5, Qt::DotLine));
    p.drawLine(QPointF(axis.x, at), QPointF(axis.x, end));
    p.setPen(QPen(c.text, 2));
    p.drawLine(QPointF(axis.x - 8, at), QPointF(axis.x + 8, at));
    const double towards = below ? -5 : 5;
    QPainterPath arrow; // to what is allowed
    arrow.moveTo(axis.x - 4, at);
    arrow.lineTo(axis.x + 4, at);
    arrow.lineTo(axis.x, at + towards);
    arrow.closeSubpath();
    p.fillPath(arrow, c.text);
}

void ParallelView::paintBrush(QPainter& p, const Axis& axis, bool withNumbers) const
{
    const auto* b = brushOf(axis);
    if (!b)
        return;
    const auto& c = coloursOf(palette());
    const auto& area = m_plot;
    const auto& column = columnOf(axis);
    const double low = yInside(axis, b->low), high = yInside(axis, b->high);
    const double top = std::min(low, high), bottom = std::max(low, high);
    const bool going = m_removal.isActive() && m_removed == b->column;
    p.save();
    if (going) // at once, for the eye
        p.setOpacity(0.35);
    p.setPen(QPen(c.accent, 1));
    p.setBrush(withAlpha(c.accent, 70));
    p.drawRoundedRect(QRectF(axis.x - kBrushWidth / 2, top, kBrushWidth, std::max(1.0, bottom - top)), 3, 3);
    p.setPen(Qt::NoPen);
    p.setBrush(c.accent);
    for (const double end : {top, bottom})
        p.drawRoundedRect(QRectF(axis.x - 8, end - 2, 16, 4), 2, 2);
    p.restore();
    if (!withNumbers || going)
        return;
    const QFontMetricsF metrics(p.font());
    const bool left = axis.x > width() / 2.0;
    for (const bool upper : {true, false}) {
        const auto text = shownValue(column, (low < high) == upper ? b->low : b->high, true);
        const double w = metrics.horizontalAdvance(text) + 10, h = metrics.height() + 2;
        const double y = std::clamp((upper ? top : bottom) - (upper ? h - 2 : 2), area.top() - 2, area.bottom() + 2 - h);
        const QRectF box(left ? axis.x - 12 - w : axis.x + 12, y, w, h);
        p.setPen(QPen(c.line, 1));
        p.setBrush(c.card);
        p.drawRoundedRect(box, 3, 3);
        p.setPen(c.text);
        p.drawText(box, Qt::AlignCenter, text);
    }
}

void ParallelView::paintCrisp(QPainter& p) const
{
    if (m_crisp.empty())
        return;
    const auto& c = coloursOf(palette());
    const auto& area = m_plot;
    std::vector<NamedColumn> sources;
    for (const auto& axis : m_axes)
        if (const auto source = NamedColumn::find(m_crispTable, columnOf(axis).name))
            sources.push_back(*source);
    if (sources.size() != m_axes.size())
        return;
    p.save();
    p.setClipRect(area.adjusted(-3, -3, 3, 3)); // beyond a robust range they leave
    std::vector<std::pair<double, std::size_t>> ends; // by height
    for (std::size_t i = 0; i < m_crisp.size(); ++i) {
        QPolygonF line;
        for (std::size_t a = 0; a < m_axes.size(); ++a)
            line << QPointF(m_axes[a].x, yOf(m_axes[a], sources[a].at(*m_crispWorld, m_crispTable, i)));
        const auto role = m_crisp[i].role;
        const auto& subnet = m_crisp[i].subnet;
        // What is selected and has a colour already is drawn wider instead.
        if (role == Role::Selection && std::any_of(m_crisp.begin(), m_crisp.end(), [&](const Crisp& o) { return o.role != Role::Selection && o.subnet == subnet; }))
            continue;
        const bool wide = (role != Role::Selection && subnet == m_state.selection()) || (m_hover && m_crisp[*m_hover].subnet == subnet);
        p.setBrush(Qt::NoBrush);
        const double width = (role == Role::Pin ? 2 : 2.4) + (wide ? 1.2 : 0);
        p.setPen(QPen(withAlpha(c.card, 200), width + 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin)); // stands out from the cloud
        p.drawPolyline(line);
        p.setPen(QPen(role == Role::Pin ? c.pin : role == Role::Suggestion ? c.suggestion : c.text, width, role == Role::Selection ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.drawPolyline(line);
        if (role != Role::Selection)
            ends.emplace_back(std::clamp(line.back().y(), area.top(), area.bottom()), i);
    }
    p.restore();
    // Letters that would lie on one another move apart, downwards and then up again from the end of the axis.
    constexpr double kApart = 15;
    std::sort(ends.begin(), ends.end());
    for (std::size_t k = 1; k < ends.size(); ++k)
        ends[k].first = std::max(ends[k].first, ends[k - 1].first + kApart);
    double lowest = area.bottom() + 4;
    for (auto end = ends.rbegin(); end != ends.rend(); ++end, lowest -= kApart)
        end->first = std::min(end->first, lowest);
    for (const auto& [y, i] : ends) {
        const bool pin = m_crisp[i].role == Role::Pin;
        const QRectF box(m_axes.back().x + kGrab + 3, y - 7, 14, 14);
        p.setPen(QPen(c.card, 1));
        p.setBrush(pin ? c.pin : c.suggestion);
        p.drawRoundedRect(box, 3, 3);
        p.setPen(pin || c.dark ? QColor(0x08120e) : QColor(Qt::white));
        p.drawText(box, Qt::AlignCenter, pin ? QString(QLatin1Char(m_crisp[i].letter)) : QStringLiteral("★"));
    }
}

} // namespace paretoscope::desktop

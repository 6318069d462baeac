// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/tradeoffplot.h"

#include "state/brushes.h"
#include "state/filter.h"
#include "state/metrictext.h"
#include "views/theme.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope::desktop {

namespace {

constexpr double kGrab = 6;       // pixels around an edge that is dragged
constexpr double kHitPixels = 12; // around a subnet that is meant
constexpr std::size_t kMostViews = 50;

/// A marker as a picture: QCustomPlot draws a hundred thousand of them in a frame, circles it does not.
QPixmap disc(const QColor& fill, const QColor& outline, double size, qreal ratio)
{
    const double all = size + 2;
    QPixmap pixmap((QSizeF(all, all) * ratio).toSize());
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter p(&pixmap);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(outline.isValid() ? QPen(outline, 1) : QPen(Qt::NoPen));
    p.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    p.drawEllipse(QRectF(1, 1, size, size));
    return pixmap;
}

QPainterPath star(double radius)
{
    QPainterPath path;
    for (int i = 0; i < 10; ++i) {
        const double r = i % 2 == 0 ? radius : radius * 0.42, angle = M_PI * (i / 5.0 - 0.5);
        const QPointF at(r * std::cos(angle), r * std::sin(angle));
        i == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    path.closeSubpath();
    return path;
}

} // namespace

TradeoffPlot::TradeoffPlot(ExplorerState& state, QWidget* parent)
    : QCustomPlot(parent)
    , m_state(state)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(300, 200);
    setNoAntialiasingOnDrag(false);
    const auto graph = [&] {
        auto* g = addGraph();
        g->setAdaptiveSampling(false); // it would leave points out
        g->setLineStyle(QCPGraph::lsNone);
        return g;
    };
    m_infeasible = graph();
    m_feasible = graph();
    m_low = graph();
    m_high = graph();
    m_step = graph();
    m_frontMarks = graph();
    m_selected = graph();
    m_suggestion = graph();
    for (auto* g : {m_low, m_high, m_step})
        g->setLineStyle(QCPGraph::lsStepLeft); // up to the next point nothing is better
    m_high->setChannelFillGraph(m_low);

    addLayer(QStringLiteral("limits"), layer(QStringLiteral("main")), QCustomPlot::limAbove);
    setCurrentLayer(QStringLiteral("limits"));
    for (auto** rect : {&m_beyondX, &m_beyondY}) {
        *rect = new QCPItemRect(this);
        (*rect)->setPen(Qt::NoPen);
    }
    for (auto** line : {&m_limitX, &m_limitY})
        *line = new QCPItemLine(this);
    for (auto** label : {&m_labelX, &m_labelY}) {
        *label = new QCPItemText(this);
        (*label)->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
        (*label)->setPadding(QMargins(5, 2, 5, 2));
    }
    setCurrentLayer(QStringLiteral("overlay"));
    layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);

    setInteraction(QCP::iRangeZoom, true);
    axisRect()->setRangeZoom(Qt::Horizontal | Qt::Vertical);
    for (auto* axis : {xAxis, yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] { thinFrontMarks(); });
    connect(&m_state, &ExplorerState::changed, this, &TradeoffPlot::follow);
    recolour();
    retitle();
    redrawLimits();
}

void TradeoffPlot::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & S::WorldChanged)
        m_fitted = false;
    if (what & (S::WorldChanged | S::QuestionChanged))
        retitle();
    if (what & (S::WorldChanged | S::CloudChanged | S::QuestionChanged))
        redrawCloud();
    if (what & (S::WorldChanged | S::AnswerChanged | S::QuestionChanged | S::PhaseChanged))
        redrawFront();
    if (what & (S::WorldChanged | S::AnswerChanged | S::QuestionChanged | S::SelectionChanged))
        redrawMarks();
    if (what & (S::QuestionChanged | S::WorldChanged))
        redrawLimits();
    if (!m_fitted && m_state.cloud()) {
        m_fitted = true;
        m_views.clear();
        fitView();
    }
    setAccessibleName(tr("Trade-off of %1 and %2").arg(title(m_state.question().axes.y), title(m_state.question().axes.x)));
    setAccessibleDescription(summary());
    replot(QCustomPlot::rpQueuedReplot);
}

std::optional<std::size_t> TradeoffPlot::xColumn(const Table& table) const { return table.column({m_state.question().axes.x, 0}); }
std::optional<std::size_t> TradeoffPlot::yColumn(const Table& table) const { return table.column({m_state.question().axes.y, 0}); }
double TradeoffPlot::shownValue(Metric metric, double value) const { return value * shownFactor(metric); }

void TradeoffPlot::recolour()
{
    const auto& c = coloursOf(palette());
    setBackground(c.card);
    axisRect()->setBackground(c.card);
    const auto fontOfAxis = font();
    for (auto* axis : {xAxis, yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(c.quietText);
        axis->setLabelColor(c.text);
        axis->setTickLabelFont(fontOfAxis);
        axis->setLabelFont(fontOfAxis);
        axis->grid()->setPen(QPen(c.line, 1));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    const auto ratio = devicePixelRatioF();
    auto faint = c.cloud;
    faint.setAlpha(110);
    m_feasible->setScatterStyle(QCPScatterStyle(disc(faint, {}, 5, ratio)));
    auto grey = c.infeasible;
    grey.setAlpha(150);
    m_infeasible->setScatterStyle(QCPScatterStyle(disc({}, grey, 5, ratio)));
    for (auto* g : {m_low, m_high})
        g->setPen(Qt::NoPen);
    m_high->setBrush(c.frontBand);
    m_step->setPen(QPen(c.front, 2));
    m_frontMarks->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(c.front, 1.5), c.card, 8));
    m_selected->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(c.text, 2), QBrush(Qt::NoBrush), 15));
    m_suggestion->setScatterStyle(QCPScatterStyle(star(9), QPen(c.card, 1.2), c.suggestion));
    auto hatch = c.infeasible;
    hatch.setAlpha(70);
    for (auto* rect : {m_beyondX, m_beyondY})
        rect->setBrush(QBrush(hatch, Qt::BDiagPattern));
    for (auto* line : {m_limitX, m_limitY})
        line->setPen(QPen(c.text, 1.5, Qt::DashLine));
    for (auto* label : {m_labelX, m_labelY}) {
        label->setColor(c.text);
        label->setBrush(c.card);
        label->setFont(fontOfAxis);
    }
}

void TradeoffPlot::retitle()
{
    const auto& axes = m_state.question().axes;
    const auto label = [&](Metric metric) {
        auto text = QStringLiteral("%1 (%2)").arg(title(metric), shownUnit(metric));
        if (m_state.world() && dependsOnDevice(metric) && !m_state.world()->devices.empty())
            text = tr("%1 on %2 (%3)").arg(title(metric), QString::fromStdString(m_state.world()->devices.front().device.title), shownUnit(metric));
        return text;
    };
    xAxis->setLabel(label(axes.x));
    yAxis->setLabel(label(axes.y));
    xAxis->setScaleType(axes.logX ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    xAxis->setTicker(axes.logX ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog) : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
}

void TradeoffPlot::redrawCloud()
{
    QVector<QCPGraphData> in, out;
    const auto& cloud = m_state.cloud();
    const auto x = cloud ? xColumn(*cloud) : std::nullopt, y = cloud ? yColumn(*cloud) : std::nullopt;
    if (x && y) {
        const auto& q = m_state.question();
        const auto parsed = Filter::parse(QString::fromStdString(q.filter));
        const auto* filter = std::get_if<Filter>(&parsed);
        for (std::size_t i = 0; i < cloud->size(); ++i) {
            if ((filter && !filter->passes(*m_state.world(), *cloud, i)) || !passesBrushes(*m_state.world(), *cloud, i, q.brushes))
                continue;
            const QCPGraphData point(shownValue(q.axes.x, cloud->at(i, *x)), shownValue(q.axes.y, cloud->at(i, *y)));
            if (missed(*cloud, i, q).empty())
                in.append(point);
            else
                out.append(point);
        }
        if (!q.showInfeasible)
            out.clear();
        if (!q.showDominated)
            in.clear();
    }
    m_feasible->data()->set(in);
    m_infeasible->data()->set(out);
}

void TradeoffPlot::redrawFront()
{
    QVector<QCPGraphData> points, low, high;
    const auto& answer = m_state.answer();
    const auto& axes = m_state.question().axes;
    const bool fits = answer && answer->world == m_state.world(); // else its figures are of another device or grid
    const auto x = fits ? xColumn(answer->front) : std::nullopt, y = fits ? yColumn(answer->front) : std::nullopt;
    if (x && y)
        for (std::size_t i = 0; i < answer->front.size(); ++i) {
            const double a = shownValue(axes.x, answer->front.at(i, *x)), b = shownValue(axes.y, answer->front.at(i, *y));
            points.append({a, b});
            const double half = axes.y == Metric::Top1Percent ? answer->halfWidthPercent[i] : 0;
            low.append({a, b - half});
            high.append({a, b + half});
        }
    const bool rising = answer && answer->result->objectives > 1 && axes.y == Metric::Top1Percent;
    m_step->setVisible(rising);
    m_step->data()->set(points);
    thinFrontMarks();
    m_low->data()->set(rising ? low : QVector<QCPGraphData>());
    m_high->data()->set(rising ? high : QVector<QCPGraphData>());
    // An answer to another question is a ghost.
    const bool stale = m_state.phase() == Phase::Stale || m_state.phase() == Phase::Searching;
    auto pen = m_step->pen();
    auto colour = coloursOf(palette()).front;
    colour.setAlpha(stale ? 120 : 255);
    pen.setColor(colour);
    m_step->setPen(pen);
}

/// Where points lie closer than their markers are wide, some of them stand for all: the line goes through every one.
void TradeoffPlot::thinFrontMarks()
{
    constexpr double kApart = 11; // pixels
    QVector<QCPGraphData> marks;
    QPointF last(-1e9, 0);
    for (const auto& p : *m_step->data()) {
        const QPointF at(xAxis->coordToPixel(p.key), yAxis->coordToPixel(p.value));
        if (std::hypot(at.x() - last.x(), at.y() - last.y()) >= kApart) {
            marks.append(p);
            last = at;
        }
    }
    m_frontMarks->data()->set(marks);
}

void TradeoffPlot::redrawMarks()
{
    const auto& q = m_state.question();
    const auto place = [&](QCPGraph* graph, const std::optional<Subnet>& subnet) {
        QVector<QCPGraphData> at;
        if (subnet && m_state.world()) {
            const auto x = m_state.world()->figure(*subnet, {q.axes.x, 0}), y = m_state.world()->figure(*subnet, {q.axes.y, 0});
            if (x && y)
                at.append({shownValue(q.axes.x, x->value), shownValue(q.axes.y, y->value)});
        }
        graph->data()->set(at);
    };
    const auto& answer = m_state.answer();
    place(m_suggestion, answer && answer->suggested ? std::optional(answer->front.points.subnets[*answer->suggested]) : std::nullopt);
    place(m_selected, m_state.selection());
    pinTexts();
}

void TradeoffPlot::pinTexts()
{
    for (auto* item : m_pins)
        removeItem(item);
    m_pins.clear();
    const auto& q = m_state.question();
    const auto& c = coloursOf(palette());
    for (const auto& pin : q.pins) {
        if (!m_state.world())
            break;
        const auto x = m_state.world()->figure(pin.subnet, {q.axes.x, 0}), y = m_state.world()->figure(pin.subnet, {q.axes.y, 0});
        if (!x || !y)
            continue;
        auto* text = new QCPItemText(this);
        text->setLayer(QStringLiteral("limits"));
        text->setText(QString(QLatin1Char(pin.letter)));
        text->setBrush(c.pin);
        text->setColor(QColor(0x08120e));
        text->setPen(QPen(c.card, 1));
        text->setPadding(QMargins(5, 1, 5, 1));
        text->setPositionAlignment(Qt::AlignCenter);
        text->position->setCoords(shownValue(q.axes.x, x->value), shownValue(q.axes.y, y->value));
        m_pins.push_back(text);
    }
}

void TradeoffPlot::redrawLimits()
{
    const auto& axes = m_state.question().axes;
    showLimit(axes.x, xAxis, m_limitX, m_beyondX, m_labelX);
    showLimit(axes.y, yAxis, m_limitY, m_beyondY, m_labelY);
}

void TradeoffPlot::showLimit(Metric metric, QCPAxis* axis, QCPItemLine* line, QCPItemRect* beyond, QCPItemText* label)
{
    const auto* limit = std::as_const(m_state).question().limit(metric);
    const bool on = limit && limit->on && m_state.world() && m_state.world()->knows({metric, 0});
    line->setVisible(on);
    beyond->setVisible(on);
    label->setVisible(on);
    if (!on)
        return;
    const bool horizontal = axis == xAxis;
    const double value = shownValue(metric, limit->value);
    // Across the whole of the axis rectangle, whatever part of the other axis is shown.
    const auto set = [&](QCPItemPosition* p, double along, double across) {
        p->setTypeX(horizontal ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
        p->setTypeY(horizontal ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
        horizontal ? p->setCoords(along, across) : p->setCoords(across, along);
    };
    set(line->start, value, 0);
    set(line->end, value, 1);
    set(beyond->topLeft, value, 0);
    // To the end of the axis that is shown.
    beyond->bottomRight->setType(QCPItemPosition::ptAxisRectRatio);
    horizontal ? beyond->bottomRight->setCoords(isMaximised(metric) ? 0 : 1, 1) : beyond->bottomRight->setCoords(1, isMaximised(metric) ? 1 : 0);
    set(label->position, value, horizontal ? 0.0 : 0.0);
    label->setPositionAlignment(horizontal ? Qt::AlignLeft | Qt::AlignTop : Qt::AlignLeft | Qt::AlignBottom);
    label->setText(QStringLiteral("%1 %2 %3").arg(title(metric), isMaximised(metric) ? QStringLiteral("≥") : QStringLiteral("≤"), shown(metric, limit->value)));
}

void TradeoffPlot::fitView()
{
    const auto& cloud = m_state.cloud();
    const auto x = cloud ? xColumn(*cloud) : std::nullopt, y = cloud ? yColumn(*cloud) : std::nullopt;
    if (!x || !y || cloud->size() == 0)
        return;
    const auto& axes = m_state.question().axes;
    double lowX = std::numeric_limits<double>::infinity(), lowY = lowX, highX = -lowX, highY = -lowX;
    const auto take = [&](const Table& table, std::size_t cx, std::size_t cy) {
        for (std::size_t i = 0; i < table.size(); ++i) {
            lowX = std::min(lowX, shownValue(axes.x, table.at(i, cx)));
            highX = std::max(highX, shownValue(axes.x, table.at(i, cx)));
            lowY = std::min(lowY, shownValue(axes.y, table.at(i, cy)));
            highY = std::max(highY, shownValue(axes.y, table.at(i, cy)));
        }
    };
    take(*cloud, *x, *y);
    if (const auto& answer = m_state.answer(); answer && answer->world == m_state.world())
        if (const auto fx = xColumn(answer->front), fy = yColumn(answer->front); fx && fy)
            take(answer->front, *fx, *fy);
    const double padX = axes.logX ? 0 : 0.04 * (highX - lowX), padY = 0.06 * (highY - lowY);
    setView({QCPRange(axes.logX ? lowX * 0.95 : lowX - padX, axes.logX ? highX * 1.05 : highX + padX), QCPRange(lowY - padY, highY + padY)}, true);
}

TradeoffPlot::View TradeoffPlot::view() const { return {xAxis->range(), yAxis->range()}; }

void TradeoffPlot::setView(const View& v, bool remember)
{
    xAxis->setRange(v.x);
    yAxis->setRange(v.y);
    if (remember && (m_views.empty() || !(m_views[m_viewAt] == v))) {
        if (!m_views.empty())
            m_views.resize(m_viewAt + 1);
        m_views.push_back(v);
        if (m_views.size() > kMostViews)
            m_views.erase(m_views.begin());
        m_viewAt = m_views.size() - 1;
    }
    replot(QCustomPlot::rpQueuedReplot);
}

bool TradeoffPlot::back()
{
    if (m_views.empty() || m_viewAt == 0)
        return false;
    setView(m_views[--m_viewAt], false);
    return true;
}

bool TradeoffPlot::forward()
{
    if (m_viewAt + 1 >= m_views.size())
        return false;
    setView(m_views[++m_viewAt], false);
    return true;
}

/// The nearest subnet: of the front first, then of the cloud.
std::optional<TradeoffPlot::Hit> TradeoffPlot::hit(const QPointF& at) const
{
    std::optional<Hit> best;
    const auto& axes = m_state.question().axes;
    const auto look = [&](const Table& table, double handicap) {
        const auto x = xColumn(table), y = yColumn(table);
        if (!x || !y)
            return;
        for (std::size_t i = 0; i < table.size(); ++i) {
            const double px = xAxis->coordToPixel(shownValue(axes.x, table.at(i, *x))), py = yAxis->coordToPixel(shownValue(axes.y, table.at(i, *y)));
            const double pixels = std::hypot(px - at.x(), py - at.y()) + handicap;
            if (pixels <= kHitPixels && (!best || pixels < best->pixels))
                best = Hit{table.points.subnets[i], pixels};
        }
    };
    if (m_state.answer() && m_state.answer()->world == m_state.world())
        look(m_state.answer()->front, 0);
    if (m_state.cloud())
        look(*m_state.cloud(), 4);
    return best;
}

TradeoffPlot::Drag TradeoffPlot::dragAt(const QPointF& at) const
{
    if (!axisRect()->rect().contains(at.toPoint()))
        return Drag::None;
    const auto& axes = m_state.question().axes;
    if (m_limitX->visible() && std::abs(xAxis->coordToPixel(shownValue(axes.x, m_state.question().limit(axes.x)->value)) - at.x()) <= kGrab)
        return Drag::LimitX;
    if (m_limitY->visible() && std::abs(yAxis->coordToPixel(shownValue(axes.y, m_state.question().limit(axes.y)->value)) - at.y()) <= kGrab)
        return Drag::LimitY;
    return Drag::None;
}

void TradeoffPlot::dragLimit(Metric metric, double value)
{
    // A limit of nothing at all is none.
    const double amount = std::max(value / shownFactor(metric), std::numeric_limits<double>::min());
    m_state.change(tr("Limit %1").arg(title(metric)), "limit " + std::string(name(metric)), [&](Question& q) { q.limit(metric) = {metric, true, amount}; });
}

void TradeoffPlot::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position();
    m_moved = false;
    m_dragView = view();
    m_drag = event->button() == Qt::MiddleButton ? Drag::Pan : event->button() == Qt::LeftButton ? dragAt(event->position()) : Drag::None;
    QCustomPlot::mousePressEvent(event);
}

void TradeoffPlot::mouseMoveEvent(QMouseEvent* event)
{
    const auto at = event->position();
    if (event->buttons() != Qt::NoButton && (at - m_pressed).manhattanLength() > 3)
        m_moved = true;
    const auto& axes = m_state.question().axes;
    switch (m_drag) {
    case Drag::LimitX: return dragLimit(axes.x, xAxis->pixelToCoord(at.x()));
    case Drag::LimitY: return dragLimit(axes.y, yAxis->pixelToCoord(at.y()));
    case Drag::Pan: {
        const double dx = xAxis->pixelToCoord(m_pressed.x()) - xAxis->pixelToCoord(at.x()), dy = yAxis->pixelToCoord(m_pressed.y()) - yAxis->pixelToCoord(at.y());
        return setView({m_dragView.x + dx, m_dragView.y + dy}, false);
    }
    case Drag::None: break;
    }
    const auto edge = dragAt(at);
    setCursor(edge == Drag::LimitX ? Qt::SizeHorCursor : edge == Drag::LimitY ? Qt::SizeVerCursor : Qt::ArrowCursor);
    const auto found = hit(at);
    emit hovered(found ? std::optional(found->subnet) : std::nullopt, event->globalPosition().toPoint());
    QCustomPlot::mouseMoveEvent(event);
}

void TradeoffPlot::mouseReleaseEvent(QMouseEvent* event)
{
    const auto drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::Pan)
        setView(view(), true);
    else if (drag != Drag::None)
        m_state.endMerge();
    else if (event->button() == Qt::LeftButton && !m_moved) {
        const auto found = hit(event->position());
        m_state.select(found ? std::optional(found->subnet) : std::nullopt);
    }
    QCustomPlot::mouseReleaseEvent(event);
}

void TradeoffPlot::mouseDoubleClickEvent(QMouseEvent*) { fitView(); }

void TradeoffPlot::leaveEvent(QEvent* event)
{
    emit hovered(std::nullopt, {});
    QCustomPlot::leaveEvent(event);
}

/// Arrows walk along the front.
void TradeoffPlot::keyPressEvent(QKeyEvent* event)
{
    const auto& answer = m_state.answer();
    const int step = event->key() == Qt::Key_Right || event->key() == Qt::Key_Up ? 1 : event->key() == Qt::Key_Left || event->key() == Qt::Key_Down ? -1 : 0;
    if (step == 0 || !answer || answer->front.size() == 0)
        return QCustomPlot::keyPressEvent(event);
    const auto& subnets = answer->front.points.subnets;
    const auto current = m_state.current();
    auto at = current ? std::find(subnets.begin(), subnets.end(), *current) - subnets.begin() : 0;
    if (at == static_cast<std::ptrdiff_t>(subnets.size()))
        at = 0;
    m_state.select(subnets[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + step, 0, static_cast<std::ptrdiff_t>(subnets.size()) - 1))]);
}

void TradeoffPlot::resizeEvent(QResizeEvent* event)
{
    QCustomPlot::resizeEvent(event);
    redrawLimits();
    thinFrontMarks();
}

void TradeoffPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange) {
        recolour();
        redrawFront();
        redrawMarks();
        replot(QCustomPlot::rpQueuedReplot);
    }
    if (event->type() == QEvent::LanguageChange) {
        retitle();
        redrawLimits();
        replot(QCustomPlot::rpQueuedReplot);
    }
    QCustomPlot::changeEvent(event);
}

QString TradeoffPlot::summary() const
{
    const auto& answer = m_state.answer();
    if (!m_state.world())
        return tr("Nothing is open.");
    if (!answer)
        return tr("%n sampled subnet(s), nothing searched yet.", nullptr, static_cast<int>(m_state.cloud() ? m_state.cloud()->size() : 0));
    if (answer->front.size() == 0)
        return tr("No subnet satisfies the limits.");
    const auto& axes = m_state.question().axes;
    const auto last = answer->front.size() - 1;
    const auto x = xColumn(answer->front), y = yColumn(answer->front);
    if (!x || !y)
        return {};
    return tr("A front of %n subnet(s), from %1 at %2 to %3 at %4.", nullptr, static_cast<int>(answer->front.size()))
        .arg(shown(axes.y, answer->front.at(0, *y)), shown(axes.x, answer->front.at(0, *x)), shown(axes.y, answer->front.at(last, *y)), shown(axes.x, answer->front.at(last, *x)));
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/tradeoffplot.h"

#include "state/metrictext.h"
#include "views/theme.h"

#include <QRubberBand>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace paretoscope::desktop {

namespace {

const QString kLimitsLayer = QStringLiteral("limits");
constexpr int kSmallest = 4;       // pixels of a rectangle that is meant
constexpr double kHitPixels = 12; // around a subnet that is meant
constexpr std::chrono::milliseconds kWheelRests{300}; // then what was zoomed to is a view of its own

} // namespace

TradeoffPlot::TradeoffPlot(ExplorerState& state, QWidget* parent)
    : QCustomPlot(parent)
    , m_state(state)
    , m_cloud(*this)
    , m_front(*this)
    , m_marks(*this, kLimitsLayer)
    , m_band(new QRubberBand(QRubberBand::Rectangle, this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(300, 200);
    setNoAntialiasingOnDrag(false);
    addLayer(kLimitsLayer, layer(QStringLiteral("main")), QCustomPlot::limAbove);
    setCurrentLayer(kLimitsLayer);
    m_limits = std::make_unique<LimitLines>(*this);
    m_why = new QCPItemText(this);
    m_why->setPositionAlignment(Qt::AlignCenter);
    m_why->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_why->position->setCoords(0.5, 0.45);
    m_why->setVisible(false);
    setCurrentLayer(QStringLiteral("overlay"));
    layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);

    setInteraction(QCP::iRangeZoom, true);
    axisRect()->setRangeZoom(Qt::Horizontal | Qt::Vertical);
    for (auto* axis : {xAxis, yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] { m_front.thinMarks(); });
    m_wheelRest.setSingleShot(true);
    m_wheelRest.setInterval(kWheelRests);
    connect(&m_wheelRest, &QTimer::timeout, this, [this] { m_views.remember(view()); });
    connect(&m_state, &ExplorerState::changed, this, &TradeoffPlot::follow);
    recolour();
    retitle();
    m_limits->draw(m_state);
}

void TradeoffPlot::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    const auto& axes = m_state.question().axes;
    // What was looked at before is of another unit.
    if ((what & S::WorldChanged) || axes.x != m_axes.x || axes.y != m_axes.y || axes.logX != m_axes.logX)
        m_fitted = false;
    m_axes = axes;
    if (what & (S::WorldChanged | S::QuestionChanged))
        retitle();
    if (what & (S::WorldChanged | S::CloudChanged | S::QuestionChanged))
        m_cloud.draw(m_state);
    if (what & (S::WorldChanged | S::AnswerChanged | S::QuestionChanged | S::PhaseChanged | S::SecondChanged))
        m_front.draw(m_state);
    if (what & (S::WorldChanged | S::AnswerChanged | S::QuestionChanged | S::SelectionChanged))
        m_marks.draw(m_state);
    if (what & (S::QuestionChanged | S::WorldChanged))
        m_limits->draw(m_state);
    if (what & (S::QuestionChanged | S::WorldChanged | S::CloudChanged))
        explain();
    if (!m_fitted && m_state.cloud()) {
        m_fitted = true;
        m_views.clear();
        fitView();
    }
    describe();
    replot(QCustomPlot::rpQueuedReplot);
}

void TradeoffPlot::describe()
{
    const auto& axes = m_state.question().axes;
    setAccessibleName(tr("Trade-off of %1 and %2").arg(title(axes.y), title(axes.x)));
    setAccessibleDescription(summary());
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
    m_front.recolour(c);
    m_marks.recolour(c);
    m_cloud.recolour(c, fontOfAxis);
    m_limits->recolour(c, fontOfAxis);
    m_why->setColor(c.quietText);
    m_why->setFont(fontOfAxis);
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

/// An empty plot says why it is empty.
void TradeoffPlot::explain()
{
    const auto text = emptiness();
    m_why->setText(text);
    m_why->setVisible(!text.isEmpty());
}

QString TradeoffPlot::emptiness() const
{
    const auto& world = m_state.world();
    if (!world || !m_state.cloud())
        return {};
    if (!yColumn(*m_state.cloud()))
        return m_state.question().axes.y == Metric::Top1Percent && !world->bundle->predictor()
            ? tr("This bundle has no accuracy predictor: top-1 is not known,\nand no front can be drawn.\nFit one with “paretoscope-cli fit-predictor”, or open another bundle.")
            : tr("%1 is not known.").arg(title(m_state.question().axes.y));
    if (!xColumn(*m_state.cloud()))
        return tr("%1 is not known on this device.\nChoose another axis or another device.").arg(title(m_state.question().axes.x));
    return {};
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
    settle();
    const double padX = axes.logX ? 0 : 0.04 * (highX - lowX), padY = 0.06 * (highY - lowY);
    setView({QCPRange(axes.logX ? lowX * 0.95 : lowX - padX, axes.logX ? highX * 1.05 : highX + padX), QCPRange(lowY - padY, highY + padY)}, true);
}

TradeoffPlot::View TradeoffPlot::view() const { return {xAxis->range(), yAxis->range()}; }

void TradeoffPlot::setView(const View& v, bool remember)
{
    xAxis->setRange(v.x);
    yAxis->setRange(v.y);
    if (remember)
        m_views.remember(v);
    replot(QCustomPlot::rpQueuedReplot);
}

/// What the wheel has zoomed to is a view as soon as something else happens.
void TradeoffPlot::settle()
{
    if (!m_wheelRest.isActive())
        return;
    m_wheelRest.stop();
    m_views.remember(view());
}

bool TradeoffPlot::back()
{
    settle();
    const auto* there = m_views.back();
    if (there)
        setView(*there, false);
    return there;
}

bool TradeoffPlot::forward()
{
    settle();
    const auto* there = m_views.forward();
    if (there)
        setView(*there, false);
    return there;
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
    const auto edge = m_limits->edgeAt(at);
    return edge == LimitLines::Edge::X ? Drag::LimitX : edge == LimitLines::Edge::Y ? Drag::LimitY : Drag::None;
}

void TradeoffPlot::dragLimit(Metric metric, double value)
{
    // A limit of nothing at all is none.
    const double amount = std::max(value / shownFactor(metric), std::numeric_limits<double>::min());
    m_state.change(tr("Limit %1").arg(title(metric)), "limit " + std::string(name(metric)), [&](Question& q) { q.limit(metric) = {metric, true, amount}; });
}

void TradeoffPlot::mousePressEvent(QMouseEvent* event)
{
    settle();
    m_pressed = event->position();
    m_moved = false;
    m_dragView = view();
    m_drag = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_panning) ? Drag::Pan : event->button() == Qt::LeftButton ? dragAt(event->position()) : Drag::None;
    if (m_drag == Drag::None && event->button() == Qt::LeftButton && axisRect()->rect().contains(event->position().toPoint()))
        m_drag = Drag::Rectangle;
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
    case Drag::Rectangle:
        if (m_moved) {
            m_band->setGeometry(QRect(m_pressed.toPoint(), at.toPoint()).normalized().intersected(axisRect()->rect()));
            m_band->show();
        }
        return;
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
    else if (drag == Drag::Rectangle && m_moved)
        brush(m_band->geometry());
    else if (drag == Drag::LimitX || drag == Drag::LimitY)
        m_state.endMerge();
    else if (event->button() == Qt::LeftButton && !m_moved) {
        const auto found = hit(event->position());
        m_state.select(found ? std::optional(found->subnet) : std::nullopt);
    }
    m_band->hide();
    QCustomPlot::mouseReleaseEvent(event);
}

void TradeoffPlot::mouseDoubleClickEvent(QMouseEvent*) { fitView(); }

void TradeoffPlot::wheelEvent(QWheelEvent* event)
{
    QCustomPlot::wheelEvent(event);
    m_wheelRest.start();
}

void TradeoffPlot::leaveEvent(QEvent* event)
{
    emit hovered(std::nullopt, {});
    QCustomPlot::leaveEvent(event);
}

/// A rectangle is a brush of either axis, as in parallel coordinates, where it can be changed and removed.
void TradeoffPlot::brush(const QRect& rectangle)
{
    if (rectangle.width() < kSmallest || rectangle.height() < kSmallest)
        return;
    const auto& axes = m_state.question().axes;
    const auto brushOf = [](Metric metric, double a, double b) { return Brush{std::string(name(metric)), std::min(a, b) / shownFactor(metric), std::max(a, b) / shownFactor(metric)}; };
    const Brush brushes[] = {brushOf(axes.x, xAxis->pixelToCoord(rectangle.left()), xAxis->pixelToCoord(rectangle.right())), brushOf(axes.y, yAxis->pixelToCoord(rectangle.top()), yAxis->pixelToCoord(rectangle.bottom()))};
    m_state.change(tr("Brush %1 and %2").arg(title(axes.x), title(axes.y)), "", [&](Question& q) {
        for (const auto& b : brushes) {
            std::erase_if(q.brushes, [&](const Brush& other) { return other.column == b.column; });
            q.brushes.push_back(b);
        }
    });
}

void TradeoffPlot::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat())
        m_panning = false;
    QCustomPlot::keyReleaseEvent(event);
}

void TradeoffPlot::focusOutEvent(QFocusEvent* event)
{
    m_panning = false;
    QCustomPlot::focusOutEvent(event);
}

/// Arrows walk along the front, Enter pins, Space makes of a drag a move.
void TradeoffPlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space)
        m_panning = true;
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return emit pinRequested();
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
    m_front.thinMarks();
}

void TradeoffPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange) {
        recolour();
        m_front.draw(m_state);
        m_marks.draw(m_state);
        replot(QCustomPlot::rpQueuedReplot);
    }
    if (event->type() == QEvent::LanguageChange) {
        retitle();
        m_cloud.retitle(m_state);
        m_limits->draw(m_state);
        explain();
        describe();
        replot(QCustomPlot::rpQueuedReplot);
    }
    QCustomPlot::changeEvent(event);
}

QString TradeoffPlot::summary() const
{
    const auto& answer = m_state.answer();
    if (!m_state.world())
        return tr("Nothing is open.");
    if (const auto empty = emptiness(); !empty.isEmpty())
        return empty;
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

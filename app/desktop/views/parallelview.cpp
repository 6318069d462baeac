// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/parallelview.h"

#include "state/metrictext.h"
#include "views/axismenu.h"
#include "views/parallelpainter.h"
#include "views/parallelwords.h"
#include "views/rangeeditor.h"
#include "views/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace paretoscope::desktop {

ParallelView::ParallelView(ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_editor(new RangeEditor(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    m_removal.setSingleShot(true);
    connect(m_editor, &RangeEditor::entered, this, [this](double low, double high) {
        if (m_edited < placed().size())
            setBrush(m_edited, low, high, false);
    });
    connect(m_editor, &RangeEditor::emptied, this, [this] {
        if (m_edited < placed().size())
            removeBrush(m_edited);
    });
    connect(&m_density, &ParallelDensity::changed, this, qOverload<>(&QWidget::update));
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
    const auto& world = m_state.world();
    const bool others = static_cast<bool>(what & (S::WorldChanged | S::CloudChanged));
    if (others) {
        m_layout.setColumns(world && m_state.cloud() ? columnsOf(*world, *m_state.cloud()) : std::vector<AxisColumn>());
        m_view = m_layout.completed(std::move(m_view));
    }
    if (const auto& answer = m_state.answer(); answer && world && answer->world == world && (others || what & S::AnswerChanged))
        m_layout.widenBy(*world, answer->front);
    if (m_crisp.follow(m_state, others)) {
        m_hover.reset();
        if (world)
            m_layout.widenBy(*world, m_crisp.table());
    }
    m_density.follow(m_state);
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

void ParallelView::relayout()
{
    m_layout.place(m_view, brushes(), size(), std::ceil(QFontMetricsF(labelFont()).height()));
    if (m_current >= placed().size())
        m_current = 0;
    if (m_edited < placed().size())
        m_editor->setMeaning(columnAt(m_edited).metric, {columnAt(m_edited).whole.low, columnAt(m_edited).whole.high});
    else if (m_editor->isVisible())
        m_editor->finish(false);
}

void ParallelView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_editor->finish(false);
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
    if (placed().empty())
        return tr("Nothing is open.");
    QStringList all, texts;
    for (const auto& axis : placed())
        all += described(axis, m_layout.columnOf(axis), m_state.question());
    if (hasFocus())
        texts += tr("Axis %1 of %2: %3.").arg(m_current + 1).arg(placed().size()).arg(all[static_cast<qsizetype>(m_current)]);
    texts += tr("%1 of %2 sampled subnets pass limits, brushes and filter.").arg(QLocale().toString(static_cast<qulonglong>(m_density.passing())), QLocale().toString(static_cast<qulonglong>(m_density.rows())));
    texts += tr("Axes: %1.").arg(all.join(QStringLiteral("; ")));
    return texts.join(u' ');
}

void ParallelView::setAxes(const ParallelAxes& axes)
{
    auto wanted = m_layout.completed(axes);
    if (wanted == m_view)
        return;
    m_editor->finish(false);
    m_view = std::move(wanted);
    relayout();
    describe();
    update();
    emit axesChanged();
}

void ParallelView::changeAxis(std::size_t axis, AxisFlag flag, bool on)
{
    auto view = m_view;
    view.axes[placed()[axis].view].*flag = on;
    setAxes(view);
}

void ParallelView::moveAxis(std::size_t from, std::size_t to)
{
    auto view = m_view;
    view.move(placed()[from].view, placed()[to].view);
    m_current = to;
    setAxes(view);
}

void ParallelView::hideAxis(std::size_t axis)
{
    const auto column = columnAt(axis).name;
    changeAxis(axis, &ParallelAxis::hidden, true);
    // It is still there where it has a brush: nothing that cannot be seen narrows what is shown.
    if (const auto still = m_layout.find(column))
        removeBrush(*still);
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

std::optional<QPointF> ParallelView::place(std::string_view column, double value) const
{
    const auto i = m_layout.find(column);
    return i ? std::optional(QPointF(placed()[*i].x, m_layout.yOf(placed()[*i], value))) : std::nullopt;
}

void ParallelView::setBrush(std::size_t axis, double a, double b, bool drag)
{
    const Brush brush{columnAt(axis).name, std::min(a, b), std::max(a, b)};
    m_state.change(tr("Brush %1").arg(titleOf(columnAt(axis))), drag ? "brush " + brush.column : std::string(), [&](Question& q) {
        const auto it = std::find_if(q.brushes.begin(), q.brushes.end(), [&](const Brush& other) { return other.column == brush.column; });
        it == q.brushes.end() ? q.brushes.push_back(brush) : void(*it = brush);
    });
}

void ParallelView::removeBrush(std::size_t axis)
{
    const auto column = columnAt(axis).name; // the axis may be gone afterwards
    m_state.change(tr("Remove the brush of %1").arg(titleOf(columnAt(axis))), "", [&](Question& q) { std::erase_if(q.brushes, [&](const Brush& b) { return b.column == column; }); });
}

void ParallelView::removeClicked()
{
    m_removal.stop();
    if (const auto axis = m_layout.find(m_removed))
        removeBrush(*axis);
}

void ParallelView::setHovered(std::optional<std::size_t> line, const QPoint& at)
{
    if (line != m_hover) {
        m_hover = line;
        update();
    }
    emit hovered(line ? std::optional(m_crisp.lines()[*line].subnet) : std::nullopt, at);
}

void ParallelView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_editor->finish(true);
    if (m_removal.isActive()) // no double click any more
        removeClicked();
    const auto target = m_drag.press(m_layout, brushes(), event->position());
    if (target.part == AxisTarget::Part::Nothing)
        return;
    m_current = target.axis;
    update();
}

void ParallelView::mouseMoveEvent(QMouseEvent* event)
{
    const auto at = event->position();
    if (!m_drag.held()) {
        const auto part = targetAt(m_layout, brushes(), at).part;
        setCursor(cursorOver(part));
        setHovered(part == AxisTarget::Part::Nothing || part == AxisTarget::Part::Axis ? m_crisp.at(m_layout, at) : std::nullopt, event->globalPosition().toPoint());
        return;
    }
    const auto wish = m_drag.move(m_layout, at);
    if (const auto* brush = std::get_if<AxisDrag::BrushTo>(&wish))
        setBrush(brush->axis, brush->a, brush->b, true);
    else if (const auto* axis = std::get_if<AxisDrag::AxisTo>(&wish))
        moveAxis(axis->from, axis->to);
}

void ParallelView::mouseReleaseEvent(QMouseEvent* event)
{
    using End = AxisDrag::End;
    if (event->button() != Qt::LeftButton)
        return;
    const auto end = m_drag.release();
    update();
    if (end == End::Brushed)
        return m_state.endMerge();
    const auto axis = m_drag.axis();
    if (end == End::Nothing || axis >= placed().size())
        return;
    if (end == End::ClickOnTitle)
        return changeAxis(axis, &ParallelAxis::flipped, !placed()[axis].flipped);
    if (end == End::ClickOnBrush) {
        m_removed = columnAt(axis).name;
        m_removal.start(QApplication::doubleClickInterval());
        return;
    }
    if (const auto line = m_crisp.at(m_layout, event->position()))
        m_state.select(m_crisp.lines()[*line].subnet);
    else if (end == End::ClickElsewhere)
        m_state.select(std::nullopt);
}

void ParallelView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto target = targetAt(m_layout, brushes(), event->position());
    if (event->button() != Qt::LeftButton || target.part == AxisTarget::Part::Nothing || target.part == AxisTarget::Part::Title)
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
    const auto& column = columnAt(axis);
    const auto* b = brushOn(column.name, brushes());
    m_edited = axis;
    m_editor->setMeaning(column.metric, {column.whole.low, column.whole.high});
    m_editor->setPlaceholderText(tr("low high"));
    m_editor->setToolTip(column.metric ? tr("Two numbers, in %1 or with their unit; or <20").arg(shownUnit(*column.metric)) : tr("Two numbers, or <20"));
    m_editor->open(b ? std::optional(RangeEditor::Range(b->low, b->high)) : std::nullopt, {static_cast<int>(placed()[axis].x), static_cast<int>(m_layout.plot().center().y())});
}

void ParallelView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard)
        return showMenu(placed().empty() ? std::nullopt : std::optional(m_current), placed().empty() ? event->globalPos() : mapToGlobal(QPointF(placed()[m_current].x, m_layout.plot().top()).toPoint()));
    const auto target = targetAt(m_layout, brushes(), event->pos());
    showMenu(target.part == AxisTarget::Part::Nothing ? std::nullopt : std::optional(target.axis), event->globalPos());
}

void ParallelView::showMenu(std::optional<std::size_t> axis, const QPoint& at)
{
    if (placed().empty())
        return;
    auto* menu = new AxisMenu(this);
    if (axis) {
        const auto& column = columnAt(*axis);
        menu->addAxis(titleOf(column), m_view.axes[placed()[*axis].view], {placed()[*axis].range.low > 0, brushOn(column.name, brushes()) != nullptr, placed().size() > 1});
        // What the menu is for may have gone when it is answered: it is found again by its name.
        const auto on = [this, name = column.name](auto&& f) {
            if (const auto i = m_layout.find(name))
                f(*i);
        };
        connect(menu, &AxisMenu::flagChosen, this, [=, this](AxisFlag flag, bool value) { on([&](std::size_t i) { changeAxis(i, flag, value); }); });
        connect(menu, &AxisMenu::typingChosen, this, [=, this] { on([&](std::size_t i) { openEditor(i); }); });
        connect(menu, &AxisMenu::removalChosen, this, [=, this] { on([&](std::size_t i) { removeBrush(i); }); });
        connect(menu, &AxisMenu::hidingChosen, this, [=, this] { on([&](std::size_t i) { hideAxis(i); }); });
    }
    menu->addShowAll(std::any_of(m_view.axes.begin(), m_view.axes.end(), [](const ParallelAxis& a) { return a.hidden; }));
    connect(menu, &AxisMenu::allChosen, this, &ParallelView::showAll);
    menu->popup(at);
}

/// Left and right walk over the axes, with Ctrl they move one; Enter types a range, Delete removes it, Space flips.
void ParallelView::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    const int step = key == Qt::Key_Right ? 1 : key == Qt::Key_Left ? -1 : 0;
    if (placed().empty() || m_editor->isVisible())
        return QWidget::keyPressEvent(event);
    if (step != 0) {
        const auto to = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(m_current) + step, 0, static_cast<std::ptrdiff_t>(placed().size()) - 1));
        if (event->modifiers() & Qt::ControlModifier && to != m_current)
            moveAxis(m_current, to);
        m_current = to;
    } else if (key == Qt::Key_Home || key == Qt::Key_End) {
        m_current = key == Qt::Key_Home ? 0 : placed().size() - 1;
    } else if (key == Qt::Key_Delete || key == Qt::Key_Backspace) {
        removeBrush(m_current);
    } else if (key == Qt::Key_Space) {
        changeAxis(m_current, &ParallelAxis::flipped, !placed()[m_current].flipped);
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
    else if (event->reason() == Qt::BacktabFocusReason && !placed().empty())
        m_current = placed().size() - 1;
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
        m_editor->finish(true);
        return true;
    }
    if (!hasFocus() || placed().empty() || m_current == (next ? placed().size() - 1 : 0))
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
    if (placed().empty())
        return;
    const auto& density = m_density.picture(m_layout, devicePixelRatioF(), c);
    p.setRenderHint(QPainter::Antialiasing);
    p.setFont(labelFont());
    if (!density.isNull())
        p.drawImage(m_layout.densityRect().topLeft(), density);
    ParallelPainter paint(p, m_layout, m_state.question(), c);
    const auto held = std::min(m_drag.axis(), placed().size() - 1);
    for (std::size_t i = 0; i < placed().size(); ++i)
        paint.axis(placed()[i], i == m_current && hasFocus(), m_drag.movesTitle() && i == held);
    paint.lines(m_crisp, m_hover);
    for (std::size_t i = 0; i < placed().size(); ++i) {
        paint.limit(placed()[i]);
        paint.brush(placed()[i], m_drag.brushes() ? i == m_drag.axis() : hasFocus() && i == m_current, m_removal.isActive() && m_removed == columnAt(i).name);
    }
}

} // namespace paretoscope::desktop

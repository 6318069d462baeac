// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/tableview.h"

#include "models/subnettablemodel.h"
#include "views/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

#include <algorithm>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr int kMeasuredRows = 60; // for the widths of columns
constexpr int kPadding = 6;       // pixels beside the mark

QString hiddenKey() { return QStringLiteral("table/hidden"); }

/// Marks in the colours of the plot; what misses a limit is quiet.
class Painter : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto& c = coloursOf(option->palette);
        const auto standing = static_cast<SubnetTableModel::Standing>(index.data(SubnetTableModel::StandingRole).toInt());
        if (standing == SubnetTableModel::Standing::Infeasible)
            option->palette.setColor(QPalette::Text, c.quietText);
        else if (index.column() == 0)
            option->palette.setColor(QPalette::Text, standing == SubnetTableModel::Standing::Front ? c.front : c.cloud);
    }
};

} // namespace

TableView::TableView(ExplorerState& state, QWidget* parent)
    : QTableView(parent)
    , m_state(state)
    , m_model(new SubnetTableModel(this))
    , m_pending(ExplorerState::WorldChanged | ExplorerState::SelectionChanged)
{
    setItemDelegate(new Painter(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setTabKeyNavigation(false); // Tab leaves the table
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    // Every row is as high as the others, so that nobody measures a hundred thousand of them.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    verticalHeader()->hide();
    auto* header = horizontalHeader();
    header->setResizeContentsPrecision(kMeasuredRows);
    header->setHighlightSections(false);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setSortIndicatorClearable(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    setModel(m_model);
    setSortingEnabled(true);

    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnMenu(*menu);
        menu->popup(header->mapToGlobal(at));
    });
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &TableView::takeCurrent);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &TableView::takeSelection);
    connect(&m_state, &ExplorerState::changed, this, &TableView::follow);
    retranslate();
}

void TableView::retranslate()
{
    setAccessibleName(tr("Table of subnets"));
    m_model->retranslate();
    viewport()->update();
}

void TableView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    if (event->type() == QEvent::FontChange)
        verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    QTableView::changeEvent(event);
}

void TableView::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    m_pending |= what & (S::WorldChanged | S::CloudChanged | S::QuestionChanged | S::AnswerChanged | S::SelectionChanged);
    if (isVisible())
        catchUp();
}

void TableView::showEvent(QShowEvent* event)
{
    catchUp();
    QTableView::showEvent(event);
}

void TableView::catchUp()
{
    const auto what = std::exchange(m_pending, {});
    // Where only figures have changed, the selected row stays selected but does not come running.
    const int place = verticalScrollBar()->value();
    if (what & ~ExplorerState::Changes(ExplorerState::SelectionChanged)) {
        refresh();
        updateGeometries(); // at once: the scroll bars have to reach the row that is selected now
    }
    if (what)
        showSelection();
    if (what && !(what & ExplorerState::SelectionChanged))
        verticalScrollBar()->setValue(place);
}

void TableView::refresh()
{
    const QScopedValueRollback updating(m_updating, true);
    const auto keys = [this] {
        QStringList all;
        for (int c = 0; c < m_model->columnCount(); ++c)
            all += m_model->columnKey(c);
        return all;
    };
    const auto before = keys();
    const auto& answer = m_state.answer();
    // An answer on other devices or another grid has other figures.
    const bool fits = answer && answer->world == m_state.world();
    m_model->setSnapshot({m_state.world(), fits ? std::shared_ptr<const Table>(answer, &answer->front) : nullptr, m_state.cloud(), m_state.question()});
    setAccessibleDescription(tr("%n subnet(s)", nullptr, m_model->rowCount()));
    const auto after = keys();
    if (before == after)
        return;
    const QSignalBlocker quiet(horizontalHeader()); // it is sorted already
    horizontalHeader()->setSortIndicator(m_model->sortColumn(), m_model->sortOrder());
    const auto hidden = QSettings().value(hiddenKey()).toStringList();
    for (int c = 0; c < after.size(); ++c)
        setColumnHidden(c, hidden.contains(after[c]));
    resizeColumnsToContents();
    if (!after.isEmpty()) // pins come later
        setColumnWidth(0, fontMetrics().horizontalAdvance(QStringLiteral("◆ W")) + 2 * kPadding);
}

void TableView::showSelection()
{
    const QScopedValueRollback updating(m_updating, true);
    const auto& subnet = m_state.selection();
    const int row = subnet ? m_model->rowOf(*subnet) : -1;
    const auto current = currentIndex();
    if (row < 0) {
        selectionModel()->clear();
    } else if (current.row() != row || !selectionModel()->isSelected(current)) { // else several rows may be selected, and stay so
        const auto next = m_model->index(row, std::max(0, current.column()));
        setCurrentIndex(next); // Shift goes on from here
        selectionModel()->select(next, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows); // whatever keys are held
    }
}

/// Nothing where the current row is not selected: who comes with the Tab key selects nothing yet.
void TableView::takeCurrent()
{
    if (!m_updating && currentIndex().isValid() && selectionModel()->isSelected(currentIndex()))
        m_state.select(m_model->subnetAt(currentIndex().row()));
}

void TableView::takeSelection()
{
    if (!m_updating && !selectionModel()->hasSelection())
        m_state.select(std::nullopt);
    takeCurrent();
}

void TableView::setColumnShown(int column, bool shown)
{
    if (column <= 0 || column >= m_model->columnCount())
        return;
    setColumnHidden(column, !shown);
    if (shown)
        resizeColumnToContents(column);
    QSettings settings;
    auto hidden = settings.value(hiddenKey()).toStringList();
    hidden.removeAll(m_model->columnKey(column));
    if (!shown)
        hidden += m_model->columnKey(column);
    settings.setValue(hiddenKey(), hidden);
}

void TableView::fillColumnMenu(QMenu& menu)
{
    for (int c = 1; c < m_model->columnCount(); ++c) {
        auto* action = menu.addAction(m_model->columnTitle(c));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(c));
        connect(action, &QAction::toggled, this, [this, c](bool on) { setColumnShown(c, on); });
    }
}

/// The same for people without a mouse.
void TableView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto* copied = menu->addAction(tr("Copy as table"), this, &TableView::copy);
    copied->setEnabled(selectionModel()->hasSelection());
    auto* pinned = menu->addAction(tr("Pin or unpin"), this, &TableView::pinCurrent);
    pinned->setEnabled(currentIndex().isValid());
    fillColumnMenu(*menu->addMenu(tr("Columns")));
    menu->popup(event->globalPos());
}

void TableView::copy()
{
    if (const auto text = m_model->tsv(selectedIndexes()); !text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void TableView::pinCurrent()
{
    if (const auto subnet = m_model->subnetAt(currentIndex().row())) {
        m_state.select(subnet);
        emit pinRequested();
    }
}

/// Home and End are the first and the last subnet, as rows are what is selected.
QModelIndex TableView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    if ((action == MoveHome || action == MoveEnd) && m_model->rowCount() > 0)
        return m_model->index(action == MoveHome ? 0 : m_model->rowCount() - 1, std::max(0, currentIndex().column()));
    return QTableView::moveCursor(action, modifiers);
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        return copy();
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && !(event->modifiers() & ~Qt::KeypadModifier))
        return pinCurrent();
    QTableView::keyPressEvent(event);
}

void TableView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (m_model->rowCount() > 0)
        return;
    QPainter p(viewport());
    p.setPen(coloursOf(palette()).quietText);
    p.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_state.world() ? tr("No subnet is left: the filter, a brush or the View menu hides them all.") : tr("Nothing is open."));
}

} // namespace paretoscope::desktop

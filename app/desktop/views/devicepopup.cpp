// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/devicepopup.h"

#include "views/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr int kIndicator = 16, kPadding = 6, kMostRows = 9; // pixels; rows before it scrolls
constexpr int kLeastWidth = 560;

/// A round mark for the target, a box for what is compared with, two lines for the device.
class DeviceDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int height = std::max(24, 2 * option.fontMetrics.height() + kPadding + 2);
        return {index.column() == DeviceModel::Name ? kLeastWidth / 2 : 64, height};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const override
    {
        auto option = given;
        initStyleOption(&option, index);
        const auto& c = coloursOf(option.palette);
        auto* style = option.widget ? option.widget->style() : QApplication::style();
        // What cannot be ticked is never selected itself.
        const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
        const bool marked = view && view->selectionModel()->isSelected(index.siblingAtColumn(DeviceModel::Name));
        if (marked)
            painter->fillRect(option.rect, c.accent);
        if (index.column() != DeviceModel::Name) {
            QStyleOptionButton button;
            button.rect = QRect(0, 0, kIndicator, kIndicator);
            button.rect.moveCenter(option.rect.center());
            button.palette = option.palette;
            button.state = option.state & QStyle::State_Enabled;
            const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
            button.state |= on ? QStyle::State_On : QStyle::State_Off;
            if (index.column() == DeviceModel::Target)
                paintRadio(*painter, button.rect, on, marked, c);
            else
                style->drawPrimitive(QStyle::PE_IndicatorCheckBox, &button, painter, option.widget);
            return;
        }
        const auto inside = option.rect.adjusted(kPadding, kPadding / 2, -kPadding, -kPadding / 2);
        const int line = inside.height() / 2;
        painter->save();
        painter->setFont(option.font);
        painter->setPen(marked ? c.accentText : c.text);
        painter->drawText(QRect(inside.left(), inside.top(), inside.width(), line), Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics(option.font).elidedText(option.text, Qt::ElideRight, inside.width()));
        painter->setFont(given.font);
        painter->setPen(marked ? c.accentText : c.quietText);
        painter->drawText(QRect(inside.left(), inside.top() + line, inside.width(), line), Qt::AlignLeft | Qt::AlignVCenter, given.fontMetrics.elidedText(index.data(DeviceModel::DetailRole).toString(), Qt::ElideRight, inside.width()));
        painter->restore();
    }

protected:
    /// Fusion's is lost on a dark window.
    static void paintRadio(QPainter& painter, const QRect& rect, bool on, bool marked, const Colours& c)
    {
        const QRectF circle = QRectF(rect).adjusted(1, 1, -1, -1);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(marked ? c.accentText : on ? c.accent : c.quietText, 1.2));
        painter.setBrush(marked ? c.accent : c.card);
        painter.drawEllipse(circle);
        if (on) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(marked ? c.accentText : c.accent);
            painter.drawEllipse(circle.adjusted(3, 3, -3, -3));
        }
        painter.restore();
    }
    /// The popup looks after clicks and keys, in all columns alike.
    bool editorEvent(QEvent*, QAbstractItemModel*, const QStyleOptionViewItem&, const QModelIndex&) override { return false; }
};

} // namespace

DevicePopup::DevicePopup(DeviceModel& model, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_model(model)
    , m_search(new QLineEdit)
    , m_view(new QTreeView)
    , m_hint(new QLabel)
    , m_said(new QLabel)
    , m_undo(new QPushButton)
    , m_import(new QPushButton)
    , m_remove(new QPushButton)
{
    setProperty("card", true);
    m_search->setClearButtonEnabled(true);
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new DeviceDelegate(m_view));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAllColumnsShowFocus(true);
    m_view->setTabKeyNavigation(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->header()->setSectionsMovable(false);
    m_view->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->header()->setSectionResizeMode(DeviceModel::Name, QHeaderView::Stretch);
    m_view->header()->setStretchLastSection(true);
    m_hint->setProperty("quiet", true);
    m_hint->setWordWrap(true);
    m_said->setWordWrap(true);
    m_said->setVisible(false);
    m_undo->setVisible(false);
    auto* saidRow = new QHBoxLayout;
    saidRow->addWidget(m_said, 1);
    saidRow->addWidget(m_undo);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_import);
    buttons->addStretch();
    buttons->addWidget(m_remove);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->addWidget(m_search);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_hint);
    layout->addLayout(saidRow);
    layout->addLayout(buttons);
    m_search->installEventFilter(this);
    m_view->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) { m_model.setSearch(text); });
    connect(m_view, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == DeviceModel::Compared)
            return toggleCompared(index.row());
        makeTarget(index.row());
        if (index.column() == DeviceModel::Name) // as in any list to choose from
            hide();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &DevicePopup::followCurrent);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &DevicePopup::followCurrent);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &DevicePopup::followCurrent);
    connect(m_import, &QPushButton::clicked, this, [this] {
        hide();
        emit importAsked();
    });
    connect(m_remove, &QPushButton::clicked, this, &DevicePopup::removeCurrent);
    connect(m_undo, &QPushButton::clicked, this, &DevicePopup::undoAsked);
    retranslate();
    followCurrent();
}

void DevicePopup::retranslate()
{
    m_search->setPlaceholderText(tr("Search devices"));
    m_search->setAccessibleName(tr("Search devices"));
    m_view->setAccessibleName(tr("Devices"));
    m_hint->setText(tr("Enter: target · Space: show its figures beside those of the target (up to %1 devices in all)").arg(DeviceModel::kMost));
    m_undo->setText(tr("Undo"));
    m_import->setText(tr("Import a table…"));
    m_import->setToolTip(tr("A latency table, a device file or measured nets of a device of your own"));
    m_remove->setText(tr("Remove"));
    m_model.retranslate();
}

void DevicePopup::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void DevicePopup::popUp(const QPoint& at, int leastWidth)
{
    m_search->clear();
    const int rows = std::clamp(m_model.rowCount(), 3, kMostRows);
    m_view->setMinimumHeight(m_view->header()->sizeHint().height() + rows * std::max(24, 2 * fontMetrics().height() + kPadding + 2) + 4);
    resize(std::max(leastWidth, kLeastWidth), sizeHint().height());
    auto corner = at;
    if (const auto* screen = QApplication::screenAt(at)) { // not beyond the edge
        const auto free = screen->availableGeometry();
        corner.setX(std::clamp(corner.x(), free.left(), std::max(free.left(), free.right() - width())));
        corner.setY(std::clamp(corner.y(), free.top(), std::max(free.top(), free.bottom() - height())));
    }
    move(corner);
    show();
    int target = 0;
    for (int row = 0; row < m_model.rowCount(); ++row)
        if (m_model.isTarget(row))
            target = row;
    m_view->setCurrentIndex(m_model.index(target, DeviceModel::Name));
    m_view->setFocus(Qt::PopupFocusReason);
}

void DevicePopup::say(const QString& text, bool canUndo)
{
    m_said->setText(text);
    m_said->setVisible(!text.isEmpty());
    m_undo->setVisible(canUndo);
}

int DevicePopup::currentRow() const { return m_view->currentIndex().isValid() ? m_view->currentIndex().row() : -1; }

void DevicePopup::followCurrent()
{
    const int row = currentRow();
    const bool imported = row >= 0 && m_model.index(row, 0).data(DeviceModel::RemovableRole).toBool();
    const bool target = row >= 0 && m_model.isTarget(row);
    m_remove->setEnabled(imported && !target);
    m_remove->setToolTip(!imported ? tr("Only what was imported can be removed") : target ? tr("It is the target; choose another target first") : tr("Forgets the device on this computer (Delete)"));
}

void DevicePopup::makeTarget(int row)
{
    if (row >= 0)
        m_model.setData(m_model.index(row, DeviceModel::Target), Qt::Checked, Qt::CheckStateRole);
}

void DevicePopup::toggleCompared(int row)
{
    if (row >= 0)
        m_model.setData(m_model.index(row, DeviceModel::Compared), m_model.isCompared(row) ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

void DevicePopup::removeCurrent()
{
    if (const int row = currentRow(); row >= 0 && m_remove->isEnabled())
        emit removeAsked(m_model.index(row, 0).data(DeviceModel::IdRole).toString());
}

bool DevicePopup::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) { // letters are for the search, and no shortcuts of the window
        const auto* key = static_cast<QKeyEvent*>(event);
        if (!(key->modifiers() & ~Qt::ShiftModifier)) {
            event->accept();
            return watched == m_view;
        }
    }
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    auto* key = static_cast<QKeyEvent*>(event);
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (watched == m_search) {
        if (key->key() == Qt::Key_Down || enter) {
            if (!m_view->currentIndex().isValid() && m_model.rowCount() > 0)
                m_view->setCurrentIndex(m_model.index(0, DeviceModel::Name));
            if (enter && m_view->currentIndex().isValid()) { // the first that was found
                makeTarget(currentRow());
                hide();
            } else {
                m_view->setFocus(Qt::OtherFocusReason);
            }
            return true;
        }
        return false;
    }
    if (enter) {
        makeTarget(currentRow());
        hide();
        return true;
    }
    if (key->key() == Qt::Key_Space) {
        toggleCompared(currentRow());
        return true;
    }
    if (key->key() == Qt::Key_Delete) {
        removeCurrent();
        return true;
    }
    if (!(key->modifiers() & ~Qt::ShiftModifier) && !key->text().isEmpty() && key->text().front().isPrint()) {
        m_search->setFocus(Qt::OtherFocusReason);
        m_search->setText(key->text());
        return true;
    }
    return false;
}

} // namespace paretoscope::desktop

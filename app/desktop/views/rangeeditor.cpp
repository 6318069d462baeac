// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/rangeeditor.h"

#include "state/brushes.h"

#include <QKeyEvent>
#include <QStyle>

#include <algorithm>

namespace paretoscope::desktop {

RangeEditor::RangeEditor(QWidget* parent)
    : QLineEdit(parent)
{
    hide();
    setAlignment(Qt::AlignCenter);
    connect(this, &QLineEdit::textEdited, this, [this] { mark(false); });
}

void RangeEditor::setMeaning(std::optional<Metric> metric, const Range& whole)
{
    m_metric = metric;
    m_whole = whole;
}

void RangeEditor::open(const std::optional<Range>& range, const QPoint& centre)
{
    const double factor = m_metric ? shownFactor(*m_metric) : 1;
    const auto number = [&](double value) { return QString::number(value * factor, 'g', 5); };
    setText(range ? QStringLiteral("%1 %2").arg(number(range->first), number(range->second)) : QString());
    setModified(false);
    mark(false);
    const QSize size(130, sizeHint().height());
    setGeometry(QRect(QPoint(std::clamp(centre.x() - size.width() / 2, 0, std::max(0, parentWidget()->width() - size.width())), centre.y() - size.height() / 2), size));
    selectAll();
    show();
    setFocus();
}

void RangeEditor::finish(bool take)
{
    if (isHidden())
        return;
    if (take && isModified()) {
        const bool empty = text().trimmed().isEmpty();
        const auto range = typedRange(m_metric, text(), m_whole);
        if (!range && !empty)
            return mark(true);
        setModified(false);
        if (range)
            emit entered(range->first, range->second);
        else
            emit emptied();
    }
    const bool focused = hasFocus();
    hide();
    if (focused)
        parentWidget()->setFocus();
}

bool RangeEditor::event(QEvent* event)
{
    if (event->type() == QEvent::FocusOut && isVisible()) {
        finish(true);
        hide(); // gone for good: nobody is there to mend it
    }
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
        // Before the window takes Escape to stop a search, and before the view takes Enter to open the editor.
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept();
            if (event->type() == QEvent::KeyPress)
                finish(key != Qt::Key_Escape);
            return true;
        }
    }
    return QLineEdit::event(event);
}

void RangeEditor::mark(bool wrong)
{
    setProperty("wrong", wrong);
    style()->polish(this);
}

} // namespace paretoscope::desktop

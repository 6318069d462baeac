// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/filteredit.h"

#include "state/filter.h"

#include <QEvent>
#include <QStyle>

namespace paretoscope::desktop {

FilterEdit::FilterEdit(ExplorerState& state, QWidget* parent)
    : QLineEdit(parent)
    , m_state(state)
{
    setClearButtonEnabled(true);
    setMaximumWidth(260);
    setPlaceholderText(QStringLiteral("lat<20 & k=7"));
    connect(this, &QLineEdit::textChanged, this, &FilterEdit::take);
    connect(this, &QLineEdit::editingFinished, this, [this] { m_state.endMerge(); });
    connect(&m_state, &ExplorerState::changed, this, &FilterEdit::follow);
    retranslate();
    setEnabled(false);
}

void FilterEdit::retranslate()
{
    setAccessibleName(tr("Filter"));
    if (!property("wrong").toBool())
        setToolTip(tr("Conditions joined by &, such as lat<20 & acc>76 & k=7"));
}

void FilterEdit::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QLineEdit::changeEvent(event);
}

void FilterEdit::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & S::PhaseChanged)
        setEnabled(m_state.world() && m_state.phase() != Phase::Loading);
    if (!(what & (S::QuestionChanged | S::WorldChanged)))
        return;
    // What cannot be read yet is being typed; anything else is as the question has it.
    const bool typing = hasFocus() && property("wrong").toBool() && !(what & S::WorldChanged);
    const auto asked = QString::fromStdString(m_state.question().filter);
    if (asked == text() || typing)
        return;
    m_updating = true;
    setText(asked);
    m_updating = false;
    mark(false);
}

void FilterEdit::take()
{
    if (m_updating)
        return;
    const auto parsed = Filter::parse(text());
    const auto* problem = std::get_if<FilterProblem>(&parsed);
    mark(problem != nullptr);
    if (problem)
        setToolTip(problem->text);
    else
        m_state.change(tr("Filter"), "filter", [&](Question& q) { q.filter = text().toStdString(); });
}

void FilterEdit::mark(bool wrong)
{
    setProperty("wrong", wrong);
    style()->polish(this);
    retranslate();
}

} // namespace paretoscope::desktop

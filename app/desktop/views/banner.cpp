// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/banner.h"

#include "state/metrictext.h"
#include "views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStringList>

namespace paretoscope::desktop {

namespace {

/// As errors come: without a full stop, perhaps.
QString asSentence(const QString& text) { return text.endsWith(u'.') || text.endsWith(u'!') || text.endsWith(u'?') ? text : QString(text + u'.'); }

} // namespace

Banner::Banner(Explorer& explorer, QWidget* parent)
    : QFrame(parent)
    , m_explorer(explorer)
    , m_text(new QLabel(this))
    , m_again(new QPushButton(this))
    , m_relax(new QPushButton(this))
    , m_details(new QPushButton(this))
    , m_report(new QPushButton(this))
{
    setProperty("banner", true);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 10, 6);
    layout->addWidget(m_text, 1);
    for (auto* button : {m_again, m_relax, m_details, m_report})
        layout->addWidget(button);
    connect(m_again, &QPushButton::clicked, &m_explorer, &Explorer::search);
    connect(m_relax, &QPushButton::clicked, this, &Banner::relaxRequested);
    connect(m_details, &QPushButton::clicked, this, &Banner::detailsRequested);
    connect(m_report, &QPushButton::clicked, this, &Banner::reportRequested);
    connect(&m_explorer.state(), &ExplorerState::changed, this, &Banner::follow);
    connect(&m_explorer.loader(), &Loader::cancelled, this, &Banner::refresh); // what was stale already is now stale for good
    retranslate();
}

void Banner::retranslate()
{
    m_again->setText(tr("Search again"));
    m_relax->setText(tr("Relax to feasible"));
    m_relax->setToolTip(tr("Changes one limit by the least that makes some subnet satisfy all of them"));
    m_details->setText(tr("Details"));
    m_details->setToolTip(tr("What happened, what it means, and what to do"));
    m_report->setText(tr("Copy report"));
    m_report->setToolTip(tr("As text, with version, bundle and question, to send to somebody who can help"));
    refresh();
}

void Banner::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void Banner::setNotice(const QString& text)
{
    m_notice = text;
    refresh();
}

void Banner::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if ((what & S::PhaseChanged) && m_explorer.state().phase() != Phase::Failed)
        m_notice.clear();
    if (what & (S::PhaseChanged | S::AnswerChanged | S::WorldChanged | S::QuestionChanged))
        refresh();
}

/// Nothing while the figures for the new question are on their way: the banner would come and go under the pointer.
QString Banner::staleText() const
{
    const auto& state = m_explorer.state();
    const auto& answer = state.answer();
    if (state.phase() != Phase::Stale || m_explorer.loader().busy() || !answer)
        return {};
    const auto& devices = answer->world->devices;
    if (answer->question.devices != state.question().devices && !devices.empty())
        return tr("<b>Device changed</b> – results are from %1.").arg(QString::fromStdString(devices.front().device.title).toHtmlEscaped());
    if (answer->question.carbon.grid != state.question().carbon.grid)
        return tr("<b>Grid changed</b> – results are for %1.").arg(QString::fromStdString(answer->question.carbon.grid).toHtmlEscaped());
    return tr("<b>The question changed</b> – results are those of the last one.");
}

void Banner::refresh()
{
    const auto& state = m_explorer.state();
    const bool infeasible = state.phase() == Phase::Infeasible && state.answer(), failed = state.phase() == Phase::Failed;
    QStringList lines;
    if (infeasible) {
        auto text = tr("<b>No subnet satisfies all limits.</b>");
        for (const auto& r : state.answer()->result->infeasible->relaxations)
            text += QStringLiteral(" ") + tr("%1 of %2 instead of %3 would do.").arg(title(r.quantity.metric), shown(r.quantity.metric, r.needed), shown(r.quantity.metric, r.limit));
        lines += text;
    }
    if (failed)
        lines += tr("<b>That did not work.</b> %1 What is shown is the last good answer.").arg(asSentence(state.failure()).toHtmlEscaped());
    const auto stale = staleText();
    if (!stale.isEmpty())
        lines += stale;
    if (!m_notice.isEmpty())
        lines += m_notice.toHtmlEscaped();
    m_text->setText(lines.join(QStringLiteral("<br>")));
    m_again->setVisible(!stale.isEmpty() || failed);
    m_relax->setVisible(infeasible && !state.answer()->result->infeasible->relaxations.empty());
    for (auto* button : {m_details, m_report})
        button->setVisible(failed || !m_notice.isEmpty());
    setVisible(!lines.isEmpty());
}

} // namespace paretoscope::desktop

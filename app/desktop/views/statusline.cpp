// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/statusline.h"

#include "state/issuelog.h"
#include "views/sparkline.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

namespace paretoscope::desktop {

StatusLine::StatusLine(Explorer& explorer, const IssueLog& issues, QWidget* parent)
    : QWidget(parent)
    , m_explorer(explorer)
    , m_log(issues)
    , m_text(new QLabel(this))
    , m_course(new Sparkline(this))
    , m_share(new QProgressBar(this))
    , m_stop(new QToolButton(this))
    , m_issues(new QToolButton(this))
{
    m_issues->setObjectName(QStringLiteral("issueCount"));
    m_stop->setText(QStringLiteral("■"));
    m_share->setFixedWidth(120);
    m_share->setRange(0, 1000);
    m_share->setTextVisible(false);
    for (auto* button : {m_stop, m_issues})
        button->setAutoRaise(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->addWidget(m_text);
    layout->addWidget(m_course);
    layout->addWidget(m_share);
    layout->addWidget(m_stop);
    layout->addStretch();
    layout->addWidget(m_issues);
    connect(m_stop, &QToolButton::clicked, this, &StatusLine::stopRequested);
    connect(m_issues, &QToolButton::clicked, this, &StatusLine::issuesRequested);
    connect(&m_explorer.state(), &ExplorerState::changed, this, &StatusLine::follow);
    connect(&m_explorer.loader(), &Loader::cancelled, this, &StatusLine::refresh);
    connect(&m_log, &IssueLog::changed, this, &StatusLine::showIssues);
    retranslate();
}

QString StatusLine::text() const { return m_text->text(); }

void StatusLine::retranslate()
{
    m_stop->setToolTip(tr("Stop what runs"));
    m_stop->setAccessibleName(tr("Stop"));
    m_share->setAccessibleName(tr("Share of the search that is done"));
    m_course->setAccessibleName(tr("Course of the hypervolume"));
    m_course->setToolTip(tr("Course of the hypervolume: flat where nothing better is found any more"));
    refresh();
    showIssues();
}

void StatusLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void StatusLine::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    const auto& state = m_explorer.state();
    if ((what & S::PhaseChanged) && state.phase() == Phase::Searching)
        m_course->clear();
    if ((what & S::ProgressChanged) && state.phase() == Phase::Searching)
        m_course->add(state.progress().hypervolume);
    if (what & (S::PhaseChanged | S::ProgressChanged | S::AnswerChanged | S::WorldChanged))
        refresh();
}

QString StatusLine::searchingText() const
{
    const QLocale locale;
    const auto& p = m_explorer.state().progress();
    auto text = tr("Searching · %1 subnets · %2 s").arg(locale.toString(static_cast<qulonglong>(p.evaluations)), locale.toString(p.elapsedMs / 1000, 'f', 1));
    if (p.share)
        text += QStringLiteral(" · ") + tr("%1 %").arg(locale.toString(100 * *p.share, 'f', 0));
    if (p.timeLeftMs)
        text += QStringLiteral(" · ") + tr("%1 s left").arg(locale.toString(*p.timeLeftMs / 1000, 'f', 1));
    if (p.hypervolume > 0)
        text += QStringLiteral(" · ") + tr("hypervolume %1").arg(locale.toString(p.hypervolume, 'g', 5));
    return text;
}

QString StatusLine::resultText() const
{
    const QLocale locale;
    const auto& result = *m_explorer.state().answer()->result;
    return tr("%1 · hypervolume %2 · %3 ms").arg(QString::fromStdString(std::string(name(result.algorithm))), locale.toString(result.hypervolume, 'g', 6), locale.toString(result.wallTimeMs, 'f', 1));
}

void StatusLine::refresh()
{
    const auto& state = m_explorer.state();
    const auto phase = state.phase();
    switch (phase) {
    case Phase::Empty: m_text->setText(tr("Ready")); break;
    case Phase::Loading: m_text->setText(tr("Opening…")); break;
    case Phase::Searching: m_text->setText(searchingText()); break;
    case Phase::Stale:
        m_text->setText(m_explorer.loader().busy() ? tr("Figures for the new device or grid are being computed") : tr("What is shown is of another device or grid: search again"));
        break;
    case Phase::Infeasible: m_text->setText(tr("⚠ No subnet satisfies the limits")); break;
    case Phase::Failed: m_text->setText(tr("⚠ %1").arg(state.failure())); break;
    case Phase::Ready: m_text->setText(tr("Search, or move a limit")); break;
    case Phase::Results: m_text->setText(resultText()); break;
    }
    const bool searching = phase == Phase::Searching;
    m_share->setVisible(searching && state.progress().share.has_value());
    m_share->setValue(static_cast<int>(1000 * state.progress().share.value_or(0)));
    m_stop->setVisible(searching || m_explorer.loader().busy());
    m_course->setVisible((searching || phase == Phase::Results) && m_course->values().size() > 1);
}

void StatusLine::showIssues()
{
    const auto count = m_log.issues().size();
    m_issues->setText(QStringLiteral("⚠ %1").arg(QLocale().toString(static_cast<qulonglong>(count))));
    const auto said = tr("%n issue(s): show them", nullptr, static_cast<int>(count));
    m_issues->setToolTip(said);
    m_issues->setAccessibleName(said);
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/hypervolumeview.h"

#include "state/secondopinion.h"
#include "views/theme.h"

#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

namespace paretoscope::desktop {

HypervolumeView::HypervolumeView(ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_plot(new QCustomPlot)
    , m_words(new QLabel)
{
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_plot->addGraph()->setLineStyle(QCPGraph::lsStepLeft);
    m_plot->setMinimumHeight(80);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_words);
    layout->addWidget(m_plot, 1);
    connect(&m_state, &ExplorerState::changed, this, &HypervolumeView::follow);
    recolour();
    draw();
}

void HypervolumeView::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (isVisible() && what & (S::AnswerChanged | S::SecondChanged | S::TraceChanged | S::PhaseChanged))
        draw();
}

void HypervolumeView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    draw();
}

void HypervolumeView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        recolour();
    if (event->type() == QEvent::LanguageChange)
        draw();
    QWidget::changeEvent(event);
}

void HypervolumeView::recolour()
{
    const auto& c = coloursOf(palette());
    m_plot->setBackground(QBrush(c.card));
    m_plot->graph(0)->setPen(QPen(c.pin, 2));
    for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(c.line));
        axis->setTickPen(QPen(c.line));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(c.quietText);
        axis->setLabelColor(c.text);
        axis->grid()->setPen(QPen(c.line, 1, Qt::DotLine));
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HypervolumeView::draw()
{
    const auto& trace = m_state.trace();
    QVector<double> x, y;
    for (const auto& s : trace) {
        x += s.elapsedMs;
        y += s.hypervolume;
    }
    m_plot->graph(0)->setData(x, y, true);
    m_plot->xAxis->setLabel(tr("time of the search with the MLP (ms)"));
    m_plot->yAxis->setLabel(tr("hypervolume"));
    if (!x.isEmpty()) {
        m_plot->rescaleAxes();
        m_plot->yAxis->scaleRange(1.2, m_plot->yAxis->range().center());
    }
    m_plot->setVisible(!x.isEmpty());
    m_plot->setAccessibleName(tr("Hypervolume over time"));
    m_words->setText(summary());
    m_plot->setAccessibleDescription(summary());
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QString HypervolumeView::summary() const
{
    const auto& answer = m_state.answer();
    if (!answer)
        return tr("Nothing has been searched yet.");
    const QLocale locale;
    const auto words = [&](const SearchResult& r) {
        return tr("%1: hypervolume %2 after %3 evaluations and %4 ms, seed %5").arg(QString::fromStdString(std::string(name(r.algorithm))), locale.toString(r.hypervolume, 'g', 6), locale.toString(static_cast<qulonglong>(r.evaluations)), locale.toString(r.wallTimeMs, 'f', 0), QString::number(SearchRequest().seed));
    };
    QStringList texts{words(*answer->result) + QStringLiteral(".")};
    if (answer->result->proof)
        texts += tr("The exact solver does not approach its front step by step: it has all of it at once, so there is no way to draw.");
    const auto& second = m_state.second();
    if (second)
        texts += tr("Second opinion, %1. Each is measured by its own predictor: the two numbers are not to be compared.").arg(words(*second->own));
    else if (answer->world->second)
        texts += m_state.trace().empty() ? tr("The MLP is asked once the limits rest.") : tr("The search with the MLP runs.");
    else
        texts += tr("The bundle has no second predictor.");
    return texts.join(u' ');
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/explorepage.h"

#include "views/architectureview.h"
#include "views/axesbar.h"
#include "views/banner.h"
#include "views/carbonpanel.h"
#include "views/emissionsview.h"
#include "views/hovercard.h"
#include "views/hypervolumeview.h"
#include "views/limitspanel.h"
#include "views/parallelview.h"
#include "views/pinspanel.h"
#include "views/subnetcard.h"
#include "views/tableview.h"
#include "views/tradeoffplot.h"

#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStyle>
#include <QTabWidget>
#include <QVBoxLayout>

namespace paretoscope::desktop {

namespace {

const QString kColumns = QStringLiteral("layout/columns"), kRows = QStringLiteral("layout/rows");

QScrollArea* column(std::initializer_list<QWidget*> cards, int width)
{
    auto* inside = new QWidget;
    auto* layout = new QVBoxLayout(inside);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    for (auto* card : cards)
        layout->addWidget(card);
    layout->addStretch();
    auto* area = new QScrollArea;
    area->setWidget(inside);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The cards are never cut, also where the column scrolls.
    area->setMinimumWidth(std::max(width, inside->minimumSizeHint().width() + area->style()->pixelMetric(QStyle::PM_ScrollBarExtent)));
    return area;
}

} // namespace

ExplorePage::ExplorePage(Explorer& explorer, QWidget* parent)
    : QWidget(parent)
    , m_explorer(explorer)
    , m_plot(new TradeoffPlot(explorer.state()))
    , m_banner(new Banner(explorer))
    , m_hover(new HoverCard(explorer.state(), this))
    , m_limits(new LimitsPanel(explorer.state()))
    , m_subnet(new SubnetCard(explorer.state()))
    , m_pins(new PinsPanel(explorer.state()))
    , m_counts(new QLabel)
    , m_tabs(new QTabWidget)
    , m_columns(new QSplitter)
    , m_rows(new QSplitter(Qt::Vertical))
{
    m_counts->setProperty("quiet", true);
    m_columns->setChildrenCollapsible(false);
    m_left = column({m_limits, new CarbonPanel(explorer.state())}, 300);
    m_left->setObjectName(QStringLiteral("leftColumn"));
    m_columns->addWidget(m_left);
    m_columns->addWidget(makeCentre());
    m_columns->addWidget(column({m_subnet, m_pins}, 310));
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);
    m_columns->setStretchFactor(2, 0);
    m_columns->setSizes({300, 830, 310});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_columns);
    connect(m_banner, &Banner::relaxRequested, this, &ExplorePage::relax);
    connect(m_subnet, &SubnetCard::pinRequested, this, &ExplorePage::pinRequested);
    connect(m_subnet, &SubnetCard::exportRequested, this, &ExplorePage::exportRequested);
    connect(m_pins, &PinsPanel::compareRequested, this, &ExplorePage::compareRequested);
    connect(m_plot, &TradeoffPlot::pinRequested, this, &ExplorePage::pinRequested);
    connect(m_plot, &TradeoffPlot::hovered, m_hover, &HoverCard::point);
    connect(&explorer.state(), &ExplorerState::changed, this, &ExplorePage::follow);
    restoreLayout();
    retranslate();
}

QWidget* ExplorePage::makeCentre()
{
    auto& state = m_explorer.state();
    auto* card = new QFrame;
    card->setProperty("card", true);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(12, 10, 12, 10);
    inside->addWidget(new AxesBar(state));
    inside->addWidget(m_banner);
    inside->addWidget(m_plot, 1);
    inside->addWidget(m_counts);

    auto* parallel = new ParallelView(state);
    connect(parallel, &ParallelView::hovered, m_hover, &HoverCard::point);
    auto* table = new TableView(state);
    connect(table, &TableView::pinRequested, this, &ExplorePage::pinRequested);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(parallel, QString());
    m_tabs->addTab(table, QString());
    m_tabs->addTab(new EmissionsView(state), QString());
    m_tabs->addTab(new HypervolumeView(state), QString());
    m_tabs->addTab(new ArchitectureView(state), QString());
    auto* lower = new QFrame;
    lower->setProperty("card", true);
    auto* lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(8, 4, 8, 8);
    lowerLayout->addWidget(m_tabs);
    m_lower = lower;

    m_rows->setChildrenCollapsible(false);
    m_rows->addWidget(card);
    m_rows->addWidget(lower);
    m_rows->setStretchFactor(0, 3);
    m_rows->setStretchFactor(1, 2);
    m_rows->setSizes({520, 280});
    auto* centre = new QWidget;
    auto* around = new QVBoxLayout(centre);
    around->setContentsMargins(0, 8, 0, 8);
    around->addWidget(m_rows);
    return centre;
}

void ExplorePage::retranslate()
{
    const QString names[] = {tr("Parallel"), tr("Table"), tr("Emissions"), tr("Hypervolume"), tr("Architecture")};
    for (int i = 0; i < m_tabs->count(); ++i)
        m_tabs->setTabText(i, names[i]);
    showCounts();
}

void ExplorePage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

int ExplorePage::tabCount() const { return m_tabs->count(); }

void ExplorePage::showTab(int index) { m_tabs->setCurrentIndex(index); }

void ExplorePage::setLeftColumnShown(bool on) { m_left->setVisible(on); }

void ExplorePage::setLowerStripShown(bool on) { m_lower->setVisible(on); }

void ExplorePage::relax() { m_limits->relax(); }

void ExplorePage::saveLayout() const
{
    QSettings settings;
    settings.setValue(kColumns, m_columns->saveState());
    settings.setValue(kRows, m_rows->saveState());
}

void ExplorePage::restoreLayout()
{
    const QSettings settings;
    m_columns->restoreState(settings.value(kColumns).toByteArray());
    m_rows->restoreState(settings.value(kRows).toByteArray());
    for (auto* splitter : {m_columns, m_rows})
        splitter->setChildrenCollapsible(false); // whatever was kept
}

void ExplorePage::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & (S::WorldChanged | S::CloudChanged | S::QuestionChanged | S::AnswerChanged))
        showCounts();
}

void ExplorePage::showCounts()
{
    const auto& state = m_explorer.state();
    const auto& answer = state.answer();
    const auto& cloud = state.cloud();
    if (!answer || !cloud)
        return m_counts->clear();
    qlonglong feasible = 0;
    for (std::size_t i = 0; i < cloud->size(); ++i)
        feasible += missed(*cloud, i, state.question()).empty();
    const QLocale locale;
    m_counts->setText(tr("◆ front %1   ● feasible %2   ○ infeasible %3   ★ suggested")
                          .arg(locale.toString(static_cast<qlonglong>(answer->front.size())), locale.toString(feasible), locale.toString(static_cast<qlonglong>(cloud->size()) - feasible)));
}

} // namespace paretoscope::desktop

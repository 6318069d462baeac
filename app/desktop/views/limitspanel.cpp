// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/limitspanel.h"

#include "state/metrictext.h"
#include "views/histogramslider.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr Metric kRows[] = {Metric::LatencyMs, Metric::Top1Percent, Metric::EnergyJ, Metric::Co2eGPerMillion, Metric::Params, Metric::Macs, Metric::PeakActivationBytes};

} // namespace

LimitsPanel::LimitsPanel(ExplorerState& state, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_heading(new QLabel(this))
    , m_counts(new QLabel(this))
    , m_relax(new QPushButton(this))
    , m_reset(new QPushButton(this))
{
    setProperty("card", true);
    m_heading->setProperty("heading", true);
    m_counts->setProperty("quiet", true);
    m_counts->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->setSpacing(4);
    layout->addWidget(m_heading);
    for (const auto metric : kRows)
        addRow(metric);
    layout->addWidget(m_counts);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_relax);
    buttons->addWidget(m_reset);
    buttons->addStretch();
    layout->addLayout(buttons);
    layout->addStretch();

    connect(m_relax, &QPushButton::clicked, this, &LimitsPanel::relax);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_state.change(tr("Reset limits"), "", [](Question& q) {
            for (auto& l : q.limits)
                l.on = false;
        });
    });
    connect(&m_state, &ExplorerState::changed, this, &LimitsPanel::follow);
    retranslate();
    follow(ExplorerState::WorldChanged | ExplorerState::QuestionChanged | ExplorerState::PhaseChanged);
}

void LimitsPanel::addRow(Metric metric)
{
    Row row{metric, new QWidget(this), new QCheckBox(this), new QLabel(isMaximised(metric) ? QStringLiteral("≥") : QStringLiteral("≤"), this), new QLineEdit(this), new HistogramSlider(this)};
    row.value->setMaximumWidth(96);
    row.value->setAlignment(Qt::AlignRight);
    row.slider->setInvertedAppearance(isMaximised(metric)); // only for how it is drawn: what is allowed lies above
    row.slider->setInvertedControls(false);
    auto* top = new QHBoxLayout;
    top->setSpacing(4);
    top->addWidget(row.on);
    top->addStretch();
    top->addWidget(row.sign);
    top->addWidget(row.value);
    auto* box = new QVBoxLayout(row.widget);
    box->setContentsMargins(0, 2, 0, 0);
    box->setSpacing(0);
    box->addLayout(top);
    box->addWidget(row.slider);
    static_cast<QVBoxLayout*>(layout())->addWidget(row.widget);
    setTabOrder(row.on, row.value);
    setTabOrder(row.value, row.slider);

    connect(row.on, &QCheckBox::toggled, this, [this, row](bool on) {
        if (!m_updating)
            setLimit(row, on, amountOf(row), false);
    });
    connect(row.slider, &QSlider::valueChanged, this, [this, row] {
        if (!m_updating)
            setLimit(row, true, row.slider->amount(), true);
    });
    connect(row.slider, &QSlider::sliderReleased, this, [this] { m_state.endMerge(); });
    connect(row.value, &QLineEdit::editingFinished, this, [this, row] { takeText(row); });
    row.widget->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(row.widget, &QWidget::customContextMenuRequested, this, [this, row](const QPoint& at) { showMenu(row, row.widget->mapToGlobal(at)); });
    m_rows.push_back(row);
}

void LimitsPanel::retranslate()
{
    m_heading->setText(tr("Limits"));
    m_relax->setText(tr("Relax to feasible"));
    m_relax->setToolTip(tr("Changes one limit by the least that makes some subnet satisfy all of them"));
    m_reset->setText(tr("Reset"));
    m_reset->setToolTip(tr("Turns all limits off"));
    for (const auto& row : m_rows) {
        row.on->setText(title(row.metric));
        row.on->setToolTip(tr("Limit %1").arg(title(row.metric)));
        row.value->setAccessibleName(tr("Limit of %1").arg(title(row.metric)));
        row.slider->setAccessibleName(tr("Limit of %1, slider").arg(title(row.metric)));
        row.value->setToolTip(tr("A number, with or without its unit"));
    }
    updateCounts();
}

void LimitsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void LimitsPanel::follow(ExplorerState::Changes what)
{
    if (what & (ExplorerState::WorldChanged | ExplorerState::CloudChanged))
        updateScales();
    if (what & (ExplorerState::WorldChanged | ExplorerState::CloudChanged | ExplorerState::QuestionChanged)) {
        updateRows();
        updateCounts();
    }
    if (what & (ExplorerState::PhaseChanged | ExplorerState::AnswerChanged)) {
        setEnabled(m_state.world() != nullptr);
        const auto& answer = m_state.answer();
        m_relax->setEnabled(m_state.phase() == Phase::Infeasible && answer && !answer->result->infeasible->relaxations.empty());
    }
}

/// From the least to the most that the cloud holds.
void LimitsPanel::updateScales()
{
    const auto& cloud = m_state.cloud();
    m_updating = true;
    for (const auto& row : m_rows) {
        const auto column = cloud ? cloud->column({row.metric, 0}) : std::nullopt;
        row.widget->setVisible(column.has_value() || !cloud);
        if (!column)
            continue;
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (std::size_t i = 0; i < cloud->size(); ++i) {
            low = std::min(low, cloud->at(i, *column));
            high = std::max(high, cloud->at(i, *column));
        }
        row.slider->setScale(low, high);
    }
    m_updating = false;
}

void LimitsPanel::updateRows()
{
    m_updating = true;
    for (const auto& row : m_rows) {
        const auto* limit = m_state.question().limit(row.metric);
        const bool on = limit && limit->on;
        row.on->setChecked(on);
        row.slider->setEnabled(true);
        if (limit)
            row.slider->setAmount(limit->value);
        else
            row.slider->setAmount(isMaximised(row.metric) ? row.slider->scaleLow() : row.slider->scaleHigh());
        if (row.value->isModified()) // somebody is typing
            continue;
        row.value->setText(on ? shown(row.metric, limit->value) : tr("off"));
        row.value->setProperty("wrong", false);
        row.value->style()->polish(row.value);
    }
    m_updating = false;
}

void LimitsPanel::updateCounts()
{
    const auto& cloud = m_state.cloud();
    if (!cloud) {
        m_counts->clear();
        return;
    }
    std::vector<bool> feasible(cloud->size());
    for (std::size_t i = 0; i < cloud->size(); ++i)
        feasible[i] = missed(*cloud, i, m_state.question()).empty();
    for (const auto& row : m_rows) {
        const auto column = cloud->column({row.metric, 0});
        if (!column)
            continue;
        std::vector<int> all(HistogramSlider::kBins), within(HistogramSlider::kBins);
        for (std::size_t i = 0; i < cloud->size(); ++i) {
            const auto bin = static_cast<std::size_t>(row.slider->binOf(cloud->at(i, *column)));
            ++all[bin];
            within[bin] += feasible[i];
        }
        row.slider->setCounts(std::move(all), std::move(within));
    }
    const auto count = std::count(feasible.begin(), feasible.end(), true);
    m_counts->setText(tr("%1 of %2 sampled subnets satisfy all limits").arg(QLocale().toString(static_cast<qlonglong>(count)), QLocale().toString(static_cast<qlonglong>(cloud->size()))));
}

/// The limit as it was asked for, which the slider has only nearly.
double LimitsPanel::amountOf(const Row& row) const
{
    const auto* limit = std::as_const(m_state).question().limit(row.metric);
    return limit ? limit->value : row.slider->amount();
}

void LimitsPanel::setLimit(const Row& row, bool on, double value, bool drag)
{
    m_state.change(on ? tr("Limit %1").arg(title(row.metric)) : tr("Lift the limit of %1").arg(title(row.metric)), drag ? "limit " + std::string(name(row.metric)) : std::string(),
        [&](Question& q) { q.limit(row.metric) = {row.metric, on, value}; });
}

void LimitsPanel::takeText(const Row& row)
{
    if (!row.value->isModified())
        return;
    const auto text = row.value->text().trimmed();
    const bool lift = text.isEmpty() || text == tr("off");
    const auto value = lift ? std::optional(amountOf(row)) : typed(row.metric, text);
    if (value) {
        row.value->setModified(false);
        setLimit(row, !lift, *value, false);
        return updateRows(); // also where nothing has changed: as it is shown, not as it was typed
    }
    // What was typed stays, so that it can be mended.
    row.value->setProperty("wrong", true);
    row.value->style()->polish(row.value);
    row.value->setToolTip(tr("“%1” is not a number in %2").arg(text, shownUnit(row.metric)));
}

void LimitsPanel::showMenu(const Row& row, const QPoint& at)
{
    QMenu menu;
    const auto current = m_state.current();
    auto* take = menu.addAction(tr("Set to the selected subnet"));
    take->setEnabled(current && m_state.world() && m_state.world()->knows({row.metric, 0}));
    auto* lift = menu.addAction(tr("Lift this limit"));
    lift->setEnabled(row.on->isChecked());
    const auto* chosen = menu.exec(at);
    if (chosen == take && current && m_state.world()) { // the world may be another one by now
        if (const auto figure = m_state.world()->figure(*current, {row.metric, 0}))
            setLimit(row, true, figure->value, false);
    } else if (chosen == lift) {
        setLimit(row, false, amountOf(row), false);
    }
}

void LimitsPanel::relax()
{
    const auto& answer = m_state.answer();
    if (!answer || !answer->result->infeasible || answer->result->infeasible->relaxations.empty())
        return;
    const auto& ways = answer->result->infeasible->relaxations;
    const auto change = [](const Relaxation& r) { return std::abs(r.needed - r.limit) / std::max(std::abs(r.limit), 1e-12); };
    const auto& best = *std::min_element(ways.begin(), ways.end(), [&](const Relaxation& a, const Relaxation& b) { return change(a) < change(b); });
    // A little beyond, so that rounding on the way does not miss it.
    const double value = isMaximised(best.quantity.metric) ? best.needed - 1e-9 * std::abs(best.needed) : best.needed + 1e-9 * std::abs(best.needed);
    m_state.change(tr("Relax %1").arg(title(best.quantity.metric)), "", [&](Question& q) { q.limit(best.quantity.metric) = {best.quantity.metric, true, value}; });
}

} // namespace paretoscope::desktop

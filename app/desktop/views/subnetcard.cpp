// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/subnetcard.h"

#include "state/alike.h"
#include "state/metrictext.h"
#include "views/architecturestrip.h"
#include "views/otherdevices.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace paretoscope::desktop {

namespace {

constexpr Metric kRows[] = {Metric::LatencyMs, Metric::EnergyJ, Metric::Co2eGPerMillion, Metric::Macs, Metric::Params, Metric::PeakActivationBytes};

QString kindText(Kind kind) { return QString::fromUtf8(std::string(name(kind)).c_str()); }

} // namespace

SubnetCard::SubnetCard(ExplorerState& state, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_heading(new QLabel(this))
    , m_accuracy(new QLabel(this))
    , m_accuracyBand(new QLabel(this))
    , m_alike(new QLabel(this))
    , m_second(new QLabel(this))
    , m_shape(new QLabel(this))
    , m_guard(new QLabel(this))
    , m_others(new OtherDevices(this))
    , m_strip(new ArchitectureStrip(this))
    , m_pin(new QPushButton(this))
    , m_export(new QPushButton(this))
{
    setProperty("card", true);
    m_heading->setProperty("heading", true);
    auto large = font();
    large.setPointSizeF(large.pointSizeF() * 2.1);
    large.setWeight(QFont::DemiBold);
    m_accuracy->setFont(large);
    for (auto* label : {m_accuracyBand, m_alike, m_second, m_shape, m_guard}) {
        label->setProperty("quiet", true);
        label->setWordWrap(true);
    }
    auto* grid = new QGridLayout;
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(0, 1);
    for (const auto metric : kRows) {
        Row row{metric, new QLabel(this), new QLabel(this)};
        row.name->setProperty("quiet", true);
        row.value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        row.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        const int at = grid->rowCount();
        grid->addWidget(row.name, at, 0);
        grid->addWidget(row.value, at, 1);
        m_rows.push_back(row);
    }
    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_accuracy);
    top->addWidget(m_accuracyBand, 1, Qt::AlignBottom);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_pin);
    buttons->addWidget(m_export);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->setSpacing(6);
    layout->addWidget(m_heading);
    layout->addLayout(top);
    layout->addWidget(m_alike);
    layout->addLayout(grid);
    layout->addWidget(m_others);
    layout->addWidget(m_second);
    layout->addWidget(m_strip);
    layout->addWidget(m_shape);
    layout->addWidget(m_guard);
    layout->addLayout(buttons);
    connect(m_pin, &QPushButton::clicked, this, &SubnetCard::pinRequested);
    connect(m_alike, &QLabel::linkActivated, this, [this] {
        const auto& answer = m_state.answer();
        const auto subnet = m_state.current();
        if (const auto alike = answer && subnet ? alikeOf(*answer, *subnet) : std::nullopt)
            m_state.select(answer->front.points.subnets[alike->cheapest]);
    });
    connect(m_export, &QPushButton::clicked, this, &SubnetCard::exportRequested);
    connect(&m_state, &ExplorerState::changed, this, &SubnetCard::follow);
    retranslate();
}

void SubnetCard::retranslate()
{
    m_pin->setToolTip(tr("Keeps this subnet beside others"));
    m_export->setText(tr("Export…"));
    m_export->setToolTip(tr("Writes this subnet as files: weights, configuration, model card"));
    for (const auto& row : m_rows)
        row.name->setText(title(row.metric));
    showSubnet();
}

void SubnetCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void SubnetCard::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & (S::WorldChanged | S::AnswerChanged | S::SelectionChanged | S::QuestionChanged))
        showSubnet();
}

void SubnetCard::showSubnet()
{
    const auto& world = m_state.world();
    const auto subnet = world ? m_state.current() : std::nullopt;
    m_pin->setEnabled(subnet.has_value());
    m_export->setEnabled(subnet.has_value());
    m_pin->setText(subnet && m_state.question().pinOf(*subnet) ? tr("Unpin") : tr("Pin"));
    if (!subnet) {
        m_heading->setText(tr("Subnet"));
        m_accuracy->setText(QStringLiteral("–"));
        m_accuracyBand->clear();
        m_shape->setText(world ? tr("Click a subnet in the plot") : QString());
        m_guard->clear();
        m_second->hide();
        m_alike->hide();
        m_others->show(nullptr, {});
        m_strip->show(nullptr, {});
        for (const auto& row : m_rows)
            row.value->setText(QStringLiteral("–"));
        return;
    }
    m_heading->setText(m_state.selection() ? tr("Selected") : tr("★ Suggested · knee of the front"));
    const auto top1 = world->figure(*subnet, {Metric::Top1Percent, 0});
    m_accuracy->setText(top1 ? shown(Metric::Top1Percent, top1->value) : QStringLiteral("–"));
    m_accuracyBand->setText(top1 && top1->low ? tr("± %1 top-1").arg(shown(Metric::Top1Percent, (*top1->high - *top1->low) / 2, false)) : tr("top-1"));
    m_accuracyBand->setToolTip(top1 ? QString::fromStdString(top1->source) : QString());
    showAlike(*subnet);
    for (const auto& row : m_rows) {
        const auto figure = world->figure(*subnet, {row.metric, 0});
        row.value->setText(figure ? (figure->low == figure->high ? shown(row.metric, figure->value) : shown(row.metric, *figure)) : tr("unknown"));
        row.value->setToolTip(figure ? tr("%1: %2").arg(kindText(figure->kind), QString::fromStdString(figure->source)) : tr("Nothing is known of it on this device"));
    }
    const auto* other = world->second ? world->second->predictor() : nullptr;
    m_second->setVisible(other && other->knows(subnet->resolution));
    if (m_second->isVisibleTo(this)) {
        m_second->setText(tr("Second opinion (MLP): %1").arg(shown(Metric::Top1Percent, other->top1Percent(*subnet))));
        m_second->setToolTip(QString::fromStdString(other->describe()));
    }
    m_others->show(world.get(), subnet);
    const auto& space = world->space();
    m_strip->show(&space, subnet);
    m_shape->setText(tr("height: expansion · shade: kernel · resolution %1").arg(subnet->resolution));
    QStringList guards;
    if (const auto* predictor = world->bundle->predictor())
        for (const auto& w : predictor->outsideTraining(*subnet, space))
            guards += QString::fromStdString(w);
    if (!world->devices.empty())
        for (const auto& w : world->devices.front().device.warningsOf(*subnet))
            guards += QString::fromStdString(w);
    m_guard->setText(guards.isEmpty() ? QString() : QStringLiteral("⚠ ") + guards.join(QStringLiteral("\n⚠ ")));
    m_guard->setVisible(!guards.isEmpty());
}

/// The cheapest of those that may be as good is one click away.
void SubnetCard::showAlike(const Subnet& subnet)
{
    const auto& answer = m_state.answer();
    const auto alike = answer && answer->world == m_state.world() ? alikeOf(*answer, subnet) : std::nullopt;
    m_alike->setVisible(alike && alike->rows.size() > 1);
    if (!alike || alike->rows.size() < 2)
        return;
    auto text = tr("%n other(s) of the front cannot be told apart from it", nullptr, static_cast<int>(alike->rows.size() - 1));
    const auto& cheapest = answer->front.points.subnets[alike->cheapest];
    const auto metric = answer->result->quantities[1].metric;
    if (const auto figure = m_state.world()->figure(cheapest, answer->result->quantities[1]); figure && !(cheapest == subnet))
        text += QStringLiteral(": <a href=\"#\" style=\"color: %1\">%2</a>").arg(palette().color(QPalette::Link).name(), tr("the cheapest, %1").arg(shown(metric, figure->value)).toHtmlEscaped());
    m_alike->setText(text);
    m_alike->setToolTip(tr("Their predicted top-1 lies within the 90 % interval of this one's. The cheapest of them may be as good."));
}

} // namespace paretoscope::desktop

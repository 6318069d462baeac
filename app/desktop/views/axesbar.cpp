// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/axesbar.h"

#include "state/metrictext.h"
#include "views/choicebox.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QStyle>

namespace paretoscope::desktop {

namespace {

constexpr Metric kCosts[] = {Metric::LatencyMs, Metric::EnergyJ, Metric::Co2eGPerMillion, Metric::Macs, Metric::Params, Metric::PeakActivationBytes};
constexpr int kNoColour = -1;

/// Gives way: what has no room ends in three dots, and the tool-tip has all of it.
class ElidedLabel final : public QLabel {
public:
    explicit ElidedLabel(QWidget* parent)
        : QLabel(parent)
    {
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        style()->drawItemText(&painter, contentsRect(), static_cast<int>(alignment()), palette(), isEnabled(), fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()), foregroundRole());
    }
};

/// "1.52 × 10²⁰" of a number with more digits than somebody reads.
QString roundNumber(const QString& digits)
{
    if (digits.size() <= 9)
        return QLocale().toString(digits.toLongLong());
    static const QString raised = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString power;
    for (const auto digit : QString::number(digits.size() - 1))
        power += raised[digit.digitValue()];
    return QStringLiteral("%1 × 10%2").arg(QLocale().toString(QStringView(digits).left(6).toDouble() / 1e5, 'f', 2), power);
}

} // namespace

AxesBar::AxesBar(ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_x(new ChoiceBox(this))
    , m_y(new ChoiceBox(this))
    , m_colour(new ChoiceBox(this))
    , m_logX(new QCheckBox(this))
    , m_proof(new ElidedLabel(this))
{
    m_x->setObjectName(QStringLiteral("x"));
    m_y->setObjectName(QStringLiteral("y"));
    m_colour->setObjectName(QStringLiteral("colour"));
    m_logX->setObjectName(QStringLiteral("logX"));
    m_proof->setProperty("quiet", true);
    m_proof->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_x);
    layout->addWidget(m_logX);
    layout->addWidget(m_y);
    layout->addWidget(m_colour);
    layout->addWidget(m_proof, 1);
    for (auto* box : {m_x, m_y})
        connect(box, &QComboBox::activated, this, [this, box](int i) {
            const auto metric = static_cast<Metric>(box->itemData(i).toInt());
            m_state.change(tr("Axis %1").arg(title(metric)), "", [&](Question& q) { (box == m_x ? q.axes.x : q.axes.y) = metric; });
        });
    connect(m_colour, &QComboBox::activated, this, [this](int i) {
        const int metric = m_colour->itemData(i).toInt();
        m_state.change(metric == kNoColour ? tr("One colour") : tr("Colour by %1").arg(title(static_cast<Metric>(metric))), "",
            [&](Question& q) { q.axes.colour = metric == kNoColour ? std::nullopt : std::optional(static_cast<Metric>(metric)); });
    });
    connect(m_logX, &QCheckBox::clicked, this, [this](bool on) { m_state.change(on ? tr("Logarithmic axis") : tr("Linear axis"), "", [&](Question& q) { q.axes.logX = on; }); });
    connect(&m_state, &ExplorerState::changed, this, &AxesBar::follow);
    retranslate();
}

void AxesBar::retranslate()
{
    m_logX->setText(tr("log"));
    m_logX->setToolTip(tr("Equal ratios are equally wide along the horizontal axis"));
    m_logX->setAccessibleName(tr("Logarithmic horizontal axis"));
    m_x->setAccessibleName(tr("Horizontal axis"));
    m_y->setAccessibleName(tr("Vertical axis"));
    m_colour->setAccessibleName(tr("Colour of the sampled subnets"));
    m_colour->setToolTip(tr("What the colour of the sampled subnets stands for"));
    fill();
    showProof();
}

void AxesBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void AxesBar::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (what & S::WorldChanged)
        fill();
    if (what & S::QuestionChanged)
        showQuestion();
    if (what & (S::AnswerChanged | S::WorldChanged))
        showProof();
}

void AxesBar::fill()
{
    for (auto* box : {m_x, m_y, m_colour})
        box->clear();
    const auto& world = m_state.world();
    if (!world)
        return;
    m_colour->addItem(tr("Colour  –"), kNoColour);
    const bool top1 = world->knows({Metric::Top1Percent, 0});
    if (top1) {
        m_y->addItem(tr("Y  %1").arg(title(Metric::Top1Percent)), static_cast<int>(Metric::Top1Percent));
        m_colour->addItem(tr("Colour  %1").arg(title(Metric::Top1Percent)), static_cast<int>(Metric::Top1Percent));
    }
    for (const auto metric : kCosts)
        if (world->knows({metric, 0})) {
            m_x->addItem(tr("X  %1").arg(title(metric)), static_cast<int>(metric));
            m_colour->addItem(tr("Colour  %1").arg(title(metric)), static_cast<int>(metric));
        }
    m_y->setEnabled(top1);
    showQuestion();
}

void AxesBar::showQuestion()
{
    const auto& axes = m_state.question().axes;
    m_x->setCurrentIndex(m_x->findData(static_cast<int>(axes.x)));
    m_y->setCurrentIndex(m_y->findData(static_cast<int>(axes.y)));
    m_colour->setCurrentIndex(m_colour->findData(axes.colour ? static_cast<int>(*axes.colour) : kNoColour));
    m_logX->setChecked(axes.logX);
}

void AxesBar::showProof()
{
    m_proof->clear();
    m_proof->setToolTip(QString());
    if (const auto& answer = m_state.answer(); answer && answer->result->proof) {
        m_proof->setText(tr("exact for this model · %1 subnets").arg(roundNumber(QString::fromStdString(answer->result->proof->subnetsCovered))));
        m_proof->setToolTip(m_proof->text() + u'\n' + QString::fromStdString(answer->result->proof->text));
    }
}

} // namespace paretoscope::desktop

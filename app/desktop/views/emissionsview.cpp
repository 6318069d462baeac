// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/emissionsview.h"

#include "carbon/designcost.h"
#include "views/choicebox.h"
#include "views/theme.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QChartView>
#include <QCursor>
#include <QGraphicsLayout>
#include <QEvent>
#include <QLabel>
#include <QLegend>
#include <QLineSeries>
#include <QLocale>
#include <QLogValueAxis>
#include <QScatterSeries>
#include <QSplitter>
#include <QStackedBarSeries>
#include <QToolTip>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <type_traits>
#include <cmath>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr MassUnit kUnits[] = {{"mg", 1e6}, {"g", 1e3}, {"kg", 1}, {"t", 1e-3}};
constexpr double kMostTargets = 1000;
constexpr double kSmallPt = 8; // the strip is low
constexpr int kBarsWidth = 240;
constexpr int kPoints = 60; // of a line over decades

QString number(double v) { return QLocale().toString(v, 'g', 3); }

/// 3,200,000 as "3.2 million": counts of inferences are large.
QString countText(double n)
{
    if (n >= 1e9)
        return EmissionsView::tr("%1 billion").arg(number(n / 1e9));
    if (n >= 1e6)
        return EmissionsView::tr("%1 million").arg(number(n / 1e6));
    return QLocale().toString(std::round(n), 'f', 0);
}

QChartView* emptyChart()
{
    auto* view = new QChartView(new QChart);
    view->setRenderHint(QPainter::Antialiasing);
    view->setFrameShape(QFrame::NoFrame);
    view->chart()->setMargins({4, 4, 4, 4});
    view->chart()->layout()->setContentsMargins(0, 0, 0, 0);
    view->chart()->setBackgroundRoundness(0);
    view->chart()->setLocalizeNumbers(true);
    view->setMinimumSize(200, 120);
    view->chart()->legend()->setAlignment(Qt::AlignRight);
    return view;
}

void clear(QChart& chart)
{
    chart.removeAllSeries();
    for (auto* axis : chart.axes()) {
        chart.removeAxis(axis);
        delete axis;
    }
}

/// Of the palette: Qt Charts has themes of its own.
void paint(QChart& chart, const Colours& c)
{
    chart.setBackgroundBrush(c.card);
    chart.setTitleBrush(c.text);
    auto small = chart.legend()->font();
    small.setPointSizeF(kSmallPt);
    chart.legend()->setFont(small);
    chart.legend()->setLabelColor(c.text);
    for (auto* axis : chart.axes()) {
        axis->setLabelsColor(c.quietText);
        axis->setLabelsFont(small);
        axis->setTitleFont(small);
        axis->setTitleBrush(c.text);
        axis->setGridLineColor(c.line);
        axis->setLinePenColor(c.quietText);
    }
}

QLineSeries* line(const QString& name, const QColor& colour, Qt::PenStyle style)
{
    auto* series = new QLineSeries;
    series->setName(name);
    series->setPen(QPen(colour, 2, style));
    return series;
}

/// Decades evenly.
std::vector<double> spread(double low, double high)
{
    std::vector<double> x;
    for (int i = 0; i < kPoints; ++i)
        x.push_back(low * std::pow(high / low, static_cast<double>(i) / (kPoints - 1)));
    return x;
}

double valueOf(const std::optional<Estimate>& e) { return e ? e->value : 0; }

/// By the shape of the line as well as by its colour.
std::pair<QColor, Qt::PenStyle> look(std::size_t i, const Colours& c)
{
    const QColor colours[] = {c.cloud, c.front, c.suggestion, c.pin};
    constexpr Qt::PenStyle styles[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    return {colours[i % 4], styles[i / 4 % 4 == 0 ? i % 4 : (i + 1) % 4]};
}

template <typename X, typename Y> void addAxes(QChart& chart, X* x, const QString& xTitle, Y* y, const QString& yTitle)
{
    x->setTitleText(xTitle);
    if constexpr (std::is_same_v<X, QLogValueAxis>)
        x->setMinorTickCount(0);
    y->setTitleText(yTitle);
    chart.addAxis(x, Qt::AlignBottom);
    chart.addAxis(y, Qt::AlignLeft);
    for (auto* series : chart.series()) {
        series->attachAxis(x);
        series->attachAxis(y);
    }
}

} // namespace

MassUnit massUnitFor(double kg)
{
    for (const auto& u : kUnits)
        if (kg * u.perKg < 1000)
            return u;
    return kUnits[std::size(kUnits) - 1];
}

EmissionsView::EmissionsView(ExplorerState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_bars(emptyChart())
    , m_lines(emptyChart())
    , m_right(new ChoiceBox)
    , m_words(new QLabel)
{
    m_words->setWordWrap(true);
    m_words->setProperty("quiet", true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_bars->setMinimumWidth(kBarsWidth);
    m_bars->setObjectName(QStringLiteral("bars"));
    m_lines->setObjectName(QStringLiteral("lines"));
    m_lines->chart()->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries); // the dashes tell them apart
    m_right->addItem(QString(), static_cast<int>(Right::Inferences));
    m_right->addItem(QString(), static_cast<int>(Right::Targets));
    auto* right = new QWidget;
    auto* rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    rightLayout->setSpacing(2);
    rightLayout->addWidget(m_right, 0, Qt::AlignLeft);
    rightLayout->addWidget(m_lines, 1);
    auto* charts = new QSplitter;
    charts->setChildrenCollapsible(false);
    charts->addWidget(m_bars);
    charts->addWidget(right);
    charts->setStretchFactor(0, 1);
    charts->setStretchFactor(1, 2);
    charts->setSizes({300, 500});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(charts, 1);
    layout->addWidget(m_words);
    connect(m_right, &QComboBox::currentIndexChanged, this, &EmissionsView::draw);
    connect(&m_state, &ExplorerState::changed, this, &EmissionsView::follow);
    retranslate();
}

void EmissionsView::showRight(Right what) { m_right->setCurrentIndex(m_right->findData(static_cast<int>(what))); }

void EmissionsView::retranslate()
{
    m_right->setItemText(0, tr("Over inferences"));
    m_right->setItemText(1, tr("Designing for many targets"));
    m_right->setAccessibleName(tr("What the right chart shows"));
    m_bars->setAccessibleName(tr("Emissions by where they come from"));
    m_lines->setAccessibleName(tr("Emissions over inferences, or over targets"));
    draw();
}

void EmissionsView::follow(ExplorerState::Changes what)
{
    using S = ExplorerState;
    if (!(what & (S::WorldChanged | S::QuestionChanged | S::AnswerChanged | S::SelectionChanged)))
        return;
    m_stale = true;
    if (isVisible())
        compute();
}

void EmissionsView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    compute();
}

void EmissionsView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    else if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        draw();
    QWidget::changeEvent(event);
}

EmissionsView::Key EmissionsView::key() const
{
    Key k{m_state.world(), m_state.question().carbon, {}};
    if (!k.world)
        return k;
    const auto& known = k.world->problem->resolutions();
    const auto add = [&](const QString& name, const Subnet& subnet) {
        if (std::find(known.begin(), known.end(), subnet.resolution) != known.end())
            k.nets.emplace_back(name, subnet);
    };
    for (const auto& pin : m_state.question().pins)
        add(QString(QLatin1Char(pin.letter)), pin.subnet);
    if (const auto current = m_state.current(); current && k.nets.empty())
        add(QStringLiteral("★"), *current);
    return k;
}

void EmissionsView::compute()
{
    if (!std::exchange(m_stale, false))
        return;
    auto now = key();
    if (now == m_key)
        return;
    m_key = std::move(now);
    m_nets.clear();
    m_reasons.clear();
    for (const auto& [name, subnet] : m_key.nets) {
        try {
            auto e = emissionsOf(*m_key.world, subnet, m_key.carbon);
            if (e.useKg)
                m_nets.push_back({name, std::move(e)});
            else
                m_reasons += QString::fromStdString(e.reason);
        } catch (const std::exception& e) {
            m_reasons += QString::fromUtf8(e.what());
        }
    }
    m_reasons.removeDuplicates();
    draw();
}

void EmissionsView::draw()
{
    drawBars();
    m_right->currentData().toInt() == static_cast<int>(Right::Targets) ? drawTargets() : drawInferences();
    const auto text = summary();
    m_words->setText(text);
    for (auto* chart : {m_bars, m_lines})
        chart->setAccessibleDescription(text);
}

QString EmissionsView::bandText(const std::optional<Estimate>& kg) const
{
    if (!kg)
        return tr("unknown");
    const auto unit = massUnitFor(kg->value);
    const auto name = QLatin1String(unit.name);
    return kg->low && kg->high ? QStringLiteral("%1 %2 (%3–%4)").arg(number(kg->value * unit.perKg), name, number(*kg->low * unit.perKg), number(*kg->high * unit.perKg)) : QStringLiteral("%1 %2").arg(number(kg->value * unit.perKg), name);
}

void EmissionsView::drawBars()
{
    auto& chart = *m_bars->chart();
    const auto& c = coloursOf(palette());
    clear(chart);
    chart.setTitle(m_nets.empty() ? tr("Nothing to show") : QString());
    chart.legend()->setVisible(!m_nets.empty());
    if (!m_nets.empty()) {
        double most = 0;
        QStringList names;
        for (const auto& n : m_nets) {
            most = std::max(most, n.emissions.totalKg.value);
            names += n.name;
        }
        const auto unit = massUnitFor(most);
        struct Part {
            QString name;
            std::optional<Estimate> NetEmissions::*kg;
            QColor colour;
            Qt::BrushStyle style;
        };
        const Part parts[] = {{tr("training"), &NetEmissions::trainingKg, c.front, Qt::SolidPattern}, {tr("making"), &NetEmissions::makingKg, c.pin, Qt::Dense3Pattern}, {tr("use"), &NetEmissions::useKg, c.cloud, Qt::SolidPattern}};
        auto* series = new QStackedBarSeries;
        for (const auto& part : parts) {
            auto* set = new QBarSet(part.name);
            set->setBrush(QBrush(part.colour, part.style));
            set->setPen(QPen(c.card, 1));
            QStringList tips;
            for (const auto& n : m_nets) {
                *set << valueOf(n.emissions.*part.kg) * unit.perKg;
                tips += QStringLiteral("%1 · %2: %3").arg(n.name, part.name, bandText(n.emissions.*part.kg));
            }
            connect(set, &QBarSet::hovered, this, [this, tips](bool on, int i) { on && i >= 0 && i < tips.size() ? QToolTip::showText(QCursor::pos(), tips[i], this) : QToolTip::hideText(); });
            series->append(set);
        }
        series->setBarWidth(0.5);
        chart.addSeries(series);
        auto* x = new QBarCategoryAxis;
        x->append(names);
        auto* y = new QValueAxis;
        y->setRange(0, most * unit.perKg * 1.05);
        addAxes(chart, x, {}, y, tr("%1 CO₂e").arg(QLatin1String(unit.name)));
        x->setGridLineVisible(false);
        y->applyNiceNumbers();
    }
    paint(chart, c);
}

void EmissionsView::drawInferences()
{
    auto& chart = *m_lines->chart();
    const auto& c = coloursOf(palette());
    clear(chart);
    chart.setTitle({});
    chart.legend()->setVisible(!m_nets.empty());
    if (!m_nets.empty()) {
        double end = 0;
        for (const auto& n : m_nets)
            end = std::max(end, n.emissions.inferences);
        const auto fixedKg = [](const NetEmissions& e) { return valueOf(e.trainingKg); };
        const auto atKg = [&](const NetEmissions& e, double inferences) { return fixedKg(e) + (valueOf(e.useKg) + valueOf(e.makingKg)) * inferences / e.inferences; };
        double most = 0, least = std::numeric_limits<double>::infinity();
        const double begin = std::max(1.0, end / 1e4);
        for (const auto& n : m_nets) {
            most = std::max(most, atKg(n.emissions, 10 * end));
            least = std::min(least, atKg(n.emissions, begin));
        }
        const auto unit = massUnitFor(most);
        for (std::size_t i = 0; i < m_nets.size(); ++i) {
            const auto [colour, style] = look(i, c);
            auto* series = line(m_nets[i].name, colour, style);
            for (const double x : spread(begin, 10 * end))
                series->append(x, atKg(m_nets[i].emissions, x) * unit.perKg);
            chart.addSeries(series);
        }
        auto* crossings = new QScatterSeries;
        crossings->setName(tr("break-even"));
        crossings->setMarkerShape(QScatterSeries::MarkerShapeRotatedRectangle);
        crossings->setMarkerSize(11);
        crossings->setColor(c.text);
        crossings->setBorderColor(c.card);
        for (std::size_t i = 0; i < m_nets.size(); ++i)
            for (std::size_t k = i + 1; k < m_nets.size(); ++k)
                if (const auto at = breakEven(m_nets[i].emissions, m_nets[k].emissions); at && *at >= begin && *at <= 10 * end)
                    crossings->append(*at, atKg(m_nets[i].emissions, *at) * unit.perKg);
        crossings->count() > 0 ? chart.addSeries(crossings) : delete crossings;
        auto* x = new QLogValueAxis;
        x->setRange(begin, 10 * end);
        x->setLabelFormat(QStringLiteral("%.0e")); // seven decades beside one another
        auto* y = new QLogValueAxis;
        y->setRange(std::max(least, most * 1e-6) * unit.perKg * 0.8, most * unit.perKg * 1.2);
        y->setLabelFormat(QStringLiteral("%.4g"));
        addAxes(chart, x, tr("inferences, all devices together"), y, tr("%1 CO₂e").arg(QLatin1String(unit.name)));
    }
    paint(chart, c);
}

void EmissionsView::drawTargets()
{
    auto& chart = *m_lines->chart();
    const auto& c = coloursOf(palette());
    clear(chart);
    chart.setTitle({});
    chart.legend()->setVisible(true);
    const DesignRates rates;
    double most = 0, least = std::numeric_limits<double>::infinity();
    std::size_t i = 0;
    const auto add = [&](const QString& name, auto&& kgAt) {
        const auto [colour, style] = look(i++, c);
        auto* series = line(name, colour, style);
        for (const double n : spread(1, kMostTargets)) {
            const double kg = kgAt(n);
            series->append(n, kg);
            most = std::max(most, kg);
            least = std::min(least, kg);
        }
        chart.addSeries(series);
    };
    for (const auto& m : designMethods())
        add(QString::fromStdString(m.model), [&](double n) { return m.hours.total(n) * rates.kgPerGpuHour(); });
    if (m_key.world && m_key.world->bundle->training && m_key.world->bundle->training->co2eKg) {
        const double kg = m_key.world->bundle->training->co2eKg->value;
        add(tr("this supernet"), [kg](double) { return kg; });
    }
    auto* x = new QLogValueAxis;
    x->setRange(1, kMostTargets);
    x->setLabelFormat(QStringLiteral("%.0e")); // seven decades beside one another
    auto* y = new QLogValueAxis;
    y->setRange(least * 0.8, most * 1.2);
    y->setLabelFormat(QStringLiteral("%.4g"));
    addAxes(chart, x, tr("deployment targets"), y, tr("kg CO₂e of design"));
    paint(chart, c);
}

QStringList EmissionsView::breakEvens() const
{
    QStringList texts;
    for (std::size_t i = 0; i < m_nets.size(); ++i)
        for (std::size_t k = i + 1; k < m_nets.size(); ++k) {
            const auto &a = m_nets[i].emissions, &b = m_nets[k].emissions;
            if (const auto at = breakEven(a, b))
                texts += tr("%1 and %2 are even after %3 inferences.").arg(m_nets[i].name, m_nets[k].name, countText(*at));
            else if (a.useGPerInference != b.useGPerInference)
                texts += tr("%1 emits less than %2 at any number of inferences.").arg(a.totalKg.value < b.totalKg.value ? m_nets[i].name : m_nets[k].name, a.totalKg.value < b.totalKg.value ? m_nets[k].name : m_nets[i].name);
        }
    for (const auto& n : m_nets)
        if (const auto at = useOvertakes(n.emissions))
            texts += tr("The use of %1 overtakes its share of the training after %2 inferences.").arg(n.name, countText(*at));
    return texts;
}

QString EmissionsView::assumptions() const
{
    const auto& c = m_key.carbon;
    const QLocale locale;
    auto text = tr("Assumed: grid %1, PUE %2 (in a data centre), %3 inferences a day and device, devices: %4, years: %5").arg(QString::fromStdString(c.grid), number(c.pue), countText(c.inferencesPerDay), countText(c.devices), number(c.lifeYears));
    text += c.embodiedKg > 0 ? tr(", %1 kg to make a device").arg(number(c.embodiedKg)) : tr(", making of devices left out");
    return text + tr("; nets that share the training: %1.").arg(countText(c.targets));
}

QString EmissionsView::summary() const
{
    if (!m_key.world)
        return tr("Nothing is open.");
    QStringList texts;
    for (const auto& r : m_reasons)
        texts += tr("Not known: %1.").arg(r);
    for (const auto& n : m_nets)
        texts += tr("%1: %2 in all.").arg(n.name, bandText(n.emissions.totalKg));
    texts += breakEvens();
    if (!m_nets.empty())
        texts += assumptions();
    if (m_right->currentData().toInt() == static_cast<int>(Right::Targets))
        texts += tr("Design: GPU-hours of Cai et al. 2020, Table 1, at the watts and the grid of Strubell et al. 2019 (estimates); this supernet as its bundle says.");
    return texts.join(u' ');
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/metrictext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <vector>

namespace paretoscope::desktop {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Metric)
};

struct UnitFactor {
    const char* unit;
    double factor; // from the metric's own unit
};

/// The first one is shown; all are understood.
std::vector<UnitFactor> unitsOf(Metric metric)
{
    switch (metric) {
    case Metric::Top1Percent: return {{"%", 1}, {"pp", 1}};
    case Metric::LatencyMs: return {{"ms", 1}, {"s", 1e-3}, {"us", 1e3}, {"µs", 1e3}};
    case Metric::EnergyJ: return {{"mJ", 1e3}, {"J", 1}, {"uJ", 1e6}, {"µJ", 1e6}};
    case Metric::Co2eGPerMillion: return {{"g/M", 1}, {"g", 1}, {"kg", 1e-3}, {"mg", 1e3}, {"kg/M", 1e-3}, {"mg/M", 1e3}};
    case Metric::Macs:
    case Metric::Params: return {{"M", 1e-6}, {"G", 1e-9}, {"k", 1e-3}};
    case Metric::WeightBytes:
    case Metric::PeakActivationBytes: return {{"MB", 1e-6}, {"kB", 1e-3}, {"GB", 1e-9}, {"B", 1}};
    }
    return {{"", 1}};
}

/// Three significant digits, and never more than three behind the point.
int decimalsOf(double value)
{
    const double size = std::abs(value);
    if (size == 0 || size >= 99.95)
        return 0;
    const int whole = static_cast<int>(std::floor(std::log10(size)));
    return std::clamp(2 - whole, 0, 4);
}

int decimalsOf(Metric metric, double value) { return metric == Metric::Top1Percent ? 2 : decimalsOf(value); }

} // namespace

QString title(Metric metric)
{
    switch (metric) {
    case Metric::Top1Percent: return Texts::tr("Top-1");
    case Metric::LatencyMs: return Texts::tr("Latency");
    case Metric::EnergyJ: return Texts::tr("Energy");
    case Metric::Co2eGPerMillion: return Texts::tr("Emissions");
    case Metric::Macs: return Texts::tr("MACs");
    case Metric::Params: return Texts::tr("Parameters");
    case Metric::WeightBytes: return Texts::tr("Weights");
    case Metric::PeakActivationBytes: return Texts::tr("Peak memory");
    }
    return {};
}

QString shownUnit(Metric metric) { return QString::fromUtf8(unitsOf(metric).front().unit); }

double shownFactor(Metric metric) { return unitsOf(metric).front().factor; }

QString shown(Metric metric, double value, bool withUnit)
{
    const double scaled = value * shownFactor(metric);
    const auto text = QLocale().toString(scaled, 'f', decimalsOf(metric, scaled));
    return withUnit ? text + u' ' + shownUnit(metric) : text;
}

QString shown(Metric metric, const Estimate& e)
{
    const double factor = shownFactor(metric), value = e.value * factor;
    if (!e.low || !e.high)
        return shown(metric, e.value);
    const double below = value - *e.low * factor, above = *e.high * factor - value;
    const auto number = [&](double v, int decimals) { return QLocale().toString(v, 'f', decimals); };
    if (std::abs(below - above) <= 0.02 * std::max(below, above) + 1e-12) {
        // As many digits as the band has: two of its own.
        const int decimals = std::min(4, std::max(decimalsOf(metric, value), above > 0 && above < 1 ? static_cast<int>(std::ceil(-std::log10(above))) : 0));
        return QStringLiteral("%1 ± %2 %3").arg(number(value, decimals), number(above, decimals), shownUnit(metric));
    }
    const int decimals = decimalsOf(metric, value);
    return QStringLiteral("%1 %2 (%3–%4)").arg(number(value, decimals), shownUnit(metric), number(*e.low * factor, decimals), number(*e.high * factor, decimals));
}

std::optional<double> typed(Metric metric, const QString& text)
{
    static const QRegularExpression pattern(QStringLiteral(R"(^\s*(?:[<>≤≥=]+\s*)?([-+]?(?:\d[\d\s]*[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$)"));
    const auto match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    auto number = match.captured(1);
    number.remove(QRegularExpression(QStringLiteral("\\s")));
    if (!number.contains(u'.'))
        number.replace(u',', u'.');
    bool ok = false;
    const double value = QLocale::c().toDouble(number, &ok);
    if (!ok || !std::isfinite(value))
        return std::nullopt;
    const auto unit = match.captured(2);
    if (unit.isEmpty())
        return value / shownFactor(metric);
    for (const auto& u : unitsOf(metric))
        if (unit == QString::fromUtf8(u.unit))
            return value / u.factor;
    for (const auto& u : unitsOf(metric)) // "MS", but "m" is never "M"
        if (unit.size() > 1 && unit.compare(QString::fromUtf8(u.unit), Qt::CaseInsensitive) == 0)
            return value / u.factor;
    return std::nullopt;
}

} // namespace paretoscope::desktop

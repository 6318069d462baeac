// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/comparewords.h"

#include "state/compare.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace paretoscope::desktop {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Compare)
};

QString number(double v) { return QLocale().toString(v, 'g', 3); }

QString letterOf(const Pin& pin) { return QString(QLatin1Char(pin.letter)); }

QString countText(double inferences)
{
    return inferences >= 1e6 ? Texts::tr("%1 million inferences").arg(number(inferences / 1e6)) : Texts::tr("%1 inferences").arg(QLocale().toString(std::round(inferences), 'f', 0));
}

} // namespace

QString probabilityText(double p)
{
    return p < 0.01 ? Texts::tr("below 1 %") : p > 0.99 ? Texts::tr("above 99 %") : Texts::tr("%1 %").arg(QLocale().toString(100 * p, 'f', 0));
}

QString massText(double kg)
{
    return std::abs(kg) < 1 ? QStringLiteral("%1 g").arg(QLocale().toString(1000 * kg, 'f', std::abs(kg) < 0.1 ? 2 : 0)) : QStringLiteral("%1 kg").arg(QLocale().toString(kg, 'f', std::abs(kg) < 100 ? 2 : 0));
}

QStringList accuracyWords(const World& world, const std::vector<Pin>& pins)
{
    QStringList lines;
    for (std::size_t i = 0; i < pins.size(); ++i)
        for (std::size_t k = i + 1; k < pins.size(); ++k) {
            const auto a = world.figure(pins[i].subnet, {Metric::Top1Percent, 0}), b = world.figure(pins[k].subnet, {Metric::Top1Percent, 0});
            if (const auto p = a && b ? probabilityMoreAccurate(*a, *b) : std::nullopt)
                lines += Texts::tr("P(%1 is more accurate than %2): %3").arg(letterOf(pins[k]), letterOf(pins[i]), probabilityText(*p));
        }
    if (!lines.isEmpty())
        lines += Texts::tr("From the predictor's 90 % intervals, errors taken as normal and independent. Both come from one predictor, so that is an approximation.");
    return lines;
}

QStringList emissionWords(const std::vector<Pin>& pins, const std::vector<NetEmissions>& emissions)
{
    QStringList lines;
    for (std::size_t i = 0; i < pins.size(); ++i)
        if (!emissions[i].useKg)
            lines += Texts::tr("Emissions of %1 are not known: %2.").arg(letterOf(pins[i]), QString::fromStdString(emissions[i].reason));
    for (std::size_t i = 0; i < pins.size(); ++i)
        for (std::size_t k = i + 1; k < pins.size(); ++k) {
            const auto &a = emissions[i], &b = emissions[k];
            if (!a.useKg || !b.useKg)
                continue;
            const bool cheaperUse = b.useGPerInference < a.useGPerInference; // of b
            const auto &less = letterOf(pins[cheaperUse ? k : i]), &more = letterOf(pins[cheaperUse ? i : k]);
            if (const auto at = breakEven(a, b)) {
                const double share = a.inferences > 0 ? *at / a.inferences : 0;
                lines += Texts::tr("%1 and %2 have emitted the same after %3 (%4 % of the life assumed): until then %2 has emitted less, from then on %1.").arg(less, more, countText(*at), number(100 * share));
            } else if (a.totalKg.value != b.totalKg.value) {
                lines += Texts::tr("%1 emits less than %2 from the first inference on: %3 less over the life assumed (%4).").arg(less, more, massText(std::abs(a.totalKg.value - b.totalKg.value)), countText(a.inferences));
            } else {
                lines += Texts::tr("%1 and %2 emit the same.").arg(less, more);
            }
        }
    return lines;
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/devicetext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace paretoscope::desktop {

namespace {

constexpr double kWeakTau = 0.93; // below it a device is shipped with the word that its ranking is weak (spec/devices.md)

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Device)
};

QString number(double v, int decimals) { return QLocale().toString(v, 'f', decimals); }

/// As many decimals as the error needs: "±2.7 %", "±6 %".
QString percent(double v) { return QLocale().toString(v, 'g', 3); }

QString errorText(const DeviceError& e, bool extrapolated)
{
    QStringList parts;
    if (e.band90Percent)
        parts += extrapolated ? Texts::tr("extrapolated: ±%1 %").arg(percent(*e.band90Percent)) : Texts::tr("90 % within ±%1 %").arg(percent(*e.band90Percent));
    else if (e.mapePercent)
        parts += Texts::tr("off by %1 % on average").arg(percent(*e.mapePercent));
    if (e.kendallTau)
        parts += Texts::tr("Kendall's τ %1").arg(number(*e.kendallTau, 2));
    return parts.isEmpty() ? QString::fromStdString(e.basis) : parts.join(QStringLiteral(", "));
}

const ErrorRange* firstRange(const Device& device)
{
    const auto it = std::find_if(device.errors.begin(), device.errors.end(), [&](const ErrorRange& r) { return r.space == device.spaceId; });
    return it == device.errors.end() ? nullptr : &*it;
}

QString conditionsText(const Conditions& c)
{
    QStringList parts{Texts::tr("batch %1").arg(c.batch)};
    if (c.threads > 0)
        parts += Texts::tr("%n thread(s)", nullptr, c.threads);
    for (const auto& text : {c.runtime, c.precision, c.note})
        if (!text.empty())
            parts += QString::fromStdString(text);
    return parts.join(QStringLiteral(" · "));
}

bool anyContains(const QStringList& texts, const QString& word)
{
    return std::any_of(texts.begin(), texts.end(), [&](const QString& t) { return t.contains(word); });
}

} // namespace

QString originText(DeviceOrigin origin)
{
    switch (origin) {
    case DeviceOrigin::Bundle: return Texts::tr("in the bundle");
    case DeviceOrigin::Catalogue: return Texts::tr("catalogue");
    case DeviceOrigin::Imported: return Texts::tr("imported");
    }
    return {};
}

QString errorText(const Device& device)
{
    if (const auto* range = firstRange(device))
        return errorText(range->error, range->extrapolated);
    return device.error ? errorText(*device.error, false) : Texts::tr("error not measured");
}

QString resolutionsText(const std::vector<int>& r)
{
    if (r.empty())
        return Texts::tr("none");
    return r.size() == 1 ? QString::number(r.front()) : QStringLiteral("%1–%2").arg(r.front()).arg(r.back());
}

QString aboutDevice(const ListedDevice& listed)
{
    const auto& d = listed.device;
    QStringList lines{QString::fromStdString(d.title), Texts::tr("Source: %1").arg(QString::fromStdString(d.source))};
    if (!d.licence.empty())
        lines += Texts::tr("Licence: %1").arg(QString::fromStdString(d.licence));
    lines += Texts::tr("Conditions: %1").arg(conditionsText(d.conditions));
    lines += Texts::tr("Resolutions: %1").arg(resolutionsText(d.resolutions()));
    if (!firstRange(d))
        lines += d.error ? Texts::tr("Error: %1 (%2)").arg(errorText(*d.error, false), QString::fromStdString(d.error->basis)) : Texts::tr("Error: not measured");
    auto warnings = d.warnings;
    for (const auto& e : d.errors)
        if (e.space == d.spaceId) {
            lines += Texts::tr("Error at %1–%2: %3 (%4)").arg(e.lowestResolution).arg(e.highestResolution).arg(errorText(e.error, e.extrapolated), QString::fromStdString(e.error.basis));
            warnings.insert(warnings.end(), e.warnings.begin(), e.warnings.end());
        }
    for (const auto& w : warnings)
        lines += QStringLiteral("⚠ ") + QString::fromStdString(w);
    return lines.join(u'\n');
}

QStringList deviceGuards(const Device& device, const Subnet& subnet)
{
    QStringList guards;
    for (const auto& w : device.warningsOf(subnet))
        guards += QString::fromStdString(w);
    const auto* error = device.errorOf(subnet);
    const auto* range = device.errorRangeOf(subnet);
    if (!error) {
        guards += Texts::tr("error not measured on this device");
        return guards;
    }
    if (range && range->extrapolated && !anyContains(guards, QStringLiteral("extrapolated"))) // else it is said already
        guards += Texts::tr("extrapolated: nothing like it was measured on this device");
    if (error->kendallTau && *error->kendallTau < kWeakTau && !anyContains(guards, QStringLiteral("ranking")))
        guards += Texts::tr("ranking weak on this device: Kendall's τ %1 on nets left out").arg(number(*error->kendallTau, 2));
    return guards;
}

} // namespace paretoscope::desktop

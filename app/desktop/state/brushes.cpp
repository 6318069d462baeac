// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/brushes.h"

#include "state/metrictext.h"

#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace paretoscope::desktop {

namespace {

constexpr Metric kMetrics[] = {Metric::Top1Percent, Metric::LatencyMs, Metric::EnergyJ, Metric::Co2eGPerMillion, Metric::Macs, Metric::Params, Metric::WeightBytes, Metric::PeakActivationBytes};

std::optional<double> typedNumber(std::optional<Metric> metric, const QString& number, const QString& unit)
{
    if (metric)
        return typed(*metric, number + u' ' + unit);
    if (!unit.isEmpty() && unit.compare(QStringLiteral("px"), Qt::CaseInsensitive) != 0)
        return std::nullopt;
    auto text = number;
    text.replace(u',', u'.');
    bool ok = false;
    const double value = QLocale::c().toDouble(text, &ok);
    return ok && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<Metric> metricOfColumn(std::string_view column)
{
    const auto* it = std::find_if(std::begin(kMetrics), std::end(kMetrics), [&](Metric m) { return name(m) == column; });
    return it == std::end(kMetrics) ? std::nullopt : std::optional(*it);
}

std::optional<NamedColumn> NamedColumn::find(const Table& table, std::string_view column)
{
    if (column == kResolutionColumn)
        return NamedColumn(What::Resolution, 0);
    if (column == kDepthColumn)
        return NamedColumn(What::Depth, 0);
    const auto metric = metricOfColumn(column);
    const auto index = metric ? table.column({*metric, 0}) : std::nullopt;
    return index ? std::optional(NamedColumn(What::Figure, *index)) : std::nullopt;
}

double NamedColumn::at(const World& world, const Table& table, std::size_t row) const
{
    switch (m_what) {
    case What::Figure: return table.at(row, m_index);
    case What::Resolution: return table.points.subnets[row].resolution;
    case What::Depth: break;
    }
    const auto& space = world.space();
    int blocks = 0;
    for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage)
        blocks += space.activeBlocks(table.points.subnets[row], stage);
    return blocks;
}

bool passesBrushes(const World& world, const Table& table, std::size_t row, const std::vector<Brush>& brushes)
{
    return std::all_of(brushes.begin(), brushes.end(), [&](const Brush& b) {
        const auto column = NamedColumn::find(table, b.column);
        if (!column)
            return true;
        const double value = column->at(world, table, row);
        return value >= b.low && value <= b.high;
    });
}

std::optional<std::pair<double, double>> typedRange(std::optional<Metric> metric, const QString& text, std::pair<double, double> whole)
{
    // Numbers here have no blanks inside: a blank parts the two.
    static const QString number = QStringLiteral(R"(([-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?)\s*([^\d\s.,;<>=≤≥–…+-]*))");
    static const QRegularExpression two(QStringLiteral(R"(^\s*)") + number + QStringLiteral(R"((?:\s*(?:–|-|…|;|\.\.|,\s)\s*|\s+))") + number + QStringLiteral(R"(\s*$)"));
    static const QRegularExpression one(QStringLiteral(R"(^\s*([<>≤≥])=?\s*)") + number + QStringLiteral(R"(\s*$)"));
    if (const auto match = one.match(text); match.hasMatch()) {
        const auto value = typedNumber(metric, match.captured(2), match.captured(3));
        if (!value)
            return std::nullopt;
        const bool most = match.captured(1) == u"<" || match.captured(1) == u"≤";
        const auto range = most ? std::pair(whole.first, *value) : std::pair(*value, whole.second);
        return range.first <= range.second ? std::optional(range) : std::nullopt;
    }
    const auto match = two.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const auto a = typedNumber(metric, match.captured(1), match.captured(2).isEmpty() ? match.captured(4) : match.captured(2));
    const auto b = typedNumber(metric, match.captured(3), match.captured(4));
    if (!a || !b)
        return std::nullopt;
    return std::pair(std::min(*a, *b), std::max(*a, *b));
}

} // namespace paretoscope::desktop

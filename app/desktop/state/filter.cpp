// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/filter.h"

#include "state/metrictext.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace paretoscope::desktop {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Filter)
};

using What = std::variant<Metric, FilterTerm::Gene>;

const std::vector<std::pair<QStringList, What>>& words()
{
    static const std::vector<std::pair<QStringList, What>> all{
        {{"acc", "accuracy", "top1", "top-1"}, Metric::Top1Percent},
        {{"lat", "latency"}, Metric::LatencyMs},
        {{"energy", "e_j"}, Metric::EnergyJ},
        {{"co2", "co2e", "emissions"}, Metric::Co2eGPerMillion},
        {{"macs", "flops"}, Metric::Macs},
        {{"params", "parameters"}, Metric::Params},
        {{"weights"}, Metric::WeightBytes},
        {{"mem", "memory", "peak"}, Metric::PeakActivationBytes},
        {{"r", "res", "resolution"}, FilterTerm::Gene::Resolution},
        {{"k", "kernel"}, FilterTerm::Gene::Kernel},
        {{"e", "expansion"}, FilterTerm::Gene::Expansion},
        {{"d", "depth"}, FilterTerm::Gene::Depth},
    };
    return all;
}

std::optional<What> whatOf(const QString& word)
{
    for (const auto& [names, what] : words())
        if (names.contains(word, Qt::CaseInsensitive))
            return what;
    return std::nullopt;
}

QString wordList()
{
    QStringList all;
    for (const auto& [names, what] : words())
        all += names.front();
    return all.join(QStringLiteral(", "));
}

FilterTerm::Sign signOf(const QString& sign)
{
    if (sign == u"<")
        return FilterTerm::Sign::Less;
    if (sign == u"<=" || sign == u"≤")
        return FilterTerm::Sign::LessOrEqual;
    if (sign == u">")
        return FilterTerm::Sign::Greater;
    if (sign == u">=" || sign == u"≥")
        return FilterTerm::Sign::GreaterOrEqual;
    return sign == u"!=" || sign == u"≠" ? FilterTerm::Sign::NotEqual : FilterTerm::Sign::Equal;
}

bool holds(FilterTerm::Sign sign, double a, double b)
{
    switch (sign) {
    case FilterTerm::Sign::Less: return a < b;
    case FilterTerm::Sign::LessOrEqual: return a <= b;
    case FilterTerm::Sign::Greater: return a > b;
    case FilterTerm::Sign::GreaterOrEqual: return a >= b;
    case FilterTerm::Sign::Equal: return a == b;
    case FilterTerm::Sign::NotEqual: return a != b;
    }
    return false;
}

bool geneHolds(const SearchSpace& space, const Subnet& s, const FilterTerm& term, FilterTerm::Gene gene)
{
    if (gene == FilterTerm::Gene::Resolution)
        return holds(term.sign, s.resolution, term.value);
    for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage) {
        const auto& spec = space.stages[static_cast<std::size_t>(stage)];
        if (gene == FilterTerm::Gene::Depth) {
            if (!holds(term.sign, s.depth[static_cast<std::size_t>(space.depthGene(stage))], term.value))
                return false;
            continue;
        }
        for (int b = 0; b < space.activeBlocks(s, stage); ++b) {
            const auto op = s.op[static_cast<std::size_t>(spec.firstSlot + b)];
            if (!holds(term.sign, gene == FilterTerm::Gene::Kernel ? spec.kernelOf(op) : spec.expansionOf(op), term.value))
                return false;
        }
    }
    return true;
}

} // namespace

std::variant<Filter, FilterProblem> Filter::parse(const QString& text)
{
    static const QRegularExpression join(QStringLiteral(R"(\s*(?:&&?|\band\b)\s*)"), QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression term(QStringLiteral(R"(^([A-Za-z][A-Za-z0-9_-]*)\s*(<=|>=|!=|==|=|<|>|≤|≥|≠)\s*(.+)$)"));
    Filter filter;
    if (text.trimmed().isEmpty())
        return filter;
    int at = 0;
    while (at <= text.size()) {
        const auto joined = join.match(text, at);
        const int end = joined.hasMatch() ? static_cast<int>(joined.capturedStart()) : static_cast<int>(text.size());
        const auto part = text.mid(at, end - at).trimmed();
        const auto match = term.match(part);
        if (!match.hasMatch())
            return FilterProblem{at, part.isEmpty() ? Texts::tr("a condition is missing, such as lat<20") : Texts::tr("“%1” is not a condition, such as lat<20").arg(part)};
        const auto what = whatOf(match.captured(1));
        if (!what)
            return FilterProblem{at, Texts::tr("“%1” is not known; known are %2").arg(match.captured(1), wordList())};
        const auto* metric = std::get_if<Metric>(&*what);
        bool ok = true;
        const auto value = metric ? typed(*metric, match.captured(3)) : std::optional(match.captured(3).toDouble(&ok));
        if (!value || !ok)
            return FilterProblem{at, Texts::tr("“%1” is not a number here").arg(match.captured(3))};
        filter.m_terms.push_back({*what, signOf(match.captured(2)), *value});
        if (!joined.hasMatch())
            break;
        at = static_cast<int>(joined.capturedEnd());
    }
    return filter;
}

bool Filter::passes(const World& world, const Table& table, std::size_t row) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const FilterTerm& t) {
        if (const auto* gene = std::get_if<FilterTerm::Gene>(&t.what))
            return geneHolds(world.space(), table.points.subnets[row], t, *gene);
        const auto column = table.column({std::get<Metric>(t.what), 0});
        return column && holds(t.sign, table.at(row, *column), t.value);
    });
}

} // namespace paretoscope::desktop

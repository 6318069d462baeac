// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparemodel.h"

#include "state/compare.h"
#include "state/comparewords.h"
#include "state/devicetext.h"
#include "state/metrictext.h"

#include <QFont>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace paretoscope::desktop {

namespace {

const QString kBest = QStringLiteral("▲ "), kPerhaps = QStringLiteral("△ ");

bool better(double a, double b, bool maximised) { return maximised ? a > b : a < b; }

} // namespace

CompareModel::Row CompareModel::rowOf(std::optional<SearchQuantity> quantity, std::vector<std::optional<Estimate>> figures)
{
    Row row{quantity, std::move(figures), {}};
    row.leads.assign(row.figures.size(), Lead::None);
    std::optional<double> best;
    bool differ = false;
    for (const auto& f : row.figures) {
        if (!f)
            continue;
        differ = differ || (best && f->value != *best);
        if (!best || better(f->value, *best, row.maximised()))
            best = f->value;
    }
    if (!differ)
        return row;
    for (std::size_t i = 0; i < row.figures.size(); ++i) {
        const auto& mine = row.figures[i];
        if (!mine || mine->value != *best)
            continue;
        row.leads[i] = Lead::Best;
        if (!quantity || quantity->metric != Metric::Top1Percent)
            continue;
        for (const auto& other : row.figures)
            if (other && other->value != *best && probabilityMoreAccurate(*other, *mine).value_or(0) < kSure)
                row.leads[i] = Lead::Perhaps;
    }
    return row;
}

void CompareModel::setPins(std::shared_ptr<const World> world, std::vector<Pin> pins)
{
    if (world == m_world && pins == m_pins)
        return;
    beginResetModel();
    m_world = std::move(world);
    m_pins = std::move(pins);
    m_totalKg.clear();
    fill();
    endResetModel();
}

void CompareModel::setEmissions(std::vector<std::optional<Estimate>> totalKg)
{
    if (totalKg.size() != m_pins.size() || totalKg == m_totalKg)
        return;
    beginResetModel();
    m_totalKg = std::move(totalKg);
    fill();
    endResetModel();
}

void CompareModel::retranslate()
{
    beginResetModel();
    endResetModel();
}

void CompareModel::fill()
{
    m_rows.clear();
    if (!m_world || m_pins.empty())
        return;
    for (const auto& q : m_world->quantities) {
        std::vector<std::optional<Estimate>> figures;
        for (const auto& p : m_pins)
            figures.push_back(m_world->figure(p.subnet, q));
        m_rows.push_back(rowOf(q, std::move(figures)));
    }
    if (std::any_of(m_totalKg.begin(), m_totalKg.end(), [](const auto& e) { return e.has_value(); }))
        m_rows.push_back(rowOf(std::nullopt, m_totalKg));
}

int CompareModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int CompareModel::columnCount(const QModelIndex& parent) const { return parent.isValid() || m_pins.empty() ? 0 : 1 + static_cast<int>(m_pins.size()); }

QString CompareModel::titleOf(const Row& row) const
{
    if (!row.quantity)
        return tr("CO₂e over the life");
    const auto& q = *row.quantity;
    if (!dependsOnDevice(q.metric) || m_world->devices.size() < 2)
        return title(q.metric);
    return tr("%1 on %2").arg(title(q.metric), QString::fromStdString(m_world->devices[static_cast<std::size_t>(q.device)].device.title));
}

QString CompareModel::valueText(const Row& row, std::size_t pin) const
{
    const auto& f = row.figures[pin];
    if (!f)
        return tr("unknown");
    if (!row.quantity)
        return f->low && f->high ? QStringLiteral("%1 (%2–%3)").arg(massText(f->value), massText(*f->low), massText(*f->high)) : massText(f->value);
    const auto metric = row.quantity->metric;
    return f->low == f->high ? shown(metric, f->value) : shown(metric, *f);
}

QString CompareModel::differenceText(const Row& row, std::size_t pin) const
{
    if (pin == 0 || !row.figures[pin] || !row.figures[0])
        return {};
    const double d = row.figures[pin]->value - row.figures[0]->value;
    const auto sign = d > 0 ? QStringLiteral("+") : d < 0 ? QStringLiteral("−") : QStringLiteral("±");
    if (!row.quantity)
        return sign + massText(std::abs(d));
    const auto metric = row.quantity->metric;
    return sign + (metric == Metric::Top1Percent ? tr("%1 points").arg(shown(metric, std::abs(d), false)) : shown(metric, std::abs(d)));
}

QString CompareModel::cellText(const Row& row, std::size_t pin) const
{
    const auto difference = differenceText(row, pin);
    const auto mark = row.leads[pin] == Lead::Best ? kBest : row.leads[pin] == Lead::Perhaps ? kPerhaps : QString();
    return mark + (difference.isEmpty() ? valueText(row, pin) : QStringLiteral("%1  (%2)").arg(valueText(row, pin), difference));
}

QVariant CompareModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    if (index.column() == 0)
        return role == Qt::DisplayRole ? QVariant(titleOf(row)) : QVariant();
    const auto pin = static_cast<std::size_t>(index.column() - 1);
    const auto& figure = row.figures[pin];
    switch (role) {
    case Qt::DisplayRole: return cellText(row, pin);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::FontRole: {
        QFont font;
        font.setBold(row.leads[pin] == Lead::Best);
        return font;
    }
    case LeadRole: return static_cast<int>(row.leads[pin]);
    case ShareRole: {
        double most = 0;
        for (const auto& f : row.figures)
            most = std::max(most, f ? std::abs(f->value) : 0);
        return figure && most > 0 ? QVariant(std::abs(figure->value) / most) : QVariant();
    }
    case Qt::ToolTipRole: {
        if (!figure)
            return tr("Nothing is known of it at this resolution");
        QStringList lines{QString::fromStdString(figure->source)};
        if (row.quantity && dependsOnDevice(row.quantity->metric))
            for (const auto& g : deviceGuards(m_world->devices[static_cast<std::size_t>(row.quantity->device)].device, m_pins[pin].subnet))
                lines += QStringLiteral("⚠ ") + g;
        return lines.join(u'\n');
    }
    case Qt::AccessibleTextRole: {
        const QString text = valueText(row, pin) + (pin > 0 ? QStringLiteral(", ") + differenceText(row, pin) : QString());
        return row.leads[pin] == Lead::Best ? tr("best: %1").arg(text) : row.leads[pin] == Lead::Perhaps ? tr("best, but not surely: %1").arg(text) : text;
    }
    default: return {};
    }
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount() || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    if (section == 0)
        return role == Qt::DisplayRole ? QVariant(tr("Figure")) : QVariant();
    const auto& pin = m_pins[static_cast<std::size_t>(section - 1)];
    return role == Qt::DisplayRole ? QVariant(QString(QLatin1Char(pin.letter))) : QVariant(tr("Pin %1, resolution %2").arg(QLatin1Char(pin.letter)).arg(pin.subnet.resolution));
}

QString CompareModel::tsv() const
{
    if (m_pins.empty())
        return {};
    const auto first = QString(QLatin1Char(m_pins.front().letter));
    QStringList lines, header{QStringLiteral("figure"), QStringLiteral("device"), QStringLiteral("unit")};
    for (std::size_t i = 0; i < m_pins.size(); ++i) {
        const auto letter = QString(QLatin1Char(m_pins[i].letter));
        header += {letter, letter + QStringLiteral(" low"), letter + QStringLiteral(" high")};
        if (i > 0)
            header += QStringLiteral("%1 - %2").arg(letter, first);
    }
    lines += header.join(u'\t');
    for (const auto& row : m_rows) {
        const bool device = !row.quantity || dependsOnDevice(row.quantity->metric);
        const auto& known = m_world->devices;
        const auto at = row.quantity ? static_cast<std::size_t>(std::max(0, row.quantity->device)) : 0;
        QStringList cells{row.quantity ? QString::fromUtf8(std::string(name(row.quantity->metric)).c_str()) : QStringLiteral("life-co2e"), device && at < known.size() ? QString::fromStdString(known[at].device.id) : QString(), row.quantity ? shownUnit(row.quantity->metric) : QStringLiteral("kg")};
        const double factor = row.quantity ? shownFactor(row.quantity->metric) : 1;
        const auto number = [&](const std::optional<double>& v) { return v ? QString::number(*v * factor, 'g', 9) : QString(); };
        for (std::size_t i = 0; i < row.figures.size(); ++i) {
            const auto& f = row.figures[i];
            cells += {number(f ? std::optional(f->value) : std::nullopt), number(f ? f->low : std::nullopt), number(f ? f->high : std::nullopt)};
            if (i > 0)
                cells += number(f && row.figures[0] ? std::optional(f->value - row.figures[0]->value) : std::nullopt);
        }
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n') + u'\n';
}

QString CompareModel::markdown() const
{
    if (m_pins.empty())
        return {};
    const auto line = [](const QStringList& cells) { return QStringLiteral("| %1 |").arg(cells.join(QStringLiteral(" | "))); };
    QStringList header{tr("Figure")}, rule{QStringLiteral("---")}, lines;
    for (const auto& p : m_pins) {
        header += QString(QLatin1Char(p.letter));
        rule += QStringLiteral("---:");
    }
    lines += line(header);
    lines += line(rule);
    for (const auto& row : m_rows) {
        auto name = titleOf(row);
        QStringList cells{name.replace(u'|', QStringLiteral("\\|"))};
        for (std::size_t i = 0; i < row.figures.size(); ++i)
            cells += row.leads[i] == Lead::Best ? QStringLiteral("**%1**").arg(cellText(row, i)) : cellText(row, i);
        lines += line(cells);
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/subnettablemodel.h"

#include "state/brushes.h"
#include "state/filter.h"
#include "state/metrictext.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <span>
#include <unordered_set>

namespace paretoscope::desktop {

namespace {

QString genesText(std::span<const std::uint8_t> genes)
{
    QStringList all;
    for (const int g : genes)
        all += QString::number(g);
    return all.join(QStringLiteral("·"));
}

/// What the blocks that are on have chosen, stage by stage: "357·33" where every choice is a digit, else "0.2,0.25·0.35".
template <typename Choices, typename Choice>
QString blocksText(const SearchSpace& space, const Subnet& s, Choices StageSpec::*choices, Choice&& choice)
{
    QString text;
    for (int stage = 0; stage < static_cast<int>(space.stages.size()); ++stage) {
        const auto& spec = space.stages[static_cast<std::size_t>(stage)];
        const auto& all = spec.*choices;
        const bool digits = std::all_of(all.begin(), all.end(), [](auto c) { return c >= 0 && c <= 9 && c == std::floor(c); });
        if (stage > 0)
            text += u'·';
        for (int b = 0; b < space.activeBlocks(s, stage); ++b) {
            const auto chosen = choice(spec, s.op[static_cast<std::size_t>(spec.firstSlot + b)]);
            if (b > 0 && !digits)
                text += u',';
            text += QString::number(chosen);
        }
    }
    return text;
}

/// The shortest text that is read back as the same number; never with an exponent, whatever the locale.
QString plainNumber(double value)
{
    if (!std::isfinite(value))
        return {};
    std::array<char, 512> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    return QString::fromLatin1(text.data(), end - text.data());
}

bool sameRows(const Question& a, const Question& b)
{
    return a.limits == b.limits && a.filter == b.filter && a.brushes == b.brushes && a.showInfeasible == b.showInfeasible && a.showDominated == b.showDominated;
}

/// The solver's sums and ours may differ in the last digits; what it says satisfies a limit is not marked as missing it.
Question loosened(Question question)
{
    for (auto& l : question.limits)
        l.value += (isMaximised(l.metric) ? -1e-9 : 1e-9) * std::abs(l.value);
    return question;
}

} // namespace

void SubnetTableModel::setSnapshot(Snapshot next)
{
    if (!next.world)
        next.front = next.cloud = nullptr;
    const bool tables = next.world != m_now.world || next.front != m_now.front || next.cloud != m_now.cloud;
    if (!tables && sameRows(next.question, m_now.question)) {
        if (next.question.pins == m_now.question.pins)
            return;
        m_now.question.pins = std::move(next.question.pins);
        if (m_sortColumn == 0)
            sort(m_sortColumn, m_sortOrder);
        if (!m_rows.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, 0));
        return;
    }
    beginResetModel();
    const auto sorted = m_sortColumn < 0 ? QString() : columnKey(m_sortColumn);
    const bool cloud = next.cloud != m_now.cloud;
    m_now = std::move(next);
    m_columns = columnsOf(m_now);
    m_sortColumn = -1;
    for (int c = 0; c < columnCount(); ++c)
        if (!sorted.isEmpty() && columnKey(c) == sorted)
            m_sortColumn = c;
    if (cloud)
        findRepeated();
    fillRows();
    sortRows();
    endResetModel();
}

void SubnetTableModel::retranslate()
{
    if (m_columns.empty())
        return;
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

std::vector<SubnetTableModel::Column> SubnetTableModel::columnsOf(const Snapshot& s) const
{
    if (!s.world)
        return {};
    using K = Column::Kind;
    std::vector<Column> columns{{K::Mark, {}, {}, {}}};
    for (const auto& q : s.world->quantities)
        columns.push_back({K::Quantity, q, s.front ? s.front->column(q) : std::nullopt, s.cloud ? s.cloud->column(q) : std::nullopt});
    columns.push_back({K::Resolution, {}, {}, {}});
    columns.push_back({K::Depths, {}, {}, {}});
    if (s.world->space().widthGenes() > 0)
        columns.push_back({K::Widths, {}, {}, {}});
    columns.push_back({K::Kernels, {}, {}, {}});
    columns.push_back({K::Expansions, {}, {}, {}});
    return columns;
}

void SubnetTableModel::findRepeated()
{
    m_repeated.assign(m_now.cloud ? m_now.cloud->size() : 0, false);
    std::unordered_set<Subnet, SubnetHash> seen;
    seen.reserve(m_repeated.size());
    for (std::size_t i = 0; i < m_repeated.size(); ++i)
        m_repeated[i] = !seen.insert(m_now.cloud->points.subnets[i]).second;
}

void SubnetTableModel::fillRows()
{
    const auto cloudSize = m_now.cloud ? m_now.cloud->size() : 0;
    m_rows.clear();
    m_standing.assign(frontSize() + cloudSize, Standing::Feasible);
    if (!m_now.world)
        return;
    const auto& q = m_now.question;
    const auto parsed = Filter::parse(QString::fromStdString(q.filter));
    const auto* filter = std::get_if<Filter>(&parsed);
    const auto add = [&](Id id, Standing standing) {
        m_standing[id] = standing;
        const auto& table = tableOf(id);
        if ((filter && !filter->passes(*m_now.world, table, placeOf(id))) || !passesBrushes(*m_now.world, table, placeOf(id), q.brushes))
            return;
        if ((standing == Standing::Infeasible && !q.showInfeasible) || (standing == Standing::Feasible && !q.showDominated))
            return;
        m_rows.push_back(id);
    };
    const auto loose = loosened(q);
    std::unordered_set<Subnet, SubnetHash> front;
    for (std::size_t i = 0; i < frontSize(); ++i) {
        front.insert(m_now.front->points.subnets[i]);
        add(static_cast<Id>(i), missed(*m_now.front, i, loose).empty() ? Standing::Front : Standing::Infeasible);
    }
    for (std::size_t i = 0; i < cloudSize; ++i)
        if (!m_repeated[i] && !front.contains(m_now.cloud->points.subnets[i]))
            add(static_cast<Id>(frontSize() + i), missed(*m_now.cloud, i, q).empty() ? Standing::Feasible : Standing::Infeasible);
}

void SubnetTableModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column < columnCount() ? column : -1;
    m_sortOrder = order;
    if (m_rows.empty())
        return;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    std::vector<Id> ids;
    for (const auto& i : before)
        ids.push_back(m_rows[static_cast<std::size_t>(i.row())]);
    sortRows();
    if (!before.isEmpty()) {
        std::vector<int> rowOfId(m_standing.size(), -1);
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            rowOfId[m_rows[row]] = static_cast<int>(row);
        QModelIndexList after;
        for (qsizetype i = 0; i < before.size(); ++i)
            after += index(rowOfId[ids[static_cast<std::size_t>(i)]], before[i].column());
        changePersistentIndexList(before, after);
    }
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void SubnetTableModel::sortRows()
{
    std::sort(m_rows.begin(), m_rows.end()); // so that equal ones stand in the order of the tables, whatever was sorted before
    if (m_sortColumn < 0)
        return;
    const auto& column = m_columns[static_cast<std::size_t>(m_sortColumn)];
    const bool rising = m_sortOrder == Qt::AscendingOrder;
    if (column.kind == Column::Kind::Quantity || column.kind == Column::Kind::Resolution || column.kind == Column::Kind::Mark) {
        std::vector<double> keys(m_standing.size());
        for (const auto id : m_rows) {
            if (column.kind != Column::Kind::Mark) {
                keys[id] = numberOf(id, column).value_or(std::numeric_limits<double>::quiet_NaN());
            } else { // pins by letter, then the front, …
                const auto* pin = m_now.question.pinOf(subnetOf(id));
                keys[id] = pin ? pin->letter - 'Z' - 1 : static_cast<int>(m_standing[id]);
            }
        }
        std::stable_sort(m_rows.begin(), m_rows.end(), [&](Id a, Id b) {
            if (std::isnan(keys[a]) || std::isnan(keys[b]))
                return !std::isnan(keys[a]) && std::isnan(keys[b]);
            return rising ? keys[a] < keys[b] : keys[b] < keys[a];
        });
        return;
    }
    std::vector<GeneKey> keys(m_standing.size());
    for (const auto id : m_rows)
        keys[id] = geneKey(id, column);
    std::stable_sort(m_rows.begin(), m_rows.end(), [&](Id a, Id b) { return rising ? keys[a] < keys[b] : keys[b] < keys[a]; });
}

/// Gene by gene, the smaller choice first; a block that is off comes before all.
SubnetTableModel::GeneKey SubnetTableModel::geneKey(Id id, const Column& column) const
{
    GeneKey key{};
    const auto& s = subnetOf(id);
    if (column.kind == Column::Kind::Depths) {
        std::copy(s.depth.begin(), s.depth.end(), key.begin());
    } else if (column.kind == Column::Kind::Widths) {
        std::copy(s.width.begin(), s.width.end(), key.begin());
    } else {
        const auto& space = m_now.world->space();
        for (int slot = 0; slot < space.slotCount(); ++slot) {
            const auto expansions = space.stages[static_cast<std::size_t>(space.stageOfSlot(slot))].expansions.size();
            if (const auto op = s.op[static_cast<std::size_t>(slot)])
                key[static_cast<std::size_t>(slot)] = static_cast<std::uint8_t>(1 + (column.kind == Column::Kind::Kernels ? (op - 1u) / expansions : (op - 1u) % expansions));
        }
    }
    return key;
}

int SubnetTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int SubnetTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_columns.size()); }

std::optional<double> SubnetTableModel::numberOf(Id id, const Column& column) const
{
    if (column.kind == Column::Kind::Resolution)
        return subnetOf(id).resolution;
    const auto& at = id < frontSize() ? column.inFront : column.inCloud;
    return column.kind == Column::Kind::Quantity && at ? std::optional(tableOf(id).at(placeOf(id), *at)) : std::nullopt;
}

QString SubnetTableModel::textOf(Id id, const Column& column) const
{
    const auto& subnet = subnetOf(id);
    const auto& space = m_now.world->space();
    switch (column.kind) {
    case Column::Kind::Mark: {
        const auto mark = m_standing[id] == Standing::Front ? QStringLiteral("◆") : m_standing[id] == Standing::Feasible ? QStringLiteral("●") : QStringLiteral("○");
        const auto* pin = m_now.question.pinOf(subnet);
        return pin ? QString(mark + u' ' + QLatin1Char(pin->letter)) : mark;
    }
    case Column::Kind::Quantity: {
        const auto value = numberOf(id, column);
        return value ? shown(column.quantity.metric, *value, false) : QStringLiteral("–");
    }
    case Column::Kind::Resolution: return QString::number(subnet.resolution);
    case Column::Kind::Depths: return genesText(std::span(subnet.depth).first(static_cast<std::size_t>(space.depthGenes())));
    case Column::Kind::Widths: return genesText(std::span(subnet.width).first(static_cast<std::size_t>(space.widthGenes())));
    case Column::Kind::Kernels: return blocksText(space, subnet, &StageSpec::kernels, [](const StageSpec& spec, std::uint8_t op) { return spec.kernelOf(op); });
    case Column::Kind::Expansions: return blocksText(space, subnet, &StageSpec::expansions, [](const StageSpec& spec, std::uint8_t op) { return spec.expansionOf(op); });
    }
    return {};
}

QString SubnetTableModel::standingText(Id id) const
{
    QString text;
    switch (m_standing[id]) {
    case Standing::Front: text = tr("front"); break;
    case Standing::Feasible: text = tr("feasible"); break;
    case Standing::Infeasible: text = tr("infeasible"); break;
    }
    const auto* pin = m_now.question.pinOf(subnetOf(id));
    return pin ? tr("%1, pin %2").arg(text, QString(QLatin1Char(pin->letter))) : text;
}

QString SubnetTableModel::tipOf(Id id, const Column& column) const
{
    if (column.kind == Column::Kind::Mark) {
        auto text = standingText(id);
        for (const auto metric : missed(tableOf(id), placeOf(id), m_now.question))
            if (m_standing[id] == Standing::Infeasible)
                text += u'\n' + tr("misses the limit of %1: %2").arg(title(metric), shown(metric, m_now.question.limit(metric)->value));
        return text;
    }
    if (column.kind != Column::Kind::Quantity)
        return {};
    const auto metric = column.quantity.metric;
    const auto figure = m_now.world->figure(subnetOf(id), column.quantity);
    if (!figure)
        return tr("Nothing is known of it");
    const auto kind = QString::fromStdString(std::string(name(figure->kind)));
    return tr("%1: %2").arg(figure->low == figure->high ? shown(metric, figure->value) : shown(metric, *figure), tr("%1, %2").arg(kind, QString::fromStdString(figure->source)));
}

QVariant SubnetTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto id = m_rows[static_cast<std::size_t>(index.row())];
    const auto& column = m_columns[static_cast<std::size_t>(index.column())];
    const bool number = column.kind == Column::Kind::Quantity || column.kind == Column::Kind::Resolution;
    switch (role) {
    case Qt::DisplayRole: return textOf(id, column);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return tipOf(id, column);
    case Qt::AccessibleTextRole: {
        if (column.kind == Column::Kind::Mark)
            return standingText(id);
        const auto value = numberOf(id, column);
        return tr("%1: %2").arg(columnTitle(index.column()), column.kind == Column::Kind::Quantity && value ? shown(column.quantity.metric, *value) : textOf(id, column));
    }
    case StandingRole: return static_cast<int>(m_standing[id]);
    case NumberRole: {
        const auto value = numberOf(id, column);
        return value ? QVariant(*value) : QVariant();
    }
    default: return {};
    }
}

QString SubnetTableModel::columnKey(int at) const
{
    const auto& column = m_columns[static_cast<std::size_t>(at)];
    switch (column.kind) {
    case Column::Kind::Mark: return QStringLiteral("mark");
    case Column::Kind::Quantity: {
        const auto key = QString::fromStdString(std::string(name(column.quantity.metric)));
        return column.quantity.device == 0 ? key : QString(key + u'@' + QString::fromStdString(m_now.world->devices[static_cast<std::size_t>(column.quantity.device)].device.id));
    }
    case Column::Kind::Resolution: return QStringLiteral("resolution");
    case Column::Kind::Depths: return QStringLiteral("depths");
    case Column::Kind::Widths: return QStringLiteral("widths");
    case Column::Kind::Kernels: return QStringLiteral("kernels");
    case Column::Kind::Expansions: return QStringLiteral("expansions");
    }
    return {};
}

QString SubnetTableModel::columnTitle(int at) const
{
    const auto& column = m_columns[static_cast<std::size_t>(at)];
    switch (column.kind) {
    case Column::Kind::Mark: return tr("Mark");
    case Column::Kind::Quantity:
        return column.quantity.device == 0 ? title(column.quantity.metric)
                                           : tr("%1 on %2").arg(title(column.quantity.metric), QString::fromStdString(m_now.world->devices[static_cast<std::size_t>(column.quantity.device)].device.title));
    case Column::Kind::Resolution: return tr("Resolution");
    case Column::Kind::Depths: return tr("Depths");
    case Column::Kind::Widths: return tr("Widths");
    case Column::Kind::Kernels: return tr("Kernels");
    case Column::Kind::Expansions: return tr("Expansions");
    }
    return {};
}

QVariant SubnetTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const auto& column = m_columns[static_cast<std::size_t>(section)];
    const bool number = column.kind == Column::Kind::Quantity || column.kind == Column::Kind::Resolution;
    switch (role) {
    case Qt::DisplayRole:
        if (column.kind == Column::Kind::Mark) // as narrow as what stands below
            return QString();
        return column.kind == Column::Kind::Quantity ? tr("%1 (%2)").arg(columnTitle(section), shownUnit(column.quantity.metric)) : columnTitle(section);
    case Qt::AccessibleTextRole: return columnTitle(section);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::InitialSortOrderRole: // the best ones on top
        return QVariant::fromValue(column.kind == Column::Kind::Quantity && isMaximised(column.quantity.metric) ? Qt::DescendingOrder : Qt::AscendingOrder);
    case Qt::ToolTipRole:
        switch (column.kind) {
        case Column::Kind::Mark: return tr("◆ front, ● satisfies all limits, ○ misses a limit; the letter of a pin");
        case Column::Kind::Quantity:
            if (dependsOnDevice(column.quantity.metric))
                return tr("%1 on %2").arg(title(column.quantity.metric), QString::fromStdString(m_now.world->devices[static_cast<std::size_t>(column.quantity.device)].device.title));
            return columnTitle(section);
        case Column::Kind::Resolution: return tr("Width and height of the image in pixels");
        case Column::Kind::Depths: return tr("Depth of each stage");
        case Column::Kind::Widths: return tr("Width choice of each stage");
        case Column::Kind::Kernels: return tr("Kernel of each block, stage by stage");
        case Column::Kind::Expansions: return tr("Expansion of each block, stage by stage");
        }
        return {};
    default: return {};
    }
}

std::optional<Subnet> SubnetTableModel::subnetAt(int row) const
{
    return row >= 0 && row < rowCount() ? std::optional(subnetOf(m_rows[static_cast<std::size_t>(row)])) : std::nullopt;
}

int SubnetTableModel::rowOf(const Subnet& subnet) const
{
    const auto it = std::find_if(m_rows.begin(), m_rows.end(), [&](Id id) { return subnetOf(id) == subnet; });
    return it == m_rows.end() ? -1 : static_cast<int>(it - m_rows.begin());
}

QString SubnetTableModel::tsv(const QModelIndexList& cells) const
{
    std::set<int> rows, columns;
    for (const auto& i : cells) {
        rows.insert(i.row());
        columns.insert(i.column());
    }
    if (rows.empty())
        return {};
    QString text;
    const auto addLine = [&](auto&& cell) {
        for (auto c = columns.begin(); c != columns.end(); ++c) {
            if (c != columns.begin())
                text += u'\t';
            text += cell(*c);
        }
        text += u'\n';
    };
    addLine([&](int c) {
        const auto& column = m_columns[static_cast<std::size_t>(c)];
        const auto in = column.kind == Column::Kind::Quantity ? QString::fromStdString(std::string(unit(column.quantity.metric))) : QString();
        return in.isEmpty() ? columnTitle(c) : QStringLiteral("%1 (%2)").arg(columnTitle(c), in);
    });
    for (const int row : rows)
        addLine([&](int c) {
            const auto id = m_rows[static_cast<std::size_t>(row)];
            const auto& column = m_columns[static_cast<std::size_t>(c)];
            if (column.kind == Column::Kind::Mark)
                return standingText(id);
            if (column.kind != Column::Kind::Quantity)
                return textOf(id, column);
            const auto value = numberOf(id, column);
            return value ? plainNumber(*value) : QString();
        });
    return text;
}

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/devicemodel.h"

#include "state/devicetext.h"

#include <QFont>
#include <QStringList>

#include <algorithm>

namespace paretoscope::desktop {

std::vector<std::string> devicesWithTarget(std::vector<std::string> devices, const std::string& id)
{
    if (devices.empty())
        return {id};
    if (const auto at = std::find(devices.begin(), devices.end(), id); at != devices.end())
        std::iter_swap(devices.begin(), at);
    else
        devices.front() = id;
    return devices;
}

void DeviceModel::setDevices(std::vector<ListedDevice> devices)
{
    beginResetModel();
    m_devices = std::move(devices);
    fill();
    endResetModel();
}

void DeviceModel::setChosen(std::vector<std::string> ids)
{
    if (ids == m_chosen)
        return;
    m_chosen = std::move(ids);
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void DeviceModel::setSearch(const QString& text)
{
    if (text == m_search)
        return;
    beginResetModel();
    m_search = text;
    fill();
    endResetModel();
}

void DeviceModel::retranslate()
{
    beginResetModel();
    fill();
    endResetModel();
}

void DeviceModel::fill()
{
    m_rows.clear();
    const auto words = m_search.split(u' ', Qt::SkipEmptyParts);
    for (std::size_t i = 0; i < m_devices.size(); ++i) {
        const auto& d = m_devices[i];
        const auto text = QStringLiteral("%1 %2 %3 %4").arg(QString::fromStdString(d.device.title), QString::fromStdString(d.device.id), QString::fromStdString(d.device.source), originText(d.origin));
        if (std::all_of(words.begin(), words.end(), [&](const QString& w) { return text.contains(w, Qt::CaseInsensitive); }))
            m_rows.push_back(i);
    }
}

int DeviceModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int DeviceModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

int DeviceModel::rowOf(const std::string& id) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (at(row).device.id == id)
            return row;
    return -1;
}

const ListedDevice* DeviceModel::find(const std::string& id) const
{
    const auto it = std::find_if(m_devices.begin(), m_devices.end(), [&](const ListedDevice& d) { return d.device.id == id; });
    return it == m_devices.end() ? nullptr : &*it;
}

bool DeviceModel::isTarget(int row) const { return !m_chosen.empty() && m_chosen.front() == at(row).device.id; }

bool DeviceModel::isCompared(int row) const { return !m_chosen.empty() && std::find(m_chosen.begin() + 1, m_chosen.end(), at(row).device.id) != m_chosen.end(); }

std::vector<std::string> DeviceModel::withTarget(const std::string& id) const { return devicesWithTarget(m_chosen, id); }

std::vector<std::string> DeviceModel::withCompared(const std::string& id) const
{
    auto ids = m_chosen;
    ids.push_back(id);
    return ids;
}

std::vector<int> DeviceModel::sharedBy(const std::vector<std::string>& ids) const
{
    std::vector<int> shared;
    bool first = true;
    for (const auto& id : ids) {
        const auto* d = find(id);
        if (!d)
            continue;
        if (first)
            shared = d->resolutions;
        else
            std::erase_if(shared, [&](int r) { return std::find(d->resolutions.begin(), d->resolutions.end(), r) == d->resolutions.end(); });
        first = false;
    }
    return shared;
}

QString DeviceModel::whyNotTarget(int row) const
{
    return sharedBy(withTarget(at(row).device.id)).empty() ? tr("It has no resolution in common with the predictor and the devices that are compared with.") : QString();
}

QString DeviceModel::whyNotCompared(int row) const
{
    if (isTarget(row))
        return tr("It is the target; choose another target first.");
    if (isCompared(row))
        return {};
    if (m_chosen.empty())
        return tr("Choose a target first.");
    if (m_chosen.size() >= kMost)
        return tr("At most %1 devices at once; leave one out first.").arg(kMost);
    return sharedBy(withCompared(at(row).device.id)).empty() ? tr("It has no resolution in common with the predictor and the devices that are chosen.") : QString();
}

QString DeviceModel::detail(int row) const
{
    const auto& d = at(row);
    QStringList parts{originText(d.origin), errorText(d.device)};
    // A search looks only where all devices can be asked.
    if (!m_chosen.empty() && !isTarget(row)) {
        auto without = m_chosen;
        std::erase(without, d.device.id);
        const auto left = sharedBy(isCompared(row) ? m_chosen : withCompared(d.device.id));
        if (!left.empty() && left.size() < sharedBy(without).size())
            parts += tr("limits the search to resolutions %1").arg(resolutionsText(left));
    }
    return parts.join(QStringLiteral(" · "));
}

QVariant DeviceModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row();
    const auto& listed = at(row);
    switch (role) {
    case IdRole: return QString::fromStdString(listed.device.id);
    case DetailRole: return detail(row);
    case RemovableRole: return listed.origin == DeviceOrigin::Imported;
    case Qt::DisplayRole: return index.column() == Name ? QVariant(QString::fromStdString(listed.device.title)) : QVariant();
    case Qt::CheckStateRole:
        if (index.column() == Name)
            return {};
        return index.column() == Target ? (isTarget(row) ? Qt::Checked : Qt::Unchecked) : (isTarget(row) || isCompared(row) ? Qt::Checked : Qt::Unchecked);
    case Qt::ToolTipRole: {
        const auto why = index.column() == Target ? whyNotTarget(row) : index.column() == Compared ? whyNotCompared(row) : QString();
        return why.isEmpty() ? aboutDevice(listed) : why;
    }
    case Qt::AccessibleTextRole:
        if (index.column() == Target)
            return isTarget(row) ? tr("target") : tr("not the target");
        if (index.column() == Compared)
            return isTarget(row) ? tr("target") : isCompared(row) ? tr("compared with") : tr("not compared with");
        return QStringLiteral("%1, %2").arg(QString::fromStdString(listed.device.title), detail(row));
    case Qt::FontRole:
        if (index.column() == Name && isTarget(row)) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    default: return {};
    }
}

QVariant DeviceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return section == Target ? tr("Target") : section == Compared ? tr("Beside it") : tr("Device");
    if (role == Qt::ToolTipRole)
        return section == Target ? tr("What is searched for") : section == Compared ? tr("Whose figures are shown, too") : tr("Name, and how far its latencies are off");
    return {};
}

Qt::ItemFlags DeviceModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    constexpr auto kUsable = Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    if (index.column() == Name)
        return kUsable;
    const bool can = index.column() == Target ? whyNotTarget(index.row()).isEmpty() : whyNotCompared(index.row()).isEmpty();
    return can ? kUsable | Qt::ItemIsUserCheckable : Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

/// Of the target there is always one: it is left only for another.
bool DeviceModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || !(flags(index) & Qt::ItemIsUserCheckable))
        return false;
    const bool on = value.toInt() == Qt::Checked;
    const auto id = QString::fromStdString(at(index.row()).device.id);
    if (index.column() == Target) {
        if (!on || isTarget(index.row()))
            return false;
        emit targetAsked(id);
        return true;
    }
    if (on == isCompared(index.row()))
        return false;
    emit comparedAsked(id, on);
    return true;
}

} // namespace paretoscope::desktop

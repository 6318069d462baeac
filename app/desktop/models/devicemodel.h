// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Devices to choose from: one is the target, some are compared with, each with what is known of its error. Asks for
// changes and makes none itself.
#pragma once

#include "state/devicelibrary.h"

#include <QAbstractTableModel>
#include <QString>

#include <string>
#include <vector>

namespace paretoscope::desktop {

class DeviceModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Target, Compared, Name, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole,
        DetailRole,    // the second line
        RemovableRole, // whether it was imported
    };
    static constexpr std::size_t kMost = 4; // the target and three beside it

    using QAbstractTableModel::QAbstractTableModel;

    void setDevices(std::vector<ListedDevice> devices);
    /// The question's devices: the first is the target.
    void setChosen(std::vector<std::string> ids);
    /// Words that the name, the source or the origin must have, all of them.
    void setSearch(const QString& text);
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    /// -1 where it is not shown.
    int rowOf(const std::string& id) const;
    const ListedDevice* find(const std::string& id) const;
    bool isTarget(int row) const;
    bool isCompared(int row) const;

signals:
    void targetAsked(const QString& id);
    void comparedAsked(const QString& id, bool on);

private:
    const ListedDevice& at(int row) const { return m_devices[m_rows[static_cast<std::size_t>(row)]]; }
    /// What the search would be left with if these were chosen; the devices that are not listed say nothing.
    std::vector<int> sharedBy(const std::vector<std::string>& ids) const;
    std::vector<std::string> withTarget(const std::string& id) const;
    std::vector<std::string> withCompared(const std::string& id) const;
    /// Why it cannot be the target, or compared with; empty where it can.
    QString whyNotTarget(int row) const;
    QString whyNotCompared(int row) const;
    QString detail(int row) const;
    void fill();

    std::vector<ListedDevice> m_devices;
    std::vector<std::size_t> m_rows; // that pass the search
    std::vector<std::string> m_chosen;
    QString m_search;
};

/// The devices of a question once this one is its target: where it was compared with, the old target takes its place.
std::vector<std::string> devicesWithTarget(std::vector<std::string> devices, const std::string& id);

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Subnets as rows: the points of the front, then the sampled ones that are not on it. Sorts and filters by itself, on a
// list of numbers: a proxy model in between is too slow for a hundred thousand rows.
#pragma once

#include "state/table.h"

#include <QAbstractTableModel>
#include <QString>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace paretoscope::desktop {

class SubnetTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class Standing { Front, Feasible, Infeasible };
    enum Role {
        StandingRole = Qt::UserRole, // of the row, as int
        NumberRole,                  // of a cell, in the metric's own unit; nothing where it is text or unknown
    };

    /// What is shown. Figures of both tables are those of this world.
    struct Snapshot {
        std::shared_ptr<const World> world; // null: an empty table
        std::shared_ptr<const Table> front, cloud; // may be null
        Question question;
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Resets the model, unless nothing of it is shown in another way; keeps the order that was asked for.
    void setSnapshot(Snapshot snapshot);
    /// The language has changed.
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Stable in both orders; unknown numbers come last in both. Column -1: front, then sample.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    std::optional<Subnet> subnetAt(int row) const;
    /// -1 where it is not shown.
    int rowOf(const Subnet& subnet) const;
    /// Stays the same in all languages: "mark", "latency", "latency@intel-i7-8700k", "kernels", …
    QString columnKey(int column) const;
    /// "Latency on Intel Core i7-8700K": without the unit.
    QString columnTitle(int column) const;
    /// The rows and columns that these cells lie in, in the order of the screen, below a header with units. Numbers in the
    /// metric's own unit, C locale, as many digits as they have.
    QString tsv(const QModelIndexList& cells) const;

private:
    struct Column {
        enum class Kind { Mark, Quantity, Resolution, Depths, Widths, Kernels, Expansions };
        Kind kind = Kind::Mark;
        SearchQuantity quantity;
        std::optional<std::size_t> inFront, inCloud; // column of the quantity
    };
    // A subnet is known by its place in the front or, behind that, in the cloud.
    using Id = std::uint32_t;
    using GeneKey = std::array<std::uint8_t, Subnet::kMaxSlots>;

    std::vector<Column> columnsOf(const Snapshot& snapshot) const;
    void findRepeated();
    void fillRows();
    void sortRows();
    GeneKey geneKey(Id id, const Column& column) const;
    std::size_t frontSize() const { return m_now.front ? m_now.front->size() : 0; }
    const Table& tableOf(Id id) const { return id < frontSize() ? *m_now.front : *m_now.cloud; }
    std::size_t placeOf(Id id) const { return id < frontSize() ? id : id - frontSize(); }
    const Subnet& subnetOf(Id id) const { return tableOf(id).points.subnets[placeOf(id)]; }
    std::optional<double> numberOf(Id id, const Column& column) const;
    QString textOf(Id id, const Column& column) const;
    QString tipOf(Id id, const Column& column) const;
    QString standingText(Id id) const;

    Snapshot m_now;
    std::vector<Column> m_columns;
    std::vector<bool> m_repeated;     // in the cloud: an earlier one is the same
    std::vector<Standing> m_standing; // by id
    std::vector<Id> m_rows;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace paretoscope::desktop

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pinned subnets as columns, their figures as rows: value, difference to the first, and which is best.
#pragma once

#include "state/table.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace paretoscope::desktop {

class CompareModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class Lead {
        None,
        Perhaps, // best, but not by more than the predictor can tell
        Best,
    };
    enum Role {
        LeadRole = Qt::UserRole, // as int
        ShareRole,               // of the largest of the row, 0 to 1
    };
    /// From this probability on a subnet counts as more accurate.
    static constexpr double kSure = 0.9;

    using QAbstractTableModel::QAbstractTableModel;

    void setPins(std::shared_ptr<const World> world, std::vector<Pin> pins);
    /// Of each pin over its life, in kilogram, once they are known: another row.
    void setEmissions(std::vector<std::optional<Estimate>> totalKg);
    void retranslate();
    const std::vector<Pin>& pins() const { return m_pins; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// For programs: numbers in the C locale, in the units that are named, with band and difference to the first.
    QString tsv() const;
    /// For people: as it is on the screen.
    QString markdown() const;

private:
    struct Row {
        std::optional<SearchQuantity> quantity; // nothing: emissions over the life
        std::vector<std::optional<Estimate>> figures;
        std::vector<Lead> leads;
        bool maximised() const { return quantity && isMaximised(quantity->metric); }
    };
    static Row rowOf(std::optional<SearchQuantity> quantity, std::vector<std::optional<Estimate>> figures);
    QString titleOf(const Row& row) const;
    QString valueText(const Row& row, std::size_t pin) const;
    QString differenceText(const Row& row, std::size_t pin) const;
    QString cellText(const Row& row, std::size_t pin) const;
    void fill();

    std::shared_ptr<const World> m_world;
    std::vector<Pin> m_pins;
    std::vector<std::optional<Estimate>> m_totalKg;
    std::vector<Row> m_rows;
};

} // namespace paretoscope::desktop

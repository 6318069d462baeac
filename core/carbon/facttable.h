// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading the fact files of resources/facts: `{schema, title, sources: {id: {source, licence, …}}, columns, rows}`.
// Every cell is checked where it is read, and an error names file, row and column.
#pragma once

#include "base/json.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// Where a fact comes from. `basis`, `reference` and `attribution` may be empty.
struct FactSource {
    std::string source;
    std::string licence;
    std::string basis;
    std::string reference;
    std::string attribution;
    bool operator==(const FactSource&) const = default;
};

class FactTable {
public:
    class Row {
    public:
        Row(const FactTable& table, std::size_t index)
            : m_table(&table)
            , m_index(index)
        {
        }
        /// The cell of a column. @throws FormatError when the table has no such column.
        JsonView cell(std::string_view column) const;
        bool has(std::string_view column) const { return !cell(column).json().is_null(); }
        std::string text(std::string_view column) const { return cell(column).string(); }
        double number(std::string_view column, double low, double high) const { return cell(column).number(low, high); }
        std::optional<double> optional(std::string_view column, double low, double high) const;
        int integer(std::string_view column, int low, int high) const;
        /// What the id in this column refers to.
        const FactSource& source(std::string_view column = "source") const;

    private:
        const FactTable* m_table;
        std::size_t m_index;
    };

    /// A file that is compiled in: `name` is "grid" for resources/facts/grid.json. @throws FormatError
    static FactTable embedded(std::string_view name);
    /// @throws FormatError when schema, sources, columns or the length of a row are wrong.
    FactTable(Json document, std::string where);
    FactTable(FactTable&&) = default;
    FactTable& operator=(FactTable&&) = default;
    FactTable(const FactTable&) = delete;
    FactTable& operator=(const FactTable&) = delete;

    std::size_t size() const { return m_document["rows"].size(); }
    Row row(std::size_t index) const { return {*this, index}; }
    JsonView view() const { return {m_document, m_where}; }

private:
    Json m_document;
    std::string m_where;
    std::map<std::string, std::size_t, std::less<>> m_columns;
    std::map<std::string, FactSource, std::less<>> m_sources;
};

} // namespace paretoscope

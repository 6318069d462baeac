// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/facttable.h"

#include "base/resource.h"

#include <fmt/format.h>

namespace paretoscope {

namespace {
constexpr std::string_view kSchema = "paretoscope.facts/1";
}

FactTable FactTable::embedded(std::string_view name)
{
    const auto file = fmt::format("facts/{}.json", name);
    for (const auto& e : embeddedFiles())
        if (e.name == file)
            return {parseJson(e.content, file), file};
    throw FormatError({file, "is not compiled in", {}, {}});
}

FactTable::FactTable(Json document, std::string where)
    : m_document(std::move(document))
    , m_where(std::move(where))
{
    const auto top = view();
    if (top.at("schema").string() != kSchema)
        top.at("schema").fail("unknown schema", quote(top.at("schema").string()), std::string(kSchema));
    for (const auto& [id, s] : top.at("sources").items()) {
        s.onlyKeys({"source", "licence", "basis", "reference", "attribution"});
        m_sources[id] = {s.at("source").string(), s.at("licence").string(), s.stringOr("basis", {}),
            s.stringOr("reference", {}), s.stringOr("attribution", {})};
    }
    for (const auto& c : top.at("columns").elements())
        if (!m_columns.emplace(c.string(), m_columns.size()).second)
            c.fail("a column stands twice");
    for (const auto& r : top.at("rows").elements())
        if (r.elements().size() != m_columns.size())
            r.fail("wrong number of cells", std::to_string(r.json().size()), std::to_string(m_columns.size()));
}

JsonView FactTable::Row::cell(std::string_view column) const
{
    const auto found = m_table->m_columns.find(column);
    if (found == m_table->m_columns.end())
        throw FormatError({m_table->m_where, "there is no such column", quote(column), {}});
    return {m_table->m_document["rows"][m_index][found->second],
        fmt::format("{}: rows[{}].{}", m_table->m_where, m_index, column)};
}

std::optional<double> FactTable::Row::optional(std::string_view column, double low, double high) const
{
    const auto c = cell(column);
    return c.json().is_null() ? std::nullopt : std::optional(c.number(low, high));
}

int FactTable::Row::integer(std::string_view column, int low, int high) const
{
    return static_cast<int>(cell(column).integer(low, high));
}

const FactSource& FactTable::Row::source(std::string_view column) const
{
    const auto c = cell(column);
    const auto found = m_table->m_sources.find(c.string());
    if (found == m_table->m_sources.end())
        c.fail("unknown source", quote(c.string()));
    return found->second;
}

} // namespace paretoscope

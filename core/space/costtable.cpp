// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/costtable.h"

#include "base/error.h"
#include "space/accounting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace paretoscope {

CostTable CostTable::make(std::shared_ptr<const Parts> parts, std::vector<int> resolutions, const PartCost& partCost)
{
    std::vector<double> values;
    values.reserve(resolutions.size() * static_cast<std::size_t>(parts->variants()));
    for (const int r : resolutions) {
        const auto sizes = parts->mapSizes(r);
        for (std::size_t p = 0; p < parts->size(); ++p)
            for (int v = 0; v < parts->list()[p].variants; ++v)
                values.push_back(partCost(p, v, parts->block(p, v), sizes[p]));
    }
    return CostTable(std::move(parts), std::move(resolutions), std::move(values));
}

CostTable CostTable::macs(std::shared_ptr<const Parts> parts, std::vector<int> resolutions)
{
    return make(std::move(parts), std::move(resolutions),
        [](std::size_t, int, const Block& b, int size) { return static_cast<double>(account(b, size).macs); });
}

CostTable CostTable::params(std::shared_ptr<const Parts> parts, std::vector<int> resolutions)
{
    return make(std::move(parts), std::move(resolutions),
        [](std::size_t, int, const Block& b, int) { return static_cast<double>(parameters(b)); });
}

CostTable::CostTable(std::shared_ptr<const Parts> parts, std::vector<int> resolutions, std::vector<double> values)
    : m_parts(std::move(parts))
    , m_resolutions(std::move(resolutions))
    , m_values(std::move(values))
{
    const auto variants = static_cast<std::size_t>(m_parts->variants());
    if (m_resolutions.empty() || m_values.size() != m_resolutions.size() * variants)
        throw ValueError({{}, "a cost table of the wrong size", fmt::format("{} values", m_values.size()),
            fmt::format("{} for {} resolutions", m_resolutions.size() * variants, m_resolutions.size())});
    m_indexOfResolution.assign(static_cast<std::size_t>(*std::max_element(m_resolutions.begin(), m_resolutions.end())) + 1, -1);
    for (std::size_t i = 0; i < m_resolutions.size(); ++i)
        m_indexOfResolution[static_cast<std::size_t>(m_resolutions[i])] = static_cast<int>(i);

    const auto& space = m_parts->space();
    if (space.isResNet())
        return;
    m_slots = static_cast<std::size_t>(space.slotCount());
    for (const auto& s : space.stages)
        m_rowLength = std::max(m_rowLength, static_cast<std::size_t>(s.ops()) + 1);
    m_base.assign(m_resolutions.size(), 0);
    m_rows.assign(m_resolutions.size() * m_slots * m_rowLength, 0);
    for (std::size_t r = 0; r < m_resolutions.size(); ++r)
        for (std::size_t p = 0; p < m_parts->size(); ++p) {
            const auto& part = m_parts->list()[p];
            if (part.slot < 0) {
                m_base[r] += at(r, p, 0);
                continue;
            }
            auto* row = &m_rows[(r * m_slots + static_cast<std::size_t>(part.slot)) * m_rowLength];
            for (int v = 0; v < part.variants; ++v)
                row[v + 1] = at(r, p, v);
        }
}

bool CostTable::hasResolution(int r) const
{
    return r >= 0 && r < static_cast<int>(m_indexOfResolution.size()) && m_indexOfResolution[static_cast<std::size_t>(r)] >= 0;
}

std::size_t CostTable::resolutionIndex(int r) const
{
    if (!hasResolution(r))
        throw ValueError({{}, "the table has no column for the resolution", fmt::format("{}", r),
            fmt::format("{}", fmt::join(m_resolutions, ", "))});
    return static_cast<std::size_t>(m_indexOfResolution[static_cast<std::size_t>(r)]);
}

double CostTable::at(std::size_t resolutionIndex, std::size_t part, int variant) const
{
    return m_values[resolutionIndex * static_cast<std::size_t>(m_parts->variants())
        + static_cast<std::size_t>(m_parts->list()[part].offset + variant)];
}

double CostTable::sum(const Subnet& s, std::size_t r) const
{
    double total = 0;
    if (m_slots > 0) {
        const double* row = &m_rows[r * m_slots * m_rowLength];
        total = m_base[r];
        for (std::size_t slot = 0; slot < m_slots; ++slot, row += m_rowLength)
            total += row[s.op[slot]];
        return total;
    }
    for (std::size_t p = 0; p < m_parts->size(); ++p)
        if (const int v = m_parts->variantOf(s, p); v >= 0)
            total += at(r, p, v);
    return total;
}

double CostTable::cost(const Subnet& s) const { return sum(s, resolutionIndex(s.resolution)); }

void CostTable::costs(std::span<const Subnet> subnets, std::span<double> out) const
{
    for (std::size_t i = 0; i < subnets.size(); ++i)
        out[i] = sum(subnets[i], resolutionIndex(subnets[i].resolution));
}

} // namespace paretoscope

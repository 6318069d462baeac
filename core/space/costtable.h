// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "space/network.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace paretoscope {

/// A cost that is a sum over the parts of a subnet: latency from a block table, energy, MACs, parameters. One flat type
/// serves them all, so that search can bound, prune and mix costs. The unit is whatever was put in.
class CostTable {
public:
    /// The cost of one variant of a part on a map of this size.
    using PartCost = std::function<double(std::size_t part, int variant, const Block& block, int inputSize)>;

    /// `resolutions` ascend.
    static CostTable make(std::shared_ptr<const Parts> parts, std::vector<int> resolutions, const PartCost& partCost);
    /// `values[resolution index × parts->variants() + part offset + variant]`. @throws ValueError on a wrong size.
    CostTable(std::shared_ptr<const Parts> parts, std::vector<int> resolutions, std::vector<double> values);

    static CostTable macs(std::shared_ptr<const Parts> parts, std::vector<int> resolutions);
    static CostTable params(std::shared_ptr<const Parts> parts, std::vector<int> resolutions);

    const Parts& parts() const { return *m_parts; }
    std::shared_ptr<const Parts> sharedParts() const { return m_parts; }
    const std::vector<int>& resolutions() const { return m_resolutions; }
    /// @throws ValueError that lists the resolutions of the table.
    std::size_t resolutionIndex(int resolution) const;
    bool hasResolution(int resolution) const;
    double at(std::size_t resolutionIndex, std::size_t part, int variant) const;
    const std::vector<double>& values() const { return m_values; }

    /// The sum over the subnet's parts. @throws ValueError when its resolution has no column.
    double cost(const Subnet& subnet) const;
    /// The same for many. @throws as `cost`.
    void costs(std::span<const Subnet> subnets, std::span<double> out) const;

private:
    double sum(const Subnet& subnet, std::size_t resolutionIndex) const;

    std::shared_ptr<const Parts> m_parts;
    std::vector<int> m_resolutions;
    std::vector<int> m_indexOfResolution; // by pixels, -1 where there is none
    std::vector<double> m_values;
    // Where width is not elastic: per resolution the sum of what never changes, and per block position a row with a
    // zero for "switched off" in front, so that a sum needs no branch.
    std::vector<double> m_base;
    std::vector<double> m_rows;
    std::size_t m_rowLength = 0;
    std::size_t m_slots = 0;
};

} // namespace paretoscope

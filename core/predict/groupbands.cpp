// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/groupbands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace paretoscope {

namespace {

struct Width {
    double halfWidthPercent = 0;
    int groups = 0;
    int nets = 0;
};

std::map<int, std::vector<double>> byResolution(const std::vector<Residual>& residuals)
{
    std::map<int, std::vector<double>> lists;
    for (const auto& r : residuals)
        lists[r.resolution].push_back(std::abs(r.percent));
    return lists;
}

/// By resolution; nothing where there are too few nets.
std::map<int, Width> widthsOf(const GroupResiduals& groups, double level)
{
    std::map<int, Width> widths;
    std::map<int, std::vector<double>> all;
    for (const auto& group : groups)
        for (auto& [resolution, list] : byResolution(group)) {
            auto& together = all[resolution];
            together.insert(together.end(), list.begin(), list.end());
            auto& width = widths[resolution];
            ++width.groups;
            width.nets += static_cast<int>(list.size());
            if (list.size() >= static_cast<std::size_t>(kFewestConformalNets))
                width.halfWidthPercent =
                    std::max(width.halfWidthPercent, conformalHalfWidth(std::move(list), level).value_or(0));
        }
    for (auto& [resolution, list] : all) {
        const auto pooled = list.size() < static_cast<std::size_t>(kFewestConformalNets)
            ? std::nullopt
            : conformalHalfWidth(std::move(list), level);
        if (pooled)
            widths[resolution].halfWidthPercent = std::max(widths[resolution].halfWidthPercent, *pooled);
        else
            widths.erase(resolution);
    }
    return widths;
}

struct Count {
    int covered = 0;
    int nets = 0;
};

std::map<int, Count> coverageOf(
    const GroupResiduals& left, const std::function<std::vector<Residual>(std::size_t, std::size_t)>& pair, double level)
{
    std::map<int, Count> counts;
    for (std::size_t g = 0; g < left.size(); ++g) {
        GroupResiduals others;
        for (std::size_t h = 0; h < left.size(); ++h)
            if (h != g && !left[g].empty())
                others.push_back(pair(g, h));
        const auto widths = widthsOf(others, level);
        for (const auto& r : left[g])
            if (const auto width = widths.find(r.resolution); width != widths.end()) {
                auto& count = counts[r.resolution];
                count.covered += std::abs(r.percent) <= width->second.halfWidthPercent;
                ++count.nets;
            }
    }
    return counts;
}

} // namespace

ConformalBands groupBands(const GroupResiduals& left,
    const std::function<std::vector<Residual>(std::size_t g, std::size_t h)>& pair, std::span<const Residual> ofFolds,
    double level)
{
    auto bands = fitConformal(ofFolds, level);
    const auto widths = widthsOf(left, level);
    const auto coverage = coverageOf(left, pair, level);
    for (auto& row : bands.rows) {
        if (const auto width = widths.find(row.resolution); width != widths.end()) {
            const auto& w = width->second;
            row.halfWidthPercent = w.halfWidthPercent;
            row.pooled = false;
            row.basis = fmt::format("as the worst of {} runs at {} needs when left out, {} nets", w.groups, row.resolution, w.nets);
            if (const auto at = coverage.find(row.resolution); at != coverage.end())
                row.coveragePercent = 100.0 * at->second.covered / at->second.nets;
        } else if (!row.pooled) {
            row.basis = fmt::format("{} nets at {}, held out in folds: for their own run only", row.nets, row.resolution);
        }
        bands.pooledHalfWidthPercent = std::max(*bands.pooledHalfWidthPercent, row.halfWidthPercent);
    }
    return bands;
}

} // namespace paretoscope

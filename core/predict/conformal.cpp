// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/conformal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace paretoscope {

namespace {

void checkLevel(double level)
{
    if (!(level > 0 && level < 1))
        throw ValueError({"conformal interval", "level out of range", fmt::format("{}", level), "between 0 and 1"});
}

} // namespace

std::optional<double> conformalHalfWidth(std::vector<double> absoluteResiduals, double level)
{
    checkLevel(level);
    const auto n = absoluteResiduals.size();
    // A hair below, so that (n + 1) · level that is whole but for rounding is not lifted to the next rank.
    const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(n + 1) * level - 1e-9));
    if (rank > n || rank == 0)
        return std::nullopt;
    const auto at = absoluteResiduals.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(absoluteResiduals.begin(), at, absoluteResiduals.end());
    return *at;
}

ConformalBands fitConformal(std::span<const Residual> residuals, double level)
{
    checkLevel(level);
    std::map<int, std::vector<double>> byResolution;
    std::vector<double> all;
    for (const auto& r : residuals) {
        if (!std::isfinite(r.percent))
            throw ValueError({"conformal interval", "a residual is not finite",
                fmt::format("{} at {}", r.percent, r.resolution), {}});
        byResolution[r.resolution].push_back(std::abs(r.percent));
        all.push_back(std::abs(r.percent));
    }
    ConformalBands bands;
    bands.level = level;
    bands.nets = static_cast<int>(all.size());
    bands.pooledHalfWidthPercent = conformalHalfWidth(std::move(all), level);
    if (bands.nets < kFewestConformalNets)
        bands.pooledHalfWidthPercent.reset();
    if (!bands.pooledHalfWidthPercent)
        return bands;
    for (auto& [resolution, values] : byResolution) {
        const int nets = static_cast<int>(values.size());
        const auto own = nets < kFewestConformalNets ? std::nullopt : conformalHalfWidth(std::move(values), level);
        bands.rows.push_back({resolution, nets, own.value_or(*bands.pooledHalfWidthPercent), !own, {}, {}});
    }
    return bands;
}

namespace {

const ConformalBands::Row* rowOf(const ConformalBands& bands, int resolution)
{
    const auto found = std::find_if(bands.rows.begin(), bands.rows.end(),
        [&](const ConformalBands::Row& row) { return row.resolution == resolution; });
    return found == bands.rows.end() ? nullptr : &*found;
}

} // namespace

std::optional<double> ConformalBands::halfWidthPercent(int resolution) const
{
    if (const auto* row = rowOf(*this, resolution))
        return row->halfWidthPercent;
    return pooledHalfWidthPercent;
}

std::string ConformalBands::describe(int resolution) const
{
    if (!halfWidthPercent(resolution))
        return {};
    const auto* row = rowOf(*this, resolution);
    if (row && !row->basis.empty())
        return fmt::format("{:g} % split-conformal, {}", 100 * level, row->basis);
    if (row && !row->pooled)
        return fmt::format("{:g} % split-conformal, {} nets at {}", 100 * level, row->nets, resolution);
    return fmt::format("{:g} % split-conformal, pooled over {} nets ({} at {})", 100 * level, nets, row ? row->nets : 0, resolution);
}

InsideRange expectedInside(int nets, double level)
{
    constexpr double kTail = 0.025;
    const auto logFactorial = [](int n) { return std::lgamma(n + 1.0); };
    InsideRange range{0, nets};
    double below = 0;
    bool low = false;
    for (int k = 0; k <= nets; ++k) {
        below += std::exp(logFactorial(nets) - logFactorial(k) - logFactorial(nets - k) + k * std::log(level) + (nets - k) * std::log1p(-level));
        if (!low && below > kTail) {
            range.low = k;
            low = true;
        }
        if (below >= 1 - kTail) {
            range.high = k;
            break;
        }
    }
    return range;
}

Json toJson(const ConformalBands& bands)
{
    Json rows = Json::array();
    for (const auto& r : bands.rows) {
        rows.push_back(Json{{"resolution", r.resolution}, {"nets", r.nets}, {"halfWidthPercent", r.halfWidthPercent},
            {"pooled", r.pooled}});
        if (r.coveragePercent)
            rows.back()["coveragePercent"] = *r.coveragePercent;
        if (!r.basis.empty())
            rows.back()["basis"] = r.basis;
    }
    Json json{{"level", bands.level}, {"nets", bands.nets}, {"rows", rows}};
    json["pooledHalfWidthPercent"] = bands.pooledHalfWidthPercent ? Json(*bands.pooledHalfWidthPercent) : Json(nullptr);
    return json;
}

ConformalBands conformalFromJson(const JsonView& view)
{
    constexpr int kMany = 1'000'000'000;
    view.onlyKeys({"level", "nets", "rows", "pooledHalfWidthPercent"});
    ConformalBands bands;
    bands.level = view.at("level").number(1e-6, 1 - 1e-6);
    bands.nets = static_cast<int>(view.at("nets").integer(0, kMany));
    if (view.has("pooledHalfWidthPercent"))
        bands.pooledHalfWidthPercent = view.at("pooledHalfWidthPercent").number(0, 1e6);
    for (const auto& row : view.at("rows").elements(65536)) {
        row.onlyKeys({"resolution", "nets", "halfWidthPercent", "pooled", "coveragePercent", "basis"});
        bands.rows.push_back({static_cast<int>(row.at("resolution").integer(1, 65535)),
            static_cast<int>(row.at("nets").integer(0, kMany)), row.at("halfWidthPercent").number(0, 1e6),
            row.at("pooled").boolean(), {}, row.stringOr("basis", {})});
        if (row.has("coveragePercent"))
            bands.rows.back().coveragePercent = row.at("coveragePercent").number(0, 100);
    }
    return bands;
}

} // namespace paretoscope

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

std::vector<double> insideChances(int nets, int calibration, double level)
{
    checkLevel(level);
    constexpr double kRounding = 1e-9; // 0.9 times 10 is 9
    const double rank = std::ceil((calibration + 1) * level - kRounding), beyond = calibration + 1 - rank;
    if (beyond < 1)
        throw ValueError({"conformal interval", "too few nets for a band of this level", fmt::format("{}", calibration), {}});
    const auto logBeta = [](double x, double y) { return std::lgamma(x) + std::lgamma(y) - std::lgamma(x + y); };
    std::vector<double> chances;
    for (int k = 0; k <= nets; ++k)
        chances.push_back(std::exp(std::lgamma(nets + 1.0) - std::lgamma(k + 1.0) - std::lgamma(nets - k + 1.0) + logBeta(k + rank, nets - k + beyond) - logBeta(rank, beyond)));
    return chances;
}

std::vector<double> chancesOfSum(const std::vector<double>& a, const std::vector<double>& b)
{
    std::vector<double> sum(a.size() + b.size() - 1);
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t k = 0; k < b.size(); ++k)
            sum[i + k] += a[i] * b[k];
    return sum;
}

InsideRange expectedInside(const std::vector<double>& chances)
{
    constexpr double kTail = 0.025;
    InsideRange range{-1, static_cast<int>(chances.size()) - 1};
    double below = 0;
    for (int k = 0; k < static_cast<int>(chances.size()); ++k) {
        below += chances[static_cast<std::size_t>(k)];
        if (range.low < 0 && below > kTail)
            range.low = k;
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

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/heldout.h"

#include "base/random.h"
#include "base/rankstats.h"

#include <numeric>
#include <set>
#include <utility>

namespace paretoscope {

Json toJson(const HeldOutErrors& errors)
{
    Json rows = Json::array();
    for (const auto& r : errors.rows) {
        rows.push_back(Json{{"resolution", r.resolution ? Json(r.resolution) : Json(nullptr)}, {"nets", r.nets},
            {"kendallTau", r.kendallTau}, {"rmsePercent", r.rmsePercent}, {"maePercent", r.maePercent}});
        if (r.insideBand)
            rows.back()["insideBand"] = *r.insideBand;
    }
    return Json{{"basis", errors.basis}, {"rows", rows}};
}

HeldOutErrors heldOutFromJson(const JsonView& view)
{
    view.onlyKeys({"basis", "rows"});
    HeldOutErrors errors;
    errors.basis = view.at("basis").string();
    for (const auto& row : view.at("rows").elements(65536)) {
        row.onlyKeys({"resolution", "nets", "kendallTau", "rmsePercent", "maePercent", "insideBand"});
        HeldOutRow r;
        r.resolution = row.has("resolution") ? static_cast<int>(row.at("resolution").integer(1, 65535)) : 0;
        r.nets = static_cast<int>(row.at("nets").integer(0, 1'000'000'000));
        r.kendallTau = row.at("kendallTau").number(-1, 1);
        r.rmsePercent = row.at("rmsePercent").number(0, 1e6);
        r.maePercent = row.at("maePercent").number(0, 1e6);
        if (row.has("insideBand"))
            r.insideBand = static_cast<int>(row.at("insideBand").integer(0, r.nets));
        errors.rows.push_back(r);
    }
    return errors;
}

std::vector<HeldOutRow> heldOutRows(std::span<const Sample> samples, std::span<const double> predictedPercent)
{
    std::set<int> resolutions;
    for (const auto& s : samples)
        resolutions.insert(s.subnet.resolution);
    std::vector<int> wanted(resolutions.begin(), resolutions.end());
    wanted.push_back(0);
    std::vector<HeldOutRow> rows;
    for (const int r : wanted) {
        std::vector<double> a, b;
        for (std::size_t i = 0; i < samples.size(); ++i)
            if (r == 0 || samples[i].subnet.resolution == r) {
                a.push_back(predictedPercent[i]);
                b.push_back(samples[i].top1Percent);
            }
        rows.push_back(
            {r, static_cast<int>(a.size()), kendallTau(a, b), rootMeanSquareError(a, b), meanAbsoluteError(a, b)});
    }
    return rows;
}

std::vector<std::size_t> foldsOf(std::size_t n, int folds, std::uint64_t seed)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    Random random(seed);
    for (std::size_t i = n; i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    std::vector<std::size_t> fold(n);
    for (std::size_t i = 0; i < n; ++i)
        fold[order[i]] = i % static_cast<std::size_t>(folds);
    return fold;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/profilecorrection.h"

#include "device/relativefit.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace paretoscope {

namespace {

constexpr std::size_t kFolds = 5;
constexpr std::size_t kFewestToFit = 10; // nets
constexpr double kClearlyBetter = 0.9;   // of the mean error of the simpler form, and
constexpr double kWorthPercent = 0.25;   // less at least, or it is not worth a fitted number

// Columns of the rows that corrections are fitted to.
constexpr std::size_t kFixed = 0, kSum = 1;
enum class Form { Plain, Factor, FactorAndFixed };

FitRows rowsOf(const CostTable& table, const std::vector<MeasuredNet>& nets)
{
    FitRows rows;
    rows.columns = 2;
    for (const auto& n : nets)
        rows.add(std::vector<double>{1.0, table.cost(n.subnet)}, n.measuredMs, n.subnet.resolution);
    return rows;
}

OverheadCorrection fit(Form form, const FitRows& rows, const std::vector<std::size_t>& which)
{
    if (form == Form::Plain)
        return {};
    const auto c = fitRelative(rows, which, {form == Form::FactorAndFixed, true});
    return {c[kFixed], c[kSum]};
}

double apply(const OverheadCorrection& c, double sum) { return c.fixedMs + c.factor * sum; }

/// Of every net by a fit to the other folds. Folds are dealt along resolution and time, so that each spans both.
std::vector<double> heldOut(Form form, const FitRows& rows)
{
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return std::tuple(rows.resolution[a], rows.ms[a], a) < std::tuple(rows.resolution[b], rows.ms[b], b); });
    std::vector<double> predicted(rows.size());
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
        std::vector<std::size_t> rest;
        for (std::size_t i = 0; i < order.size(); ++i)
            if (i % kFolds != fold)
                rest.push_back(order[i]);
        const auto correction = fit(form, rows, rest);
        for (std::size_t i = fold; i < order.size(); i += kFolds)
            predicted[order[i]] = apply(correction, rows.row(order[i])[kSum]);
    }
    return predicted;
}

std::vector<double> sumsOf(const FitRows& rows)
{
    std::vector<double> sums;
    for (std::size_t i = 0; i < rows.size(); ++i)
        sums.push_back(rows.row(i)[kSum]);
    return sums;
}

std::vector<std::string> warningsOf(const DeviceError& e)
{
    std::vector<std::string> warnings;
    if (e.r2.value_or(1) < kProfileLeastR2 || *e.mapePercent > kProfileMostMapePercent)
        warnings.push_back(fmt::format("additivity fails: against {} measured nets, sums of block latencies have R² {:.3f} and a mean error of {:.1f} % (wanted: at least {:g}, at most {:g} %)",
            *e.nets, e.r2.value_or(0), *e.mapePercent, kProfileLeastR2, kProfileMostMapePercent));
    if (*e.kendallTau < kProfileLeastTau)
        warnings.push_back(fmt::format("ranking weak: Kendall's tau {:.3f} on {} measured nets", *e.kendallTau, *e.nets));
    return warnings;
}

} // namespace

std::string describe(const OverheadCorrection& c)
{
    return fmt::format("whole net = {}{:.4g} × the sum of its blocks", c.fixedMs > 0 ? fmt::format("{:.4g} ms + ", c.fixedMs) : "", c.factor);
}

CostTable corrected(const CostTable& table, const OverheadCorrection& c)
{
    auto values = table.values();
    for (auto& v : values)
        v *= c.factor;
    const auto variants = static_cast<std::size_t>(table.parts().variants());
    const auto& classifier = table.parts().list().back();
    for (std::size_t r = 0; r < table.resolutions().size(); ++r)
        for (int v = 0; v < classifier.variants; ++v)
            values[r * variants + static_cast<std::size_t>(classifier.offset + v)] += c.fixedMs;
    return CostTable(table.sharedParts(), table.resolutions(), std::move(values));
}

Validation validate(const CostTable& table, std::vector<MeasuredNet> nets)
{
    Validation v;
    v.nets = std::move(nets);
    if (v.nets.empty()) {
        v.warnings.push_back("never checked against whole nets");
        return v;
    }
    const auto rows = rowsOf(table, v.nets);
    const auto on = fmt::format("{} measured nets, stratified over MACs", v.nets.size());
    auto predicted = sumsOf(rows);
    v.plainError = v.error = errorOf(predicted, rows.ms, rows.resolution, on);
    if (rows.size() >= kFewestToFit)
        for (const auto form : {Form::Factor, Form::FactorAndFixed}) {
            auto held = heldOut(form, rows);
            auto error = errorOf(held, rows.ms, rows.resolution, on + fmt::format(", held out in {} folds from the fit of the overhead, on which its form was chosen, too", kFolds));
            const double simpler = *v.error->mapePercent;
            if (*error.mapePercent >= std::min(kClearlyBetter * simpler, simpler - kWorthPercent))
                continue;
            std::vector<std::size_t> all(rows.size());
            std::iota(all.begin(), all.end(), std::size_t(0));
            v.correction = fit(form, rows, all);
            v.error = std::move(error);
            predicted = std::move(held);
        }
    for (std::size_t i = 0; i < v.nets.size(); ++i)
        v.nets[i].predictedMs = predicted[i];
    v.warnings = warningsOf(*v.error);
    return v;
}

} // namespace paretoscope

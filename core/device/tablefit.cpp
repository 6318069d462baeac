// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/devicefitparts.h"

#include "space/sampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace paretoscope {

namespace {

constexpr int kNetsOfAResolution = 1000;

// The rows of all tables, and by row which layer it is.
struct TableRows {
    FitRows rows;
    std::vector<std::string> key;
    std::vector<bool> onMap; // false behind the pool, where the resolution does not matter
};

void addRows(TableRows& all, const TableData& data, const CostTable& ms)
{
    for (std::size_t r = 0; r < ms.resolutions().size(); ++r) {
        const int resolution = ms.resolutions()[r];
        const auto sizes = data.parts->mapSizes(resolution);
        std::set<std::string> seen; // blocks of one shape in several positions are one measurement
        for (std::size_t p = 0; p < data.parts->size(); ++p)
            for (int v = 0; v < data.parts->list()[p].variants; ++v) {
                const auto block = data.parts->block(p, v);
                const auto key = tableKey(data.table.grammar, data.parts->space(), block, sizes[p]);
                const double time = ms.at(r, p, v);
                if (!key || time <= 0 || !seen.insert(*key).second)
                    continue;
                all.rows.add(featuresOf(block, sizes[p]), time, resolution);
                all.key.push_back(*key);
                all.onMap.push_back(sizes[p] > 1);
            }
    }
}

struct Predictions {
    std::vector<double> predicted, measured;
    std::vector<int> resolution;

    void add(const CostTable& model, const CostTable& truth, int r, std::uint64_t seed)
    {
        PythonRandom random(seed + static_cast<std::uint64_t>(r));
        for (int i = 0; i < kNetsOfAResolution; ++i) {
            const auto s = referenceSubnet(truth.parts().space(), random, r);
            predicted.push_back(model.cost(s));
            measured.push_back(truth.cost(s));
            resolution.push_back(r);
        }
    }
    double meanErrorPercent(std::size_t from) const
    {
        double sum = 0;
        for (std::size_t i = from; i < measured.size(); ++i)
            sum += std::abs(predicted[i] / measured[i] - 1);
        return 100 * sum / static_cast<double>(measured.size() - from);
    }
};

CostTable columnOf(const BlockModel& model, const std::shared_ptr<const Parts>& parts, int resolution)
{
    return CostTable::make(parts, {resolution}, [&](std::size_t, int, const Block& b, int size) { return model.blockMs(0, b, size); });
}

} // namespace

ModelFit fitTables(const std::vector<TableData>& tables, const DeviceFitOptions& options)
{
    if (tables.empty())
        throw ValueError({"device model", "nothing to fit it to", {}, "a latency table"});
    if (options.form == FitForm::Max || options.form == FitForm::Launch)
        throw ValueError({"device model", "a latency table is a sum over blocks and fits no other form", quote(name(options.form)), "auto, additive"});
    TableRows all;
    all.rows.columns = blockFeatures().size();
    std::vector<CostTable> truths;
    std::vector<std::shared_ptr<const Parts>> known;
    ModelFit fit;
    fit.form = FitForm::Additive;
    fit.model.fittedTo = "blocks";
    for (const auto& t : tables) {
        const auto& space = t.parts->space();
        requireFeatures(space);
        if (fit.model.wasFittedTo(space.id))
            throw ValueError({t.table.source, "a second table for the same space", space.id, "one table a space"});
        truths.push_back(toCostTable(t.table, t.parts));
        const auto& resolutions = truths.back().resolutions();
        if (resolutions.size() < 2)
            throw ValueError({t.table.source, "too few resolutions to tell how the model carries over", fmt::format("{}", resolutions.size()), "two or more"});
        const auto before = all.rows.size();
        addRows(all, t, truths.back());
        fit.model.trained.push_back({space.id, resolutions.front(), resolutions.back(), static_cast<int>(all.rows.size() - before)});
        known.push_back(t.parts);
    }

    const Columns columns(all.rows.columns, 1);
    std::vector<std::size_t> everything(all.rows.size());
    std::iota(everything.begin(), everything.end(), std::size_t(0));
    reportStep(options.onStep, "fitting all rows", 0);
    fit.model.sums = {fitRelative(all.rows, everything, columns)};
    roundCoefficients(fit.model.sums);
    std::vector<double> predicted;
    for (const auto i : everything)
        predicted.push_back(predictMs(fit.model.sums, all.rows.row(i)));
    fit.blocks = errorOf(predicted, all.rows.ms, all.rows.resolution, fmt::format("{} blocks of the table, which the model was fitted to", all.rows.size()));

    // The model itself, and models that leave a resolution out.
    std::set<int> resolutions;
    for (const auto& t : truths)
        resolutions.insert(t.resolutions().begin(), t.resolutions().end());
    std::vector<Predictions> own(tables.size()), left(tables.size());
    int done = 0;
    for (const int r : resolutions) {
        reportStep(options.onStep, fmt::format("leaving out resolution {}", r), static_cast<double>(done++) / static_cast<double>(resolutions.size()));
        std::set<std::string> shapes;
        for (const auto i : everything)
            if (all.rows.resolution[i] == r && all.onMap[i])
                shapes.insert(all.key[i]);
        std::vector<std::size_t> rest;
        for (const auto i : everything)
            if (!shapes.contains(all.key[i]))
                rest.push_back(i);
        BlockModel without = fit.model;
        without.sums = {fitRelative(all.rows, rest, columns)};
        double worst = 0;
        int widths = 0;
        for (std::size_t t = 0; t < tables.size(); ++t) {
            if (!truths[t].hasResolution(r))
                continue;
            const auto from = left[t].measured.size();
            own[t].add(columnOf(fit.model, tables[t].parts, r), truths[t], r, options.seed);
            left[t].add(columnOf(without, tables[t].parts, r), truths[t], r, options.seed);
            worst += left[t].meanErrorPercent(from);
            ++widths;
        }
        fit.worstResolutionMapePercent = std::max(fit.worstResolutionMapePercent, worst / widths);
    }
    DeviceError widest;
    for (std::size_t t = 0; t < tables.size(); ++t) {
        const auto& trained = fit.model.trained[t];
        const auto range = [&](const Predictions& p, std::string basis) {
            return ErrorRange{trained.space, trained.lowestResolution, trained.highestResolution, false, errorOf(p.predicted, p.measured, p.resolution, std::move(basis)), {}};
        };
        fit.inSample.push_back(range(own[t], fmt::format("{} random subnets against sums of the table", own[t].measured.size())));
        fit.heldOut.push_back(range(left[t],
            fmt::format("{} random subnets against sums of the table (not whole nets), each resolution and its layers left out of the fit", left[t].measured.size())));
        if (fit.heldOut.back().error.band90Percent > widest.band90Percent)
            widest = fit.heldOut.back().error;
    }
    addExtrapolatedRanges(fit, known, widest, true, options.otherWidthNotes);
    return fit;
}

} // namespace paretoscope

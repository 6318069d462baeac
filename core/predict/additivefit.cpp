// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "predict/additive.h"
#include "predict/additiverow.h"
#include "base/rankstats.h"
#include "predict/ridge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace paretoscope {

namespace {

constexpr std::size_t kFewAtResolution = 20; // fewer are worth a note

void check(std::span<const Sample> samples, const AdditiveOptions& options, const std::string& where)
{
    const auto fail = [&](std::string problem, std::string found, std::string allowed) {
        throw ValueError({where, std::move(problem), std::move(found), std::move(allowed)});
    };
    if (samples.size() < kFewestSamples)
        fail("too few measured nets for a predictor", fmt::format("{}", samples.size()),
            fmt::format("{} or more; a few hundred make a good one", kFewestSamples));
    const bool unchecked = options.folds == 0 && options.penalties.size() == 1;
    if (!unchecked && (options.folds < 2 || options.folds > static_cast<int>(samples.size())))
        fail("wrong number of folds", fmt::format("{}", options.folds), fmt::format("2 to {}", samples.size()));
    if (options.penalties.empty())
        fail("no candidate for the penalty", {}, {});
    for (const double p : options.penalties)
        if (!(p > 0 && std::isfinite(p)))
            fail("penalty out of range", fmt::format("{}", p), "a positive number");
    if (!(options.slopePenaltyFactor > 0 && std::isfinite(options.slopePenaltyFactor)))
        fail("slope penalty factor out of range", fmt::format("{}", options.slopePenaltyFactor), "a positive number");
    for (const auto& s : samples)
        if (!std::isfinite(s.top1Percent))
            fail("a measured accuracy is not finite", fmt::format("{}", s.top1Percent), {});
}

/// The samples as features, and how their cells (group, resolution) belong to resolutions.
struct Problem {
    AdditiveColumns columns;
    RidgeData data;
    std::vector<int> resolutions;
    std::vector<std::size_t> resolutionOfCell;
    std::vector<std::string> groupOfCell;
    std::vector<std::size_t> slopeColumns; // of the features; their slopes follow the features
    double centre = 0;

    Problem(const SearchSpace& space, std::span<const Sample> samples, const AdditiveOptions& options)
        : columns(space, options.stageTerms)
    {
        std::set<int> sizes;
        for (const auto& s : samples)
            sizes.insert(s.subnet.resolution);
        resolutions.assign(sizes.begin(), sizes.end());
        for (const int r : resolutions)
            centre += r / static_cast<double>(resolutions.size());
        // Kept as float32 in the predictor, and so used as that here.
        centre = static_cast<float>(centre);
        if (options.slopes && resolutions.size() > 1)
            for (std::size_t c = options.stageTerms ? columns.stageTerms : 0; c < columns.count; ++c)
                slopeColumns.push_back(c);

        data.columns = columns.count + slopeColumns.size();
        data.shrink.assign(columns.count, 1.0);
        data.shrink.resize(data.columns, options.slopePenaltyFactor);
        data.x.resize(samples.size() * data.columns);
        std::map<std::pair<std::string, std::size_t>, std::size_t> cells;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto& s = samples[i];
            const std::span<double> row(data.x.data() + i * data.columns, data.columns);
            additiveRow(space, columns, s.subnet, row.first(columns.count));
            for (std::size_t j = 0; j < slopeColumns.size(); ++j)
                row[columns.count + j] = row[slopeColumns[j]] * (s.subnet.resolution - centre) / kSlopePixels;
            const auto r = static_cast<std::size_t>(
                std::lower_bound(resolutions.begin(), resolutions.end(), s.subnet.resolution) - resolutions.begin());
            const auto cell =
                cells.try_emplace({options.groupOffsets ? s.group : std::string(), r}, cells.size()).first->second;
            if (cell == resolutionOfCell.size()) {
                resolutionOfCell.push_back(r);
                groupOfCell.push_back(options.groupOffsets ? s.group : std::string());
            }
            data.cell.push_back(cell);
            data.y.push_back(s.top1Percent / 100);
        }
        data.cells = cells.size();
    }

    double effect(const RidgeFit& fit, std::size_t i) const
    {
        const auto row = data.row(i);
        return std::inner_product(row.begin(), row.end(), fit.beta.begin(), 0.0);
    }

    /// By resolution the mean over its groups; a resolution without rows gets the mean of the others.
    std::vector<double> meanOffsets(const RidgeFit& fit) const
    {
        std::vector<double> sum(resolutions.size(), 0), count(resolutions.size(), 0);
        for (std::size_t c = 0; c < data.cells; ++c)
            if (fit.count[c] > 0) {
                sum[resolutionOfCell[c]] += fit.offset[c];
                ++count[resolutionOfCell[c]];
            }
        double all = 0, known = 0;
        for (std::size_t r = 0; r < sum.size(); ++r)
            if (count[r] > 0) {
                sum[r] /= count[r];
                all += sum[r];
                ++known;
            }
        for (std::size_t r = 0; r < sum.size(); ++r)
            if (count[r] == 0)
                sum[r] = all / known;
        return sum;
    }
};

/// Held-out predictions in percent, by penalty and sample.
struct CrossValidation {
    std::vector<std::vector<double>> knownGroup;
    std::vector<std::vector<double>> unknownGroup;
};

CrossValidation crossValidate(const Problem& problem, const AdditiveOptions& options)
{
    const auto n = problem.data.rows();
    const auto foldOf = foldsOf(n, options.folds, options.seed);
    CrossValidation cv;
    cv.knownGroup.assign(options.penalties.size(), std::vector<double>(n));
    cv.unknownGroup = cv.knownGroup;
    const auto folds = static_cast<std::size_t>(options.folds);
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<std::size_t> training, left;
        for (std::size_t i = 0; i < n; ++i)
            (foldOf[i] == fold ? left : training).push_back(i);
        const auto fits = fitRidge(problem.data, training, options.penalties);
        for (std::size_t p = 0; p < fits.size(); ++p) {
            const auto means = problem.meanOffsets(fits[p]);
            for (const auto row : left) {
                const auto cell = problem.data.cell[row];
                const double effect = problem.effect(fits[p], row), mean = means[problem.resolutionOfCell[cell]];
                cv.unknownGroup[p][row] = 100 * (mean + effect);
                cv.knownGroup[p][row] = 100 * ((fits[p].count[cell] > 0 ? fits[p].offset[cell] : mean) + effect);
            }
        }
    }
    return cv;
}

AdditiveCoefficients coefficientsOf(const Problem& problem, const RidgeFit& fit, bool stageTerms)
{
    const auto narrowed = [](const std::vector<double>& values) {
        return std::vector<float>(values.begin(), values.end());
    };
    AdditiveCoefficients c;
    c.resolutions = problem.resolutions;
    c.offsets = narrowed(problem.meanOffsets(fit));
    c.effects = narrowed({fit.beta.begin(), fit.beta.begin() + static_cast<std::ptrdiff_t>(problem.columns.count)});
    c.stageTerms = stageTerms;
    if (!problem.slopeColumns.empty()) {
        c.slopes.assign(problem.columns.count, 0.0f);
        for (std::size_t j = 0; j < problem.slopeColumns.size(); ++j)
            c.slopes[problem.slopeColumns[j]] = static_cast<float>(fit.beta[problem.columns.count + j]);
        c.centre = static_cast<float>(problem.centre);
    }
    return c;
}

} // namespace

namespace {

void choosePenalty(
    AdditiveFit& result, const Problem& problem, std::span<const Sample> samples, const AdditiveOptions& options)
{
    const auto cv = crossValidate(problem, options);
    std::vector<double> measured;
    for (const auto& s : samples)
        measured.push_back(s.top1Percent);
    for (const auto& predicted : cv.knownGroup)
        result.rmsePercentOfPenalty.push_back(rootMeanSquareError(predicted, measured));
    const auto best = static_cast<std::size_t>(
        std::min_element(result.rmsePercentOfPenalty.begin(), result.rmsePercentOfPenalty.end())
        - result.rmsePercentOfPenalty.begin());
    result.penalty = options.penalties[best];
    result.heldOut = heldOutRows(samples, cv.knownGroup[best]);
    result.heldOutUnknownGroup = heldOutRows(samples, cv.unknownGroup[best]);
    result.heldOutPercent = cv.unknownGroup[best];
}

} // namespace

AdditiveFit fitAdditive(
    const SearchSpace& space, std::span<const Sample> samples, const AdditiveOptions& options, const std::string& where)
{
    check(samples, options, where);
    const Problem problem(space, samples, options);
    AdditiveFit result;
    if (options.folds == 0)
        result.penalty = options.penalties.front();
    else
        choosePenalty(result, problem, samples, options);

    std::vector<std::size_t> all(samples.size());
    std::iota(all.begin(), all.end(), std::size_t(0));
    const auto fit = fitRidge(problem.data, all, std::span(&result.penalty, 1)).front();
    result.coefficients = coefficientsOf(problem, fit, options.stageTerms);
    const auto means = problem.meanOffsets(fit);
    for (std::size_t c = 0; c < problem.data.cells; ++c) {
        const auto r = problem.resolutionOfCell[c];
        result.groups.push_back({problem.groupOfCell[c], problem.resolutions[r], static_cast<int>(fit.count[c]),
            100 * (fit.offset[c] - means[r])});
    }

    for (const auto& row : result.heldOut)
        if (row.resolution != 0 && row.nets < static_cast<int>(kFewAtResolution))
            result.notes.push_back(fmt::format("only {} measured nets at resolution {}", row.nets, row.resolution));
    if (options.slopes && problem.resolutions.size() < 2)
        result.notes.push_back("all nets were measured at one resolution, so effects cannot change with it");
    return result;
}

} // namespace paretoscope

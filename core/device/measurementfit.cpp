// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/devicefitparts.h"

#include "base/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace paretoscope {

namespace {

constexpr std::size_t kFewestRows = 50;
constexpr std::size_t kFolds = 5;
constexpr int kMostBatch = 1 << 20;
// A more complex form must be better by this factor to be chosen.
constexpr double kClearlyBetter = 0.9;
// The constant of a net, and what else of the counts tells nets apart: every block has one depthwise convolution and two
// pointwise ones, so that the former say nothing that the latter do not.
constexpr std::array<const char*, 4> kLaunchFeatures{"denseOps", "pointwiseOps", "squeezeExciteOps", "hSwishOps"};

/// Sums of features over the net, from one table of blocks.
class NetFeatures {
public:
    NetFeatures(std::shared_ptr<const Parts> parts, int batch)
        : m_parts(std::move(parts))
        , m_batch(batch)
    {
    }
    std::vector<double> of(const Subnet& s)
    {
        auto [at, fresh] = m_blocks.try_emplace(s.resolution);
        if (fresh) {
            const auto sizes = m_parts->mapSizes(s.resolution);
            for (std::size_t p = 0; p < m_parts->size(); ++p)
                for (int v = 0; v < m_parts->list()[p].variants; ++v)
                    at->second.push_back(featuresOf(m_parts->block(p, v), sizes[p], m_batch));
        }
        std::vector<double> sum(blockFeatures().size(), 0.0);
        for (std::size_t p = 0; p < m_parts->size(); ++p)
            if (const int v = m_parts->variantOf(s, p); v >= 0) {
                const auto& block = at->second[static_cast<std::size_t>(m_parts->list()[p].offset + v)];
                for (std::size_t i = 0; i < sum.size(); ++i)
                    sum[i] += block[i];
            }
        return sum;
    }

private:
    std::shared_ptr<const Parts> m_parts;
    int m_batch;
    std::map<int, std::vector<std::vector<double>>> m_blocks; // by resolution
};

struct Forms {
    Columns all, launch, work;
};

/// What is the same in all rows cannot be told apart and would stand in for each other: only the constant of a net stays.
Forms formsOf(const FitRows& rows)
{
    Forms f{Columns(rows.columns, 0), Columns(rows.columns, 0), Columns(rows.columns, 0)};
    const auto constant = blockFeatureIndex("denseOps");
    for (std::size_t j = 0; j < rows.columns; ++j) {
        bool varies = j == constant;
        for (std::size_t i = 1; i < rows.size() && !varies; ++i)
            varies = rows.row(i)[j] != rows.row(0)[j];
        if (!varies)
            continue;
        f.all[j] = 1;
        f.work[j] = blockFeatures()[j].kind != FeatureClass::Launch;
    }
    for (const char* name : kLaunchFeatures)
        f.launch[blockFeatureIndex(name)] = f.all[blockFeatureIndex(name)];
    return f;
}

std::vector<Coefficients> fitForm(FitForm form, const FitRows& rows, std::span<const std::size_t> which, const Forms& forms)
{
    switch (form) {
    case FitForm::Max: return fitMax(rows, which, forms.launch, forms.work);
    case FitForm::Launch: return {fitRobust(rows, which, forms.launch)};
    default: return {fitRobust(rows, which, forms.all)};
    }
}

} // namespace

ModelFit fitMeasurements(const std::vector<Measurement>& measured, std::shared_ptr<const Parts> parts, int batch, const DeviceFitOptions& options)
{
    const auto& space = parts->space();
    requireFeatures(space);
    if (measured.size() < kFewestRows)
        throw ValueError({"device model", "too few measured nets", fmt::format("{}", measured.size()), fmt::format("{} or more", kFewestRows)});
    if (batch < 1 || batch > kMostBatch)
        throw ValueError({"device model", "batch out of range", fmt::format("{}", batch), fmt::format("1 to {}", kMostBatch)});
    FitRows rows;
    rows.columns = blockFeatures().size();
    NetFeatures features(parts, batch);
    for (const auto& m : measured)
        rows.add(features.of(m.subnet), m.latencyMs, m.subnet.resolution);
    const auto forms = formsOf(rows);

    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    Random random(options.seed);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);

    // From the simplest on.
    const auto candidates = options.form == FitForm::Auto ? std::vector{FitForm::Launch, FitForm::Additive, FitForm::Max} : std::vector{options.form};
    const double steps = static_cast<double>(candidates.size() * kFolds + 1);
    double done = 0;
    ModelFit fit;
    fit.model.fittedTo = "nets";
    fit.model.batch = batch;
    const auto [low, high] = std::minmax_element(rows.resolution.begin(), rows.resolution.end());
    fit.model.trained = {{space.id, *low, *high, static_cast<int>(rows.size())}};
    for (const auto form : candidates) {
        std::vector<double> predicted(rows.size());
        for (std::size_t fold = 0; fold < kFolds; ++fold) {
            reportStep(options.onStep, fmt::format("form {}, fold {} of {}", name(form), fold + 1, kFolds), done++ / steps);
            std::vector<std::size_t> rest;
            for (std::size_t i = 0; i < order.size(); ++i)
                if (i % kFolds != fold)
                    rest.push_back(order[i]);
            const auto sums = fitForm(form, rows, rest, forms);
            for (std::size_t i = fold; i < order.size(); i += kFolds)
                predicted[order[i]] = predictMs(sums, rows.row(order[i]));
        }
        auto error = errorOf(predicted, rows.ms, rows.resolution, fmt::format("{} measured nets, five folds, each predicted by a fit to the other four", rows.size()));
        if (!fit.heldOut.empty() && *error.mapePercent > kClearlyBetter * *fit.heldOut.front().error.mapePercent)
            continue;
        fit.form = form;
        fit.heldOut = {{space.id, *low, *high, false, std::move(error), {}}};
        std::map<int, std::pair<double, int>> byResolution;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            auto& [sum, n] = byResolution[rows.resolution[i]];
            sum += std::abs(predicted[i] / rows.ms[i] - 1);
            ++n;
        }
        fit.worstResolutionMapePercent = 0;
        for (const auto& [r, mean] : byResolution)
            fit.worstResolutionMapePercent = std::max(fit.worstResolutionMapePercent, 100 * mean.first / mean.second);
    }

    reportStep(options.onStep, "fitting all rows", done / steps);
    fit.model.sums = fitForm(fit.form, rows, order, forms);
    fit.model.form = fit.model.sums.size() > 1 ? LatencyForm::MaxOfSums : LatencyForm::Additive;
    roundCoefficients(fit.model.sums);
    std::vector<double> predicted;
    for (std::size_t i = 0; i < rows.size(); ++i)
        predicted.push_back(predictMs(fit.model.sums, rows.row(i)));
    fit.inSample = {{space.id, *low, *high, false, errorOf(predicted, rows.ms, rows.resolution, fmt::format("the {} nets that the model was fitted to", rows.size())), {}}};
    addExtrapolatedRanges(fit, {parts}, DeviceError(fit.heldOut.front().error), false, options.otherWidthNotes);
    return fit;
}

} // namespace paretoscope

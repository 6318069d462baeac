// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/ladderstart.h"

#include <algorithm>
#include <cmath>

namespace paretoscope::ladder {

namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

/// For each bucket of the mixed cost Σ weight[row] · row the best subnet, those that a cheaper one beats left out. The
/// predictor is the sum of these gains; those of the result are relative to the setting with nothing switched on.
struct Linearised {
    std::vector<Subnet> subnets;
    std::vector<double> gains;
};

/// Gains averaged over subnets; `offset` is what these have beyond the sum of their gains.
struct MeanGradient {
    std::vector<float> row;
    double offset = 0;
};

/// A copy of the setting with the smallest allowed depth everywhere and the first operators.
Subnet thinnest(const Model& model, Subnet s)
{
    const auto& space = model.space();
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const auto gene = static_cast<std::size_t>(space.depthGene(static_cast<int>(i)));
        s.depth[gene] = model.allowed().depths(static_cast<int>(gene)).front();
        for (int b = 0; b < stage.maxBlocks; ++b)
            s.op[static_cast<std::size_t>(stage.firstSlot + b)] = b < stage.baseDepth + s.depth[gene]
                ? model.allowed().ops(stage.firstSlot + b).front()
                : std::uint8_t{0};
    }
    return s;
}

Linearised solveLinearised(const Model& model, const Subnet& setting, const float* gains,
    std::span<const double> weights, double mostMixed, std::size_t buckets)
{
    const auto& space = model.space();
    const auto slots = model.slotCount(), width = model.width();
    const double perUnit = static_cast<double>(buckets - 1) / mostMixed;
    std::vector<float> scratch;
    const float* opCosts = model.opCosts(setting, scratch);
    std::vector<int> cost(slots * width, 0);
    std::vector<double> mixed(slots * width, 0.0);
    for (std::size_t k = 0; k < weights.size(); ++k)
        for (std::size_t i = 0; i < mixed.size() && !model.rows()[k].largestPart; ++i)
            mixed[i] += weights[k] * static_cast<double>(opCosts[k * model.tableSize() + i]);
    for (std::size_t i = 0; i < mixed.size(); ++i)
        cost[i] = static_cast<int>(std::lround(mixed[i] * perUnit));

    // What is always there.
    const auto thin = thinnest(model, setting);
    std::vector<double> values(weights.size());
    model.costs(thin, values);
    double base = 0;
    for (std::size_t k = 0; k < weights.size(); ++k)
        base += model.rows()[k].largestPart ? 0.0 : weights[k] * values[k];
    for (std::size_t slot = 0; slot < slots; ++slot)
        base -= mixed[slot * width + thin.op[slot]];
    const auto first = static_cast<std::ptrdiff_t>(std::lround(base * perUnit));
    Linearised result;
    if (first < 0 || first >= static_cast<std::ptrdiff_t>(buckets))
        return result;

    const auto n = static_cast<std::ptrdiff_t>(buckets);
    std::vector<float> best(buckets, kNever), now, next(buckets), merged;
    best[static_cast<std::size_t>(first)] = 0;
    std::vector<std::uint8_t> choice(slots * buckets, 0), depthAt(space.stages.size() * buckets, 0);
    for (std::size_t i = 0; i < space.stages.size(); ++i) {
        const auto& stage = space.stages[i];
        const auto& depths = model.allowed().depths(space.depthGene(static_cast<int>(i)));
        merged.assign(buckets, kNever);
        now = best;
        for (int b = 0; b <= stage.maxBlocks; ++b) {
            if (std::find(depths.begin(), depths.end(), b - stage.baseDepth) != depths.end())
                for (std::size_t c = 0; c < buckets; ++c)
                    if (now[c] > merged[c]) {
                        merged[c] = now[c];
                        depthAt[i * buckets + c] = static_cast<std::uint8_t>(b);
                    }
            if (b == stage.maxBlocks)
                break;
            const auto slot = static_cast<std::size_t>(stage.firstSlot + b);
            std::uint8_t* chosen = &choice[slot * buckets];
            std::fill(next.begin(), next.end(), kNever);
            for (const auto op : model.allowed().ops(static_cast<int>(slot))) {
                const auto step = static_cast<std::ptrdiff_t>(cost[slot * width + op]);
                const float gain = gains[model.term(slot) + op - 1u];
                for (std::ptrdiff_t c = std::max<std::ptrdiff_t>(step, 0); c < n; ++c)
                    if (const float value = now[static_cast<std::size_t>(c - step)] + gain;
                        value > next[static_cast<std::size_t>(c)]) {
                        next[static_cast<std::size_t>(c)] = value;
                        chosen[c] = op;
                    }
            }
            now.swap(next);
        }
        best.swap(merged);
    }

    float beaten = kNever;
    for (std::size_t end = 0; end < buckets; ++end) {
        if (best[end] <= beaten)
            continue;
        beaten = best[end];
        Subnet s = thin;
        std::size_t c = end;
        for (std::size_t i = space.stages.size(); i-- > 0;) {
            const auto& stage = space.stages[i];
            const int blocks = depthAt[i * buckets + c];
            s.depth[static_cast<std::size_t>(space.depthGene(static_cast<int>(i)))] =
                static_cast<std::uint8_t>(blocks - stage.baseDepth);
            for (int b = stage.maxBlocks; b-- > 0;) {
                const auto slot = static_cast<std::size_t>(stage.firstSlot + b);
                s.op[slot] = b < blocks ? choice[slot * buckets + c] : std::uint8_t{0};
                c -= static_cast<std::size_t>(cost[slot * width + s.op[slot]]);
            }
        }
        result.subnets.push_back(s);
        result.gains.push_back(static_cast<double>(best[end]));
    }
    return result;
}

MeanGradient meanGradient(const Model& model, const MlpGradient& gradient, const Subnet& setting, int samples,
    Random& random, MlpGradient::Workspace& workspace)
{
    const auto& space = model.space();
    std::vector<Subnet> subnets;
    for (int i = 0; i < samples; ++i) {
        auto s = model.allowed().uniform(random);
        s.resolution = setting.resolution;
        if (space.isResNet()) {
            s.depth[0] = setting.depth[0];
            s.width = setting.width;
        }
        // Uniform subnets are deep ones; every depth should be seen.
        for (std::size_t k = 0; k < space.stages.size(); ++k) {
            const auto& stage = space.stages[k];
            const auto gene = static_cast<std::size_t>(space.depthGene(static_cast<int>(k)));
            const auto& depths = model.allowed().depths(static_cast<int>(gene));
            s.depth[gene] = depths[random.below(depths.size())];
            for (int b = 0; b < stage.maxBlocks; ++b) {
                const auto slot = static_cast<std::size_t>(stage.firstSlot + b);
                const auto& ops = model.allowed().ops(static_cast<int>(slot));
                if (b >= stage.baseDepth + s.depth[gene])
                    s.op[slot] = 0;
                else if (s.op[slot] == 0)
                    s.op[slot] = ops[random.below(ops.size())];
            }
        }
        subnets.push_back(s);
    }
    const auto stride = gradient.stride();
    std::vector<float> raw(subnets.size()), rows(subnets.size() * stride);
    gradient.evaluate(subnets, raw, rows, workspace);
    MeanGradient mean{std::vector<float>(stride, 0.0f), 0};
    for (std::size_t i = 0; i < subnets.size(); ++i)
        for (std::size_t t = 0; t < stride; ++t)
            mean.row[t] += rows[i * stride + t] / static_cast<float>(samples);
    for (std::size_t i = 0; i < subnets.size(); ++i) {
        double sum = raw[i];
        for (std::size_t slot = 0; slot < model.slotCount(); ++slot)
            if (subnets[i].op[slot])
                sum -= mean.row[model.term(slot) + subnets[i].op[slot] - 1u];
        mean.offset += sum / samples;
    }
    return mean;
}

} // namespace

LinearisedSetting solveSetting(const Model& model, const MlpGradient& gradient, std::size_t setting, int samples,
    double mostCost, std::uint64_t seed)
{
    constexpr std::size_t kBuckets = 1024;
    MlpGradient::Workspace workspace;
    Random random(seed);
    const auto& subnet = model.settings()[setting];
    auto mean = meanGradient(model, gradient, subnet, samples, random, workspace);
    std::vector<double> weights(model.rows().size(), 0.0);
    for (const auto k : model.primaryRows())
        weights[k] = 1.0 / static_cast<double>(model.primaryRows().size());
    const auto solved = solveLinearised(model, subnet, mean.row.data(), weights, mostCost, kBuckets);
    LinearisedSetting result;
    std::vector<double> costs(model.rows().size());
    for (std::size_t i = 0; i < solved.subnets.size(); ++i) {
        model.costs(solved.subnets[i], costs);
        result.members.push_back({solved.gains[i] + mean.offset, model.primaryCost(costs), solved.subnets[i]});
    }
    result.gains = std::move(mean.row);
    return result;
}

std::vector<Subnet> bestOf(const std::vector<LinearisedSetting>& settings, double doubt, std::size_t most)
{
    std::vector<LinearisedSetting::Member> all;
    for (const auto& s : settings)
        all.insert(all.end(), s.members.begin(), s.members.end());
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    std::vector<Subnet> candidates;
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& s : all) {
        if (s.raw > best - doubt)
            candidates.push_back(s.subnet);
        best = std::max(best, s.raw);
    }
    most = std::min(most, candidates.size());
    std::vector<Subnet> chosen;
    for (std::size_t i = 0; i < most; ++i)
        chosen.push_back(candidates[i * candidates.size() / most]);
    return chosen;
}

} // namespace paretoscope::ladder

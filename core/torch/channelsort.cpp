// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supernet.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

/// Puts the channels of one hidden layer into another order: of the layer that makes them, its batch norm, and those
/// that read them.
class ChannelSort {
public:
    ChannelSort(const WeightStore& store, int expandStage)
        : m_store(store)
        , m_expandStage(expandStage)
    {
    }

    void mbConv(const Block& b, const std::vector<int>& widths) const
    {
        const auto &expand = b.convolutions[0], &depthwise = b.convolutions[1], &project = b.convolutions[2];
        const auto depthKeys = keys(b, depthwise);
        const auto order = sorted(importance(keys(b, project).weight), widths);
        permute(keys(b, project).weight, 1, order);
        permuteNorm(depthKeys.batchNorm, order);
        permute(depthKeys.weight, 0, order);
        if (b.squeezeExcite) {
            const auto& se = depthKeys.squeezeExcite;
            permute(se + "expand.weight", 0, order);
            permute(se + "expand.bias", 0, order);
            permute(se + "reduce.weight", 1, order);
            const auto hidden = importance(se + "expand.weight").argsort(/*stable=*/true, 0, /*descending=*/true);
            permute(se + "expand.weight", 1, hidden);
            permute(se + "reduce.weight", 0, hidden);
            permute(se + "reduce.bias", 0, hidden);
        }
        permuteNorm(keys(b, expand).batchNorm, order);
        permute(keys(b, expand).weight, 0, order);
    }

    void bottleneck(const Block& b, const std::vector<int>& widths) const
    {
        for (std::size_t i = b.convolutions.size() - 1; i > 0; --i) {
            const auto reader = keys(b, b.convolutions[i]), maker = keys(b, b.convolutions[i - 1]);
            const auto order = sorted(importance(reader.weight), widths);
            permute(reader.weight, 1, order);
            permuteNorm(maker.batchNorm, order);
            permute(maker.weight, 0, order);
        }
    }

private:
    static ConvolutionKeys keys(const Block& b, const Convolution& c) { return convolutionKeys(b, c, KeySpelling::Supernet); }

    /// By input channel: the L1 norm of what reads it.
    at::Tensor importance(const std::string& weight) const { return m_store.at(weight).abs().sum({0, 2, 3}); }

    /// Channels outside a width that was trained already stay behind all inside it. `widths` descend.
    at::Tensor sorted(at::Tensor importance, const std::vector<int>& widths) const
    {
        constexpr double kFar = 1e5; // beyond any importance
        double base = -kFar * static_cast<double>(widths.size());
        auto right = importance.size(0);
        for (int i = 0; m_expandStage > 0 && i <= m_expandStage; ++i, base += kFar) {
            const auto left = std::min<std::int64_t>(widths[static_cast<std::size_t>(i)], right);
            importance.narrow(0, left, right - left).add_(base);
            right = left;
        }
        return importance.argsort(/*stable=*/true, 0, /*descending=*/true);
    }

    void permute(const std::string& name, int dimension, const at::Tensor& order) const
    {
        const auto& tensor = m_store.at(name);
        tensor.copy_(tensor.index_select(dimension, order));
    }

    void permuteNorm(const std::string& prefix, const at::Tensor& order) const
    {
        for (const char* part : {"weight", "bias", "running_mean", "running_var"})
            permute(prefix + part, 0, order);
    }

    const WeightStore& m_store;
    int m_expandStage;
};

} // namespace

void sortChannelsOf(const Parts& parts, const WeightStore& store, int expandStage)
{
    const auto& space = parts.space();
    std::size_t most = 1;
    for (const auto& stage : space.stages)
        most = std::max(most, stage.expansions.size());
    if (expandStage < 0 || expandStage >= static_cast<int>(most)) // before anything is moved
        throw ValueError({"channel sorting", "no such stage of elastic expansion", fmt::format("{}", expandStage), fmt::format("0 to {}", most - 1)});
    for (const auto& b : network(parts, space.largest())) {
        if (b.stage < 0)
            continue;
        const auto& expansions = space.stages[static_cast<std::size_t>(b.stage)].expansions;
        std::vector<int> widths;
        for (auto e = expansions.rbegin(); e != expansions.rend(); ++e)
            widths.push_back(expandedChannels(space.isResNet() ? b.out : b.in, *e));
        const ChannelSort sort(store, std::min(expandStage, static_cast<int>(expansions.size()) - 1)); // some stages have fewer
        space.isResNet() ? sort.bottleneck(b, widths) : sort.mbConv(b, widths);
    }
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weights.h"

#include <fmt/format.h>

#include <unordered_set>

namespace paretoscope {

namespace {

at::Tensor leading(const at::Tensor& t, int dimension, int count) { return t.size(dimension) == count ? t : t.narrow(dimension, 0, count); }

} // namespace

void WeightStore::add(std::string name, at::Tensor tensor)
{
    m_index.emplace(name, m_list.size());
    m_list.emplace_back(std::move(name), std::move(tensor));
}

const at::Tensor& WeightStore::at(const std::string& name) const
{
    const auto it = m_index.find(name);
    if (it == m_index.end())
        throw EngineError({name, "the net has no such weight", {}, {}});
    return m_list[it->second].second;
}

StateDict WeightStore::stateDict() const
{
    StateDict weights;
    for (const auto& [name, tensor] : m_list)
        weights.add(name, fromTorch(tensor));
    return weights;
}

WeightStore storeOf(const StateDict& weights, const std::vector<WeightKey>& keys, at::ScalarType type, at::Device device, const std::string& where)
{
    std::vector<std::string> wrong;
    std::unordered_set<std::string_view> known;
    WeightStore store;
    for (const auto& key : keys) {
        known.insert(key.name);
        const auto* tensor = weights.find(key.name);
        if (!tensor) {
            wrong.push_back(key.name + " is missing");
            continue;
        }
        if (tensor->shape() != key.shape) {
            wrong.push_back(fmt::format("{} has the shape {} instead of {}", key.name, toString(tensor->shape()), toString(key.shape)));
            continue;
        }
        const auto shared = toTorch(*tensor);
        store.add(key.name, shared.to(device, shared.is_floating_point() ? type : shared.scalar_type(), /*non_blocking=*/false, /*copy=*/true));
    }
    for (const auto& t : weights.tensors())
        if (!known.contains(t.name))
            wrong.push_back(t.name + " is unknown");
    if (!wrong.empty())
        throw FormatError({where, "the weights are not those of the net", fmt::format("{} problems: {}", wrong.size(), joinNames(wrong, 6)), {}});
    return store;
}

bool isStatistic(std::string_view name)
{
    return name.ends_with("running_mean") || name.ends_with("running_var") || name.ends_with("num_batches_tracked");
}

at::Tensor LayerWeights::convolution(const Block& block, const Convolution& c) const
{
    const auto keys = convolutionKeys(block, c, m_spelling);
    auto weight = leading(m_store.at(keys.weight), 0, c.out);
    if (c.groups == 1)
        return leading(weight, 1, c.in);
    return weight.size(3) == c.kernel ? weight : transformed(std::move(weight), block, c, keys.transforms);
}

at::Tensor LayerWeights::transformed(at::Tensor kernel, const Block& block, const Convolution& c, const std::string& prefix) const
{
    const auto& kernels = m_space.stages[static_cast<std::size_t>(block.stage)].kernels;
    for (std::size_t i = kernels.size() - 1; kernels[i] > c.kernel; --i) {
        const int from = kernels[i], to = kernels[i - 1], edge = from / 2 - to / 2;
        const auto centre = kernel.narrow(2, edge, to).narrow(3, edge, to).reshape({c.out, to * to});
        kernel = at::linear(centre, m_store.at(prefix + kernelTransformName(from, to))).view({c.out, 1, to, to});
    }
    return kernel;
}

BatchNormTensors LayerWeights::batchNorm(const Block& block, const Convolution& c) const
{
    const auto prefix = convolutionKeys(block, c, m_spelling).batchNorm;
    const auto part = [&](const char* name) { return leading(m_store.at(prefix + name), 0, c.out); };
    return {part("weight"), part("bias"), part("running_mean"), part("running_var")};
}

const at::Tensor& LayerWeights::batchCounter(const Block& block, const Convolution& c) const
{
    return m_store.at(convolutionKeys(block, c, m_spelling).batchNorm + "num_batches_tracked");
}

AffineTensors LayerWeights::squeeze(const Block& block, const Convolution& c) const
{
    const auto prefix = convolutionKeys(block, c, m_spelling).squeezeExcite;
    const auto& se = *block.squeezeExcite;
    return {leading(leading(m_store.at(prefix + "reduce.weight"), 0, se.mid), 1, se.channels), leading(m_store.at(prefix + "reduce.bias"), 0, se.mid)};
}

AffineTensors LayerWeights::excite(const Block& block, const Convolution& c) const
{
    const auto prefix = convolutionKeys(block, c, m_spelling).squeezeExcite;
    const auto& se = *block.squeezeExcite;
    return {leading(leading(m_store.at(prefix + "expand.weight"), 0, se.channels), 1, se.mid), leading(m_store.at(prefix + "expand.bias"), 0, se.channels)};
}

AffineTensors LayerWeights::linear(const Block& block) const
{
    const auto prefix = linearKeys(block, m_spelling);
    return {leading(leading(m_store.at(prefix + "weight"), 0, block.out), 1, block.in), leading(m_store.at(prefix + "bias"), 0, block.out)};
}

} // namespace paretoscope

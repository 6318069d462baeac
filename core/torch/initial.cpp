// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "initial.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace paretoscope {

namespace {

at::Tensor initialValue(const WeightKey& key, at::Generator& generator)
{
    const std::string_view name = key.name;
    if (name.ends_with("num_batches_tracked"))
        return at::zeros({}, at::kLong);
    if (name.ends_with("_matrix"))
        return at::eye(key.shape[0]);
    if (key.shape.size() == 4)
        return at::randn(key.shape, generator) * std::sqrt(2.0 / static_cast<double>(key.shape[0] * key.shape[2] * key.shape[3]));
    if (key.shape.size() == 2)
        return (at::rand(key.shape, generator) * 2 - 1) / std::sqrt(static_cast<double>(key.shape[1]));
    const bool ones = name.ends_with("running_var") || name.ends_with("bn.weight");
    return ones ? at::ones(key.shape) : at::zeros(key.shape);
}

} // namespace

WeightStore initialWeightsOf(const std::vector<WeightKey>& keys, std::uint64_t seed, at::Device device)
{
    auto generator = at::detail::createCPUGenerator(seed);
    WeightStore store;
    for (const auto& key : keys)
        store.add(key.name, initialValue(key, generator).to(device));
    return store;
}

WeightStore initialWeightsOf(const Block& block, at::Device device) { return initialWeightsOf(staticKeys(block), 1, device); }

} // namespace paretoscope

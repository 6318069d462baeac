// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "staticnet.h"

#include "frozen.h"

#include "engine/walk.h"

namespace paretoscope {

TorchStaticNet::TorchStaticNet(std::shared_ptr<const Parts> parts, const Subnet& subnet, WeightStore store)
    : m_parts(std::move(parts))
    , m_subnet(subnet)
    , m_blocks(network(*m_parts, subnet))
    , m_store(std::move(store))
    , m_layers(m_parts->space(), m_store, KeySpelling::Static)
{
}

Tensor TorchStaticNet::forward(const Tensor& images) const
{
    return guarded("forward", [&] {
        const at::NoGradGuard noGradients;
        TensorOps ops(m_layers, NormMode::Evaluate);
        return fromTorch(runNetwork(m_blocks, ops, imagesFrom(images, m_parts->space(), type(), device())));
    });
}

at::Tensor TorchStaticNet::forwardTraining(const at::Tensor& images)
{
    const at::NoGradGuard noGradients;
    TensorOps ops(m_layers, NormMode::Train);
    return runNetwork(m_blocks, ops, images);
}

void TorchStaticNet::recalibrate(const NextImages& next) { recalibrateLayers(m_blocks, m_layers, next, type(), device()); }

std::unique_ptr<FrozenNet> TorchStaticNet::freeze() const
{
    return guarded("freezing the net", [&] { return freezeNet(*this); });
}

void recalibrateLayers(const std::vector<Block>& blocks, const LayerWeights& layers, const NextImages& next, at::ScalarType type, at::Device device)
{
    guarded("recalibration", [&] {
        const at::NoGradGuard noGradients;
        NormSums sums;
        TensorOps ops(layers, NormMode::Recalibrate, &sums);
        while (const auto images = next())
            runNetwork(blocks, ops, imagesFrom(*images, layers.space(), type, device));
        if (sums.empty())
            throw ValueError({"recalibration", "there is no image to recalibrate on", {}, "at least one batch"});
        sums.store();
    });
}

} // namespace paretoscope

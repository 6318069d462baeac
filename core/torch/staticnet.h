// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A subnet with weights of its own.
#pragma once

#include "layers.h"

#include "engine/engine.h"

#include <memory>

namespace paretoscope {

class TorchStaticNet final : public StaticNet {
public:
    /// `store` holds all static keys of the subnet.
    TorchStaticNet(std::shared_ptr<const Parts> parts, const Subnet& subnet, WeightStore store);

    const Subnet& subnet() const override { return m_subnet; }
    Tensor forward(const Tensor& images) const override;
    StateDict weights() const override { return m_store.stateDict(); }
    void recalibrate(const NextImages& next) override;
    std::unique_ptr<FrozenNet> freeze() const override;

    /// In training mode: batch statistics, and the running ones follow.
    at::Tensor forwardTraining(const at::Tensor& images);
    const Parts& parts() const { return *m_parts; }
    const LayerWeights& layers() const { return m_layers; }
    const std::vector<Block>& blocks() const { return m_blocks; }
    at::ScalarType type() const { return m_store.list().front().second.scalar_type(); }
    at::Device device() const { return m_store.list().front().second.device(); }

private:
    std::shared_ptr<const Parts> m_parts;
    Subnet m_subnet;
    std::vector<Block> m_blocks;
    WeightStore m_store;
    LayerWeights m_layers;
};

/// Recalibrates what `layers` points to on the images that come.
void recalibrateLayers(const std::vector<Block>& blocks, const LayerWeights& layers, const NextImages& next, at::ScalarType type, at::Device device);

} // namespace paretoscope

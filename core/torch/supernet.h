// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The supernet: weights of the largest net, and what is done with them.
#pragma once

#include "layers.h"

#include "engine/engine.h"

#include <memory>

namespace paretoscope {

class TorchSupernet final : public Supernet {
public:
    /// `store` holds all supernet keys of the space.
    TorchSupernet(std::shared_ptr<const Parts> parts, WeightStore store);

    Tensor forward(const Subnet& subnet, const Tensor& images) const override;
    std::unique_ptr<StaticNet> extract(const Subnet& subnet) const override;
    void recalibrate(const Subnet& subnet, const NextImages& next) override;
    void sortChannels(int expandStage) override;
    StateDict weights() const override { return m_store.stateDict(); }
    std::unique_ptr<Trainer> trainer(const TrainerOptions& options, std::shared_ptr<StaticNet> teacher) override;

    /// @throws as requireSubnet
    std::vector<Block> blocksOf(const Subnet& subnet) const;
    const Parts& parts() const { return *m_parts; }
    const WeightStore& store() const { return m_store; }
    const LayerWeights& layers() const { return m_layers; }
    at::ScalarType type() const { return m_store.list().front().second.scalar_type(); }
    at::Device device() const { return m_store.list().front().second.device(); }

private:
    std::shared_ptr<const Parts> m_parts;
    WeightStore m_store;
    LayerWeights m_layers;
};

/// @throws ValueError when it is not one of the space, its resolution aside.
void requireSubnet(const SearchSpace& space, Subnet subnet);

/// Supernet::sortChannels on these weights.
void sortChannelsOf(const Parts& parts, const WeightStore& store, int expandStage);

} // namespace paretoscope

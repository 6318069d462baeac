// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supernet.h"

#include "staticnet.h"
#include "trainer.h"

#include "engine/walk.h"
#include "space/subnetjson.h"

namespace paretoscope {

namespace {

/// Copies the weights of a subnet under the keys of a static net, in their order.
class Extraction {
public:
    Extraction(const LayerWeights& layers, const std::vector<Block>& blocks)
        : m_layers(layers)
    {
        for (const auto& b : blocks)
            block(b);
    }
    WeightStore take() { return std::move(m_store); }

private:
    void block(const Block& b)
    {
        if (b.type == BlockType::Linear)
            affine(linearKeys(b, KeySpelling::Static), m_layers.linear(b));
        for (const auto& c : b.convolutions) {
            convolution(b, c);
            if (c.name == "depth_conv" && b.squeezeExcite) {
                const auto prefix = convolutionKeys(b, c, KeySpelling::Static).squeezeExcite;
                affine(prefix + "reduce.", m_layers.squeeze(b, c));
                affine(prefix + "expand.", m_layers.excite(b, c));
            }
        }
        if (b.shortcut == Shortcut::Projection)
            convolution(b, projectionOf(b));
    }

    void convolution(const Block& b, const Convolution& c)
    {
        const auto keys = convolutionKeys(b, c, KeySpelling::Static);
        copy(keys.weight, m_layers.convolution(b, c));
        if (!c.batchNorm)
            return;
        const auto bn = m_layers.batchNorm(b, c);
        copy(keys.batchNorm + "weight", bn.weight);
        copy(keys.batchNorm + "bias", bn.bias);
        copy(keys.batchNorm + "running_mean", bn.mean);
        copy(keys.batchNorm + "running_var", bn.variance);
        m_store.add(keys.batchNorm + "num_batches_tracked", at::zeros({}, at::kLong)); // not copied: the reference neither
    }

    void affine(const std::string& prefix, const AffineTensors& t)
    {
        copy(prefix + "weight", t.weight);
        copy(prefix + "bias", t.bias);
    }

    void copy(std::string name, const at::Tensor& tensor) { m_store.add(std::move(name), tensor.detach().clone(at::MemoryFormat::Contiguous)); }

    const LayerWeights& m_layers;
    WeightStore m_store;
};

} // namespace

void requireSubnet(const SearchSpace& space, Subnet subnet)
{
    if (!space.hasResolution(subnet.resolution)) // nets run at any resolution
        subnet.resolution = static_cast<std::uint16_t>(space.resolutions.back());
    validate(space, subnet, "subnet");
}

TorchSupernet::TorchSupernet(std::shared_ptr<const Parts> parts, WeightStore store)
    : m_parts(std::move(parts))
    , m_store(std::move(store))
    , m_layers(m_parts->space(), m_store, KeySpelling::Supernet)
{
}

std::vector<Block> TorchSupernet::blocksOf(const Subnet& subnet) const
{
    requireSubnet(m_parts->space(), subnet);
    return network(*m_parts, subnet);
}

Tensor TorchSupernet::forward(const Subnet& subnet, const Tensor& images) const
{
    return guarded("forward", [&] {
        const at::NoGradGuard noGradients;
        TensorOps ops(m_layers, NormMode::Evaluate);
        return fromTorch(runNetwork(blocksOf(subnet), ops, imagesFrom(images, m_parts->space(), type(), device())));
    });
}

std::unique_ptr<StaticNet> TorchSupernet::extract(const Subnet& subnet) const
{
    return guarded("extraction", [&]() -> std::unique_ptr<StaticNet> {
        const at::NoGradGuard noGradients;
        return std::make_unique<TorchStaticNet>(m_parts, subnet, Extraction(m_layers, blocksOf(subnet)).take());
    });
}

void TorchSupernet::recalibrate(const Subnet& subnet, const NextImages& next) { recalibrateLayers(blocksOf(subnet), m_layers, next, type(), device()); }

void TorchSupernet::sortChannels(int expandStage)
{
    guarded("sorting channels", [&] {
        const at::NoGradGuard noGradients;
        sortChannelsOf(*m_parts, m_store, expandStage);
    });
}

std::unique_ptr<Trainer> TorchSupernet::trainer(const TrainerOptions& options, std::shared_ptr<StaticNet> teacher)
{
    return guarded("training", [&] { return makeTrainer(*this, options, std::move(teacher)); });
}

} // namespace paretoscope

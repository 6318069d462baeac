// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "layers.h"

#include "depthwise.h"

namespace paretoscope {

void NormSums::add(const std::string& layer, const BatchNormTensors& target, const at::Tensor& mean, const at::Tensor& variance, std::int64_t images)
{
    const auto weight = static_cast<double>(images);
    auto& sum = m_sums[layer];
    if (sum.images == 0)
        sum = {target.mean, target.variance, mean.to(at::kDouble) * weight, variance.to(at::kDouble) * weight, images};
    else {
        sum.mean += mean.to(at::kDouble) * weight;
        sum.variance += variance.to(at::kDouble) * weight;
        sum.images += images;
    }
}

void NormSums::store() const
{
    for (const auto& [layer, sum] : m_sums) {
        sum.targetMean.copy_(sum.mean / static_cast<double>(sum.images));
        sum.targetVariance.copy_(sum.variance / static_cast<double>(sum.images));
    }
}

at::Tensor TensorOps::convolution(const Block& block, const Convolution& c, const at::Tensor& x) const
{
    const auto weight = m_weights.convolution(block, c);
    // Evaluation computes as the reference does, to the bit; what is trained is only compared with it in double precision.
    const bool fast = m_mode != NormMode::Evaluate && x.scalar_type() == at::kFloat;
    const auto input = fast && c.in > 1 ? x.contiguous(at::MemoryFormat::ChannelsLast) : x;
    const auto y = fast && c.groups == c.in && c.groups == c.out && c.in > 1 ? depthwiseConvolution(input, weight, c.stride)
                                                                            : at::conv2d(input, weight, {}, c.stride, c.kernel / 2, 1, c.groups);
    return c.batchNorm ? batchNorm(block, c, y) : y;
}

at::Tensor TensorOps::batchNorm(const Block& block, const Convolution& c, const at::Tensor& x) const
{
    const auto t = m_weights.batchNorm(block, c);
    const auto& space = m_weights.space();
    auto mean = t.mean, variance = t.variance;
    if (m_mode == NormMode::Recalibrate) {
        mean = x.mean({0}, true).mean({2}, true).mean({3}, true);
        variance = (x - mean).square().mean({0}, true).mean({2}, true).mean({3}, true).flatten();
        mean = mean.flatten();
        m_sums->add(convolutionKeys(block, c, KeySpelling::Supernet).batchNorm, t, mean, variance, x.size(0));
    }
    if (m_mode == NormMode::Train && x.numel() == x.size(1))
        throw ValueError({convolutionKeys(block, c, KeySpelling::Supernet).batchNorm, "one value a channel has no variance to train with", toString(Shape(x.sizes().begin(), x.sizes().end())), "more images, or a higher resolution"});
    if (m_mode == NormMode::Train)
        m_weights.batchCounter(block, c).add_(1);
    return at::batch_norm(x, t.weight, t.bias, mean, variance, m_mode == NormMode::Train, space.bnMomentum, space.bnEps, /*cudnn=*/true);
}

at::Tensor TensorOps::activation(Activation activation, const at::Tensor& x) const
{
    switch (activation) {
    case Activation::None: return x;
    case Activation::Relu: return at::relu(x);
    case Activation::Relu6: return at::relu6(x);
    case Activation::HSwish: return at::hardswish(x);
    }
    return x;
}

at::Tensor TensorOps::squeezeExcite(const Block& block, const Convolution& c, const at::Tensor& x) const
{
    const auto squeeze = m_weights.squeeze(block, c), excite = m_weights.excite(block, c);
    const auto hidden = at::relu(at::conv2d(globalPool(x), squeeze.weight, squeeze.bias));
    // Not at::hardsigmoid: its gradient takes 1/6 in single precision.
    return x * (at::relu6(at::conv2d(hidden, excite.weight, excite.bias) + 3) / 6);
}

at::Tensor TensorOps::averagePool(const at::Tensor& x, int stride) const { return at::avg_pool2d(x, stride, stride, 0, /*ceil_mode=*/true); }

at::Tensor TensorOps::maxPool(const Block& block, const at::Tensor& x) const { return at::max_pool2d(x, block.kernel, block.stride, block.kernel / 2); }

at::Tensor TensorOps::linear(const Block& block, const at::Tensor& x) const
{
    const auto t = m_weights.linear(block);
    return at::linear(x.flatten(1), t.weight, t.bias);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The layers of a net as tensors, for runNetwork() of engine/walk.h.
#pragma once

#include "weights.h"

#include <map>

namespace paretoscope {

/// How batch norm works.
/// Evaluate: by its running statistics. Train: by those of the batch; running ones follow.
/// Recalibrate: by those of the batch, which are summed up.
enum class NormMode { Evaluate, Train, Recalibrate };

/// Statistics of batch norm summed over batches, by layer; each batch weighs as many as it has images.
class NormSums {
public:
    void add(const std::string& layer, const BatchNormTensors& target, const at::Tensor& mean, const at::Tensor& variance, std::int64_t images);
    /// Writes the averages to where `target` pointed.
    void store() const;
    bool empty() const { return m_sums.empty(); }

private:
    struct Sum {
        at::Tensor targetMean, targetVariance; // views of the net's own
        at::Tensor mean, variance;             // in double precision
        std::int64_t images = 0;
    };
    std::map<std::string, Sum> m_sums;
};

class TensorOps {
public:
    using Value = at::Tensor;
    /// `weights` must outlive it, and `sums` too, which Recalibrate needs.
    TensorOps(const LayerWeights& weights, NormMode mode, NormSums* sums = nullptr)
        : m_weights(weights)
        , m_mode(mode)
        , m_sums(sums)
    {
    }
    Value convolution(const Block& block, const Convolution& c, const Value& x) const;
    Value activation(Activation activation, const Value& x) const;
    Value squeezeExcite(const Block& block, const Convolution& c, const Value& x) const;
    Value add(const Value& a, const Value& b) const { return a + b; }
    Value averagePool(const Value& x, int stride) const;
    Value maxPool(const Block& block, const Value& x) const;
    /// Along the width and then the height, as the reference: another order rounds otherwise.
    Value globalPool(const Value& x) const { return x.mean(3, true).mean(2, true); }
    Value linear(const Block& block, const Value& x) const;

private:
    Value batchNorm(const Block& block, const Convolution& c, const Value& x) const;

    const LayerWeights& m_weights;
    NormMode m_mode;
    NormSums* m_sums;
};

} // namespace paretoscope

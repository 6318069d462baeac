// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MLP predictor with its derivative: what any single change of a subnet would bring, to first order, for little
// more than the price of two evaluations.
#pragma once

#include "predict/mlp.h"

#include <functional>
#include <memory>
#include <span>

namespace paretoscope {

/// Thread-safe like MlpPredictor: const, with a workspace for each thread; the same bits at any place of any batch.
/// It computes with the predictor's backend, forward and backward; forward gives the bits of MlpPredictor::predict().
class MlpGradient {
public:
    class Workspace {
    public:
        Workspace();
        ~Workspace();
        Workspace(Workspace&&) noexcept;
        Workspace& operator=(Workspace&&) noexcept;

    private:
        friend class MlpGradient;
        struct Buffers;
        std::unique_ptr<Buffers> m_buffers;
    };

    /// Packs the weights for the way back: about a millisecond for three hidden layers of 400.
    explicit MlpGradient(std::shared_ptr<const MlpPredictor> predictor);
    ~MlpGradient();
    MlpGradient(MlpGradient&&) noexcept;

    const MlpPredictor& predictor() const { return *m_predictor; }
    /// Floats in a row of gradients: one for each of Encoding::terms(), then one for each of Encoding::resolutions(),
    /// then zeros up to a multiple of 16.
    std::size_t stride() const;
    /// Where the resolutions begin in a row.
    std::size_t firstResolution() const { return m_predictor->encoding().terms().size(); }

    /// `raw[i]` as MlpPredictor::predict(); `gradients` is [subnets][stride()]: the derivative of raw[i] with respect
    /// to how often a term (or resolution) counts in the sum of the first layer. To first order, turning operator a of
    /// a block into b changes raw by row[termOfOp(block, b)] - row[termOfOp(block, a)].
    /// @throws ValueError when a resolution is unknown to the encoding.
    void evaluate(
        std::span<const Subnet> subnets, std::span<float> raw, std::span<float> gradients, Workspace& workspace) const;

    /// Whether the gradient of the i-th subnet is wanted, now that its value is known; called once for each, in order.
    using Wanted = std::function<bool(std::size_t i, float raw)>;
    /// The same, but the way back is taken only for the subnets that are wanted; the rows of the others stay as they
    /// are.
    void evaluate(std::span<const Subnet> subnets, std::span<float> raw, std::span<float> gradients,
        Workspace& workspace, const Wanted& wanted) const;

private:
    struct Packed;
    void evaluateChunk(std::span<const Subnet> subnets, std::size_t first, float* raw, float* gradients,
        Workspace& workspace, const Wanted& wanted) const;

    std::shared_ptr<const MlpPredictor> m_predictor;
    std::unique_ptr<const Packed> m_packed;
};

} // namespace paretoscope

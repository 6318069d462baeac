// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MLP accuracy predictor of once-for-all networks, evaluated by the hundred thousand a second on one core.
#pragma once

#include "predict/encoding.h"
#include "predict/mlpweights.h"

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace paretoscope {

/// The instructions that a predictor computes with.
enum class MlpBackend { Portable, Avx2, Avx512, Avx512Bf16 };

std::string_view name(MlpBackend backend); // "portable", "avx2", "avx512", "avx512-bf16"
bool isAvailable(MlpBackend backend); // on this processor
/// What this processor can do, slowest first.
std::vector<MlpBackend> availableBackends();

/// Exact: float32 throughout. Fast: hidden layers in bfloat16 with float32 sums where the processor has them, else
/// float32. On the official predictor over 20,000 random subnets Fast was off by 0.017 percentage points at most,
/// 0.0042 rms, and kept the order to Kendall's tau 0.998: good for ranking candidates, not for a number that is shown.
enum class Precision { Exact, Fast };

/// Thread-safe: all functions are const and share nothing but the weights. The result for a subnet depends on the
/// weights and the backend only, not on the batch that it came in: the same bits at any place of any batch. Backends
/// agree to 1e-6 on the published predictors, Avx512Bf16 aside.
class MlpPredictor {
public:
    /// Scratch memory of one thread; grows to half a megabyte on first use (widths of 400).
    class Workspace {
    public:
        Workspace();
        ~Workspace();
        Workspace(Workspace&&) noexcept;
        Workspace& operator=(Workspace&&) noexcept;

    private:
        friend class MlpPredictor;
        struct Buffers;
        std::unique_ptr<Buffers> m_buffers;
    };

    /// @throws ValueError when the first layer has not as many inputs as the encoding; `where` names the weights.
    MlpPredictor(
        MlpWeights weights, Encoding encoding, Precision precision = Precision::Exact, const std::string& where = {});
    /// From tensors. @throws FormatError as readMlpWeights(), ValueError
    MlpPredictor(const StateDict& tensors, Encoding encoding, const std::string& where)
        : MlpPredictor(readMlpWeights(tensors, where), std::move(encoding), Precision::Exact, where)
    {
    }
    ~MlpPredictor();
    MlpPredictor(const MlpPredictor&) = delete;
    MlpPredictor& operator=(const MlpPredictor&) = delete;

    const Encoding& encoding() const { return m_encoding; }
    const MlpWeights& weights() const { return *m_weights; }
    MlpBackend backend() const { return m_backend; }
    /// Multiply-adds × 2 that one subnet costs in the hidden and last layers.
    double flopPerSubnet() const;

    /// The same weights with another backend. @throws ValueError when this processor does not have it.
    std::shared_ptr<const MlpPredictor> withBackend(MlpBackend backend) const;
    std::shared_ptr<const MlpPredictor> withPrecision(Precision precision) const;

    /// Raw accuracies, about 0 to 1; `out` is as long as `subnets`.
    /// @throws ValueError when a resolution is unknown to the encoding.
    void predict(std::span<const Subnet> subnets, std::span<float> out, Workspace& workspace) const;
    float predict(const Subnet& subnet) const;
    /// In double precision throughout, slowly: the yardstick of the others.
    double predictDouble(const Subnet& subnet) const;
    /// The inputs of the first hidden layer without the matrix products, for measuring: rows of
    /// `weights().layers[0].outputs`.
    void gatherOnly(std::span<const Subnet> subnets, Workspace& workspace) const;

private:
    struct Packed;
    MlpPredictor(
        std::shared_ptr<const MlpWeights> weights, Encoding encoding, MlpBackend backend, const std::string& where);
    void pack();
    void predictChunk(std::span<const Subnet> subnets, std::span<float> out, Workspace& workspace) const;
    void gather(std::span<const Subnet> subnets, Workspace& workspace) const;

    std::shared_ptr<const MlpWeights> m_weights;
    Encoding m_encoding;
    MlpBackend m_backend = MlpBackend::Portable;
    std::unique_ptr<const Packed> m_packed;
};

} // namespace paretoscope

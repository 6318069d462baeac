// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An engine without tensors, for what only needs a net that computes something: its logits depend on every weight and
// every pixel. Faults can be set, one a kind of file.
#pragma once

#include "base/file.h"
#include "engine/engine.h"

#include <fmt/format.h>

#include <cstdlib>
#include <memory>

namespace testing {

class FakeNet final : public paretoscope::StaticNet {
public:
    FakeNet(std::shared_ptr<const paretoscope::Parts> parts, paretoscope::Subnet subnet, paretoscope::StateDict weights)
        : m_parts(std::move(parts))
        , m_subnet(subnet)
        , m_weights(std::move(weights))
    {
    }
    const paretoscope::Subnet& subnet() const override { return m_subnet; }
    paretoscope::Tensor forward(const paretoscope::Tensor& images) const override { return logits(images, sum(), m_parts->space().classes, shift); }
    paretoscope::StateDict weights() const override { return m_weights; }
    void recalibrate(const paretoscope::NextImages&) override { }
    std::unique_ptr<paretoscope::FrozenNet> freeze() const override;

    float shift = 0; // of all logits

    /// Of all weights, each counted by its place.
    double sum() const
    {
        double total = 0, place = 1;
        for (const auto& [name, tensor] : m_weights.tensors())
            if (tensor.dtype() == paretoscope::DType::F32)
                for (const float v : tensor.toFloats())
                    total += v / (place += 1e-3);
        return total;
    }
    static paretoscope::Tensor logits(const paretoscope::Tensor& images, double weight, int classes, float shift)
    {
        const auto pixels = images.toFloats();
        const auto count = static_cast<std::size_t>(images.shape()[0]), each = pixels.size() / count;
        std::vector<float> values;
        for (std::size_t i = 0; i < count; ++i)
            for (int c = 0; c < classes; ++c)
                values.push_back(static_cast<float>(weight * (c + 1)) * pixels[i * each + static_cast<std::size_t>(c) % each] + shift);
        return paretoscope::Tensor::fromFloats({images.shape()[0], classes}, values);
    }

private:
    std::shared_ptr<const paretoscope::Parts> m_parts;
    paretoscope::Subnet m_subnet;
    paretoscope::StateDict m_weights;
};

/// Its file is the sum of the weights and the number of classes as text.
class FakeFrozen final : public paretoscope::FrozenNet {
public:
    FakeFrozen(double weight, int classes, float shift)
        : m_weight(weight)
        , m_classes(classes)
        , m_shift(shift)
    {
    }
    paretoscope::Tensor forward(const paretoscope::Tensor& images) override { return FakeNet::logits(images, m_weight, m_classes, m_shift); }
    void save(const std::filesystem::path& path) const override { paretoscope::writeFileAtomically(path, text(m_weight, m_classes)); }
    std::unique_ptr<paretoscope::TimedRun> timed(int, int) override { return nullptr; }

    static std::string text(double weight, int classes) { return fmt::format("{} {}", weight, classes); }
    static FakeFrozen read(const std::filesystem::path& path, float shift)
    {
        const auto content = paretoscope::readTextFile(path);
        return {std::strtod(content.c_str(), nullptr), std::atoi(content.c_str() + content.find(' ')), shift};
    }

private:
    double m_weight;
    int m_classes;
    float m_shift;
};

inline std::unique_ptr<paretoscope::FrozenNet> FakeNet::freeze() const { return std::make_unique<FakeFrozen>(sum(), m_parts->space().classes, 0.f); }

class FakeEngine final : public paretoscope::Engine {
public:
    float frozenShift = 0, onnxShift = 0, staticShift = 0; // faults: what a reloaded file computes too much
    bool onnxFails = false;
    std::vector<std::pair<std::string, std::string>> onnxMetadata; // of the last file
    int reloads = 0;

    paretoscope::EngineFacts facts() const override { return {"nothing", "cpu", 1, {}}; }
    std::unique_ptr<paretoscope::Supernet> supernet(std::shared_ptr<const paretoscope::Parts>, const paretoscope::StateDict&, paretoscope::NetPrecision) override { return nullptr; }
    std::unique_ptr<paretoscope::StaticNet> staticNet(std::shared_ptr<const paretoscope::Parts> parts, const paretoscope::Subnet& subnet, const paretoscope::StateDict& weights, paretoscope::NetPrecision) override
    {
        ++reloads;
        auto net = std::make_unique<FakeNet>(std::move(parts), subnet, weights);
        net->shift = staticShift;
        return net;
    }
    std::unique_ptr<paretoscope::FrozenNet> openFrozen(const std::filesystem::path& path) override
    {
        ++reloads;
        return std::make_unique<FakeFrozen>(FakeFrozen::read(path, frozenShift));
    }
    paretoscope::StateDict initialWeights(const paretoscope::Parts&, std::uint64_t) override { return {}; }
    paretoscope::Loss loss(const paretoscope::Tensor&, const std::vector<std::int64_t>&, const paretoscope::Tensor*, const paretoscope::LossOptions&) override { return {}; }
    std::unique_ptr<paretoscope::TimedRun> timedBlock(const paretoscope::Block&, int, int) override { return nullptr; }
    std::unique_ptr<paretoscope::TimedRun> timedNothing() override { return nullptr; }
    void writeOnnx(const paretoscope::StaticNet& net, const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& metadata) override
    {
        onnxMetadata = metadata;
        net.freeze()->save(path);
    }
    paretoscope::Tensor runOnnx(const std::filesystem::path& path, const paretoscope::Tensor& images) override
    {
        ++reloads;
        if (onnxFails)
            throw paretoscope::FormatError({path.filename().string(), "an operator is not known here", "Erf", {}});
        return FakeFrozen::read(path, onnxShift).forward(images);
    }
};

} // namespace testing

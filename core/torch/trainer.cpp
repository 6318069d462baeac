// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer.h"

#include "loss.h"
#include "staticnet.h"
#include "supernet.h"

#include "engine/walk.h"

#include <algorithm>

namespace paretoscope {

namespace {

bool decays(const std::string& name) { return name.find("bn") == std::string::npos && name.find("bias") == std::string::npos; }

class TorchTrainer final : public Trainer {
public:
    TorchTrainer(TorchSupernet& supernet, const TrainerOptions& options, std::shared_ptr<StaticNet> teacher)
        : m_supernet(supernet)
        , m_options(options)
        , m_teacherOwner(std::move(teacher))
        , m_teacher(dynamic_cast<TorchStaticNet*>(m_teacherOwner.get()))
    {
        for (const auto& [name, tensor] : m_supernet.store().list()) {
            if (isStatistic(name) || std::find(options.fixed.begin(), options.fixed.end(), name) != options.fixed.end())
                continue;
            tensor.requires_grad_(true);
            m_parameters.push_back({name, tensor, at::zeros_like(tensor), decays(name) ? options.weightDecay : 0});
        }
    }

    ~TorchTrainer() override
    {
        for (const auto& p : m_parameters) {
            p.value.mutable_grad().reset();
            p.value.requires_grad_(false);
        }
    }

    StepReport step(const TrainingStep& step) override
    {
        return guarded("training", [&] { return run(step); });
    }

    StateDict momentum() const override
    {
        StateDict all;
        for (const auto& p : m_parameters)
            all.add(p.name, fromTorch(p.momentum));
        return all;
    }

    void setMomentum(const StateDict& momentum) override
    {
        guarded("training", [&] {
            std::vector<WeightKey> keys;
            for (const auto& p : m_parameters)
                keys.push_back({p.name, Shape(p.value.sizes().begin(), p.value.sizes().end())});
            const auto store = storeOf(momentum, keys, m_supernet.type(), m_supernet.device(), "momentum");
            for (auto& p : m_parameters)
                p.momentum = store.at(p.name);
        });
    }

private:
    struct Parameter {
        std::string name;
        at::Tensor value;
        at::Tensor momentum;
        double weightDecay;
    };

    StepReport run(const TrainingStep& step)
    {
        const auto images = imagesFrom(step.images, m_supernet.parts().space(), m_supernet.type(), m_supernet.device());
        const auto teacherLogits = m_teacher ? m_teacher->forwardTraining(images) : at::Tensor();
        zeroGradients();
        StepReport report;
        for (const auto& subnet : step.subnets) {
            TensorOps ops(m_supernet.layers(), NormMode::Train);
            const auto logits = runNetwork(m_supernet.blocksOf(subnet), ops, images);
            const auto loss = lossOf(logits, step.labels, teacherLogits, m_options.loss);
            report.losses.push_back(loss.values());
            loss.total.backward();
        }
        std::vector<at::Tensor> squares;
        for (const auto& p : m_parameters)
            squares.push_back(p.value.grad().square().sum());
        report.gradientNorm = at::stack(squares).sum().sqrt().item<double>();
        descend(step.learningRate);
        return report;
    }

    void zeroGradients()
    {
        for (const auto& p : m_parameters) {
            if (p.value.grad().defined())
                p.value.mutable_grad().zero_();
            else
                p.value.mutable_grad() = at::zeros_like(p.value);
        }
    }

    /// SGD with Nesterov momentum as PyTorch has it: v <- m v + g, w <- w - rate (g + m v), decay being part of g.
    void descend(double learningRate)
    {
        const at::NoGradGuard noGradients;
        for (auto& p : m_parameters) {
            auto g = p.value.grad();
            if (p.weightDecay != 0)
                g = g.add(p.value, p.weightDecay);
            p.momentum.mul_(m_options.momentum).add_(g);
            p.value.add_(g.add(p.momentum, m_options.momentum), -learningRate);
        }
    }

    TorchSupernet& m_supernet;
    TrainerOptions m_options;
    std::shared_ptr<StaticNet> m_teacherOwner;
    TorchStaticNet* m_teacher;
    std::vector<Parameter> m_parameters;
};

} // namespace

std::unique_ptr<Trainer> makeTrainer(TorchSupernet& supernet, const TrainerOptions& options, std::shared_ptr<StaticNet> teacher)
{
    if (teacher && !dynamic_cast<TorchStaticNet*>(teacher.get())) // before the weights learn that they are to be trained
        throw ValueError({"teacher", "is a net of another engine", {}, {}});
    return std::make_unique<TorchTrainer>(supernet, options, std::move(teacher));
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer.h"

#include "loss.h"
#include "staticnet.h"
#include "supernet.h"

#include "engine/walk.h"

#include <torch/optim/sgd.h>

#include <cmath>

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
        , m_optimizer(groups(), torch::optim::SGDOptions(0.1).momentum(options.momentum).nesterov(options.momentum > 0))
    {
    }

    ~TorchTrainer() override
    {
        for (const auto& p : m_parameters) {
            p.mutable_grad().reset();
            p.requires_grad_(false);
        }
    }

    StepReport step(const TrainingStep& step) override
    {
        return guarded("training", [&] { return run(step); });
    }

private:
    std::vector<torch::optim::OptimizerParamGroup> groups()
    {
        std::vector<at::Tensor> decayed, others;
        for (const auto& [name, tensor] : m_supernet.store().list()) {
            if (isStatistic(name))
                continue;
            tensor.requires_grad_(true);
            m_parameters.push_back(tensor);
            (decays(name) ? decayed : others).push_back(tensor);
        }
        const auto options = [&](double weightDecay) {
            return std::make_unique<torch::optim::SGDOptions>(
                torch::optim::SGDOptions(0.1).momentum(m_options.momentum).nesterov(m_options.momentum > 0).weight_decay(weightDecay));
        };
        std::vector<torch::optim::OptimizerParamGroup> groups;
        groups.emplace_back(std::move(decayed), options(m_options.weightDecay));
        groups.emplace_back(std::move(others), options(0));
        return groups;
    }

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
        double squares = 0;
        for (const auto& p : m_parameters)
            squares += p.grad().square().sum().item<double>();
        report.gradientNorm = std::sqrt(squares);
        for (auto& group : m_optimizer.param_groups())
            group.options().set_lr(step.learningRate);
        m_optimizer.step();
        return report;
    }

    void zeroGradients()
    {
        for (const auto& p : m_parameters) {
            if (p.grad().defined())
                p.mutable_grad().zero_();
            else
                p.mutable_grad() = at::zeros_like(p);
        }
    }

    TorchSupernet& m_supernet;
    TrainerOptions m_options;
    std::shared_ptr<StaticNet> m_teacherOwner;
    TorchStaticNet* m_teacher;
    std::vector<at::Tensor> m_parameters; // before the optimizer, whose making fills it
    torch::optim::SGD m_optimizer;
};

} // namespace

std::unique_ptr<Trainer> makeTrainer(TorchSupernet& supernet, const TrainerOptions& options, std::shared_ptr<StaticNet> teacher)
{
    if (teacher && !dynamic_cast<TorchStaticNet*>(teacher.get())) // before the weights learn that they are to be trained
        throw ValueError({"teacher", "is a net of another engine", {}, {}});
    return std::make_unique<TorchTrainer>(supernet, options, std::move(teacher));
}

} // namespace paretoscope

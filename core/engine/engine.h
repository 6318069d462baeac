// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What needs tensors: running, cutting, recalibrating, training and timing the nets of a space. This is the interface;
// the module paretoscope_torch implements it with LibTorch and is loaded on first need (openEngine), so that nothing
// else pays for it. Images are N × channels × height × width, logits N × classes.
#pragma once

#include "base/error.h"
#include "checkpoint/tensor.h"
#include "space/network.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// The engine's library failed in a way of its own, or there is not enough memory.
class EngineError final : public Error {
public:
    using Error::Error;
};

enum class NetPrecision { Float32, Float64 };

struct EngineSetup {
    int threads = 0;              // inside one operator; 0: as many as there are processors
    std::string device = "auto";  // "cpu", "cuda", or "auto": CUDA where it is there
};

struct EngineFacts {
    std::string library; // "LibTorch 1.13.1"
    std::string device;  // "cpu", "cuda:0"
    int threads = 1;
    std::vector<std::string> warnings; // what makes it slow, a sentence each
};

/// The next images of a sequence; nothing at its end.
using NextImages = std::function<std::optional<Tensor>()>;

/// Something whose time is measured.
class TimedRun {
public:
    virtual ~TimedRun() = default;
    /// Runs it once; milliseconds. Its input is written just before the clock starts, as a layer before it would have
    /// done; its weights lie wherever other work has left them.
    virtual double runMs() = 0;
};

/// A net without anything elastic, prepared for inference: batch norm folded into the convolutions, weights as constants
/// of a TorchScript graph, images in channels-last order inside. What is exported, evaluated and timed.
class FrozenNet {
public:
    virtual ~FrozenNet() = default;
    /// @throws ValueError for images of another form; EngineError.
    virtual Tensor forward(const Tensor& images) = 0;
    /// A TorchScript file. @throws IoError
    virtual void save(const std::filesystem::path& path) const = 0;
    /// A run on standard normal images of this size.
    virtual std::unique_ptr<TimedRun> timed(int batch, int resolution) = 0;
};

/// One subnet with weights of its own.
class StaticNet {
public:
    virtual ~StaticNet() = default;
    virtual const Subnet& subnet() const = 0;
    /// In evaluation mode. @throws ValueError for images of another form; EngineError.
    virtual Tensor forward(const Tensor& images) const = 0;
    /// Under the keys of the released static nets, in their order; shares memory with the net.
    virtual StateDict weights() const = 0;
    /// As Supernet::recalibrate. @throws ValueError when there is no image; EngineError.
    virtual void recalibrate(const NextImages& next) = 0;
    /// Float32 nets only. Later changes of this net do not reach it. @throws EngineError
    virtual std::unique_ptr<FrozenNet> freeze() const = 0;
};

/// How much each image weighs in the loss of a subnet: OFA's `kd_ratio`, `kd_type` and label smoothing.
enum class Distillation { CrossEntropy, MeanSquaredError };

struct LossOptions {
    double labelSmoothing = 0.1;
    double distillationRatio = 1; // of the distillation loss, where there is a teacher
    Distillation distillation = Distillation::CrossEntropy;
    bool operator==(const LossOptions&) const = default;
};

struct Loss {
    double total = 0;
    double distillation = 0; // without its ratio; 0 where there is no teacher
    double classification = 0;
};

struct TrainerOptions {
    LossOptions loss;
    double momentum = 0.9; // Nesterov
    double weightDecay = 3e-5; // of parameters whose name holds neither "bn" nor "bias"
    std::vector<std::string> fixed; // parameters that stay as they are
};

struct TrainingStep {
    Tensor images;
    std::vector<std::int64_t> labels;
    std::vector<Subnet> subnets; // their gradients are summed
    double learningRate = 0;
};

struct StepReport {
    std::vector<Loss> losses; // one a subnet
    double gradientNorm = 0;  // of the summed gradients, over all parameters
};

/// SGD on the weights of a supernet, subnets drawn by the caller (progressive shrinking, Cai et al. 2020, section 3.3).
class Trainer {
public:
    virtual ~Trainer() = default;
    /// One step. Every parameter has a gradient, zero where no subnet has touched it, so that momentum and weight decay
    /// go on there: as in the reference under Horovod. The teacher, if any, runs in training mode (likewise): batch
    /// statistics, and its running statistics drift. @throws ValueError, EngineError
    virtual StepReport step(const TrainingStep& step) = 0;
    /// One tensor a parameter, under its name: what the optimizer carries from step to step. Shares memory with the
    /// trainer.
    virtual StateDict momentum() const = 0;
    /// Takes up where another trainer has stopped. @throws FormatError when a tensor is missing or has another shape.
    virtual void setMomentum(const StateDict& momentum) = 0;
};

/// All subnets of a space at once: weights of the largest, and the rules that cut the others out of them (Cai et al.
/// 2020, section 3.2): leading channels, and kernels through learnt transforms.
class Supernet {
public:
    virtual ~Supernet() = default;
    /// In evaluation mode. @throws ValueError for a subnet of another space or images of another form; EngineError.
    virtual Tensor forward(const Subnet& subnet, const Tensor& images) const = 0;
    /// Copies the subnet out. Its logits are the supernet's, bit for bit. @throws ValueError
    virtual std::unique_ptr<StaticNet> extract(const Subnet& subnet) const = 0;
    /// Statistics of batch norm anew, for this subnet: of each layer the mean over all images of the batches' means and
    /// biased variances, each batch normalised by its own on the way (OFA's set_running_statistics). Channels and layers
    /// that the subnet does not use stay. @throws ValueError when there is no image; EngineError.
    virtual void recalibrate(const Subnet& subnet, const NextImages& next) = 0;
    /// Sorts the channels inside every block by importance (L1 norm of the weights that read them), so that leading
    /// slices keep the best; the largest subnet computes the same as before. `expandStage` s says that the expansions
    /// down to the s-th below the largest have been trained: channels outside them stay behind those inside (OFA's
    /// re_organize_middle_weights). @throws ValueError when no stage has so many expansions.
    virtual void sortChannels(int expandStage) = 0;
    /// Under the supernet's keys, in their order; shares memory with the net.
    virtual StateDict weights() const = 0;
    /// Trains this supernet in place; it must outlive the trainer. `teacher` may be null and is changed by training.
    virtual std::unique_ptr<Trainer> trainer(const TrainerOptions& options, std::shared_ptr<StaticNet> teacher) = 0;
};

class Engine {
public:
    virtual ~Engine() = default;
    virtual EngineFacts facts() const = 0;
    /// `weights` as fitToSupernet() returns them; they are copied. @throws FormatError when some are missing or have
    /// another shape; EngineError.
    virtual std::unique_ptr<Supernet> supernet(std::shared_ptr<const Parts> parts, const StateDict& weights, NetPrecision precision) = 0;
    /// Weights under static keys, all there. @throws FormatError naming all that are missing, unknown or mis-shaped.
    virtual std::unique_ptr<StaticNet> staticNet(std::shared_ptr<const Parts> parts, const Subnet& subnet, const StateDict& weights, NetPrecision precision) = 0;
    /// A TorchScript file that FrozenNet::save wrote. @throws IoError, EngineError
    virtual std::unique_ptr<FrozenNet> openFrozen(const std::filesystem::path& path) = 0;
    /// Weights to start training from, under supernet keys: He normal by fan-out for convolutions, identity for kernel
    /// transforms (OFA's `he_fout`). The same seed gives the same weights.
    virtual StateDict initialWeights(const Parts& parts, std::uint64_t seed) = 0;
    /// The loss of logits. `teacherLogits` may be null.
    virtual Loss loss(const Tensor& logits, const std::vector<std::int64_t>& labels, const Tensor* teacherLogits, const LossOptions& options) = 0;

    /// One block, frozen, with initialised weights, on a square map. Its channels-last input is what the layer before
    /// would hand over. @throws EngineError
    virtual std::unique_ptr<TimedRun> timedBlock(const Block& block, int inputSize, int batch) = 0;
    /// A graph that does nothing: what each run costs beside its layers.
    virtual std::unique_ptr<TimedRun> timedNothing() = 0;

    /// Writes the net as ONNX. @throws IoError, EngineError
    virtual void writeOnnx(const StaticNet& net, const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& metadata) = 0;
    /// Checks an ONNX file with the checker of the ONNX library and computes it, node by node, from the file alone.
    /// @throws IoError; FormatError naming what is wrong or which operator is not known here.
    virtual Tensor runOnnx(const std::filesystem::path& path, const Tensor& images) = 0;
};

/// Loads the module on the first call; later calls share it. `setup` holds for the whole process.
/// The module is PARETOSCOPE_ENGINE, or paretoscope_torch.so beside this library or in paretoscope/ below its folder.
/// @throws IoError when there is none or it cannot be loaded; ValueError for a device that is not there.
std::unique_ptr<Engine> openEngine(const EngineSetup& setup);

/// Of the interface above: a module that was built for another one is refused.
inline constexpr int kEngineInterface = 2;

} // namespace paretoscope

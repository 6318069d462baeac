// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module: what openEngine() finds in it.
#include "frozen.h"
#include "initial.h"
#include "loss.h"
#include "onnxrunner.h"
#include "onnxwriter.h"
#include "staticnet.h"
#include "supernet.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <dlfcn.h>
#include <filesystem>
#include <limits>
#include <link.h>
#include <malloc.h>
#include <system_error>
#include <thread>

namespace paretoscope {

namespace {

/// OpenBLAS, MKL and the like put their name into their files; the reference BLAS is 35 times slower (measured on a 1024³
/// product).
bool hasFastBlas()
{
    const auto isFast = [](dl_phdr_info* library, std::size_t, void*) {
        std::error_code error; // Debian's libblas.so.3 is a link to whichever is installed
        const auto file = std::filesystem::canonical(library->dlpi_name, error).string();
        for (const char* name : {"openblas", "mkl", "blis", "atlas", "armpl", "nvpl"})
            if (file.find(name) != std::string::npos)
                return 1;
        return 0;
    };
    return dl_iterate_phdr(isFast, nullptr) != 0;
}

at::Device deviceOf(const std::string& wanted)
{
    const bool cuda = torch::cuda::is_available();
    if (wanted == "cuda" && !cuda)
        throw ValueError({"device", "there is no CUDA device that LibTorch can use", quote(wanted), "cpu, auto"});
    if (wanted != "cuda" && wanted != "cpu" && wanted != "auto")
        throw ValueError({"device", "unknown", quote(wanted), "auto, cpu, cuda"});
    return cuda && wanted != "cpu" ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
}

class TorchEngine final : public Engine {
public:
    explicit TorchEngine(const EngineSetup& setup)
        : m_device(deviceOf(setup.device))
    {
        at::set_num_threads(setup.threads > 0 ? setup.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
        // On a GPU the numbers are to be those of a processor: no TF32, and the same kernels each time.
        at::globalContext().setAllowTF32CuDNN(false);
        at::globalContext().setAllowTF32CuBLAS(false);
        at::globalContext().setDeterministicCuDNN(true);
        at::globalContext().setBenchmarkCuDNN(false);
        // OpenBLAS has threads of its own, which LibTorch does not speak to: on "one thread" it would take all processors.
        if (auto* setBlasThreads = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
            setBlasThreads(at::get_num_threads());
        // Maps of megabytes come and go with every layer. Left to itself the allocator gives them back each time, and the
        // page faults cost more than some layers (measured: 12 s of system time in a profile instead of 1.3 s).
        mallopt(M_MMAP_THRESHOLD, 32 << 20);
        mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    }

    EngineFacts facts() const override
    {
        EngineFacts facts{"LibTorch " TORCH_VERSION, m_device.str(), at::get_num_threads(), {}};
        if (!hasFastBlas())
            facts.warnings.emplace_back("LibTorch runs on the reference BLAS, which is many times slower; install libopenblas0-pthread");
        return facts;
    }

    std::unique_ptr<Supernet> supernet(std::shared_ptr<const Parts> parts, const StateDict& weights, NetPrecision precision) override
    {
        return guarded("loading the supernet", [&]() -> std::unique_ptr<Supernet> {
            auto store = storeOf(weights, supernetKeys(parts->space()), scalarType(precision), m_device, "supernet of " + parts->space().id);
            return std::make_unique<TorchSupernet>(std::move(parts), std::move(store));
        });
    }

    std::unique_ptr<StaticNet> staticNet(std::shared_ptr<const Parts> parts, const Subnet& subnet, const StateDict& weights, NetPrecision precision) override
    {
        return guarded("loading the net", [&]() -> std::unique_ptr<StaticNet> {
            requireSubnet(parts->space(), subnet);
            auto store = storeOf(weights, staticKeys(*parts, subnet), scalarType(precision), m_device, "subnet of " + parts->space().id);
            return std::make_unique<TorchStaticNet>(std::move(parts), subnet, std::move(store));
        });
    }

    std::unique_ptr<FrozenNet> openFrozen(const std::filesystem::path& path) override
    {
        return guarded(path.string(), [&] { return readFrozenNet(path, m_device); });
    }

    StateDict initialWeights(const Parts& parts, std::uint64_t seed) override
    {
        return guarded("initial weights", [&] { return initialWeightsOf(supernetKeys(parts.space()), seed).stateDict(); });
    }

    Loss loss(const Tensor& logits, const std::vector<std::int64_t>& labels, const Tensor* teacherLogits, const LossOptions& options) override
    {
        return guarded("loss", [&] { return lossOf(toTorch(logits), labels, teacherLogits ? toTorch(*teacherLogits) : at::Tensor(), options).values(); });
    }

    std::unique_ptr<TimedRun> timedBlock(const Block& block, int inputSize, int batch) override
    {
        return guarded("a block to be timed", [&] { return timeBlock(block, inputSize, batch, m_device); });
    }

    std::unique_ptr<TimedRun> timedNothing() override
    {
        return guarded("an empty graph", [&] { return timeNothing(m_device); });
    }

    void writeOnnx(const StaticNet& net, const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& metadata) override
    {
        const auto* ours = dynamic_cast<const TorchStaticNet*>(&net);
        if (!ours)
            throw ValueError({"ONNX", "the net is of another engine", {}, {}});
        guarded("writing ONNX", [&] { writeOnnxModel(path, ours->parts(), net.subnet(), net.weights(), metadata); });
    }

    Tensor runOnnx(const std::filesystem::path& path, const Tensor& images) override
    {
        return guarded(path.string(), [&] { return fromTorch(runOnnxModel(path, toTorch(images))); });
    }

private:
    at::Device m_device;
};

} // namespace

} // namespace paretoscope

extern "C" {
__attribute__((visibility("default"))) int paretoscopeEngineInterface() { return paretoscope::kEngineInterface; }
__attribute__((visibility("default"))) paretoscope::Engine* paretoscopeEngine(const paretoscope::EngineSetup& setup) { return new paretoscope::TorchEngine(setup); }
}

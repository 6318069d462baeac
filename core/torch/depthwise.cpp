// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "depthwise.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

namespace paretoscope {

namespace {

constexpr int kLanes = 16; // channels at once
typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));
struct alignas(kLanes * sizeof(float)) Lanes { // where a processor has no such registers, Vector alone is aligned to less
    Vector v;
};

struct Plane {
    int height = 0, width = 0;       // of the padded input
    int outHeight = 0, outWidth = 0; // of the gradient
    int stride = 1;
};

/// Adds the gradient of one image and kLanes channels: sum over all positions of gradient x shifted input.
template<int K> [[gnu::always_inline]] inline void addImage(const Plane& p, const Lanes* x, const Lanes* gradient, Lanes* sum)
{
    for (int ky = 0; ky < K; ++ky) {
        Vector row[K] = {};
        for (int y = 0; y < p.outHeight; ++y) {
            const Lanes* in = x + (y * p.stride + ky) * p.width;
            const Lanes* g = gradient + y * p.outWidth;
            for (int c = 0; c < p.outWidth; ++c, in += p.stride)
                for (int kx = 0; kx < K; ++kx)
                    row[kx] += g[c].v * in[kx].v;
        }
        for (int kx = 0; kx < K; ++kx)
            sum[ky * K + kx].v += row[kx];
    }
}

[[gnu::always_inline]] inline void addImage(int kernel, const Plane& p, const Lanes* x, const Lanes* gradient, Lanes* sum)
{
    if (kernel == 3)
        addImage<3>(p, x, gradient, sum);
    else if (kernel == 5)
        addImage<5>(p, x, gradient, sum);
    else
        addImage<7>(p, x, gradient, sum);
}

using AddImage = void (*)(int, const Plane&, const Lanes*, const Lanes*, Lanes*);

void addImagePortable(int kernel, const Plane& p, const Lanes* x, const Lanes* g, Lanes* sum) { addImage(kernel, p, x, g, sum); }

#ifdef __x86_64__
[[gnu::target("avx2,fma")]] void addImageAvx2(int kernel, const Plane& p, const Lanes* x, const Lanes* g, Lanes* sum) { addImage(kernel, p, x, g, sum); }
[[gnu::target("avx512f")]] void addImageAvx512(int kernel, const Plane& p, const Lanes* x, const Lanes* g, Lanes* sum) { addImage(kernel, p, x, g, sum); }
#endif

AddImage addImageHere()
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f"))
        return addImageAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return addImageAvx2;
#endif
    return addImagePortable;
}

/// Copies `lanes` channels of every pixel; what lies beside them stays.
void gather(const float* from, std::int64_t channels, int lanes, int height, int width, Lanes* to, int rowLength)
{
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x, from += channels)
            std::copy_n(from, lanes, reinterpret_cast<float*>(to + y * rowLength + x));
}

bool ours(const at::Tensor& x, const at::Tensor& weight)
{
    const auto kernel = weight.size(3);
    return x.scalar_type() == at::kFloat && x.device().is_cpu() && (kernel == 3 || kernel == 5 || kernel == 7);
}

class Depthwise : public torch::autograd::Function<Depthwise> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, std::int64_t stride)
    {
        context->save_for_backward({x, weight});
        context->saved_data["stride"] = stride;
        return at::conv2d(x, weight, {}, stride, weight.size(3) / 2, 1, x.size(1));
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1];
        const auto stride = context->saved_data["stride"].toInt(), pad = weight.size(3) / 2;
        const auto g = gradients[0].contiguous(x.suggest_memory_format());
        const auto ofInput = std::get<0>(at::convolution_backward(g, x, weight, c10::nullopt, {stride, stride}, {pad, pad}, {1, 1}, false, {0, 0}, x.size(1), {true, false, false}));
        return {ofInput, depthwiseWeightGradient(x, g, static_cast<int>(weight.size(3)), static_cast<int>(stride)), {}};
    }
};

} // namespace

at::Tensor depthwiseConvolution(const at::Tensor& x, const at::Tensor& weight, int stride)
{
    return ours(x, weight) ? Depthwise::apply(x, weight, stride) : at::conv2d(x, weight, {}, stride, weight.size(3) / 2, 1, x.size(1));
}

at::Tensor depthwiseWeightGradient(const at::Tensor& x, const at::Tensor& gradient, int kernel, int stride)
{
    const auto images = x.size(0), channels = x.size(1);
    const auto in = x.contiguous(at::MemoryFormat::ChannelsLast), out = gradient.contiguous(at::MemoryFormat::ChannelsLast);
    const int height = static_cast<int>(x.size(2)), width = static_cast<int>(x.size(3)), pad = kernel / 2;
    const Plane plane{height + 2 * pad, width + 2 * pad, static_cast<int>(gradient.size(2)), static_cast<int>(gradient.size(3)), stride};
    const auto blocks = (channels + kLanes - 1) / kLanes;
    const auto taps = static_cast<std::size_t>(kernel * kernel);
    const auto add = addImageHere();
    const float *inData = in.data_ptr<float>(), *outData = out.data_ptr<float>();

    // One block of channels belongs to one thread: the order of the sums does not depend on who is free.
    auto result = at::empty({channels, 1, kernel, kernel}, x.options().memory_format(at::MemoryFormat::Contiguous));
    auto* to = result.data_ptr<float>();
    at::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
        std::vector<Lanes> padded(static_cast<std::size_t>(plane.height) * static_cast<std::size_t>(plane.width));
        std::vector<Lanes> g(static_cast<std::size_t>(plane.outHeight) * static_cast<std::size_t>(plane.outWidth));
        std::vector<Lanes> sum(taps);
        for (auto b = begin; b < end; ++b) {
            const auto first = b * kLanes;
            const int lanes = static_cast<int>(std::min<std::int64_t>(kLanes, channels - first));
            std::fill(sum.begin(), sum.end(), Lanes{});
            for (std::int64_t n = 0; n < images; ++n) {
                gather(inData + n * height * width * channels + first, channels, lanes, height, width, padded.data() + pad * plane.width + pad, plane.width);
                gather(outData + n * plane.outHeight * plane.outWidth * channels + first, channels, lanes, plane.outHeight, plane.outWidth, g.data(), plane.outWidth);
                add(kernel, plane, padded.data(), g.data(), sum.data());
            }
            for (int lane = 0; lane < lanes; ++lane)
                for (std::size_t t = 0; t < taps; ++t)
                    to[(static_cast<std::size_t>(first) + static_cast<std::size_t>(lane)) * taps + t] = sum[t].v[lane];
        }
    });
    return result;
}

} // namespace paretoscope

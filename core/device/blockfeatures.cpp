// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/blockfeatures.h"

#include <algorithm>
#include <array>

namespace paretoscope {

namespace {

constexpr double kMillion = 1e6;
constexpr double kBytes = 4; // float32
constexpr double kMegabyte = 1024 * 1024;
constexpr std::array kThresholdsMb{0.25, 0.5, 1.0, 2.0, 4.0};
// A matrix product works on so many pixels at once; how many depends on the library and the processor.
constexpr int kGemmPixels = 8, kWideGemmPixels = 16;
constexpr int kTile = 8; // a depthwise kernel of a GPU works on squares of so many pixels a side

enum Feature : std::size_t {
    DenseMacs, ExpandMacs, ProjectMacs,
    Depthwise3s1, Depthwise3s2, Depthwise5s1, Depthwise5s2, Depthwise7s1, Depthwise7s2,
    DepthwisePadding, DepthwiseRows3, DepthwiseRows5, DepthwiseRows7, DepthwiseTiles, GemmWaste, WideGemmWaste, OddMap,
    DenseElements, ExpandIn, ExpandOut, DepthwiseOut, ProjectOut,
    HSwishElements, SeElements, ShortcutElements, PoolElements,
    PointwiseWeights, SeWeights, MixWeights, ClassifierWeights,
    DenseOps, PointwiseOps, DepthwiseOps, DepthwiseChannels, SeOps, HSwishOps,
    DepthwiseCache, // one a threshold, as are the next
    ExpandCache = DepthwiseCache + kThresholdsMb.size(),
    ProjectCache = ExpandCache + kThresholdsMb.size(),
    FeatureCount = ProjectCache + kThresholdsMb.size()
};

std::vector<BlockFeature> makeFeatures()
{
    using enum FeatureClass;
    return {
        {"denseMacs", "M MACs", Work, "MACs of convolutions that are neither 1x1 nor depthwise"},
        {"expandMacs", "M MACs", Work, "MACs of 1x1 convolutions that widen: into a depthwise convolution and before the pool"},
        {"projectMacs", "M MACs", Work, "MACs of 1x1 convolutions behind a depthwise one"},
        {"depthwise3Stride1Macs", "M MACs", Work, "MACs of 3x3 depthwise convolutions on the map, not on its padding"},
        {"depthwise3Stride2Macs", "M MACs", Work, "the same with stride 2"},
        {"depthwise5Stride1Macs", "M MACs", Work, "MACs of 5x5 depthwise convolutions"},
        {"depthwise5Stride2Macs", "M MACs", Work, "the same with stride 2"},
        {"depthwise7Stride1Macs", "M MACs", Work, "MACs of 7x7 depthwise convolutions"},
        {"depthwise7Stride2Macs", "M MACs", Work, "the same with stride 2"},
        {"depthwisePaddingMacs", "M MACs", Work, "MACs of depthwise convolutions on padding"},
        {"depthwise3Rows", "M rows", Work, "rows that a 3x3 depthwise convolution begins: channels × output rows × kernel rows"},
        {"depthwise5Rows", "M rows", Work, "the same of 5x5"},
        {"depthwise7Rows", "M rows", Work, "the same of 7x7"},
        {"depthwiseTiles", "M elements", Work, "outputs of depthwise convolutions with both sides rounded up to 8"},
        {"gemmWaste", "M MACs", Work, "MACs of 1x1 convolutions on pixels that round their number up to 8"},
        {"wideGemmWaste", "M MACs", Work, "the same, up to 16"},
        {"oddMap", "M elements", Work, "outputs of depthwise convolutions on maps with an odd side"},
        {"denseElements", "M elements", Work, "outputs of convolutions that are neither 1x1 nor depthwise"},
        {"expandIn", "M elements", Work, "inputs of 1x1 convolutions that widen"},
        {"expandOut", "M elements", Work, "their outputs, which a depthwise convolution reads"},
        {"depthwiseOut", "M elements", Work, "outputs of depthwise convolutions, which the projection reads"},
        {"projectOut", "M elements", Work, "outputs of 1x1 convolutions behind a depthwise one"},
        {"hSwishElements", "M elements", Work, "elements that pass an h-swish"},
        {"squeezeExciteElements", "M elements", Work, "elements that a squeeze-and-excite pools and scales"},
        {"shortcutElements", "M elements", Work, "elements that a shortcut adds"},
        {"poolElements", "M elements", Work, "elements that the pool before the classifier reads"},
        {"pointwiseWeights", "M weights", Weights, "weights of 1x1 convolutions on maps"},
        {"squeezeExciteWeights", "M weights", Weights, "weights of squeeze-and-excites"},
        {"mixWeights", "M weights", Weights, "weights of the 1x1 convolution behind the pool"},
        {"classifierWeights", "M weights", Weights, "weights of the classifier"},
        {"denseOps", "operators", Launch, "convolutions that are neither 1x1 nor depthwise: one a net, so this is the constant of a net"},
        {"pointwiseOps", "operators", Launch, "1x1 convolutions on maps"},
        {"depthwiseOps", "operators", Launch, "depthwise convolutions"},
        {"depthwiseChannels", "thousand channels", Launch, "channels of depthwise convolutions"},
        {"squeezeExciteOps", "operators", Launch, "squeeze-and-excites"},
        {"hSwishOps", "operators", Launch, "h-swish activations on maps"},
        {"depthwiseBeyond0.25MB", "MB", Work, "input and output of a depthwise convolution beyond 0.25 MB"},
        {"depthwiseBeyond0.5MB", "MB", Work, "the same beyond 0.5 MB"},
        {"depthwiseBeyond1MB", "MB", Work, "the same beyond 1 MB"},
        {"depthwiseBeyond2MB", "MB", Work, "the same beyond 2 MB"},
        {"depthwiseBeyond4MB", "MB", Work, "the same beyond 4 MB"},
        {"expandBeyond0.25MB", "MB", Work, "input, output and weights of a 1x1 convolution that widens beyond 0.25 MB"},
        {"expandBeyond0.5MB", "MB", Work, "the same beyond 0.5 MB"},
        {"expandBeyond1MB", "MB", Work, "the same beyond 1 MB"},
        {"expandBeyond2MB", "MB", Work, "the same beyond 2 MB"},
        {"expandBeyond4MB", "MB", Work, "the same beyond 4 MB"},
        {"projectBeyond0.25MB", "MB", Work, "input, output and weights of a 1x1 convolution behind a depthwise one beyond 0.25 MB"},
        {"projectBeyond0.5MB", "MB", Work, "the same beyond 0.5 MB"},
        {"projectBeyond1MB", "MB", Work, "the same beyond 1 MB"},
        {"projectBeyond2MB", "MB", Work, "the same beyond 2 MB"},
        {"projectBeyond4MB", "MB", Work, "the same beyond 4 MB"},
    };
}

std::size_t kernelClass(int kernel) { return kernel <= 3 ? 0 : kernel <= 5 ? 1 : 2; }

/// Taps of the kernel that lie on the map and not on its padding, over the positions of one row.
double tapsInside(int size, const Convolution& c)
{
    int taps = 0;
    for (int at = 0; at < size; at += c.stride)
        taps += std::min(size - 1, at + c.kernel / 2) - std::max(0, at - c.kernel / 2) + 1;
    return taps;
}

class Collector {
public:
    Collector(int batch, std::span<double> into)
        : m_batch(batch)
        , m_into(into)
    {
    }
    void work(std::size_t feature, double amount) { m_into[feature] += m_batch * amount / kMillion; }
    void once(std::size_t feature, double amount) { m_into[feature] += amount / kMillion; }
    void count(std::size_t feature, double amount = 1) { m_into[feature] += amount; }
    void beyond(std::size_t first, double elementsOfImage, double elementsOfBatch)
    {
        const double mb = kBytes * (m_batch * elementsOfImage + elementsOfBatch) / kMegabyte;
        for (std::size_t i = 0; i < kThresholdsMb.size(); ++i)
            m_into[first + i] += std::max(0.0, mb - kThresholdsMb[i]);
    }
    /// Pixels of all images, rounded up to whole steps of a matrix product, less what there is.
    double wastedPixels(double pixelsOfImage, int step) const
    {
        const auto pixels = static_cast<long long>(pixelsOfImage * m_batch);
        return static_cast<double>((pixels + step - 1) / step * step - pixels);
    }

private:
    double m_batch;
    std::span<double> m_into;
};

} // namespace

const std::vector<BlockFeature>& blockFeatures()
{
    static const auto features = makeFeatures();
    return features;
}

std::size_t blockFeatureIndex(std::string_view name)
{
    const auto& all = blockFeatures();
    return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == name; }) - all.begin());
}

bool hasFeatures(const SearchSpace& space) { return !space.isResNet(); }

void addBlockFeatures(const Block& b, int inputSize, int batch, std::span<double> into)
{
    static_assert(FeatureCount == 51);
    Collector f(batch, into);
    if (b.type == BlockType::GlobalPool) {
        f.work(PoolElements, 1.0 * b.in * inputSize * inputSize);
        return;
    }
    if (b.type == BlockType::Linear) {
        f.once(ClassifierWeights, 1.0 * b.in * b.out);
        return;
    }
    if (b.type == BlockType::Convolution && inputSize == 1) { // behind the pool: no constant, one width says nothing of it
        f.once(MixWeights, 1.0 * b.in * b.out);
        return;
    }
    int size = inputSize;
    bool projects = false; // behind the depthwise convolution
    for (const auto& c : b.convolutions) {
        const int before = size;
        size = strided(size, c.stride);
        const double pixels = 1.0 * size * size, in = c.in, out = c.out;
        if (c.groups > 1) {
            const double row = tapsInside(before, c), inside = out * row * row;
            f.work(Depthwise3s1 + 2 * kernelClass(c.kernel) + (c.stride > 1 ? 1 : 0), inside);
            f.work(DepthwisePadding, out * c.kernel * c.kernel * pixels - inside);
            f.work(DepthwiseRows3 + kernelClass(c.kernel), out * size * c.kernel);
            const int tiled = (size + kTile - 1) / kTile * kTile;
            f.work(DepthwiseTiles, out * tiled * tiled);
            f.work(DepthwiseOut, out * pixels);
            if (size % 2)
                f.work(OddMap, out * pixels);
            f.count(DepthwiseOps);
            f.count(DepthwiseChannels, out / 1e3);
            f.beyond(DepthwiseCache, 1.0 * in * before * before + out * pixels, 0);
            projects = true;
        } else if (c.kernel == 1) {
            f.work(projects ? ProjectMacs : ExpandMacs, in * out * pixels);
            if (projects) {
                f.work(ProjectOut, out * pixels);
            } else {
                f.work(ExpandIn, in * pixels);
                f.work(ExpandOut, out * pixels);
            }
            f.once(GemmWaste, in * out * f.wastedPixels(pixels, kGemmPixels));
            f.once(WideGemmWaste, in * out * f.wastedPixels(pixels, kWideGemmPixels));
            f.once(PointwiseWeights, in * out);
            f.count(PointwiseOps);
            f.beyond(projects ? ProjectCache : ExpandCache, 1.0 * in * before * before + out * pixels, in * out);
        } else {
            f.work(DenseMacs, in * out * c.kernel * c.kernel * pixels);
            f.work(DenseElements, out * pixels);
            f.count(DenseOps);
        }
        if (c.activation == Activation::HSwish) {
            f.work(HSwishElements, out * pixels);
            f.count(HSwishOps);
        }
        if (c.groups > 1 && b.squeezeExcite) {
            f.work(SeElements, out * pixels);
            f.once(SeWeights, 2.0 * b.squeezeExcite->channels * b.squeezeExcite->mid);
            f.count(SeOps);
        }
    }
    if (b.shortcut != Shortcut::None)
        f.work(ShortcutElements, 1.0 * b.out * size * size);
}

std::vector<double> featuresOf(const Block& block, int inputSize, int batch)
{
    std::vector<double> values(blockFeatures().size(), 0.0);
    addBlockFeatures(block, inputSize, batch, values);
    return values;
}

} // namespace paretoscope

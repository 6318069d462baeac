// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transform.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

int below(Random& random, int n) { return static_cast<int>(random.below(static_cast<std::uint64_t>(n))); }

double between(Random& random, double low, double high) { return low + (high - low) * random.uniform(); }

/// Pillow's blend of two samples, `from` at 0 and `to` at 1: in float32, cut off and not rounded.
std::uint8_t blend(int from, int to, float factor)
{
    const float value = static_cast<float>(from) + factor * static_cast<float>(to - from);
    return value <= 0 ? std::uint8_t{0} : value >= 255 ? std::uint8_t{255} : static_cast<std::uint8_t>(value);
}

void mirror(Image& image)
{
    const auto w = at(image.width);
    for (auto row = image.pixels.begin(); row != image.pixels.end(); row += image.width)
        std::reverse(row, row + static_cast<std::ptrdiff_t>(w));
}

} // namespace

void brighten(Image& image, float factor)
{
    for (auto& v : image.pixels)
        v = blend(0, v, factor);
}

void saturate(Image& image, float factor)
{
    const auto n = image.planeSize();
    auto *r = image.plane(0), *g = image.plane(1), *b = image.plane(2);
    for (std::size_t i = 0; i < n; ++i) {
        const int grey = luma(r[i], g[i], b[i]);
        r[i] = blend(grey, r[i], factor);
        g[i] = blend(grey, g[i], factor);
        b[i] = blend(grey, b[i], factor);
    }
}

Augmentation Augmentation::published()
{
    Augmentation a;
    a.crop = Crop::Resized;
    a.flip = 0.5;
    a.brightness = 32.0 / 255;
    a.saturation = 0.5;
    return a;
}

Augmentation Augmentation::smallGrey()
{
    Augmentation a;
    a.crop = Crop::Shift;
    a.pad = 2;
    a.flip = 0.5;
    a.cutout = 8;
    return a;
}

Preprocessing Preprocessing::imageNet() { return {3, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}, 0.875}; }

void Preprocessing::check() const
{
    const auto fail = [](const char* problem, const std::string& found, const std::string& allowed) { throw ValueError({{}, problem, found, allowed}); };
    if (channels != 1 && channels != 3)
        fail("images of so many channels cannot be made", fmt::format("{}", channels), "1 or 3");
    if (mean.size() != at(channels) || deviation.size() != at(channels))
        fail("wrong number of means or deviations", fmt::format("{} and {}", mean.size(), deviation.size()), fmt::format("{} each", channels));
    for (const double m : mean)
        if (!(m >= 0 && m <= 1))
            fail("a mean is out of range", fmt::format("{}", m), "0 to 1");
    for (const double d : deviation)
        if (!(d > 0 && d <= 1))
            fail("a deviation is out of range", fmt::format("{}", d), "more than 0, up to 1");
    if (evaluationCrop != 0 && !(evaluationCrop >= 0.1 && evaluationCrop <= 1))
        fail("the share of the evaluation crop is out of range", fmt::format("{}", evaluationCrop), "0, or 0.1 to 1");
}

std::uint64_t drawSeed(std::uint64_t seed, std::uint64_t epoch, std::uint64_t image)
{
    constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15u;
    return mix64(mix64(mix64(seed + kStep) + epoch + kStep) + image + kStep);
}

Rectangle drawResizedCrop(const Augmentation& a, int width, int height, Random& random)
{
    constexpr int kTries = 10;
    const double area = static_cast<double>(width) * height;
    const double logLow = std::log(a.minAspect), logHigh = std::log(a.maxAspect);
    for (int i = 0; i < kTries; ++i) {
        const double part = area * between(random, a.minArea, a.maxArea);
        const double aspect = std::exp(between(random, logLow, logHigh));
        const int w = static_cast<int>(std::nearbyint(std::sqrt(part * aspect)));
        const int h = static_cast<int>(std::nearbyint(std::sqrt(part / aspect)));
        if (w > 0 && w <= width && h > 0 && h <= height) {
            const int y = below(random, height - h + 1);
            return {below(random, width - w + 1), y, w, h};
        }
    }
    // The largest part in the middle whose aspect ratio is allowed.
    const double aspect = static_cast<double>(width) / height;
    int w = width, h = height;
    if (aspect < a.minAspect)
        h = static_cast<int>(std::nearbyint(w / a.minAspect));
    else if (aspect > a.maxAspect)
        w = static_cast<int>(std::nearbyint(h * a.maxAspect));
    w = std::clamp(w, 1, width);
    h = std::clamp(h, 1, height);
    return {(width - w) / 2, (height - h) / 2, w, h};
}

ImageTransform::ImageTransform(Preprocessing preprocessing, std::optional<Augmentation> augmentation)
    : m_preprocessing(std::move(preprocessing))
    , m_augmentation(augmentation)
{
    m_preprocessing.check();
    if (m_augmentation) {
        constexpr int kMostPixels = 4096;
        const auto& a = *m_augmentation;
        const bool good = a.minArea > 0 && a.minArea <= a.maxArea && a.maxArea <= 1 && a.minAspect > 0 && a.minAspect <= a.maxAspect
            && a.pad >= 0 && a.pad <= kMostPixels && a.flip >= 0 && a.flip <= 1 && a.brightness >= 0 && a.brightness <= 100
            && a.saturation >= 0 && a.saturation <= 100 && a.cutout >= 0 && a.cutout <= kMostPixels;
        if (!good)
            throw ValueError({{}, "the augmentation cannot be drawn", {}, "areas and aspects above 0 that ascend, areas and probabilities up to 1, spreads up to 100, 0 to 4096 pixels"});
    }
    for (std::size_t c = 0; c < m_preprocessing.mean.size(); ++c) {
        // In float32 and in this order, as torchvision's ToTensor and Normalize.
        const auto mean = static_cast<float>(m_preprocessing.mean[c]), deviation = static_cast<float>(m_preprocessing.deviation[c]);
        auto& table = m_normalised.emplace_back();
        for (std::size_t v = 0; v < table.size(); ++v)
            table[v] = (static_cast<float>(v) / 255.f - mean) / deviation;
        m_meanSample.push_back(static_cast<std::uint8_t>(std::lround(255 * m_preprocessing.mean[c])));
    }
}

void ImageTransform::evaluate(const ImageView& in, int r)
{
    if (m_preprocessing.evaluationCrop == 0) {
        m_resizer.resize(in, {0, 0, in.width, in.height}, r, r, {0, 0, r, r}, m_out);
        return;
    }
    const int side = static_cast<int>(std::ceil(r / m_preprocessing.evaluationCrop));
    const bool wide = in.width >= in.height;
    const auto scaled = [&](std::int64_t length, std::int64_t shorter) {
        constexpr std::int64_t kMostSide = 65500;
        if (side * length / shorter > kMostSide)
            throw ValueError({{}, "the image is too narrow to be resized by its shorter side", fmt::format("{} x {} pixels", in.width, in.height),
                fmt::format("at most {} pixels for {} of the shorter side", kMostSide, side)});
        return static_cast<int>(side * length / shorter);
    };
    const int width = wide ? scaled(in.width, in.height) : side, height = wide ? side : scaled(in.height, in.width);
    const auto middle = [&](int length) { return static_cast<int>(std::nearbyint((length - r) / 2.0)); };
    m_resizer.resize(in, {0, 0, in.width, in.height}, width, height, {middle(width), middle(height), r, r}, m_out);
}

void ImageTransform::jitter(Random& random)
{
    const auto factor = [&](double spread) { return static_cast<float>(between(random, std::max(0.0, 1 - spread), 1 + spread)); };
    const float brightness = factor(m_augmentation->brightness), saturation = factor(m_augmentation->saturation);
    const bool brightnessFirst = random.below(2) == 0;
    const bool coloured = m_augmentation->saturation > 0 && m_out.channels == 3;
    if (coloured && !brightnessFirst)
        saturate(m_out, saturation);
    if (m_augmentation->brightness > 0)
        brighten(m_out, brightness);
    if (coloured && brightnessFirst)
        saturate(m_out, saturation);
}

void ImageTransform::train(const ImageView& in, int r, Random& random)
{
    const auto& a = *m_augmentation;
    ImageView image = in;
    Rectangle part{0, 0, in.width, in.height};
    if (a.crop == Augmentation::Crop::Resized)
        part = drawResizedCrop(a, in.width, in.height, random);
    const int dx = a.crop == Augmentation::Crop::Shift ? below(random, 2 * a.pad + 1) - a.pad : 0;
    const int dy = a.crop == Augmentation::Crop::Shift ? below(random, 2 * a.pad + 1) - a.pad : 0;
    const bool flip = random.uniform() < a.flip;
    if (dx != 0 || dy != 0 || a.cutout > 0) {
        m_shifted.channels = in.channels;
        m_shifted.height = in.height;
        m_shifted.width = in.width;
        m_shifted.pixels.assign(at(in.channels) * in.planeSize(), 0);
        const int left = std::clamp(dx, 0, in.width), right = std::clamp(in.width + dx, 0, in.width); // columns that stay covered
        for (int c = 0; c < in.channels && left < right; ++c)
            for (int y = std::max(0, dy); y < std::min(in.height, in.height + dy); ++y)
                std::copy_n(in.plane(c) + at(y - dy) * at(in.width) + (left - dx), right - left, m_shifted.plane(c) + at(y) * at(in.width) + left);
        if (a.cutout > 0) {
            // The centre lies anywhere in the image, so that the square may hang over its edge (DeVries and Taylor 2017).
            const int x = below(random, in.width) - a.cutout / 2, y = below(random, in.height) - a.cutout / 2;
            const int x0 = std::max(0, x), x1 = std::min(in.width, x + a.cutout);
            for (int c = 0; c < in.channels; ++c)
                for (int row = std::max(0, y); row < std::min(in.height, y + a.cutout); ++row)
                    std::fill_n(m_shifted.plane(c) + at(row) * at(in.width) + x0, x1 - x0, m_meanSample[at(c)]);
        }
        image = m_shifted.view();
    }
    m_resizer.resize(image, part, r, r, {0, 0, r, r}, m_out);
    if (flip)
        mirror(m_out);
    jitter(random);
}

const Image& ImageTransform::pixels(const ImageView& image, int resolution, std::uint64_t seed)
{
    if (resolution < 1 || resolution > 4096)
        throw ValueError({{}, "the resolution is out of range", fmt::format("{}", resolution), "1 to 4096"});
    ImageView in = image;
    if (in.channels != m_preprocessing.channels) {
        m_converted = withChannels(copyOf(in), m_preprocessing.channels);
        in = m_converted.view();
    }
    if (!m_augmentation) {
        evaluate(in, resolution);
        return m_out;
    }
    Random random(seed);
    train(in, resolution, random);
    return m_out;
}

void ImageTransform::apply(const ImageView& image, int resolution, std::uint64_t seed, float* out)
{
    const auto& result = pixels(image, resolution, seed);
    const auto n = result.planeSize();
    for (int c = 0; c < result.channels; ++c) {
        const auto& table = m_normalised[at(c)];
        const auto* plane = result.pixels.data() + at(c) * n;
        for (std::size_t i = 0; i < n; ++i)
            *out++ = table[plane[i]];
    }
}

} // namespace paretoscope

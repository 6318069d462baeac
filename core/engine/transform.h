// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the pixels of a file to what a net is fed: the published transforms of ImageNet training, and those for small
// grey images.
#pragma once

#include "base/random.h"
#include "engine/image.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace paretoscope {

struct Rectangle {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const Rectangle&) const = default;
};

/// Bilinear with antialias, bit for bit as Pillow's `Image.resize(size, BILINEAR)`: a triangle filter whose support
/// grows with the scale when the image shrinks, weights of 22 bits, first along rows and then along columns with samples
/// rounded to 8 bits between. A pass whose size does not change is left out.
class Resizer {
public:
    /// The part `from` of `in` as `width` × `height`, of which only `window` is computed and left in `out`.
    void resize(const ImageView& in, const Rectangle& from, int width, int height, const Rectangle& window, Image& out);
    Image resized(const ImageView& in, int width, int height);

private:
    struct Weights { // of one direction; kept, because small images are all resized alike
        int in = 0;
        int out = 0;
        int taps = 0;                 // places for weights, an output sample
        std::vector<int> first;       // input sample of the first weight
        std::vector<int> count;       // how many follow it
        std::vector<std::int32_t> weights;
    };
    static void prepare(Weights& w, int in, int out);

    Weights m_horizontal, m_vertical;
    std::vector<std::uint8_t> m_rows; // between the passes
    std::vector<std::int32_t> m_sums; // of one row of the result
};

/// How training images are varied. Everything is drawn anew for every image and epoch.
struct Augmentation {
    enum class Crop {
        None,
        Resized, // a part of drawn area and aspect ratio, resized to the resolution (torchvision's RandomResizedCrop)
        Shift,   // moved by up to `pad` pixels at its own size, black behind it, and then resized
    };
    Crop crop = Crop::None;
    double minArea = 0.08, maxArea = 1;                // Resized: share of the image
    double minAspect = 3.0 / 4, maxAspect = 4.0 / 3;   // Resized: width over height, uniform in its logarithm
    int pad = 0;                                       // Shift: pixels of the image as it is in the file
    double flip = 0;                                   // probability of a horizontal mirror image
    double brightness = 0;                             // factor uniform in [1 - b, 1 + b], not below 0
    double saturation = 0;                             // likewise; nothing to do for grey images
    int cutout = 0;                                    // side of the square that is covered with the mean, pixels as in the file
    bool operator==(const Augmentation&) const = default;

    /// OFA's training on ImageNet: resized crop, flip, brightness 32/255 and saturation 0.5 in drawn order.
    static Augmentation published();
    /// For 28 x 28 grey images: shift by 2, flip, cut-out of 8.
    static Augmentation smallGrey();
};

/// What training and evaluation share.
struct Preprocessing {
    int channels = 3;                  // 1 or 3; images are converted
    std::vector<double> mean;          // a channel, of values in [0, 1]
    std::vector<double> deviation;
    /// Evaluation: the shorter side to ceil(R / this), then the R × R in the middle. 0: straight to R × R.
    double evaluationCrop = 0;
    bool operator==(const Preprocessing&) const = default;

    static Preprocessing imageNet(); // 0.485, 0.456, 0.406; 0.229, 0.224, 0.225; crop 0.875
    /// @throws ValueError
    void check() const;
};

/// As Pillow's ImageEnhance.Brightness and .Color: a blend with black, or with the image in grey.
void brighten(Image& image, float factor);
void saturate(Image& image, float factor); // three channels

/// The seed of all draws for one image in one epoch: who works on it, and when, makes no difference.
std::uint64_t drawSeed(std::uint64_t seed, std::uint64_t epoch, std::uint64_t image);

/// Where torchvision's RandomResizedCrop would crop, drawn with our generator: ten tries, then the middle.
Rectangle drawResizedCrop(const Augmentation& a, int width, int height, Random& random);

/// Makes the input of a net. Keeps buffers between images, so one thread, one object.
class ImageTransform {
public:
    /// Without augmentation: the transform of evaluation. @throws ValueError when the preprocessing is wrong.
    ImageTransform(Preprocessing preprocessing, std::optional<Augmentation> augmentation);
    /// Writes channels × resolution × resolution values: (sample / 255 - mean) / deviation.
    void apply(const ImageView& image, int resolution, std::uint64_t seed, float* out);
    /// The same before normalisation.
    const Image& pixels(const ImageView& image, int resolution, std::uint64_t seed);
    const Preprocessing& preprocessing() const { return m_preprocessing; }

private:
    void train(const ImageView& in, int resolution, Random& random);
    void evaluate(const ImageView& in, int resolution);
    void jitter(Random& random);

    Preprocessing m_preprocessing;
    std::optional<Augmentation> m_augmentation;
    std::vector<std::array<float, 256>> m_normalised; // by channel and sample
    std::vector<std::uint8_t> m_meanSample;           // what a cut-out is filled with
    Resizer m_resizer;
    Image m_converted, m_shifted, m_out;
};

} // namespace paretoscope

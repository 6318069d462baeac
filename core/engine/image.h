// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images of 8 bits a sample, plane after plane, and the readers that make them out of PNG, JPEG and PNM files.
#pragma once

#include "base/file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// Somebody else's pixels: `channels` planes of `height` rows of `width` samples, nothing between them.
struct ImageView {
    int channels = 0;
    int height = 0;
    int width = 0;
    const std::uint8_t* pixels = nullptr;
    std::size_t planeSize() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
    const std::uint8_t* plane(int channel) const { return pixels + static_cast<std::size_t>(channel) * planeSize(); }
};

struct Image {
    int channels = 0; // 1: grey, 3: red, green, blue
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> pixels; // channels × height × width

    Image() = default;
    Image(int c, int h, int w)
        : channels(c)
        , height(h)
        , width(w)
        , pixels(static_cast<std::size_t>(c) * static_cast<std::size_t>(h) * static_cast<std::size_t>(w))
    {
    }
    ImageView view() const { return {channels, height, width, pixels.data()}; }
    std::size_t planeSize() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
    std::uint8_t* plane(int channel) { return pixels.data() + static_cast<std::size_t>(channel) * planeSize(); }
    bool operator==(const Image&) const = default;
};

/// A copy of the pixels.
Image copyOf(const ImageView& view);

/// What a file may declare. Beyond it nothing is decoded and no memory is taken.
struct ImageLimits {
    int side = 65500; // pixels, what JPEG can
    std::uint64_t pixels = 100'000'000;
    int scans = 100; // of a progressive JPEG: each passes over the whole image
};

/// Decodes a PNG, JPEG or binary or plain PGM/PPM, told apart by their first bytes. Grey stays one channel, everything
/// else becomes three: palettes are looked up, 16 bits scaled to 8, transparency dropped, CMYK turned to RGB as Pillow
/// does; colour profiles and EXIF orientation are left alone, as torchvision leaves them.
/// @throws FormatError with `where`: unknown, cut, damaged, or larger than the limits.
Image decodeImage(ByteView bytes, const std::string& where, const ImageLimits& limits = {});

/// The same of a file. @throws IoError, FormatError
Image readImage(const std::filesystem::path& path, const ImageLimits& limits = {});

/// Grey of a colour by ITU-R BT.601 in 16-bit fixed point, as Pillow's mode "L".
constexpr std::uint8_t luma(unsigned r, unsigned g, unsigned b)
{
    // 0.299, 0.587 and 0.114 times 2^16, rounded so that they add up.
    return static_cast<std::uint8_t>((19595u * r + 38470u * g + 7471u * b + 0x8000u) >> 16);
}

/// Grey to three equal channels; colour to grey by luma().
/// @throws ValueError for anything but 1 and 3.
Image withChannels(Image image, int channels);

} // namespace paretoscope

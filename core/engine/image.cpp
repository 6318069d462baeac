// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/image.h"

#include "base/error.h"
#include "engine/imagecodecs.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

Image checkedImage(int channels, std::uint64_t height, std::uint64_t width, const std::string& where, const ImageLimits& limits)
{
    const auto side = static_cast<std::uint64_t>(limits.side);
    if (height < 1 || width < 1 || height > side || width > side || height * width > limits.pixels)
        throw FormatError({where, "the image has a size that is not allowed", fmt::format("{} x {} pixels", width, height),
            fmt::format("1 to {} a side, at most {} together", limits.side, limits.pixels)});
    return {channels, static_cast<int>(height), static_cast<int>(width)};
}

Image decodeImage(ByteView bytes, const std::string& where, const ImageLimits& limits)
{
    const auto text = asText(bytes.first(std::min<std::size_t>(bytes.size(), 8)));
    if (text.starts_with("\x89PNG"))
        return decodePng(bytes, where, limits);
    if (text.starts_with("\xFF\xD8"))
        return decodeJpeg(bytes, where, limits);
    if (text.size() > 1 && text[0] == 'P' && text[1] >= '1' && text[1] <= '7')
        return decodePnm(bytes, where, limits);
    throw FormatError({where, "is no image that is known", bytes.empty() ? "nothing" : quote(text), "PNG, JPEG, PGM or PPM"});
}

Image readImage(const std::filesystem::path& path, const ImageLimits& limits)
{
    // Read, not mapped: a photo collection is rewritten in place often enough, and a mapped file that shrinks faults.
    constexpr std::size_t kMostBytes = 1u << 30;
    return decodeImage(readFile(path, kMostBytes), path.string(), limits);
}

Image copyOf(const ImageView& view)
{
    Image image(view.channels, view.height, view.width);
    std::copy_n(view.pixels, image.pixels.size(), image.pixels.begin());
    return image;
}

Image withChannels(Image image, int channels)
{
    if (image.channels == channels)
        return image;
    if ((channels != 1 && channels != 3) || (image.channels != 1 && image.channels != 3))
        throw ValueError({{}, "images of so many channels cannot be made", fmt::format("{} from {}", channels, image.channels), "1 or 3"});
    const auto n = image.planeSize();
    if (channels == 3) {
        image.pixels.resize(3 * n);
        std::copy_n(image.plane(0), n, image.plane(1));
        std::copy_n(image.plane(0), n, image.plane(2));
    } else {
        const auto *r = image.plane(0), *g = image.plane(1), *b = image.plane(2);
        for (std::size_t i = 0; i < n; ++i)
            image.pixels[i] = luma(r[i], g[i], b[i]);
        image.pixels.resize(n);
    }
    image.channels = channels;
    return image;
}

} // namespace paretoscope

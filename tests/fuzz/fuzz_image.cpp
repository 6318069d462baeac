// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PNG, JPEG and PNM images. What is decoded keeps to the limits and can be made the input of a net.
#include "base/error.h"
#include "engine/transform.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // Small limits: time goes to the formats and not to filling memory.
    constexpr ImageLimits kLimits{2048, 1u << 18, 20};
    try {
        const auto image = decodeImage(std::as_bytes(std::span(data, size)), "f", kLimits);
        if ((image.channels != 1 && image.channels != 3) || image.planeSize() == 0 || image.planeSize() > kLimits.pixels
            || image.pixels.size() != static_cast<std::size_t>(image.channels) * image.planeSize())
            std::abort();
        ImageTransform evaluate(Preprocessing::imageNet(), {}), train(Preprocessing::imageNet(), Augmentation::published());
        float out[3 * 8 * 8];
        train.apply(image.view(), 8, size, out);
        evaluate.apply(image.view(), 8, 0, out);
    } catch (const Error&) {
    }
    return 0;
}

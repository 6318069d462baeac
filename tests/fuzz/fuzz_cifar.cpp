// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records of CIFAR. Every label that is read has a class, every image its pixels.
#include "base/error.h"
#include "engine/datasetfiles.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    for (const bool hundred : {false, true})
        try {
            const int classes = hundred ? 100 : 10;
            std::vector<std::uint8_t> pixels;
            std::vector<std::int32_t> labels;
            readCifar(std::as_bytes(std::span(data, size)), "f", hundred ? 2 : 1, classes, pixels, labels);
            const PackedImages images(3, 32, 32, std::move(pixels));
            if (images.size() != labels.size() || labels.empty())
                std::abort();
            for (const auto l : labels)
                if (l < 0 || l >= classes)
                    std::abort();
        } catch (const Error&) {
        }
    return 0;
}

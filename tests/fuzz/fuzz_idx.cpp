// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// IDX arrays, plain and gz. What is read is as large as its sizes say.
#include "base/error.h"
#include "engine/datasetfiles.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const auto array = readIdx(std::as_bytes(std::span(data, size)), "f");
        std::uint64_t values = 1;
        for (const auto s : array.sizes)
            values *= s;
        if (array.sizes.empty() || array.values.size() != values)
            std::abort();
    } catch (const Error&) {
    }
    return 0;
}

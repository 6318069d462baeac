// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arrays of NumPy. What is read must survive being written and read again.
#include "base/error.h"
#include "checkpoint/npy.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes = std::as_bytes(std::span(data, size));
    try {
        const auto tensor = readNpy(bytes, {}, "f");
        if (tensor.contiguousSize() > size || tensor.contiguousBytes().size() != tensor.contiguousSize())
            std::abort();
        tensor.hasNonFinite();
        const auto written = makeNpy(tensor);
        const auto again = readNpy(written, {}, "written");
        if (again.shape() != tensor.shape() || again.contiguousBytes() != tensor.contiguousBytes())
            std::abort();
    } catch (const Error&) {
    }
    return 0;
}

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Safetensors. What is read must survive being written and read again.
#include "base/error.h"
#include "checkpoint/safetensors.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes = std::as_bytes(std::span(data, size));
    try {
        const auto file = readSafeTensors(bytes, {}, "f");
        for (const auto& [name, tensor] : file.tensors.tensors()) {
            if (tensor.contiguousSize() > size || tensor.contiguousBytes().size() != tensor.contiguousSize())
                std::abort();
            tensor.hasNonFinite();
        }
        const auto written = makeSafeTensors(file.tensors, file.metadata);
        const auto again = readSafeTensors(written, {}, "written");
        if (again.tensors.size() != file.tensors.size() || again.metadata != file.metadata)
            std::abort();
    } catch (const Error&) {
    }
    return 0;
}

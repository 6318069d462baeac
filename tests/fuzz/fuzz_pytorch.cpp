// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checkpoints of both formats. What is read is also touched, and must survive being written and read again. Input that
// begins with "Z" becomes the pickle of an archive, whose checksums a mutation would hardly ever match.
#include "base/error.h"
#include "base/zip.h"
#include "checkpoint/pytorch.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kMostBytes = 1u << 20;
    ByteView bytes = std::as_bytes(std::span(data, size));
    Bytes archive;
    if (size > 0 && data[0] == 'Z') {
        const Bytes storage(64, std::byte{0x3f});
        archive = makeZip({{"x/data.pkl", bytes.subspan(1), false}, {"x/data/0", ByteView(storage).first(16), false},
            {"x/data/1", storage, true}});
        bytes = archive;
    }
    try {
        const auto checkpoint = readPyTorch(bytes, {}, "f");
        bool small = true;
        for (const auto& tensor : checkpoint.content->tensors()) {
            if (tensor.contiguousSize() > kMostBytes) {
                small = false;
                continue;
            }
            if (tensor.contiguousBytes().size() != tensor.contiguousSize())
                std::abort();
            tensor.hasNonFinite();
        }
        if (!small)
            return 0;
        const auto written = makePyTorch(checkpoint.weights);
        const auto again = readPyTorch(written, {}, "written");
        if (again.weights.size() != checkpoint.weights.size())
            std::abort();
        for (std::size_t i = 0; i < again.weights.size(); ++i) {
            const auto &a = checkpoint.weights.tensors()[i], &b = again.weights.tensors()[i];
            if (a.name != b.name || a.tensor.shape() != b.tensor.shape() || a.tensor.dtype() != b.tensor.dtype()
                || a.tensor.contiguousBytes() != b.tensor.contiguousBytes())
                std::abort();
        }
    } catch (const Error&) {
    }
    return 0;
}

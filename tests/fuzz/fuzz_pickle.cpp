// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The unpickler: whatever comes, it reads it or throws one of our errors, and its memory stays in proportion.
#include "base/error.h"
#include "checkpoint/pickle.h"

#include <cstdint>
#include <cstdlib>

using namespace paretoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes = std::as_bytes(std::span(data, size));
    try {
        const auto document = pickle::parse(bytes, {"f", "data.pkl", 0});
        if (document.size() > size || document.values().size() > size)
            std::abort();
        for (const auto& value : document.values()) {
            if (describe(value).empty() || value.text.size() > size)
                std::abort();
            pickle::find(value, "state_dict");
        }
    } catch (const Error&) {
    }
    return 0;
}

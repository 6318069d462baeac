// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Latency tables: the YAML and the grammar of their keys.
#include "base/error.h"
#include "device/latencytable.h"
#include "space/spacejson.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace paretoscope;
    static const auto parts = std::make_shared<const Parts>(builtInSpace("ofa-mbv3-w1.0"));
    try {
        LatencyTable table;
        table.source = "input";
        table.files[0] = parseLatencyEntries({reinterpret_cast<const char*>(data), size}, "input");
        table.grammar = size % 2 ? TableGrammar::Layers : TableGrammar::Ofa;
        if (!tableResolutions(table, *parts).empty())
            toCostTable(table, parts);
    } catch (const Error&) {
    }
    return 0;
}

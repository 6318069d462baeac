// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bundle whose manifest is the input, and zip archives as they come.
#include "base/error.h"
#include "base/zip.h"
#include "bundle/bundle.h"
#include "bundle/bundlefiles.h"
#include "bundle/identify.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace paretoscope;
    static const auto folder = std::filesystem::temp_directory_path() / ("paretoscope-fuzz-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto file = folder / "input.zip";
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    const bool archive = asText(bytes).starts_with("PK");
    try {
        writeFileAtomically(file, archive ? Bytes(bytes.begin(), bytes.end()) : makeZip({{kManifestName, bytes, false}, {"space.json", asBytes("{}"), false}}));
        openBundle(file);
    } catch (const Error&) {
    }
    try {
        identify(file);
    } catch (const Error&) {
    }
    std::filesystem::remove_all(folder);
    return 0;
}

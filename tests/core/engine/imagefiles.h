// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Image and data files made in memory, whole or broken.
#pragma once

#include "noisedata.h"

#include "base/file.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <jpeglib.h>
#include <zlib.h>

namespace testing {

inline std::string pngChunk(const std::string& type, const std::string& data)
{
    const auto body = type + data;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return bigEndian(static_cast<std::uint32_t>(data.size())) + body + bigEndian(static_cast<std::uint32_t>(sum));
}

inline std::string deflated(const std::string& raw)
{
    uLongf size = compressBound(raw.size());
    std::string out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(raw.data()), raw.size());
    out.resize(size);
    return out;
}

inline std::string gzipped(const std::string& raw)
{
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&z, raw.size()) + 32, '\0');
    z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(raw.data()));
    z.avail_in = static_cast<uInt>(raw.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

/// `rows` are the bytes of the rows as PNG packs them, without the filter bytes; type 0 grey, 2 RGB, 3 palette, 4 and 6
/// with alpha.
inline std::string png(std::uint32_t width, std::uint32_t height, int bits, int type, const std::string& rows, const std::string& palette = {})
{
    std::string header = bigEndian(width) + bigEndian(height) + static_cast<char>(bits) + static_cast<char>(type);
    header += std::string(3, '\0');
    std::string raw;
    const auto each = height == 0 ? 0 : rows.size() / height;
    for (std::size_t y = 0; y < height && each > 0; ++y)
        raw += '\0' + rows.substr(y * each, each);
    return std::string("\x89PNG\r\n\x1A\n", 8) + pngChunk("IHDR", header) + (palette.empty() ? std::string() : pngChunk("PLTE", palette))
        + pngChunk("IDAT", deflated(raw)) + pngChunk("IEND", {});
}

/// `samples` pixel after pixel; 1 channel grey, 3 RGB, 4 CMYK (as Adobe writes it: inverted, with its marker).
inline std::string jpeg(int width, int height, int channels, const std::vector<std::uint8_t>& samples, bool progressive = false)
{
    jpeg_compress_struct c{};
    jpeg_error_mgr errors{};
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&c, &memory, &size);
    c.image_width = static_cast<JDIMENSION>(width);
    c.image_height = static_cast<JDIMENSION>(height);
    c.input_components = channels;
    c.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 100, TRUE);
    if (progressive)
        jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    for (int y = 0; y < height; ++y) {
        auto* row = const_cast<std::uint8_t*>(samples.data()) + static_cast<std::size_t>(y) * static_cast<std::size_t>(width * channels);
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    std::string out(reinterpret_cast<char*>(memory), size);
    std::free(memory);
    return out;
}

} // namespace testing

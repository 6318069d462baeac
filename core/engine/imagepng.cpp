// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "engine/imagecodecs.h"

#include <fmt/format.h>

#include <png.h>

#include <csetjmp>
#include <cstring>

namespace paretoscope {

namespace {

// Deflate cannot expand more than this; whatever declares more lies.
constexpr std::uint64_t kMaxExpansion = 1040;
constexpr std::size_t kMessageLength = 160;

struct Input {
    ByteView bytes;
    std::size_t at = 0;
    char message[kMessageLength] = {}; // a plain array: it is filled on the way to a longjmp
};

void readInput(png_structp png, png_bytep out, std::size_t n)
{
    auto& in = *static_cast<Input*>(png_get_io_ptr(png));
    if (n > in.bytes.size() - in.at)
        png_error(png, "the file ends early");
    std::memcpy(out, in.bytes.data() + in.at, n);
    in.at += n;
}

[[noreturn]] void onError(png_structp png, png_const_charp message)
{
    auto& in = *static_cast<Input*>(png_get_error_ptr(png));
    std::strncpy(in.message, message, kMessageLength - 1);
    png_longjmp(png, 1);
}

void onWarning(png_structp, png_const_charp) {} // of colour profiles and text that nothing here uses

/// Owns libpng's state. The calls that may jump out of libpng are in members without objects that need a destructor.
class PngDecoder {
public:
    explicit PngDecoder(Input& input)
        : m_png(png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, onError, onWarning))
        , m_info(m_png ? png_create_info_struct(m_png) : nullptr)
    {
        if (!m_info) {
            png_destroy_read_struct(&m_png, nullptr, nullptr);
            throw std::bad_alloc();
        }
        png_set_read_fn(m_png, &input, readInput);
    }
    ~PngDecoder() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    PngDecoder(const PngDecoder&) = delete;
    PngDecoder& operator=(const PngDecoder&) = delete;

    bool readHeader(const ImageLimits& limits)
    {
        if (setjmp(png_jmpbuf(m_png)))
            return false;
        png_set_user_limits(m_png, static_cast<png_uint_32>(limits.side), static_cast<png_uint_32>(limits.side));
        png_set_chunk_malloc_max(m_png, 8u << 20);
        // Chunks that change nothing of what is used are not read: no profiles, texts or gamma.
        png_set_keep_unknown_chunks(m_png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
        png_read_info(m_png, m_info);
        rawBytes = static_cast<std::uint64_t>(png_get_rowbytes(m_png, m_info)) * png_get_image_height(m_png, m_info);
        png_set_expand(m_png); // palettes, and grey of fewer than 8 bits
        png_set_scale_16(m_png);
        png_set_strip_alpha(m_png);
        png_set_interlace_handling(m_png);
        png_read_update_info(m_png, m_info);
        width = png_get_image_width(m_png, m_info);
        height = png_get_image_height(m_png, m_info);
        channels = png_get_channels(m_png, m_info);
        return true;
    }

    bool readRows(png_bytepp rows)
    {
        if (setjmp(png_jmpbuf(m_png)))
            return false;
        png_read_image(m_png, rows);
        png_read_end(m_png, nullptr);
        return true;
    }

    std::uint64_t rawBytes = 0; // before the transformations
    png_uint_32 width = 0;
    png_uint_32 height = 0;
    int channels = 0;

private:
    png_structp m_png;
    png_infop m_info;
};

} // namespace

Image decodePng(ByteView bytes, const std::string& where, const ImageLimits& limits)
{
    Input input{bytes};
    PngDecoder decoder(input);
    const auto damaged = [&] { return FormatError({where, "the PNG image cannot be decoded", input.message, {}}); };
    if (!decoder.readHeader(limits))
        throw damaged();
    if (decoder.rawBytes / kMaxExpansion > bytes.size())
        throw FormatError({where, "the PNG image declares a size that the file cannot hold",
            fmt::format("{} x {} pixels, {} bytes", decoder.width, decoder.height, decoder.rawBytes), fmt::format("a file of {} bytes", bytes.size())});
    auto image = checkedImage(decoder.channels, decoder.height, decoder.width, where, limits);

    const auto c = static_cast<std::size_t>(image.channels), n = image.planeSize(), w = static_cast<std::size_t>(image.width);
    std::vector<std::uint8_t> samples(c * n); // pixel after pixel
    std::vector<png_bytep> rows(static_cast<std::size_t>(image.height));
    for (std::size_t y = 0; y < rows.size(); ++y)
        rows[y] = samples.data() + y * w * c;
    if (!decoder.readRows(rows.data()))
        throw damaged();
    if (c == 1) {
        image.pixels = std::move(samples);
        return image;
    }
    for (std::size_t k = 0; k < c; ++k)
        for (std::size_t i = 0; i < n; ++i)
            image.pixels[k * n + i] = samples[i * c + k];
    return image;
}

} // namespace paretoscope

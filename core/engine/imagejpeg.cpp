// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "engine/imagecodecs.h"

#include <fmt/format.h>

#include <cstdio> // jpeglib.h needs it and does not say so

#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <utility>

namespace paretoscope {

namespace {

/// What the callbacks of libjpeg reach: the C structures come first, so that a pointer to them is one to this.
struct Errors {
    jpeg_error_mgr base;
    std::jmp_buf jump;
    char message[JMSG_LENGTH_MAX] = {};
};

struct Progress {
    jpeg_progress_mgr base;
    int scans = 0;
};

[[noreturn]] void onError(j_common_ptr common)
{
    auto& errors = *reinterpret_cast<Errors*>(common->err);
    common->err->format_message(common, errors.message);
    std::longjmp(errors.jump, 1);
}

// libjpeg calls damage a warning and fills up with grey. Here it is an error, save for what is common and harmless.
void onMessage(j_common_ptr common, int level)
{
    const int code = common->err->msg_code;
    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM)
        onError(common);
}

void onProgress(j_common_ptr common)
{
    const auto& progress = *reinterpret_cast<Progress*>(common->progress);
    auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
    if (jpeg->input_scan_number > progress.scans) {
        auto& errors = *reinterpret_cast<Errors*>(common->err);
        std::snprintf(errors.message, sizeof errors.message, "more than %d scans", progress.scans);
        std::longjmp(errors.jump, 1);
    }
}

/// Owns libjpeg's state; as in the PNG decoder, what may jump has no objects that need a destructor.
class JpegDecoder {
public:
    explicit JpegDecoder(int mostScans)
    {
        m_jpeg.err = jpeg_std_error(&m_errors.base);
        m_errors.base.error_exit = onError;
        m_errors.base.emit_message = onMessage;
        m_progress.base.progress_monitor = onProgress;
        m_progress.scans = mostScans;
    }
    ~JpegDecoder() { jpeg_destroy_decompress(&m_jpeg); }
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    bool readHeader(ByteView bytes)
    {
        if (setjmp(m_errors.jump))
            return false;
        jpeg_create_decompress(&m_jpeg);
        m_jpeg.progress = &m_progress.base;
        jpeg_mem_src(&m_jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        jpeg_read_header(&m_jpeg, TRUE);
        const bool cmyk = m_jpeg.jpeg_color_space == JCS_CMYK || m_jpeg.jpeg_color_space == JCS_YCCK;
        m_jpeg.out_color_space = cmyk ? JCS_CMYK : m_jpeg.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
        jpeg_calc_output_dimensions(&m_jpeg);
        return true;
    }

    bool start()
    {
        if (setjmp(m_errors.jump))
            return false;
        jpeg_start_decompress(&m_jpeg);
        return true;
    }

    bool readRow(std::uint8_t* row)
    {
        if (setjmp(m_errors.jump))
            return false;
        jpeg_read_scanlines(&m_jpeg, &row, 1);
        return true;
    }

    bool finish()
    {
        if (setjmp(m_errors.jump))
            return false;
        jpeg_finish_decompress(&m_jpeg);
        return true;
    }

    const jpeg_decompress_struct& state() const { return m_jpeg; }
    const char* message() const { return m_errors.message; }

private:
    jpeg_decompress_struct m_jpeg{};
    Errors m_errors{};
    Progress m_progress{};
};

/// One line of CMYK to RGB as Pillow converts it; Adobe's files hold the complement.
void cmykToRgb(const std::uint8_t* in, std::size_t n, bool inverted, std::uint8_t* rgb)
{
    for (std::size_t i = 0; i < n; ++i, in += 4, rgb += 3) {
        const auto ink = [&](int k) { return inverted ? 255u - in[k] : in[k]; };
        const unsigned white = 255u - ink(3);
        for (int k = 0; k < 3; ++k) {
            const unsigned product = ink(k) * white + 128u; // ink × white / 255, rounded
            rgb[k] = static_cast<std::uint8_t>(white - ((product + (product >> 8)) >> 8));
        }
    }
}

} // namespace

Image decodeJpeg(ByteView bytes, const std::string& where, const ImageLimits& limits)
{
    JpegDecoder decoder(limits.scans);
    const auto damaged = [&] { return FormatError({where, "the JPEG image cannot be decoded", decoder.message(), {}}); };
    if (!decoder.readHeader(bytes))
        throw damaged();
    const auto& jpeg = decoder.state();
    const int samplesIn = jpeg.out_color_space == JCS_CMYK ? 4 : jpeg.out_color_space == JCS_RGB ? 3 : 1;
    auto image = checkedImage(samplesIn == 1 ? 1 : 3, jpeg.output_height, jpeg.output_width, where, limits);
    if (!decoder.start())
        throw damaged();

    const auto w = static_cast<std::size_t>(image.width), n = image.planeSize();
    std::vector<std::uint8_t> row(w * static_cast<std::size_t>(samplesIn)), rgb(samplesIn == 4 ? 3 * w : 0);
    for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
        if (!decoder.readRow(row.data()))
            throw damaged();
        if (samplesIn == 4)
            cmykToRgb(row.data(), w, jpeg.saw_Adobe_marker != 0, rgb.data());
        const auto* samples = samplesIn == 4 ? rgb.data() : row.data();
        const auto c = static_cast<std::size_t>(image.channels);
        for (std::size_t k = 0; k < c; ++k)
            for (std::size_t x = 0; x < w; ++x)
                image.pixels[k * n + y * w + x] = samples[x * c + k];
    }
    if (!decoder.finish())
        throw damaged();
    return image;
}

} // namespace paretoscope

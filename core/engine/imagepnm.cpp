// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "engine/imagecodecs.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace {

/// Numbers between white space and comments, which begin at "#" and end with the line.
class PnmText {
public:
    PnmText(std::string_view text, const std::string& where)
        : m_text(text)
        , m_where(where)
    {
    }

    std::uint64_t number(const char* what)
    {
        skipSpace();
        const auto begin = m_at;
        std::uint64_t value = 0;
        constexpr std::size_t kDigits = 9; // whatever is longer is beyond every limit, and this fits
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9' && m_at - begin <= kDigits)
            value = 10 * value + static_cast<std::uint64_t>(m_text[m_at++] - '0');
        if (m_at == begin || m_at - begin > kDigits)
            throw FormatError({m_where, fmt::format("the {} is no number", what),
                begin < m_text.size() ? quote(m_text.substr(begin, 12)) : "the end of the file", fmt::format("1 to {} decimal digits", kDigits)});
        return value;
    }

    /// One white space ends the header; the samples follow.
    std::size_t endOfHeader() const { return std::min(m_at + 1, m_text.size()); }

private:
    void skipSpace()
    {
        for (; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '#')
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            if (m_at == m_text.size() || std::string_view(" \t\r\n\v\f").find(m_text[m_at]) == std::string_view::npos)
                return;
        }
    }

    std::string_view m_text;
    const std::string& m_where;
    std::size_t m_at = 2; // behind "P5"
};

} // namespace

Image decodePnm(ByteView bytes, const std::string& where, const ImageLimits& limits)
{
    const char kind = static_cast<char>(bytes[1]);
    if (kind == '1' || kind == '4' || kind == '7')
        throw FormatError({where, "this kind of PNM is not supported", fmt::format("P{}", kind), "P2, P3, P5 or P6"});
    const int channels = kind == '3' || kind == '6' ? 3 : 1;
    const bool plain = kind < '4';
    PnmText text(asText(bytes), where);
    const auto width = text.number("width"), height = text.number("height"), most = text.number("largest value");
    if (most < 1 || most > 255)
        throw FormatError({where, "the largest value of a sample is not supported", fmt::format("{}", most), "1 to 255"});

    // Every sample takes a byte, or a digit and the space before it, so the file says what it can hold.
    const auto at = text.endOfHeader();
    const auto left = plain ? (bytes.size() - at + 2) / 2 : bytes.size() - at;
    const auto side = static_cast<std::uint64_t>(limits.side);
    if (width <= side && height <= side && static_cast<std::uint64_t>(channels) * height * width > left)
        throw FormatError({where, "the image is cut", fmt::format("{} bytes behind the header", bytes.size() - at),
            fmt::format("{} samples of {} x {} x {}", static_cast<std::uint64_t>(channels) * height * width, channels, height, width)});
    auto image = checkedImage(channels, height, width, where, limits);

    const auto n = image.planeSize();
    const auto c = static_cast<std::size_t>(channels);
    for (std::size_t i = 0; i < c * n; ++i) {
        const auto value = plain ? text.number("sample") : static_cast<std::uint64_t>(bytes[at + i]);
        if (value > most)
            throw FormatError({where, "a sample is larger than declared", fmt::format("{}", value), fmt::format("at most {}", most)});
        image.pixels[i % c * n + i / c] = static_cast<std::uint8_t>((value * 255 + most / 2) / most);
    }
    return image;
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/densityraster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace paretoscope::desktop {

namespace {

constexpr std::size_t kBlock = 256; // lines at a time
constexpr int kPad = 2;             // rows above and below that take what is cut off
constexpr std::uint64_t kCount = std::uint64_t{1} << 40;
constexpr std::uint64_t kFractions = kCount - 1;

/// Pieces of lines between two axes that take equally many samples in a column: steep ones take more, or they would fall
/// apart into dots. Positions in 1/256 of a row.
struct Pieces {
    std::vector<float> from, rise;

    void clear()
    {
        from.clear();
        rise.clear();
    }
    void add(float a, float b)
    {
        from.push_back(a);
        rise.push_back(b - a);
    }
    /// To whole blocks, with pieces that are cut off: loops of a known length are vectorised.
    void fill()
    {
        from.resize((from.size() + kBlock - 1) / kBlock * kBlock, 0);
        rise.resize(from.size(), 0);
    }
};

/// A sample at row r and fraction f belongs to row r by 1 − f and to r + 1 by f. Both are kept in one number, count above
/// and sum of fractions below, so that a sample is one addition.
void addSamples(const Pieces& pieces, float along, int shift, float bottom, std::uint64_t* bins)
{
    std::array<std::int32_t, kBlock> at;
    for (std::size_t first = 0; first < pieces.from.size(); first += kBlock) {
        const float *from = pieces.from.data() + first, *rise = pieces.rise.data() + first;
        for (std::size_t i = 0; i < kBlock; ++i) // what is no number is cut off, too
            at[i] = static_cast<std::int32_t>(std::max(0.0f, std::min(bottom, from[i] + along * rise[i])));
        for (std::size_t i = 0; i < kBlock; ++i) {
            const auto v = static_cast<std::uint32_t>(at[i]);
            bins[v >> 8] += (kCount | (v & 255u)) << shift;
        }
    }
}

void accumulateClass(const Polylines& lines, bool passing, int width, int height, std::vector<std::uint32_t>& out)
{
    out.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
    const auto n = lines.lines();
    // Rows have their centre at a half; a half of 1/256 rounds.
    const float bottom = 256.0f * static_cast<float>(height + kPad);
    const auto fixed = [](float y) { return (y - 0.5f + static_cast<float>(kPad)) * 256.0f + 0.5f; };
    std::vector<std::uint64_t> bins(static_cast<std::size_t>(height + 2 * kPad));
    std::array<Pieces, 3> bySamples; // 1, 2 and 4
    for (std::size_t axis = 0; axis + 1 < lines.x.size(); ++axis) {
        const double a = lines.x[axis], b = lines.x[axis + 1];
        for (auto& pieces : bySamples)
            pieces.clear();
        const float *ya = lines.y.data() + axis * n, *yb = ya + n;
        const auto run = static_cast<float>(b - a);
        for (std::size_t i = 0; i < n; ++i)
            if ((lines.passing[i] != 0) == passing) {
                const float rise = std::abs(yb[i] - ya[i]);
                bySamples[rise <= run ? 0 : rise <= 2 * run ? 1 : 2].add(fixed(ya[i]), fixed(yb[i]));
            }
        for (auto& pieces : bySamples)
            pieces.fill();
        // Columns belong to the axes that their centre lies between.
        const int first = std::max(0, static_cast<int>(std::ceil(a - 0.5)));
        const bool last = axis + 2 == lines.x.size();
        const int end = std::min(width, last ? static_cast<int>(std::floor(b - 0.5)) + 1 : static_cast<int>(std::ceil(b - 0.5)));
        for (int column = first; column < end; ++column) {
            std::fill(bins.begin(), bins.end(), 0);
            for (std::size_t s = 0; s < bySamples.size(); ++s) {
                const int samples = 1 << s;
                for (int k = 0; k < samples; ++k) {
                    const double x = column + (k + 0.5) / samples; // of a column that is cut by an axis, the end counts
                    addSamples(bySamples[s], static_cast<float>(std::clamp((x - a) / (b - a), 0.0, 1.0)), 2 - static_cast<int>(s), bottom, bins.data());
                }
            }
            auto* to = out.data() + static_cast<std::size_t>(column) * static_cast<std::size_t>(height);
            for (int row = 0; row < height; ++row) {
                const auto here = bins[static_cast<std::size_t>(row + kPad)], above = bins[static_cast<std::size_t>(row + kPad - 1)];
                to[row] = static_cast<std::uint32_t>(256 * (here >> 40) - (here & kFractions) + (above & kFractions));
            }
        }
    }
}

/// What is drawn in full: one pixel in a hundred of those that have anything is as dense, at least one line.
double reference(const std::vector<std::uint32_t>& values)
{
    std::vector<std::uint32_t> some;
    for (std::size_t i = 0; i < values.size(); i += 7) // a sample is enough
        if (values[i] > 0)
            some.push_back(values[i]);
    if (some.empty())
        return 1;
    const auto at = some.begin() + static_cast<std::ptrdiff_t>(some.size() * 99 / 100);
    std::nth_element(some.begin(), at, some.end());
    return std::max(1.0, static_cast<double>(*at) / Density::kLine);
}

/// Alpha by how many lines lie in a pixel.
class Tone {
public:
    Tone(const std::vector<std::uint32_t>& values, int alpha)
    {
        const double most = reference(values), scale = std::log1p(most);
        for (std::size_t i = 0; i < m_few.size(); ++i)
            m_few[i] = alphaOf(static_cast<double>(i) * kStep / Density::kLine, scale, alpha);
        for (std::size_t i = 0; i < m_many.size(); ++i)
            m_many[i] = alphaOf(static_cast<double>(i), scale, alpha);
    }
    int operator()(std::uint32_t value) const
    {
        if (value / kStep < m_few.size())
            return m_few[value / kStep];
        return m_many[std::min<std::size_t>(value / Density::kLine, m_many.size() - 1)];
    }

private:
    static constexpr std::uint32_t kStep = 16;

    static std::uint8_t alphaOf(double lines, double scale, int alpha) { return static_cast<std::uint8_t>(std::lround(alpha * std::min(1.0, std::log1p(lines) / scale))); }

    std::array<std::uint8_t, 1024> m_few{}; // to 16 lines, finely
    std::array<std::uint8_t, 4096> m_many{};
};

} // namespace

Density accumulate(const Polylines& lines, int width, int height)
{
    Density density{std::max(0, width), std::max(0, height), {}, {}};
    accumulateClass(lines, true, density.width, density.height, density.passing);
    accumulateClass(lines, false, density.width, density.height, density.others);
    return density;
}

QImage toned(const Density& density, const QColor& passing, const QColor& others)
{
    QImage image(density.width, density.height, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    const Tone toneOfPassing(density.passing, passing.alpha()), toneOfOthers(density.others, others.alpha());
    const auto premultiplied = [](const QColor& c, int alpha) { return qPremultiply(qRgba(c.red(), c.green(), c.blue(), alpha)); };
    std::array<QRgb, 256> above, below;
    for (int alpha = 0; alpha < 256; ++alpha) {
        above[static_cast<std::size_t>(alpha)] = premultiplied(passing, alpha);
        below[static_cast<std::size_t>(alpha)] = premultiplied(others, alpha);
    }
    auto* const pixels = reinterpret_cast<QRgb*>(image.bits());
    const auto stride = static_cast<std::size_t>(image.bytesPerLine()) / sizeof(QRgb);
    for (int column = 0; column < density.width; ++column) {
        const auto start = static_cast<std::size_t>(column) * static_cast<std::size_t>(density.height);
        for (int row = 0; row < density.height; ++row) {
            const auto at = start + static_cast<std::size_t>(row);
            const auto p = above[static_cast<std::size_t>(toneOfPassing(density.passing[at]))];
            const auto o = below[static_cast<std::size_t>(toneOfOthers(density.others[at]))];
            const auto rest = 255 - qAlpha(p);
            const auto mixed = [&](int a, int b) { return a + (b * rest + 127) / 255; };
            pixels[static_cast<std::size_t>(row) * stride + static_cast<std::size_t>(column)]
                = qRgba(mixed(qRed(p), qRed(o)), mixed(qGreen(p), qGreen(o)), mixed(qBlue(p), qBlue(o)), mixed(qAlpha(p), qAlpha(o)));
        }
    }
    return image;
}

} // namespace paretoscope::desktop

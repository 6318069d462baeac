// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transform.h"

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

constexpr int kWeightBits = 22; // so that 255 times the sum of the weights fits 31 bits
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

std::uint8_t toSample(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255)); }

} // namespace

void Resizer::prepare(Weights& w, int in, int out)
{
    if (w.in == in && w.out == out)
        return;
    w.in = in;
    w.out = out;
    const double scale = static_cast<double>(in) / out;
    const double support = std::max(scale, 1.0); // half the width of the triangle, in input samples
    w.taps = 2 * static_cast<int>(std::ceil(support)) + 1;
    const auto n = static_cast<std::size_t>(out), taps = static_cast<std::size_t>(w.taps);
    w.first.resize(n);
    w.count.resize(n);
    w.weights.assign(n * taps, 0);
    std::vector<double> triangle(taps);
    for (std::size_t i = 0; i < n; ++i) {
        const double centre = (static_cast<double>(i) + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - support + 0.5));
        const int end = std::min(in, static_cast<int>(centre + support + 0.5));
        double sum = 0;
        for (int k = first; k < end; ++k) {
            const double distance = std::abs((k - centre + 0.5) / support);
            const double value = distance < 1 ? 1 - distance : 0;
            triangle[static_cast<std::size_t>(k - first)] = value;
            sum += value;
        }
        w.first[i] = first;
        w.count[i] = end - first;
        for (std::size_t k = 0; k < static_cast<std::size_t>(end - first); ++k)
            w.weights[i * taps + k] = static_cast<std::int32_t>(0.5 + triangle[k] / sum * (1 << kWeightBits));
    }
}

void Resizer::resize(const ImageView& in, const Rectangle& from, int width, int height, const Rectangle& window, Image& out)
{
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const bool horizontal = from.width != width, vertical = from.height != height;
    if (horizontal)
        prepare(m_horizontal, from.width, width);
    int firstRow = window.y, endRow = window.y + window.height; // of the input, that are needed
    if (vertical) {
        prepare(m_vertical, from.height, height);
        firstRow = m_vertical.first[at(window.y)];
        endRow = m_vertical.first[at(endRow - 1)] + m_vertical.count[at(endRow - 1)];
    }
    out.channels = in.channels;
    out.height = window.height;
    out.width = window.width;
    out.pixels.resize(at(in.channels) * out.planeSize());
    const auto w = at(window.width);
    m_rows.resize(at(endRow - firstRow) * w);
    for (int c = 0; c < in.channels; ++c) {
        for (int y = firstRow; y < endRow; ++y) {
            const auto* row = in.plane(c) + at(from.y + y) * at(in.width) + from.x;
            auto* to = m_rows.data() + at(y - firstRow) * w;
            if (!horizontal) {
                std::copy_n(row + window.x, w, to);
                continue;
            }
            for (std::size_t x = 0; x < w; ++x) {
                const auto i = x + at(window.x);
                const auto* weight = m_horizontal.weights.data() + i * at(m_horizontal.taps);
                const auto* sample = row + m_horizontal.first[i];
                std::int32_t sum = kHalf;
                for (int k = 0; k < m_horizontal.count[i]; ++k)
                    sum += sample[k] * weight[k];
                to[x] = toSample(sum);
            }
        }
        auto* plane = out.plane(c);
        if (!vertical) {
            std::copy_n(m_rows.data(), out.planeSize(), plane);
            continue;
        }
        m_sums.resize(w);
        for (std::size_t y = 0; y < at(window.height); ++y) {
            const auto i = y + at(window.y);
            const auto* weight = m_vertical.weights.data() + i * at(m_vertical.taps);
            std::fill(m_sums.begin(), m_sums.end(), kHalf);
            for (int k = 0; k < m_vertical.count[i]; ++k) {
                const auto* row = m_rows.data() + at(m_vertical.first[i] - firstRow + k) * w;
                for (std::size_t x = 0; x < w; ++x)
                    m_sums[x] += row[x] * weight[k];
            }
            for (std::size_t x = 0; x < w; ++x)
                plane[y * w + x] = toSample(m_sums[x]);
        }
    }
}

Image Resizer::resized(const ImageView& in, int width, int height)
{
    Image out;
    resize(in, {0, 0, in.width, in.height}, width, height, {0, 0, width, height}, out);
    return out;
}

} // namespace paretoscope

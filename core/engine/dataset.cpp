// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dataset.h"

#include "base/error.h"
#include "base/sha256.h"
#include "engine/datasetfiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace paretoscope {

namespace fs = std::filesystem;

PackedImages::PackedImages(int channels, int height, int width, std::vector<std::uint8_t> pixels)
    : m_channels(channels)
    , m_height(height)
    , m_width(width)
    , m_count(0)
    , m_pixels(std::move(pixels))
{
    const auto each = static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    if (channels < 1 || height < 1 || width < 1 || m_pixels.size() % each != 0)
        throw ValueError({{}, "the pixels are not a whole number of images", fmt::format("{} bytes", m_pixels.size()),
            fmt::format("a multiple of {} x {} x {}", channels, height, width)});
    m_count = m_pixels.size() / each;
}

ImageView PackedImages::image(std::size_t i, Image&) const
{
    const auto each = m_pixels.size() / m_count;
    return {m_channels, m_height, m_width, m_pixels.data() + i * each};
}

std::vector<std::string> readClassNames(const fs::path& file)
{
    constexpr std::size_t kMostBytes = 4u << 20, kLongestName = 256;
    const auto text = readTextFile(file, kMostBytes);
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto name = text.substr(at, end - at);
        if (name.ends_with('\r'))
            name.pop_back();
        if (name.size() > kLongestName || quote(name, kLongestName) != "\"" + name + "\"")
            throw FormatError({fmt::format("{}:{}", file.string(), names.size() + 1), "is no name of a class", quote(name),
                fmt::format("up to {} characters without quotes or control characters", kLongestName)});
        names.push_back(std::move(name));
        at = end + 1;
    }
    while (!names.empty() && names.back().empty())
        names.pop_back();
    return names;
}

void checkLabels(const DataSet& data, const std::string& where)
{
    for (std::size_t i = 0; i < data.labels.size(); ++i)
        if (data.labels[i] < 0 || static_cast<std::size_t>(data.labels[i]) >= data.classNames.size())
            throw FormatError({fmt::format("{}: image {}", where, i), "the label has no class", fmt::format("{}", data.labels[i]),
                fmt::format("0 to {}", static_cast<std::int64_t>(data.classNames.size()) - 1)});
}

DataSource openDataSet(const fs::path& folder)
{
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error))
        throw FormatError({folder.string(), "is a file", {}, "the folder of a data set"});
    const auto files = listFolder(folder);
    for (const auto open : {openIdxFolder, openCifarFolder, openImageFolder})
        if (auto source = open(folder))
            return *source;
    std::vector<std::string> names;
    for (const auto& f : files)
        names.push_back(quote(f.filename().string()));
    throw FormatError({folder.string(), "holds no data set that is known", names.empty() ? "nothing" : joinNames(names, 6),
        "IDX (train-images-idx3-ubyte and its like, plain or .gz), CIFAR-10 or CIFAR-100 in its binary version, "
        "or one folder of PNG, JPEG or PNM images a class"});
}

void requireClasses(const DataSet& data, int classes)
{
    if (data.classNames.size() != static_cast<std::size_t>(classes))
        throw ValueError({data.source, "the data set has another number of classes", fmt::format("{}", data.classNames.size()), fmt::format("{}", classes)});
}

DataSubset wholeDataSet(std::shared_ptr<const DataSet> data)
{
    DataSubset all;
    all.images.resize(data ? data->size() : 0);
    std::iota(all.images.begin(), all.images.end(), 0u);
    all.data = std::move(data);
    return all;
}

std::string fingerprint(const DataSubset& subset)
{
    constexpr std::size_t kPictures = 64;
    std::string content = fmt::format("{} images\n", subset.size());
    for (std::size_t i = 0; i < subset.size(); ++i)
        content += fmt::format("{},", subset.label(i));
    Image scratch;
    const auto pictures = std::min(kPictures, subset.size());
    for (std::size_t k = 0; k < pictures; ++k) {
        const auto view = subset.data->image(subset.images[k * subset.size() / pictures], scratch);
        content += fmt::format("\n{} x {} x {}:", view.channels, view.height, view.width);
        content += sha256(std::as_bytes(std::span(view.pixels, view.planeSize() * static_cast<std::size_t>(view.channels))));
    }
    return sha256(asBytes(content));
}

ChannelStatistics channelStatistics(const DataSubset& subset, int channels)
{
    if (subset.size() == 0)
        throw ValueError({{}, "there is no image to take the mean of", {}, {}});
    std::vector<std::uint64_t> sum(static_cast<std::size_t>(channels)), squares(sum.size());
    std::uint64_t pixels = 0;
    Image scratch, converted;
    for (const auto i : subset.images) {
        auto view = subset.data->image(i, scratch);
        if (view.channels != channels) {
            converted = withChannels(copyOf(view), channels);
            view = converted.view();
        }
        pixels += view.planeSize();
        for (int c = 0; c < channels; ++c) {
            std::uint64_t s = 0, q = 0;
            for (const std::uint8_t v : std::span(view.plane(c), view.planeSize())) {
                s += v;
                q += static_cast<std::uint64_t>(v) * v;
            }
            sum[static_cast<std::size_t>(c)] += s;
            squares[static_cast<std::size_t>(c)] += q;
        }
    }
    ChannelStatistics result;
    const auto n = static_cast<double>(pixels);
    for (std::size_t c = 0; c < sum.size(); ++c) {
        const double mean = static_cast<double>(sum[c]) / n, square = static_cast<double>(squares[c]) / n;
        result.mean.push_back(mean / 255);
        result.deviation.push_back(std::sqrt(std::max(0.0, square - mean * mean)) / 255);
    }
    return result;
}

} // namespace paretoscope

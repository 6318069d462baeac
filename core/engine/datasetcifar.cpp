// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "engine/datasetfiles.h"

#include <fmt/format.h>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr int kSide = 32;
constexpr std::size_t kPixels = 3 * kSide * kSide;

struct Flavour {
    const char* format;
    const char* archiveFolder; // what the archive unpacks to
    const char* namesFile;
    int labelBytes;
    int classes;
};
constexpr Flavour kCifar10{"CIFAR-10", "cifar-10-batches-bin", "batches.meta.txt", 1, 10};
constexpr Flavour kCifar100{"CIFAR-100", "cifar-100-binary", "fine_label_names.txt", 2, 100};

std::shared_ptr<const DataSet> read(const fs::path& folder, const std::vector<std::string>& files, const Flavour& flavour)
{
    auto data = std::make_shared<DataSet>();
    data->format = flavour.format;
    data->source = folder.string();
    std::vector<std::uint8_t> pixels;
    for (const auto& name : files) {
        const MappedFile file(folder / name);
        readCifar(file.bytes(), file.path().string(), flavour.labelBytes, flavour.classes, pixels, data->labels);
    }
    const auto names = folder / flavour.namesFile;
    if (fs::exists(names))
        data->classNames = readClassNames(names);
    else
        for (int c = 0; c < flavour.classes; ++c)
            data->classNames.push_back(fmt::format("{}", c));
    if (data->classNames.size() != static_cast<std::size_t>(flavour.classes))
        throw FormatError({names.string(), "wrong number of names of classes", fmt::format("{}", data->classNames.size()), fmt::format("{}", flavour.classes)});
    data->images = std::make_shared<PackedImages>(3, kSide, kSide, std::move(pixels));
    return data;
}

std::optional<DataSource> openHere(const fs::path& folder)
{
    const auto has = [&](const std::string& name) { return fs::exists(folder / name); };
    const auto batch = [](int n) { return fmt::format("data_batch_{}.bin", n); };
    constexpr int kBatches = 5;
    std::vector<std::string> batches;
    int last = 0;
    for (int n = 1; n <= kBatches; ++n)
        if (has(batch(n)))
            last = n;
    for (int n = 1; n <= last; ++n)
        batches.push_back(batch(n));
    const bool test10 = has("test_batch.bin"), train100 = has("train.bin"), test100 = has("test.bin");
    if (batches.empty() && !test10 && !train100 && !test100)
        return std::nullopt;
    if ((last || test10) && (train100 || test100))
        throw FormatError({folder.string(), "holds CIFAR-10 and CIFAR-100", {}, "one of them a folder"});
    const bool ten = last || test10;
    for (const auto& name : ten ? (batches.empty() ? std::vector{batch(1)} : batches) : std::vector<std::string>{"train.bin"})
        if (!has(name))
            throw FormatError({folder.string(), fmt::format("{} is not whole", ten ? kCifar10.format : kCifar100.format), "no " + name, {}});
    const auto& flavour = ten ? kCifar10 : kCifar100;
    DataSource source;
    source.train = read(folder, ten ? batches : std::vector<std::string>{"train.bin"}, flavour);
    if (ten ? test10 : test100)
        source.test = read(folder, {ten ? "test_batch.bin" : "test.bin"}, flavour);
    return source;
}

} // namespace

void readCifar(ByteView bytes, const std::string& where, int labelBytes, int classes, std::vector<std::uint8_t>& pixels,
    std::vector<std::int32_t>& labels)
{
    const auto record = static_cast<std::size_t>(labelBytes) + kPixels;
    if (bytes.empty() || bytes.size() % record != 0)
        throw FormatError({where, "is no whole number of CIFAR records", fmt::format("{} bytes", bytes.size()), fmt::format("a multiple of {}", record)});
    const auto count = bytes.size() / record;
    for (std::size_t i = 0; i < count; ++i) {
        const int label = static_cast<int>(bytes[i * record + static_cast<std::size_t>(labelBytes) - 1]);
        if (label >= classes)
            throw FormatError({fmt::format("{}: image {}", where, i), "the label has no class", fmt::format("{}", label), fmt::format("0 to {}", classes - 1)});
    }
    pixels.reserve(pixels.size() + count * kPixels);
    for (std::size_t i = 0; i < count; ++i) {
        const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data()) + i * record + static_cast<std::size_t>(labelBytes);
        labels.push_back(begin[-1]);
        pixels.insert(pixels.end(), begin, begin + kPixels);
    }
}

std::optional<DataSource> openCifarFolder(const fs::path& folder)
{
    if (auto here = openHere(folder))
        return here;
    for (const auto* below : {kCifar10.archiveFolder, kCifar100.archiveFolder})
        if (fs::is_directory(folder / below))
            if (auto source = openHere(folder / below))
                return source;
    return std::nullopt;
}

} // namespace paretoscope

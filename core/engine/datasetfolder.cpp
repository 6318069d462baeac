// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "engine/datasetfiles.h"

#include <fmt/format.h>

#include <algorithm>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

class ImageFiles final : public ImageStore {
public:
    explicit ImageFiles(std::vector<fs::path> files)
        : m_files(std::move(files))
    {
    }
    std::size_t size() const override { return m_files.size(); }
    ImageView image(std::size_t i, Image& scratch) const override
    {
        scratch = readImage(m_files[i]);
        return scratch.view();
    }

private:
    std::vector<fs::path> m_files;
};

bool hasImageName(const fs::path& file)
{
    auto extension = file.extension().string();
    for (char& c : extension)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::string_view kKnown[]{".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pnm"};
    return std::find(std::begin(kKnown), std::end(kKnown), extension) != std::end(kKnown);
}

bool isHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

std::vector<std::string> foldersBelow(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& path : listFolder(folder))
        if (fs::is_directory(path) && !isHidden(path))
            names.push_back(path.filename().string());
    return names;
}

/// `names` are the classes to number the folders by; empty: those of this folder.
std::shared_ptr<const DataSet> read(const fs::path& folder, std::vector<std::string> names, std::vector<std::string>& notes)
{
    std::size_t ignored = 0;
    auto data = std::make_shared<DataSet>();
    data->format = "image folder";
    data->source = folder.string();
    const auto folders = foldersBelow(folder);
    data->classNames = names.empty() ? folders : std::move(names);
    if (folders.empty())
        throw FormatError({folder.string(), "holds no folder of a class", {}, "one folder a class"});
    std::vector<fs::path> files;
    for (const auto& name : folders) {
        const auto known = std::find(data->classNames.begin(), data->classNames.end(), name);
        if (known == data->classNames.end())
            throw FormatError({(folder / name).string(), "is no class of the training images", {}, joinNames(data->classNames, 6)});
        const auto before = files.size();
        for (const auto& file : listFolder(folder / name)) {
            if (isHidden(file) || !fs::is_regular_file(file))
                continue;
            if (!hasImageName(file)) {
                ++ignored;
                continue;
            }
            files.push_back(file);
            data->labels.push_back(static_cast<std::int32_t>(known - data->classNames.begin()));
        }
        if (files.size() == before)
            throw FormatError({(folder / name).string(), "holds no image", {}, "PNG, JPEG or PNM files"});
    }
    if (ignored > 0)
        notes.push_back(fmt::format("{}: {} files that are no images by their names are ignored", folder.string(), ignored));
    data->images = std::make_shared<ImageFiles>(std::move(files));
    return data;
}

bool holdsImages(const fs::path& folder)
{
    const auto files = listFolder(folder);
    return std::any_of(files.begin(), files.end(), [](const fs::path& f) { return hasImageName(f) && fs::is_regular_file(f); });
}

} // namespace

std::optional<DataSource> openImageFolder(const fs::path& folder)
{
    const auto folders = foldersBelow(folder);
    const auto has = [&](const char* name) { return std::binary_search(folders.begin(), folders.end(), std::string(name)); };
    if (has("train") && !holdsImages(folder / "train")) {
        DataSource source;
        source.train = read(folder / "train", {}, source.notes);
        for (const char* name : {"test", "val", "validation"})
            if (has(name) && !source.test)
                source.test = read(folder / name, source.train->classNames, source.notes);
            else if (has(name))
                source.notes.push_back(fmt::format("{} is not used: validation images are taken out of the training images", (folder / name).string()));
        return source;
    }
    // A folder of folders is a data set when one of them holds an image; anything else is somebody's home.
    if (std::none_of(folders.begin(), folders.end(), [&](const std::string& name) { return holdsImages(folder / name); }))
        return std::nullopt;
    DataSource source;
    source.train = read(folder, {}, source.notes);
    return source;
}

} // namespace paretoscope

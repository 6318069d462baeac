// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/devicelibrary.h"

#include "base/file.h"

#include <QStandardPaths>

#include <algorithm>

namespace paretoscope::desktop {

namespace fs = std::filesystem;

namespace {

/// Nothing where it is for another space. @throws FormatError, ValueError, IoError
std::optional<Device> readImported(const fs::path& path, const std::shared_ptr<const Parts>& parts)
{
    const auto json = readJsonFile(path);
    const JsonView view(json, path.string());
    const auto& space = parts->space().id;
    if (view.has("model") ? !blockModelFromJson(view.at("model")).accepts(space) : view.at("space").string() != space)
        return std::nullopt;
    auto device = deviceFromJson(view, parts);
    if (device.id != path.stem().string()) // it could not be found again
        view.at("id").fail("the id is not the name of the file", quote(device.id), quote(path.stem().string()));
    return device;
}

std::vector<fs::path> importedFiles()
{
    std::vector<fs::path> files;
    std::error_code ignored;
    if (const auto folder = importedDevicesFolder(); fs::is_directory(folder, ignored))
        for (const auto& file : listFolder(folder))
            if (file.extension() == ".json")
                files.push_back(file);
    return files;
}

} // namespace

fs::path importedDevicesFolder() { return fs::path(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString()) / "devices"; }

fs::path importedDeviceFile(const std::string& id) { return idFromName(id) == id ? importedDevicesFolder() / (id + ".json") : fs::path(); }

std::vector<int> usableResolutions(const Bundle& bundle, const Device& device)
{
    std::vector<int> usable;
    for (const int r : device.resolutions())
        if (!bundle.predictor() || bundle.predictor()->knows(r))
            usable.push_back(r);
    return usable;
}

DeviceListing listDevices(const Bundle& bundle)
{
    DeviceListing listing;
    const auto add = [&](Device device, DeviceOrigin origin) {
        auto usable = usableResolutions(bundle, device);
        listing.devices.push_back({std::move(device), origin, std::move(usable)});
    };
    for (const auto& d : bundle.devices)
        add(d, DeviceOrigin::Bundle);
    // Phones first: they are what most people choose a subnet for.
    std::stable_partition(listing.devices.begin(), listing.devices.end(), [](const ListedDevice& d) { return d.device.supply == Supply::Battery; });
    const auto catalogue = catalogueDeviceIds(bundle.space().id);
    for (const auto& id : catalogue)
        if (!bundle.device(id))
            add(catalogueDevice(id, bundle.parts), DeviceOrigin::Catalogue);
    try {
        for (const auto& file : importedFiles()) {
            try {
                auto device = readImported(file, bundle.parts);
                if (device && !bundle.device(device->id) && std::find(catalogue.begin(), catalogue.end(), device->id) == catalogue.end())
                    add(std::move(*device), DeviceOrigin::Imported);
            } catch (const Error& e) { // the others are there all the same
                listing.problems.emplace_back(e.what());
            }
        }
    } catch (const Error& e) {
        listing.problems.emplace_back(e.what());
    }
    return listing;
}

Device findDevice(const Bundle& bundle, const std::string& idOrPath)
{
    if (const auto* own = bundle.device(idOrPath))
        return *own;
    const auto catalogue = catalogueDeviceIds(bundle.space().id);
    if (std::find(catalogue.begin(), catalogue.end(), idOrPath) != catalogue.end())
        return catalogueDevice(idOrPath, bundle.parts);
    std::error_code ignored;
    for (const auto& path : {importedDeviceFile(idOrPath), fs::path(idOrPath)})
        if (!path.empty() && fs::exists(path, ignored))
            return openDevice(path, bundle.parts);
    return catalogueDevice(idOrPath, bundle.parts); // says what there is
}

std::string deviceArgument(const Bundle& bundle, const std::string& id)
{
    const auto file = importedDeviceFile(id);
    std::error_code ignored;
    if (bundle.device(id) || file.empty() || !fs::exists(file, ignored))
        return id;
    const auto catalogue = catalogueDeviceIds(bundle.space().id);
    return std::find(catalogue.begin(), catalogue.end(), id) != catalogue.end() ? id : file.string();
}

std::string freeDeviceId(const Bundle& bundle, const std::string& wanted)
{
    const auto catalogue = catalogueDeviceIds(bundle.space().id);
    std::error_code ignored;
    const auto taken = [&](const std::string& id) {
        return bundle.device(id) || std::find(catalogue.begin(), catalogue.end(), id) != catalogue.end() || fs::exists(importedDeviceFile(id), ignored);
    };
    if (!taken(wanted))
        return wanted;
    int n = 2;
    while (taken(wanted + "-" + std::to_string(n)))
        ++n;
    return wanted + "-" + std::to_string(n);
}

void storeDevice(const Device& device)
{
    const auto folder = importedDevicesFolder();
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw IoError({folder.string(), "the folder cannot be made (" + error.message() + ")", {}, {}});
    writeFileAtomically(importedDeviceFile(device.id), std::string_view(printJson(toJson(device))));
}

} // namespace paretoscope::desktop

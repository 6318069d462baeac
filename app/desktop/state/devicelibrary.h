// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which devices there are for a bundle: its own, those of the program, and those that were imported on this computer.
#pragma once

#include "bundle/bundle.h"

#include <filesystem>
#include <string>
#include <vector>

namespace paretoscope::desktop {

enum class DeviceOrigin { Bundle, Catalogue, Imported };

struct ListedDevice {
    Device device;
    DeviceOrigin origin = DeviceOrigin::Bundle;
    std::vector<int> resolutions; // that the bundle's predictor can be asked for, too
};

struct DeviceListing {
    std::vector<ListedDevice> devices;
    std::vector<std::string> problems; // imported files that cannot be read, a line each
};

/// Where imported devices lie, a device file each, named after its id. It need not be there.
std::filesystem::path importedDevicesFolder();
/// Empty for what is no id.
std::filesystem::path importedDeviceFile(const std::string& id);

/// All that fit the bundle's space: its own first (phones before others), then the catalogue, then the imported ones.
DeviceListing listDevices(const Bundle& bundle);

/// By id: of the bundle, imported, of the catalogue; a path is opened. @throws ValueError naming those that there are.
Device findDevice(const Bundle& bundle, const std::string& idOrPath);

/// What the command line understands under `--device`: an imported one is a file to it.
std::string deviceArgument(const Bundle& bundle, const std::string& id);

/// The id, or the first with a number behind it, that no device has.
std::string freeDeviceId(const Bundle& bundle, const std::string& wanted);

/// Written whole or not at all, under its id. @throws IoError
void storeDevice(const Device& device);

/// The resolutions of the device that the bundle's predictor knows, too; all of them where it has none.
std::vector<int> usableResolutions(const Bundle& bundle, const Device& device);

} // namespace paretoscope::desktop

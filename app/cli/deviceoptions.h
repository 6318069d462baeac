// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the commands that make a device file share.
#pragma once

#include "context.h"

#include "device/device.h"

#include <string>
#include <vector>

namespace paretoscope::cli {

struct DeviceOptions {
    std::string name, id, out, supply = "mains", powerSource;
    std::vector<double> powerW;
};

/// Adds --name, --id, --out, --supply, --power-w and --power-source.
void addDeviceOptions(CLI::App& command, DeviceOptions& options);
/// To be called before the work begins. @throws ValueError for an id or a power that cannot be.
void checkDeviceOptions(const DeviceOptions& options);
/// Title, id, supply and power.
void applyDeviceOptions(const DeviceOptions& options, Device& device);

Json errorJson(const DeviceError& error);
/// " R² 0.99, MAPE 2.1 %, tau 0.97 (0.96 inside a resolution), …" and a line for what it is based on.
std::string errorForPeople(const DeviceError& error);

} // namespace paretoscope::cli

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a bundle, devices and a grid to what a search works on.
#pragma once

#include "bundle/bundle.h"
#include "carbon/deviceenergy.h"
#include "search/problem.h"

#include <optional>
#include <span>

namespace paretoscope {

/// Tables of the device; the energy where something is known of it, and what a joule emits. A change of grid changes one
/// factor. @throws ValueError as co2eGPerMillion.
SearchDevice searchDevice(const Device& device, const DeviceEnergy& energy, const UsePhase& use, double weight = 1);

/// The same problem on another grid: nothing is computed anew but the factors of the devices.
/// @throws ValueError as searchDevice
SearchProblem onGrid(const SearchProblem& problem, std::span<const Device> devices, const UsePhase& use);

} // namespace paretoscope

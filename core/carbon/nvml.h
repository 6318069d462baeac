// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NVIDIA GPUs by NVML, loaded at run time and never linked. The energy counter is used where a device has one (Volta and
// later), else its power. Several devices are added up, never averaged.
#pragma once

#include "carbon/rapl.h"

namespace paretoscope {

/// `library` is what dlopen is asked for. A device that fails alone keeps its place with a stated assumption; it never
/// counts as zero.
MeterProbe probeNvml(const std::string& library = "libnvidia-ml.so.1");

/// Names of the devices of an NVML meter; empty for another meter.
std::vector<std::string> gpuNames(const EnergyMeter& meter);

/// Share of the running GPU work (SM samples) that belongs to these processes, from 0 to 1, over all devices of an NVML
/// meter since the last call. Nothing where the driver does not say, or nothing ran.
std::optional<double> gpuShare(EnergyMeter& meter, const std::vector<int>& processes);

} // namespace paretoscope

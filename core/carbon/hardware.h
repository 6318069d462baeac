// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Power of hardware: TDP of processors and accelerators, measured means of nodes and phones, memory per GB.
#pragma once

#include "base/estimate.h"
#include "carbon/facttable.h"

#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

struct HardwareFact {
    std::string className; // "gpu", "cpu", "cpu_default", "edge", "phone", "memory", "accelerator_measured", …
    std::string vendor, model;
    double power = 0; // in `unit`
    std::string unit; // "W", "W/GB", "W/DIMM"
    std::string basis; // "TDP / board power", "measured mean incl. host share", …
    std::optional<double> idleW, typicalW, tflopsFp32, tflopsFp16Dense, gflopsPerWattFp32, memoryGb;
    std::optional<int> year;
    std::string confidence, note;
    FactSource source;
    std::string title() const { return vendor.empty() ? model : vendor + " " + model; }
    /// The power with the band of its confidence: high 1.05, medium 1.2, low 2; defaults for unknown CPUs 5.
    Estimate powerEstimate() const;
};

const std::vector<HardwareFact>& hardwareFacts();

/// The row that a person or an operating system means: an exact title or model first, then the one whose words all
/// occur in the text ("Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz" → Xeon Gold 6148), then the one row that contains all
/// words of the text ("t4"). `className` narrows ("cpu", "gpu"). Null when nothing fits or several rows with different
/// powers do.
const HardwareFact* findHardware(const std::string& text, const std::string& className = {});
/// The same. @throws ValueError with suggestions.
const HardwareFact& hardwareFact(const std::string& text, const std::string& className = {});
/// Every row that contains all words of the text, for lists; all rows when the text is empty.
std::vector<const HardwareFact*> searchHardware(const std::string& text);

} // namespace paretoscope

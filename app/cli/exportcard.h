// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an export says about a net, beside its weights: the model card and the provenance.
#pragma once

#include "figures.h"
#include "netargument.h"

#include "report/modelcard.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope::cli {

/// What was done to the net and found out about it before it is written.
struct ExportFacts {
    Subnet subnet;
    std::optional<Preprocessing> preprocessing;
    std::optional<DataSplits> data;
    std::vector<std::string> dataNotes; // what was left aside, a sentence each
    std::optional<CardMeasurement> measured;
    std::size_t recalibrationImages = 0;
    EngineFacts engine;
    std::vector<std::string> warnings; // a sentence each
};

/// What figures are computed with; of a bare space a bundle that holds nothing.
Bundle bundleOf(const NetSource& source);
/// Everything but the files.
ModelCard cardOf(const NetSource& source, const ExportFacts& facts, const std::vector<Target>& targets, const CarbonOptions& carbon);
Json provenanceOf(const NetSource& source, const ExportFacts& facts, const Context& context);
/// "fashion-mnist (IDX)": the folder's name and the format.
std::string nameOf(const DataSet& data);

} // namespace paretoscope::cli

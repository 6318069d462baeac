// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fitting a device model to a published latency table or to measured nets, with the errors that it then has on what it
// was not fitted to.
#pragma once

#include "base/progress.h"
#include "device/device.h"
#include "device/latencytable.h"
#include "device/measurements.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paretoscope {

/// Additive: one sum of all features. Max: the larger of a sum over operator counts and one over work and weights.
/// Launch: operator counts alone. Auto: for a table additive; for measured nets the simplest that is clearly best on
/// held-out nets.
enum class FitForm { Auto, Additive, Max, Launch };
std::string_view name(FitForm form); // "auto", "additive", "max", "launch"
/// @throws ValueError listing the forms.
FitForm fitFormFromName(std::string_view name, const std::string& where);

struct ModelFit {
    BlockModel model;
    FitForm form = FitForm::Additive;
    std::optional<DeviceError> blocks; // of the rows of a table, which the model was fitted to
    std::vector<ErrorRange> inSample;  // nets, predicted by the model itself
    /// Nets, predicted by models that had not seen them: first what was measured, then what is extrapolated.
    std::vector<ErrorRange> heldOut;
    double worstResolutionMapePercent = 0; // held out
    std::vector<std::string> warnings;
};

/// A table of block latencies for one space.
struct TableData {
    LatencyTable table;
    std::shared_ptr<const Parts> parts;
};

struct DeviceFitOptions {
    FitForm form = FitForm::Auto;
    std::uint64_t seed = 1;
    OnStep onStep;
    /// Said where the model is used for the width that it was not fitted to.
    std::vector<std::string> otherWidthNotes;
};

/// One model of one or several tables: a row a distinct block and resolution, weighted 1 / ms². Its errors are those of
/// 1,000 random subnets a resolution (drawn as OFA draws them) against sums of the table; held out: each resolution is
/// predicted by a model that saw neither it nor, elsewhere, layers of its shapes.
/// @throws ValueError for a ResNet space, fewer than two resolutions, tables that lack entries (all named), the form Max
/// or Launch; Cancelled.
ModelFit fitTables(const std::vector<TableData>& tables, const DeviceFitOptions& options = {});

/// A model of whole nets, fitted robustly: features summed over the net, work times batch. Held out: five folds by seed,
/// each predicted by a fit to the other four; the model itself is fitted to all rows.
/// @throws ValueError for a ResNet space, too few rows, a batch out of range; Cancelled.
ModelFit fitMeasurements(const std::vector<Measurement>& rows, std::shared_ptr<const Parts> parts, int batch, const DeviceFitOptions& options = {});

/// What a model must reach on held-out nets to be shipped without reserve: MAPE at most 3 %, Kendall's tau at least 0.93,
/// 95 % of nets within ±10 %.
bool meetsShipRule(const DeviceError& error);
/// One line: the three figures beside the rule.
std::string shipRuleLine(const DeviceError& error);

/// The device of a fit: model, errors, warnings, kind and conditions' batch. Title, source and the rest are the caller's.
Device deviceOf(const ModelFit& fit, std::string title, std::shared_ptr<const Parts> parts);

/// The accuracy that is claimed for what a table says nothing of: the other published width, other resolutions.
inline constexpr double kExtrapolatedBandPercent = 6;

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From measured nets to a predictor that says how far to trust it.
//
// Nets of one group (a run of measurements) stand higher or lower together. While fitting, each group has an offset of
// its own at each resolution; the predictor has the mean offset. Held-out errors and bands are those that a user faces,
// whose next net is of no known run.
#pragma once

#include "predict/additive.h"
#include "predict/predictor.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

enum class FitKind {
    Stagewise, // additive, with second-order terms within a stage that change with the resolution
    Additive, // additive by block
    Mlp, // an ensemble
};
std::string_view name(FitKind kind); // "stagewise", "additive", "mlp"
/// @throws ValueError that lists the kinds.
FitKind fitKindFromName(std::string_view name, const std::string& where);

struct FitOptions {
    int folds = 5;
    int members = 10; // of the ensemble
    double level = 0.9; // of the bands
    std::vector<int> interpolate; // resolutions between measured ones; needs four measured ones, to check it
    std::string source; // of the samples, in words
    std::uint64_t seed = 1;
    int threads = 1; // does not change the result
    /// Go by the marks of the samples (sampleplan.h) where all of them have one and all three occur: fit to those to train
    /// on, bands from those to calibrate on, errors on those held out.
    bool marks = true;
};

struct FittedPredictor {
    AccuracyPredictor predictor; // with heldOut and bands
    std::vector<HeldOutRow> heldOutKnownGroup; // as heldOut, with the offset of the group instead of the mean
    std::vector<GroupOffset> groups;
    std::vector<std::string> notes; // what a person should know about the samples
};

/// How the additive kinds are fitted.
AdditiveOptions additiveOptions(FitKind kind, const FitOptions& options);

/// What is being done, and the share done, 0 to 1; false stops it.
using OnFitStep = std::function<bool(const std::string& step, double share)>;

/// Fits, predicts each net by a fit without its fold, leaves each group out in turn for the bands, and each resolution
/// that lies between others for the bands of interpolated ones. With marks, see FitOptions::marks, there are no folds and
/// no groups are left out. Where nets of a resolution are all of one group, their
/// band is from the folds, and says so. The same samples, options and seed give the same bytes.
/// @return nothing when stopped. @throws ValueError as fitAdditive(), trainMlp(), or when an option is out of range.
std::optional<FittedPredictor> fitPredictor(const SearchSpace& space, std::span<const Sample> samples, FitKind kind,
    const FitOptions& options, const std::string& where, const OnFitStep& onStep = {});

} // namespace paretoscope

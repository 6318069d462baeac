// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Accuracy predictors as the rest of the program sees them: either kind, with what it was trained on, how far to trust
// it and where it came from.
#pragma once

#include "base/estimate.h"
#include "predict/additive.h"
#include "predict/conformal.h"
#include "predict/heldout.h"
#include "predict/mlp.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

enum class PredictorKind { Mlp, Additive };

std::string_view name(PredictorKind kind); // "mlp", "additive"

/// top-1 in percent = offsetPercent + slope · raw percent.
struct Calibration {
    double offsetPercent = 0;
    double slope = 1;
    std::string source; // on what and how it was fitted
    double apply(double rawPercent) const { return offsetPercent + slope * rawPercent; }
    bool operator==(const Calibration&) const = default;
};

/// Least squares of measured on raw percent; only the offset where the slope would not be positive or there is one
/// value of raw.
/// @throws ValueError when there are no samples, or a value is not finite.
Calibration fitCalibration(
    std::span<const double> rawPercent, std::span<const double> measuredPercent, std::string source);

/// How much too good the best nets look that a search picks by this predictor: the largest of many noisy predictions
/// is large by luck, too.
struct SelectionOptimism {
    double percent = 0; // percentage points of top-1; taken off what is shown
    double sdPercent = 0; // standard deviation of that
    std::string basis; // how it was found
    bool operator==(const SelectionOptimism&) const = default;
};

/// A resolution between measured ones that the predictor can be asked for.
struct InterpolatedResolution {
    int resolution = 0;
    std::string basis; // "between 160 and 192"
    bool operator==(const InterpolatedResolution&) const = default;
};

/// What a predictor was trained for; kept beside the weights.
struct PredictorInfo {
    std::string title; // "OFA tutorial predictor"
    std::string source; // file or publication that it came from
    std::string trainedSpace; // id of the space; empty where unknown
    std::vector<int> trainedResolutions; // empty where unknown
    std::string note; // what else a person should know
    std::vector<InterpolatedResolution> interpolated{}; // beside the trained ones
    bool operator==(const PredictorInfo&) const = default;
};

/// A value: copies share the weights. All functions are thread-safe.
class AccuracyPredictor {
public:
    AccuracyPredictor(std::shared_ptr<const MlpPredictor> mlp, PredictorInfo info);
    AccuracyPredictor(std::shared_ptr<const AdditivePredictor> additive, PredictorInfo info);

    PredictorKind kind() const { return m_mlp ? PredictorKind::Mlp : PredictorKind::Additive; }
    const MlpPredictor* mlp() const { return m_mlp.get(); } // nullptr for the other kind
    const AdditivePredictor* additive() const { return m_additive.get(); } // nullptr for the other kind
    std::shared_ptr<const MlpPredictor> sharedMlp() const { return m_mlp; }
    std::shared_ptr<const AdditivePredictor> sharedAdditive() const { return m_additive; }

    PredictorInfo info;
    std::optional<Calibration> calibration; // raw percent to the percent that is shown
    std::optional<ConformalBands> bands; // around the percent that is shown
    std::optional<HeldOutErrors> heldOut; // on nets that it was not fitted to
    std::optional<SelectionOptimism> optimism; // of nets that a search picks by it

    /// Resolutions that it can be asked for, ascending.
    std::vector<int> resolutions() const;
    bool knows(int resolution) const;
    /// Whether the space has the blocks and operators that it was made for.
    bool fits(const SearchSpace& space) const;

    /// Raw outputs, about 0 to 1, uncalibrated; `rawTop1` is as long as `subnets`.
    /// @throws ValueError when a resolution is unknown.
    void predict(std::span<const Subnet> subnets, std::span<double> rawTop1) const;
    double predict(const Subnet& subnet) const;

    /// What is shown: calibrated where there is a calibration, else 100 × raw; `low` and `high` from the conformal
    /// bands, absent without them. The source names the predictor, its origin and the band.
    Estimate top1Percent(const Subnet& subnet) const;
    Estimate top1RawPercent(const Subnet& subnet) const;
    /// The same for a raw output that is known already.
    Estimate top1Percent(double rawTop1, int resolution) const;
    /// top1Percent() less the selection optimism; its uncertainty widens the band. @throws ValueError where the
    /// optimism is not known.
    Estimate top1CorrectedPercent(const Subnet& subnet) const;
    Estimate top1CorrectedPercent(double rawTop1, int resolution) const;

    /// Why a prediction for the subnet is an extrapolation, one sentence each; empty when it is none.
    std::vector<std::string> outsideTraining(const Subnet& subnet, const SearchSpace& space) const;
    /// "MLP 128-400-400-400-1, tutorial-128 encoding, 8 resolutions, 112 to 224"
    std::string describe() const;

private:
    std::shared_ptr<const MlpPredictor> m_mlp;
    std::shared_ptr<const AdditivePredictor> m_additive;
};

} // namespace paretoscope

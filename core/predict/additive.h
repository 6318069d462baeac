// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The additive accuracy predictor: a score for each choice of each block, summed. A few hundred measured nets fit it,
// and a search over it can be exact. Optional second-order terms within a stage keep it exact at stage level.
#pragma once

#include "predict/heldout.h"
#include "predict/samples.h"
#include "space/space.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace paretoscope {

/// raw top-1 (0 to 1) = offset(r) + Σ score(r, slot, op) + Σ stageScore(r, stage) [+ stem and widths of a ResNet].
struct AdditiveCoefficients {
    std::vector<int> resolutions; // ascending
    std::vector<float> offsets; // by resolution
    /// By column: for each block on, kernels beyond the first, expansions beyond the first; then the stem; then each
    /// width beyond the first; then, with stage terms, nine a stage: d, d², Σk, Σe, dΣk, dΣe, ΣkΣe, (Σk)², (Σe)² over
    /// the active blocks, with k in pixels and e as ratio.
    std::vector<float> effects;
    /// Change of each effect per 32 pixels of resolution above `centre`; empty where effects are the same everywhere.
    std::vector<float> slopes;
    float centre = 0;
    bool stageTerms = false;
    bool operator==(const AdditiveCoefficients&) const = default;
};

/// Columns of AdditiveCoefficients::effects.
std::size_t additiveColumns(const SearchSpace& space, bool stageTerms);

class AdditivePredictor {
public:
    /// @throws ValueError when the numbers of coefficients do not suit the space, or one is not finite.
    AdditivePredictor(AdditiveCoefficients coefficients, const SearchSpace& space, const std::string& where);

    const AdditiveCoefficients& coefficients() const { return m_coefficients; }
    const std::vector<int>& resolutions() const { return m_coefficients.resolutions; }
    bool hasStageTerms() const { return m_coefficients.stageTerms; }
    /// @throws ValueError that lists the resolutions it was fitted at.
    std::size_t resolutionIndex(int resolution) const;

    double offset(std::size_t r) const { return m_coefficients.offsets[r]; }
    /// `op` as in Subnet::op; 0 for op 0.
    double score(std::size_t r, int slot, int op) const
    {
        return m_scores[r * m_scoresPerResolution + m_firstScore[static_cast<std::size_t>(slot)]
            + static_cast<std::size_t>(op)];
    }
    /// The second-order terms of one stage, which depend on its blocks only; 0 without them.
    double stageScore(std::size_t r, int stage, const Subnet& subnet) const;
    double stemScore(std::size_t r, bool residual) const; // 0 but in ResNet spaces
    double widthScore(std::size_t r, int gene, int index) const; // 0 but in ResNet spaces

    /// Raw accuracy, about 0 to 1. @throws ValueError when the resolution is unknown.
    double predict(const Subnet& subnet) const;
    /// Whether the space has the blocks, operators and widths that this was fitted on.
    bool fits(const SearchSpace& space) const;

private:
    double coefficient(std::size_t column, std::size_t r) const;

    AdditiveCoefficients m_coefficients;
    SearchSpace m_space;
    std::size_t m_scoresPerResolution = 0;
    std::vector<std::size_t> m_firstScore; // by slot
    std::vector<double> m_scores; // [resolution][slot][op]
    std::vector<double> m_stageCoefficients; // [resolution][stage][9]
    std::size_t m_firstStemColumn = 0;
    std::size_t m_firstWidthColumn = 0;
};

/// Fewer measured nets than this make no predictor.
inline constexpr std::size_t kFewestSamples = 20;

struct AdditiveOptions {
    bool stageTerms = true;
    /// Effects that change linearly with the resolution, shrunk harder: of the stage terms, or of all effects where
    /// there are none. Needs two resolutions.
    bool slopes = false;
    /// An offset for each (group, resolution) while fitting, so that a shift between runs of measurements does not
    /// blur the effects; the offset of a resolution is then the mean over its groups.
    bool groupOffsets = false;
    /// Candidates for the penalty, relative to the number of samples and to columns of unit variance.
    std::vector<double> penalties{1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1};
    double slopePenaltyFactor = 10;
    /// 0 where there is one candidate for the penalty: nothing is held out.
    int folds = 5;
    std::uint64_t seed = 1;
};

/// How one group of measurements stands at one resolution.
struct GroupOffset {
    std::string group;
    int resolution = 0;
    int nets = 0;
    double offsetPercent = 0; // above the mean of the groups at this resolution, which is what the predictor has
    bool operator==(const GroupOffset&) const = default;
};

struct AdditiveFit {
    AdditiveCoefficients coefficients;
    double penalty = 0;
    std::vector<double> rmsePercentOfPenalty; // held out, by candidate
    std::vector<HeldOutRow> heldOut; // by resolution, then all; the group of a net known
    std::vector<HeldOutRow> heldOutUnknownGroup; // as a user faces it: with the mean offset over groups
    std::vector<GroupOffset> groups; // in the order of the samples; one a resolution without group offsets
    std::vector<double> heldOutPercent; // by sample: predicted without it, with the mean offset
    std::vector<std::string> notes; // what a person should know about the samples
};

/// Ridge regression with offsets that are not penalised; the penalty is the candidate with the smallest held-out error
/// in k-fold cross-validation. The same samples, options and seed give the same fit.
/// @throws ValueError when there are too few samples or an option is out of range.
AdditiveFit fitAdditive(const SearchSpace& space, std::span<const Sample> samples, const AdditiveOptions& options,
    const std::string& where);

} // namespace paretoscope

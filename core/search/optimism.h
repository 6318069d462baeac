// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search picks the subnets that the predictor overrates most: the front reads better than it is.
#pragma once

#include "predict/additive.h"
#include "predict/predictor.h"
#include "predict/samples.h"
#include "space/network.h"

#include <memory>
#include <span>

namespace paretoscope {

struct OptimismEstimate {
    double percent = 0;   // how much too high top-1 reads on a front, in percentage points, on average along the front
    double sdPercent = 0; // over splits
    /// Pairs of predictors by the number of samples that each was fitted to, and the mean excess found with them.
    struct Size {
        std::size_t samples = 0;
        double percent = 0;
        double sdPercent = 0;
    };
    std::vector<Size> sizes;
};

/// Two predictors are fitted to two disjoint parts of the samples; the exact front over MACs of the one is judged by the
/// other, whose errors know nothing of the choice. Halves, quarters and eighths of the samples show how the excess
/// falls with their number; it is carried on to all of them as a power law. Errors that all samples share (what an
/// additive form cannot say) are not in it.
/// @throws ValueError when there are too few samples for eight parts.
OptimismEstimate estimateOptimism(const std::shared_ptr<const Parts>& parts, std::span<const Sample> samples, const AdditiveOptions& options, int splits = 6,
    std::uint64_t seed = 1);

} // namespace paretoscope

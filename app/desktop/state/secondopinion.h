// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the bundle's other accuracy predictor, an MLP, makes of a front that the additive one is exact for.
#pragma once

#include "state/explorerstate.h"

#include <memory>
#include <string>
#include <vector>

namespace paretoscope::desktop {

/// Immutable.
struct SecondOpinion {
    std::shared_ptr<const Answer> of;
    std::string predictor;                  // in words, with its error where that is known
    std::vector<Estimate> top1Percent;      // of the rows of the answer's front; at resolutions that it does not know, its value is NaN
    std::shared_ptr<const SearchResult> own; // the front that a search with it finds, begun at that of the answer
    double meanDifferencePercent = 0;       // its top-1 less that of the answer, over the rows that both know
    double largestDifferencePercent = 0;    // without sign
    std::size_t compared = 0;               // rows
};

/// What is read off `own`. Any thread. The world must have a second predictor.
std::shared_ptr<const SecondOpinion> secondOpinion(std::shared_ptr<const Answer> answer, std::shared_ptr<const SearchResult> own);

} // namespace paretoscope::desktop

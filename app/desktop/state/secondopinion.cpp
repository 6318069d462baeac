// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/secondopinion.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace paretoscope::desktop {

std::shared_ptr<const SecondOpinion> secondOpinion(std::shared_ptr<const Answer> answer, std::shared_ptr<const SearchResult> own)
{
    const auto& predictor = *answer->world->second->predictor();
    const auto column = answer->front.column({Metric::Top1Percent, 0});
    auto opinion = std::make_shared<SecondOpinion>();
    opinion->predictor = predictor.describe();
    double sum = 0;
    for (std::size_t row = 0; row < answer->front.size(); ++row) {
        const auto& subnet = answer->front.points.subnets[row];
        if (!predictor.knows(subnet.resolution)) {
            opinion->top1Percent.push_back({std::numeric_limits<double>::quiet_NaN(), {}, {}, Kind::Predicted, "a resolution that the predictor does not know"});
            continue;
        }
        opinion->top1Percent.push_back(predictor.top1Percent(subnet));
        if (!column)
            continue;
        const double difference = opinion->top1Percent.back().value - answer->front.at(row, *column);
        sum += difference;
        opinion->largestDifferencePercent = std::max(opinion->largestDifferencePercent, std::abs(difference));
        ++opinion->compared;
    }
    if (opinion->compared > 0)
        opinion->meanDifferencePercent = sum / static_cast<double>(opinion->compared);
    opinion->of = std::move(answer);
    opinion->own = std::move(own);
    return opinion;
}

} // namespace paretoscope::desktop

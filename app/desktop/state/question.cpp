// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "state/question.h"

#include <algorithm>

namespace paretoscope::desktop {

const MetricLimit* Question::limit(Metric metric) const
{
    const auto it = std::find_if(limits.begin(), limits.end(), [&](const MetricLimit& l) { return l.metric == metric; });
    return it == limits.end() ? nullptr : &*it;
}

MetricLimit& Question::limit(Metric metric)
{
    const auto it = std::find_if(limits.begin(), limits.end(), [&](const MetricLimit& l) { return l.metric == metric; });
    return it == limits.end() ? limits.emplace_back(MetricLimit{metric, false, 0}) : *it;
}

const Pin* Question::pinOf(const Subnet& subnet) const
{
    const auto it = std::find_if(pins.begin(), pins.end(), [&](const Pin& p) { return p.subnet == subnet; });
    return it == pins.end() ? nullptr : &*it;
}

std::optional<char> Question::freeLetter() const
{
    for (char letter = 'A'; letter <= 'Z'; ++letter)
        if (std::none_of(pins.begin(), pins.end(), [&](const Pin& p) { return p.letter == letter; }))
            return letter;
    return std::nullopt;
}

} // namespace paretoscope::desktop

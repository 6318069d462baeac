// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/designcost.h"

#include "base/error.h"
#include "carbon/facts.h"

#include <algorithm>
#include <cmath>

namespace paretoscope {

double DesignRates::kgPerGpuHour() const { return lbPerGpuHour() * kKgPerLb; }

const std::vector<DesignMethod>& designMethods()
{
    static const auto methods = [] {
        constexpr double kHuge = 1e9;
        const auto table = FactTable::embedded("ofa2020");
        std::vector<DesignMethod> list;
        for (std::size_t i = 0; i < table.size(); ++i) {
            const auto r = table.row(i);
            list.push_back({r.text("key"), r.text("model"),
                {r.number("constantGpuHours", 0, kHuge), r.number("searchGpuHoursPerTarget", 0, kHuge),
                    r.number("trainGpuHoursPerTarget", 0, kHuge)},
                r.number("targets", 1, kHuge), r.number("printedKiloGpuHours", 0, kHuge),
                r.number("printedKiloLb", 0, kHuge), r.number("printedKiloUsd", 0, kHuge),
                r.number("top1Percent", 0, 100), r.number("megaMacs", 0, kHuge),
                r.optional("latencyMsPixel1", 0, kHuge), r.source()});
        }
        return list;
    }();
    return methods;
}

const DesignMethod& designMethod(const std::string& text)
{
    const auto key = folded(text);
    std::vector<std::string> names;
    for (const auto& m : designMethods()) {
        if (folded(m.key) == key || folded(m.model) == key)
            return m;
        names.push_back(m.model);
    }
    throw ValueError(
        {{}, "there is no such method in the table", quote(text), joinNames(nearestTexts(text, names, 20), 20)});
}

std::optional<double> breakEvenTargets(const DesignHours& a, const DesignHours& b)
{
    const double gain = (b.search + b.train) - (a.search + a.train);
    const double ahead = a.constant - b.constant;
    if (gain <= 0)
        return ahead < 0 && gain == 0 ? std::optional(0.0) : std::nullopt;
    return std::max(0.0, ahead / gain);
}

double firstWholeAbove(double targets) { return std::floor(targets) + 1; }

} // namespace paretoscope

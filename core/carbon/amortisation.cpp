// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/amortisation.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cmath>

namespace paretoscope {

namespace {

void needCount(const std::string& where, double value)
{
    if (!std::isfinite(value) || value < 0)
        throw ValueError({where, "number out of range", fmt::format("{}", value), "0 or more"});
}

void check(const DesignStrategy& m)
{
    needCount(m.name + ".const_gpuh", m.constantGpuh);
    needCount(m.name + ".search_per_n", m.searchPerTarget);
    needCount(m.name + ".train_per_n", m.trainPerTarget);
}

std::string sentence(const BreakEven& b, const DesignStrategy& ours, double targets)
{
    std::string text;
    switch (b.kind) {
    case BreakEvenCase::After:
        text = fmt::format("{} costs less than {} from {} targets on (break-even {:.2f}) and MORE below", ours.name, b.other, *b.first, *b.targets);
        break;
    case BreakEvenCase::Always: text = fmt::format("{} costs less than {} from the first target on", ours.name, b.other); break;
    case BreakEvenCase::Never: text = fmt::format("{} never costs less than {}", ours.name, b.other); break;
    case BreakEvenCase::Until:
        text = fmt::format("{} costs less than {} only below {:.2f} targets and MORE above", ours.name, b.other, *b.targets);
        break;
    }
    if (b.costsMore)
        text += fmt::format("; at {:g} {} it costs MORE: {:g} against {:g} GPU-hours", targets, targets == 1 ? "target" : "targets", b.oursGpuh, b.otherGpuh);
    return text;
}

} // namespace

char DesignStrategy::strategy() const
{
    // A supernet that is trained once and then searched and retrained for each target is still a search per target.
    if (searchPerTarget > 0)
        return 'B';
    return constantGpuh > 0 ? 'C' : 'A';
}

BreakEven breakEven(const DesignStrategy& ours, const DesignStrategy& other, double targets)
{
    check(ours);
    check(other);
    needCount("n", targets);
    BreakEven b;
    b.other = other.name;
    const double constant = ours.constantGpuh - other.constantGpuh, slope = other.perTarget() - ours.perTarget();
    if (slope > 0) {
        const double n = constant / slope;
        if (n >= 0)
            b.targets = n;
        // Whole numbers above 9e15 have gaps in a double; nobody has so many targets.
        if (n < 1) {
            b.kind = BreakEvenCase::Always;
            b.first = 1;
        } else if (n < 9e15) {
            b.kind = BreakEvenCase::After;
            b.first = static_cast<std::int64_t>(std::floor(n)) + 1;
        }
    } else if (slope < 0 && constant < 0) {
        b.kind = BreakEvenCase::Until;
        b.targets = constant / slope;
    } else if (slope == 0 && constant < 0) {
        b.kind = BreakEvenCase::Always;
        b.first = 1;
    }
    b.oursGpuh = ours.gpuh(targets);
    b.otherGpuh = other.gpuh(targets);
    b.timesLess = b.oursGpuh > 0 ? b.otherGpuh / b.oursGpuh : 0;
    b.costsMore = b.oursGpuh > b.otherGpuh;
    b.text = sentence(b, ours, targets);
    return b;
}

std::vector<BreakEven> breakEvens(const DesignStrategy& ours, const std::vector<DesignStrategy>& others, double targets)
{
    std::vector<BreakEven> list;
    for (const auto& other : others)
        list.push_back(breakEven(ours, other, targets));
    return list;
}

std::vector<AmortisationPoint> amortisation(const DesignStrategy& method, const std::vector<double>& targets, double kgPerGpuh)
{
    check(method);
    needCount("kg_per_gpuh", kgPerGpuh);
    std::vector<AmortisationPoint> points;
    for (const double n : targets) {
        needCount("n", n);
        AmortisationPoint p{n, method.gpuh(n), method.gpuh(n) * kgPerGpuh, {}, {}};
        if (n > 0) {
            p.gpuhPerTarget = p.gpuh / n;
            p.kgPerTarget = p.kg / n;
        }
        points.push_back(p);
    }
    return points;
}

Uncertain inferencesFor(const Uncertain& kg, const Uncertain& joule, const Uncertain& efficiency, const Uncertain& gPerKwh, const Uncertain& pue)
{
    const auto need = [](bool condition, const char* where, double found, const char* allowed) {
        if (!condition || !std::isfinite(found))
            throw ValueError({where, "number out of range", fmt::format("{}", found), allowed});
    };
    need(kg.value() >= 0, "kg", kg.value(), "0 or more");
    need(joule.value() > 0, "j", joule.value(), "more than 0: an inference that costs or saves nothing never pays");
    need(efficiency.value() > 0 && efficiency.value() <= 1, "charger_eff", efficiency.value(), "above 0 up to 1");
    need(gPerKwh.value() > 0, "g_per_kwh", gPerKwh.value(), "more than 0");
    need(pue.value() >= 1, "pue", pue.value(), "1 or more");
    return kg * 3.6e9 * efficiency / (joule * gPerKwh * pue);
}

} // namespace paretoscope

// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/devicefitparts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace paretoscope {

namespace {

constexpr double kMostMapePercent = 3, kLeastTau = 0.93, kLeastWithin10Percent = 95;
constexpr std::array kForms{FitForm::Auto, FitForm::Additive, FitForm::Max, FitForm::Launch};

bool ranksWell(const DeviceError& e) { return e.kendallTau && *e.kendallTau >= kLeastTau; }

} // namespace

std::string_view name(FitForm form)
{
    switch (form) {
    case FitForm::Auto: return "auto";
    case FitForm::Additive: return "additive";
    case FitForm::Max: return "max";
    case FitForm::Launch: return "launch";
    }
    return {};
}

FitForm fitFormFromName(std::string_view text, const std::string& where)
{
    for (const auto f : kForms)
        if (name(f) == text)
            return f;
    throw ValueError({where, "unknown form of a device model", quote(text), "auto, additive, max, launch"});
}

void requireFeatures(const SearchSpace& space)
{
    if (!hasFeatures(space))
        throw ValueError({space.id, "device models have no features for the blocks of a ResNet", {}, "a latency table made by profile, used as it is"});
}

void addExtrapolatedRanges(ModelFit& fit, const std::vector<std::shared_ptr<const Parts>>& known, const DeviceError& stated, bool table,
    const std::vector<std::string>& otherWidthNotes)
{
    const auto make = [&](const std::string& space, int low, int high, DeviceError error, std::vector<std::string> warnings) {
        if (low <= high)
            fit.heldOut.push_back({space, low, high, true, std::move(error), std::move(warnings)});
    };
    DeviceError wide;
    if (table) {
        wide.band90Percent = std::max(kExtrapolatedBandPercent, 2 * stated.band90Percent.value_or(0));
    } else {
        wide.band90Percent = 2 * stated.band90Percent.value_or(0);
        wide.mapePercent = 2 * stated.mapePercent.value_or(0);
    }
    for (const auto& t : std::vector(fit.model.trained)) {
        const auto parts = std::find_if(known.begin(), known.end(), [&](const auto& p) { return p->space().id == t.space; });
        const auto& all = (*parts)->space().resolutions;
        auto error = wide;
        error.basis = fmt::format("resolutions outside {} to {}, of which nothing was measured", t.lowestResolution, t.highestResolution);
        for (const auto& [low, high] : {std::pair(all.front(), t.lowestResolution - 1), std::pair(t.highestResolution + 1, all.back())})
            make(t.space, low, high, error,
                {fmt::format("extrapolated: measured at resolutions {} to {} only; level ±{:g} %", t.lowestResolution, t.highestResolution, *error.band90Percent)});
    }
    for (const auto& id : fit.model.spaces()) {
        if (fit.model.wasFittedTo(id))
            continue;
        auto error = wide;
        error.basis = table ? "the width was not measured: from the other width, checked on an Intel i7-8700K, of which both are known"
                            : "the width was not measured: twice the error of the measured one";
        if (table)
            error.kendallTau = 0.95;
        std::vector<std::string> warnings{table ? fmt::format("extrapolated: this width was not measured on the device; order tau about 0.95, level ±{:g} %", *error.band90Percent)
                                                : "extrapolated: no net of this width was measured; the error shown is twice that of the measured width"};
        warnings.insert(warnings.end(), otherWidthNotes.begin(), otherWidthNotes.end());
        const auto& all = known.front()->space().resolutions; // the same in both published widths
        make(id, all.front(), all.back(), std::move(error), std::move(warnings));
    }
}

bool meetsShipRule(const DeviceError& e)
{
    return e.mapePercent && *e.mapePercent <= kMostMapePercent && ranksWell(e) && e.within10Percent && *e.within10Percent >= kLeastWithin10Percent;
}

std::string shipRuleLine(const DeviceError& e)
{
    return fmt::format("ship rule {}: MAPE {:.2f} % (at most {:g}), tau {:.3f} (at least {:g}), {:.1f} % of nets within ±10 % (at least {:g})",
        meetsShipRule(e) ? "met" : "not met", e.mapePercent.value_or(0), kMostMapePercent, e.kendallTau.value_or(0), kLeastTau, e.within10Percent.value_or(0),
        kLeastWithin10Percent);
}

Device deviceOf(const ModelFit& fit, std::string title, std::shared_ptr<const Parts> parts)
{
    Device d;
    d.title = std::move(title);
    d.id = idFromName(d.title);
    d.kind = Kind::Model;
    d.conditions.batch = fit.model.batch;
    d.model = fit.model;
    d.errors = fit.heldOut;
    d.warnings = fit.warnings;
    const auto& error = fit.heldOut.front().error;
    if (fit.model.launchBound()) {
        d.warnings.push_back("launch bound: depth, squeeze-and-excites and h-swishes count, resolution is free");
        d.warnings.push_back("no ranking inside equal counts of operators");
    } else if (!ranksWell(error)) {
        d.warnings.push_back(fmt::format("ranking weak: Kendall's tau {:.3f} on held-out nets", error.kendallTau.value_or(0)));
    }
    if (error.mapePercent && *error.mapePercent > kMostMapePercent)
        d.warnings.push_back(fmt::format("level uncertain: {:g} % mean error on held-out nets", *error.mapePercent));
    applyModel(d, std::move(parts));
    return d;
}

} // namespace paretoscope

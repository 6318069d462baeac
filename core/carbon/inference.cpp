// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "carbon/inference.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paretoscope {

namespace {

void needPositive(const std::string& where, double value)
{
    if (!std::isfinite(value) || !(value > 0))
        throw ValueError({where, "number out of range", fmt::format("{}", value), "more than 0"});
}

// A geometric mean hides a disagreement; its band must reach both values that it stands between.
bool apart(const Estimate& a, const Estimate& b)
{
    const auto& small = a.value < b.value ? a : b;
    const auto& large = a.value < b.value ? b : a;
    return small.high.value_or(small.value) < large.low.value_or(large.value);
}

} // namespace

InferenceEnergy inferenceEnergy(MonteCarlo& world, const InferenceInputs& in, const std::string& name)
{
    InferenceEnergy result;
    needPositive(name + ".batch", in.batch);
    if (in.latencyMs && in.activeW) {
        needPositive(name + ".latency", in.latencyMs->estimate.value);
        needPositive(name + ".power", in.activeW->estimate.value);
        auto j = world.input(name + ".latency", *in.latencyMs) * world.input(name + ".power", *in.activeW) * (1e-3 / in.batch);
        if (in.waitMs > 0 && in.idleW)
            j += world.input(name + ".idlePower", *in.idleW) * (in.waitMs * 1e-3);
        result.timeJ = std::move(j);
    }
    if (!in.work.empty()) {
        Uncertain j;
        for (const auto& term : in.work) {
            if (!std::isfinite(term.count) || term.count < 0)
                throw ValueError({name + "." + term.name, "number out of range", fmt::format("{}", term.count), "0 or more"});
            j += world.input(name + "." + term.name, term.pjEach) * (term.count * 1e-12);
        }
        needPositive(name + ".work", j.value());
        result.workJ = std::move(j);
    }
    if (result.timeJ && result.workJ) {
        result.ratio = result.timeJ->value() / result.workJ->value();
        result.geometricMeanJ = sqrt(*result.timeJ * *result.workJ);
        if (apart(world.estimate(*result.timeJ), world.estimate(*result.workJ)))
            result.warning = fmt::format("power times latency gives {:.3g} mJ and counted work gives {:.3g} mJ: the latency and the "
                                         "power are probably from different phones; the truth lies somewhere between",
                result.timeJ->value() * 1e3, result.workJ->value() * 1e3);
        if (in.calibration) {
            result.energyJ = (*result.timeJ + *result.workJ) * world.input(name + ".calibration", *in.calibration);
            result.how = "calibration factor times the sum of the time term and the work terms";
        } else {
            result.energyJ = *result.geometricMeanJ;
            result.how = "geometric mean of power times latency and of counted work";
        }
    } else if (result.timeJ) {
        result.energyJ = *result.timeJ;
        result.how = "power times latency";
    } else if (result.workJ) {
        result.energyJ = *result.workJ;
        result.how = "counted work";
    } else {
        throw ValueError({name, "neither way to the energy is complete", {}, "latency and power, or work and joule per unit of work"});
    }
    return result;
}

double calibrationFactor(std::span<const double> timeJ, std::span<const double> workJ)
{
    if (timeJ.empty() || timeJ.size() != workJ.size())
        throw ValueError({"calibration", "the lists do not pair up", fmt::format("{} and {} values", timeJ.size(), workJ.size()),
            "the same number of both, at least 1"});
    double sum = 0;
    for (std::size_t i = 0; i < timeJ.size(); ++i) {
        needPositive(fmt::format("calibration.time[{}]", i), timeJ[i]);
        needPositive(fmt::format("calibration.work[{}]", i), workJ[i]);
        sum += 0.5 * (portableLog(timeJ[i]) + portableLog(workJ[i])) - portableLog(timeJ[i] + workJ[i]);
    }
    return portableExp(sum / static_cast<double>(timeJ.size()));
}

BatteryView batteryView(MonteCarlo& world, const Battery& battery, const Uncertain& energyJ, const Uncertain& efficiency)
{
    needPositive("battery.capacity", battery.capacityMah);
    needPositive("battery.voltage", battery.nominalV);
    needPositive("battery.energyJ", energyJ.value());
    needPositive("battery.efficiency", efficiency.value());
    if (efficiency.value() > 1)
        throw ValueError({"battery.efficiency", "number out of range", fmt::format("{}", efficiency.value()), "above 0 up to 1"});
    BatteryView view;
    view.capacityWh = battery.capacityMah / 1000 * battery.nominalV;
    const double capacityJ = view.capacityWh * 3600;
    view.inferencesPerCharge = Uncertain(capacityJ) / energyJ;
    view.percentPer1000 = energyJ * (1e5 / capacityJ);
    view.wallJ = energyJ / efficiency;
    if (battery.embodiedKgPerKwh && battery.cycles) {
        needPositive("battery.cycles", battery.cycles->estimate.value);
        // M = kg/kWh * kWh * E / (cycles * capacity)
        view.wearKg = world.input("battery.embodied", *battery.embodiedKgPerKwh) * (view.capacityWh / 1000) * energyJ
            / (world.input("battery.cycles", *battery.cycles) * capacityJ);
    }
    return view;
}

FrontCarbon::FrontCarbon(std::span<const Estimate> energyJ)
{
    for (const auto& e : energyJ) {
        const auto band = logBand(e);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        m_energyJ.push_back(e.value);
        m_low.push_back(hasBand(e) ? band.low * band.low : nan);
        m_high.push_back(hasBand(e) ? band.high * band.high : nan);
        m_kind = worse(m_kind, e.kind);
    }
}

void FrontCarbon::gPerMillion(const Estimate& gPerKwh, const Estimate& pue, const Estimate& efficiency, std::span<Value> out) const
{
    if (out.size() != m_energyJ.size())
        throw ValueError({"front", "room for the wrong number of values", fmt::format("{}", out.size()), fmt::format("{}", m_energyJ.size())});
    if (!(pue.value >= 1))
        throw ValueError({"pue", "number out of range", fmt::format("{}", pue.value), "1 or more"});
    if (!(efficiency.value > 0 && efficiency.value <= 1))
        throw ValueError({"efficiency", "number out of range", fmt::format("{}", efficiency.value), "above 0 up to 1"});
    const auto shared = product(1e6 / 3.6e6, {{"grid", gPerKwh, 1}, {"pue", pue, 1}, {"efficiency", efficiency, -1}});
    const bool banded = hasBand(shared);
    const auto band = logBand(shared);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double low = banded ? band.low * band.low : nan, high = banded ? band.high * band.high : nan;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double value = m_energyJ[i] * shared.value;
        const double down = std::sqrt(m_low[i] + low), up = std::sqrt(m_high[i] + high);
        out[i] = {value, std::isnan(down) ? nan : value * portableExp(-down), std::isnan(up) ? nan : value * portableExp(up)};
    }
}

} // namespace paretoscope
